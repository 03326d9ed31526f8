"""A file that shall go with a document, opened in the jail: PDFs are rewritten as drafts are and get the field of
their seal, Word files are printed to PDF first, spreadsheets are looked through and stay as they came.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from signing import jail
from signing import prepare as making
from workflow.adapters import inspecting, office
from workflow.domain import attachments as rules
from workflow.domain.attachments import Box, Kind
from workflow.domain.errors import BadInput
from workflow.domain.file_warnings import FileWarning, quarantined
from workflow.services.documents.word_files import opened
from workflow.store.session import UnitOfWork

PDF = "application/pdf"
_PDF_BEGINS = b"%PDF"


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """What is kept of it. `came`: the media type of the file as it was added."""

    kind: Kind
    data: bytes
    sha256: str
    media_type: str
    came: str
    pages: int = 0
    box: Box = (0.0, 0.0, 0.0, 0.0)
    removed: tuple[str, ...] = ()


def open_attachment(uow: UnitOfWork, data: bytes, filename: str) -> Opened:
    """Raises `BadInput`: `attachment_kind` for what is no PDF, Word file or spreadsheet; `attachment_dangerous`; of
    the others what a draft would be refused for (`draft_<why>`).
    """
    if not data:
        raise BadInput("file_empty")
    table = uow.compute(spreadsheet, data, filename)
    if table:
        digest = hashlib.sha256(data).hexdigest()
        return Opened(kind=Kind.SHEET, data=data, sha256=digest, media_type=table, came=table)
    came = uow.compute(opened, data)
    box = uow.compute(free_corner, came.made)
    ready = uow.compute(making.add_fields, came.made.data, (field_at(box),), footer=None)
    return Opened(
        kind=Kind.PDF, data=ready, sha256=hashlib.sha256(ready).hexdigest(), media_type=PDF, came=came.media_type,
        pages=len(came.made.pages), box=box, removed=came.made.removed,
    )  # fmt: skip


def spreadsheet(data: bytes, filename: str) -> str:
    """The media type of a spreadsheet that goes along as it is; empty for what becomes a PDF."""
    if data.startswith(_PDF_BEGINS):
        return ""
    if not office.is_office_file(data):
        raise BadInput("attachment_kind")
    facts = inspecting.inspect_in_jail(data, filename=filename)
    if facts.media_type not in rules.SHEETS:
        if facts.media_type not in office.SHOWN:  # what Word makes; older kinds are refused with their reason
            raise BadInput("attachment_kind")
        return ""
    if quarantined(one for one in facts.warnings if one is not FileWarning.OFFICE_FILE):
        raise BadInput("attachment_dangerous")
    return facts.media_type


def free_corner(made: making.Normalised) -> Box:
    """Where the seal's words stand on the first page."""
    first = made.pages[0]
    try:
        boxes = making.text_boxes_in_jail(made.data, pages=[1])
    except jail.JailError:
        boxes = {}
    return rules.seal_box(first.width, first.height, boxes.get(1, ()))


def field_at(box: Box, *, words: str = "") -> making.PlannedField:
    """The field of the seal; `words`: what its appearance must read."""
    return making.PlannedField(
        name=rules.FIELD, kind=making.FieldKind.SEAL, owner="organisation", page=1, box=box, expected_text=words
    )
