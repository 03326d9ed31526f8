"""Months as pages and exports show them: an agency's months, one month's figures, the list behind each."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import zip_longest
from typing import Any

from workflow.domain.entered import of_fact
from workflow.domain.errors import NotFound
from workflow.domain.indicators import (
    COUNTS,
    Population,
    Tally,
    by_person,
    by_unit,
    figures,
    populations_of,
    tally,
)
from workflow.domain.people import Actor
from workflow.domain.periods import ONE_DAY, Period, midnight, month, parse
from workflow.domain.permissions import Permission, Scope, demand
from workflow.domain.signing_times import Waited, waited
from workflow.services.figures import backlog, counting, provability, recounting, targets
from workflow.services.figures.slices import Months
from workflow.services.journal import local_day
from workflow.services.rates import narrowed
from workflow.store import entered as entered_figures
from workflow.store import frozen_months as store
from workflow.store import month_facts
from workflow.store import rates as names
from workflow.store.models import EnteredIndicator, FigureAdjustment, FigureDrift, FrozenMonth
from workflow.store.session import UnitOfWork

SHOWN = 60
"""Months of the list."""


class State(StrEnum):
    """What a month is."""

    RUNNING = "running"
    OVER = "over"
    """Over and not closed yet."""
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class MonthLine:
    """A month of an agency in the list."""

    period: Period
    state: State
    frozen: FrozenMonth | None = None
    drifts: int = 0
    adjustments: int = 0
    counted_at: dt.datetime | None = None


def listed(uow: UnitOfWork, actor: Actor, scope: Scope, *, agency_id: int, now: dt.datetime) -> list[MonthLine]:
    """From this month back to the first closed one, and the last one at least. One query."""
    demand(actor, Permission.SEE_RATES)
    closed = {row[0].month: row for row in store.list_closed(narrowed(scope, agency_id), uow.session)}
    period = month(local_day(now))
    oldest = min([*closed, period.before.key])
    found: list[MonthLine] = []
    while period.key >= oldest and len(found) < SHOWN:
        row = closed.get(period.key)
        if row is None:
            found.append(MonthLine(period, State.OVER if period.is_over(now) else State.RUNNING))
        else:
            found.append(MonthLine(period, State.CLOSED, row[0], row.drifts, row.adjustments, row.at))
        period = period.before
    return found


NOT_WAITED = Waited()
Columns = dict[int, dict[str, int]]
"""Person → figures."""
SIGNERS, HANDLERS = counting.BY_SIGNER, frozenset({Population.FINISHED})
"""What a person's figures are made of."""


