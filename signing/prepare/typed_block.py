"""The signer's block as the drafter typed it: capacity and title above, full name below, room between.

Decree 30/2020/NĐ-CP, Annex I: capacity, title and full name belong to the text that is drafted; only the
signature comes later, between them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from signing.prepare.lines import Line, Lines, fold
from signing.prepare.plan import MM, Box, TypedBlock

TALL = 2.4
"""Lines of one title follow each other within this many times their size."""
MAX_TITLES = 4
ROOM = 8 * MM
"""An unknown name is a signer's only with at least this much room above it."""
REACH = 75 * MM
"""How far a typed name may stand below its title."""
NOBODY, ANYBODY, ANOTHER, SIGNER = range(4)
"""Whose name a block bears."""
_CAPACITY = re.compile(r"(tm|kt|tl|tuq|q)\s?\.")
_TITLES = re.compile(
    r"(tm|kt|tl|tuq|q)\s?\.|(pho |quyen )?(tong )?"
    r"(chu tich|chu nhiem|giam doc|truong (phong|ban|thon|khoa|doan|cong an|tram)|chanh (van phong|thanh tra|an)"
    r"|(bo|thu|cuc|chi cuc|vu|vien|hieu|doi|chi huy|tieu doan|dai doi|ke toan) truong|hieu pho|bi thu|thu ky"
    r"|tham phan|tu lenh|chinh uy)\b"
)
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class FoundBlock:
    """`typed` is the fact; `room` what is free between title and name (below the title where no name stands)."""

    typed: TypedBlock
    page: int
    room: Box
    score: int


def find_block(lines: Lines, *, names: Sequence[str] = ()) -> FoundBlock | None:
    """The best block of these pages: the signer's (`names[0]`), another leader's, anybody's, one without a name.

    Where a known name stands twice (an annex repeats it), the first counts; of unknown ones the last.
    """
    found = [block for page in sorted(lines) for block in _on_page(page, lines[page], names)]
    return max(found, key=lambda one: (one.score, one.page if one.score < ANOTHER else -one.page), default=None)


def _on_page(page: int, lines: Sequence[Line], names: Sequence[str]) -> Iterator[FoundBlock]:
    parts = [part for line in lines for part in line.columns()]
    known = [_bare(name) for name in names]
    for part in parts:
        words = _bare(part.text)
        place = next((index for index, name in enumerate(known) if name and _ends_with(words, name)), None)
        if place is not None or _is_name(part.text):
            titles = _titles_above(part, parts, known=place is not None)
            if titles:
                score = SIGNER if place == 0 else ANYBODY if place is None else ANOTHER
                yield _block(page, titles, part, score)
    for part in parts:
        if _is_title(part) and part.middle > _half(lines) and _stands_alone(part, parts):
            yield _block(page, _upwards(part, parts), None, NOBODY)


def _half(lines: Sequence[Line]) -> float:
    return (min(line.left for line in lines) + max(line.right for line in lines)) / 2


def _bare(text: str) -> str:
    return " ".join(_WORD.findall(fold(text)))


def _ends_with(words: str, name: str) -> bool:
    """The name alone, or after an academic title (which the Decree does not want, and drafters type)."""
    return words == name or (words.endswith(f" {name}") and len(words) - len(name) <= 12)


def _is_name(text: str) -> bool:
    """Two to seven words of letters, each beginning with a capital: `Đặng Quốc Việt`."""
    words = text.split()
    return 2 <= len(words) <= 7 and all(
        _WORD.fullmatch(word) and word[0].isupper() and word[1:].islower() for word in words
    )


def _is_title(part: Line) -> bool:
    return part.text.isupper() and _TITLES.match(part.plain) is not None


def _titles_above(name: Line, parts: Sequence[Line], *, known: bool) -> list[Line]:
    """The nearest text above in the column, if it is a title; with the lines of the title above that."""
    above = [one for one in parts if one.bottom >= name.top - 1 and one.meets(name.left, name.right)]
    nearest = min(above, key=lambda one: one.bottom, default=None)
    if nearest is None or not nearest.text.isupper() or nearest.bottom - name.top > REACH:
        return []
    if not known and (nearest.bottom - name.top < ROOM or not _is_title(nearest)):
        return []
    if abs(nearest.middle - name.middle) > max(20 * MM, (nearest.right - nearest.left) / 2):
        return []
    return _upwards(nearest, parts)


def _upwards(lowest: Line, parts: Sequence[Line]) -> list[Line]:
    """The lines of one title, from above."""
    titles = [lowest]
    while len(titles) < MAX_TITLES:
        top = titles[0]
        above = [
            one
            for one in parts
            if one is not top
            and one.meets(top.left, top.right)
            and 0 < one.foot - top.foot <= TALL * max(one.size, top.size)
        ]
        nearest = min(above, key=lambda one: one.foot, default=None)
        if nearest is None or not nearest.text.isupper():
            break
        if _CAPACITY.match(top.plain) and not _is_title(nearest):
            break
        titles.insert(0, nearest)
    return titles


def _stands_alone(title: Line, parts: Sequence[Line]) -> bool:
    """Nothing below in its column: whoever drafted left the name out."""
    below = [
        one for one in parts if one.top <= title.bottom + 1 and one.meets(title.left - 5 * MM, title.right + 5 * MM)
    ]
    return all(title.bottom - one.top > REACH for one in below)


def _block(page: int, titles: Sequence[Line], name: Line | None, score: int) -> FoundBlock:
    lowest = titles[-1]
    left, right = min(one.left for one in titles), max(one.right for one in titles)
    low = name.top if name is not None else max(0.0, lowest.bottom - REACH / 2)
    if name is not None:
        left, right = min(left, name.left), max(right, name.right)
    words = TypedBlock(titles=tuple(one.text for one in titles), name=name.text if name is not None else "")
    return FoundBlock(words, page, (left, low, right, lowest.bottom), score)
