"""The registers of a year to print and bind (PDF/A-2b, by volumes) and for a spreadsheet (XLSX, by parts)."""

from __future__ import annotations

from flask import Blueprint
from werkzeug.wrappers import Response

from workflow.adapters import render, xlsx_export
from workflow.domain.permissions import Permission
from workflow.web.context import current
from workflow.web.guards import allows
from workflow.web.register_choice import Choice, demanded, digits
from workflow.web.register_lines import BOOKS
from workflow.web.register_listing import read_listing
from workflow.web.register_paper import Only, office_language, sheets_of, volume_of
from workflow.web.sheets import workbook

bp = Blueprint("register_prints", __name__)


@bp.get("/register/volume.pdf")
@allows(Permission.SEE_REGISTER)
def outgoing_volume() -> Response:
    """A volume of the register of outgoing documents."""
    return _volume("outgoing")


@bp.get("/incoming/register/volume.pdf")
@allows(Permission.SEE_REGISTER)
def arrivals_volume() -> Response:
    """A volume of the register of arrivals."""
    return _volume("arrivals")


@bp.get("/incoming/register/follow-up/volume.pdf")
@allows(Permission.SEE_REGISTER)
def follow_up_volume() -> Response:
    """A volume of the follow-up register."""
    return _volume("follow-up")


@bp.get("/register/export.xlsx")
@allows(Permission.SEE_REGISTER)
def outgoing_sheet() -> Response:
    """The register of outgoing documents, as it is narrowed now."""
    return _sheet("outgoing")


@bp.get("/incoming/register.xlsx")
@allows(Permission.SEE_REGISTER)
def arrivals_sheet() -> Response:
    """The register of arrivals."""
    return _sheet("arrivals")


@bp.get("/incoming/register/follow-up.xlsx")
@allows(Permission.SEE_REGISTER)
def follow_up_sheet() -> Response:
    """The follow-up register."""
    return _sheet("follow-up")


def _volume(name: str) -> Response:
    here, book = current(), BOOKS[name]
    choice = demanded(book.direction)
    volume, piece = volume_of(book, choice, digits("volume") or 1)
    pdf = here.uow.compute(render.render_volume, volume, made_at=here.now)
    filename = f"{name}-{choice.register_id}-{choice.year}-{piece.place}.pdf"
    return _download(pdf, "application/pdf", filename)


def _sheet(name: str) -> Response:
    book = BOOKS[name]
    choice = demanded(book.direction)
    only = _only(choice) if book.direction == "out" else None
    sheets, title, piece = sheets_of(book, choice, digits("part") or 1, only=only)
    extract = "-extract" if only else ""
    return _download(
        workbook(sheets, title=title),
        xlsx_export.CONTENT_TYPE,
        f"{name}-{choice.register_id}-{choice.year}-{piece.place}{extract}.xlsx",
    )


def _only(choice: Choice) -> Only | None:
    """What the address narrows the year to, in the words of the sheet."""
    listing = read_listing(choice)
    if not listing.asked.narrowed:
        return None
    with office_language():
        return Only(listing.wanted, tuple(words for _name, words in listing.words()))


def _download(data: bytes, content_type: str, filename: str) -> Response:
    answer = Response(data, content_type=content_type)
    answer.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    return answer
