"""Targets of indicators: for a unit and what is below it, from a month on. The newest one that covers a month
counts; every one that was ever set is kept, with who and why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from workflow.domain.errors import BadInput, Conflict, NotFound, NotPermitted
from workflow.domain.indicators import INDICATORS
from workflow.domain.people import Actor
from workflow.domain.periods import Kind, parse
from workflow.domain.permissions import Permission, Scope, demand
from workflow.domain.text import clean
from workflow.services import journal
from workflow.store import entered as store
from workflow.store import office
from workflow.store.models import FigureTarget
from workflow.store.session import UnitOfWork

WORDS = 500
MOST = Decimal(10) ** 9
WHOLE = Decimal(100)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A target as somebody asks for it. `goal`: a number, or nothing to take it away; `last_month`: nothing: until
    another one is set; `seen`: the newest target when the page was made."""

    unit_id: int
    indicator: str
    goal: str
    first_month: str
    last_month: str = ""
    reason: str
    seen: int


Goals = Mapping[tuple[int, str], Decimal]
"""(unit, indicator) → its target."""


def set_target(uow: UnitOfWork, actor: Actor, scope: Scope, *, wanted: Wanted, now: dt.datetime) -> FigureTarget:
    """Set a target for a unit of the actor's agency.

    Raises `BadInput` (`reason_needed`, `target_number`, `target_share`, `period_unreadable`, `period_reversed`),
    `Conflict("target_changed")`, `NotFound`.
    """
    demand(actor, Permission.MANAGE_SETTINGS)
    if actor.agency_id is None or actor.agency_id not in scope.agency_ids:
        raise NotPermitted("no_post")
    own = Scope(agency_ids=(actor.agency_id,))
    words = clean(wanted.reason, multiline=True)
    if not words:
        raise BadInput("reason_needed", action="target")
    goal = number(wanted.goal)
    if goal and Decimal(goal) > WHOLE and wanted.indicator in {one.name for one in INDICATORS}:
        raise BadInput("target_share", text=wanted.goal)
    for month in (wanted.first_month, *([wanted.last_month] if wanted.last_month else [])):
        if parse(month).kind is not Kind.MONTH:
            raise BadInput("period_unreadable", text=month)
    if wanted.last_month and wanted.last_month < wanted.first_month:
        raise BadInput("period_reversed", first=wanted.first_month, last=wanted.last_month)
    _demand_known(uow, own, wanted.indicator)
    store.unit_in(own, uow.session, wanted.unit_id)
    uow.begin_write()
    office.lock_agency(uow.session, actor.agency_id)
    if store.newest_target(own, uow.session) != wanted.seen:
        raise Conflict("target_changed")
    row = FigureTarget(
        agency_id=actor.agency_id, unit_id=wanted.unit_id, indicator=wanted.indicator, goal=goal,
        first_month=wanted.first_month, last_month=wanted.last_month, reason=words[:WORDS],
        set_by_id=actor.person_id, set_at=now,
    )  # fmt: skip
    uow.add(row)
    uow.flush()
    told = {"target": row.id, "unit": row.unit_id, "indicator": row.indicator, "goal": row.goal,
            "first_month": row.first_month, "last_month": row.last_month, "reason": row.reason}  # fmt: skip
    journal.record(
        uow, subject=f"figures:{actor.agency_id}", tag="figures:target:set", facts=told, actor=actor, now=now
    )
    return row


def number(text: str) -> str:
    """A decimal number as it is kept; empty for nothing."""
    words = text.strip().replace(",", ".")
    if not words:
        return ""
    try:
        found = Decimal(words)
    except InvalidOperation as error:
        raise BadInput("target_number", text=text) from error
    if not found.is_finite() or not 0 <= found <= MOST or found != round(found, 4):
        raise BadInput("target_number", text=text)
    return f"{found:f}"


def _demand_known(uow: UnitOfWork, scope: Scope, name: str) -> None:
    if name in {one.name for one in INDICATORS}:
        return
    kind, _colon, key = name.partition(":")
    if kind != "entered" or not key.isascii() or not key.isdigit():
        raise NotFound("figure_not_found")
    store.indicator(scope, uow.session, int(key))


def goals(uow: UnitOfWork, agency_id: int, *, month: str) -> Goals:
    """What holds in a month for the agency and each of its units: their own target, else that of the unit above,
    up to the agency and the agencies above it. One query."""
    return goals_of(uow, (agency_id,), month=month)


def goals_of(uow: UnitOfWork, agencies: Sequence[int], *, month: str) -> Goals:
    """The same of many agencies. One query, too."""
    own: dict[tuple[int, str], str] = {}
    parents: dict[int, int | None] = {}
    for unit, parent, indicator, goal in store.aims(uow.session, agencies, month=month):  # the newest first
        parents[unit] = parent
        if indicator is not None:
            own.setdefault((unit, indicator), goal)
    names = {indicator for _unit, indicator in own}
    inherited = {(unit, name): _inherited(own, parents, unit, name) for unit in parents for name in names}
    return {place: Decimal(goal) for place, goal in inherited.items() if goal}


def _inherited(own: Mapping[tuple[int, str], str], parents: Mapping[int, int | None], unit: int, name: str) -> str:
    place: int | None = unit
    seen: set[int] = set()
    while place is not None and place not in seen:
        seen.add(place)
        if goal := own.get((place, name)):
            return goal
        place = parents.get(place)
    return ""
