"""Closing a month (Chốt số liệu): figures, their list and its digest are frozen together, and never reopened."""

from __future__ import annotations

import datetime as dt
import zlib
from collections.abc import Mapping

from workflow.domain.calendar import WorkingCalendar
from workflow.domain.errors import BadInput, Conflict, Refused
from workflow.domain.freezing import FIRST_DAY, LAST_DAY, USUAL_DAY, content, sealed
from workflow.domain.indicators import VERSION, Facts, tally
from workflow.domain.people import SYSTEM_ACTOR, Actor
from workflow.domain.periods import Period, month, months_until, parse
from workflow.domain.permissions import Permission, Scope, demand
from workflow.services import journal
from workflow.services.figures import counting, own_settings
from workflow.services.figures.own_settings import own_agency, reasoned
from workflow.store import frozen_months as store
from workflow.store import month_facts, office
from workflow.store.models import FrozenMonth
from workflow.store.session import UnitOfWork

DAY = own_settings.number(name="closing", key="day", tag="figures:day:changed", usual=USUAL_DAY)
subject = own_settings.subject
"""The chain that closed months, adjustments and drift are written to."""
CAUGHT_UP = 4
"""Months that are looked at: the one before, and three that nobody closed when it was their time."""


def closing_day(uow: UnitOfWork, agency_id: int) -> int:
    """On which working day of a month the month before is closed."""
    return DAY.of(uow, agency_id)


def to_close(uow: UnitOfWork, period: str, calendar: WorkingCalendar) -> tuple[tuple[Period, tuple[int, ...]], ...]:
    """What the clock closes on a working day, the oldest month first: the month before it, of every agency whose
    day has come; and what a machine out of order left open of the three before that, whose days are long over.

    `period`: that day's name. Of months that were over before the journal began nothing was recorded: they stay.
    """
    day = dt.date.fromisoformat(period)
    newest = month(day).before
    place, began = working_days(calendar, day), month_facts.began(uow.session)
    found = []
    for one in months_until(newest.first, count=CAUGHT_UP):
        if one != newest and (began is None or one.end <= began):
            continue
        there = month_facts.agencies_in(uow.session, one.first, one.last)
        closed = store.closed_by(uow.session, there, one.key)
        days = closing_days(uow, there)
        due = (key for key in there if key not in closed and (one != newest or days[key] <= place))
        found.append((one, tuple(due)))
    return tuple(found)


def working_days(calendar: WorkingCalendar, day: dt.date) -> int:
    """Which working day of its month a day is, or the last one before it."""
    return sum(calendar.is_working(day.replace(day=n)) for n in range(1, day.day + 1))


def closing_days(uow: UnitOfWork, agencies: list[int]) -> Mapping[int, int]:
    """The same for many. One query."""
    return DAY.of_many(uow, agencies)


def close_for_job(uow: UnitOfWork, *, agency_id: int, what: Period, facts: Facts, now: dt.datetime) -> FrozenMonth:
    """By the clock. `facts`: counted at `now`, before the write phase; what is done since is an adjustment."""
    return _close(uow, SYSTEM_ACTOR, agency_id, what, facts=facts, reason="", now=now)


def close_by_hand(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, period: str, reason: str, now: dt.datetime
) -> FrozenMonth:
    """An administrator closes a month of their agency before the clock does, with a reason.

    Raises `Refused("month_not_over")`, `Conflict("month_closed")`, `BadInput("reason_needed")`.
    """
    demand(actor, Permission.MANAGE_SETTINGS)
    agency_id, words = own_agency(actor, scope), reasoned(reason, action="month")
    what = parse(period)
    if what.key != month(what.first).key or not what.is_over(now):
        raise Refused("month_not_over")
    found = counting.facts(uow, Scope(agency_ids=(agency_id,)), what, now=now)[agency_id]
    return _close(uow, actor, agency_id, what, facts=found, reason=words, now=now)


def _close(
    uow: UnitOfWork, actor: Actor, agency_id: int, what: Period, *, facts: Facts, reason: str, now: dt.datetime
) -> FrozenMonth:
    made = content(facts, agency=agency_id, month=what.key, start=what.start, end=what.end, cut_off=now)
    data, digest = sealed(made)
    body = uow.compute(zlib.compress, data, 9)
    uow.begin_write()
    office.lock_agency(uow.session, agency_id)
    if store.closed_by(uow.session, (agency_id,), what.key):
        raise Conflict("month_closed")
    row = FrozenMonth(
        agency_id=agency_id, month=what.key, cut_off=now, definition=VERSION, things=len(facts), body=body,
        digest=digest, closed_by_id=actor.person_id, reason=reason,
    )  # fmt: skip
    uow.add(row)
    uow.flush()
    store.add_rows(
        uow.session,
        [
            {"frozen_id": row.id, "unit_id": unit, "person_id": person, "population": str(population),
             "value": value, "number": number}
            for (unit, person, population, value), number in tally(facts).items()
        ],
    )  # fmt: skip
    told = {
        "month": what.key, "cut_off": journal.utc(now), "definition": VERSION, "things": len(facts),
        "digest": digest, "reason": reason,
    }  # fmt: skip
    journal.record(uow, subject=subject(agency_id), tag="figures:month:closed", facts=told, actor=actor, now=now)
    return row


def change_day(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, day: int, seen: int, reason: str, now: dt.datetime
) -> int:
    """Close the months of the actor's agency on another working day from now on; the day that held before."""
    own_agency(actor, scope)
    return DAY.change(
        uow, actor, wanted=day, seen=seen, reason=reason, now=now, check=lambda: _demand_day(day),
        outrun=Conflict("closing_day_changed"), same=Refused("closing_day_same"),
    )  # fmt: skip


def _demand_day(day: int) -> None:
    if not FIRST_DAY <= day <= LAST_DAY:
        raise BadInput("closing_day", least=FIRST_DAY, most=LAST_DAY)
