"""Levels by the clock: each at its hours, once, in order, in office hours only; and the hours that may be set."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.domain.calendar import OFFICE_ZONE
from workflow.domain.calendar_seed import seeded_calendar
from workflow.domain.errors import BadInput
from workflow.domain.escalation import (
    LEVELS,
    USUAL,
    Kind,
    Ladder,
    Ladders,
    Level,
    check,
    facts,
    ladders_of,
    next_level,
)

CALENDAR = seeded_calendar()


def at(text: str) -> dt.datetime:
    """A moment of office time."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=OFFICE_ZONE)


def run(ladder: Ladder, due: str, ticks: list[str], *, since: str = "2026-01-05T08:00") -> dict[str, str]:
    """What each tick told."""
    told: dict[Level, dt.datetime] = {}
    found = {}
    for tick in ticks:
        now = at(tick)
        level = next_level(ladder, told, CALENDAR, due=at(due), since=at(since), now=now)
        if level is not None:
            told[level] = now
            found[tick] = str(level)
    return found


def every(first: str, hours: int, count: int) -> list[str]:
    """A tick every so many hours."""
    start = at(first)
    return [f"{start + dt.timedelta(hours=hours * n):%Y-%m-%dT%H:%M}" for n in range(count)]


STORIES = {
    "a week as it goes: 4, 8 and 16 hours after Monday 17:00": (
        USUAL.normal, "2026-11-16T17:00", every("2026-11-16T07:45", 1, 150), {},
        {"2026-11-17T13:45": "holder", "2026-11-18T07:45": "head", "2026-11-19T07:45": "leader"},
    ),
    "urgent: 1, 2, 4": (
        USUAL.urgent, "2026-11-16T08:00", every("2026-11-16T08:00", 1, 10), {},
        {"2026-11-16T09:00": "holder", "2026-11-16T10:00": "head", "2026-11-16T14:00": "leader"},
    ),
    "off for three days: the levels keep half their distance": (
        USUAL.normal, "2026-11-16T08:00", every("2026-11-19T08:00", 1, 60), {},
        {"2026-11-19T08:00": "holder", "2026-11-19T10:00": "head", "2026-11-19T16:00": "leader"},
    ),
    "Tet: nobody is told from the last office hour to the first": (
        USUAL.normal, "2026-02-13T15:00", every("2026-02-13T16:30", 3, 110), {},
        {"2026-02-23T10:30": "holder", "2026-02-23T16:30": "head", "2026-02-24T16:30": "leader"},
    ),
    "the clock set back: nothing again, nothing early": (
        USUAL.urgent, "2026-11-16T08:00",
        ["2026-11-16T09:00", "2026-11-16T08:30", "2026-11-16T09:15", "2026-11-16T10:00", "2026-11-16T07:45"], {},
        {"2026-11-16T09:00": "holder", "2026-11-16T10:00": "head"},
    ),
    "of what came overdue the hours count from its coming": (
        USUAL.normal, "2026-11-13T17:00", every("2026-11-16T08:00", 1, 60), {"since": "2026-11-16T08:00"},
        {"2026-11-16T14:00": "holder", "2026-11-17T08:00": "head", "2026-11-18T08:00": "leader"},
    ),
    "a level switched off": (
        replace(USUAL.normal, holder=None, head=None), "2026-11-16T17:00", every("2026-11-16T07:45", 1, 100), {},
        {"2026-11-19T07:45": "leader"},
    ),
    "all switched off": (Ladder(holder=None, head=None, leader=None), "2026-11-16T08:00",
                         every("2026-11-17T08:00", 8, 20), {}, {}),
    "an explanation: the last half day, past it, head, leader": (
        USUAL.explanation, "2026-11-18T17:00", every("2026-11-18T07:45", 1, 80), {},
        {"2026-11-18T13:45": "early", "2026-11-19T07:45": "holder", "2026-11-20T07:45": "head"},
    ),
    "an explanation that was missed while the machine was off": (
        USUAL.explanation, "2026-11-18T17:00", every("2026-11-19T07:45", 1, 80), {},
        {"2026-11-19T07:45": "holder", "2026-11-20T07:45": "head"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("story", STORIES)
def test_each_level_at_its_hours(story: str) -> None:
    """Ticks of a fake clock, and what each of them told."""
    ladder, due, ticks, more, expected = STORIES[story]
    assert run(ladder, due, ticks, **more) == expected


HOURS = st.lists(st.integers(1, 40), min_size=3, max_size=3, unique=True).map(sorted)
OFF = st.lists(st.booleans(), min_size=3, max_size=3)
START = at("2026-02-02T00:00")
MINUTES = st.integers(0, 60 * 24 * 40)


@given(HOURS, OFF, MINUTES, MINUTES, st.lists(MINUTES, max_size=60), st.booleans())
def test_random_clocks(
    hours: list[int], off: list[bool], due: int, since: int, ticks: list[int], owed: bool
) -> None:  # fmt: skip
    """Never twice, never out of order, never before its hours, never out of office hours; whatever the ticks, with
    the clock going back too, over Tet."""
    kept = [None if gone else hour for hour, gone in zip(hours, off, strict=True)]
    ladder = Ladder(early=-4, holder=0, head=hours[0], leader=hours[1]) if owed else Ladder(
        holder=kept[0], head=kept[1], leader=kept[2]
    )  # fmt: skip
    minute = dt.timedelta(minutes=1)
    due_at, since_at = START + due * minute, START + since * minute
    told: dict[Level, dt.datetime] = {}
    order: list[Level] = []
    wanted = dict(ladder.steps())
    for tick in ticks:
        now = START + tick * minute
        level = next_level(ladder, told, CALENDAR, due=due_at, since=since_at, now=now)
        if level is None:
            continue
        assert level not in told
        assert CALENDAR.is_open(now)
        assert CALENDAR.working_time_between(max(due_at, since_at), now) >= wanted[level]
        assert (now <= due_at) == (level is Level.EARLY)
        told[level] = now
        order.append(level)
    assert order == sorted(order, key=LEVELS.index)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({}, ""),
        ({"normal": Ladder(holder=None, head=8, leader=None)}, ""),
        ({"normal": Ladder(holder=8, head=8, leader=16)}, "escalation_order"),
        ({"normal": Ladder(holder=20, head=None, leader=16)}, "escalation_order"),
        ({"urgent": Ladder(holder=0, head=2, leader=4)}, "escalation_hours"),
        ({"urgent": Ladder(holder=1, head=2, leader=81)}, "escalation_hours"),
        ({"explanation": Ladder(early=-4, holder=0, head=None, leader=4)}, "escalation_needed"),
    ],
)
def test_hours_that_may_be_set(change: dict[str, Ladder], code: str) -> None:
    """In order and in range; what is kept is read back; explanations cannot be switched off."""
    ladders = replace(USUAL, **change)
    if code:
        with pytest.raises(BadInput) as refused:
            check(ladders)
        assert refused.value.code == code
    else:
        check(ladders)
        assert ladders_of(facts(ladders)) == ladders
    assert ladders_of(None) == Ladders()
    assert ladders.of(Kind.EXPLANATION, urgent=True) == ladders.explanation
