"""Words to lines, lines to pieces: the geometry that the rules stand on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from workflow.domain.reading.shapes import Page, Piece, Word

SAME_LINE = 0.42
WIDE_GAP = 1.6
"""Of the letters' size: what is farther apart belongs to another cell. Justified lines stay below."""
_RULES = frozenset("-_–—=.·•*~¯ ")


def rows_of(page: Page) -> tuple[tuple[Word, ...], ...]:
    """Lines from top to bottom, each from left to right."""
    rows: list[list[Word]] = []
    for word in sorted(page.words, key=lambda one: -one.box.centre):
        home = next((row for row in reversed(rows[-4:]) if _level(row[-1], word)), None)
        if home is None:
            rows.append([word])
        else:
            home.append(word)
    return tuple(tuple(sorted(row, key=lambda one: one.box.x0)) for row in rows)


def _level(one: Word, other: Word) -> bool:
    return abs(one.box.centre - other.box.centre) <= SAME_LINE * min(one.size, other.size, 16.0)


def pieces_of(page: Page, *, gap: float = WIDE_GAP) -> tuple[Piece, ...]:
    """Every line cut at its wide gaps, from top to bottom and left to right; lines of rules and dots left out."""
    found: list[Piece] = []
    for row in rows_of(page):
        for words in _cut(row, gap):
            if not is_rule("".join(word.text for word in words)):
                found.append(Piece(page.number, tuple(words), page.source))
    return tuple(found)


def _cut(row: Sequence[Word], gap: float) -> Iterable[list[Word]]:
    run: list[Word] = []
    for word in row:
        if run and word.box.x0 - run[-1].box.x1 > gap * max(6.0, min(run[-1].size, word.size)):
            yield run
            run = []
        run.append(word)
    if run:
        yield run


def split_at(piece: Piece, x: float) -> tuple[Piece | None, Piece | None]:
    """The words left and right of `x`, each by its middle."""
    left = tuple(word for word in piece.words if word.box.middle < x)
    right = tuple(word for word in piece.words if word.box.middle >= x)
    return (
        Piece(piece.page, left, piece.source) if left else None,
        Piece(piece.page, right, piece.source) if right else None,
    )


def is_rule(text: str) -> bool:
    """A drawn line, a star under a Party agency's name, dots: nothing to read."""
    return all(letter in _RULES for letter in text)


def gap_between(upper: Piece, lower: Piece) -> float:
    """From line to line in letters' sizes: 1.0 to 1.6 inside a paragraph."""
    return (upper.box.centre - lower.box.centre) / max(6.0, upper.size, lower.size)
