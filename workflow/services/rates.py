"""Signature rates of units and people in a period, each figure with the list it counts."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import Any

from workflow.domain.errors import NotFound
from workflow.domain.people import Actor
from workflow.domain.periods import Period, months_until
from workflow.domain.permissions import Permission, Scope, demand
from workflow.domain.rates import EXCLUDED, Basis, Outcome, SignRate, from_counts
from workflow.services.journal import local_day
from workflow.store import rates as store
from workflow.store.documents import PAGE
from workflow.store.rates import Counted, Tally
from workflow.store.session import UnitOfWork

TREND_MONTHS = 6


class Figure(StrEnum):
    """A number on the board; each has its list."""

    NUMERATOR = "numerator"
    DENOMINATOR = "denominator"
    ISSUED = "issued"
    INK = "ink"
    FAILED = "failed"
    INDETERMINATE = "indeterminate"
    INCOMPLETE = "incomplete"
    EXEMPT = "exempt"
    SECRET = "secret"  # noqa: S105  a class of documents, not a password


OUTCOMES: Mapping[Figure, frozenset[Outcome]] = {
    Figure.NUMERATOR: frozenset({Outcome.SIGNED}),
    Figure.DENOMINATOR: frozenset(Outcome) - EXCLUDED,
    Figure.ISSUED: frozenset(Outcome),
    **{Figure(kind.value): frozenset({kind}) for kind in Outcome if kind is not Outcome.SIGNED},
}
"""Which outcomes a figure counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One unit or person on the board. `before`: in the period before; `trend`: six months, oldest first."""

    id: int
    name: str
    rate: SignRate
    before: SignRate
    trend: tuple[SignRate, ...] = ()
    until: dt.date | None = None
    """Last day of a dissolved unit."""

    def figure(self, figure: Figure) -> int:
        """The number shown under a heading."""
        return int(getattr(self.rate, figure.value))


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """The figures of a scope in a period, the worst first; `as_of` is when they were counted."""

    period: Period
    as_of: dt.datetime
    basis: Basis
    by_agency: bool
    units: tuple[Line, ...]
    people: tuple[Line, ...]
    total: Line
    months: tuple[Period, ...]
    agency_id: int | None = None
    agency_name: str = ""


def narrowed(scope: Scope, agency_id: int | None) -> Scope:
    """The figures of one agency of the scope; `NotFound` for any other."""
    if agency_id is None:
        return scope
    if agency_id not in scope.agency_ids:
        raise NotFound("unit_not_found")
    return replace(scope, agency_ids=(agency_id,))


def board(
    uow: UnitOfWork,
    actor: Actor,
    scope: Scope,
    *,
    period: Period,
    now: dt.datetime,
    agency_id: int | None = None,
    basis: Basis = Basis.BOTH,
) -> Board:
    """Rates per unit and per person.

    `scope`: from `permissions.figures_scope`. Where it holds several agencies and none was chosen, the rows are
    agencies, else the units of the one. Five queries, whatever the size.
    """
    demand(actor, Permission.SEE_RATES)
    chosen = narrowed(scope, agency_id)
    by_agency = len(chosen.agency_ids) > 1
    months = months_until(min(period.last, local_day(now)), count=TREND_MONTHS)
    here = store.tally(chosen, uow.session, start=period.start, end=period.end)
    before = store.tally(chosen, uow.session, start=period.before.start, end=period.before.end)
    bounds = [month.start for month in months] + [months[-1].end]
    slices = store.tally_by_slice(chosen, uow.session, bounds=bounds, by_agency=by_agency)
    units = {row.id: row for row in store.units_of(chosen, uow.session)}
    names = store.names_of(uow.session, {row.signer_id for row in here})
    unit_of = (lambda row: row.agency_id) if by_agency else (lambda row: row.unit_id)
    return Board(
        period=period,
        as_of=now,
        basis=basis,
        by_agency=by_agency,
        months=months,
        units=_units(units, _sum(here, unit_of, basis), _sum(before, unit_of, basis), trend=_trend(slices)),
        people=_people(names, here, before),
        total=_total(here, before, basis=basis),
        agency_id=None if by_agency else next(iter(chosen.agency_ids), None),
        agency_name="" if by_agency or not chosen.agency_ids else units[chosen.agency_ids[0]].name,
    )


def _sum(rows: Iterable[Tally], key: Callable[[Tally], int], basis: Basis) -> dict[int, SignRate]:
    counts: defaultdict[int, Counter[Outcome]] = defaultdict(Counter)
    for row in rows:
        counts[key(row)][row.outcome(basis)] += row.documents
    return {owner: from_counts(found) for owner, found in counts.items()}


def _trend(slices: Iterable[tuple[int, int, Outcome, int]]) -> dict[int, tuple[SignRate, ...]]:
    counts: defaultdict[int, list[Counter[Outcome]]] = defaultdict(
        lambda: [Counter() for _month in range(TREND_MONTHS)]
    )
    for place, unit, kind, documents in slices:
        counts[unit][place][kind] += documents
    return {unit: tuple(from_counts(month) for month in found) for unit, found in counts.items()}


def _units(
    units: Mapping[int, Any],
    here: Mapping[int, SignRate],
    before: Mapping[int, SignRate],
    *,
    trend: Mapping[int, tuple[SignRate, ...]],
) -> tuple[Line, ...]:
    empty = (SignRate(),) * TREND_MONTHS
    lines = [
        Line(
            id=unit,
            name=units[unit].name,
            rate=here.get(unit, SignRate()),
            before=before.get(unit, SignRate()),
            trend=trend.get(unit, empty),
            until=units[unit].valid_to,
        )
        for unit in sorted(here.keys() | before.keys() | trend.keys())
    ]
    return worst_first(lines)


def _people(names: Mapping[int, str], here: Sequence[Tally], before: Sequence[Tally]) -> tuple[Line, ...]:
    """Each signer by the leader's signature alone: the seal is the clerk's doing."""
    now, then = (_sum(rows, lambda row: row.signer_id, Basis.LEADER) for rows in (here, before))
    lines = [
        Line(id=person, name=names[person], rate=rate, before=then.get(person, SignRate()))
        for person, rate in now.items()
    ]
    return worst_first(lines)


def _total(here: Sequence[Tally], before: Sequence[Tally], *, basis: Basis) -> Line:
    now, then = (_sum(rows, lambda _row: 0, basis).get(0, SignRate()) for rows in (here, before))
    return Line(id=0, name="", rate=now, before=then)


def worst_first(lines: Iterable[Line]) -> tuple[Line, ...]:
    """The lowest rate first, the heavier one of two equals before the lighter; where nothing counts, last."""

    def rank(line: Line) -> tuple[bool, Decimal, int, str, int]:
        percent = line.rate.percent(decimals=6)
        return (percent is None, percent or Decimal(0), -line.rate.denominator, line.name, line.id)

    return tuple(sorted(lines, key=rank))


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which figure of which board: what an address of a list says."""

    period: Period
    figure: Figure
    basis: Basis = Basis.BOTH
    agency_id: int | None = None
    unit_id: int | None = None
    signer_id: int | None = None


def documents(
    uow: UnitOfWork,
    actor: Actor,
    scope: Scope,
    *,
    asked: Asked,
    reader: Scope,
    after: tuple[dt.datetime, int] | None = None,
    limit: int | None = PAGE,
) -> Sequence[Any]:
    """The documents a figure counted, by keyset (`store.rates.documents`); `limit=None` gives them all, for export.

    A unit outside the scope is `NotFound`, the same as no unit.
    """
    demand(actor, Permission.SEE_RATES)
    chosen = narrowed(scope, asked.agency_id)
    if asked.unit_id is not None and asked.unit_id not in {row.id for row in store.units_of(chosen, uow.session)}:
        raise NotFound("unit_not_found")
    wanted = Counted(
        start=asked.period.start,
        end=asked.period.end,
        outcomes=OUTCOMES[asked.figure],
        basis=asked.basis,
        agency_id=asked.agency_id,
        unit_id=asked.unit_id,
        signer_id=asked.signer_id,
    )
    return store.documents(chosen, uow.session, wanted=wanted, reader=reader, after=after, limit=limit)
