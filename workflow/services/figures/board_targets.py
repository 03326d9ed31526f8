"""What boards know of targets: the one place where they ask for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from workflow.domain.entered import met
from workflow.domain.indicators import INDICATORS
from workflow.services.figures.board_rows import Row
from workflow.services.figures.boards import Board
from workflow.services.figures.targets import goals_of
from workflow.store.session import UnitOfWork


@dataclass(frozen=True, slots=True)
class Target:
    """What a rate should reach, and whether it does; None where nothing counts."""

    percent: Decimal
    met: bool | None


class Part(StrEnum):
    """Which row of a board: the same unit may stand on it as the whole, as a row, with those below it, and as what
    is directly with it, each with figures of its own."""

    TOTAL = "total"
    ROW = "row"
    DIRECT = "direct"
    GROUP = "group"


Targets = Mapping[tuple[Part, int], Mapping[str, Target]]
"""Row of a board → indicator → its target. Where no row has one, pages show no column for it."""


def part_of(row: Row) -> Part:
    """What one of the rows of a board is."""
    return Part.DIRECT if row.direct else Part.ROW


def targets_of(uow: UnitOfWork, board: Board) -> Targets:
    """The targets of the rows and of the whole of a board: those of the last month of its period that has begun."""
    rows = [
        (Part.TOTAL, board.total), *((part_of(row), row) for row in board.rows),
        *((Part.GROUP, row) for row in board.groups),
    ]  # fmt: skip
    agencies = sorted({row.agency for _part, row in rows})
    if not board.asked.months or not agencies:
        return {}
    goals = goals_of(uow, agencies, month=board.asked.months[-1])
    found: dict[tuple[Part, int], dict[str, Target]] = {}
    for part, row in rows:
        for one in INDICATORS:
            if (goal := goals.get((row.id, one.name))) is not None:
                reached = met(one.percent(row.figures), goal, one.better)
                found.setdefault((part, row.id), {})[one.name] = Target(goal, reached)
    return found
