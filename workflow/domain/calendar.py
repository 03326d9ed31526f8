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
MICROSECOND = dt.timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Span:
    """One stretch of office time, for example 07:30–11:30."""

    start: dt.time
    end: dt.time

    def __post_init__(self) -> None:
        if self.start >= self.end:
            raise BadInput("office_hours_reversed", start=self.start, end=self.end)


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
    changes: tuple[tuple[dt.date, tuple[Span, ...]], ...] = ()
    """Saturdays from a date on, the oldest first: what was counted before a change stays as it was counted."""

    def __post_init__(self) -> None:
        if not self.weekday:
            raise BadInput("office_hours_empty")
        for spans in (self.weekday, self.saturday, *(later for _day, later in self.changes)):
            for earlier, later in pairwise(spans):
                if later.start < earlier.end:
                    raise BadInput("office_hours_overlap", start=later.start)

    def saturday_on(self, day: dt.date) -> tuple[Span, ...]:
        """The hours of one Saturday."""
        found = self.saturday
        for start, spans in self.changes:
            if day >= start:
                found = spans
        return found


class WorkingCalendar:
    """Working time of one unit between two dates (both included).

    `overrides` says for single dates whether they are worked, whatever the weekday. Built once and shared:
    two numbers per day. Day questions are O(1); adding hours is a binary search.
    """

    __slots__ = ("_days", "_days_until", "_first", "_overrides", "_plan", "_time_until", "first", "hours", "last")

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
        self._first = first.toordinal()
        self._overrides = dict(overrides)
        every = [first + dt.timedelta(days=n) for n in range((last - first).days + 1)]
        changed = (spans for _day, spans in self.hours.changes)
        known = {(), self.hours.weekday, self.hours.saturday, *changed}
        stretches = {spans: _stretches(spans) for spans in known}
        self._plan = [stretches[self._planned(day)] for day in every]
        self._days = [day for day, plan in zip(every, self._plan, strict=True) if plan]
        self._days_until = [0, *accumulate(1 if plan else 0 for plan in self._plan)]
        self._time_until = [0, *accumulate(sum(length for _start, length in plan) for plan in self._plan)]

    def is_working(self, day: dt.date) -> bool:
        """Is the office open at any hour of this day?"""
        index = self._index(day)
        return self._days_until[index + 1] > self._days_until[index]

    def is_open(self, moment: dt.datetime) -> bool:
        """Is it office time at this moment? The last moment of a stretch is not."""
        local = office_time(moment)
        clock = local.time()
        return any(span.start <= clock < span.end for span in self.spans(local.date()))

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
        return (self._place(end)[1] - self._place(start)[1]) * MICROSECOND

    def distance(self, start: dt.datetime, end: dt.datetime) -> tuple[int, dt.timedelta]:
        """Working days between the two dates and office time between the two moments, in one go."""
        start_index, start_time = self._place(start)
        end_index, end_time = self._place(end)
        days = self._days_until[end_index + 1] - self._days_until[start_index + 1]
        return days, (end_time - start_time) * MICROSECOND

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
        target = self._place(moment)[1] + time // MICROSECOND
        index = bisect_left(self._time_until, target) - 1
        if index >= len(self._plan):
            raise Missing("calendar_too_short", day=moment.date(), first=self.first, last=self.last)
        rest = target - self._time_until[index]
        midnight = self._at(self.first + dt.timedelta(days=index), dt.time(0))
        for start, length in self._plan[index]:
            if rest <= length:
                return midnight + (start + rest) * MICROSECOND
            rest -= length
        raise AssertionError("the sums disagree with the hours")

    def _planned(self, day: dt.date) -> tuple[Span, ...]:
        override = self._overrides.get(day)
        if override is not None:
            return self.hours.weekday if override else ()
        match day.weekday():
            case 6:
                return ()
            case 5:
                return self.hours.saturday_on(day)
            case _:
                return self.hours.weekday

    def _index(self, day: dt.date) -> int:
        index = day.toordinal() - self._first
        if not 0 <= index < len(self._plan):
            raise Missing("calendar_too_short", day=day, first=self.first, last=self.last)
        return index

    def _place(self, moment: dt.datetime) -> tuple[int, int]:
        """The day's place in the calendar, and the microseconds of office time from its first day on."""
        local = office_time(moment)
        index = self._index(local)
        clock = _microseconds(local)
        passed = self._time_until[index]
        for start, length in self._plan[index]:
            if clock <= start:
                break
            passed += min(clock - start, length)
        return index, passed

    @staticmethod
    def _at(day: dt.date, clock: dt.time) -> dt.datetime:
        return dt.datetime.combine(day, clock, OFFICE_ZONE)


def office_time(moment: dt.datetime) -> dt.datetime:
    """The same moment on the clock of Vietnamese offices; a moment without a zone is refused."""
    if moment.tzinfo is None:
        raise BadInput("moment_without_zone", moment=moment)
    return moment.astimezone(OFFICE_ZONE)


def _stretches(spans: tuple[Span, ...]) -> tuple[tuple[int, int], ...]:
    """Start and length of each stretch, in microseconds: whole numbers are quicker than time spans."""
    return tuple((_microseconds(span.start), _microseconds(span.end) - _microseconds(span.start)) for span in spans)


def _microseconds(clock: dt.time | dt.datetime) -> int:
    """Since midnight."""
    return ((clock.hour * 60 + clock.minute) * 60 + clock.second) * 1_000_000 + clock.microsecond
