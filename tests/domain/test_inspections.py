"""Samples that anybody draws again, and who may do what in an inspection."""

from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from workflow.domain.inspections import Act, FindingState, Listed, Standing, draw, late, list_hash, may, sort_key

CODES = ("7KQ4-M2XD-91A", "2222-3333-444", "ZZZZ-YYYY-XXX", "H99.02/den/2026/7", "ABCD-EFGH-JKL")

VECTOR = [("ZZZZ-YYYY-XXX", "52ba0e309f2a"), ("7KQ4-M2XD-91A", "71cc50acdf92"), ("ABCD-EFGH-JKL", "adac4032e07c")]
LIST = "75bc25fda5fcf2087c0c9af067c4c3ac96bd50fab249f37f537f6522ead2ea41"
"""Made by `printf`, `sha256sum` and `sort` in a shell."""


def listed(*codes: str, unit: int = 1) -> list[Listed]:
    return [Listed(code, place, unit) for place, code in enumerate(codes, 1)]


def test_the_vector_stands() -> None:
    """Seed, list, sample and hash as they were worked out without our code."""
    assert sort_key("kiểm tra 2026", CODES[0]).startswith("71cc50acdf92")
    drawn = draw(listed(*CODES), seed="kiểm tra 2026", size=3, per_unit=False)
    assert [(one.one.code, one.key[:12]) for one in drawn] == VECTOR
    assert list_hash(listed(*CODES)) == LIST


@given(st.lists(st.text("ABC123-/", min_size=1, max_size=6), unique=True, min_size=1), st.integers(1, 9))
def test_the_order_of_the_list_says_nothing(codes: list[str], size: int) -> None:
    """Whoever has the same codes draws the same; a smaller sample is the beginning of a larger one."""
    rows = listed(*codes)
    mixed = sorted(rows, key=lambda one: one.code[::-1])
    one, other = (draw(some, seed="s", size=size, per_unit=False) for some in (rows, mixed))
    assert one == other
    assert list_hash(rows) == list_hash(mixed)
    assert draw(rows, seed="s", size=size + 1, per_unit=False)[: len(one)] == one


def test_so_many_from_each_unit() -> None:
    """Each unit is drawn by itself, as if the other one were not there."""
    near, far = listed("A", "B", "C", unit=1), listed("D", "E", "F", unit=2)
    drawn = draw([*far, *near], seed="x", size=2, per_unit=True)
    alone = [draw(some, seed="x", size=2, per_unit=False) for some in (near, far)]
    assert [one.one for one in drawn] == [one.one for some in alone for one in some]
    assert [one.place for one in drawn] == [1, 2, 3, 4]


def test_who_may_do_what() -> None:
    """Founders grant, the head of the team accepts, units answer; nobody both finds and answers."""
    assert {act for act in Act if may({Standing.UNIT}, act)} == {Act.ANSWER, Act.PROMISE, Act.TELL}
    assert {act for act in Act if may({Standing.FOUNDER}, act)} == {Act.GRANT, Act.REVOKE, Act.END}
    assert not may({Standing.MEMBER}, Act.ACCEPT)
    assert not may((), Act.FIND)


def test_late_is_a_question_of_the_day() -> None:
    """Open: past its last day; answered: only where the answer came after it, whenever one asks."""
    due, day = dt.date(2026, 11, 20), dt.timedelta(days=1)
    assert not late(FindingState.OPEN, due, today=due, answered_on=None)
    assert late(FindingState.OPEN, due, today=due + day, answered_on=None)
    assert not late(FindingState.ACCEPTED, due, today=due + 9 * day, answered_on=due)
    assert late(FindingState.CORRECTED, due, today=due + 9 * day, answered_on=due + day)
