"""What became of issued documents, in a few words: for the lines of a register and for who holds the paper."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from workflow.domain.corrections import Kind
from workflow.domain.permissions import Scope
from workflow.services.documents.symbols import dated
from workflow.store import corrections as store
from workflow.store.models import Outgoing
from workflow.web import format
from workflow.web.i18n import N_, _

MARKS = {
    Kind.CORRECT: N_("corrected by %(symbol)s of %(day)s"),
    Kind.AMEND: N_("amended by %(symbol)s of %(day)s"),
    Kind.REPLACE: N_("replaced by %(symbol)s of %(day)s"),
}


def marks_of_numbers(scope: Scope, session: Any, **span: Any) -> dict[int, list[str]]:
    """Document → its marks, for the lines of a register: corrected, amended, replaced, recalled."""
    recalls = [*store.recalled_at(scope, session, **span), *store.units_recalled_at(scope, session, **span)]
    return _marks(store.of_numbers(scope, session, **span), recalls)


def marks_of_arrivals(scope: Scope, session: Any, **span: Any) -> dict[int, list[str]]:
    """The same in the same words for the lines of a register of arrivals: what the sender did to it since."""
    return _marks(store.of_arrivals(scope, session, **span), store.arrivals_recalled_at(scope, session, **span))


def _marks(
    relations: Iterable[tuple[int, str, str, dt.datetime | None]], recalls: Iterable[tuple[int, dt.datetime | None]]
) -> dict[int, list[str]]:
    made: dict[int, list[str]] = {}
    replaced = set()
    for earlier, kind, symbol, issued in relations:
        made.setdefault(earlier, []).append(_(MARKS[Kind(kind)], symbol=symbol, day=format.day(issued)))
        replaced |= {earlier} if kind == Kind.REPLACE else set()
    first: dict[int, dt.datetime] = {}
    for key, at in recalls:
        if at is not None:
            first[key] = min(at, first.get(key, at))
    for key, at in first.items():
        if key not in replaced:  # that it travels back is said by the mark
            made.setdefault(key, []).append(_("recalled from %(day)s on", day=format.day(at)))
    return made


def marks_for_strangers(session: Any, document: Outgoing) -> Sequence[str]:
    """The same of one document whose code or file somebody holds; a secret one is not named to them."""
    return [
        _(MARKS[Kind(row.kind)], symbol=later.symbol, day=format.day(dated(later) or later.issued_at))
        for row, later in store.in_effect(session, document.id, reason="whoever holds the paper has to know")
        if not later.secret
    ]
