"""A whole administrative document as PDF, with empty places for number, date, signer and seal, or with them filled.

Used for the demo province and for documents made from a template. Layout after Annex I of Decree
30/2020/NĐ-CP: A4, margins 20–20–30–20 mm, serif 13–14 points, page number at the top centre from page 2.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from workflow.adapters.render.boxes import A4_HEIGHT, Box, lookup_box, seal_box
from workflow.adapters.render.typesetting import typeset_with_marks


class PartKind(StrEnum):
    """How a part of the body is set."""

    TEXT = "text"
    BASIS = "basis"
    """A legal basis, in italics ("Căn cứ Luật …")."""
    HEADING = "heading"
    CENTRE = "centre"
    """A centred bold line ("QUYẾT ĐỊNH:")."""
    ARTICLE = "article"
    """A bold label and its text ("Điều 1." …)."""


@dataclass(frozen=True, slots=True)
class Part:
    """One paragraph."""

    text: str
    kind: PartKind = PartKind.TEXT
    label: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table in the body; `widths` are shares of the line."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...]
    kind: str = "table"


@dataclass(frozen=True, slots=True)
class Filled:
    """What stands in the empty places of a paper that another office has finished: number and symbol, place and
    date, capacity and title line by line, the signer's name.
    """

    number: str
    date: str
    titles: tuple[str, ...]
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """The words of a document.

    `title`: its kind ("Quyết định"), empty on a công văn, whose subject stands under the number. `parent`: the
    agency above, printed over `agency`. `addressees`: after "Kính gửi:", none on decisions.
    """

    agency: str
    subject: str
    parts: tuple[Part | Table, ...]
    recipients: tuple[str, ...]
    title: str = ""
    parent: str = ""
    addressees: tuple[str, ...] = ()
    urgency: str = ""
    points: float = 14
    filled: Filled | None = None


@dataclass(frozen=True, slots=True)
class Rendered:
    """The PDF and where number, date, leader, seal and look-up code go."""

    pdf: bytes
    boxes: dict[str, Box]


def render_letter(letter: Letter, *, made_at: dt.datetime) -> Rendered:
    """Set a document; a few milliseconds a page once warm."""
    pdf, marks = typeset_with_marks("letter", asdict(letter), made_at=made_at)
    boxes = {mark["name"]: _box(mark) for mark in marks}
    boxes["seal"] = seal_box(boxes["leader"])
    boxes["lookup"] = lookup_box()
    return Rendered(pdf, boxes)


def _box(mark: dict[str, Any]) -> Box:
    """From typst's top-down coordinates to PDF's bottom-up ones."""
    top = A4_HEIGHT - mark["y"]
    return Box(mark["page"], mark["x"], top - mark["height"], mark["x"] + mark["width"], top)
