"""Signs of irregularity: what each finds, from which number on, and what stays unfound."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import Any

import pytest

from workflow.domain.anomalies import (
    SIGNS,
    Closed,
    Extended,
    Issued,
    Login,
    Registered,
    Sign,
    Signed,
    closed_before_due,
    exempting,
    exemptions,
    extended_after_due,
    foreign_devices,
    norm_of,
    numbers,
    registered_late,
    seals_without_leader,
    standing_out,
    tally,
    too_fast,
)

LIMITS = numbers({})
AT = dt.datetime(2026, 11, 18, 9, tzinfo=dt.UTC)
DAY = AT.date()


def signed(
    key: int, *, after: float = 0, opened: dt.datetime | None = None, device: str = "", **named: Any
) -> Signed:
    values = {"agency": 1, "document": 100 + key, "person": 7, "pages": 2, **named}
    return Signed(key=key, at=AT + dt.timedelta(seconds=after), opened=opened, device=device, **values)


def days(device: str, person: int, *ago: int) -> list[Login]:
    return [Login(device, person, DAY - dt.timedelta(days=n)) for n in ago]


@pytest.mark.parametrize(
    ("logins", "found"),
    [
        (days("a", 9, 1, 2, 3) + days("a", 7, 0), True),
        (days("a", 9, 1, 2) + days("a", 7, 0), False),
        (days("a", 9, 1, 2, 3) + days("a", 7, 0, 1), False),
        (days("b", 9, 1, 2, 3) + days("a", 7, 0), False),
        (days("a", 9, 61, 62, 63), False),
        (days("a", 9, 1, 2) + days("a", 8, 3, 4), False),
        ([], False),
    ],
    ids=["another's", "seldom", "shared", "elsewhere", "long ago", "two others", "nobody known"],
)
def test_a_key_used_on_a_device_of_somebody_else(logins: list[Login], found: bool) -> None:
    """Another person on three days, the signer on a quarter at most; a shared computer is not enough."""
    limit = LIMITS[Sign.FOREIGN_DEVICE]
    made = foreign_devices([signed(1, device="a"), signed(2)], logins, limit, dt.datetime.date)
    assert [one.key for one in made] == ([1] if found else [])
    if found:
        assert (made[0].facts["other"], made[0].facts["device"], made[0].people) == (9, "A", (7, 9))


def test_more_signed_in_a_minute_than_opened() -> None:
    """Six within a minute: those never opened are named, and those opened for less than their pages take."""
    limit = LIMITS[Sign.TOO_FAST]
    before = AT - dt.timedelta(hours=1)
    read = [signed(n, after=n, opened=before) for n in range(20)]
    assert too_fast(read, limit) == [], "read before, then signed in one go, as the desk offers"
    mixed = [signed(n, after=n, opened=before if n < 3 else None) for n in range(6)]
    found = too_fast(mixed, limit)
    assert sorted(one.key for one in found) == [3, 4, 5]
    assert {name: found[0].facts[name] for name in ("a_minute", "opened", "pages")} == {
        "a_minute": 6, "opened": 3, "pages": 12,
    }  # fmt: skip
    glanced = [signed(n, after=n, opened=AT + dt.timedelta(seconds=n - 3)) for n in range(6)]
    assert len(too_fast(glanced, limit)) == 6, "three seconds are not enough for two pages"
    cleared = [signed(n, after=n, judged=False) for n in range(6)]
    assert too_fast(cleared, limit) == [], "looks of that time are cleared: nobody is told that they did not open"
    half = too_fast([*cleared, *(signed(n, after=n) for n in range(6, 9))], limit)
    assert sorted(one.key for one in half) == [6, 7, 8]
    assert (half[0].facts["unknown"], half[0].facts["opened"]) == (6, 0)
    slow = [signed(n, after=15 * n) for n in range(20)]
    assert too_fast(slow, limit) == [], "four a minute"
    others = [signed(n, after=n, person=n % 2) for n in range(10)]
    assert too_fast(others, limit) == [], "five each"


def hours(start: dt.datetime, end: dt.datetime) -> float:
    return (end - start).total_seconds() / 3600


def test_closed_shortly_before_due() -> None:
    """Within the hours before it, never after it."""
    rows = [
        Closed(document=n, agency=1, done=AT, due=AT + dt.timedelta(hours=gap), result="settled", person=4)
        for n, gap in enumerate((-1, 0, 8, 9))
    ]
    found = closed_before_due(rows, LIMITS[Sign.CLOSED_BEFORE_DUE], hours)
    assert [(one.document, one.people) for one in found] == [(1, (4,)), (2, (4,))]


def test_extended_after_due() -> None:
    """Asked late, or asked in time and granted late; what was granted in time is nothing."""
    hour = dt.timedelta(hours=1)

    def row(key: int, asked: dt.timedelta, granted: dt.timedelta | None) -> Extended:
        return Extended(
            key=key, document=key, agency=1, due=AT, asked=AT + asked,
            granted=None if granted is None else AT + granted, asker=4, granter=5 if granted else None,
        )  # fmt: skip

    rows = [row(1, -hour, -hour / 2), row(2, -hour, hour), row(3, hour, 2 * hour), row(4, hour, None)]
    found = extended_after_due(rows)
    assert [(one.key, one.facts["asked_late"]) for one in found] == [(2, False), (3, True), (4, True)]
    assert found[0].people == (4, 5)


def test_registered_late() -> None:
    """The next working day is in time (Art. 22)."""
    rows = [
        Registered(document=n, agency=1, arrived=AT, registered=AT + dt.timedelta(days=n), person=3)
        for n in range(4)
    ]
    found = registered_late(rows, LIMITS[Sign.REGISTERED_LATE], lambda one, other: (other - one).days)
    assert [(one.document, one.facts["days"]) for one in found] == [(2, 2), (3, 3)]


def issued(document: int, **named: Any) -> Issued:
    values = {
        "agency": 1, "issued": AT, "exempt": False, "approver": None, "medium": "digital", "signer": 7, "sealer": 3,
        "leader": "passed", "ink_day": None, "scanned": False, "away": False, **named,
    }  # fmt: skip
    return Issued(document=document, **values)


def test_exemptions_beyond_what_is_usual() -> None:
    """Median and spread of all offices; few papers, few exemptions or few offices make no sign."""
    limit = LIMITS[Sign.EXEMPTIONS]
    counts = dict.fromkeys(range(2, 12), (0, 20)) | {1: (6, 20), 12: (2, 5), 13: (4, 4)}
    norm = norm_of(counts, limit)
    assert (norm.usual, norm.above) == (0, Fraction(1, 5))
    assert exempting(counts, norm, limit) == {1}
    usual_here = dict.fromkeys(range(2, 8), (8, 20)) | {1: (9, 20), 9: (19, 20)}
    beyond = norm_of(usual_here, limit)
    assert exempting(usual_here, beyond, limit) == {1, 9}, "no spread at all: whatever is above the usual"
    assert norm_of({1: (6, 20), 2: (1, 20)}, limit).above == Fraction(1, 5), "two offices make no norm"
    rows = [issued(1, exempt=True, approver=7), issued(2), issued(3, exempt=True, agency=12)]
    assert [one.document for one in exemptions(rows, frozenset({1}), norm, counts)] == [1]


@pytest.mark.parametrize(
    ("named", "why"),
    [
        ({}, ""),
        ({"leader": ""}, "missing"),
        ({"leader": "failed"}, "failed"),
        ({"leader": "", "sealer": None}, ""),
        ({"medium": "ink", "leader": "", "ink_day": DAY, "scanned": True}, ""),
        ({"medium": "ink", "leader": "", "scanned": True}, "ink_no_day"),
        ({"medium": "ink", "leader": "", "ink_day": DAY}, "ink_no_scan"),
        ({"medium": "ink", "leader": "", "ink_day": DAY, "scanned": True, "away": True}, "ink_away"),
    ],
)
def test_a_seal_without_a_leader(named: dict[str, Any], why: str) -> None:
    """Digital: no signature that passed. Ink: no day, no scan, or the signer was away."""
    found = seals_without_leader([issued(1, **named)])
    assert [one.facts["why"] for one in found] == ([why] if why else [])


def test_thresholds_of_the_province_stay_within_their_bounds() -> None:
    """What a setting says counts within bounds, the rest is usual; an office stands out from `least` on."""
    own = numbers({"too_fast": {"a_minute": 999, "nonsense": 3}, "registered_late": {"least": 5}})
    assert own[Sign.TOO_FAST] == {"a_minute": 200, "seconds_a_page": 2, "unopened": 3, "least": 1}
    assert own[Sign.REGISTERED_LATE]["least"] == 5
    assert all("least" in numbers({})[sign] for sign in SIGNS)
    late = AT + dt.timedelta(days=1)
    found = extended_after_due(
        Extended(key=n, document=n, agency=1, due=AT, asked=late, granted=None, asker=1, granter=None)
        for n in range(2)
    )
    assert standing_out(tally(found)[1], LIMITS) == (Sign.EXTENDED_AFTER_DUE,)
    assert standing_out(tally(found[:1])[1], LIMITS) == ()
