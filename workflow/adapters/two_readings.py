"""Two readings of one page made one: what both say is sure, what they dispute is not, what one lost the other has.

A word is `[text, x0, y0, x1, y1, size, bold, confidence]` as `workflow.adapters.ocr` gives it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

AGREED_BONUS: Final = 0.5
"""Of what is missing to 1: two readings that agree are surer than either."""
DISPUTED: Final = 0.6
ALONE: Final = 0.8
"""The most that a word may have which the readings dispute, or which only one has."""
LEAST: Final = 0.45
SAME_PLACE: Final = 0.5
DASHES: Final = frozenset("-–—")
_LETTERS = re.compile(r"\w")

Word = list[Any]


def merged(first: Sequence[Word], second: Sequence[Word]) -> list[Word]:
    """The words of the first reading with confidences corrected, and those that only the second has."""
    left = list(second)
    words: list[Word] = []
    for word in first:
        partners = [other for other in left if _overlap(word, other) > SAME_PLACE]
        for other in partners:
            left.remove(other)
        words += _judged(word, partners)
    words += [[*word[:7], min(ALONE, word[7])] for word in left if _worth_keeping(word, first)]
    return words


def _judged(word: Word, partners: Sequence[Word]) -> list[Word]:
    """One word and what the other reading has in its place."""
    if not partners:
        return [[*word[:7], min(ALONE, word[7])]] if word[7] >= 0.2 or len(word[0]) > 3 else []
    if any(other[0] == word[0] for other in partners):
        surest = max(word[7], *(other[7] for other in partners))
        return [[*word[:7], round(surest + (1 - surest) * AGREED_BONUS, 3)]]
    if len(partners) > 1 and "".join(other[0] for other in partners) == word[0]:
        return [[*word[:7], word[7]]] if word[7] >= min(other[7] for other in partners) else list(partners)
    best = max((word, *partners), key=lambda one: one[7] + (0.02 * len(one[0])))
    kept = list(partners) if best is not word and len(partners) > 1 else [best]
    return [[*one[:7], min(DISPUTED, one[7])] for one in kept]


def _worth_keeping(word: Word, first: Sequence[Word]) -> bool:
    if word[7] < LEAST or not (_LETTERS.search(word[0]) or word[0] in DASHES):
        return False
    return not any(_overlap(word, other) > 0.15 for other in first)


def _overlap(one: Word, other: Word) -> float:
    """The shared area as a share of the smaller box."""
    across = min(one[3], other[3]) - max(one[1], other[1])
    along = min(one[4], other[4]) - max(one[2], other[2])
    if across <= 0 or along <= 0:
        return 0.0
    areas = [(word[3] - word[1]) * (word[4] - word[2]) for word in (one, other)]
    return float(across * along / max(0.01, min(areas)))
