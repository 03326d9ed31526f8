"""Terms under pauses: never earlier, and as a count minute by minute and day by day says."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.counts import times
from workflow.domain.calendar import OFFICE_ZONE, OfficeHours, WorkingCalendar
from workflow.domain.calendar_seed import seeded_calendar
from workflow.domain.saturdays import spans_of
from workflow.domain.terms import Measure, Term, due_under, shifted, term_end

PLAIN = seeded_calendar()
DESK = seeded_calendar(hours=OfficeHours(saturday=spans_of("07:30-11:30")))
START = dt.datetime(2026, 8, 17, 7, 30, tzinfo=OFFICE_ZONE)
MINUTE = dt.timedelta(minutes=1)

moments = st.integers(0, 30 * 24 * 60).map(lambda minutes: START + minutes * MINUTE)
pauses = st.lists(st.tuples(moments, st.integers(0, 5 * 24 * 60)), max_size=3).map(
    lambda found: [(began, began + minutes * MINUTE) for began, minutes in found]
)


def naive(
    start: dt.datetime, due: dt.datetime, stood: list[tuple[dt.datetime, dt.datetime]], calendar: WorkingCalendar
) -> dt.datetime:
    """The office minutes that the term had, spent one by one outside of the pauses."""
    left, clock = 0, start
    while clock < due:
        left += _open(clock, calendar)
        clock += MINUTE
    clock = start
    while left:
        if _open(clock, calendar) and not any(began <= clock < ended for began, ended in stood):
            left -= 1
        clock += MINUTE
    return clock


def _open(clock: dt.datetime, calendar: WorkingCalendar) -> bool:
    return any(span.start <= clock.time() < span.end for span in calendar.spans(clock.date()))


def apart(stood: list[tuple[dt.datetime, dt.datetime]]) -> list[tuple[dt.datetime, dt.datetime]]:
    """One clock cannot be stopped twice: overlapping ones are left out."""
    found: list[tuple[dt.datetime, dt.datetime]] = []
    for began, ended in sorted(stood):
        if not found or began >= found[-1][1]:
            found.append((began, ended))
    return found


@settings(max_examples=times(25, soak=500))
@given(days=st.integers(1, 12), stood=pauses, calendar=st.sampled_from([PLAIN, DESK]))
def test_as_the_naive_count_says(
    days: int, stood: list[tuple[dt.datetime, dt.datetime]], calendar: WorkingCalendar
) -> None:
    """Holidays, a make-up Saturday and Saturday mornings included; and never earlier than without."""
    due = term_end(Term(Measure.WORKING_DAYS, days), START, calendar)
    assert due is not None
    given_pauses = apart(stood)
    moved = shifted(due, given_pauses, calendar)
    assert moved >= due
    assert moved == naive(START, due, given_pauses, calendar)


@given(stood=pauses, more=pauses)
def test_another_pause_never_brings_it_nearer(
    stood: list[tuple[dt.datetime, dt.datetime]], more: list[tuple[dt.datetime, dt.datetime]]
) -> None:
    """Due moments are monotone under pauses."""
    term = {"from": START.isoformat(), "measure": "working_days", "amount": 5}
    fewer = apart(stood)
    last = fewer[-1][1] if fewer else START
    later = [pair for pair in apart(more) if pair[0] >= last]
    one, other = due_under(term, fewer, PLAIN), due_under(term, [*fewer, *later], PLAIN)
    assert one is not None
    assert other is not None
    assert other >= one


@pytest.mark.parametrize(
    ("term", "due"),
    [
        ({"day": "2026-11-28"}, "2026-11-30T17:00"),
        ({"from": "2026-11-23T05:00:00+00:00", "measure": "days", "amount": 5}, "2026-11-30T17:00"),
        ({"from": "2026-11-23T05:00:00+00:00", "measure": "working_days", "amount": 1}, "2026-11-25T17:00"),
        ({"from": "2026-11-23T01:30:00+00:00", "measure": "hours", "amount": 9}, "2026-11-25T09:30"),
    ],
)
def test_terms_as_they_are_stored(term: dict[str, object], due: str) -> None:
    """A day off moves on, days count days, hours count office hours; 24 November is off."""
    assert due_under(term, (), PLAIN) == dt.datetime.fromisoformat(due).replace(tzinfo=OFFICE_ZONE)
    assert due_under({}, (), PLAIN) is None


def test_a_named_day_is_moved_only_by_what_came_after() -> None:
    """Somebody said the 11th knowing that the clock had stood still for a day."""
    day = dt.timedelta(days=1)
    monday = dt.datetime(2026, 11, 30, 7, 30, tzinfo=OFFICE_ZONE)
    term = {"day": "2026-12-11", "since": (monday + day).isoformat()}
    friday = dt.datetime(2026, 12, 11, 17, tzinfo=OFFICE_ZONE)
    assert due_under(term, [(monday, monday + day)], PLAIN) == friday
    assert due_under(term, [(monday + 2 * day, monday + 3 * day)], PLAIN) == friday + 3 * day
