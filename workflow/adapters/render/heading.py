"""The appearance of the number's signature: number and symbol, place and date, on one line (cells 3 and 4), or
only those of them that the draft left blank.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from workflow.adapters.render.boxes import Box, Size
from workflow.adapters.render.typesetting import typeset

NUMBER_SHARE = 0.44
"""Part of the line that the number's cell takes; the rest is the date's."""


def heading_box(number: Box, date: Box) -> Box:
    """One box over both cells: number and date are the appearance of one organisation signature."""
    return Box(number.page, number.x0, min(number.y0, date.y0), date.x1, max(number.y1, date.y1))


def heading_stamp(size: Size, *, number: str, date: str, made_at: dt.datetime) -> bytes:
    """`Số: 312/BC-UBND` and `Hà Sơn, ngày 05 tháng 02 năm 2026` as a one-page PDF of exactly `size`."""
    data = {"width": size.width, "height": size.height, "number": number, "date": date, "share": NUMBER_SHARE}
    return typeset("heading", data, made_at=made_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A word to be put on a typed line. `left`, `foot` (baseline) in points from the box's lower left corner."""

    text: str
    left: float
    foot: float
    width: float
    points: float
    side: str = "center"
    italic: bool = False


def gaps_stamp(size: Size, pieces: Sequence[Piece], *, made_at: dt.datetime) -> bytes:
    """`05`, `23`, `11` in the blanks of a line that was typed without them; set smaller where they are wider."""
    data = {"width": size.width, "height": size.height, "pieces": [asdict(piece) for piece in pieces]}
    return typeset("gaps", data, made_at=made_at)
