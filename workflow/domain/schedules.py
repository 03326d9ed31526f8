"""When a job is due. A schedule names periods; it never looks at a clock of its own.

A period's name comes from the schedule (`2026-11-23`, `2026-11-23T07:15`), so that two processes, or one that
comes back after a crash, mean the same period by the same name. Names of one schedule sort as their moments do. A
run that a person asks for is named by the moment of asking, with its seconds (`2026-11-23T09:15:40`), which no
schedule names.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Protocol

from workflow.domain.calendar import OFFICE_ZONE, WorkingCalendar, office_time
from workflow.domain.errors import BadInput

ONE_DAY = dt.timedelta(days=1)
_WEEKDAYS = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")

LONGEST_BREAK = 400
"""Days without work that a schedule looks back over to find its latest period."""


class Schedule(Protocol):
    """What jobs ask of a schedule."""

    def backwards(self, now: dt.datetime, calendar: WorkingCalendar) -> Iterator[str]:
        """Periods whose moment has come, the latest first."""

    def moment(self, period: str) -> dt.datetime:
        """The moment a period stands for: the cut-off of what it reports."""

    def next_after(self, now: dt.datetime, calendar: WorkingCalendar) -> str | None:
        """The first period whose moment is still to come; None where the calendar ends before it."""

    def words(self) -> str:
        """The schedule in words, for the shell and the documentation."""


def due(schedule: Schedule, now: dt.datetime, calendar: WorkingCalendar, *, newest: int = 1) -> tuple[str, ...]:
    """The newest periods whose moment has come, the oldest of them first."""
    return tuple(reversed(list(islice(schedule.backwards(now, calendar), newest))))


def asked_at(period: str) -> dt.datetime:
    """The moment of asking, of a run that a person asked for."""
    return _read(period, "%Y-%m-%dT%H:%M:%S")


def name_of_asking(now: dt.datetime) -> str:
    """How a run that a person asks for is named."""
    return f"{office_time(now):%Y-%m-%dT%H:%M:%S}"


@dataclass(frozen=True, slots=True)
class WorkingMorning:
    """Every working day at an hour of the office's clock."""

    at: dt.time

    def backwards(self, now: dt.datetime, calendar: WorkingCalendar) -> Iterator[str]:
        """Working days whose hour has struck."""
        today = office_time(now).date()
        for n in range(LONGEST_BREAK):
            day = today - n * ONE_DAY
            if day < calendar.first:
                return
            if calendar.is_working(day) and _at(day, self.at) <= now:
                yield day.isoformat()

    def moment(self, period: str) -> dt.datetime:
        """The hour on that day."""
        return _at(_day(period), self.at)

    def next_after(self, now: dt.datetime, calendar: WorkingCalendar) -> str | None:
        """The next working day, or today before the hour."""
        day = office_time(now).date()
        while day <= calendar.last:
            if calendar.is_working(day) and _at(day, self.at) > now:
                return day.isoformat()
            day += ONE_DAY
        return None

    def words(self) -> str:
        """`working days 07:00`."""
        return f"working days {self.at:%H:%M}"


@dataclass(frozen=True, slots=True)
class MonthBegins:
    """The first so many working days of every month at an hour of the office's clock."""

    days: int
    at: dt.time

    def backwards(self, now: dt.datetime, calendar: WorkingCalendar) -> Iterator[str]:
        """Such days whose hour has struck."""
        first = office_time(now).date().replace(day=1)
        while first >= calendar.first:
            for day in reversed(self._of(first, calendar)):
                if _at(day, self.at) <= now:
                    yield day.isoformat()
            first = (first - ONE_DAY).replace(day=1)

    def moment(self, period: str) -> dt.datetime:
        """The hour on that day."""
        return _at(_day(period), self.at)

    def next_after(self, now: dt.datetime, calendar: WorkingCalendar) -> str | None:
        """The next such day of this month or of the one after it."""
        first = office_time(now).date().replace(day=1)
        for month in (first, (first + 31 * ONE_DAY).replace(day=1)):
            for day in self._of(month, calendar):
                if _at(day, self.at) > now:
                    return day.isoformat()
        return None

    def words(self) -> str:
        """`first 10 working days 06:00`."""
        return f"first {self.days} working days {self.at:%H:%M}"

    def _of(self, first: dt.date, calendar: WorkingCalendar) -> list[dt.date]:
        found: list[dt.date] = []
        day = first
        while day.month == first.month and day <= calendar.last and len(found) < self.days:
            if calendar.is_working(day):
                found.append(day)
            day += ONE_DAY
        return found


