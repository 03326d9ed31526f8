"""Copies outside the system: whom the lines name, what may follow what, when an agency is late."""

from __future__ import annotations

import datetime as dt

import pytest

from workflow.domain.calendar import OFFICE_ZONE
from workflow.domain.dispatch import DispatchState, demand_change, outside_of, unregistered_since
from workflow.domain.errors import BadInput, WrongState
from workflow.services.calendar import built

DAY = dt.date(2026, 11, 23)


def test_whom_the_lines_name() -> None:
    """Each once, without dashes and stops; the file copy and references are nobody; nor is what the system has."""
    text = "- Sở Nội vụ;\n– Bưu điện huyện.\nsở nội vụ\nỦy ban nhân dân xã Yên Viễn\nNhư trên;\n\n- Lưu: VT, KT."
    assert outside_of(text, without=["Ủy ban nhân dân xã Yên Viễn"]) == ["Sở Nội vụ", "Bưu điện huyện"]
    assert outside_of("Lưu: VT\nNhư Điều 3;") == []


def test_names_that_differ_in_one_accent_are_two() -> None:
    """Tân An and Tấn An are two communes; the tone of Uỷ ban may stand on either vowel."""
    two = "UBND xã Tân An\nUBND xã Tấn An\nUỷ ban nhân dân xã Yên Viễn"
    assert outside_of(two) == two.split("\n")
    assert outside_of(two, without=["ubnd xã tân an", "Ủy ban nhân dân xã Yên Viễn"]) == ["UBND xã Tấn An"]


def test_what_may_follow_what() -> None:
    """The whole table, with every particular there."""
    follows = {"to_send": "sent received", "sent": "sent received returned", "returned": "sent returned",
               "received": "received"}  # fmt: skip
    for before in DispatchState:
        for after in DispatchState:
            facts = {"channel": "post", "sent_on": DAY, "received_on": DAY, "note": "x", "today": DAY}
            if after in follows[before].split():
                demand_change(before, after, **facts)  # type: ignore[arg-type]
            else:
                with pytest.raises(WrongState, match="dispatch_order"):
                    demand_change(before, after, **facts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("after", "changes", "code"),
    [
        ("sent", {"channel": ""}, "dispatch_how"),
        ("sent", {"sent_on": None}, "dispatch_how"),
        ("sent", {"sent_on": DAY + dt.timedelta(days=1)}, "dispatch_day"),
        ("received", {"received_on": None}, "dispatch_received"),
        ("received", {"received_on": DAY - dt.timedelta(days=1)}, "dispatch_day"),
        ("returned", {"note": ""}, "dispatch_why"),
    ],
)
def test_what_is_missing_is_named(after: str, changes: dict[str, object], code: str) -> None:
    """One particular at a time."""
    facts = {"channel": "post", "sent_on": DAY, "received_on": DAY, "note": "x", "today": DAY} | changes
    with pytest.raises(BadInput, match=code):
        demand_change(DispatchState.SENT, DispatchState(after), **facts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("today", "since"),
    [(dt.date(2026, 11, 25), dt.date(2026, 11, 24)), (DAY, dt.date(2026, 11, 20))],
)
def test_a_receiver_has_the_next_working_day(today: dt.date, since: dt.date) -> None:
    """On a Wednesday what came on Monday is late; on a Monday what came on Thursday, for Friday's it has today."""
    now = dt.datetime.combine(today, dt.time(10), OFFICE_ZONE)
    assert unregistered_since(built({}), now) == dt.datetime.combine(since, dt.time(), OFFICE_ZONE)
