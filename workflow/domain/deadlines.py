"""When a step is due, and how far away that is.

For outgoing documents the first rule that speaks is used:
1. the due date somebody gave: the end of office hours that day (a given moment is taken as it is);
2. after the leader's signature, Decree 30/2020/NĐ-CP, Article 18.1: issued on the day of signature, at the
   latest on the next working day; an urgent document at once;
3. else eight working hours in one state.
"At once" has no number in the decree: `IMMEDIATE` is ours and is counted apart.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from workflow.domain.calendar import HOURS_PER_DAY, WorkingCalendar, office_time

STATE_LIMIT = dt.timedelta(hours=HOURS_PER_DAY)
"""Working time one state may take when nothing else was said."""

IMMEDIATE = dt.timedelta(minutes=30)
"""Working time in which an urgent document is to move on ("immediately" in Articles 4.2c, 18.1, 23.1)."""

ISSUE_DAYS = 1
"""Working days after the day of signature in which an ordinary document is to be issued (Article 18.1)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What an agency may set for itself."""

    state: dt.timedelta = STATE_LIMIT
    immediate: dt.timedelta = IMMEDIATE
    issue_days: int = ISSUE_DAYS


class Rule(StrEnum):
    """Which rule made the due moment; reports keep them apart."""

    GIVEN = "given"
    URGENT = "urgent"
    SIGNED = "signed"
    STATE = "state"


@dataclass(frozen=True, slots=True)
class Due:
    """A due moment and the rule behind it."""

    at: dt.datetime
    rule: Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """The facts about a document that stands in one state.

    `given_due`: the due date or moment somebody set. `signed_at`: when the leader signed, None before that.
    """

    entered_at: dt.datetime
    given_due: dt.date | dt.datetime | None = None
    signed_at: dt.datetime | None = None
    urgent: bool = False


def step_due(waiting: Waiting, calendar: WorkingCalendar, *, limits: Limits | None = None) -> Due:
    """The moment after which an open outgoing document is overdue where it stands."""
    limits = limits or Limits()
    if waiting.given_due is not None:
        return Due(_end_of(waiting.given_due, calendar), Rule.GIVEN)
    if waiting.signed_at is not None and waiting.urgent:
        return Due(calendar.add_working_time(waiting.signed_at, limits.immediate), Rule.URGENT)
    if waiting.signed_at is not None:
        return Due(issue_due(waiting.signed_at, calendar, days=limits.issue_days), Rule.SIGNED)
    return Due(calendar.add_working_time(waiting.entered_at, limits.state), Rule.STATE)


def issue_due(signed_at: dt.datetime, calendar: WorkingCalendar, *, days: int = ISSUE_DAYS) -> dt.datetime:
    """Article 18.1: the end of office hours on the working day after the day of signature."""
    return calendar.closing(calendar.add_working_days(office_time(signed_at).date(), days))


class Direction(StrEnum):
    """On which side of its due moment something is."""

    LEFT = "left"
    OVER = "over"


class Measure(StrEnum):
    """What the number counts, so that "0 days left" is never shown."""

    DAYS = "days"
    HOURS = "hours"
    MINUTES = "minutes"


@dataclass(frozen=True, slots=True)
class Remaining:
    """A distance in office time that one sentence can show: "2 working days left", "3 working days over"."""

    direction: Direction
    amount: int
    measure: Measure
    time: dt.timedelta

    @property
    def overdue(self) -> bool:
        """Has the due moment passed?"""
        return self.direction is Direction.OVER


def is_overdue(now: dt.datetime, due: dt.datetime) -> bool:
    """Overdue begins after the due moment, not at it."""
    return now > due


def remaining(now: dt.datetime, due: dt.datetime, calendar: WorkingCalendar) -> Remaining:
    """The distance from now to a due moment.

    Whole working days when the two dates differ by at least one (Monday 10:00 to Wednesday 17:00 is two
    days), else hours and minutes of office time, rounded down. Past due in a night or on a day off counts
    as over by 0 minutes until the office opens again.
    """
    over = is_overdue(now, due)
    early, late = (due, now) if over else (now, due)
    direction = Direction.OVER if over else Direction.LEFT
    days, time = calendar.distance(early, late)
    if days >= 1:
        return Remaining(direction, days, Measure.DAYS, time)
    minutes = int(time / dt.timedelta(minutes=1))
    if minutes >= 60:
        return Remaining(direction, minutes // 60, Measure.HOURS, time)
    return Remaining(direction, minutes, Measure.MINUTES, time)


def _end_of(given: dt.date | dt.datetime, calendar: WorkingCalendar) -> dt.datetime:
    if isinstance(given, dt.datetime):
        return office_time(given)
    return calendar.closing(given)
