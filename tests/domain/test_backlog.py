"""What waits and what is late, from the moves of a document up to a moment."""

from __future__ import annotations

import datetime as dt

import pytest

from workflow.domain.backlog import Age, Item, Move, Terms, age, as_of, item, summary
from workflow.domain.calendar import OFFICE_ZONE, WorkingCalendar
from workflow.domain.outgoing import Action, State, Urgency

CALENDAR = WorkingCalendar(dt.date(2026, 1, 1), dt.date(2026, 12, 31), overrides={})
KEYS = {"document": 7, "agency": 1, "unit": 2, "drafter": 3}
TERMS = Terms(signer=5, given_due=None, urgency=Urgency.NORMAL)


def _at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=OFFICE_ZONE)


ROAD = (
    Move(_at("2026-11-16T08:00"), Action.CREATE, "", State.DRAFT),
    Move(_at("2026-11-16T09:00"), Action.REVISE, "draft", State.DRAFT),
    Move(_at("2026-11-16T10:00"), Action.SUBMIT, "draft", State.IN_REVIEW),
    Move(_at("2026-11-16T11:00"), Action.APPROVE, "in_review", State.FORMAT_CHECK),
    Move(_at("2026-11-16T14:00"), Action.CONFIRM_FORMAT, "format_check", State.AWAITING_SIGNATURE),
    Move(_at("2026-11-17T08:00"), Action.SIGN, "awaiting_signature", State.SIGNED),
    Move(_at("2026-11-17T09:00"), Action.NUMBER, "signed", State.NUMBERED),
    Move(_at("2026-11-17T10:00"), Action.ISSUE, "sealed", State.ISSUED),
)


@pytest.mark.parametrize(
    ("moves", "state", "since", "due", "holder"),
    [
        (2, State.DRAFT, "2026-11-16T08:00", "2026-11-17T08:00", 3),
        (3, State.IN_REVIEW, "2026-11-16T10:00", "2026-11-17T10:00", None),
        (5, State.AWAITING_SIGNATURE, "2026-11-16T14:00", "2026-11-17T14:00", 5),
        (7, State.NUMBERED, "2026-11-17T09:00", "2026-11-18T17:00", None),
    ],
)
def test_where_it_stood(moves: int, state: State, since: str, due: str, holder: int | None) -> None:
    """State, since when (revising does not count), due by which rule, and who had it."""
    found = as_of(ROAD[:moves], TERMS, calendar=CALENDAR, **KEYS)
    assert found is not None
    assert (found.state, found.since, found.due) == (state, _at(since), _at(due))
    assert item(found, cut_off=_at("2026-11-20T07:00"), calendar=CALENDAR).holder == holder


def test_before_its_first_move_and_after_its_last_it_is_not_open() -> None:
    """Not there yet, or issued."""
    assert as_of((), TERMS, calendar=CALENDAR, **KEYS) is None
    assert as_of(ROAD, TERMS, calendar=CALENDAR, **KEYS) is None


def test_a_given_due_date_and_urgency_count_as_they_were() -> None:
    """The terms of that time, not those of today."""
    given = Terms(signer=5, given_due=_at("2026-11-30T17:00"), urgency=Urgency.NORMAL)
    found = as_of(ROAD[:5], given, calendar=CALENDAR, **KEYS)
    assert found is not None
    assert found.due == _at("2026-11-30T17:00")
    urgent = as_of(ROAD[:6], Terms(5, None, Urgency.FLASH), calendar=CALENDAR, **KEYS)
    assert urgent is not None
    assert urgent.due == _at("2026-11-17T08:30")


@pytest.mark.parametrize(
    ("hours", "group"),
    [(0, Age.WITHIN_A_DAY), (8, Age.WITHIN_A_DAY), (8.1, Age.TO_THREE_DAYS), (24, Age.TO_THREE_DAYS),
     (40, Age.TO_FIVE_DAYS), (40.1, Age.OLDER)],
)  # fmt: skip
def test_ages_in_office_time(hours: float, group: Age) -> None:
    """Eight hours make a day; the upper bound belongs to the group."""
    assert age(dt.timedelta(hours=hours)) is group


def test_overdue_begins_after_the_due_moment() -> None:
    """At 14:00 it is due, one second later it is overdue."""
    found = as_of(ROAD[:5], TERMS, calendar=CALENDAR, **KEYS)
    assert found is not None
    moments = (_at("2026-11-17T14:00:00"), _at("2026-11-17T14:00:01"))
    assert [item(found, cut_off=moment, calendar=CALENDAR).overdue for moment in moments] == [False, True]


def _item(state: State, *, minutes: int = 10, overdue: bool = False, who: int = 5) -> Item:
    return Item(
        document=1, agency=1, unit=2, state=state, signer=who, holder=who, since=ROAD[0].at, due=None,
        minutes=minutes, overdue=overdue,
    )  # fmt: skip


def test_a_summary_counts_each_once() -> None:
    """An unsigned document that is late stands in both tables, each figure counts it once."""
    made = summary(
        [
            _item(State.AWAITING_SIGNATURE, overdue=True, minutes=600),
            _item(State.AWAITING_SIGNATURE, who=6),
            _item(State.DRAFT, overdue=True),
            _item(State.DRAFT),
        ]
    )
    assert made.unsigned == {(5, Age.TO_THREE_DAYS): 1, (6, Age.WITHIN_A_DAY): 1}
    assert made.overdue == {(State.AWAITING_SIGNATURE, 5): 1, (State.DRAFT, 5): 1}
    assert (made.unsigned_total, made.overdue_total) == (2, 2)
