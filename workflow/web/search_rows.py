"""Rows of search results as words: hits marked, text around them. Made of rows that a scope has let through."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape

from workflow.domain import incoming, outgoing
from workflow.domain.search import Asked, Piece, found_in, marked
from workflow.store.search import IN
from workflow.web import format
from workflow.web.labels import label
from workflow.web.types import type_names

OPEN, CLOSE = Markup("<mark>"), Markup("</mark>")


@dataclass(frozen=True, slots=True)
class Line:
    """One result."""

    incoming: bool
    address: str
    symbol: Markup
    subject: Markup
    kind: str
    party: Markup
    day: str
    state: str
    urgency: str
    secret: bool
    arrival_number: int | None
    words: Markup
    attachment: str
    """The name of the attachment that they stand in; empty for the document itself."""


def lines(rows: Sequence[Any], asked: Asked) -> list[Line]:
    """Results ready for the page."""
    names = type_names()
    return [_line(row, asked, names) for row in rows]


def address_of(row: Any) -> str:
    """The page of a found document."""
    return f"/{'incoming' if row.kind == IN else 'outgoing'}/{row.document_id}"


def around(row: Any, asked: Asked) -> tuple[str, tuple[Piece, ...]]:
    """Where the words stand besides number and subject, which a row shows whole: (the attachment's name, or empty;
    the text around them)."""
    return ("", ()) if asked.number else found_in("\n".join(row.text.split("\n")[2:]), asked)


def _line(row: Any, asked: Asked, names: dict[str, str]) -> Line:
    states: Any = incoming.State if row.kind == IN else outgoing.State
    urgency = outgoing.Urgency(row.urgency)
    attachment, words = around(row, asked)
    return Line(
        incoming=row.kind == IN,
        address=address_of(row),
        symbol=_html(marked(row.symbol, asked)),
        subject=_html(marked(row.subject, asked)),
        kind=names.get(row.type_code, row.type_code),
        party=_html(marked(row.party, asked)),
        day=format.day(row.day),
        state=label(states(row.state)),
        urgency="" if urgency is outgoing.Urgency.NORMAL else label(urgency),
        secret=row.secret,
        arrival_number=row.arrival_number,
        words=_html(words),
        attachment=attachment,
    )


def _html(pieces: Sequence[Piece]) -> Markup:
    return Markup("").join(OPEN + escape(text) + CLOSE if hit else escape(text) for text, hit in pieces)
