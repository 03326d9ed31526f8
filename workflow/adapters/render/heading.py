"""The appearance of the number's signature: number and symbol, place and date, on one line (cells 3 and 4)."""

from __future__ import annotations

import datetime as dt

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
