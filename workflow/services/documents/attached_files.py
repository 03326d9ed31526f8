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


def open_attachment(data: bytes, filename: str) -> Opened:
    """Raises `BadInput`: `attachment_kind` for what is no PDF, Word file or spreadsheet; `attachment_dangerous`; of
    the others what a draft would be refused for (`draft_<why>`).
    """
    if not data:
        raise BadInput("file_empty")
    if data.startswith(_PDF_BEGINS):
        return _paper(data)
    if not office.is_office_file(data):
        raise BadInput("attachment_kind")
    facts = inspecting.inspect_in_jail(data, filename=filename)
    if facts.media_type in rules.SHEETS:
        if quarantined(one for one in facts.warnings if one is not FileWarning.OFFICE_FILE):
            raise BadInput("attachment_dangerous")
        digest = hashlib.sha256(data).hexdigest()
        return Opened(kind=Kind.SHEET, data=data, sha256=digest, media_type=facts.media_type, came=facts.media_type)
    if facts.media_type not in office.SHOWN:  # what Word makes; older kinds are refused with their reason
        raise BadInput("attachment_kind")
    return _paper(data)


def _paper(data: bytes) -> Opened:
    came = opened(data)
    box = _box(came.made)
    ready = making.add_fields(came.made.data, (field_at(box),), footer=None)
    return Opened(
        kind=Kind.PDF, data=ready, sha256=hashlib.sha256(ready).hexdigest(), media_type=PDF, came=came.media_type,
        pages=len(came.made.pages), box=box, removed=came.made.removed,
    )  # fmt: skip


def _box(made: making.Normalised) -> Box:
    first = made.pages[0]
    try:
        text = making.text_boxes_in_jail(made.data, pages=[1]).get(1, ())
    except jail.JailError:
        text = ()
    return rules.seal_box(first.width, first.height, text)


def field_at(box: Box, *, words: str = "") -> making.PlannedField:
    """The field of the seal; `words`: what its appearance must read."""
    return making.PlannedField(
        name=rules.FIELD, kind=making.FieldKind.SEAL, owner="organisation", page=1, box=box, expected_text=words
    )
