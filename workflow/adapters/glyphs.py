"""From the glyphs of a page to its words, by where they stand and not by the order in which the file draws them.

Producers set words letter by letter, draw a line's pieces in any order, put a letter twice to make it bold and
leave spaces out; only the places of the glyphs can be relied on. Runs inside the jail.
"""

from __future__ import annotations

import math
import statistics
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from ctypes import byref, c_double, c_int, create_string_buffer
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

from pypdfium2 import raw

MAX_GLYPHS: Final = 40_000
WORD_GAP: Final = 0.16
"""Of the letters' size: a wider gap is a space. The space of Times is 0.25 wide, pressed lines go down to 0.18."""
SAME_PLACE: Final = 0.12
SAME_LINE: Final = 0.3
LOOSE: Final = 1.15
"""PDFium's box of a letter is about so many times the letters' size high."""
BELOW: Final = 0.22
ABOVE: Final = 0.88
"""How far letters reach from the baseline, in their size; the same for all fonts, so that lines of bold and plain
words have one height."""
TILTED: Final = math.radians(4)

_INVISIBLE_MODE: Final = 3
_SPACES: Final = frozenset(" \u00a0\u2002\u2003\u2009\u200a\u202f\u3000\t")
_HYPHENS: Final = frozenset("\u00ad\u2010\u2011\x02")
"""Fonts often give the hyphen's glyph the code of the soft hyphen; PDFium marks one at a line's end with 2."""
_LIGATURES: Final = {"\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl", "\ufb03": "ffi", "\ufb04": "ffl"}


@dataclass(slots=True)
class Glyph:
    """One letter with its marks: where it stands in points, and the height of its baseline."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    base: float
    size: float
    bold: bool


@dataclass(slots=True)
class Printed:
    """A word as printed."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    size: float
    bold: bool


def glyphs_of(
    page: Any, *, place: Callable[[float, float], tuple[float, float]], hidden_too: bool
) -> tuple[list[Glyph], int]:
    """The upright glyphs in the file's order, and how many of them are drawn invisibly."""
    textpage = page.get_textpage()
    found: list[Glyph] = []
    hidden = 0
    pages_angle = math.atan2(*reversed(_vector(place)))
    for index in range(min(raw.FPDFText_CountChars(textpage), MAX_GLYPHS)):
        letter = _letter(textpage, index)
        if not letter:
            continue
        if unicodedata.combining(letter[0]) and found:
            _add_mark(found[-1], textpage, index, letter, place)
            continue
        angle = raw.FPDFText_GetCharAngle(textpage, index) + pages_angle
        if abs(math.remainder(angle, 2 * math.pi)) > TILTED:
            continue
        if _hidden(textpage, index):
            hidden += 1
            if not hidden_too:
                continue
        glyph = _glyph(textpage, index, letter, place)
        if glyph is not None:
            found.append(glyph)
    _even_sizes(found)
    return found, hidden


def _even_sizes(glyphs: Sequence[Glyph]) -> None:
    """Letters with marks of their own often have lower boxes: neighbours on one baseline get the larger size."""
    for order in (glyphs, glyphs[::-1]):
        for one, other in pairwise(order):
            if abs(one.base - other.base) < 0.1 and other.size < one.size < 1.5 * other.size:
                other.size = one.size


def _add_mark(
    base: Glyph, textpage: Any, index: int, mark: str, place: Callable[[float, float], tuple[float, float]]
) -> None:
    """One glyph that stands for a letter and its marks is cut by PDFium into boxes side by side: join them."""
    base.text = unicodedata.normalize("NFC", base.text + mark)
    box = raw.FS_RECTF()
    if raw.FPDFText_GetLooseCharBox(textpage, index, byref(box)):
        edges = [place(box.left, box.bottom)[0], place(box.right, box.top)[0]]
        if max(edges) - base.x0 < 1.5 * base.size:
            base.x1 = max(base.x1, *edges)
            heights = [place(box.left, box.bottom)[1], place(box.right, box.top)[1]]
            base.size = max(base.size, (max(heights) - min(heights)) / LOOSE)


def _vector(place: Callable[[float, float], tuple[float, float]]) -> tuple[float, float]:
    (x0, y0), (x1, y1) = place(0, 0), place(100, 0)
    return x1 - x0, y1 - y0


