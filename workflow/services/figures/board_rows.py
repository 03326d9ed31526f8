"""Rows of a board: their figures over a period, against another one, and along twelve months.

What a month nobody has closed would say is not known: what happened in the others is added up and the month named;
what stood at the period's end, or when it began, is not known where that very month is missing.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from workflow.domain.boards import NATURES, Counts, Nature, Tree, of_one, over, waited_over
from workflow.domain.indicators import Indicator, Population
from workflow.domain.periods import Period, parse
from workflow.domain.signing_times import Waited
from workflow.services.figures.board_months import Asked, Read
from workflow.services.figures.months import State

STANDS = frozenset(one for one, nature in NATURES.items() if nature is not Nature.FLOW)
"""What one month alone says."""

Months = Mapping[str, Counts]
Times = Mapping[int, Mapping[str, Counter[int]]]
"""Owner → month → minutes until signatures."""
NO_TIMES: Times = {}
Inherited = tuple[Months, Collection[int]]
"""Figures of those a unit took over from, and whose closed months they are made of."""
NOTHING: Inherited = ({}, ())


@dataclass(frozen=True, slots=True)
class Point:
    """A month of a trend; no figures where it is not known."""

    period: Period
    figures: Counts | None
    state: State | None
    partial: bool = False
    """Somebody has not closed it: what they did is not in the figures."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """An agency, unit or person on a board.

    `figures` has everything below it too, `own` only its own (None where nothing is below it). `before`: in the
    period compared with; None where it was not there and took over from nobody, and where no month of it is known.
    """

    id: int
    name: str
    agency: int
    figures: Counts
    own: Counts | None = None
    before: Counts | None = None
    trend: tuple[Point, ...] = ()
    depth: int = 0
    direct: bool = False
    """What is in no part of the unit, as a row among its parts."""
    now_called: str = ""
    first: dt.date | None = None
    last: dt.date | None = None
    formerly: tuple[str, ...] = ()
    divided: bool = False
    missing: tuple[Period, ...] = ()
    """Months of the period that somebody has not closed."""
    missing_before: tuple[Period, ...] = ()
    """The same of the period compared with."""
    waited: Waited | None = None
    """Time to sign; None where a month was closed without it."""
    waited_before: Waited | None = None
    units: tuple[int, ...] = ()
    """Whose facts the figures are, where they are those of units."""


@dataclass(frozen=True, slots=True)
class Made:
    """What all rows of a board are made from."""

    asked: Asked
    tree: Tree
    found: Read
    indicator: Indicator
    times: Times = field(default_factory=dict)
    """By unit."""

    def waited(
        self, times: Times, owners: Collection[int], agencies: Collection[int], keys: Sequence[str]
    ) -> Waited | None:
        """Time to sign of some owners over some months; None where it is not known."""
        lacking = self._lacking(agencies, keys)
        if any(Population.TIMED in lacking[key] for key in keys):
            return None
        return waited_over((times[one] for one in owners if one in times), keys)

    def figures(self, months: Months, agencies: Collection[int]) -> dict[str, int]:
        """Of the period."""
        return over(months, self.asked.months, self._lacking(agencies, self.asked.months))

    def before(self, months: Months, agencies: Collection[int]) -> dict[str, int] | None:
        """Of the period compared with; None where no month of it is known."""
        keys = self.asked.earlier
        if not any(self._states(agencies, key) for key in keys):
            return None
        return over(months, keys, self._lacking(agencies, keys))

    def _states(self, agencies: Collection[int], key: str) -> set[State]:
        return {self.found.states[one, key] for one in agencies if (one, key) in self.found.states}

    def _lacking(self, agencies: Collection[int], keys: Sequence[str]) -> dict[str, frozenset[Population]]:
        """What any of them closed a month without: their sum would be one of some only. What stood where nobody has
        closed the month."""
        nothing, known = frozenset[Population](), self.found.lacking
        return {
            key: nothing.union(*(known.get((one, key), nothing) for one in agencies))
            | (STANDS if self._unknown(agencies, key) else nothing)
            for key in keys
        }

    def _unknown(self, agencies: Collection[int], key: str) -> bool:
        return not self._states(agencies, key) and self._lacks(parse(key), agencies)

    def missing(self, agencies: Collection[int], keys: Iterable[str] | None = None) -> tuple[Period, ...]:
        """Months of the period, or others, that somebody has not closed."""
        periods = self.asked.periods if keys is None else [parse(key) for key in keys]
        return tuple(one for one in periods if self._lacks(one, agencies))

    def _lacks(self, period: Period, agencies: Collection[int]) -> bool:
        nodes, states = self.tree.nodes, self.found.states
        return any(
            one in nodes and nodes[one].stood(period) and (one, period.key) not in states for one in agencies
        )

    def trend(
        self, months: Months, agencies: Collection[int], *, also: Callable[[Period], Inherited] | None = None
    ) -> tuple[Point, ...]:
        """Twelve months. `also`: what those did of whom a unit took over, in months when they were there."""
        made = []
        for period in self.asked.trend:
            key = period.key
            theirs, those = also(period) if also else NOTHING
            whose = {*agencies, *those}
            states = self._states(whose, key)
            here = Counter(months.get(key, {}))
            here.update(theirs.get(key, {}))
            state = next((one for one in (State.RUNNING, State.OVER, State.CLOSED) if one in states), None)
            without = self._lacking(whose, [key])[key]
            counts = of_one(here, without) if state is not None else None
            made.append(Point(period, counts, state, self._lacks(period, whose)))
        return tuple(made)


def summed(months: Sequence[Months]) -> dict[str, Counter[str]]:
    """Months of several owners added up."""
    made: dict[str, Counter[str]] = {}
    for one in months:
        for key, counts in one.items():
            made.setdefault(key, Counter()).update(counts)
    return made


@dataclass(frozen=True, slots=True)
class _Owners:
    """Units whose figures are one row's, with those of everything below them where `whole`."""

    tree: Tree
    tops: Collection[int]
    whole: bool

    @property
    def units(self) -> frozenset[int]:
        parts = (self.tree.whole(one) if self.whole else (one,) for one in self.tops)
        return frozenset(part for some in parts for part in some)

    @property
    def agencies(self) -> frozenset[int]:
        """Whose closed months their figures are made of."""
        return frozenset(self.tree.nodes[one].agency for one in self.units)

    def of(self, months: Mapping[int, Months]) -> dict[str, Counter[str]]:
        return summed([months[one] for one in sorted(self.units) if one in months])


