"""The running text as sentences that know where they stand."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from workflow.domain.reading.shapes import Box, Piece, around
from workflow.domain.text import clean


@dataclass(frozen=True, slots=True)
class Running:
    """Lines joined by one blank; `starts` are the places in `text` where each line begins."""

    text: str
    pieces: tuple[Piece, ...]
    starts: tuple[int, ...]

    def place(self, start: int, end: int) -> tuple[int, Box]:
        """Page and box of the lines that hold this stretch (on the first page it touches)."""
        first = max(0, bisect_right(self.starts, start) - 1)
        last = max(first, bisect_right(self.starts, max(start, end - 1)) - 1)
        page = self.pieces[first].page
        boxes = [piece.box for piece in self.pieces[first : last + 1] if piece.page == page]
        return page, around(boxes)


def running(pieces: Sequence[Piece]) -> Running | None:
    """The lines in the order given; None for none."""
    if not pieces:
        return None
    texts = [clean(piece.text) for piece in pieces]
    starts: list[int] = []
    at = 0
    for text in texts:
        starts.append(at)
        at += len(text) + 1
    return Running(" ".join(texts), tuple(pieces), tuple(starts))
