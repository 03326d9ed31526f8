"""Boards of agencies, of one agency's units and leaders, of one unit and of one person: the worst first.

Every figure is a number of facts (`domain.indicators`), so that it leads to its list; rates are made of counts.
Closed months come with their adjustments. The number of queries does not grow with agencies, units or months.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from workflow.domain.boards import (
    Counts,
    Forebears,
    Tree,
    gathered,
    in_units,
    of_one,
    over,
    populations_of,
    rank,
    times,
    waited_over,
)
from workflow.domain.errors import NotFound
from workflow.domain.indicators import INDICATORS, Indicator, Population, Whose
from workflow.domain.people import Actor
from workflow.domain.periods import Period, parse
from workflow.domain.permissions import Permission, Scope, demand
from workflow.domain.signing_times import Waited
from workflow.services.figures.board_months import Asked, Read, read
from workflow.services.figures.months import State
from workflow.services.rates import narrowed
from workflow.store import boards as store
from workflow.store.rates import names_of
from workflow.store.session import UnitOfWork

STOCK = frozenset({Population.UNSIGNED, Population.OPEN, Population.DEMANDED, Population.GIVEN, Population.ACCEPTED,
                   Population.UNEXPLAINED})  # fmt: skip
"""What a board of one agency shows beside rates."""
WAITING = frozenset({Population.UNSIGNED, Population.OPEN})
"""The same on a board of many."""
OF_SIGNERS = frozenset({Population.ISSUED, Population.UNSIGNED})
"""What is counted for the signer."""
OF_HOLDERS = frozenset({Population.FINISHED, Population.OPEN})
"""What is counted for whoever had an incoming document in hand."""
OF_PEOPLE = OF_SIGNERS | OF_HOLDERS
"""Who was asked to explain lateness is no figure of a person: the number alone would name them."""
TIMED = frozenset({Population.TIMED})

Months = Mapping[str, Counts]
Times = Mapping[int, Mapping[str, Counter[int]]]
"""Owner → month → minutes until signatures."""
NO_TIMES: Times = {}


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
    period compared with; None where it was not there and took over from nobody.
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
    waited: Waited | None = None
    """Time to sign; None where a month was closed without it."""
    waited_before: Waited | None = None
    units: tuple[int, ...] = ()
    """Whose facts the figures are, where they are those of units."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """What a page shows: `total` of it all, `rows` the worst first (each part below its whole), `people` too."""

    asked: Asked
    indicator: Indicator
    total: Row
    rows: tuple[Row, ...]
    people: tuple[Row, ...] = ()
    holders: tuple[Row, ...] = ()
    """Who had incoming documents in hand."""
    states: Mapping[str, State]
    groups: tuple[Row, ...] = ()
    """Agencies with those below them, as the tree was then; empty where only the topmost has any."""

    @property
    def missing(self) -> tuple[Period, ...]:
        """Months of the period that somebody has not closed."""
        return self.total.missing


@dataclass(frozen=True, slots=True)
class _Made:
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
        """Time to sign of some owners over some months."""
        lacking = self._lacking(agencies, keys)
        if any(Population.TIMED in lacking[key] for key in keys):
            return None
        return waited_over((times[one] for one in owners if one in times), keys)

    def figures(self, months: Months, agencies: Collection[int]) -> dict[str, int]:
        return over(months, self.asked.months, self._lacking(agencies, self.asked.months))

    def before(self, months: Months, agencies: Collection[int]) -> dict[str, int]:
        return over(months, self.asked.earlier, self._lacking(agencies, self.asked.earlier))

    def _lacking(self, agencies: Collection[int], keys: Sequence[str]) -> dict[str, frozenset[Population]]:
        """What any of them closed a month without: their sum would be one of some only."""
        nothing, known = frozenset[Population](), self.found.lacking
        return {key: nothing.union(*(known.get((one, key), nothing) for one in agencies)) for key in keys}

    def missing(self, agencies: Collection[int]) -> tuple[Period, ...]:
        return tuple(one for one in self.asked.periods if self._lacks(one, agencies))

    def _lacks(self, period: Period, agencies: Collection[int]) -> bool:
        nodes, states = self.tree.nodes, self.found.states
        return any(
            one in nodes and nodes[one].stood(period) and (one, period.key) not in states for one in agencies
        )

    def trend(
        self, months: Months, agencies: Collection[int], *, also: Callable[[Period], Months] | None = None
    ) -> tuple[Point, ...]:
        """Twelve months. `also`: what those did of whom a unit took over, for months before it was there."""
        made = []
        for period in self.asked.trend:
            key = period.key
            states = {self.found.states[one, key] for one in agencies if (one, key) in self.found.states}
            here = months.get(key)
            if here is None and also is not None:
                here = also(period).get(key)
            state = next((one for one in (State.RUNNING, State.OVER, State.CLOSED) if one in states), None)
            without = self._lacking(agencies, [key])[key]
            counts = of_one(here or {}, without) if state is not None else None
            made.append(Point(period, counts, state, self._lacks(period, agencies)))
        return tuple(made)


def of_agencies(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, asked: Asked, indicator: Indicator, every: bool = False
) -> Board:
    """Every agency of a scope, the worst first; with all indicators where `every`, else with the one."""
    demand(actor, Permission.SEE_RATES)
    tree = _tree(uow, scope, asked, agencies_only=True)
    found = read(
        uow, scope, asked, stock=WAITING, trend=populations_of(INDICATORS if every else [indicator]),
        stood=_stood(tree, asked), by_part=False,
    )  # fmt: skip
    made = _Made(asked, tree, found, indicator)
    months = gathered(found.lines, lambda line: line[0])
    rows = [_row(made, one, months, whole=False) for one in tree.nodes if _there(tree, one, months, asked)]
    groups = [
        _row(made, one, months, whole=True)
        for one, node in tree.nodes.items()
        if node.parent in tree.nodes and any(_there(tree, part, months, asked) for part in tree.parts(one))
    ]
    return Board(
        asked=asked, indicator=indicator, total=_total(made, months, [row.agency for row in rows], name=""),
        rows=_sorted(rows, indicator), groups=_sorted(groups, indicator),
        states={} if not rows else _states(found, [row.agency for row in rows], asked),
    )  # fmt: skip


def of_agency(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, asked: Asked, indicator: Indicator, agency_id: int,
    unit_id: int | None = None,
) -> Board:  # fmt: skip
    """One agency: its units and leaders; or one unit of it with its parts, and who signed its documents."""
    demand(actor, Permission.SEE_RATES)
    made = _one(uow, narrowed(scope, agency_id), asked, indicator)
    if unit_id is not None and unit_id not in made.tree.nodes:
        raise NotFound("unit_not_found")
    top = agency_id if unit_id is None else unit_id
    months = gathered(made.found.lines, lambda line: line[2])
    mine = made.found.lines if unit_id is None else in_units(made.found.lines, made.tree.whole(top))
    signers = gathered(mine, lambda line: line[3] if line[4] in OF_SIGNERS else None)
    holders = gathered(mine, lambda line: line[3] if line[4] in OF_HOLDERS else None)
    names = names_of(uow.session, signers.keys() | holders.keys())
    rows = _rows(made, months, top)
    total = _row(made, top, months, whole=True)
    waits = times(mine, lambda line: line[3])
    return Board(
        asked=asked, indicator=indicator, total=total, rows=rows,
        people=_counted(_people(made, signers, names, agency_id, Whose.SIGNER, waits)),
        holders=_counted(_people(made, holders, names, agency_id, Whose.HOLDER)),
        states=_states(made.found, [agency_id], asked),
    )  # fmt: skip


def of_person(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, asked: Asked, indicator: Indicator, agency_id: int,
    person_id: int,
) -> Board:  # fmt: skip
    """One person in one agency, with the units whose documents they signed or had in hand; `NotFound` for who has
    none in these months, as for who does not exist."""
    demand(actor, Permission.SEE_RATES)
    made = _one(uow, narrowed(scope, agency_id), asked, indicator)
    lines = [line for line in made.found.lines if line[3] == person_id and line[4] in OF_PEOPLE | TIMED]
    if not any(line[4] in OF_PEOPLE for line in lines):
        raise NotFound("person_not_found")
    names = names_of(uow.session, {person_id})
    made = replace(made, times=times(lines, lambda line: line[2]))
    waits = times(lines, lambda line: line[3])
    (total,) = _people(made, gathered(lines, lambda line: line[3]), names, agency_id, Whose.SIGNER, waits)
    months = gathered(lines, lambda line: line[2])
    units = [
        replace(_row(made, one, months, whole=False), own=None)
        for one in months
        if any(key in months[one] for key in asked.months)
    ]
    return Board(
        asked=asked, indicator=indicator, total=total, rows=_sorted(units, indicator),
        states=_states(made.found, [agency_id], asked),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Closed:
    """Closed months of an agency put together: the whole, its units as the tree stood then (each part behind its
    whole). The whole knows the time to sign of the period and of the one compared with."""

    total: Row
    units: tuple[Row, ...]


def of_closed(uow: UnitOfWork, scope: Scope, *, asked: Asked, agency_id: int) -> Closed:
    """The same as a board of an agency, whoever asks and of closed months only: nothing is counted live."""
    by = INDICATORS[0]
    made = _one(uow, narrowed(scope, agency_id), asked, by, closed=True)
    months = gathered(made.found.lines, lambda line: line[2])
    return Closed(_row(made, agency_id, months, whole=True), _rows(made, months, agency_id))


def _one(uow: UnitOfWork, scope: Scope, asked: Asked, indicator: Indicator, *, closed: bool = False) -> _Made:
    tree = _tree(uow, scope, asked, agencies_only=False)
    there = {} if closed else _stood(tree, asked)
    agencies = {one: months for one, months in there.items() if one in scope.agency_ids}
    stock, trend = frozenset(Population) if closed else STOCK, populations_of(INDICATORS) | TIMED
    found = read(uow, scope, asked, stock=stock, trend=trend, stood=agencies, by_part=True)
    return _Made(asked, tree, found, indicator, times(found.lines, lambda line: line[2]))


def _tree(uow: UnitOfWork, scope: Scope, asked: Asked, *, agencies_only: bool) -> Tree:
    """With the names of then where the period is over."""
    nodes = store.nodes(scope, uow.session, agencies_only=agencies_only)
    if asked.running:
        return Tree(nodes)
    called = store.names_at(uow.session, [node.id for node in nodes], at=asked.period.end)
    return Tree(replace(node, name=called[node.id], now=node.name) if node.id in called else node for node in nodes)


def _stood(tree: Tree, asked: Asked) -> dict[int, list[str]]:
    periods = [parse(key) for key in asked.all]
    return {one: [period.key for period in periods if node.stood(period)] for one, node in tree.nodes.items()}


def _states(found: Read, agencies: Collection[int], asked: Asked) -> dict[str, State]:
    """What a month is for all of them together: closed only where each has closed it."""
    made: dict[str, State] = {}
    for key in asked.all:
        states = {found.states[one, key] for one in agencies if (one, key) in found.states}
        for state in (State.RUNNING, State.OVER, State.CLOSED):
            if state in states:
                made[key] = state
                break
    return made


def _there(tree: Tree, unit: int, months: Mapping[int, Months], asked: Asked) -> bool:
    """Whether a unit stood in the period or has figures of it."""
    has = any(key in months.get(unit, {}) for key in asked.months)
    return has or tree.nodes[unit].stood(asked.period)


def _sum(months: Sequence[Months]) -> dict[str, Counter[str]]:
    made: dict[str, Counter[str]] = {}
    for one in months:
        for key, counts in one.items():
            made.setdefault(key, Counter()).update(counts)
    return made


def _whole(made: _Made, months: Mapping[int, Months], unit: int, *, whole: bool) -> dict[str, Counter[str]]:
    units = made.tree.whole(unit) if whole else (unit,)
    return _sum([months[one] for one in units if one in months])


def _agencies(tree: Tree, units: Collection[int], *, whole: bool) -> frozenset[int]:
    """Whose closed months the figures of some units are made of."""
    return frozenset(tree.nodes[part].agency for one in units for part in (tree.whole(one) if whole else (one,)))


def _row(made: _Made, unit: int, months: Mapping[int, Months], *, whole: bool, depth: int = 0) -> Row:
    asked, node = made.asked, made.tree.nodes[unit]
    mine = _whole(made, months, unit, whole=whole)
    heirs = made.tree.forebears(unit, asked.before, asked.period)
    earlier = _sum([mine, *(_whole(made, months, one, whole=whole) for one in heirs.units)])
    then = asked.earlier
    compared = bool(heirs.units) or node.stood(asked.before) or any(key in mine for key in then)

    def inherited(period: Period) -> Months:
        found: Forebears = made.tree.forebears(unit, period, asked.period)
        return _sum([_whole(made, months, one, whole=whole) for one in found.units])

    mine_alone = made.tree.whole(unit) if whole else (unit,)
    theirs = [part for one in heirs.units for part in (made.tree.whole(one) if whole else (one,))]
    parts = whole and unit != node.agency and bool(made.tree.parts(unit))
    agencies = _agencies(made.tree, [unit], whole=whole)
    then_agencies = agencies | _agencies(made.tree, heirs.units, whole=whole)
    return Row(
        id=unit, name=node.name, now_called=node.now, agency=node.agency, figures=made.figures(mine, agencies),
        own=made.figures(months.get(unit, {}), [node.agency]) if parts else None,
        before=made.before(earlier, then_agencies) if compared else None,
        trend=made.trend(mine, [node.agency], also=inherited), depth=depth, first=node.first, last=node.last,
        formerly=tuple(made.tree.nodes[one].name for one in heirs.units), divided=heirs.divided,
        missing=made.missing([node.agency]),
        waited=made.waited(made.times, mine_alone, agencies, asked.months),
        waited_before=made.waited(made.times, {*mine_alone, *theirs}, then_agencies, then) if compared else None,
        units=tuple(sorted(mine_alone)),
    )  # fmt: skip


def _rows(made: _Made, months: Mapping[int, Months], top: int, depth: int = 0) -> tuple[Row, ...]:
    """The parts of a unit that stood in the period, the worst first, each followed by its own; what is directly
    with the whole is a row of its own, so that the rows of one depth come to it."""
    tree, asked = made.tree, made.asked
    parts = [
        one for one in tree.parts(top)
        if any(_there(tree, below, months, asked) for below in tree.whole(one))
    ]  # fmt: skip
    rows = list(_sorted([_row(made, one, months, whole=True, depth=depth) for one in parts], made.indicator))
    if any(key in months.get(top, {}) for key in asked.months) and (parts or depth == 0):
        rows.append(replace(_row(made, top, months, whole=False, depth=depth), own=None, direct=True))
    found: list[Row] = []
    for row in rows:
        found.append(row)
        if row.id != top and tree.parts(row.id):
            found.extend(_rows(made, months, row.id, depth + 1))
    return tuple(found)


def _counted(rows: Sequence[Row]) -> tuple[Row, ...]:
    """Those of whom anything was counted in the period itself."""
    return tuple(row for row in rows if any(row.figures.values()))


def _people(
    made: _Made, months: Mapping[int, Months], names: Mapping[int, str], agency: int, whose: Whose,
    waits: Times = NO_TIMES,
) -> tuple[Row, ...]:  # fmt: skip
    asked = made.asked
    then = asked.earlier
    rows = [
        Row(
            id=person, name=names[person], agency=agency, figures=made.figures(mine, [agency]),
            before=made.before(mine, [agency]) if any(key in mine for key in then) else None,
            trend=made.trend(mine, [agency]), missing=made.missing([agency]),
            waited=made.waited(waits, [person], [agency], asked.months),
            waited_before=made.waited(waits, [person], [agency], then),
        )
        for person, mine in months.items()
        if person in names
    ]  # fmt: skip
    by = next((one for one in (made.indicator, *INDICATORS) if one.person is whose), made.indicator)
    return _sorted(rows, by)


def _total(made: _Made, months: Mapping[int, Months], agencies: Sequence[int], *, name: str) -> Row:
    whole = _sum([months[one] for one in months])
    return Row(
        id=0, name=name, agency=0, figures=made.figures(whole, agencies),
        before=made.before(whole, agencies), trend=made.trend(whole, agencies), missing=made.missing(agencies),
    )  # fmt: skip


def _sorted(rows: Sequence[Row], by: Indicator) -> tuple[Row, ...]:
    return tuple(sorted(rows, key=lambda row: (rank(by, row.figures, row.name), row.id)))
