"""The working calendar as the database has it."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

from workflow.domain.calendar import WorkingCalendar
from workflow.domain.calendar_seed import FIRST, LAST
from workflow.store import office
from workflow.store.session import UnitOfWork


def working_calendar(uow: UnitOfWork) -> WorkingCalendar:
    """Working days and hours with every exception an administrator keeps.

    Built once for each set of exceptions, so that asking for it costs one small query.
    """
    return _built(tuple((row.day, row.working) for row in office.calendar_days(uow.session)))


@lru_cache(maxsize=4)
def _built(days: tuple[tuple[dt.date, bool], ...]) -> WorkingCalendar:
    known = [day for day, _working in days]
    first = dt.date(min([FIRST, *known]).year, 1, 1)
    last = dt.date(max([LAST, *known]).year + 1, 12, 31)
    return WorkingCalendar(first, last, overrides=dict(days))
