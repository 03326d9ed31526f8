"""The split of elapsed time by holder adds up to the whole."""

from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from workflow.domain.calendar import OFFICE_ZONE
from workflow.domain.calendar_seed import seeded_calendar
from workflow.domain.holding import Line, held_at, pieces, split
from workflow.domain.incoming import Holder

CALENDAR = seeded_calendar()
START = dt.datetime(2026, 11, 20, 9, 13, 7, 1234, tzinfo=OFFICE_ZONE)

steps = st.lists(st.tuples(st.integers(0, 10**11), st.sampled_from([None, *Holder])), max_size=12)


@given(steps=steps, last=st.integers(0, 10**11))
def test_it_adds_up(steps: list[tuple[int, Holder | None]], last: int) -> None:
    """To the microsecond: all holders, and the stretches in which it was closed, are the office time in between."""
    lines, clock, closed = [Line(START, None)], START, dt.timedelta()
    for micros, holder in steps:
        before, clock = clock, clock + dt.timedelta(microseconds=micros)
        if holder is None:
            closed += CALENDAR.working_time_between(before, clock)
        lines.append(Line(clock, holder))
    now = clock + dt.timedelta(microseconds=last)
    found = split(pieces(lines, CALENDAR, now=Line(now, Holder.SPECIALIST)))
    assert found.total + closed == CALENDAR.working_time_between(START, now)
    assert abs(sum(share for _holder, _time, share in found.shares()) - (100 if found.total else 0)) < 1e-6


def test_who_had_it_at_a_moment() -> None:
    """On a border it is the one whose time ended there; before the arrival nobody."""
    hour = dt.timedelta(hours=1)
    lines = [Line(START, None), Line(START + hour, Holder.CLERK, 4), Line(START + 2 * hour, Holder.LEADER, 5)]
    found = pieces(lines, CALENDAR, now=Line(START + 3 * hour, Holder.UNIT_HEAD, 6, 2))
    holders = [held_at(found, START + n * hour) for n in (0, 1, 2, 3)]
    assert [piece.person_id if piece else None for piece in holders] == [None, 4, 5, 6]
