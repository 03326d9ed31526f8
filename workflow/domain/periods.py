"""Reporting periods: months, quarters, half-years, years and free spans of days, as offices count them.

A period is whole days in the office's zone. `key` and `parse` are each other's inverse, so that an address, a file
name and a stored report name the same period: `2026-11`, `2026-Q4`, `2026-H2`, `2026`, `2026-11-01..2026-11-15`.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from enum import StrEnum

from workflow.domain.calendar import OFFICE_ZONE
from workflow.domain.errors import BadInput

ONE_DAY = dt.timedelta(days=1)
LONGEST = dt.timedelta(days=5 * 366)
"""No report asks for more: an address typed by hand must not scan everything."""
EARLIEST, LATEST = 1950, 2199
"""Years of a free span; nearer the ends of the calendar the period before it or its last moment is missing."""

_YEAR = re.compile(r"(20\d\d)")
_MONTH = re.compile(r"(20\d\d)-(\d\d)")
_QUARTER = re.compile(r"(20\d\d)-Q([1-4])")
_HALF = re.compile(r"(20\d\d)-H([12])")
_SPAN = re.compile(r"(\d{4}-\d\d-\d\d)\.\.(\d{4}-\d\d-\d\d)")


class Kind(StrEnum):
    """How a period was named."""

    MONTH = "month"
    QUARTER = "quarter"
    HALF = "half"
    YEAR = "year"
    SPAN = "span"


@dataclass(frozen=True, slots=True)
class Period:
    """From `first` to `last`, both included."""

    kind: Kind
    first: dt.date
    last: dt.date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise BadInput("period_reversed", first=self.first.isoformat(), last=self.last.isoformat())
        if self.last - self.first > LONGEST:
            raise BadInput("period_too_long", days=LONGEST.days)

    @property
    def start(self) -> dt.datetime:
        """The first moment inside."""
        return midnight(self.first)

    @property
    def end(self) -> dt.datetime:
        """The first moment after it."""
        return midnight(self.last + ONE_DAY)

    @property
    def key(self) -> str:
        """The name in addresses and files."""
        match self.kind:
            case Kind.MONTH:
                return f"{self.first:%Y-%m}"
            case Kind.QUARTER:
                return f"{self.first.year}-Q{(self.first.month + 2) // 3}"
            case Kind.HALF:
                return f"{self.first.year}-H{(self.first.month + 5) // 6}"
            case Kind.YEAR:
                return f"{self.first.year}"
            case Kind.SPAN:
                return f"{self.first.isoformat()}..{self.last.isoformat()}"

    @property
    def before(self) -> Period:
        """The period it is compared with: the month, quarter, half-year or year before, or as many days before."""
        day = self.first - ONE_DAY
        match self.kind:
            case Kind.MONTH:
                return month(day)
            case Kind.QUARTER:
                return quarter(day)
            case Kind.HALF:
                return half(day)
            case Kind.YEAR:
                return year(day)
            case Kind.SPAN:
                return Period(Kind.SPAN, day - (self.last - self.first), day)

    def is_over(self, now: dt.datetime) -> bool:
        """Whether no document can be issued in it any more."""
        return now >= self.end


def month(day: dt.date) -> Period:
    """The calendar month of a day."""
    return _months(Kind.MONTH, day.replace(day=1), count=1)


def quarter(day: dt.date) -> Period:
    """The quarter of a day."""
    return _months(Kind.QUARTER, day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1), count=3)


def half(day: dt.date) -> Period:
    """The half-year of a day."""
    return _months(Kind.HALF, day.replace(month=1 if day.month <= 6 else 7, day=1), count=6)


def year(day: dt.date) -> Period:
    """The calendar year of a day."""
    return _months(Kind.YEAR, day.replace(month=1, day=1), count=12)


def span(first: dt.date, last: dt.date) -> Period:
    """Free choice, both days included; in years that a calendar can still count back from."""
    if first.year < EARLIEST or last.year > LATEST:
        raise BadInput("period_unreadable", text=f"{first.isoformat()}..{last.isoformat()}")
    return Period(Kind.SPAN, first, last)


def months_until(day: dt.date, *, count: int) -> tuple[Period, ...]:
    """`count` months, the last one that of the day, the oldest first."""
    found = [month(day)]
    while len(found) < count:
        found.append(found[-1].before)
    return tuple(reversed(found))


def parse(text: str) -> Period:
    """The period that a key names, or `BadInput("period_unreadable")`."""
    try:
        if found := _MONTH.fullmatch(text):
            return month(dt.date(int(found[1]), int(found[2]), 1))
        if found := _QUARTER.fullmatch(text):
            return quarter(dt.date(int(found[1]), 3 * int(found[2]), 1))
        if found := _HALF.fullmatch(text):
            return half(dt.date(int(found[1]), 6 * int(found[2]), 1))
        if found := _YEAR.fullmatch(text):
            return year(dt.date(int(found[1]), 1, 1))
        if found := _SPAN.fullmatch(text):
            return span(dt.date.fromisoformat(found[1]), dt.date.fromisoformat(found[2]))
    except ValueError as error:
        raise BadInput("period_unreadable", text=text) from error
    raise BadInput("period_unreadable", text=text)


def midnight(day: dt.date) -> dt.datetime:
    """The first moment of a day in the office's zone."""
    return dt.datetime.combine(day, dt.time(0), OFFICE_ZONE)


def _months(kind: Kind, first: dt.date, *, count: int) -> Period:
    after = first.year * 12 + first.month - 1 + count
    return Period(kind, first, dt.date(after // 12, after % 12 + 1, 1) - ONE_DAY)
