"""Lines of text on a page and their parts: what the proposals look at."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from signing.prepare.plan import Box

COLUMN_GAP = 1.2
"""A gap wider than this many times the letters' size parts two columns (or a typed blank from its words)."""
_BARRED = str.maketrans({"đ": "d", "Đ": "d", "ð": "d", "Ð": "d"})


@dataclass(frozen=True, slots=True)
class Line:
    """Text on one foot (baseline). `edges`: left and right of every character; a gap is one blank."""

    text: str
    edges: tuple[tuple[float, float], ...]
    bottom: float
    top: float
    foot: float
    size: float

    @property
    def left(self) -> float:
        return self.edges[0][0]

    @property
    def right(self) -> float:
        return self.edges[-1][1]

    @property
    def middle(self) -> float:
        return (self.left + self.right) / 2

    @property
    def box(self) -> Box:
        return self.left, self.bottom, self.right, self.top

    @property
    def plain(self) -> str:
        """The text folded letter by letter: same places as in `text`."""
        return "".join(fold(character)[:1] or character for character in self.text)

    def part(self, start: int, end: int) -> Line:
        """Characters `start` to `end` as a line of their own."""
        return Line(self.text[start:end], self.edges[start:end], self.bottom, self.top, self.foot, self.size)

    def columns(self) -> Iterator[Line]:
        """The parts of a line that wide gaps divide, blanks at their ends left out."""
        start = 0
        for index, character in enumerate(self.text):
            left, right = self.edges[index]
            if character == " " and right - left > COLUMN_GAP * self.size:
                if index > start:
                    yield self.part(start, index)
                start = index + 1
        if start < len(self.text):
            yield self.part(start, len(self.text))

    def meets(self, left: float, right: float) -> bool:
        """True where the line and this stretch share a column."""
        return self.left < right and left < self.right


Lines: TypeAlias = Mapping[int, Sequence[Line]]
"""Page number → its lines from above (`text_lines_in_jail`)."""


def line_from_answer(found: Sequence[Any]) -> Line:
    """One line as the jailed task tells it."""
    text, flat, bottom, top, foot, size = found
    return Line(text, tuple(zip(flat[::2], flat[1::2], strict=True)), bottom, top, foot, size)


def fold(text: str) -> str:
    """Accents and case gone, đ as d: `fold("Đặng Việt") == "dang viet"`."""
    decomposed = unicodedata.normalize("NFD", text)
    return "".join(one for one in decomposed if not unicodedata.combining(one)).translate(_BARRED).lower()
