"""Number and date at the head of page 1: the register's words, and which of them the draft still lacks."""

from __future__ import annotations

import datetime as dt

from signing import prepare as making
from workflow.adapters import render
from workflow.domain.errors import Missing
from workflow.domain.numbering import date_text, date_words
from workflow.services.documents.symbols import dated
from workflow.store import office
from workflow.store.models import Outgoing
from workflow.store.session import UnitOfWork

UPRIGHT = frozenset({making.GapKind.NUMBER, making.GapKind.SYMBOL, making.GapKind.NUMBER_LINE})
"""Of a head's words; the date is set in italics (Annex I)."""


def heading_words(uow: UnitOfWork, document: Outgoing) -> tuple[str, str]:
    """`Số: 05/QĐ-UBND` and `Đồng Tâm, ngày 23 tháng 11 năm 2026`, as they stand in the register."""
    agency = office.unit(uow.session, document.agency_id)
    return f"Số: {document.symbol}", date_text(agency.place, _dated(document))


def pieces(uow: UnitOfWork, document: Outgoing, field: making.PlannedField) -> tuple[render.Piece, ...]:
    """What is drawn into a typed line, from left to right; none where the head is drawn whole."""
    if field.drawn is not making.Drawn.MISSING or not isinstance(field.typed, making.TypedHead):
        return ()
    words = _words(uow, document, field.typed)
    return tuple(
        render.Piece(
            text=words[gap.kind], left=gap.left, foot=gap.foot, width=gap.width, points=gap.points,
            side=str(gap.side), italic=gap.kind not in UPRIGHT,
        )
        for gap in sorted(field.typed.gaps, key=lambda one: one.left)
    )  # fmt: skip


def drawn_text(uow: UnitOfWork, document: Outgoing, field: making.PlannedField) -> str:
    """What the appearance of the number's signature reads, its parts joined by blanks: `05 23 11`."""
    found = pieces(uow, document, field)
    return " ".join(one.text for one in found) if found else " ".join(heading_words(uow, document))


def _dated(document: Outgoing) -> dt.date:
    if (day := dated(document)) is None:
        raise Missing("has_number")
    return day


def _words(uow: UnitOfWork, document: Outgoing, typed: making.TypedHead) -> dict[making.GapKind, str]:
    number, date = heading_words(uow, document)
    _ngay, day, _thang, month, _nam, year = date_words(_dated(document)).split()
    kind = making.GapKind
    return {
        kind.NUMBER: document.symbol.partition("/")[0],
        kind.SYMBOL: document.symbol,
        kind.NUMBER_LINE: number,
        kind.DAY: day,
        kind.MONTH: month,
        kind.YEAR: year,
        kind.YEAR_END: year[len(typed.year) :],
        kind.DATE_LINE: date,
    }
