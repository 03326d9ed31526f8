"""What a file from outside is and what its text says: the two questions asked before anybody sees a new arrival.

Both look at a stranger's bytes in the jail only, and outside any write.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from workflow.adapters.inspecting import inspect_in_jail
from workflow.services.reading import read_letter
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
    """Read a PDF's text, a scan's by OCR, which may take some seconds. Nothing is proposed for other kinds."""
    if media_type != "application/pdf":
        return ReadText()
    found = read_letter(uow, data)
    made = tuple(
        {
            "field": str(one.field),
            "value": one.value,
            "confidence": str(one.confidence),
            "page": one.page,
            "box": [one.box.x0, one.box.y0, one.box.x1, one.box.y1],
        }
        for one in found.proposals
    )
    return ReadText(made, "read" if made else "unreadable")
