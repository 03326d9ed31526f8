"""A schedule names the periods that are due; working days and the office's clock decide."""

from __future__ import annotations

import datetime as dt

import pytest

from schedulers.schedules import Daily, Every, Weekly, WorkingMorning
from workflow.domain.calendar import OFFICE_ZONE, WorkingCalendar
from workflow.domain.errors import BadInput

CALENDAR = WorkingCalendar(dt.date(2026, 1, 1), dt.date(2026, 12, 31), overrides={dt.date(2026, 11, 20): False})
MORNING = WorkingMorning(dt.time(7))


def _at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=OFFICE_ZONE)


@pytest.mark.parametrize(
    ("now", "last"),
    [
        ("2026-11-23T06:59:59", "2026-11-19"),  # the 20th is a day off here, then a weekend
        ("2026-11-23T07:00:00", "2026-11-23"),
        ("2026-11-22T12:00:00", "2026-11-19"),
        ("2026-11-24T00:00:00", "2026-11-23"),
    ],
)
def test_working_mornings(now: str, last: str) -> None:
    """The last period due, across a weekend and a day off; the week before it is named too."""
    due = MORNING.due(_at(now), CALENDAR)
    assert due[-1] == last
    assert list(due) == sorted(due)
    assert 4 <= len(due) <= 6


def test_moments_lie_in_the_offices_zone() -> None:
    """07:00 in Vietnam is midnight UTC; the same from a clock in any zone."""
    assert MORNING.moment("2026-11-23") == dt.datetime(2026, 11, 23, 0, 0, tzinfo=dt.UTC)
    utc = dt.datetime(2026, 11, 23, 0, 0, tzinfo=dt.UTC)
    assert MORNING.due(utc, CALENDAR)[-1] == "2026-11-23"


def test_daily_makes_up_for_one_night_only() -> None:
    """Before the hour it is yesterday's, from the hour on today's."""
    nightly = Daily(dt.time(2, 30))
    assert nightly.due(_at("2026-11-22T02:29:59"), CALENDAR) == ("2026-11-21",)
    assert nightly.due(_at("2026-11-22T02:30:00"), CALENDAR) == ("2026-11-22",)
    assert nightly.moment("2026-11-22") == _at("2026-11-22T02:30:00")


def test_every_few_minutes_counts_from_midnight() -> None:
    """One period at a time, named by its beginning."""
    every = Every(minutes=15)
    assert every.due(_at("2026-11-23T07:44:59"), CALENDAR) == ("2026-11-23T07:30",)
    assert every.moment("2026-11-23T07:30") == _at("2026-11-23T07:30:00")


@pytest.mark.parametrize("schedule", [MORNING, Daily(dt.time(2)), Every(minutes=1)])
@pytest.mark.parametrize("period", ["", "yesterday", "2026-02-30", "2026-11-23T25:00"])
def test_what_is_no_period_is_refused(schedule: Daily | Every | WorkingMorning, period: str) -> None:
    """`--day` is typed by people."""
    with pytest.raises(BadInput, match="period_unreadable"):
        schedule.moment(period)


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("2026-11-22T03:59:59", "2026-11-15"),
        ("2026-11-22T04:00:00", "2026-11-22"),
        ("2026-11-28T23:59:59", "2026-11-22"),
    ],
)
def test_weekly(now: str, due: str) -> None:
    """The last Sunday whose hour has struck."""
    sundays = Weekly(6, dt.time(4))
    assert sundays.due(_at(now), CALENDAR) == (due,)
    assert sundays.moment(due) == _at(f"{due}T04:00:00")
    assert sundays.words() == "Sundays 04:00"