@dataclass(frozen=True, slots=True)
class Daily:
    """Every day at an hour of the office's clock."""

    at: dt.time

    def backwards(self, now: dt.datetime, calendar: WorkingCalendar) -> Iterator[str]:
        """Today, or before the hour yesterday, and the days before."""
        day = office_time(now).date()
        if _at(day, self.at) > now:
            day -= ONE_DAY
        while True:
            yield day.isoformat()
            day -= ONE_DAY

    def moment(self, period: str) -> dt.datetime:
        """The hour on that day."""
        return _at(_day(period), self.at)

    def next_after(self, now: dt.datetime, calendar: WorkingCalendar) -> str | None:
        """Today before the hour, else tomorrow."""
        today = office_time(now).date()
        return (today if _at(today, self.at) > now else today + ONE_DAY).isoformat()

    def words(self) -> str:
        """`daily 02:30`."""
        return f"daily {self.at:%H:%M}"


@dataclass(frozen=True, slots=True)
class Weekly:
    """One day a week (0: Monday) at an hour of the office's clock."""

    weekday: int
    at: dt.time

    def backwards(self, now: dt.datetime, calendar: WorkingCalendar) -> Iterator[str]:
        """The last such day whose hour has struck, and those before it."""
        today = office_time(now).date()
        day = today - (today.weekday() - self.weekday) % 7 * ONE_DAY
        if _at(day, self.at) > now:
            day -= 7 * ONE_DAY
        while True:
            yield day.isoformat()
            day -= 7 * ONE_DAY

    def moment(self, period: str) -> dt.datetime:
        """The hour on that day."""
        return _at(_day(period), self.at)

    def next_after(self, now: dt.datetime, calendar: WorkingCalendar) -> str | None:
        """The next such day, or today before the hour."""
        last = _day(next(self.backwards(now, calendar)))
        return (last + 7 * ONE_DAY).isoformat()

    def words(self) -> str:
        """`Sundays 04:00`."""
        return f"{_WEEKDAYS[self.weekday]} {self.at:%H:%M}"


@dataclass(frozen=True, slots=True)
class Every:
    """Every so many minutes, counted from midnight; a number that a day is divided by."""

    minutes: int

    def __post_init__(self) -> None:
        if 24 * 60 % self.minutes:
            raise BadInput("schedule_minutes", minutes=self.minutes)

    def backwards(self, now: dt.datetime, calendar: WorkingCalendar) -> Iterator[str]:
        """The present period, and those before it."""
        begun = self._begun(now)
        while True:
            yield f"{begun:%Y-%m-%dT%H:%M}"
            begun -= dt.timedelta(minutes=self.minutes)

    def moment(self, period: str) -> dt.datetime:
        """Its beginning."""
        return _read(period, "%Y-%m-%dT%H:%M")

    def next_after(self, now: dt.datetime, calendar: WorkingCalendar) -> str | None:
        """When the present one is over."""
        return f"{self._begun(now) + dt.timedelta(minutes=self.minutes):%Y-%m-%dT%H:%M}"

    def words(self) -> str:
        """`every 1 min`."""
        return f"every {self.minutes} min"

    def _begun(self, now: dt.datetime) -> dt.datetime:
        local = office_time(now)
        minute = (local.hour * 60 + local.minute) // self.minutes * self.minutes
        return local.replace(hour=minute // 60, minute=minute % 60, second=0, microsecond=0)


def _at(day: dt.date, hour: dt.time) -> dt.datetime:
    return dt.datetime.combine(day, hour, OFFICE_ZONE)


def _day(period: str) -> dt.date:
    try:
        return dt.date.fromisoformat(period)
    except ValueError as error:
        raise BadInput("period_unreadable", text=period) from error


def _read(period: str, pattern: str) -> dt.datetime:
    try:
        return dt.datetime.strptime(period, pattern).replace(tzinfo=OFFICE_ZONE)
    except ValueError as error:
        raise BadInput("period_unreadable", text=period) from error
