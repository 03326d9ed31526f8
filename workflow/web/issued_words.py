"""An issued document in words that a stranger may read: what was issued, by whom, and whether it holds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from workflow.domain.attachments import SEALED, Kind
from workflow.domain.numbering import date_words
from workflow.domain.outgoing import Medium
from workflow.services.documents.symbols import dated
from workflow.store import attachments, office
from workflow.store import documents as store
from workflow.store.models import Outgoing, Person
from workflow.web import fate_words
from workflow.web.context import current
from workflow.web.correction_marks import marks_for_strangers
from workflow.web.i18n import _, ngettext
from workflow.web.types import type_name
from workflow.web.verdict_words import OWN_KEY, PURPOSES, conclusion_words


def issued_facts(document: Outgoing) -> dict[str, object]:
    """What a stranger may know: number, date, agency, kind, who signed and whether it holds. Not the file."""
    session = current().uow.session
    latest = {row.signature_id: row for row in store.verdicts_of(session, document.id)}
    agency = office.unit(session, document.agency_id).name
    signatures = [  # numbers and seals are the agency's: strangers need no clerk's name
        (PURPOSES[signature.purpose], name if signature.purpose in OWN_KEY else agency, signature.received_at,
         conclusion_words(latest[signature.id].conclusion if signature.id in latest else "indeterminate"))
        for signature, name in store.signatures_of(session, document.id)
        if signature.withdrawn_at is None
    ]  # fmt: skip
    conclusions = {row.conclusion for row in latest.values()}
    whole = "passed" if conclusions == {"passed"} else "failed" if "failed" in conclusions else "indeterminate"
    signer = session.get(Person, document.signer_id) if document.signer_id else None
    attached = attachments.with_seals(session, document.id)
    marks = marks_for_strangers(session, document)
    return {
        "symbol": document.symbol,
        "dated": date_words(day) if (day := dated(document)) else "",
        "agency": agency,
        "type": type_name(document.type_code),
        "signer": signer.full_name if signer else "",
        "issued_at": document.issued_at,
        "ink": document.medium == Medium.INK,
        "marks": marks,
        "gone": fate_words.badge(marks[0].kind) if marks and marks[0].ends else "",
        "whole": conclusion_words(whole if signatures else ""),
        "signatures": signatures,
        "attached": len(attached),
        "attached_words": "; ".join(_seals(attached)),
    }


def _seals(attached: Sequence[attachments.Held]) -> Iterator[str]:
    """How many of those that need a seal bear one that holds; spreadsheets apart, which bear none."""
    needing = [one for one in attached if Kind(one.row.kind) in SEALED]
    if needing:
        sealed = sum(one.verdict is not None and one.verdict.conclusion == "passed" for one in needing)
        yield _("%(n)s of %(all)s PDF files bear a seal that holds", n=sealed, all=len(needing))
    if bare := len(attached) - len(needing):
        yield ngettext(
            "%(n)s spreadsheet goes along without a seal", "%(n)s spreadsheets go along without a seal", bare
        )
