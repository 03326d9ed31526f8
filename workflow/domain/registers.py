"""Registers of an agency's organs: whose seal and head count, which year a number belongs to, how long one is held.

Decree 30/2020/NĐ-CP: one series a register and year, from 01 on 1 January to 31 December (Art. 15.1, 15.2);
the organ's seal only on what its own competent person signed (Art. 32.2). Holding a number (giữ số) is practice,
not law: so it has a reason, a person and a last day, and the number ends as used or cancelled, never as a gap.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from enum import StrEnum

from workflow.domain.errors import BadInput, Refused
from workflow.domain.people import Capacity, Role


class NumberStatus(StrEnum):
    """What became of a number that was drawn."""

    USED = "used"
    HELD = "held"
    CANCELLED = "cancelled"


LONGEST_HOLD = dt.timedelta(days=30)
"""A number held for longer stands far from its neighbours' dates; hold another one then."""

_AS_HEAD = frozenset({Capacity.HEAD, Capacity.Q})


def seal_fits(*, own: int | None, certificate: int, of_others: Collection[int]) -> bool:
    """Whether a certificate seals for an organ's registers: its own, or where it names none, nobody else's."""
    return certificate not in of_others if own is None else certificate == own


def head_fits(*, head: int | None, post: int, role: Role, capacity: Capacity, of_others: Collection[int]) -> bool:
    """Whether somebody in a post may sign as, or for, an organ's head. `of_others`: posts that head other organs.

    Only the organ's own head signs as its head or, leading, on behalf of its collective (TM.). Deputies and heads
    of units serve the whole office: what they may sign their mandates say, but nobody who heads one organ signs
    for another.
    """
    if post == head:
        return True
    if post in of_others:
        return False
    leads = capacity in _AS_HEAD or (capacity is Capacity.TM and role is Role.LEADER)
    return head is None or not leads


def year_for(wanted: int | None, *, today: dt.date, signed_on: dt.date | None) -> int:
    """The year a document is numbered in: this one, or the last one for what was signed in it.

    Raises `Refused("year_not_open")` for any other.
    """
    if wanted is None or wanted == today.year:
        return today.year
    if wanted == today.year - 1 and signed_on is not None and signed_on.year <= wanted:
        return wanted
    raise Refused("year_not_open", year=wanted)


def check_hold(until: dt.date, *, today: dt.date) -> None:
    """A hold ends today or later, within the year of its number and within `LONGEST_HOLD`. Raises `BadInput`."""
    if until < today:
        raise BadInput("held_until_past", day=until.isoformat())
    if until.year != today.year:
        raise BadInput("held_past_year", year=today.year)
    if until - today > LONGEST_HOLD:
        raise BadInput("held_too_long", days=LONGEST_HOLD.days)


def check_closing(year: int, *, today: dt.date, held: int, unissued: int) -> None:
    """A year may be closed once it is over and nothing in it can still change. Raises `Refused`."""
    if year >= today.year:
        raise Refused("year_not_over", year=year)
    if held:
        raise Refused("year_has_held", year=year, count=held)
    if unissued:
        raise Refused("year_has_unissued", year=year, count=unissued)
