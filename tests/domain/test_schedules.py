"""A schedule names the periods that are due; working days and the office's clock decide."""

from __future__ import annotations

import datetime as dt
from itertools import islice

import pytest

from workflow.domain.calendar import OFFICE_ZONE, WorkingCalendar
from workflow.domain.errors import BadInput
from workflow.domain.schedules import Daily, Every, Weekly, WorkingMorning, asked_at, due, name_of_asking

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
    """The last period due, across a weekend and a day off; as many before it as are asked for."""
    found = due(MORNING, _at(now), CALENDAR, newest=5)
    assert found[-1] == last
    assert list(found) == sorted(found)
    assert len(found) == 5


def test_a_made_up_saturday_has_its_morning_and_the_day_off_has_none() -> None:
    """Friday 2 January 2026 was exchanged for Saturday the 10th (12729/VPCP-KGVX)."""
    swapped = {dt.date(2026, 1, 1): False, dt.date(2026, 1, 2): False, dt.date(2026, 1, 10): True}
    calendar = WorkingCalendar(dt.date(2025, 12, 1), dt.date(2026, 12, 31), overrides=swapped)
    assert due(MORNING, _at("2026-01-10T07:00"), calendar, newest=3) == ("2026-01-08", "2026-01-09", "2026-01-10")
    assert due(MORNING, _at("2026-01-02T12:00"), calendar) == ("2025-12-31",)
    assert due(MORNING, _at("2026-01-12T06:59"), calendar) == ("2026-01-10",)


def test_moments_lie_in_the_offices_zone() -> None:
    """07:00 in Vietnam is midnight UTC; the same from a clock in any zone."""
    assert MORNING.moment("2026-11-23") == dt.datetime(2026, 11, 23, 0, 0, tzinfo=dt.UTC)
    utc = dt.datetime(2026, 11, 23, 0, 0, tzinfo=dt.UTC)
    assert due(MORNING, utc, CALENDAR) == ("2026-11-23",)


def test_daily() -> None:
    """Before the hour it is yesterday's, from the hour on today's."""
    nightly = Daily(dt.time(2, 30))
    assert due(nightly, _at("2026-11-22T02:29:59"), CALENDAR) == ("2026-11-21",)
    assert due(nightly, _at("2026-11-22T02:30:00"), CALENDAR) == ("2026-11-22",)
    assert nightly.moment("2026-11-22") == _at("2026-11-22T02:30:00")


def test_every_few_minutes_counts_from_midnight() -> None:
    """One period at a time, named by its beginning."""
    every = Every(minutes=15)
    assert due(every, _at("2026-11-23T07:44:59"), CALENDAR) == ("2026-11-23T07:30",)
    assert every.moment("2026-11-23T07:30") == _at("2026-11-23T07:30:00")


@pytest.mark.parametrize("schedule", [MORNING, Daily(dt.time(2)), Every(minutes=1)])
@pytest.mark.parametrize("period", ["", "yesterday", "2026-02-30", "2026-11-23T25:00"])
def test_what_is_no_period_is_refused(schedule: Daily | Every | WorkingMorning, period: str) -> None:
    """`--day` is typed by people."""
    with pytest.raises(BadInput, match="period_unreadable"):
        schedule.moment(period)


@pytest.mark.parametrize(
    ("now", "due", "follows"),
    [
        ("2026-11-22T03:59:59", "2026-11-15", "2026-11-22"),
        ("2026-11-22T04:00:00", "2026-11-22", "2026-11-29"),
        ("2026-11-28T23:59:59", "2026-11-22", "2026-11-29"),
    ],
)
def test_weekly(now: str, due: str, follows: str) -> None:
    """The last Sunday whose hour has struck, those before it, and the one to come."""
    sundays = Weekly(6, dt.time(4))
    last, before, *_rest = islice(sundays.backwards(_at(now), CALENDAR), 3)
    assert (last, _at(f"{last}T04:00:00") - _at(f"{before}T04:00:00")) == (due, dt.timedelta(days=7))
    assert sundays.next_after(_at(now), CALENDAR) == follows
    assert sundays.moment(due) == _at(f"{due}T04:00:00")
    assert sundays.words() == "Sundays 04:00"


@pytest.mark.parametrize(
    ("schedule", "now", "follows"),
    [
        (MORNING, "2026-11-19T08:00", "2026-11-23"),  # a day off and a weekend between
        (MORNING, "2026-11-23T06:00", "2026-11-23"),
        (MORNING, "2026-12-31T08:00", None),  # nobody knows the days of the next year yet
        (Daily(dt.time(2, 30)), "2026-11-21T02:30", "2026-11-22"),
        (Every(10), "2026-11-23T23:55", "2026-11-24T00:00"),
    ],
)
def test_the_next_period(schedule: Daily | Every | WorkingMorning, now: str, follows: str | None) -> None:
    """For the page: the first one still to come."""
    assert schedule.next_after(_at(now), CALENDAR) == follows


def test_a_day_is_divided_evenly() -> None:
    """Periods of 7 minutes would be cut short at midnight."""
    with pytest.raises(BadInput, match="schedule_minutes"):
        Every(7)


def test_what_people_ask_for_is_named_by_the_second() -> None:
    """No schedule names such a period, and the name says its moment."""
    name = name_of_asking(_at("2026-11-23T09:15:40.25"))
    assert name == "2026-11-23T09:15:40"
    assert asked_at(name) == _at("2026-11-23T09:15:40")
