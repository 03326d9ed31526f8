"""A draft that comes as a Word file: printed to PDF in the jail, then it goes the way of every PDF."""

from __future__ import annotations

from dataclasses import dataclass

from signing import prepare as making
from workflow.adapters import office
from workflow.domain.errors import BadInput
from workflow.services.documents.normalising import normalised

WORD = "docx"
"""The note of an original that is a Word file."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A draft taken apart; `media_type` and `note` say what came."""

    made: making.Normalised
    media_type: str
    note: str


def opened(data: bytes) -> Opened:
    """The draft in a file, PDF or DOCX. Raises `BadInput("draft_<why>")`, of office files `draft_office_<why>`."""
    if not office.is_office_file(data):
        return Opened(normalised(data), "application/pdf", "")
    try:
        pdf = office.to_pdf(data, accept=office.DRAFTS, draft=True)
    except BadInput as refused:
        raise BadInput(f"draft_{refused.code}", **refused.details) from refused
    return Opened(normalised(pdf), office.DOCX, WORD)
