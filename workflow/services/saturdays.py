"""When a unit is open on Saturdays: shown what moves, then changed from the next day on."""

from __future__ import annotations

import datetime as dt

from workflow.domain.errors import BadInput, Conflict, Refused
from workflow.domain.people import Actor
from workflow.domain.periods import midnight
from workflow.domain.permissions import Permission, Scope, demand
from workflow.domain.saturdays import changed, hours_of, spans_of, written
from workflow.domain.text import clean
from workflow.services import journal
from workflow.services.calendar import calendars_by_hours, days_kept
from workflow.services.recalculating import Calendars, Flip, Moved, by_calendar, write
from workflow.store import people as store
from workflow.store.models import Unit
from workflow.store.session import UnitOfWork


def hours_on(unit: Unit, day: dt.date) -> str:
    """The Saturday hours that hold on a day, as people write them; empty where Saturdays are off."""
    return written(hours_of(unit.saturday).saturday_on(day))


def preview(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, unit_id: int, hours: str, now: dt.datetime
) -> list[Flip]:
    """Which open documents' due moments other Saturdays of a unit would move."""
    demand(actor, Permission.MANAGE_PEOPLE)
    unit = store.unit(scope, uow.session, unit_id)
    stored = _stored(unit, hours, now=now)
    return [flip for moved in _moved(uow, unit, stored, now=now, lock=False) for flip in moved.flips()]


def change(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, unit_id: int, hours: str, reason: str, seen: str,
    now: dt.datetime,
) -> int:  # fmt: skip
    """Set a unit's Saturdays from tomorrow on; how many open documents moved.

    `seen`: what was stored when the page was made. Raises `BadInput`, `Conflict("saturday_changed")`,
    `Refused("saturday_same")`.
    """
    demand(actor, Permission.MANAGE_PEOPLE)
    words = clean(reason, multiline=True)
    if not words:
        raise BadInput("reason_needed", action="calendar")
    uow.begin_write()
    unit = store.unit(scope, uow.session, unit_id)
    if unit.saturday != seen:
        raise Conflict("saturday_changed")
    stored = _stored(unit, hours, now=now)
    moved = _moved(uow, unit, stored, now=now, lock=True)
    facts = {
        "before": unit.saturday, "after": stored, "since": _since(now).isoformat(), "reason": words,
        "moved": len(moved),
    }  # fmt: skip
    unit.saturday = stored
    uow.flush()
    journal.record(uow, subject=f"unit:{unit_id}", tag="unit:saturday:changed", facts=facts, actor=actor, now=now)
    write(uow, actor, moved, because={"unit": unit_id, "saturday": stored, "reason": words}, now=now)
    return len(moved)


def _stored(unit: Unit, hours: str, *, now: dt.datetime) -> str:
    spans = spans_of(hours)
    if spans == hours_of(unit.saturday).saturday_on(_since(now)):
        raise Refused("saturday_same")
    return changed(unit.saturday, spans, since=_since(now))


def _moved(uow: UnitOfWork, unit: Unit, stored: str, *, now: dt.datetime, lock: bool) -> list[Moved]:
    """Both calendars have the present days; only this unit's own Saturdays differ between them."""
    plain = calendars_by_hours(days_kept(uow))
    both = Calendars(
        lambda _unit, saturday: plain(saturday),
        lambda found, saturday: plain(stored if found == unit.id else saturday),
    )
    return by_calendar(uow, both, start=midnight(_since(now)), unit_id=unit.id, lock=lock)


def _since(now: dt.datetime) -> dt.date:
    return journal.local_day(now) + dt.timedelta(days=1)
