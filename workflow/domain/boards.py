"""Boards: months put together to longer periods, units rolled up along the tree as it stood, the worst first.

A period of several months has the sum of what happened in them, and of what stood at their end only the last
month's. Rates are made of the counts that come out, never of other rates.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache

from workflow.domain.indicators import COUNTS, Better, Indicator, Population
from workflow.domain.periods import Period, month
from workflow.domain.signing_times import Waited, waited_of

Counts = Mapping[str, int]
"""Columns by name; one that is not there is nothing."""


class Nature(StrEnum):
    """How months of a population come together."""

    FLOW = "flow"
    """What happened: the months are added up."""
    START = "start"
    """What stood when a period began: its first month's."""
    END = "end"
    """What stood when it ended: its last month's."""


NATURES: Mapping[Population, Nature] = {
    Population.ISSUED: Nature.FLOW,
    Population.UNSIGNED: Nature.END,
    Population.RECEIVED: Nature.FLOW,
    Population.CARRIED: Nature.START,
    Population.FINISHED: Nature.FLOW,
    Population.ENDED: Nature.FLOW,
    Population.OPEN: Nature.END,
    Population.DEMANDED: Nature.FLOW,
    Population.GIVEN: Nature.FLOW,
    Population.ACCEPTED: Nature.FLOW,
    Population.UNEXPLAINED: Nature.END,
    Population.LEADERS: Nature.END,
    Population.SIGNED_AS: Nature.FLOW,
    Population.LEADER_KIND: Nature.FLOW,
    Population.SEAL_KIND: Nature.FLOW,
    Population.TIMED: Nature.FLOW,
    Population.BACKLOG: Nature.END,
    Population.APOLOGIES: Nature.FLOW,
    Population.UNAPOLOGISED: Nature.END,
    Population.EXPLAINED: Nature.FLOW,
    Population.ENTERED: Nature.FLOW,
}
"""A test holds that every population is here: a stock that was added up month by month would mislead."""


@lru_cache(maxsize=512)
def columns_of(population: Population, value: str) -> tuple[str, ...]:
    """The columns that count a thing."""
    return tuple(count.name for count in COUNTS.values() if count.takes(population, value))


def months_of(period: Period) -> tuple[Period, ...]:
    """The calendar months of a month, a quarter or a year, the oldest first."""
    found = [month(period.first)]
    while found[-1].last < period.last:
        found.append(month(found[-1].end.date()))
    return tuple(found)


Lacking = Mapping[str, Collection[Population]]
"""Month → what it was closed without: the definition of then did not count it, which is not nothing."""
ALL_COUNTED: Lacking = {}


def over(months: Mapping[str, Counts], keys: Sequence[str], lacking: Lacking = ALL_COUNTED) -> dict[str, int]:
    """Every column of a period from those of its months; `keys`: its months that have begun, the oldest first.
    Without the columns that one of the months they come from did not count."""
    taken = _taken(keys)
    parts = {nature: [months[key] for key in some if key in months] for nature, some in taken.items()}
    return {
        name: sum(one.get(name, 0) for one in parts[nature])
        for name, count in COUNTS.items()
        for nature in (NATURES[count.population],)
        if not any(count.population in lacking.get(key, ()) for key in taken[nature])
    }


def _taken(keys: Sequence[str]) -> dict[Nature, Sequence[str]]:
    return {Nature.FLOW: keys, Nature.START: keys[:1], Nature.END: keys[-1:]}


def of_one(found: Counts, lacking: Collection[Population] = ()) -> dict[str, int]:
    """Every column of a single month that it counted."""
    return {name: found.get(name, 0) for name, count in COUNTS.items() if count.population not in lacking}


@dataclass(frozen=True, slots=True)
class Node:
    """A unit of the tree. `heirs`: who took over from it."""

    id: int
    name: str
    parent: int | None
    agency: int
    first: dt.date
    last: dt.date | None
    heirs: tuple[int, ...] = ()
    now: str = ""
    """What it is called today, where `name` is an earlier one."""

    def stood(self, period: Period) -> bool:
        """Whether it was there on any day of a period."""
        return self.first <= period.last and (self.last is None or self.last >= period.first)


