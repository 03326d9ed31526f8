"""What stands on a page and where, read by pdfium. Runs in the jail (`task`)."""

from __future__ import annotations

import ctypes
import unicodedata
from typing import Any

import pypdfium2
from pypdfium2 import raw

from signing.jail.child import JailResult
from signing.prepare.draft import BadDraft

MAX_BOXES = 5000
"""Of one page; a densely set A4 page has some two hundred."""
MAX_CHARACTERS = 20_000
"""Of one page; a densely set A4 page has some five thousand."""
BLANK = 0.15
"""An advance left out that is wider than this share of the letters' size is a blank (in Times 0.25, tight 0.18)."""
LEVEL = 0.06
"""Letters whose feet differ by less than this share of their size stand on one line."""

_Letter = tuple[str, float, float, float, float, float, float]
"""Character, left and right of its advance, bottom and top of its ink, foot (baseline), size."""


def task(payload: bytes, arguments: dict[str, Any]) -> JailResult:
    """The jailed task behind `read_pages_in_jail` and its like; page numbers count from 1."""
    readers = {"boxes": boxes, "lines": lines}
    answer = {}
    for what in arguments["what"]:
        answer[what] = {str(number): readers[what](payload, number) for number in arguments["pages"]}
    return JailResult(answer)


def boxes(data: bytes, number: int) -> list[Any]:
    """(left, bottom, right, top) of every run of text on one page."""
    try:
        with pypdfium2.PdfDocument(data) as document:
            text = document[number - 1].get_textpage()
            found = [text.get_rect(index) for index in range(min(text.count_rects(), MAX_BOXES))]
    except (pypdfium2.PdfiumError, IndexError) as error:
        raise BadDraft("broken", reason=str(error)[:200]) from None
    return [(round(left, 2), round(low, 2), round(right, 2), round(high, 2)) for left, low, right, high in found]


def lines(data: bytes, number: int) -> list[Any]:
    """[text, left and right edge of every character, bottom, top, foot, size] of every line, from above.

    A line is everything on one foot, over the whole width; a gap is one blank, however wide.
    """
    try:
        with pypdfium2.PdfDocument(data) as document:
            letters = _letters(document[number - 1].get_textpage())
    except (pypdfium2.PdfiumError, IndexError) as error:
        raise BadDraft("broken", reason=str(error)[:200]) from None
    return [_line(row) for row in _rows(letters)]


def _letters(page: Any) -> list[_Letter]:
    """Every character that leaves ink, upright ones only: nobody signs between lines that run up the page."""
    left, right, bottom, top, x, y = (ctypes.c_double() for _ in range(6))
    matrix, cell = raw.FS_MATRIX(), raw.FS_RECTF()
    found: list[_Letter] = []
    for index in range(min(page.count_chars(), MAX_CHARACTERS)):
        code = raw.FPDFText_GetUnicode(page, index)
        character = chr(code) if 0x20 < code < 0x110000 and not 0xD800 <= code < 0xE000 else " "
        raw.FPDFText_GetMatrix(page, index, matrix)
        if character.isspace() or matrix.d <= 0 or abs(matrix.b) > 0.05 * matrix.d:
            continue
        raw.FPDFText_GetCharBox(page, index, left, right, bottom, top)
        raw.FPDFText_GetCharOrigin(page, index, x, y)
        raw.FPDFText_GetLooseCharBox(page, index, cell)
        size = raw.FPDFText_GetFontSize(page, index) * matrix.d
        if right.value > left.value and size > 0:
            found.append((character, cell.left, cell.right, bottom.value, top.value, y.value, size))
    return found


def _rows(letters: list[_Letter]) -> list[list[_Letter]]:
    """Letters that stand on one foot, from left to right; lines from above."""
    rows: list[list[_Letter]] = []
    for letter in sorted(letters, key=lambda one: -one[5]):
        if rows and abs(rows[-1][0][5] - letter[5]) <= LEVEL * max(letter[6], rows[-1][0][6]):
            rows[-1].append(letter)
        else:
            rows.append([letter])
    return [sorted(row, key=lambda one: one[1]) for row in rows]


def _line(row: list[_Letter]) -> list[Any]:
    text, edges = "", list[tuple[float, float]]()
    for character, left, right, _bottom, _top, _foot, size in row:
        if edges and left - edges[-1][1] > BLANK * size:
            text, edges = text + " ", [*edges, (edges[-1][1], left)]
        elif edges and unicodedata.combining(character):
            whole = unicodedata.normalize("NFC", text[-1] + character)
            text = text[:-1] + (whole if len(whole) == 1 else text[-1])
            continue
        text, edges = text + character, [*edges, (left, right)]
    low, high = min(one[3] for one in row), max(one[4] for one in row)
    foot, size = row[0][5], sorted(one[6] for one in row)[len(row) // 2]
    flat = [round(value, 2) for edge in edges for value in edge]
    return [text, flat, round(low, 2), round(high, 2), round(foot, 2), round(size, 2)]
