"""Urgency and secrecy (cells 10b and 10a): words in a frame, alone on their line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from workflow.domain.outgoing import Urgency
from workflow.domain.reading.fuzzy import distance, in_capitals, squeezed
from workflow.domain.reading.lines import gap_between
from workflow.domain.reading.shapes import Page, Piece, Source
from workflow.domain.text import fold

_URGENCY = {
    "hoatochengio": Urgency.FLASH,
    "hoatoc": Urgency.FLASH,
    "thuongkhan": Urgency.VERY_URGENT,
    "khan": Urgency.URGENT,
}
_SECRECY = {"tuyetmat": "most_secret", "toimat": "top_secret", "mat": "secret"}
_WORDS = ("thuong", "khan", "hoa", "toc", "hen", "gio", "tuyet", "toi", "mat")
_TIMED = re.compile(r"^hoa toc hen gio\b")


@dataclass(frozen=True, slots=True)
class Stamp:
    """A value and where it stands. `framed`: nothing else on its line."""

    value: str
    piece: Piece
    timed: bool = False


def stamp_in(piece: Piece) -> str | None:
    """The key of a stamp that is all this piece says; on a scan the frame's lines may add bits of letters."""
    text = _bare(piece.text)
    if piece.source is Source.OCR:
        text = _without_dirt(piece) or text
    timed = _TIMED.match(fold(text).strip())
    if timed is not None:
        return "hoatochengio" if in_capitals(text[: timed.end()]) else None
    key = squeezed(text)
    if (key not in _URGENCY and key not in _SECRECY) or not (in_capitals(text) or text != piece.text.strip()):
        return None
    return key


def _without_dirt(piece: Piece) -> str:
    """The stamp's words, each once; "" where other words of weight stand beside them."""
    kept: dict[str, str] = {}
    for word in piece.words:
        plain = squeezed(word.text)
        known = next(
            (one for one in _WORDS if plain == one or (len(one) > 3 and distance(plain, one, most=1) < 2)), ""
        )
        if known:
            kept.setdefault(known, word.text)
        elif len(plain) > 2 and word.sure >= 0.5:
            return ""
    return _bare(" ".join(kept)).upper() if any(text.isupper() for text in kept.values()) else ""


def urgency_of(page: Page, pieces: Sequence[Piece]) -> Stamp | None:
    """The strongest one in the upper half of page 1."""
    order = list(_URGENCY)
    pieces = [*pieces, *_stacked(_upper(page, pieces))]
    found: list[tuple[int, Stamp]] = []
    for piece in _upper(page, pieces):
        key = stamp_in(piece)
        if key in _URGENCY:
            found.append((order.index(key), Stamp(_URGENCY[key].value, piece, timed=key == "hoatochengio")))
    return min(found, key=lambda one: one[0])[1] if found else None


def _stacked(pieces: Sequence[Piece]) -> list[Piece]:
    """`THƯỢNG` over `KHẨN`: a stamp in two lines."""
    found: list[Piece] = []
    for at, upper in enumerate(pieces):
        for lower in pieces[at + 1 : at + 4]:
            level = abs(upper.box.middle - lower.box.middle) < upper.size
            if len(upper.words) == 1 and level and 0.6 < gap_between(upper, lower) < 2:
                found.append(Piece(upper.page, (*upper.words, *lower.words), upper.source))
    return found


def secrecy_of(page: Page, pieces: Sequence[Piece]) -> Stamp | None:
    """MẬT, TỐI MẬT, TUYỆT MẬT in the upper half of page 1."""
    for piece in _upper(page, pieces):
        key = stamp_in(piece)
        if key in _SECRECY and "ậ" in piece.text.casefold():
            return Stamp(_SECRECY[key], piece)
    return None


def _upper(page: Page, pieces: Sequence[Piece]) -> list[Piece]:
    return [piece for piece in pieces if piece.box.centre > page.height * 0.5]


def _bare(text: str) -> str:
    return re.sub(r"^(độ khẩn|độ mật)\s*:\s*", "", text.strip(), flags=re.IGNORECASE)
