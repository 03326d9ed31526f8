"""What became of issued documents, in a few words: for the lines of a register and for who holds the paper."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from workflow.domain.corrections import Kind
from workflow.domain.exchange import Status
from workflow.domain.permissions import Scope
from workflow.services.documents.symbols import dated
from workflow.store import corrections as store
from workflow.store.fates import fate_of, recalled_in
from workflow.store.models import Outgoing
from workflow.web import format
from workflow.web.i18n import N_, _

MARKS = {
    Kind.CORRECT: N_("corrected by %(symbol)s of %(day)s"),
    Kind.AMEND: N_("amended by %(symbol)s of %(day)s"),
    Kind.REPLACE: N_("replaced by %(symbol)s of %(day)s"),
}

RECALLED = N_("recalled from %(day)s on")
KEPT = N_("recalled by its issuer from %(day)s on; this office refused and keeps it")

WHY = "whoever holds the paper has to know"


def marks_of_numbers(scope: Scope, session: Any, **span: Any) -> dict[int, list[str]]:
    """Document → its marks, for the lines of a register: corrected, amended, replaced, recalled."""
    recalls = {key: _(RECALLED, day=format.day(at)) for key, at in recalled_in(scope, session, **span)}
    return _marks(store.of_numbers(scope, session, **span), recalls)


def marks_of_arrivals(scope: Scope, session: Any, **span: Any) -> dict[int, list[str]]:
    """The same in the same words for the lines of a register of arrivals: what the sender did to it since, and that
    it was kept here all the same."""
    first: dict[int, dt.datetime] = {}
    kept: set[int] = set()
    for key, code, at in store.arrivals_recalled(scope, session, **span):
        first.setdefault(key, at)
        kept = kept | {key} if code == Status.RECALL_REFUSED else kept - {key}
    recalls = {key: _(KEPT if key in kept else RECALLED, day=format.day(at)) for key, at in first.items()}
    return _marks(store.of_arrivals(scope, session, **span), recalls)


def _marks(
    relations: Iterable[tuple[int, str, str, dt.datetime | None]], recalls: Mapping[int, str]
) -> dict[int, list[str]]:
    made: dict[int, list[str]] = {}
    replaced = set()
    for earlier, kind, symbol, issued in relations:
        made.setdefault(earlier, []).append(_(MARKS[Kind(kind)], symbol=symbol, day=format.day(issued)))
        replaced |= {earlier} if kind == Kind.REPLACE else set()
    for key, words in recalls.items():
        if key not in replaced:  # that it travels back is said by the mark
            made.setdefault(key, []).append(words)
    return made


@dataclass(frozen=True, slots=True)
class Mark:
    """What became of a document, as facts that can be carried along. `symbol` and `day` are the later document's;
    of a recall `day` is the first one on which it holds."""

    kind: Kind
    day: dt.date | None
    symbol: str = ""

    @property
    def ends(self) -> bool:
        """Whether the document is not to be used any more."""
        return self.kind in {Kind.REPLACE, Kind.RECALL}

    @property
    def sentence(self) -> str:
        """As whoever holds the paper reads it."""
        if self.kind is Kind.RECALL:
            return _("Its issuer recalled this document from %(day)s on.", day=format.day(self.day))
        words = _(MARKS[self.kind], symbol=self.symbol, day=format.day(self.day))
        return f"{_('This document was')} {words}."


def marks_for_strangers(session: Any, document: Outgoing) -> list[Mark]:
    """The same of one document whose code or file somebody holds. A secret later one is not named to them: where it
    replaces this one, they learn that it is recalled, as its recipients were asked to give it back."""
    made = [
        Mark(Kind(row.kind), _day(dated(later) or later.issued_at), later.symbol)
        for row, later in store.in_effect(session, document.id, reason=WHY)
        if not later.secret
    ]
    fate = fate_of(session, document.id, reason=WHY)
    if fate is not None and not any(mark.ends for mark in made):
        made.append(Mark(Kind.RECALL, _day(fate.at)))
    return sorted(made, key=lambda mark: not mark.ends)


def _day(moment: dt.date | dt.datetime | None) -> dt.date | None:
    return format.local(moment).date() if isinstance(moment, dt.datetime) else moment
