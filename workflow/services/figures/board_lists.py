"""The list behind a figure of a board: of a period of several months, and of a unit with everything below it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from workflow.domain.boards import NATURES, Nature, Tree, months_of
from workflow.domain.errors import NotFound
from workflow.domain.freezing import adjusted
from workflow.domain.indicators import COUNTS, Count, Facts, Place, counted
from workflow.domain.people import Actor
from workflow.domain.periods import Kind, Period, months_until
from workflow.domain.permissions import Permission, Scope, demand
from workflow.services.figures import counting, recounting
from workflow.services.figures.board_months import LIVE
from workflow.services.figures.month_lists import Item, open_to, papers_of
from workflow.services.journal import local_day
from workflow.services.rates import narrowed
from workflow.store import boards as store
from workflow.store import frozen_months
from workflow.store import rates as names
from workflow.store.models import FigureAdjustment, FrozenMonth
from workflow.store.session import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which figure: of whom, over which months. `unit_id`: with everything below it, unless `alone`."""

    period: Period
    agency_id: int
    count: str
    unit_id: int | None = None
    person_id: int | None = None
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """A part of the list with the month of each thing, and how many there are in all."""

    items: tuple[tuple[Period, Item], ...]
    number: int
    more: bool
    missing: tuple[Period, ...]
    last: str = ""
    """Month and key of the last thing on this page, shown or left out."""
    closed: bool = False
    """The list is of one closed month, so that a bundle proves it."""
    left_out: int = 0
    """Things of this page about secret papers, which an inspection does not show; the number counts them."""


After = tuple[str, int]
"""Month and key of the last thing shown."""


def behind(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, wanted: Wanted, reader: Scope, now: dt.datetime,
    after: After = ("", 0), limit: int,
) -> Found:  # fmt: skip
    """What a figure of a board counted: the months in order, in each by keyset."""
    demand(actor, Permission.SEE_RATES)
    chosen = narrowed(scope, wanted.agency_id)
    count = COUNTS.get(wanted.count)
    if count is None or (wanted.person_id is not None and count.population in counting.EXPLANATIONS):
        raise NotFound("figure_not_found")
    if wanted.period.kind is Kind.SPAN or wanted.period.start > now:
        raise NotFound("report_not_found")
    tree = Tree(store.nodes(chosen, uow.session, agencies_only=False))
    if wanted.unit_id is not None and wanted.unit_id not in tree.nodes:
        raise NotFound("unit_not_found")
    units = _units(tree, wanted)
    lists, missing = _facts(uow, chosen, wanted, count, now=now)
    keys = [(month, key) for month, facts in lists for key in _keys(facts, count, units, wanted.person_id)]
    rest = [(month, key) for month, key in keys if (month.key, key) > after]
    shown = list(islice(rest, limit))
    known = {month.key: facts for month, facts in lists}
    places = [(month, key, known[month.key][count.population, key]) for month, key in shown]
    items = tuple(_items(uow, reader, count, places, {one: node.name for one, node in tree.nodes.items()}))
    open_ones = {id(one) for one in open_to(reader, [one for _month, one in items])}
    here = tuple(pair for pair in items if id(pair[1]) in open_ones)
    last = f"{shown[-1][0].key}.{shown[-1][1]}" if shown else ""
    closed = wanted.period.kind is Kind.MONTH and frozen_months.closed_of(chosen, uow.session, wanted.period.key)
    return Found(
        here, len(keys), len(rest) > limit, missing, last=last, left_out=len(items) - len(here), closed=bool(closed)
    )


def _units(tree: Tree, wanted: Wanted) -> Collection[int] | None:
    if wanted.unit_id is None:
        return None
    return (wanted.unit_id,) if wanted.alone else tree.whole(wanted.unit_id)


def _keys(facts: Facts, count: Count, units: Collection[int] | None, person: int | None) -> Iterator[int]:
    for key in counted(facts, count, person=person):
        if units is None or facts[count.population, key].unit in units:
            yield key


def _facts(
    uow: UnitOfWork, scope: Scope, wanted: Wanted, count: Count, *, now: dt.datetime
) -> tuple[list[tuple[Period, Facts]], tuple[Period, ...]]:
    """The facts of each month that such a figure is made of, and months that nobody closed."""
    begun = [one for one in months_of(wanted.period) if one.start <= now]
    taken = {Nature.FLOW: begun, Nature.START: begun[:1], Nature.END: begun[-1:]}[NATURES[count.population]]
    frozen = {row.month: row for row in store.frozen_months(scope, uow.session, months=[one.key for one in taken])}
    changes: dict[int, list[FigureAdjustment]] = {row.id: [] for row in frozen.values()}
    for change in store.adjustments(uow.session, changes) if changes else ():
        changes[change.frozen_id].append(change)
    live = {one.key for one in months_until(local_day(now), count=LIVE)}
    found: list[tuple[Period, Facts]] = []
    missing: list[Period] = []
    for one in taken:
        row = frozen.get(one.key)
        if row is not None:
            found.append((one, _closed(row, changes[row.id])))
        elif one.key in live:
            only = frozenset({count.population})
            found.append((one, counting.facts(uow, scope, one, now=now, only=only)[wanted.agency_id]))
        else:
            missing.append(one)
    return found, tuple(missing)


def _closed(row: FrozenMonth, changes: Sequence[FigureAdjustment]) -> Facts:
    return adjusted(recounting.frozen_facts(row), map(recounting.difference_of, changes))


def _items(
    uow: UnitOfWork, reader: Scope, count: Count, places: Sequence[tuple[Period, int, Place]],
    units: Mapping[int, str],
) -> Iterator[tuple[Period, Item]]:  # fmt: skip
    """As in a month's own list: who was asked to explain is named only to who may open the document."""
    people = names.names_of(uow.session, {place.person for _month, _key, place in places if place.person})
    papers = papers_of(uow, reader, count.population, [key for _month, key, _place in places])
    for month, key, place in places:
        paper = papers.get(key)
        named = count.population not in counting.EXPLANATIONS or (paper is not None and bool(paper.readable))
        person = people.get(place.person or 0, "") if named else ""
        yield month, Item(key, count.population, place.value, units.get(place.unit, ""), person, paper)
