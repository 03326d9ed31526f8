"""What a file from outside is and what its text says: the two questions asked before anybody sees a new arrival.

Both look at a stranger's bytes in the jail only, and outside any write.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from workflow.adapters.inspecting import inspect_in_jail
from workflow.store.session import UnitOfWork


@dataclass(frozen=True, slots=True)
class Inspected:
    """What a file is. `warnings`: codes, of which some quarantine it: shown as page images only, never opened."""

    media_type: str
    pages: int = 0
    quarantined: bool = False
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadText:
    """What is proposed for the register. Each proposal: `field`, `value`, `confidence` (certain, likely, unsure),
    `page` from 1 on, `box` as `[x0, y0, x1, y1]` in points from the lower left corner. `state`: of
    `Incoming.reading`.
    """

    proposals: tuple[dict[str, Any], ...] = ()
    state: str = "none"


def inspect(uow: UnitOfWork, data: bytes, *, filename: str) -> Inspected:
    """Say what a file is by what it holds, whatever its name says. Raises `Crashed` where the jail cannot work."""
    found = uow.compute(inspect_in_jail, data, filename=filename)
    return Inspected(found.media_type, found.pages or 0, found.quarantined, tuple(map(str, found.warnings)))


def propose(uow: UnitOfWork, data: bytes, *, media_type: str) -> ReadText:
    """Read a paper's text. Nothing is proposed where no reader is installed."""
    return ReadText()
