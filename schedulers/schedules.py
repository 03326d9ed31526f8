"""When a job is due. A schedule names periods; it never looks at a clock of its own.

A period's name comes from the schedule (`2026-11-23`, `2026-11-23T07:15`), so that two processes, or one that
comes back after a crash, mean the same period by the same name. `due` also names recent periods that may have
been missed; the ledger knows which of them are done.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Protocol

from workflow.domain.calendar import OFFICE_ZONE, WorkingCalendar, office_time
from workflow.domain.errors import BadInput

ONE_DAY = dt.timedelta(days=1)
_WEEKDAYS = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")


class Schedule(Protocol):
    """What the runner asks of a schedule."""

    def due(self, now: dt.datetime, calendar: WorkingCalendar) -> tuple[str, ...]:
        """Periods whose moment has come, missed ones included, the oldest first."""

    def moment(self, period: str) -> dt.datetime:
        """The moment a period stands for: the cut-off of what it reports."""

    def words(self) -> str:
        """The schedule in words, for the administrator's page."""


@dataclass(frozen=True, slots=True)
class WorkingMorning:
    """Every working day at an hour of the office's clock. `back`: days whose missed periods are made up for."""

    at: dt.time
    back: int = 7

    def due(self, now: dt.datetime, calendar: WorkingCalendar) -> tuple[str, ...]:
        """The working days of the last week whose hour has struck."""
        today = office_time(now).date()
        days = (today - n * ONE_DAY for n in range(self.back, -1, -1))
        return tuple(
            day.isoformat() for day in days if calendar.is_working(day) and self.moment(day.isoformat()) <= now
        )

    def moment(self, period: str) -> dt.datetime:
        """The hour on that day."""
        return dt.datetime.combine(_day(period), self.at, OFFICE_ZONE)

    def words(self) -> str:
        """`working days 07:00`."""
        return f"working days {self.at:%H:%M}"


@dataclass(frozen=True, slots=True)
class Daily:
    """Every day at an hour of the office's clock; only the last period is ever made up for."""

    at: dt.time

    def due(self, now: dt.datetime, calendar: WorkingCalendar) -> tuple[str, ...]:
        """Today, or before the hour yesterday."""
        today = office_time(now).date()
        return ((today if self.moment(today.isoformat()) <= now else today - ONE_DAY).isoformat(),)

    def moment(self, period: str) -> dt.datetime:
        """The hour on that day."""
        return dt.datetime.combine(_day(period), self.at, OFFICE_ZONE)

    def words(self) -> str:
        """`daily 02:30`."""
        return f"daily {self.at:%H:%M}"


@dataclass(frozen=True, slots=True)
class Weekly:
    """One day a week (0: Monday) at an hour of the office's clock; only the last period is ever made up for."""

    weekday: int
    at: dt.time

    def due(self, now: dt.datetime, calendar: WorkingCalendar) -> tuple[str, ...]:
        """The last such day whose hour has struck."""
        today = office_time(now).date()
        last = today - (today.weekday() - self.weekday) % 7 * ONE_DAY
        return ((last if self.moment(last.isoformat()) <= now else last - 7 * ONE_DAY).isoformat(),)

    def moment(self, period: str) -> dt.datetime:
        """The hour on that day."""
        return dt.datetime.combine(_day(period), self.at, OFFICE_ZONE)

    def words(self) -> str:
        """`Sundays 04:00`."""
        return f"{_WEEKDAYS[self.weekday]} {self.at:%H:%M}"


@dataclass(frozen=True, slots=True)
class Every:
    """Every so many minutes, counted from midnight; what was missed is not made up for."""

    minutes: int

    def due(self, now: dt.datetime, calendar: WorkingCalendar) -> tuple[str, ...]:
        """The present period only."""
        local = office_time(now)
        minute = (local.hour * 60 + local.minute) // self.minutes * self.minutes
        return (f"{local:%Y-%m-%d}T{minute // 60:02d}:{minute % 60:02d}",)

    def moment(self, period: str) -> dt.datetime:
        """Its beginning."""
        try:
            return dt.datetime.strptime(period, "%Y-%m-%dT%H:%M").replace(tzinfo=OFFICE_ZONE)
        except ValueError as error:
            raise BadInput("period_unreadable", text=period) from error

    def words(self) -> str:
        """`every 1 min`."""
        return f"every {self.minutes} min"


def _day(period: str) -> dt.date:
    try:
        return dt.date.fromisoformat(period)
    except ValueError as error:
        raise BadInput("period_unreadable", text=period) from error