def row_of(made: Made, unit: int, months: Mapping[int, Months], *, whole: bool, depth: int = 0) -> Row:
    """A unit's row, with everything below it where `whole`."""
    asked, tree, node = made.asked, made.tree, made.tree.nodes[unit]
    then = asked.earlier
    mine, heirs = _Owners(tree, (unit,), whole), tree.forebears(unit, asked.before, asked.period)
    both = _Owners(tree, (unit, *heirs.units), whole)
    counts, agencies = mine.of(months), mine.agencies
    compared = bool(heirs.units) or node.stood(asked.before) or any(key in counts for key in then)

    def inherited(period: Period) -> Inherited:
        theirs = _Owners(tree, tree.forebears(unit, period, asked.period).units, whole)
        return theirs.of(months), theirs.agencies

    parts = whole and unit != node.agency and bool(tree.parts(unit))
    return Row(
        id=unit, name=node.name, now_called=node.now, agency=node.agency, figures=made.figures(counts, agencies),
        own=made.figures(months.get(unit, {}), [node.agency]) if parts else None,
        before=made.before(both.of(months), both.agencies) if compared else None,
        trend=made.trend(counts, agencies, also=inherited), depth=depth, first=node.first, last=node.last,
        formerly=tuple(tree.nodes[one].name for one in heirs.units), divided=heirs.divided,
        missing=made.missing(agencies), missing_before=made.missing(both.agencies, then) if compared else (),
        waited=made.waited(made.times, mine.units, agencies, asked.months),
        waited_before=made.waited(made.times, both.units, both.agencies, then) if compared else None,
        units=tuple(sorted(mine.units)),
    )  # fmt: skip
