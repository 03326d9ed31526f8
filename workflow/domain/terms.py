"""How long an office has for an incoming document: terms, due dates (Decree 30/2020, Art. 24.2) and step clocks.

A term counts from the day of receipt, which itself is not counted; it ends with the office's last hour. A term in
days that ends on a day off ends on the next working day (Civil Code, Art. 148.5). *No deadline* is an answer of its
own: about six in ten documents have none, and they stand outside all on-time figures.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from workflow.domain.calendar import WorkingCalendar, office_time
from workflow.domain.deadlines import IMMEDIATE, ISSUE_DAYS, STATE_LIMIT
from workflow.domain.errors import BadInput
from workflow.domain.incoming import State


class Measure(StrEnum):
    """What a term counts."""

    NONE = "none"
    DAYS = "days"
    WORKING_DAYS = "working_days"
    HOURS = "hours"
    """Office hours: eight make a working day."""


class DueKind(StrEnum):
    """Where a document's due moment comes from."""

    UNDECIDED = "undecided"
    NONE = "none"
    GIVEN = "given"
    RULE = "rule"


LONGEST = {Measure.DAYS: 3 * 366, Measure.WORKING_DAYS: 3 * 250, Measure.HOURS: 3 * 250 * 8}
"""Three years; more is a slip of the keyboard."""


@dataclass(frozen=True, slots=True)
class Term:
    """`amount` of what `measure` counts; 0 for `NONE`."""

    measure: Measure
    amount: int = 0

    def __post_init__(self) -> None:
        if self.measure is Measure.NONE:
            if self.amount:
                raise BadInput("term_amount", amount=self.amount)
        elif not 1 <= self.amount <= LONGEST[self.measure]:
            raise BadInput("term_amount", amount=self.amount)


def term_end(term: Term, start: dt.datetime, calendar: WorkingCalendar) -> dt.datetime | None:
    """When a term that begins with a receipt at `start` ends; None where there is no deadline."""
    day = office_time(start).date()
    match term.measure:
        case Measure.NONE:
            return None
        case Measure.DAYS:
            return calendar.closing(day + dt.timedelta(days=term.amount))
        case Measure.WORKING_DAYS:
            return calendar.closing(calendar.add_working_days(day, term.amount))
        case Measure.HOURS:
            return calendar.add_working_hours(start, term.amount)


def due_on(day: dt.date, calendar: WorkingCalendar) -> dt.datetime:
    """The end of a date that somebody named: its last office hour, or that of the next working day."""
    return calendar.closing(day)


def shifted(
    due: dt.datetime, pauses: Sequence[tuple[dt.datetime, dt.datetime]], calendar: WorkingCalendar
) -> dt.datetime:
    """A due moment after the clock stood still: later by the office time of each pause that began before it.

    Never earlier than it was; a pause outside office hours moves nothing.
    """
    for began, ended in sorted(pauses):
        if began < due and ended > began:
            stood = calendar.working_time_between(began, ended)
            left = calendar.working_time_between(began, due)
            due = calendar.add_working_time(max(ended, began), left) if stood and left else due
    return due


def due_under(
    term: Mapping[str, Any], stood: Sequence[tuple[dt.datetime, dt.datetime]], calendar: WorkingCalendar
) -> dt.datetime | None:
    """The due moment that a stored term and the ended pauses make under a calendar; None without a deadline.

    A term from the day of receipt is moved by every pause, a day that somebody named only by what came after they
    named it.
    """
    if not term:
        return None
    if "day" in term:
        base: dt.datetime | None = due_on(dt.date.fromisoformat(term["day"]), calendar)
        since = dt.datetime.fromisoformat(term["since"]) if "since" in term else None
        stood = [(max(began, since) if since else began, ended) for began, ended in stood]
    else:
        start = dt.datetime.fromisoformat(term["from"])
        base = term_end(Term(Measure(term["measure"]), int(term["amount"])), start, calendar)
    return None if base is None else shifted(base, stood, calendar)


def step_due(
    state: State, since: dt.datetime, calendar: WorkingCalendar, *, urgent: bool, due_at: dt.datetime | None,
    paused: bool = False,
) -> dt.datetime | None:  # fmt: skip
    """When the present step of an incoming document becomes overdue; None where no clock runs.

    Arrived to registered, registered to submitted: the same day, at the latest the next working day (Art. 4.2c,
    23.1); urgent ones at once (`IMMEDIATE`). Other steps before the work: eight working hours. The work itself has
    the document's own due moment.
    """
    if paused:
        return None
    match state:
        case State.DONE | State.FILED | State.RETURNED | State.RECALLED:
            return None
        case State.IN_PROGRESS:
            return due_at
        case _ if urgent:
            return calendar.add_working_time(since, IMMEDIATE)
        case State.ARRIVED | State.CHECKED | State.REGISTERED:
            return calendar.closing(calendar.add_working_days(office_time(since).date(), ISSUE_DAYS))
        case _:
            return calendar.add_working_time(since, STATE_LIMIT)
