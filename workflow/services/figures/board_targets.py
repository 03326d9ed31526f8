"""What boards know of targets: the one place where they ask for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from workflow.domain.permissions import Scope
from workflow.services.figures.boards import Board
from workflow.store.session import UnitOfWork


@dataclass(frozen=True, slots=True)
class Target:
    """What a rate should reach, and whether it does; None where nothing counts."""

    percent: Decimal
    met: bool | None


Targets = Mapping[int, Mapping[str, Target]]
"""Row of a board → indicator → its target. Where no row has one, pages show no column for it."""


def targets_of(_uow: UnitOfWork, _scope: Scope, _board: Board) -> Targets:
    """The targets of the rows and of the whole of a board. No target is kept yet."""
    return {}