@dataclass(frozen=True, slots=True)
class Line:
    """Figures of a unit, a person or the whole: as they are now, and as they were frozen (None while open)."""

    id: int
    name: str
    now: Mapping[str, int]
    frozen: Mapping[str, int] | None = None
    until: dt.date | None = None
    waited: Waited = NOT_WAITED
    """Time to sign, as it stands now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EnteredLine:
    """An entered figure of a unit: as it is now, and as it was frozen (empty: it was not entered)."""

    indicator: EnteredIndicator
    unit_id: int
    unit: str
    now: str
    frozen: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """A month of one agency."""

    period: Period
    state: State
    agency_id: int
    agency_name: str
    as_of: dt.datetime
    frozen: FrozenMonth | None
    total: Line
    units: tuple[Line, ...]
    people: tuple[Line, ...]
    holders: tuple[Line, ...]
    """Who handled the incoming documents that were finished."""
    adjustments: Sequence[FigureAdjustment] = ()
    drifts: Sequence[FigureDrift] = ()
    provable: provability.Provable = field(default_factory=provability.Provable)
    as_of_day: dt.date | None = None
    """Where it was asked how the month stood at the end of a day."""
    papers: Mapping[int, int] | None = None
    """Explanation → incoming document, of what adjustments and drift name."""
    counts: frozenset[Population] = frozenset(Population)
    """What the definition that it was counted by has; of the rest nothing is known."""
    backlog_hours: int = backlog.USUAL
    goals: targets.Goals = field(default_factory=dict)
    """Targets of that month, of the agency and its units."""
    entered: tuple[EnteredLine, ...] = ()


def of_month(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, key: str, agency_id: int, now: dt.datetime,
    as_of: dt.date | None = None,
) -> Figures:  # fmt: skip
    """A closed month from its frozen rows, an open one counted now. `NotFound` for a month that has not begun.

    `as_of`: as it stood at the end of that day, counted from what was written until then, closed or not.
    """
    demand(actor, Permission.SEE_RATES)
    return for_report(uow, scope, key=key, agency_id=agency_id, now=now, as_of=as_of)


def for_report(
    uow: UnitOfWork, scope: Scope, *, key: str, agency_id: int, now: dt.datetime, as_of: dt.date | None = None
) -> Figures:
    """The same, whoever asks: for the report that an agency has said is to be drafted."""
    chosen = narrowed(scope, agency_id)
    period = month_of(key, now)
    frozen = None if as_of else store.closed_of(chosen, uow.session, key)
    today, now = now, moment(period, as_of, now)
    adjustments: Sequence[FigureAdjustment] = ()
    drifts: Sequence[FigureDrift] = ()
    before: Tally | None = None
    if frozen is None:
        here = tally(counted_as_of(uow, chosen, period, as_of, now=now)[agency_id])
    else:
        adjustments = store.adjustments_of(uow.session, frozen.id)
        drifts = store.standing_drifts(uow.session, frozen.id)
        before = recounting.frozen_tally(uow, frozen.id)
        here = moved(before, map(recounting.difference_of, adjustments))
    units = {row.id: row for row in names.units_of(chosen, uow.session)}
    called = {key: row.name for key, row in units.items()}
    over = State.OVER if period.is_over(now) else State.RUNNING
    people, holders = _people(uow, here, before)
    return Figures(
        period=period, state=State.CLOSED if frozen else over, agency_id=agency_id,
        agency_name=units[agency_id].name, as_of=frozen.cut_off if frozen else now, frozen=frozen,
        total=Line(agency_id, "", figures(here), None if before is None else figures(before), waited=waited(here)),
        units=_units(units, here, before), people=people, holders=holders, adjustments=adjustments,
        drifts=drifts,
        papers=_papers(uow, adjustments, drifts),
        as_of_day=as_of, provable=provability.of_month(uow, chosen, period, now=today),
        counts=frozenset(Population) if frozen is None else populations_of(frozen.definition),
        backlog_hours=backlog.hours_at(uow, (agency_id,), at=min(period.end, now))[agency_id],
        goals=targets.goals(uow, agency_id, month=key),
        entered=_entered(uow, chosen, called, here, before),
    )  # fmt: skip


def _entered(
    uow: UnitOfWork, scope: Scope, units: Mapping[int, str], here: Tally, before: Tally | None
) -> tuple[EnteredLine, ...]:
    now, then = _figures_in(here), None if before is None else _figures_in(before)
    if not now and not then:
        return ()
    meant = {row.id: row for row in entered_figures.indicators(scope, uow.session)}
    found = [
        EnteredLine(
            indicator=meant[place[1]], unit_id=place[0], unit=units.get(place[0], ""), now=here_now,
            frozen=None if then is None else frozen,
        )
        for place in now.keys() | (then or {}).keys()
        if place[1] in meant
        for here_now, frozen in _paired(now.get(place, []), (then or {}).get(place, []))
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda one: (one.indicator.name, one.unit, one.now)))


def _figures_in(rows: Tally) -> dict[tuple[int, int, str], list[str]]:
    """(unit, indicator, length of the period) → its figures: of free spans several may end in a month."""
    found: dict[tuple[int, int, str], list[str]] = {}
    for (unit, _person, population, value), number in rows.items():
        if population is Population.ENTERED:
            key, figure = of_fact(value)
            found.setdefault((unit, key, value.split(":")[1]), []).extend([figure] * number)
    return found


def _paired(now: Sequence[str], then: Sequence[str]) -> list[tuple[str, str]]:
    """(as it is, as it was frozen): those that stayed, then the others in order; empty where there is none."""
    here, before = Counter(now), Counter(then)
    stayed = here & before
    came, left = (sorted((some - stayed).elements()) for some in (here, before))
    return [(one, one) for one in stayed.elements()] + list(zip_longest(came, left, fillvalue=""))


def moment(period: Period, as_of: dt.date | None, now: dt.datetime) -> dt.datetime:
    """The end of a day within what has passed since the month began; now where no day is asked about."""
    if as_of is None:
        return now
    if not period.first <= as_of <= local_day(now):
        raise NotFound("report_not_found")
    return min(midnight(as_of + ONE_DAY), now)


def counted_as_of(
    uow: UnitOfWork, scope: Scope, period: Period, as_of: dt.date | None, *, now: dt.datetime
) -> Months:
    if as_of is None:
        return counting.facts(uow, scope, period, now=now)
    return counting.facts_then(uow, scope, period, at=now)


def month_of(key: str, now: dt.datetime) -> Period:
    period = parse(key)
    if period.key != month(period.first).key or period.start > now:
        raise NotFound("report_not_found")
    return period


def moved(rows: Tally, changes: Any) -> Tally:
    """Frozen rows of counts with their adjustments."""
    made = Tally(rows)
    for change in changes:
        for place, by in ((change.before, -1), (change.after, 1)):
            if place is not None:
                made[place.unit, place.person, change.population, place.value] += by
    return +made


def _units(units: Mapping[int, Any], here: Tally, before: Tally | None) -> tuple[Line, ...]:
    now, then = by_unit(here), None if before is None else by_unit(before)
    empty = dict.fromkeys(COUNTS, 0)
    found = [
        Line(key, units[key].name, now.get(key, empty), None if then is None else then.get(key, empty),
             units[key].valid_to, waited(here, unit=key))
        for key in sorted(now.keys() | (then or {}).keys())
        if key in units
    ]  # fmt: skip
    return tuple(found)


def _people(uow: UnitOfWork, here: Tally, before: Tally | None) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
    """Who signed what was issued, or gave a signature (AT-11): a deputy's documents are the deputy's. And who
    handled what was finished. The lowest rate first."""
    parts = [(_of(here, one), None if before is None else _of(before, one)) for one in (SIGNERS, HANDLERS)]
    called = names.names_of(uow.session, {key for two in parts for some in two for key in some or ()})
    signers, handlers = (_lines_of(now, then, called, here) for now, then in parts)
    return (
        tuple(sorted(signers, key=lambda line: _worst_first(line, "leader_signed", "sign_counted"))),
        tuple(sorted(handlers, key=lambda line: _worst_first(line, "in_time", "finished_dated"))),
    )


def _lines_of(now: Columns, then: Columns | None, called: Mapping[int, str], here: Tally) -> list[Line]:
    empty = dict.fromkeys(COUNTS, 0)
    return [
        Line(key, called[key], now.get(key, empty), None if then is None else then.get(key, empty),
             waited=waited(here, person=key))
        for key in now.keys() | (then or {}).keys()
    ]  # fmt: skip


def _of(rows: Tally, populations: frozenset[Population]) -> Columns:
    return by_person(Tally({row: number for row, number in rows.items() if row[2] in populations}))


def _worst_first(line: Line, numerator: str, denominator: str) -> tuple[bool, float, int, str, int]:
    whole, part = line.now[denominator], line.now[numerator]
    return whole == 0, part / whole if whole else 0.0, -whole, line.name, line.id


def _papers(
    uow: UnitOfWork, adjustments: Sequence[FigureAdjustment], drifts: Sequence[FigureDrift]
) -> dict[int, int]:
    named = [(one.population, one.item) for one in adjustments] + [(one.population, one.item) for one in drifts]
    keys = {item for population, item in named if population in set(map(str, counting.EXPLANATIONS))}
    return month_facts.papers_of_explanations(uow.session, keys) if keys else {}


def agencies(uow: UnitOfWork, scope: Scope) -> list[tuple[int, str]]:
    """(key, name) of the agencies whose figures a reader may see."""
    found = names.units_of(replace(scope, unit_ids=()), uow.session)
    return [(row.id, row.name) for row in found if row.id in scope.agency_ids]
