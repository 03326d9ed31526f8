"""Rows of search results as words: hits marked, text around them. Made of rows that a scope has let through."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape

from workflow.domain import incoming, outgoing
from workflow.domain.corrections import Kind
from workflow.domain.permissions import Scope
from workflow.domain.search import Asked, Piece, found_in, marked
from workflow.store import marks as store
from workflow.store.search import IN, OUT
from workflow.web import format
from workflow.web.fate_words import TONES, badge
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
    marks: tuple[tuple[str, str], ...]
    """(words, tone) of what became of it since it was issued."""
    attachment: str
    """The name of the attachment that they stand in; empty for the document itself."""


def lines(rows: Sequence[Any], asked: Asked, marked: Mapping[tuple[str, int], tuple[Kind, ...]]) -> list[Line]:
    """Results ready for the page. `marked`: of `marks_of`."""
    names = type_names()
    return [_line(row, asked, names, marked.get((row.kind, row.document_id), ())) for row in rows]


def marks_of(scope: Scope, session: Any, rows: Sequence[Any]) -> dict[tuple[str, int], tuple[Kind, ...]]:
    """(kind, document) → what became of it, of rows that were found: a page asks as often as a row."""
    keys: dict[str, list[int]] = {IN: [], OUT: []}
    for row in rows:
        keys[row.kind].append(row.document_id)
    told = {
        IN: store.of_incoming(scope, session, keys[IN]),
        OUT: store.of_outgoing(scope, session, keys[OUT]),
    }
    return {(kind, key): some for kind, found in told.items() for key, some in found.items()}


def address_of(row: Any) -> str:
    """The page of a found document."""
    return f"/{'incoming' if row.kind == IN else 'outgoing'}/{row.document_id}"


def around(row: Any, asked: Asked) -> tuple[str, tuple[Piece, ...]]:
    """Where the words stand besides number and subject, which a row shows whole: (the attachment's name, or empty;
    the text around them)."""
    return ("", ()) if asked.number else found_in("\n".join(row.text.split("\n")[2:]), asked)


def _line(row: Any, asked: Asked, names: dict[str, str], kinds: Sequence[Kind]) -> Line:
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
        marks=tuple((badge(kind), TONES[kind]) for kind in kinds),
        attachment=attachment,
    )


def _html(pieces: Sequence[Piece]) -> Markup:
    return Markup("").join(OPEN + escape(text) + CLOSE if hit else escape(text) for text, hit in pieces)
