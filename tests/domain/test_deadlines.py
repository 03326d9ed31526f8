"""Due moments of outgoing documents and the distance to them."""

from __future__ import annotations

import datetime as dt

import pytest

from workflow.domain.calendar import OFFICE_ZONE
from workflow.domain.calendar_seed import seeded_calendar
from workflow.domain.deadlines import (
    Direction,
    Limits,
    Measure,
    Rule,
    Waiting,
    is_overdue,
    issue_due,
    remaining,
    step_due,
)

CALENDAR = seeded_calendar()


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=OFFICE_ZONE)


MONDAY = at("2026-11-23T09:00")


@pytest.mark.parametrize(
    ("waiting", "due", "rule"),
    [
        (Waiting(entered_at=MONDAY), "2026-11-25T09:00", Rule.STATE),
        (Waiting(entered_at=MONDAY, urgent=True), "2026-11-25T09:00", Rule.STATE),
        (Waiting(entered_at=MONDAY, given_due=dt.date(2026, 12, 1)), "2026-12-01T17:00", Rule.GIVEN),
        (Waiting(entered_at=MONDAY, given_due=at("2026-11-23T10:30")), "2026-11-23T10:30", Rule.GIVEN),
        (Waiting(entered_at=MONDAY, given_due=dt.date(2026, 11, 28)), "2026-11-30T17:00", Rule.GIVEN),
        (Waiting(entered_at=MONDAY, signed_at=MONDAY), "2026-11-25T17:00", Rule.SIGNED),
        (Waiting(entered_at=MONDAY, signed_at=MONDAY, urgent=True), "2026-11-23T09:30", Rule.URGENT),
        (
            Waiting(entered_at=MONDAY, signed_at=MONDAY, given_due=dt.date(2026, 11, 23)),
            "2026-11-23T17:00",
            Rule.GIVEN,
        ),
    ],
)
def test_the_first_rule_that_speaks(waiting: Waiting, due: str, rule: Rule) -> None:
    """Given due date, then Article 18.1 after signature, then eight working hours."""
    found = step_due(waiting, CALENDAR)
    assert (found.at, found.rule) == (at(due), rule)


def test_an_agency_may_set_its_own_limits() -> None:
    """Four hours a state, ten minutes for urgent ones, same-day issue."""
    limits = Limits(state=dt.timedelta(hours=4), immediate=dt.timedelta(minutes=10), issue_days=0)
    assert step_due(Waiting(entered_at=MONDAY), CALENDAR, limits=limits).at == at("2026-11-23T14:30")
    signed = Waiting(entered_at=MONDAY, signed_at=MONDAY)
    assert step_due(signed, CALENDAR, limits=limits).at == at("2026-11-23T17:00")
    urgent = Waiting(entered_at=MONDAY, signed_at=MONDAY, urgent=True)
    assert step_due(urgent, CALENDAR, limits=limits).at == at("2026-11-23T09:10")


def test_a_signature_before_a_long_break_is_due_after_it() -> None:
    """Signed on Friday 13 February 2026, before the Lunar New Year: due on Monday 23."""
    assert issue_due(at("2026-02-13T16:59"), CALENDAR) == at("2026-02-23T17:00")


def test_the_zone_of_the_moment_does_not_move_the_day() -> None:
    """A signature at 23:30 UTC belongs to the next office day."""
    assert issue_due(dt.datetime(2026, 11, 25, 23, 30, tzinfo=dt.UTC), CALENDAR) == at("2026-11-27T17:00")


@pytest.mark.parametrize(
    ("now", "due", "direction", "amount", "measure"),
    [
        ("2026-11-25T10:00", "2026-11-27T17:00", Direction.LEFT, 2, Measure.DAYS),
        ("2026-11-23T10:00", "2026-11-25T09:00", Direction.LEFT, 1, Measure.DAYS),
        ("2026-11-23T10:00", "2026-11-23T17:00", Direction.LEFT, 5, Measure.HOURS),
        ("2026-11-23T16:15", "2026-11-23T17:00", Direction.LEFT, 45, Measure.MINUTES),
        ("2026-11-23T17:00", "2026-11-23T17:00", Direction.LEFT, 0, Measure.MINUTES),
        ("2026-11-23T17:01", "2026-11-23T17:00", Direction.OVER, 0, Measure.MINUTES),
        ("2026-11-22T12:00", "2026-11-20T17:00", Direction.OVER, 0, Measure.MINUTES),
        ("2026-11-23T07:40", "2026-11-20T17:00", Direction.OVER, 1, Measure.DAYS),
        ("2026-11-26T08:00", "2026-11-20T17:00", Direction.OVER, 3, Measure.DAYS),
        ("2026-11-25T11:00", "2026-11-25T08:30", Direction.OVER, 2, Measure.HOURS),
    ],
)
def test_the_distance_people_read(now: str, due: str, direction: Direction, amount: int, measure: Measure) -> None:
    """Days when the dates differ, else hours, else minutes, each of office time."""
    found = remaining(at(now), at(due), CALENDAR)
    assert (found.direction, found.amount, found.measure) == (direction, amount, measure)
    assert found.overdue == is_overdue(at(now), at(due))
