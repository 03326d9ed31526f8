"""Working days and working hours of an office, each question answered from cumulative sums.

The days off are data (`calendar_seed`, then rows an administrator edits with the document that orders them);
this module only counts. A swap ordered by the Government makes a Saturday a working day of full hours.
Counting follows the habit of public offices: the day of receipt is not counted, a due day ends with the
office's last hour, and eight working hours make one working day.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate, pairwise
from zoneinfo import ZoneInfo

from workflow.domain.errors import BadInput, Missing

OFFICE_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
"""+07:00 all year: no daylight saving, so every office day has 24 hours."""

SATURDAY = 5
SUNDAY = 6
HOURS_PER_DAY = 8
ZERO = dt.timedelta(0)


@dataclass(frozen=True, slots=True)
class Span:
    """One stretch of office time, for example 07:30–11:30."""

    start: dt.time
    end: dt.time

    def __post_init__(self) -> None:
        if self.start >= self.end:
            raise BadInput("office_hours_reversed", start=self.start, end=self.end)

    @property
    def length(self) -> dt.timedelta:
        """Working time inside the stretch."""
        return _since_midnight(self.end) - _since_midnight(self.start)


FULL_DAY = (Span(dt.time(7, 30), dt.time(11, 30)), Span(dt.time(13), dt.time(17)))


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """When a unit is open.

    `weekday` also holds on a make-up Saturday. `saturday` is for units that receive people every Saturday
    (many one-stop desks, in the morning); empty means that Saturdays are off. A Saturday with any hours
    counts as a working day of the unit.
    """

    weekday: tuple[Span, ...] = FULL_DAY
    saturday: tuple[Span, ...] = ()

    def __post_init__(self) -> None:
        if not self.weekday:
            raise BadInput("office_hours_empty")
        for spans in (self.weekday, self.saturday):
            for earlier, later in pairwise(spans):
                if later.start < earlier.end:
                    raise BadInput("office_hours_overlap", start=later.start)


class WorkingCalendar:
    """Working time of one unit between two dates (both included).

    `overrides` says for single dates whether they are worked, whatever the weekday. Built once and shared:
    two numbers per day. Day questions are O(1); adding hours is a binary search.
    """

    __slots__ = ("_days", "_days_until", "_overrides", "_time_until", "first", "hours", "last")

    def __init__(
        self,
        first: dt.date,
        last: dt.date,
        *,
        overrides: Mapping[dt.date, bool],
        hours: OfficeHours | None = None,
    ) -> None:
        if last < first:
            raise BadInput("calendar_reversed", first=first, last=last)
        self.first = first
        self.last = last
        self.hours = hours or OfficeHours()
        self._overrides = dict(overrides)
        every = [first + dt.timedelta(days=n) for n in range((last - first).days + 1)]
        spans = [self._planned(day) for day in every]
        self._days = [day for day, open_spans in zip(every, spans, strict=True) if open_spans]
        self._days_until = [0, *accumulate(1 if open_spans else 0 for open_spans in spans)]
        self._time_until = [ZERO, *accumulate(sum((s.length for s in day), ZERO) for day in spans)]

    def is_working(self, day: dt.date) -> bool:
        """Is the office open at any hour of this day?"""
        index = self._index(day)
        return self._days_until[index + 1] > self._days_until[index]

    def spans(self, day: dt.date) -> tuple[Span, ...]:
        """The office hours of one date; empty on a day off."""
        self._index(day)
        return self._planned(day)

    def add_working_days(self, day: dt.date, count: int) -> dt.date:
        """The `count`-th working day after `day`, which itself is not counted.

        0 gives the day itself, or the next working day when it is off (Civil Code, Article 148.5, for a
        term that ends on a day off); a negative count goes back.
        """
        if count > 0:
            target = self._days_until[self._index(day) + 1] + count - 1
        else:
            target = self._days_until[self._index(day)] + count
        if not 0 <= target < len(self._days):
            raise Missing("calendar_too_short", day=day, count=count, first=self.first, last=self.last)
        return self._days[target]

    def working_days_between(self, start: dt.date, end: dt.date) -> int:
        """Working days after `start` up to and including `end`; negative when `end` is the earlier one."""
        return self._days_until[self._index(end) + 1] - self._days_until[self._index(start) + 1]

    def closing(self, day: dt.date) -> dt.datetime:
        """The last office moment of a date; of a day off, that of the next working day."""
        return self._at(worked := self.add_working_days(day, 0), self._planned(worked)[-1].end)

    def opening(self, day: dt.date) -> dt.datetime:
        """The first office moment of a date; of a day off, that of the next working day."""
        return self._at(worked := self.add_working_days(day, 0), self._planned(worked)[0].start)

    def working_time_between(self, start: dt.datetime, end: dt.datetime) -> dt.timedelta:
        """Office time from one moment to another; negative when `end` is the earlier one."""
        return self._elapsed(end) - self._elapsed(start)

    def working_hours_between(self, start: dt.datetime, end: dt.datetime) -> float:
        """`working_time_between` in hours."""
        return self.working_time_between(start, end) / dt.timedelta(hours=1)

    def add_working_hours(self, moment: dt.datetime, hours: float) -> dt.datetime:
        """The first moment at which `hours` of office time have passed; 8 from opening give closing."""
        return self.add_working_time(moment, dt.timedelta(hours=hours))

    def add_working_time(self, moment: dt.datetime, time: dt.timedelta) -> dt.datetime:
        """The first moment at which `time` of office time has passed; zero gives the moment itself."""
        if time < ZERO:
            raise BadInput("working_time_negative", time=time)
        if time == ZERO:
            return office_time(moment)
        target = self._elapsed(moment) + time
        index = bisect_left(self._time_until, target) - 1
        if index + 1 >= len(self._time_until):
            raise Missing("calendar_too_short", day=moment.date(), first=self.first, last=self.last)
        day = self.first + dt.timedelta(days=index)
        rest = target - self._time_until[index]
        for span in self._planned(day):
            if rest <= span.length:
                return self._at(day, span.start) + rest
            rest -= span.length
        raise AssertionError("the sums disagree with the hours")

    def _planned(self, day: dt.date) -> tuple[Span, ...]:
        override = self._overrides.get(day)
        if override is not None:
            return self.hours.weekday if override else ()
        match day.weekday():
            case 6:
                return ()
            case 5:
                return self.hours.saturday
            case _:
                return self.hours.weekday

    def _index(self, day: dt.date) -> int:
        if not self.first <= day <= self.last:
            raise Missing("calendar_too_short", day=day, first=self.first, last=self.last)
        return (day - self.first).days

    def _elapsed(self, moment: dt.datetime) -> dt.timedelta:
        local = office_time(moment)
        passed = self._time_until[self._index(local.date())]
        clock = dt.timedelta(
            hours=local.hour, minutes=local.minute, seconds=local.second, microseconds=local.microsecond
        )
        for span in self._planned(local.date()):
            passed += min(max(clock - _since_midnight(span.start), ZERO), span.length)
        return passed

    @staticmethod
    def _at(day: dt.date, clock: dt.time) -> dt.datetime:
        return dt.datetime.combine(day, clock, OFFICE_ZONE)


def office_time(moment: dt.datetime) -> dt.datetime:
    """The same moment on the clock of Vietnamese offices; a moment without a zone is refused."""
    if moment.tzinfo is None:
        raise BadInput("moment_without_zone", moment=moment)
    return moment.astimezone(OFFICE_ZONE)


def _since_midnight(clock: dt.time) -> dt.timedelta:
    return dt.timedelta(hours=clock.hour, minutes=clock.minute, seconds=clock.second)
