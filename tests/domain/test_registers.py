"""Tables first: whose seal, whose head, which year, how long a number is held, when a year may be closed."""

from __future__ import annotations

import datetime as dt

import pytest

from workflow.domain.errors import BadInput, Refused
from workflow.domain.people import Capacity, Role
from workflow.domain.registers import check_closing, check_hold, head_fits, seal_fits, year_for

UBND, HDND, NOBODYS = 1, 2, 9
"""Certificates of two organs, and one that no organ has."""


@pytest.mark.parametrize(
    ("own", "certificate", "fits"),
    [
        (UBND, UBND, True),
        (UBND, HDND, False),
        (UBND, NOBODYS, False),
        (None, NOBODYS, True),
        (None, HDND, False),
    ],
)
def test_the_seal_is_the_organs(own: int | None, certificate: int, fits: bool) -> None:
    """Its own; where it names none, any that is not another organ's."""
    assert seal_fits(own=own, certificate=certificate, of_others={HDND}) is fits


CHAIR, SPEAKER, DEPUTY, UNIT_HEAD = 11, 12, 13, 14
"""Posts: heads of UBND and of HĐND, a deputy, the head of a unit."""


@pytest.mark.parametrize(
    ("head", "post", "role", "capacity", "fits"),
    [
        (CHAIR, CHAIR, Role.LEADER, Capacity.HEAD, True),
        (CHAIR, CHAIR, Role.LEADER, Capacity.TM, True),
        (CHAIR, SPEAKER, Role.LEADER, Capacity.TM, False),
        (CHAIR, SPEAKER, Role.DEPUTY, Capacity.KT, False),
        (CHAIR, DEPUTY, Role.DEPUTY, Capacity.KT, True),
        (CHAIR, DEPUTY, Role.DEPUTY, Capacity.TM, True),
        (CHAIR, DEPUTY, Role.LEADER, Capacity.Q, False),
        (CHAIR, UNIT_HEAD, Role.UNIT_HEAD, Capacity.TL, True),
        (None, CHAIR, Role.LEADER, Capacity.HEAD, True),
        (None, SPEAKER, Role.LEADER, Capacity.HEAD, False),
    ],
)
def test_the_head_is_the_organs(head: int | None, post: int, role: Role, capacity: Capacity, fits: bool) -> None:
    """Only its head signs as its head; who heads another organ signs nothing for it."""
    assert head_fits(head=head, post=post, role=role, capacity=capacity, of_others={SPEAKER}) is fits


DECEMBER, JANUARY = dt.date(2026, 12, 31), dt.date(2027, 1, 1)


@pytest.mark.parametrize(
    ("wanted", "today", "signed", "year"),
    [
        (None, DECEMBER, DECEMBER, 2026),
        (None, JANUARY, DECEMBER, 2027),
        (2027, JANUARY, DECEMBER, 2027),
        (2026, JANUARY, DECEMBER, 2026),
        (2026, JANUARY, JANUARY, 0),
        (2026, JANUARY, None, 0),
        (2025, JANUARY, dt.date(2025, 12, 31), 0),
        (2027, DECEMBER, DECEMBER, 0),
    ],
)
def test_the_year_of_a_number(wanted: int | None, today: dt.date, signed: dt.date | None, year: int) -> None:
    """This year; the last one only for what was signed in it; 0: refused."""
    if year:
        assert year_for(wanted, today=today, signed_on=signed) == year
        return
    with pytest.raises(Refused, match="year_not_open"):
        year_for(wanted, today=today, signed_on=signed)


@pytest.mark.parametrize(
    ("until", "code"),
    [
        (dt.date(2026, 11, 23), ""),
        (dt.date(2026, 12, 23), ""),
        (dt.date(2026, 11, 22), "held_until_past"),
        (dt.date(2026, 12, 24), "held_too_long"),
        (dt.date(2027, 1, 1), "held_past_year"),
    ],
)
def test_how_long_a_number_is_held(until: dt.date, code: str) -> None:
    """Thirty days at most, and never into the next year."""
    today = dt.date(2026, 11, 23)
    if not code:
        check_hold(until, today=today)
        return
    with pytest.raises(BadInput, match=code):
        check_hold(until, today=today)


@pytest.mark.parametrize(
    ("year", "held", "unissued", "code"),
    [
        (2026, 0, 0, ""),
        (2027, 0, 0, "year_not_over"),
        (2026, 1, 0, "year_has_held"),
        (2026, 0, 2, "year_has_unissued"),
    ],
)
def test_when_a_year_may_be_closed(year: int, held: int, unissued: int, code: str) -> None:
    """Over, with no number held and every numbered document issued."""
    if not code:
        check_closing(year, today=JANUARY, held=held, unissued=unissued)
        return
    with pytest.raises(Refused, match=code):
        check_closing(year, today=JANUARY, held=held, unissued=unissued)
