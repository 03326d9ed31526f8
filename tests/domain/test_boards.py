"""Boards: what comes first, how months come together, what a change means."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from workflow.domain.boards import Change, Node, Tree, Way, change, months_of, over, rank
from workflow.domain.indicators import indicator
from workflow.domain.periods import parse

SIGNED, LATE, ON = (indicator(name) for name in ("sign_rate_docs", "late_docs", "on_due"))


def test_the_worst_stands_first_whichever_way_is_good() -> None:
    """The lowest rate of signatures, the highest of lateness; of equals the heavier; where nothing counts, last."""
    rows = {"a": (1, 4), "b": (2, 8), "c": (4, 4), "d": (0, 0), "e": (0, 1)}
    signed = {name: {"fully_signed": part, "sign_counted": whole} for name, (part, whole) in rows.items()}
    assert "".join(sorted(signed, key=lambda name: rank(SIGNED, signed[name], name))) == "ebacd"
    late = {name: {"late": part, "finished_dated": whole} for name, (part, whole) in rows.items()}
    assert "".join(sorted(late, key=lambda name: rank(LATE, late[name], name))) == "cbaed"


@pytest.mark.parametrize(("one", "part", "whole", "now", "then", "found"), [
    (SIGNED, "fully_signed", "sign_counted", (1, 2), (1, 4), Change(Decimal("25.00"), Way.BETTER)),
    (SIGNED, "fully_signed", "sign_counted", (1, 4), (1, 4), Change(Decimal("0.00"), Way.SAME)),
    (LATE, "late", "finished_dated", (1, 2), (1, 4), Change(Decimal("25.00"), Way.WORSE)),
    (ON, "on", "finished_dated", (1, 4), (1, 2), Change(Decimal("-25.00"), Way.MOVED)),
    (SIGNED, "fully_signed", "sign_counted", (1, 4), (0, 0), None),
])  # fmt: skip
def test_a_change_says_whether_it_is_good(one, part, whole, now, then, found) -> None:  # type: ignore[no-untyped-def]
    """In percentage points; nothing where either period has nothing to divide by."""
    here, there = ({part: pair[0], whole: pair[1]} for pair in (now, then))
    assert change(one, here, there) == found


def test_a_quarter_has_the_sum_of_what_happened_and_the_last_of_what_stands() -> None:
    """Issued ones are added up; waiting ones are the last month's; what was carried over is the first month's."""
    keys = [one.key for one in months_of(parse("2026-Q4"))]
    assert keys == ["2026-10", "2026-11", "2026-12"]
    months = {key: {"issued": n, "unsigned": n, "carried": n} for n, key in enumerate(keys[:2], 3)}
    made = over(months, keys[:2])
    assert (made["issued"], made["unsigned"], made["carried"]) == (7, 4, 3)


def test_whose_figures_a_unit_is_compared_with() -> None:
    """Those it alone took over from, through others too; never what was divided, nor who still stands."""
    day = dt.date(2026, 1, 1)

    def node(key: int, last: tuple[int, int] | None, *heirs: int, first: dt.date = day) -> Node:
        return Node(key, str(key), None, 1, first, dt.date(2026, *last) if last else None, heirs)

    tree = Tree([
        node(1, (3, 31), 2), node(2, (8, 31), 3, first=dt.date(2026, 4, 1)),
        node(3, None, first=dt.date(2026, 9, 1)),
        node(4, (8, 31), 5, 6), node(5, None), node(6, None), node(7, None, 3),
    ])  # fmt: skip
    now = parse("2026-10")
    assert tree.forebears(3, parse("2026-02"), now).units == (1,)
    assert tree.forebears(3, parse("2026-05"), now).units == (2,)
    assert tree.forebears(3, parse("2026-09"), now).units == ()
    assert tree.forebears(5, parse("2026-05"), now).divided
