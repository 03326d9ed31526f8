"""Reading a paper that came in: the jail's words and OCR, the domain's rules; never an exception for a bad file.

    look ─> next_scan ─> read_scan ─> … ─> assembled

`read_letter` goes all the way; the job goes page by page (`services.scans`), with the same outcome.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from signing.jail import Crashed, JailError, ResourceLimit, TaskRefused, run
from workflow.adapters import ocr
from workflow.domain.reading import Box, Field, Page, Proposal, Source, Word, read_pages
from workflow.domain.reading.lines import pieces_of
from workflow.domain.reading.spelling import mended
from workflow.store.session import UnitOfWork

MOST_SCANNED = 5
"""Pages of one paper that go through the OCR: the first, then those where the signature should be."""
READ_BY_OCR = frozenset({"picture", "layer", "rubbish"})


@dataclass(frozen=True, slots=True)
class Reading:
    """What can be proposed for a paper.

    `trouble` is "" or a code: `pdf_unreadable`, `pdf_encrypted`, `too_many_pages`, `too_heavy` (it would take more
    time or memory than a file may), `ocr_missing` (a scan, and no OCR here), `ocr_failed`, `nothing_found`.
    `scanned` are the pages that were read by OCR, `pages` counts those of the file.
    """

    proposals: tuple[Proposal, ...]
    trouble: str = ""
    pages: int = 0
    scanned: tuple[int, ...] = ()

    def best(self, field: Field) -> Proposal | None:
        """The first proposal for a field."""
        return next((one for one in self.proposals if one.field is field), None)


@dataclass(frozen=True, slots=True)
class Look:
    """What a file holds at a first look, without OCR: some milliseconds a page. `rows`: pages that may matter, as
    `adapters.words.words` gives them."""

    rows: Mapping[int, Any]
    pages: int = 0
    trouble: str = ""

    def texts(self) -> dict[int, Page]:
        """Pages with text of their own."""
        return {number: _page(row, Source.TEXT) for number, row in self.rows.items() if row["kind"] == "text"}

    def scans(self) -> list[int]:
        """Pages that only OCR can read, those first that facts are found on soonest."""
        return _order(number for number, row in self.rows.items() if row["kind"] in READ_BY_OCR)[:MOST_SCANNED]


def read_letter(uow: UnitOfWork, data: bytes, *, signer_names: tuple[str, ...] = ()) -> Reading:
    """Read a PDF to its end, now; the bytes are only looked at. `signer_names`: from certificates of its valid
    signatures. Call it outside a write: a scan takes some seconds a page."""
    found = look(uow, data)
    read: dict[int, Any] = {}
    available = uow.compute(ocr.available) if found.scans() else True
    while available and (number := next_scan(found, read)) is not None:
        read[number] = read_scan(uow, data, number)
    return assembled(found, read, available=available, signer_names=signer_names)


def look(uow: UnitOfWork, data: bytes) -> Look:
    """The first look, in the jail."""
    try:
        found = uow.compute(run, "workflow.adapters.words:words", data).json
    except JailError as error:
        return Look({}, trouble=_trouble(error))
    return Look({int(row["number"]): row for row in found["read"]}, int(found["pages"]))


def read_scan(uow: UnitOfWork, data: bytes, number: int) -> dict[str, Any]:
    """One page by OCR, in the jail; empty where it cannot be read within the limits."""
    try:
        found = uow.compute(
            run, "workflow.adapters.ocr:read", data, arguments={"page": number}, limits=ocr.LIMITS
        )  # fmt: skip
    except (Crashed, ResourceLimit, TaskRefused):
        return {}
    return dict(found.json)


def next_scan(found: Look, read: Mapping[int, Any]) -> int | None:
    """The page to read next for the facts, or None: all were, the signature is found, or one failed.

    `read`: page → what `read_scan` gave.
    """
    if any(not row for row in read.values()):
        return None
    left = [number for number in found.scans() if number not in read]
    if not left:
        return None
    pages = _pages(found, read)
    whole = bool(read) or 1 in pages  # a letter with its own text needs no OCR of the scans attached to it
    return None if whole and _signed(pages.values()) else left[0]


def assembled(
    found: Look, read: Mapping[int, Any], *, available: bool = True, signer_names: tuple[str, ...] = ()
) -> Reading:
    """What can be proposed from the pages read so far."""
    trouble = found.trouble
    if not trouble and found.scans() and not available:
        trouble = "ocr_missing"
    elif any(not row for row in read.values()):
        trouble = "ocr_failed"
    pages = _pages(found, read)
    pages |= {number: _page(found.rows[number], Source.OCR) for number in _layers(found, pages)} if trouble else {}
    tilts = {
        number: _Tilt(row["turn"], row["tilt"], row["width"], row["height"]) for number, row in read.items() if row
    }
    scanned = tuple(sorted(tilts))
    ordered = tuple(page for _, page in sorted(pages.items()))
    if not ordered or ordered[0].number != 1:
        return Reading((), trouble=trouble or "nothing_found", pages=found.pages, scanned=scanned)
    proposals = tuple(_placed(one, tilts) for one in read_pages(ordered, signer_names=signer_names))
    if not proposals and not trouble:
        trouble = "nothing_found"
    return Reading(proposals, trouble=trouble, pages=found.pages, scanned=scanned)


def text_of_scan(row: Mapping[str, Any]) -> str:
    """The words of a page read by OCR, line by line, for search."""
    if not row:
        return ""
    (page,) = mended((_page(row, Source.OCR),))
    return "\n".join(piece.text for piece in pieces_of(page))


def _pages(found: Look, read: Mapping[int, Any]) -> dict[int, Page]:
    return found.texts() | {number: _page(row, Source.OCR) for number, row in read.items() if row}


def _trouble(error: JailError) -> str:
    if isinstance(error, TaskRefused):
        return error.code
    if isinstance(error, ResourceLimit):
        return "too_heavy"
    return "pdf_unreadable"


def _layers(found: Look, pages: Mapping[int, Page]) -> list[int]:
    """Without our own OCR, what somebody else's left under the picture is better than nothing."""
    return [number for number, row in found.rows.items() if row["kind"] == "layer" and number not in pages]


