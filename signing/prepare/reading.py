"""Where text stands on a page, read by pdfium. Runs in the jail (`task`)."""

from __future__ import annotations

from typing import Any

import pypdfium2

from signing.jail.child import JailResult
from signing.prepare.draft import BadDraft

MAX_BOXES = 5000
"""Of one page; a densely set A4 page has some two hundred."""


def task(payload: bytes, arguments: dict[str, Any]) -> JailResult:
    """The jailed task behind `text_boxes_in_jail`; page numbers count from 1."""
    return JailResult({str(number): boxes(payload, number) for number in arguments["pages"]})


def boxes(data: bytes, number: int) -> list[tuple[float, float, float, float]]:
    """(left, bottom, right, top) of every run of text on one page."""
    try:
        with pypdfium2.PdfDocument(data) as document:
            text = document[number - 1].get_textpage()
            found = [text.get_rect(index) for index in range(min(text.count_rects(), MAX_BOXES))]
    except (pypdfium2.PdfiumError, IndexError) as error:
        raise BadDraft("broken", reason=str(error)[:200]) from None
    return [(round(left, 2), round(low, 2), round(right, 2), round(high, 2)) for left, low, right, high in found]
