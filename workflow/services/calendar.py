"""The working calendar as the database has it, as it was, and its changes.

One calendar holds for the whole installation, so an agency at the top of the tree keeps it. A change moves the due
moments of open steps; which ones is shown before it is saved.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any

from workflow.domain.calendar import OfficeHours, WorkingCalendar
from workflow.domain.calendar_seed import FIRST, LAST
from workflow.domain.deadlines import Waiting, step_due
from workflow.domain.errors import BadInput, Conflict, NotPermitted, Refused
from workflow.domain.outgoing import AFTER_SIGNATURE, State, Urgency
from workflow.domain.people import Actor
from workflow.domain.periods import midnight
from workflow.domain.permissions import Permission, demand
from workflow.domain.saturdays import hours_of
from workflow.domain.text import clean
from workflow.services import journal
from workflow.services.recalculating import Calendars, Flip, by_calendar, write
from workflow.store import calendar as store
from workflow.store import office
from workflow.store.models import CalendarDay, Outgoing
from workflow.store.session import UnitOfWork

KEPT = 32
"""Calendars kept in memory: one for each way to spend Saturdays, more where a process serves several databases."""

FARTHEST = 5
"""Years ahead that may be written down; plans come one year ahead at most."""

_known: dict[tuple[str, str], WorkingCalendar] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class DayRule:
    """What holds on one day, and the paper that orders it (`decree`)."""

    working: bool
    name_vi: str
    name_en: str = ""
    decree: str = ""


def working_calendar(uow: UnitOfWork, unit_id: int | None = None) -> WorkingCalendar:
    """Working days and hours with every exception an administrator keeps; of a unit, with its Saturdays.

    Built once for each set of exceptions and hours; whether it is still the same one costs a small query, and
    another one for a unit.
    """
    return calendars(uow)("" if unit_id is None else office.saturday_of(uow.session, unit_id))


def calendars(uow: UnitOfWork) -> Callable[[str], WorkingCalendar]:
    """The same for many units at once: from a unit's Saturdays as they are stored to its calendar. One small query,
    and another one for a calendar that is not in memory yet."""
    mark = office.calendar_mark(uow.session)
    return lambda saturday: _kept(mark, saturday)


def _kept(mark: str, saturday: str) -> WorkingCalendar:
    found = _known.get((mark, saturday))
    if found is None:
        if len(_known) >= KEPT:
            _known.clear()
        found = _known[mark, saturday] = built(_days_in(mark), hours_of(saturday))
    return found


def _days_in(mark: str) -> dict[dt.date, bool]:
    """The mark names every exceptional day and whether it is worked."""
    parts = (one.split("=") for one in mark.split(",") if one)
    return {dt.date.fromisoformat(day): working in {"1", "true"} for day, working in parts}


def calendar_at(uow: UnitOfWork, moment: dt.datetime) -> tuple[WorkingCalendar, bool]:
    """The calendar as it was, and whether days were changed since: a report made again counts with the days that
    were known at its cut-off.
    """
    mark = office.calendar_mark(uow.session)
    days, changed = _days_at(uow, moment, _days_in(mark))
    return (built(days), True) if changed else (_kept(mark, ""), False)


def days_at(uow: UnitOfWork, moment: dt.datetime) -> tuple[dict[dt.date, bool], bool]:
    """Every day that was written down at a moment, and whether any was changed since."""
    return _days_at(uow, moment, days_kept(uow))


def calendars_then(
    uow: UnitOfWork, changes: Sequence[tuple[dt.datetime, str]]
) -> Callable[[dt.datetime], WorkingCalendar]:
    """The same for several moments. `changes`: when and what (a body of the journal) of every one since the first
    of them, the latest first. One small query."""
    mark = office.calendar_mark(uow.session)

    def then(moment: dt.datetime) -> WorkingCalendar:
        bodies = [body for at, body in changes if at > moment]
        return built(_taken_back(_days_in(mark), bodies)) if bodies else _kept(mark, "")

    return then


def _days_at(uow: UnitOfWork, moment: dt.datetime, days: dict[dt.date, bool]) -> tuple[dict[dt.date, bool], bool]:
    bodies = store.changes_since(uow.session, moment)
    return _taken_back(days, bodies), bool(bodies)


def _taken_back(days: dict[dt.date, bool], bodies: Sequence[str]) -> dict[dt.date, bool]:
    for body in bodies:  # the latest first
        facts: dict[str, Any] = json.loads(body)["facts"]
        day, before = dt.date.fromisoformat(facts["day"]), facts["before"]
        if before is None:
            days.pop(day, None)
        else:
            days[day] = bool(before["working"])
    return days


def step_due_of(document: Outgoing, calendar: WorkingCalendar) -> dt.datetime:
    """When the present step of an open document becomes overdue under a calendar."""
    waiting = Waiting(
        entered_at=document.state_since,
        given_due=document.due_at,
        signed_at=document.signed_at if State(document.state) in AFTER_SIGNATURE else None,
        urgent=document.urgency != Urgency.NORMAL,
    )
    return step_due(waiting, calendar).at


def preview(uow: UnitOfWork, actor: Actor, day: dt.date, *, rule: DayRule | None, now: dt.datetime) -> list[Flip]:
    """Which open documents' due moments a change would move; `rule` None: the ordinary week again.

    Outgoing ones first, then incoming ones; six queries, however many are open.
    """
    _demand(uow, actor, day, now=now)
    incoming = by_calendar(uow, _ways_to_count(uow, day, rule), start=midnight(day))
    return [
        *(flip for _document, flip in _flips(uow, day, rule)),
        *(flip for moved in incoming for flip in moved.flips()),
    ]


def change_day(
    uow: UnitOfWork,
    actor: Actor,
    day: dt.date,
    *,
    rule: DayRule | None,
    reason: str,
    seen: str,
    now: dt.datetime,
) -> int:
    """Write down what holds on a day and move the open deadlines with it; answers how many documents moved.

    `seen`: the mark (`mark_of`) of what the administrator was shown. Raises `BadInput` (`reason_needed`,
    `calendar_decree_needed`, `calendar_day_past`, `calendar_day_far`), `Conflict("calendar_day_changed")`,
    `Refused("calendar_day_same")`, `NotPermitted`.
    """
    _demand(uow, actor, day, now=now)
    words = clean(reason, multiline=True)
    if not words:
        raise BadInput("reason_needed", action="calendar")
    if rule is not None and not rule.decree:
        raise BadInput("calendar_decree_needed")
    uow.begin_write()
    row = store.day(uow.session, day)
    if mark_of(row) != seen:
        raise Conflict("calendar_day_changed")
    before = _facts(row)
    after = asdict(rule) if rule else None
    if before == after:
        raise Refused("calendar_day_same")
    moved = _flips(uow, day, rule)
    incoming = by_calendar(uow, _ways_to_count(uow, day, rule), start=midnight(day), lock=True)
    for document, flip in moved:
        document.step_due_at = flip.after
    _write(uow, row, day, rule)
    count = len(moved) + len(incoming)
    facts = {"day": day.isoformat(), "before": before, "after": after, "reason": words, "moved": count}
    journal.record(uow, subject=store.SUBJECT, tag="calendar:day:changed", facts=facts, actor=actor, now=now)
    because = {"day": day.isoformat(), "decree": rule.decree if rule else "", "reason": words}
    write(uow, actor, incoming, because=because, now=now)
    return count


def mark_of(row: CalendarDay | None) -> str:
    """A text that differs whenever what stands for a day does."""
    return "" if row is None else json.dumps(_facts(row), ensure_ascii=False, sort_keys=True)


def may_change(uow: UnitOfWork, actor: Actor) -> bool:
    """Only an agency with nobody above it keeps the calendar, since it holds for all below too."""
    return actor.agency_id is not None and office.unit(uow.session, actor.agency_id).parent_id is None


def _demand(uow: UnitOfWork, actor: Actor, day: dt.date, *, now: dt.datetime) -> None:
    """Days that have passed stand: figures, deadlines and reports were counted with them."""
    demand(actor, Permission.MANAGE_SETTINGS)
    if not may_change(uow, actor):
        raise NotPermitted("calendar_of_the_top")
    today = journal.local_day(now)
    if day < today:
        raise BadInput("calendar_day_past")
    if day.year > today.year + FARTHEST:
        raise BadInput("calendar_day_far", year=today.year + FARTHEST)


def calendars_by_hours(days: dict[dt.date, bool]) -> Callable[[str], WorkingCalendar]:
    """These days with anybody's Saturdays, each way to spend them built once."""
    return cache(lambda saturday: built(days, hours_of(saturday)))


