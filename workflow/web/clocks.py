"""Deadlines as words: "2 working days left · Thu 26/11", and how loud they are."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from workflow.domain.calendar import WorkingCalendar
from workflow.domain.deadlines import Measure, Remaining, remaining
from workflow.web.format import weekday
from workflow.web.i18n import _, ngettext

SOON = dt.timedelta(hours=4)
"""Less office time than this left: the clock turns yellow."""


@dataclass(frozen=True, slots=True)
class Clock:
    """What a deadline says, and the tone it says it in (`bad`, `warn`, `plain`)."""

    words: str
    tone: str


NO_DEADLINE = Clock("", "plain")


def clock(due: dt.datetime | None, now: dt.datetime, calendar: WorkingCalendar) -> Clock:
    """The distance to a due moment; empty where nothing is due."""
    if due is None:
        return NO_DEADLINE
    left = remaining(now, due, calendar)
    return Clock(f"{_distance(left)} · {weekday(due)}", _tone(left))


def _distance(left: Remaining) -> str:
    if left.overdue and left.amount == 0:
        return _("just overdue")
    return (_over if left.overdue else _left)(left.measure, left.amount)


def _left(measure: Measure, n: int) -> str:
    match measure:
        case Measure.DAYS:
            return ngettext("%(n)s working day left", "%(n)s working days left", n)
        case Measure.HOURS:
            return ngettext("%(n)s working hour left", "%(n)s working hours left", n)
        case Measure.MINUTES:
            return ngettext("%(n)s working minute left", "%(n)s working minutes left", n)


def _over(measure: Measure, n: int) -> str:
    match measure:
        case Measure.DAYS:
            return ngettext("%(n)s working day overdue", "%(n)s working days overdue", n)
        case Measure.HOURS:
            return ngettext("%(n)s working hour overdue", "%(n)s working hours overdue", n)
        case Measure.MINUTES:
            return ngettext("%(n)s working minute overdue", "%(n)s working minutes overdue", n)


def _tone(left: Remaining) -> str:
    if left.overdue:
        return "bad"
    return "warn" if left.time < SOON else "plain"
