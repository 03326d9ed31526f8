"""The months that a board is made of: closed ones from their frozen rows, open ones counted now."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from workflow.domain.boards import Line, months_of
from workflow.domain.errors import NotFound
from workflow.domain.indicators import Population, populations_of, tally
from workflow.domain.periods import Kind, Period, month, months_until, parse
from workflow.domain.permissions import Scope
from workflow.services.figures import counting
from workflow.services.figures.months import State
from workflow.services.figures.slices import EVERYTHING, Slice
from workflow.services.journal import local_day
from workflow.store import boards as store
from workflow.store.session import UnitOfWork

TREND = 12
LIVE = 2
"""So many months are counted as one looks: the running one, and the one before it until it is closed. An older one
that nobody closed is said to be missing; to count it live would cost as much as a report."""

States = Mapping[tuple[int, str], State]


@dataclass(frozen=True, slots=True)
class Asked:
    """A period of months that have begun, what it is compared with, and the months of its trend."""

    period: Period
    before: Period
    now: dt.datetime

    periods: tuple[Period, ...]
    """Months of the period that have begun, the oldest first."""
    earlier: tuple[str, ...]
    """The same of what it is compared with."""
    trend: tuple[Period, ...]
    """Twelve months, the last one that of the period."""

    @property
    def months(self) -> tuple[str, ...]:
        """Months of the period that have begun, by key."""
        return tuple(one.key for one in self.periods)

    @property
    def all(self) -> tuple[str, ...]:
        """Every month that is read."""
        found = {*self.months, *self.earlier, *(one.key for one in self.trend)}
        return tuple(sorted(found))

    @property
    def compared(self) -> frozenset[str]:
        """Months of the period and of what it is compared with, by key."""
        return frozenset({*self.months, *self.earlier})

    def without(self, key: str) -> frozenset[Population]:
        """What is not read of a month: time to sign of one that only the trend shows."""
        return frozenset() if key in self.compared else frozenset({Population.TIMED})

    @property
    def running(self) -> bool:
        """Whether it is not over."""
        return not self.period.is_over(self.now)


def asked(text: str, against: str, *, now: dt.datetime) -> Asked:
    """Read what an address says; the period before where nothing is named to compare with. Boards are made of whole
    months: a free span is `NotFound`, and so is what has not begun."""
    period = parse(text) if text else month(local_day(now))
    before = parse(against) if against else period.before
    for one in (period, before):
        if one.kind is Kind.SPAN or one.start > now:
            raise NotFound("report_not_found")
    trend = months_until(min(period.last, local_day(now)), count=TREND)
    return Asked(period, before, now, _begun(period, now), tuple(one.key for one in _begun(before, now)), trend)


def _begun(period: Period, now: dt.datetime) -> tuple[Period, ...]:
    return tuple(one for one in months_of(period) if one.start <= now)


@dataclass(frozen=True, slots=True)
class Read:
    """Lines of counts of every month that is known, and what each month of an agency is. A month that nobody closed
    and that is too old to be counted now is not in `states`."""

    lines: Sequence[Line]
    states: States
    lacking: Mapping[tuple[int, str], frozenset[Population]] = field(default_factory=dict)
    """What closed months were closed without, by the definition of then."""


def read(
    uow: UnitOfWork, scope: Scope, what: Asked, *, stock: frozenset[Population], trend: frozenset[Population],
    stood: Mapping[int, Collection[str]], by_part: bool,
) -> Read:  # fmt: skip
    """All months of a board: one query for closed ones of all agencies, and as many for all that are counted now as
    for one of them. Of the last one both `trend` and `stock`, of those before only `trend`; time to sign only of
    the period and what it is compared with. `stood`: when each was there."""
    populations = {str(one) for one in stock | trend}
    states: dict[tuple[int, str], State] = {}
    lines: list[Line] = []
    lacking: dict[tuple[int, str], frozenset[Population]] = {}
    for agency, key, definition, unit, person, population, value, number in store.frozen(
        scope, uow.session, months=what.all, populations=populations, timed=what.compared, by_part=by_part
    ):
        states[agency, key] = State.CLOSED
        if without := (EVERYTHING - populations_of(definition)) | what.without(key):
            lacking[agency, key] = without
        if population is not None and number:
            lines.append((agency, key, unit, person, Population(population), value, int(number)))
    slices = []
    for period in _live(what):
        open_ones = [
            one for one in scope.agency_ids if (one, period.key) not in states and period.key in stood.get(one, ())
        ]
        earlier = period.is_over(what.now) and period.key != what.months[-1]
        only = (trend if earlier else trend | stock) - what.without(period.key)
        if open_ones:
            slices.append(Slice(period, open_ones, only))
    for one, found in zip(slices, counting.facts_of(uow, slices, now=what.now), strict=True):
        key, state = one.month.key, State.OVER if one.month.is_over(what.now) else State.RUNNING
        for agency, facts in found.items():
            states[agency, key] = state
            lacking[agency, key] = what.without(key)
            lines += [
                (agency, key, unit if by_part else agency, person if by_part else None, kind, value, number)
                for (unit, person, kind, value), number in tally(facts).items()
                if kind in one.only
            ]
    return Read(lines, states, lacking)


def _live(what: Asked) -> list[Period]:
    """The newest months, of those that are read."""
    newest = months_until(local_day(what.now), count=LIVE)
    return [one for one in newest if one.key in what.all]
