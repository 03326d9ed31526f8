"""What a PDF says, for search. PDFium reads what strangers wrote, so it does in the jail.

    state, text, pages = file_text.read(pdf)

A scan says nothing here: its words come with the reading of scans.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pypdfium2 as pdfium

from signing import jail
from signing.jail import JailResult

MOST_PAGES: Final = 30
MOST_LETTERS: Final = 50_000
"""Of all pages together: what search keeps of a document."""


def read(data: bytes) -> tuple[str, str, int]:
    """(state, text, pages read): `read`, `empty` where no page has text, `unreadable` for what is no PDF that can
    be opened within the jail's limits."""
    try:
        found = jail.run("workflow.adapters.file_text:text", data)
    except jail.JailError:
        return "unreadable", "", 0
    text, pages = found.blobs[0].decode("utf-8"), int(found.json["pages"])
    return ("read" if text.strip() else "empty"), text, pages


def text(payload: bytes, arguments: Mapping[str, Any]) -> JailResult:
    """The jail's task: the first pages' text as the only blob and `{"pages"}` beside it."""
    document = pdfium.PdfDocument(payload)
    said: list[str] = []
    left, pages = MOST_LETTERS, 0
    for index in range(min(len(document), MOST_PAGES)):
        if left <= 0:
            break
        said.append(document[index].get_textpage().get_text_bounded()[:left])
        left -= len(said[-1])
        pages += 1
    return JailResult({"pages": pages}, ("\n".join(said).encode("utf-8", "replace"),))
