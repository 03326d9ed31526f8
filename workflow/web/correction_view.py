"""What pages say of corrections: the marks that an earlier document bears, what a later one does to it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from workflow.domain import corrections as rules
from workflow.domain.corrections import Kind
from workflow.domain.document_types import LETTER
from workflow.domain.errors import NotFound
from workflow.services.documents.symbols import dated
from workflow.services.exchange.correcting import standing
from workflow.store import corrections as store
from workflow.store import documents
from workflow.store import exchange as deliveries
from workflow.store.models import Correction, Incoming, Outgoing
from workflow.web.context import Current
from workflow.web.format import day
from workflow.web.i18n import N_, _
from workflow.web.types import type_name

FIELDS = {Kind.CORRECT: "corrects", Kind.AMEND: "amends", Kind.REPLACE: "replaces"}
"""What an address and a form call the earlier document, by what is done to it."""

BEARS = {
    Kind.CORRECT: N_("Corrected by"),
    Kind.AMEND: N_("Amended by"),
    Kind.REPLACE: N_("Replaced by"),
}
WILL_BEAR = {
    Kind.CORRECT: N_("To be corrected by"),
    Kind.AMEND: N_("To be amended by"),
    Kind.REPLACE: N_("To be replaced by"),
}
DOES = {Kind.CORRECT: N_("Corrects"), Kind.AMEND: N_("Amends"), Kind.REPLACE: N_("Replaces")}
BEGINS = {
    Kind.CORRECT: N_("Draft a correction"),
    Kind.AMEND: N_("Draft an amendment"),
    Kind.REPLACE: N_("Draft a replacement"),
}


@dataclass(frozen=True, slots=True)
class Mark:
    """One line about another document: `words` before it, its name, where it leads (nowhere for who cannot see it).

    `standing`: the other document is issued, so that the mark counts.
    """

    kind: str
    words: str
    named: str
    link: str
    reason: str
    standing: bool
    symbol: str = ""
    date: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Corrections:
    """`bears`: what became of this document; `does`: what it does to an earlier one; `begins`: what may follow."""

    bears: Sequence[Mark] = ()
    does: Mark | None = None
    begins: Sequence[tuple[str, str]] = ()
    """(address, words) of each draft that the reader may begin."""
    may_recall: bool = False


def of_outgoing(here: Current, document: Outgoing) -> Corrections:
    """For the page of an outgoing document in scope. Drafts are named only to who reaches them."""
    session = here.uow.session
    bears = []
    for row, later in store.about(here.scope, session, document.id):
        issued, reached = later.issued_at is not None, _reached(here, later.id)
        if issued or reached:
            words = (BEARS if issued else WILL_BEAR)[Kind(row.kind)]
            bears.append(_mark(row, words, later, f"/outgoing/{later.id}" if reached else "", standing=issued))
    open_to = rules.open_to(here.post.role, standing(here.uow, document))
    begins = [
        (f"/outgoing/new?{FIELDS[kind]}={document.id}", _(BEGINS[kind]))
        for kind in open_to
        if kind in rules.DRAFTED
    ]
    return Corrections(bears, _does(here, document), begins, Kind.RECALL in open_to)


def _does(here: Current, document: Outgoing) -> Mark | None:
    row = store.of(here.uow.session, document.id)
    if row is None:
        return None
    earlier = documents.one(here.uow.session, row.earlier_id, reason="its symbol stands on what corrects it")
    return _does_to(here, row, earlier, standing=document.issued_at is not None)


def does_of(here: Current, ids: Collection[int]) -> dict[int, Mark]:
    """Document → what it does to an earlier one, of documents that the caller has found."""
    found = store.said_by_some(here.uow.session, ids, reason="its symbol stands on what corrects it")
    return {row.outgoing_id: _does_to(here, row, earlier, standing=False) for row, earlier in found}


def _does_to(here: Current, row: Correction, earlier: Outgoing, *, standing: bool) -> Mark:
    link = f"/outgoing/{earlier.id}" if _reached(here, earlier.id) else ""
    return _mark(row, DOES[Kind(row.kind)], earlier, link, standing=standing)


def of_incoming(here: Current, row: Incoming) -> Corrections:
    """For the page of an incoming document in scope: marks with a link to our own row, where it lies in scope."""
    session = here.uow.session
    told, said = store.told_of(here.scope, session, row.id), store.said_by(here.scope, session, row.id)
    keys = {one[2] for one in (*told, *([said] if said else [])) if one[2] is not None}
    ours = deliveries.reached(here.scope, session, keys)
    bears = [
        _mark(relation, BEARS[Kind(relation.kind)], later, _incoming(ours, key), standing=True)
        for relation, later, key in told
    ]
    if said is None:
        return Corrections(bears)
    relation, earlier, key = said
    return Corrections(
        bears, _mark(relation, DOES[Kind(relation.kind)], earlier, _incoming(ours, key), standing=True)
    )


def _incoming(ours: dict[int, Incoming], key: int | None) -> str:
    return f"/incoming/{key}" if key in ours else ""


def _mark(row: Correction, words: str, other: Outgoing, link: str, *, standing: bool) -> Mark:
    reason = "" if other.secret else row.reason
    return Mark(row.kind, _(words), named(other), link, reason, standing, other.symbol, dated(other))


def named(document: Outgoing) -> str:
    """`Công văn số 15/UBND-VP ngày 20/11/2026`; a draft by its type."""
    return paper_words(document.type_code, document.symbol, dated(document))


def paper_words(type_code: str, symbol: str, on: dt.date | None) -> str:
    """The same of its type, symbol and day."""
    parts = [type_name(type_code)]
    if symbol:
        parts.append(_("no. %(symbol)s", symbol=symbol))
    if on is not None:
        parts.append(_("of %(day)s", day=day(on)))
    return " ".join(parts)


def _reached(here: Current, document_id: int) -> bool:
    try:
        return documents.find(here.scope, here.uow.session, document_id) is not None
    except NotFound:
        return False


def subject_of(kind: Kind, earlier: Outgoing, type_vi: str) -> str:
    """The subject that a draft begins with: what offices write is Vietnamese on every screen. A công văn, which a
    correction always is (Decree 30/2020, Article 18.3), bears it under its number, with "V/v"; of other types it is
    the title."""
    if kind is Kind.REPLACE:
        return earlier.subject
    about = _about(earlier, type_vi)
    if kind is Kind.CORRECT:
        return f"V/v đính chính {about}"
    letter = "V/v sửa đổi" if earlier.type_code == LETTER else "Sửa đổi"
    return f"{letter}, bổ sung một số nội dung của {about}"


def recall_subject(earlier: Outgoing, type_vi: str) -> str:
    """The subject of the letter by which offices outside hear that a document is recalled."""
    return f"V/v thu hồi {_about(earlier, type_vi)}"


def _about(earlier: Outgoing, type_vi: str) -> str:
    on = dated(earlier)
    return f"{type_vi} số {earlier.symbol}" + (f" ngày {on:%d/%m/%Y}" if on is not None else "")
