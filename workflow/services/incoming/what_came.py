"""What a file from outside is and what its text says: the two questions asked before anybody sees a new arrival.

Both look at a stranger's bytes in the jail only, and outside any write.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from workflow.adapters.inspecting import inspect_in_jail
from workflow.services.reading import assembled, look, next_scan
from workflow.services.scans import stored
from workflow.store import reading as store
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
    """What is proposed for the register, as `services.scans.stored` keeps it. `state`: of `Incoming.reading`;
    `waiting` where pages are left that only OCR can read. `trouble`: of `services.reading.Reading`."""

    proposals: tuple[dict[str, Any], ...] = ()
    state: str = "none"
    trouble: str = ""


def inspect(uow: UnitOfWork, data: bytes, *, filename: str) -> Inspected:
    """Say what a file is by what it holds, whatever its name says. Raises `Crashed` where the jail cannot work."""
    found = uow.compute(inspect_in_jail, data, filename=filename)
    return Inspected(found.media_type, found.pages or 0, found.quarantined, tuple(map(str, found.warnings)))


def propose(uow: UnitOfWork, data: bytes, *, media_type: str) -> ReadText:
    """Read a PDF's own text: some milliseconds a page. A scan is left to the job. Nothing is proposed for other
    kinds."""
    if media_type != "application/pdf":
        return ReadText()
    found = look(uow, data)
    waits = next_scan(found, {}) is not None
    read = assembled(found, {})
    made = tuple(stored(read))
    if waits:
        return ReadText(made, "waiting")
    return ReadText(made, "read" if made else "unreadable", read.trouble)


def asked(uow: UnitOfWork, read: ReadText, sha256: str, *, now: dt.datetime) -> ReadText:
    """In the open write: ask for what only OCR can read, or take what is known of this very file already."""
    if read.state != "waiting":
        return read
    row = store.ask(uow.session, sha256, facts=True, now=now)
    if row.facts == "waiting":
        return read
    return ReadText(tuple(row.proposals), row.facts, row.trouble)