def _letter(textpage: Any, index: int) -> str:
    if raw.FPDFText_IsGenerated(textpage, index) == 1:
        return ""
    code = raw.FPDFText_GetUnicode(textpage, index)
    if code == 0 or code > 0x10FFFF or 0xD800 <= code <= 0xDFFF:
        return ""
    letter = chr(code)
    if letter in _SPACES:
        return " "
    if letter in _HYPHENS:
        return "-"
    if unicodedata.category(letter) in {"Cc", "Cf"}:
        return ""
    return _LIGATURES.get(letter) or unicodedata.normalize("NFC", letter)


def _hidden(textpage: Any, index: int) -> bool:
    item = raw.FPDFText_GetTextObject(textpage, index)
    return bool(item) and raw.FPDFTextObj_GetTextRenderMode(item) == _INVISIBLE_MODE


def _glyph(
    textpage: Any, index: int, letter: str, place: Callable[[float, float], tuple[float, float]]
) -> Glyph | None:
    box = raw.FS_RECTF()
    x, y = c_double(), c_double()
    if not raw.FPDFText_GetLooseCharBox(textpage, index, byref(box)):
        return None
    raw.FPDFText_GetCharOrigin(textpage, index, byref(x), byref(y))
    ends = place(box.left, box.bottom), place(box.right, box.top)
    x0, x1 = sorted((ends[0][0], ends[1][0]))
    y0, y1 = sorted((ends[0][1], ends[1][1]))
    if not all(map(math.isfinite, (x0, x1, y0, y1))) or y1 - y0 > 400:
        return None
    size = min(y1 - y0, 200.0) / LOOSE or 10.0
    return Glyph(letter, x0, y0, x1, y1, place(x.value, y.value)[1], size, _bold(textpage, index))


def _bold(textpage: Any, index: int) -> bool:
    buffer, flags = create_string_buffer(128), c_int()
    if raw.FPDFText_GetFontInfo(textpage, index, buffer, 128, byref(flags)) == 0:
        return False
    name = buffer.value.lower()
    return b"bold" in name or b"black" in name or raw.FPDFText_GetFontWeight(textpage, index) >= 600


def printed_words(glyphs: Iterable[Glyph]) -> list[Printed]:
    """Words from top to bottom and left to right."""
    words: list[Printed] = []
    for line in _lines([glyph for glyph in glyphs if glyph.text]):
        words += _words_of(line)
    return words


def _lines(glyphs: Sequence[Glyph]) -> list[list[Glyph]]:
    """Glyphs on one baseline, each line sorted by x."""
    lines: list[list[Glyph]] = []
    for glyph in sorted(glyphs, key=lambda one: -one.base):
        last = lines[-1] if lines else None
        if last is not None and abs(last[0].base - glyph.base) <= SAME_LINE * min(last[0].size, glyph.size, 14):
            last.append(glyph)
        else:
            lines.append([glyph])
    return [_without_doubles(sorted(line, key=lambda one: one.x0)) for line in lines]


def _without_doubles(line: Sequence[Glyph]) -> list[Glyph]:
    kept: list[Glyph] = []
    for glyph in line:
        near = (old for old in kept[-3:] if old.text == glyph.text and old.text != " ")
        if not any(abs(old.x0 - glyph.x0) < SAME_PLACE * glyph.size for old in near):
            kept.append(glyph)
    return kept


def _words_of(line: Sequence[Glyph]) -> list[Printed]:
    limit = _limit(line)
    words: list[list[Glyph]] = []
    space = True
    for glyph in line:
        if glyph.text == " ":
            space = True
            continue
        if space or glyph.x0 - words[-1][-1].x1 > limit * glyph.size:
            words.append([])
        words[-1].append(glyph)
        space = False
    return [_word(letters) for letters in words]


def _limit(line: Sequence[Glyph]) -> float:
    """The gap that makes a space, in letters' sizes; wider where the whole line is set with spaced letters."""
    gaps = [
        (right.x0 - left.x1) / right.size
        for left, right in pairwise(line)
        if left.text != " " and right.text != " "
    ]
    usual = statistics.median(gaps) if len(gaps) >= 4 else 0.0
    return max(WORD_GAP, usual + WORD_GAP if usual > 0.06 else 0.0)


def _word(letters: Sequence[Glyph]) -> Printed:
    size = max(glyph.size for glyph in letters)
    base = statistics.median(glyph.base for glyph in letters)
    return Printed(
        text=unicodedata.normalize("NFC", "".join(glyph.text for glyph in letters)),
        x0=letters[0].x0,
        y0=base - BELOW * size,
        x1=max(glyph.x1 for glyph in letters),
        y1=base + ABOVE * size,
        size=size,
        bold=2 * sum(glyph.bold for glyph in letters) > len(letters),
    )