class Tree:
    """Units with their parents. A unit never changes its parent: one that moves ends, and another takes over from
    it. So the tree of a period is that of the units that stood in it."""

    def __init__(self, nodes: Iterable[Node]) -> None:
        self.nodes = {node.id: node for node in nodes}
        self._below: dict[int, list[int]] = {}
        self._before: dict[int, list[int]] = {}
        for node in self.nodes.values():
            if node.parent in self.nodes:
                self._below.setdefault(node.parent, []).append(node.id)
            for heir in node.heirs:
                self._before.setdefault(heir, []).append(node.id)

    def parts(self, unit: int) -> tuple[int, ...]:
        """What stands directly under it."""
        return tuple(self._below.get(unit, ()))

    def whole(self, unit: int) -> frozenset[int]:
        """It with everything below it."""
        found, waiting = {unit}, [unit]
        while waiting:
            new = [one for one in self._below.get(waiting.pop(), ()) if one not in found]
            found.update(new)
            waiting.extend(new)
        return frozenset(found)

    def forebears(self, unit: int, then: Period, now: Period) -> Forebears:
        """Whose figures of an earlier period are a unit's to compare with: those who stood then, not now, and from
        whom it alone took over, directly or through others. What was divided among several is nobody's."""
        found, divided, seen, waiting = set[int](), False, {unit}, [unit]
        while waiting:
            for one in self._before.get(waiting.pop(), ()):
                node = self.nodes[one]
                if one in seen or node.stood(now):
                    continue
                seen.add(one)
                if len(node.heirs) > 1:
                    divided = divided or node.stood(then)
                elif node.stood(then):
                    found.add(one)
                else:
                    waiting.append(one)
        return Forebears(tuple(sorted(found)), divided)


@dataclass(frozen=True, slots=True)
class Forebears:
    """Units that another one took over from; `divided`: another one was divided, whose figures nobody has."""

    units: tuple[int, ...] = ()
    divided: bool = False


Ranked = tuple[bool, Decimal, int, str]


def rank(one: Indicator, found: Counts, name: str) -> Ranked:
    """The place of a row, the worst first by the way the indicator is good; where nothing counts, last. Of two
    equals the one with more documents stands first."""
    whole, part = found.get(one.denominator, 0), found.get(one.numerator, 0)
    if not whole or one.numerator not in found:
        return True, Decimal(0), 0, name
    share = Decimal(part) / whole
    sign = {Better.HIGHER: 1, Better.LOWER: -1, Better.NEITHER: 0}[one.better]
    return False, sign * share, -whole, name


class Way(StrEnum):
    """How a rate moved."""

    BETTER = "better"
    WORSE = "worse"
    SAME = "same"
    MOVED = "moved"
    """It changed, and neither way is good or bad."""


@dataclass(frozen=True, slots=True)
class Change:
    """A rate against an earlier one: in percentage points, and whether that is good."""

    points: Decimal
    way: Way


def change(one: Indicator, now: Counts, then: Counts) -> Change | None:
    """None where either has nothing to divide by, or was not counted."""
    here, there = one.percent(now), one.percent(then)
    if here is None or there is None:
        return None
    points = here - there
    if not points:
        return Change(points, Way.SAME)
    if one.better is Better.NEITHER:
        return Change(points, Way.MOVED)
    return Change(points, Way.BETTER if (points > 0) is (one.better is Better.HIGHER) else Way.WORSE)


def populations_of(indicators: Iterable[Indicator]) -> frozenset[Population]:
    """What has to be counted for some rates and what they leave out."""
    names = {name for one in indicators for name in (one.numerator, one.denominator, *one.excluded)}
    return frozenset(COUNTS[name].population for name in names)


Line = tuple[int, str, int, int | None, Population, str, int]
"""(agency, month, unit, person, population, value, number) of a month."""


def gathered(lines: Iterable[Line], key: Callable[[Line], int | None]) -> dict[int, dict[str, Counter[str]]]:
    """Columns of each month by a key; lines whose key is None are left out."""
    made: dict[int, dict[str, Counter[str]]] = {}
    for line in lines:
        owner = key(line)
        if owner is None:
            continue
        cell = made.setdefault(owner, {}).setdefault(line[1], Counter())
        for name in columns_of(line[4], line[5]):
            cell[name] += line[6]
    return made


def times(lines: Iterable[Line], key: Callable[[Line], int | None]) -> dict[int, dict[str, Counter[int]]]:
    """Working minutes until signatures of each month by a key, with how many took so long."""
    made: dict[int, dict[str, Counter[int]]] = {}
    for line in lines:
        owner = key(line) if line[4] is Population.TIMED else None
        if owner is not None:
            made.setdefault(owner, {}).setdefault(line[1], Counter())[int(line[5])] += line[6]
    return made


def waited_over(found: Iterable[Mapping[str, Counter[int]]], keys: Sequence[str]) -> Waited:
    """Time to sign of several owners over some months."""
    whole: Counter[int] = Counter()
    for months in found:
        for key in keys:
            whole.update(months.get(key, Counter()))
    return waited_of(whole.items())


def in_units(lines: Iterable[Line], units: Collection[int]) -> list[Line]:
    """The lines of some units."""
    return [line for line in lines if line[2] in units]
