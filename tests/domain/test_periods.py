"""Months, quarters and free spans, in whole days of the office's zone."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.domain import periods
from workflow.domain.errors import BadInput

DAYS = st.dates(dt.date(2020, 1, 1), dt.date(2039, 12, 31))


@pytest.mark.parametrize(
    ("key", "first", "last", "before"),
    [
        ("2026-11", "2026-11-01", "2026-11-30", "2026-10"),
        ("2026-01", "2026-01-01", "2026-01-31", "2025-12"),
        ("2028-02", "2028-02-01", "2028-02-29", "2028-01"),
        ("2026-Q4", "2026-10-01", "2026-12-31", "2026-Q3"),
        ("2026-Q1", "2026-01-01", "2026-03-31", "2025-Q4"),
        ("2026", "2026-01-01", "2026-12-31", "2025"),
        ("2026-11-10..2026-11-12", "2026-11-10", "2026-11-12", "2026-11-07..2026-11-09"),
    ],
)
def test_a_key_names_its_days(key: str, first: str, last: str, before: str) -> None:
    """What the address says is what is counted, and what it is compared with."""
    period = periods.parse(key)
    assert (period.first.isoformat(), period.last.isoformat(), period.key) == (first, last, key)
    assert period.before.key == before


@pytest.mark.parametrize(
    "text",
    ["", "2026-13", "2026-Q5", "1999", "2026-11-31..2026-12-01", "2026-11-02..2026-11-01", "../etc", "2026-1"],
)
def test_what_is_no_period_is_refused(text: str) -> None:
    """Typed addresses are input."""
    with pytest.raises(BadInput, match="period_"):
        periods.parse(text)


def test_a_span_of_a_century_is_refused() -> None:
    """Nobody makes the database scan everything by an address."""
    with pytest.raises(BadInput, match="period_too_long"):
        periods.span(dt.date(1950, 1, 1), dt.date(2026, 1, 1))


@given(DAYS)
def test_months_quarters_and_years_tile_the_calendar(day: dt.date) -> None:
    """Each day lies in exactly one, and the one before ends where this one starts."""
    for make in (periods.month, periods.quarter, periods.year):
        period = make(day)
        assert period.first <= day <= period.last
        assert period.before.end == period.start
        assert periods.parse(period.key) == period


def test_a_period_ends_at_the_offices_midnight() -> None:
    """00:00 in Vietnam is 17:00 UTC of the day before."""
    november = periods.parse("2026-11")
    assert november.start == dt.datetime(2026, 10, 31, 17, tzinfo=dt.UTC)
    assert november.end == dt.datetime(2026, 11, 30, 17, tzinfo=dt.UTC)
    assert not november.is_over(dt.datetime(2026, 11, 30, 16, 59, tzinfo=dt.UTC))
    assert november.is_over(dt.datetime(2026, 11, 30, 17, tzinfo=dt.UTC))


def test_six_months_up_to_a_day() -> None:
    """What a trend shows, the oldest first."""
    keys = [month.key for month in periods.months_until(dt.date(2026, 2, 14), count=6)]
    assert keys == ["2025-09", "2025-10", "2025-11", "2025-12", "2026-01", "2026-02"]
