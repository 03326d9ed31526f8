"""The months before the present are closed, as the clock would have closed them, and counted again once."""

from __future__ import annotations

import datetime as dt

from workflow.domain.calendar import OFFICE_ZONE, WorkingCalendar
from workflow.domain.freezing import USUAL_DAY
from workflow.domain.jobs import rule
from workflow.domain.periods import Period, months_until, parse
from workflow.domain.permissions import Scope
from workflow.domain.schedules import ONE_DAY
from workflow.services.calendar import working_calendar
from workflow.services.figures import closing, counting, recounting
from workflow.store import month_facts
from workflow.store.session import Engine, unit_of_work

MONTHS = 6


def close_months(engine: Engine, *, now: dt.datetime) -> None:
    """Each on the third working day of the next one, at the clock's hour, by what is known today."""
    with unit_of_work(engine) as uow:
        calendar = working_calendar(uow)
    for month in months_until((now.astimezone(OFFICE_ZONE).date()).replace(day=1) - ONE_DAY, count=MONTHS):
        at = _closed_at(month, calendar)
        if at > now:
            continue
        with unit_of_work(engine) as uow:
            agencies = month_facts.agencies_in(uow.session, month.first, month.last)
            found = counting.facts(uow, Scope(agency_ids=tuple(agencies)), month, now=now)
        for agency in agencies:
            with unit_of_work(engine) as uow:
                closing.close_for_job(uow, agency_id=agency, what=month, facts=found[agency], now=at)
                uow.commit()
    _count_again(engine, now=now)


def _closed_at(month: Period, calendar: WorkingCalendar) -> dt.datetime:
    day = month.last + ONE_DAY
    while not calendar.is_working(day) or closing.working_days(calendar, day) < USUAL_DAY:
        day += ONE_DAY
    return rule("freeze").schedule.moment(day.isoformat())


def _count_again(engine: Engine, *, now: dt.datetime) -> None:
    with unit_of_work(engine) as uow:
        waiting = recounting.due(uow)
    for key in sorted({one.month for one in waiting}):
        mine = [one for one in waiting if one.month == key]
        with unit_of_work(engine) as uow:
            scope = Scope(agency_ids=tuple(one.agency_id for one in mine))
            found = counting.facts(uow, scope, parse(key), now=now)
        for one in mine:
            with unit_of_work(engine) as uow:
                recounting.recount(uow, frozen_id=one.id, found=found[one.agency_id], counted_at=now, now=now)
                uow.commit()
