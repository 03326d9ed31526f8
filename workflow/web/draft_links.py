"""What ties a draft to other papers on its form: what it answers, what it corrects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from workflow.domain import corrections as rules
from workflow.domain.corrections import Kind
from workflow.domain.document_types import LETTER
from workflow.domain.errors import NotFound, WorkflowError
from workflow.domain.outgoing import State
from workflow.services import replies
from workflow.services.exchange import correcting
from workflow.services.exchange.recalling import ISSUED
from workflow.store import corrections, deliveries, documents, incoming, office
from workflow.store import exchange as store
from workflow.store.models import Incoming, Outgoing
from workflow.web import correction_view, draft_recipients
from workflow.web.context import Current, act, current
from workflow.web.correction_view import FIELDS
from workflow.web.errors import explain
from workflow.web.exchange_view import letter_to, reply_subject
from workflow.web.forms import Form
from workflow.web.i18n import N_, _

REPLY = "built:reply"
"""The template that an answer is begun with, unless another one or a file is chosen."""


def beginning(here: Current, asked: Mapping[str, str]) -> dict[str, str]:
    """The values of a form that answers or corrects a document in reach; nothing for any other address."""
    answered = _found(here, incoming.find, asked.get("answers", ""))
    if answered is not None:
        return _answering(here, answered)
    about = corrected(here, asked)
    if about is not None and State(about[1].state) in ISSUED:
        return _correcting(here, *about)
    recalled = _found(here, documents.find, asked.get("recalls", ""))
    return _recalling(here, recalled) if recalled is not None else {}


def _recalling(here: Current, earlier: Outgoing) -> dict[str, str]:
    """The letter by which offices outside hear of a recall: to those who have a copy and were not told yet."""
    names = letter_to(deliveries.dispatches_of(here.scope, here.uow.session, earlier.id))
    if not names:
        return {}
    type_vi = office.document_type(here.uow.session, earlier.type_code).name_vi
    return {
        "type_code": LETTER, "subject": correction_view.recall_subject(earlier, type_vi)[:500],
        "organ": str(earlier.organ_id or ""), "recipients": "\n".join(names),
    }  # fmt: skip


def corrected(here: Current, asked: Mapping[str, str]) -> tuple[Kind, Outgoing] | None:
    """What a form or an address is to correct, amend or replace, where that is in reach."""
    for kind, name in FIELDS.items():
        if (earlier := _found(here, documents.find, asked.get(name, ""))) is not None:
            return kind, earlier
    return None


def _correcting(here: Current, kind: Kind, earlier: Outgoing) -> dict[str, str]:
    """Everything that is known: form, subject, organ, signer, recipients of the earlier document."""
    type_vi = office.document_type(here.uow.session, earlier.type_code).name_vi
    signer = f"{earlier.signer_post_id}:{earlier.capacity}" if earlier.signer_post_id else ""
    return {
        FIELDS[kind]: str(earlier.id), "type_code": rules.form_of(kind, earlier.type_code),
        "subject": correction_view.subject_of(kind, earlier, type_vi)[:500], "urgency": earlier.urgency,
        "organ": str(earlier.organ_id or ""), "signer": signer,
        "secret": "true" if earlier.secret and kind is not Kind.CORRECT else "",
        **draft_recipients.values_of(earlier),
    }  # fmt: skip


def check(form: Form) -> None:
    """Raise what stands against what the form was begun for; what is not in reach is no matter of this form."""
    here = current()
    about = corrected(here, form.values)
    if about is not None:
        kind, earlier = about
        correcting.demand_possible(
            here.uow, here.actor, earlier, kind=kind, type_code=form.data["type_code"],
            organ_id=form.data["organ"], reason=form.data["correction_reason"],
        )  # fmt: skip


def _answering(here: Current, row: Incoming) -> dict[str, str]:
    known = row.issuer_agency_id if row.issuer_agency_id != here.agency_id else None
    standing = {key for key, _name in store.agencies(here.uow.session, on=here.today)}
    kind = office.document_type(here.uow.session, row.type_code).name_vi if row.type_code else ""
    return {
        "answers": str(row.id), "template": REPLY, "type_code": LETTER, "subject": reply_subject(row, kind),
        "urgency": row.urgency,
        "to": str(known) if known in standing else "", "recipients": "" if known in standing else row.issuer,
    }  # fmt: skip


def _found(here: Current, query: Any, key: str) -> Any:
    """A document by what an address or a form says, if it is there and in reach."""
    if not key.isascii() or not key.isdecimal() or len(key) > 15:
        return None
    try:
        return query(here.scope, here.uow.session, int(key))
    except NotFound:
        return None


@dataclass(frozen=True, slots=True)
class Unlinked:
    """A link that could not be made while the draft was kept: to what, and why not."""

    what: str
    why: str
    status: int


def link(document_id: int, form: Form) -> list[Unlinked]:
    """What the form was begun for, once the draft has its key. The draft stands whatever becomes of a link; what
    came of none, the page that follows has to say."""
    here, failed = current(), []
    for what, service, given in _wanted(here, document_id, form):
        try:
            if given is None:
                raise NotFound("document_not_found")
            act(service, here.scope, document_id=document_id, **given)
        except WorkflowError as refused:  # it left one's reach meanwhile, was replaced, or somebody typed its key
            here.uow.rollback()
            why = explain(refused)
            title = _("It is not there any more, or not within your reach.") if why.status == 404 else why.title
            failed.append(Unlinked(_(what), title, why.status))
    return failed


def _wanted(
    here: Current, document_id: int, form: Form
) -> Iterator[tuple[str, Any, dict[str, Any] | None]]:  # fmt: skip
    """(to what, by which service, with what) of each link that a form names; None for what is out of reach."""
    answers = form.data.get("answers")
    if answers is not None and answers not in {
        one.incoming_id for one in store.answers_of(here.uow.session, document_id)
    }:
        yield N_("What it answers"), replies.link, {"incoming_id": answers}
    if any(form.data.get(name) is not None for name in FIELDS.values()):
        about, why = corrected(here, form.values), form.data.get("correction_reason", "")
        stands = corrections.of(here.uow.session, document_id)
        if about and stands and (stands.kind, stands.earlier_id) == (about[0], about[1].id):
            return  # the same form, sent twice
        given = {"kind": about[0], "earlier_id": about[1].id, "reason": why} if about else None
        yield N_("What it corrects, amends or replaces"), correcting.name_corrected, given


def corrects_now(here: Current, document: Outgoing) -> dict[str, str]:
    """What a draft corrects, amends or replaces, and why, as the fields of its form."""
    row = corrections.of(here.uow.session, document.id)
    return {FIELDS[Kind(row.kind)]: str(row.earlier_id), "correction_reason": row.reason} if row else {}


def mend_reason(document: Outgoing, form: Form) -> None:
    """Say anew why a draft corrects, amends or replaces another one, where that changed. Raises its refusals."""
    row, why = corrections.of(current().uow.session, document.id), form.data.get("correction_reason", "")
    if row is not None and why != row.reason:
        act(
            correcting.name_corrected, current().scope, document_id=document.id, kind=Kind(row.kind),
            earlier_id=row.earlier_id, reason=why, version=document.version,
        )  # fmt: skip


def beside(here: Current, form: Form, document: Outgoing | None) -> dict[str, object]:
    """What the form needs besides its fields: whom it may go to, and what it answers or corrects."""
    return {
        **draft_recipients.beside(here, form, document),
        "answers": _found(here, incoming.find, form.values.get("answers", "")),
        "corrects": _begun_for(here, form),
    }


def _begun_for(here: Current, form: Form) -> dict[str, str] | None:
    about = corrected(here, form.values)
    if about is None:
        return None
    kind, earlier = about
    return {
        "field": FIELDS[kind], "key": str(earlier.id), "does": _(correction_view.DOES[kind]),
        "named": correction_view.named(earlier), "subject": earlier.subject,
    }  # fmt: skip
