"""The list behind each figure of a month: things in order of their keys, as the reader may see them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from workflow.domain.errors import NotFound
from workflow.domain.freezing import Difference, adjusted
from workflow.domain.indicators import COUNTS, Facts, Population, counted
from workflow.domain.people import Actor
from workflow.domain.permissions import Permission, Scope, demand
from workflow.services.figures import counting, provability, recounting
from workflow.services.figures.months import State, counted_as_of, moment, month_of
from workflow.services.rates import narrowed
from workflow.store import frozen_months as store
from workflow.store import month_facts
from workflow.store import rates as names
from workflow.store.models import FrozenMonth
from workflow.store.session import UnitOfWork

PAPERLESS = frozenset({Population.LEADERS, Population.ENTERED})
"""Populations whose things are no papers."""
LOST = "not_provable"
"""The list of what was fully signed at signing and is not provable today."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which figure of which month; `frozen`: as it was closed, without adjustments."""

    key: str
    agency_id: int
    count: str
    unit_id: int | None = None
    person_id: int | None = None
    frozen: bool = False
    as_of: dt.date | None = None
    below: bool = False
    """Of a bundle: the unit with everything below it."""


@dataclass(frozen=True, slots=True)
class Item:
    """A thing that a figure counted: where it stood, and its document or person as the reader may see it. Who was
    asked to explain lateness is named only to whoever may open the document."""

    key: int
    population: Population
    value: str
    unit: str
    person: str
    paper: Any = None


@dataclass(frozen=True, slots=True)
class Behind:
    """The list behind a figure, in whole and the part that is shown."""

    items: tuple[Item, ...]
    more: bool
    number: int
    state: State
    as_of: dt.datetime
    last: int = 0
    """Key of the last thing on this page, shown or left out."""
    left_out: int = 0
    """Things of this page about secret papers, which an inspection does not show; the number counts them."""


def behind(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, asked: Asked, reader: Scope, now: dt.datetime, after: int = 0,
    limit: int,
) -> Behind:  # fmt: skip
    """What a figure counted, by keyset: those with keys above `after`. As many queries for one as for thousands."""
    demand(actor, Permission.SEE_RATES)
    chosen = narrowed(scope, asked.agency_id)
    if asked.count == LOST:
        return _lost(uow, chosen, reader, asked, now=now, after=after, limit=limit)
    count = COUNTS.get(asked.count)
    if count is None or (asked.person_id is not None and count.population in counting.EXPLANATIONS):
        raise NotFound("figure_not_found")  # one person's number of explanations would name them as well
    period = month_of(asked.key, now)
    frozen = None if asked.as_of else store.closed_of(chosen, uow.session, asked.key)
    now = moment(period, asked.as_of, now)
    if frozen is None:
        facts: Facts = counted_as_of(uow, chosen, period, asked.as_of, now=now)[asked.agency_id]
    else:
        facts = recounting.frozen_facts(frozen)
        if not asked.frozen:
            facts = adjusted(facts, _differences(uow, frozen))
    keys = counted(facts, count, unit=asked.unit_id, person=asked.person_id)
    shown = [key for key in keys if key > after]
    over = State.OVER if period.is_over(now) else State.RUNNING
    items = _items(uow, chosen, reader, facts, count.population, shown[:limit])
    here = open_to(reader, items)
    return Behind(
        here, len(shown) > limit, len(keys), State.CLOSED if frozen else over, frozen.cut_off if frozen else now,
        last=items[-1].key if items else 0, left_out=len(items) - len(here),
    )  # fmt: skip


def open_to(reader: Scope, items: Sequence[Item]) -> tuple[Item, ...]:
    """Without those about secret papers where the reader's scope has none: an inspection."""
    if not reader.no_secrets:
        return tuple(items)
    return tuple(one for one in items if one.population in PAPERLESS or not is_secret(one.paper))


def is_secret(paper: Any) -> bool:
    """Of a paper as lists name it; one that is not known might be."""
    return paper is None or bool(paper.secret)


def _lost(
    uow: UnitOfWork, scope: Scope, reader: Scope, asked: Asked, *, now: dt.datetime, after: int, limit: int
) -> Behind:
    """What was fully signed at signing and is not provable today: always of today, closed or not."""
    period = month_of(asked.key, now)
    keys = provability.of_month(uow, scope, period, now=now).lost
    facts = counting.facts(uow, scope, period, now=now)[asked.agency_id]
    shown = [key for key in keys if key > after and (Population.ISSUED, key) in facts]
    items = _items(uow, scope, reader, facts, Population.ISSUED, shown[:limit])
    here = open_to(reader, items)
    return Behind(here, len(shown) > limit, len(keys), State.RUNNING, now, last=items[-1].key if items else 0,
                  left_out=len(items) - len(here))  # fmt: skip


def _differences(uow: UnitOfWork, frozen: FrozenMonth) -> list[Difference]:
    return [recounting.difference_of(one) for one in store.adjustments_of(uow.session, frozen.id)]


def _items(
    uow: UnitOfWork, scope: Scope, reader: Scope, facts: Facts, population: Population, keys: Sequence[int]
) -> tuple[Item, ...]:
    units = {row.id: row.name for row in names.units_of(scope, uow.session)}
    places = {key: facts[population, key] for key in keys}
    people = names.names_of(uow.session, {one.person for one in places.values() if one.person})
    papers = papers_of(uow, reader, population, keys)
    named = {key for key in keys if population not in counting.EXPLANATIONS or _opens(papers.get(key))}
    return tuple(
        Item(key, population, place.value, units.get(place.unit, ""),
             people.get(place.person or 0, "") if key in named else "", papers.get(key))
        for key, place in places.items()
    )  # fmt: skip


def _opens(paper: Any) -> bool:
    return paper is not None and bool(paper.readable)


def papers_of(uow: UnitOfWork, reader: Scope, population: Population, keys: Sequence[int]) -> Mapping[int, Any]:
    """The document of each key; none for leaders."""
    if not keys or population in PAPERLESS:
        return {}
    if population in counting.OUTGOING:
        return store.outgoing_named(reader, uow.session, keys)
    if population not in counting.EXPLANATIONS:
        return store.incoming_named(reader, uow.session, keys)
    papers = month_facts.papers_of_explanations(uow.session, keys)
    named = store.incoming_named(reader, uow.session, set(papers.values()))
    return {key: named[paper] for key, paper in papers.items() if paper in named}
