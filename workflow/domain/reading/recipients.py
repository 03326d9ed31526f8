"""Those after "Kính gửi" (cell 9a)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from workflow.domain.reading.lines import gap_between
from workflow.domain.reading.shapes import Page, Piece
from workflow.domain.text import clean, fold

_START = re.compile(r"^kinh g[a-z]{1,2}i?\s*[:;.]?\s*")
_BULLET = re.compile(r"^[-–—•+*]\s*")
MOST = 12


def recipients_of(page: Page, pieces: Sequence[Piece]) -> tuple[tuple[str, Piece], ...]:
    """Each with the line on which it begins: the rest of the line, or the list below with its dashes."""
    start = next((at for at, piece in enumerate(pieces) if fold(piece.text).strip().startswith("kinh g")), None)
    if start is None or pieces[start].box.centre < page.height * 0.3:
        return ()
    first = pieces[start]
    found = _START.match(fold(first.text).strip())
    rest = clean(first.text)[found.end() :] if found else ""
    level = [piece for piece in pieces[start + 1 :] if abs(piece.box.centre - first.box.centre) < first.size * 0.5]
    rest = clean(" ".join([rest, *(piece.text for piece in level)]))
    kept: list[tuple[str, Piece]] = [(rest, first)] if rest else []
    last = first
    left = max(first.box.x0 - 10, page.width * 0.2)
    for piece in pieces[start + 1 :]:
        if piece in level:
            continue
        bullet = bool(_BULLET.match(piece.text.strip()))
        if gap_between(last, piece) > 2.2 or len(kept) >= MOST or not _goes_on(kept, piece, left, bullet=bullet):
            break
        if bullet or not kept:
            kept.append((piece.text, piece))
        else:
            kept[-1] = (f"{kept[-1][0]} {piece.text}", kept[-1][1])
        last = piece
    named = ((_BULLET.sub("", clean(text)).strip(" ;.,"), piece) for text, piece in kept)
    return tuple((text, piece) for text, piece in named if len(text) > 2)


def _goes_on(kept: Sequence[tuple[str, Piece]], piece: Piece, left: float, *, bullet: bool) -> bool:
    if bullet:
        return piece.box.x0 >= left * 0.6
    return piece.box.x0 >= left and (not kept or kept[-1][0].rstrip()[-1:] not in {".", ";"})
