"""Files that only OCR can read, read page by page by a job, each once by its content.

    asked → taken → page, page, … → facts known → the other pages' words → done

What waits for it (documents, the search) is told by others: facts in `services.incoming.being_read`, words in
`services.search`. A page is kept when it was read: a process that ends costs one page, and who comes next goes on.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from workflow.adapters import file_text, ocr
from workflow.adapters.blobs import BlobDamaged, BlobMissing, Blobs
from workflow.adapters.file_text import FileSays
from workflow.domain.search import plain
from workflow.services.reading import Look, Reading, assembled, look, next_scan, read_scan, text_of_scan
from workflow.store import reading as store
from workflow.store import search_rows, search_sources
from workflow.store.session import UnitOfWork

LEASE = dt.timedelta(minutes=3)
"""Longer than the jail lets one page take; taken anew with every page."""
MOST_ATTEMPTS = 4
"""A file that ended so many processes in a row without one more page read is given up."""


@dataclass(slots=True)
class Work:
    """A file that this process reads. `read`: page → what `read_scan` gave."""

    sha256: str
    data: bytes
    found: Look
    says: FileSays
    for_facts: bool
    given_up: bool = False
    available: bool = True
    read: dict[int, Any] = field(default_factory=dict)
    texts: dict[int, str] = field(default_factory=dict)

    def next_page(self) -> int | None:
        """The page to read next; None where this stage is done."""
        if self.given_up or not self.available:
            return None
        if self.for_facts:
            return next_scan(self.found, self.fact_pages())
        return next((number for number in self.says.bare if number not in self.read), None)

    def fact_pages(self) -> dict[int, Any]:
        """What was read of the pages that facts are looked for on."""
        wanted = self.found.scans()
        return {number: words for number, words in self.read.items() if number in wanted}

    def knows_facts(self) -> bool:
        """Whether all pages that facts need were read."""
        pages = self.fact_pages()
        return bool(pages) and next_scan(self.found, pages) is None


def available(uow: UnitOfWork) -> bool:
    """Whether OCR is installed here."""
    return uow.compute(ocr.available)


def next_file(uow: UnitOfWork, *, now: dt.datetime, facts_only: bool) -> str | None:
    """The file to go on with: those first whose facts a clerk waits for."""
    return store.next_left(uow.session, now=now, facts_only=facts_only)


def take(uow: UnitOfWork, sha256: str, *, now: dt.datetime) -> Work | None:
    """Say that this process reads a file; None where another one does or has done. The door commits, then calls
    `begin`."""
    uow.begin_write()
    row = store.take(uow.session, sha256, now=now, until=now + LEASE)
    if row is None:
        return None
    return Work(
        sha256, b"", Look({}), FileSays("empty"), for_facts=row.facts == "waiting",
        given_up=row.attempts > MOST_ATTEMPTS,
    )  # fmt: skip


def begin(uow: UnitOfWork, work: Work, *, blobs: Blobs) -> None:
    """A first look at the file, and what was read of it before. A file that is gone is given up."""
    work.available = uow.compute(ocr.available)
    try:
        work.data = uow.compute(blobs.get, work.sha256)
    except (BlobMissing, BlobDamaged):
        work.given_up, work.says, work.found = True, FileSays("lost"), Look({}, trouble="lost")
        return
    work.found = look(uow, work.data)
    work.says = uow.compute(file_text.read, work.data)
    for page in store.pages(uow.session, work.sha256):
        work.read[page.number], work.texts[page.number] = page.words, page.text


def read_page(uow: UnitOfWork, work: Work, number: int, *, now: dt.datetime) -> None:
    """One page: seconds in the jail, then one short write."""
    words = read_scan(uow, work.data, number)
    text = plain(text_of_scan(words))
    uow.begin_write()
    store.keep_page(uow.session, work.sha256, number, words=words, text=text, until=now + LEASE)
    work.read[number], work.texts[number] = words, text
    row = store.of(uow.session, work.sha256)
    work.for_facts = row is not None and row.facts == "waiting"


def finish_stage(uow: UnitOfWork, work: Work, *, now: dt.datetime) -> bool:
    """Keep what this stage came to; whether the file needs no more work from this process.

    Facts that nobody has asked for yet are kept too where their pages were read: no page is read twice.
    """
    asked = work.for_facts
    found = facts_of(work) if asked or work.knows_facts() else None
    uow.begin_write()
    row = store.of(uow.session, work.sha256)
    if row is None:
        return True
    if found is None and row.facts == "waiting":  # somebody asked while the words were read
        work.for_facts = True
        return False
    if found is not None and row.facts not in store.KNOWN:
        state = "read" if found.proposals else "unreadable"
        store.change(
            uow.session, work.sha256, facts=state, trouble=found.trouble, proposals=stored(found)
        )  # fmt: skip
    work.for_facts = False
    if asked and not work.given_up:
        if not work.available:
            store.change(uow.session, work.sha256, taken_until=None)
        return not work.available
    _finish(uow, work, now=now)
    return True


def _finish(uow: UnitOfWork, work: Work, *, now: dt.datetime) -> None:
    store.forget_pages(uow.session, work.sha256)
    store.change(uow.session, work.sha256, is_left=False, taken_until=None)
    if work.says.state in {"lost", "unreadable"}:
        return
    text = plain(work.says.text(work.texts))
    search_sources.put_text(
        uow.session, work.sha256, state="read" if text else "empty", text=text, pages=len(work.says.texts), now=now
    )
    search_rows.let_wait(uow.session, work.sha256)


def release(uow: UnitOfWork, work: Work) -> None:
    """Leave the rest to whoever comes next; what was read stays."""
    uow.begin_write()
    store.change(uow.session, work.sha256, taken_until=None, attempts=0)


def facts_of(work: Work) -> Reading:
    """What the pages read so far propose. A file that was given up says so."""
    found = assembled(work.found, work.fact_pages(), available=work.available)
    if work.given_up and not found.trouble:
        return Reading(found.proposals, trouble="ocr_failed", pages=found.pages, scanned=found.scanned)
    return found


def stored(found: Reading) -> list[dict[str, Any]]:
    """Proposals as they are kept: field, value, confidence, page from 1 on, box `[x0, y0, x1, y1]` in points from
    the lower left corner."""
    return [
        {
            "field": str(one.field), "value": one.value, "confidence": str(one.confidence), "page": one.page,
            "box": [one.box.x0, one.box.y0, one.box.x1, one.box.y1],
        }
        for one in found.proposals
    ]  # fmt: skip
