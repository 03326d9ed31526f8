"""The working-day calendar: published vectors, hours, borders, agreement of sums with a slow count."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.domain.calendar import OFFICE_ZONE, OfficeHours, Span, WorkingCalendar
from workflow.domain.calendar_seed import FIRST, LAST, DayKind, SpecialDay, seeded_calendar
from workflow.domain.errors import BadInput, Missing

CALENDAR = seeded_calendar()
DESK = seeded_calendar(hours=OfficeHours(saturday=(Span(dt.time(7, 30), dt.time(11, 30)),)))
DAYS = st.dates(FIRST + dt.timedelta(days=60), LAST - dt.timedelta(days=60))
MOMENTS = st.datetimes(
    dt.datetime(2024, 3, 1),  # noqa: DTZ001  the strategy adds the zone
    dt.datetime(2027, 10, 1),  # noqa: DTZ001
    timezones=st.sampled_from([OFFICE_ZONE, dt.UTC]),
)


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=OFFICE_ZONE)


@pytest.mark.parametrize(
    ("start", "count", "due"),
    [
        ("2024-04-26", 2, "2024-05-03"),
        ("2024-05-03", 1, "2024-05-04"),
        ("2025-01-24", 1, "2025-02-03"),
        ("2025-12-31", 2, "2026-01-06"),
        ("2026-01-08", 2, "2026-01-10"),
        ("2026-02-13", 3, "2026-02-25"),
        ("2026-04-24", 2, "2026-04-29"),
        ("2026-08-21", 1, "2026-08-22"),
        ("2026-08-28", 3, "2026-09-07"),
        ("2026-11-23", 1, "2026-11-25"),
        ("2027-02-03", 1, "2027-02-11"),
    ],
)
def test_known_due_days(start: str, count: int, due: str) -> None:
    """Holidays, moved days and make-up Saturdays lead to the published due days, forth and back."""
    first, last = dt.date.fromisoformat(start), dt.date.fromisoformat(due)
    assert CALENDAR.add_working_days(first, count) == last
    assert CALENDAR.working_days_between(first, last) == count
    assert CALENDAR.working_days_between(last, first) == -count


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        ("2026-11-23T07:30", "2026-11-23T17:00", 8),
        ("2026-11-23T11:00", "2026-11-23T13:30", 1),
        ("2026-11-23T11:30", "2026-11-23T13:00", 0),
        ("2026-11-23T16:00", "2026-11-25T08:00", 1.5),
        ("2026-11-20T18:00", "2026-11-22T09:00", 0),
        ("2026-01-09T16:30", "2026-01-10T08:00", 1),
        ("2026-11-25T08:00", "2026-11-23T16:00", -1.5),
    ],
)
def test_hours_between(start: str, end: str, hours: float) -> None:
    """Only office time counts: not lunch, nights, Sundays or 24 November; a make-up Saturday does."""
    assert CALENDAR.working_hours_between(at(start), at(end)) == hours


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2026-11-23T07:30", 8, "2026-11-23T17:00"),
        ("2026-11-23T07:30", 4, "2026-11-23T11:30"),
        ("2026-11-23T11:00", 1, "2026-11-23T13:30"),
        ("2026-11-23T16:30", 1, "2026-11-25T08:00"),
        ("2026-11-21T09:00", 0.5, "2026-11-23T08:00"),
        ("2026-11-23T12:00", 0, "2026-11-23T12:00"),
        ("2026-01-09T16:30", 8, "2026-01-10T16:30"),
    ],
)
def test_adding_hours(start: str, hours: float, end: str) -> None:
    """The due moment is the first at which the office time has passed."""
    assert CALENDAR.add_working_hours(at(start), hours) == at(end)


def test_moments_of_other_zones_are_office_moments() -> None:
    """17:30 UTC on Sunday is half past midnight on Monday in Vietnam."""
    sunday = dt.datetime(2026, 11, 22, 17, 30, tzinfo=dt.UTC)
    assert CALENDAR.add_working_hours(sunday, 1).isoformat() == "2026-11-23T08:30:00+07:00"


def test_a_desk_open_on_saturday_mornings() -> None:
    """A unit's own Saturday is a working day of four hours; a make-up Saturday keeps its eight."""
    assert DESK.add_working_days(dt.date(2026, 11, 20), 1) == dt.date(2026, 11, 21)
    assert not CALENDAR.is_working(dt.date(2026, 11, 21))
    assert DESK.closing(dt.date(2026, 11, 21)) == at("2026-11-21T11:30")
    assert DESK.closing(dt.date(2026, 8, 22)) == at("2026-08-22T17:00")
    assert DESK.add_working_hours(at("2026-11-20T16:00"), 6) == at("2026-11-23T08:30")