@dataclass(frozen=True, slots=True)
class _Tilt:
    """How a page was turned and straightened before it was read, and its size then."""

    turn: int
    tilt: float
    width: float
    height: float


def _order(scans: Iterable[int]) -> list[int]:
    """The first page, the last one, then inwards from both ends."""
    left = sorted(scans)
    ordered = left[:1]
    left = left[1:]
    while left:
        ordered.append(left.pop())
        if left:
            ordered.append(left.pop(0))
    return ordered


def _signed(pages: Iterable[Page]) -> bool:
    """A name beside the list of recipients: the paper ends there, attachments need no OCR."""
    ordered = tuple(sorted(pages, key=lambda page: page.number))
    found = [one for one in read_pages(ordered) if one.field is Field.SIGNER]
    return bool(found) and "beside_recipients" in found[0].evidence


def _page(row: Mapping[str, Any], source: Source) -> Page:
    words = tuple(
        Word(text, Box(x0, y0, x1, y1), size, bool(bold), float(sure[0]) if sure else 1.0)
        for text, x0, y0, x1, y1, size, bold, *sure in row["words"]
    )
    return Page(int(row["number"]), float(row["width"]), float(row["height"]), words, source)


def _placed(proposal: Proposal, tilts: Mapping[int, _Tilt]) -> Proposal:
    """The box as it lies on the page that people see: straightening and turning undone."""
    lay = tilts.get(proposal.page)
    if lay is None or (not lay.tilt and not lay.turn):
        return proposal
    return replace(proposal, box=_undone(proposal.box, lay))


def _undone(box: Box, lay: _Tilt) -> Box:
    angle = -math.radians(lay.tilt)
    middle_x, middle_y = lay.width / 2, lay.height / 2
    corners = []
    for x, y in ((box.x0, box.y0), (box.x0, box.y1), (box.x1, box.y0), (box.x1, box.y1)):
        dx, dy = x - middle_x, y - middle_y
        corners.append((middle_x + dx * math.cos(angle) - dy * math.sin(angle),
                        middle_y + dx * math.sin(angle) + dy * math.cos(angle)))  # fmt: skip
    corners = [_unturned(x, y, lay) for x, y in corners]
    across, along = zip(*corners, strict=True)
    return Box(min(across), min(along), max(across), max(along))


def _unturned(x: float, y: float, lay: _Tilt) -> tuple[float, float]:
    """`turn` degrees clockwise made the page readable; go back."""
    if lay.turn == 90:
        return lay.height - y, x
    if lay.turn == 180:
        return lay.width - x, lay.height - y
    if lay.turn == 270:
        return y, lay.width - x
    return x, y
