"""Comparing words that were set with spaces between letters, or that an OCR misread in a letter or a mark."""

from __future__ import annotations

import re
from functools import lru_cache

from workflow.domain.text import fold

_NOT_LETTERS = re.compile(r"[^0-9a-z]")


@lru_cache(maxsize=20_000)
def squeezed(text: str) -> str:
    """Letters and digits only, without marks: `Q U Y Ế T  ĐỊNH:` → `quyetdinh`."""
    return _NOT_LETTERS.sub("", fold(text))


def distance(one: str, other: str, *, most: int) -> int:
    """Letters to change, add or leave out to make them equal; `most + 1` when it is more than `most`."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, 1):
        before, row[0] = row[0], at
        for index, its in enumerate(other, 1):
            before, row[index] = row[index], min(row[index] + 1, row[index - 1] + 1, before + (letter != its))
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)


def alike(text: str, wanted: str) -> bool:
    """Equal once squeezed, but for one letter in eight."""
    one, other = squeezed(text), squeezed(wanted)
    most = len(other) // 8
    return one == other or (most > 0 and distance(one, other, most=most) <= most)


def in_capitals(text: str) -> bool:
    """Mostly capital letters, with at least two of them."""
    letters = [letter for letter in text if letter.isalpha()]
    large = sum(1 for letter in letters if letter.isupper())
    return large >= 2 and large >= 0.8 * len(letters)
