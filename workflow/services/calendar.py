"""The working calendar as the database has it."""

from __future__ import annotations

import datetime as dt

from workflow.domain.calendar import WorkingCalendar
from workflow.domain.calendar_seed import FIRST, LAST
from workflow.store import office
from workflow.store.session import UnitOfWork

KEPT = 4
"""Calendars kept in memory; more than one only where a process serves several databases."""

_known: dict[str, WorkingCalendar] = {}


def working_calendar(uow: UnitOfWork) -> WorkingCalendar:
    """Working days and hours with every exception an administrator keeps.

    Built once for each set of exceptions; whether it is still the same one costs a small query.
    """
    mark = office.calendar_mark(uow.session)
    found = _known.get(mark)
    if found is None:
        if len(_known) >= KEPT:
            _known.clear()
        found = _known[mark] = _built(uow)
    return found


def _built(uow: UnitOfWork) -> WorkingCalendar:
    days = {row.day: row.working for row in office.calendar_days(uow.session)}
    first = dt.date(min([FIRST, *days]).year, 1, 1)
    last = dt.date(max([LAST, *days]).year + 1, 12, 31)
    return WorkingCalendar(first, last, overrides=days)
