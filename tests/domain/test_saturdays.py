"""Saturdays of a unit: read, written, changed from a day on."""

from __future__ import annotations

import datetime as dt

import pytest

from workflow.domain.calendar import Span
from workflow.domain.calendar_seed import seeded_calendar
from workflow.domain.errors import BadInput
from workflow.domain.saturdays import LONGEST, changed, hours_of, spans_of, written

MORNING = (Span(dt.time(7, 30), dt.time(11, 30)),)


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("", ""), ("07:30-11:30", "07:30-11:30"), ("7h30 – 11h30", "07:30-11:30"),
        ("07:30-11:30,13:00-17:00", "07:30-11:30, 13:00-17:00"),
    ],
)  # fmt: skip
def test_as_people_write_them(text: str, stored: str) -> None:
    """One spelling comes out."""
    assert written(spans_of(text)) == stored


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("sáng", "saturday_unreadable"), ("25:00-26:00", "saturday_unreadable"),
        ("11:30-07:30", "office_hours_reversed"),
        ("04:00-06:00", "saturday_hours"), ("07:30-12:00,11:00-15:00", "office_hours_overlap"),
    ],
)  # fmt: skip
def test_what_is_refused(text: str, code: str) -> None:
    """Each with its own word."""
    with pytest.raises(BadInput, match=code):
        spans_of(text)


def test_a_change_leaves_what_has_passed() -> None:
    """Saturdays before it stay off, those after are worked, and a second change of the same day takes its place."""
    stored = changed("", MORNING, since=dt.date(2026, 11, 24))
    calendar = seeded_calendar(hours=hours_of(stored))
    assert not calendar.is_working(dt.date(2026, 11, 21))
    assert calendar.spans(dt.date(2026, 11, 28)) == MORNING
    assert changed(stored, (), since=dt.date(2026, 11, 24)) == ";2026-11-24="
    later = changed(stored, (), since=dt.date(2027, 1, 9))
    assert seeded_calendar(hours=hours_of(later)).spans(dt.date(2026, 12, 5)) == MORNING
    assert not seeded_calendar(hours=hours_of(later)).is_working(dt.date(2027, 1, 16))
    assert calendar.add_working_days(dt.date(2026, 11, 27), 1) == dt.date(2026, 11, 28)


def test_too_many_changes_are_refused() -> None:
    """Before the column is full."""
    stored, day = "", dt.date(2026, 1, 1)
    for n in range(15):
        stored = changed(stored, MORNING, since=day + dt.timedelta(days=n))
    assert len(stored) <= LONGEST
    with pytest.raises(BadInput, match="saturday_changes"):
        changed(stored + ";2026-02-01=07:30-11:30" * 3, MORNING, since=day + dt.timedelta(days=90))
