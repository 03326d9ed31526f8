"""Posts with dates, the capacities they may choose from, and the lines above a signature."""

from __future__ import annotations

import datetime as dt

import pytest

from workflow.domain.people import (
    CAPACITIES,
    CAPACITY_PREFIX,
    SIGNING_ROLES,
    Capacity,
    Post,
    Role,
    collective_of,
    signature_block,
)

COLLECTIVE = collective_of("Ủy ban nhân dân xã Đồng Tâm")


@pytest.mark.parametrize(
    ("capacity", "title", "over", "lines"),
    [
        (Capacity.HEAD, "Chủ tịch", "Chủ tịch", ("CHỦ TỊCH",)),
        (Capacity.TM, "Chủ tịch", "Chủ tịch", ("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH")),
        (Capacity.TM, "Phó Chủ tịch", "Chủ tịch", ("TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH")),
        (Capacity.KT, "Phó Chủ tịch", "Chủ tịch", ("KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH")),
        (Capacity.TL, "Trưởng phòng", "Chủ tịch", ("TL. CHỦ TỊCH", "TRƯỞNG PHÒNG")),
        (Capacity.TUQ, "Chánh Văn phòng", "Giám đốc", ("TUQ. GIÁM ĐỐC", "CHÁNH VĂN PHÒNG")),
        (Capacity.Q, "Chủ tịch", "Chủ tịch", ("Q. CHỦ TỊCH",)),
    ],
)
def test_lines_above_the_name(capacity: Capacity, title: str, over: str, lines: tuple[str, ...]) -> None:
    """Decree 30/2020, Annex I, II.7: the prefix stands before the head or the collective, Q. before the title."""
    assert signature_block(capacity, title, over, collective=COLLECTIVE) == lines


def test_capacities_belong_to_those_who_sign() -> None:
    """Nobody else has any, each is somebody's, each has a prefix, and a deputy signs KT. before all others."""
    assert set(CAPACITIES) == SIGNING_ROLES == {Role.LEADER, Role.DEPUTY, Role.UNIT_HEAD}
    assert {capacity for several in CAPACITIES.values() for capacity in several} == set(Capacity)
    assert set(CAPACITY_PREFIX) == set(Capacity)
    assert CAPACITIES[Role.DEPUTY][0] is Capacity.KT
    assert Capacity.KT not in CAPACITIES[Role.LEADER]
    assert Capacity.HEAD not in CAPACITIES[Role.DEPUTY]


@pytest.mark.parametrize(
    ("day", "held"),
    [("2025-06-30", False), ("2025-07-01", True), ("2026-10-14", True), ("2026-10-15", False)],
)
def test_a_post_is_held_from_its_first_to_its_last_day(day: str, held: bool) -> None:
    """Both included; without a last day it goes on."""
    first, last = dt.date(2025, 7, 1), dt.date(2026, 10, 14)
    post = Post(1, 2, 3, 4, Role.DRAFTER, "Chuyên viên", first, last)
    assert post.held_on(dt.date.fromisoformat(day)) is held
    assert Post(1, 2, 3, 4, Role.DRAFTER, "Chuyên viên", first).held_on(dt.date(2040, 1, 1))
