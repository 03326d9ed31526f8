"""What a PDF or a spreadsheet says, for search. What strangers wrote is read in the jail.

    says = file_text.read(data)

Pages that are pictures, or whose letters mean nothing (old fonts), stand in `bare`: they are read by OCR
(`workflow.adapters.ocr`), later.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import pypdfium2 as pdfium

from signing import jail
from signing.jail import JailResult
from workflow.adapters.sheets import LIMITS
from workflow.adapters.words import (
    FEW_LETTERS,
    MANY_LETTERS,
    MANY_SHAPES,
    PICTURE_SHARE,
    SOME_PICTURE,
    is_language,
    pictures,
)

MOST_PAGES: Final = 30
MOST_LETTERS: Final = 50_000
"""Of all pages together: what search keeps of a document."""

_ZIP_BEGINS: Final = b"PK"


@dataclass(frozen=True, slots=True)
class FileSays:
    """Texts of the first pages (of a spreadsheet: of its sheets), one each. `state`: `read`, `empty` where none has
    text, `unreadable` for what cannot be opened within the jail's limits. `bare`: pages for OCR, from 1 on."""

    state: str
    texts: tuple[str, ...] = ()
    bare: tuple[int, ...] = ()

    def text(self, others: Mapping[int, str] | None = None) -> str:
        """All of it in the file's order, with what was read of the bare pages meanwhile."""
        pages = {**dict(enumerate(self.texts, 1)), **{at: said for at, said in (others or {}).items() if said}}
        return "\n".join(said for _at, said in sorted(pages.items()) if said.strip())[:MOST_LETTERS]


def read(data: bytes) -> FileSays:
    """What the file says by itself. Never raises over what is in it."""
    try:
        if data.startswith(_ZIP_BEGINS):
            found = jail.run(
                "workflow.adapters.sheet_words:text", data, arguments={"most": MOST_LETTERS}, limits=LIMITS
            ).json
        else:
            found = jail.run("workflow.adapters.file_text:text", data).json
    except jail.JailError:
        return FileSays("unreadable")
    texts = tuple(found["texts"])
    state = "read" if any(said.strip() for said in texts) else "empty"
    return FileSays(state, texts, tuple(found.get("bare", ())))


def text(payload: bytes, arguments: Mapping[str, Any]) -> JailResult:
    """The jail's task: `{"texts": [of page 1, …], "bare": [page numbers]}`."""
    document = pdfium.PdfDocument(payload)
    texts: list[str] = []
    bare: list[int] = []
    left = MOST_LETTERS
    for index in range(min(len(document), MOST_PAGES)):
        if left <= 0:
            break
        page = document[index]
        said = page.get_textpage().get_text_bounded()[:left].encode("utf-8", "replace").decode("utf-8")
        known = is_language(said.split())
        if not known or _is_picture(page, said):
            bare.append(index + 1)
        texts.append(said if known else "")
        left -= len(said)
    return JailResult({"texts": texts, "bare": bare})


def _is_picture(page: Any, said: str) -> bool:
    """A scan, perhaps with a few printed words over it (a signature's appearance). A whole text that somebody's OCR
    left is believed."""
    letters = len("".join(said.split()))
    if letters >= MANY_LETTERS:
        return False
    width, height = page.get_size()
    share, objects = pictures(page, width * height)
    if letters < FEW_LETTERS:
        return share >= SOME_PICTURE or objects > letters + MANY_SHAPES
    return share >= PICTURE_SHARE
