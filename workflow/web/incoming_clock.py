"""What is said about the time an incoming document has: left, over, standing still, none, or done in time."""

from __future__ import annotations

import datetime as dt
from typing import Any

from workflow.domain.calendar import WorkingCalendar
from workflow.domain.terms import DueKind
from workflow.web import format
from workflow.web.clocks import Clock, clock
from workflow.web.i18n import _


def due_clock(row: Any, now: dt.datetime, calendar: WorkingCalendar) -> Clock:
    """The words about a document's own due date; `row` is a document or a row of the list."""
    if row.done_at is not None:
        return _done(row)
    if row.paused_since is not None:
        return Clock(_("clock stopped since %(day)s", day=format.day(row.paused_since)), "plain")
    if row.due_at is not None:
        return clock(row.due_at, now, calendar)
    return Clock(_("no deadline") if row.due_kind == DueKind.NONE else "", "plain")


def _done(row: Any) -> Clock:
    day = format.day(row.done_at)
    if row.due_at is not None and row.done_at > row.due_at:
        return Clock(_("done on %(day)s, late", day=day), "bad")
    return Clock(_("done on %(day)s", day=day), "plain")
