"""Boards of agencies, of one agency's units and leaders, of one unit and of one person: the worst first.

Every figure is a number of facts (`domain.indicators`), so that it leads to its list; rates are made of counts.
Closed months come with their adjustments. The number of queries does not grow with agencies, units or months.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from workflow.domain.boards import (
    Tree,
    gathered,
    in_units,
    populations_of,
    rank,
    times,
)
from workflow.domain.errors import NotFound
from workflow.domain.indicators import INDICATORS, Indicator, Population, Whose
from workflow.domain.people import Actor
from workflow.domain.periods import Period, parse
from workflow.domain.permissions import Permission, Scope, demand
from workflow.services.figures.board_months import Asked, Read, read
from workflow.services.figures.board_rows import NO_TIMES, Made, Months, Row, Times, row_of, summed
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

    @property
    def missing_before(self) -> tuple[Period, ...]:
        """The same of the period compared with."""
        return self.total.missing_before


def of_agencies(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, asked: Asked, indicator: Indicator, every: bool = False
) -> Board:
    """Every agency of a scope, the worst first; with all indicators where `every`, else with the one."""
    demand(actor, Permission.SEE_RATES)
    tree = _tree(uow, scope, asked, agencies_only=True)
    found = read(
        uow, scope, asked, stock=WAITING, trend=populations_of(INDICATORS if every else [indicator]) | TIMED,
        stood=_stood(tree, asked), by_part=False,
    )  # fmt: skip
    made = Made(asked, tree, found, indicator, times(found.lines, lambda line: line[0]))
    months = gathered(found.lines, lambda line: line[0])
    rows = [row_of(made, one, months, whole=False) for one in tree.nodes if _there(tree, one, months, asked)]
    groups = [
        row_of(made, one, months, whole=True)
        for one, node in tree.nodes.items()
        if node.parent in tree.nodes and any(_there(tree, part, months, asked) for part in tree.parts(one))
    ]
    return Board(
        asked=asked, indicator=indicator, total=_total(made, months, name=""),
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
    total = row_of(made, top, months, whole=True)
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
        replace(row_of(made, one, months, whole=False), own=None)
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
    return Closed(row_of(made, agency_id, months, whole=True), _rows(made, months, agency_id))


def _one(uow: UnitOfWork, scope: Scope, asked: Asked, indicator: Indicator, *, closed: bool = False) -> Made:
    tree = _tree(uow, scope, asked, agencies_only=False)
    there = {} if closed else _stood(tree, asked)
    agencies = {one: months for one, months in there.items() if one in scope.agency_ids}
    stock, trend = frozenset(Population) if closed else STOCK, populations_of(INDICATORS) | TIMED
    found = read(uow, scope, asked, stock=stock, trend=trend, stood=agencies, by_part=True)
    return Made(asked, tree, found, indicator, times(found.lines, lambda line: line[2]))


def _tree(uow: UnitOfWork, scope: Scope, asked: Asked, *, agencies_only: bool) -> Tree:
    """With the names of then where the period is over."""
    then = None if asked.running else asked.period.end
    return Tree(store.nodes(scope, uow.session, agencies_only=agencies_only, called_at=then))


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


def _rows(made: Made, months: Mapping[int, Months], top: int, depth: int = 0) -> tuple[Row, ...]:
    """The parts of a unit that stood in the period, the worst first, each followed by its own; what is directly
    with the whole is a row of its own, so that the rows of one depth come to it."""
    tree, asked = made.tree, made.asked
    parts = [
        one for one in tree.parts(top)
        if any(_there(tree, below, months, asked) for below in tree.whole(one))
    ]  # fmt: skip
    rows = list(_sorted([row_of(made, one, months, whole=True, depth=depth) for one in parts], made.indicator))
    if any(key in months.get(top, {}) for key in asked.months) and (parts or depth == 0):
        rows.append(replace(row_of(made, top, months, whole=False, depth=depth), own=None, direct=True))
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
    made: Made, months: Mapping[int, Months], names: Mapping[int, str], agency: int, whose: Whose,
    waits: Times = NO_TIMES,
) -> tuple[Row, ...]:  # fmt: skip
    asked = made.asked
    then = asked.earlier
    rows = [
        Row(
            id=person, name=names[person], agency=agency, figures=made.figures(mine, [agency]),
            before=made.before(mine, [agency]) if any(key in mine for key in then) else None,
            trend=made.trend(mine, [agency]), missing=made.missing([agency]),
            missing_before=made.missing([agency], then),
            waited=made.waited(waits, [person], [agency], asked.months),
            waited_before=made.waited(waits, [person], [agency], then),
        )
        for person, mine in months.items()
        if person in names
    ]  # fmt: skip
    by = next((one for one in (made.indicator, *INDICATORS) if one.person is whose), made.indicator)
    return _sorted(rows, by)


def _total(made: Made, months: Mapping[int, Months], *, name: str) -> Row:
    """All agencies together, those that stood then and are gone included."""
    whole, every, then = summed(list(months.values())), tuple(made.tree.nodes), made.asked.earlier
    return Row(
        id=0, name=name, agency=0, figures=made.figures(whole, every), before=made.before(whole, every),
        trend=made.trend(whole, every), missing=made.missing(every), missing_before=made.missing(every, then),
        waited=made.waited(made.times, every, every, made.asked.months),
        waited_before=made.waited(made.times, every, every, then),
    )  # fmt: skip


def _sorted(rows: Sequence[Row], by: Indicator) -> tuple[Row, ...]:
    return tuple(sorted(rows, key=lambda row: (rank(by, row.figures, row.name), row.id)))
