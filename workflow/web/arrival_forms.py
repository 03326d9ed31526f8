"""The form of an arrival: from a document's facts to its fields and back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from workflow.domain.errors import BadInput
from workflow.domain.outgoing import Urgency
from workflow.domain.terms import DueKind, Measure, Term
from workflow.services.incoming.arriving import Facts, facts_of
from workflow.services.incoming.deadlines import DueChoice
from workflow.store.models import Incoming
from workflow.web import format
from workflow.web.errors import explain
from workflow.web.forms import Form
from workflow.web.i18n import N_, _
from workflow.web.labels import label
from workflow.web.schemas.fields import REQUIRED
from workflow.web.types import type_groups, type_name

KINDS = {"agency": N_("Agency"), "organisation": N_("Organisation"), "citizen": N_("Citizen")}
DUES = ("rule", "none", *(str(one) for one in Measure if one is not Measure.NONE), "day")
"""How a deadline is chosen: by the agency's rules, none, a term, or a date."""

FIELD_OF = {
    "issuer_too_long": "issuer", "subject_too_long": "subject", "issuer_kind": "issuer_kind",
    "issued_in_future": "issued_on", "symbol_too_long": "symbol", "type_not_found": "type_code",
    "term_amount": "due_amount", "due_in_the_past": "due_on", "due_choice": "due_kind",
    "calendar_too_short": "due_on", "verdict_answered": "verdict_reason", "secret_content_refused": "secret",
    "secret_register_fixed": "secret",
}  # fmt: skip
"""Which field an error belongs to."""


def labels() -> dict[str, str]:
    """Field → its words."""
    return {
        "verdict_reason": _("Why it is registered all the same"), "issuer": _("Issuing agency or sender"),
        "symbol": _("Number and symbol"), "issued_on": _("Date of the document"), "type_code": _("Type"),
        "subject": _("Subject"), "signer": _("Signer"), "signer_title": _("Title of the signer"),
        "urgency": _("Urgency"), "due_kind": _("Deadline"), "due_amount": _("How many"), "due_on": _("Day"),
        "issuer_kind": _("Kind of sender"), "copies": _("Number of copies"), "pages": _("Number of pages"),
        "envelope_on": _("Date on the envelope"), "note": _("Note"), "secret": _("State secret"),
    }  # fmt: skip


def options() -> dict[str, Any]:
    """What the selects offer."""
    common, others = type_groups()
    return {
        "types": ((_("Most used"), common), (_("All others"), others)),
        "urgencies": [(str(one), label(one)) for one in Urgency],
        "issuer_kinds": [(code, _(word)) for code, word in KINDS.items()],
        "dues": [(code, due_word(code)) for code in DUES],
    }


def due_word(code: str) -> str:
    """The words of a way to choose a deadline."""
    match code:
        case "rule":
            return _("by the working regulation")
        case "none":
            return label(DueKind.NONE)
        case "day":
            return _("on a date")
    return label(Measure(code)) if code in set(Measure) else code


def values_of(document: Incoming) -> dict[str, str]:
    """The fields as the document stands."""
    facts = facts_of(document)
    kind, amount, day = _due_fields(document)
    return {
        "issuer": facts.issuer, "issuer_kind": facts.issuer_kind, "symbol": facts.symbol,
        "issued_on": facts.issued_on.isoformat() if facts.issued_on else "", "type_code": facts.type_code or "",
        "subject": facts.subject, "signer": facts.signer, "signer_title": facts.signer_title,
        "urgency": str(facts.urgency), "secret": "true" if facts.secret else "", "copies": str(facts.copies),
        "pages": str(facts.pages), "envelope_on": facts.envelope_on.isoformat() if facts.envelope_on else "",
        "note": facts.note, "due_kind": kind, "due_amount": amount, "due_on": day,
        "verdict_reason": document.verdict_reason, "version": str(document.version), "seen": "",
    }  # fmt: skip


def _due_fields(document: Incoming) -> tuple[str, str, str]:
    if document.due_kind == DueKind.NONE:
        return "none", "", ""
    term = document.due_term
    if document.due_kind != DueKind.GIVEN or not term:
        return "rule", "", ""
    return ("day", "", str(term["day"])) if "day" in term else (str(term["measure"]), str(term["amount"]), "")


def facts_from(form: Form, document: Incoming | None = None) -> Facts:
    """The form as services want it; which agency of the installation sent it is not the clerk's to change."""
    data = form.data
    issuer = data["issuer"]
    known = document.issuer_agency_id if document is not None and document.issuer == issuer else None
    return Facts(
        issuer=issuer, issuer_kind=data["issuer_kind"], issuer_agency_id=known, symbol=data["symbol"],
        issued_on=data["issued_on"], type_code=data["type_code"] or None, subject=data["subject"],
        signer=data["signer"], signer_title=data["signer_title"], urgency=data["urgency"], secret=data["secret"],
        copies=1 if data["copies"] is None else data["copies"], pages=data["pages"] or 0,
        envelope_on=data["envelope_on"], note=data["note"],
    )  # fmt: skip


def due_from(form: Form) -> DueChoice | None:
    """The chosen deadline; None leaves it to the agency's rules. What is missing becomes an error of the form."""
    kind, data = form.data["due_kind"], form.data
    if kind == "rule":
        return None
    if kind == "none":
        return DueChoice(term=Term(Measure.NONE))
    needed = "due_on" if kind == "day" else "due_amount"
    if data[needed] is None:
        form.errors[needed] = _(REQUIRED)
        return None
    if kind == "day":
        return DueChoice(day=data["due_on"])
    try:
        return DueChoice(term=Term(Measure(kind), data["due_amount"]))
    except BadInput as refused:  # longer than any term
        form.errors[needed] = explain(refused).title
        return None


def require_facts(form: Form) -> None:
    """What a register entry cannot be without becomes an error of the form."""
    for name in ("issuer", "subject"):
        if not form.data.get(name):
            form.errors.setdefault(name, _(REQUIRED))


def unseen(form: Form, found: Sequence[Incoming]) -> bool:
    """Whether there is a possible duplicate that this form has not shown yet."""
    return not {str(row.id) for row in found} <= set(form.data.get("seen", "").split())


def readable(name: str, value: str) -> str:
    """A stored value as words, beside the form that holds another one."""
    if not value:
        return ""
    match name:
        case "type_code":
            return type_name(value)
        case "urgency":
            return label(Urgency(value))
        case "issued_on" | "envelope_on" | "due_on":
            return format.typed_day(value)
        case "issuer_kind":
            return _(KINDS.get(value, value))
        case "due_kind":
            return due_word(value)
        case "secret":
            return _("yes")
    return value