def _with(uow: UnitOfWork, day: dt.date, rule: DayRule | None) -> dict[dt.date, bool]:
    days = days_kept(uow)
    days.pop(day, None)
    if rule is not None:
        days[day] = rule.working
    return days


def _ways_to_count(uow: UnitOfWork, day: dt.date, rule: DayRule | None) -> Calendars:
    as_is, then = calendars_by_hours(days_kept(uow)), calendars_by_hours(_with(uow, day, rule))
    return Calendars(lambda _unit, saturday: as_is(saturday), lambda _unit, saturday: then(saturday))


def _flips(uow: UnitOfWork, day: dt.date, rule: DayRule | None) -> list[tuple[Outgoing, Flip]]:
    calendar = built(_with(uow, day, rule))
    rows = store.due_from(uow.session, midnight(day), reason="the calendar is the whole installation's")
    found = []
    for document, agency in rows:
        before, after = document.step_due_at, step_due_of(document, calendar)
        if after != before:
            state = State(document.state)
            found.append(
                (document, Flip(document.id, document.code, document.symbol, agency, state, before, after))
            )
    return found


def _write(uow: UnitOfWork, row: CalendarDay | None, day: dt.date, rule: DayRule | None) -> None:
    if rule is None:
        if row is not None:
            uow.session.delete(row)
    elif row is None:
        uow.add(CalendarDay(day=day, seeded=False, **asdict(rule)))
    else:
        row.working, row.name_vi, row.name_en = rule.working, rule.name_vi, rule.name_en
        row.decree, row.seeded = rule.decree, False
    uow.flush()


def _facts(row: CalendarDay | None) -> dict[str, Any] | None:
    if row is None:
        return None
    return {"working": row.working, "name_vi": row.name_vi, "name_en": row.name_en, "decree": row.decree}


def days_kept(uow: UnitOfWork) -> dict[dt.date, bool]:
    """Every day that is written down, and whether it is worked."""
    return {row.day: row.working for row in office.calendar_days(uow.session)}


def built(days: dict[dt.date, bool], hours: OfficeHours | None = None) -> WorkingCalendar:
    """A calendar of these days, long enough for any term."""
    first = dt.date(min([FIRST, *days]).year, 1, 1)
    last = dt.date(max([LAST, *days]).year + 1, 12, 31)
    return WorkingCalendar(first, last, overrides=days, hours=hours)