def test_closing_of_a_day_off_is_that_of_the_next_working_day() -> None:
    """A term that ends on a day off ends with the next working day."""
    assert CALENDAR.closing(dt.date(2026, 2, 14)) == at("2026-02-23T17:00")
    assert CALENDAR.opening(dt.date(2026, 2, 14)) == at("2026-02-23T07:30")


def test_a_later_override_speaks_over_the_seed() -> None:
    """A unit's flood day closes an ordinary Monday for that unit only."""
    flood = SpecialDay(dt.date(2026, 11, 23), DayKind.OFF, "Nghỉ tránh lũ", "Flood", "12/CĐ-UBND")
    assert not seeded_calendar([flood]).is_working(flood.day)
    assert CALENDAR.is_working(flood.day)


def test_beyond_the_calendar_is_refused() -> None:
    """A deadline past the last known day is an error to mend, not a guess."""
    with pytest.raises(Missing, match="calendar_too_short"):
        CALENDAR.add_working_days(dt.date(2027, 12, 30), 3)
    with pytest.raises(Missing, match="calendar_too_short"):
        CALENDAR.add_working_days(FIRST, -1)
    with pytest.raises(Missing, match="calendar_too_short"):
        CALENDAR.is_working(dt.date(2028, 1, 3))
    with pytest.raises(Missing, match="calendar_too_short"):
        CALENDAR.add_working_hours(at("2027-12-31T16:30"), 1)


def test_bad_hours_and_naive_moments_are_refused() -> None:
    """Reversed, overlapping or missing hours and moments without a zone never get in."""
    with pytest.raises(BadInput, match="office_hours_reversed"):
        Span(dt.time(17), dt.time(8))
    with pytest.raises(BadInput, match="office_hours_overlap"):
        OfficeHours((Span(dt.time(7), dt.time(12)), Span(dt.time(11), dt.time(17))))
    with pytest.raises(BadInput, match="office_hours_empty"):
        OfficeHours(())
    with pytest.raises(BadInput, match="calendar_reversed"):
        WorkingCalendar(LAST, FIRST, overrides={})
    with pytest.raises(BadInput, match="moment_without_zone"):
        CALENDAR.add_working_hours(dt.datetime(2026, 11, 23, 8), 1)  # noqa: DTZ001  the point of the test
    with pytest.raises(BadInput, match="working_time_negative"):
        CALENDAR.add_working_hours(at("2026-11-23T08:00"), -1)


@given(day=DAYS, count=st.integers(-25, 25))
def test_sums_agree_with_counting_on_fingers(day: dt.date, count: int) -> None:
    """The cumulative sums give what stepping day by day gives."""
    current, left = day, abs(count)
    while left or (count == 0 and not CALENDAR.is_working(current)):
        current += dt.timedelta(days=1 if count >= 0 else -1)
        left -= left and CALENDAR.is_working(current)
    assert CALENDAR.add_working_days(day, count) == current


@given(moment=MOMENTS, minutes=st.integers(1, 60 * 100))
def test_adding_and_measuring_hours_are_inverse(moment: dt.datetime, minutes: int) -> None:
    """After adding t, exactly t has passed, and a second earlier it had not."""
    time = dt.timedelta(minutes=minutes)
    for calendar in (CALENDAR, DESK):
        end = calendar.add_working_time(moment, time)
        assert calendar.working_time_between(moment, end) == time
        assert calendar.working_time_between(moment, end - dt.timedelta(seconds=1)) < time
