"""What a file from outside is and what its text says: the two questions asked before anybody sees a new arrival.

Both look at a stranger's bytes in the jail only, and outside any write.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from signing import jail
from workflow.store.session import UnitOfWork

_MEASURE = "workflow.adapters.pages:measure"
_SIGNATURES = (".p7s", ".p7m")


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
    """Say what a file is by what it holds, whatever its name says."""
    if data.startswith(b"%PDF"):
        return _pdf(uow, data)
    if filename.lower().endswith(_SIGNATURES):
        return Inspected("application/pkcs7-signature")
    code = "archive" if data.startswith(b"PK\x03\x04") else "unknown_kind"
    return Inspected("application/octet-stream", quarantined=True, warnings=(code,))


def _pdf(uow: UnitOfWork, data: bytes) -> Inspected:
    try:
        found = uow.compute(jail.run, _MEASURE, data).json
    except jail.TaskRefused as error:
        code = "encrypted" if error.code == "pdf_encrypted" else "unreadable"
        return Inspected("application/pdf", quarantined=True, warnings=(code,))
    except jail.JailError:
        return Inspected("application/pdf", quarantined=True, warnings=("unreadable",))
    active = any(mark in data for mark in (b"/JavaScript", b"/Launch", b"/EmbeddedFile"))
    warnings = ("active_content",) if active else ()
    return Inspected("application/pdf", int(found["pages"]), quarantined=active, warnings=warnings)


def propose(uow: UnitOfWork, data: bytes, *, media_type: str) -> ReadText:
    """Read a paper's text. Nothing is proposed where no reader is installed."""
    return ReadText()
