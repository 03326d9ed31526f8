"""Mending what an OCR most often gets wrong in Vietnamese: the marks. Only for words of scans.

Two witnesses: phrases of administrative language, where the letters are the same and only marks differ; and the
paper itself, which often writes the same two words again. A mended word is never sure enough for a certain field.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

from workflow.domain.reading.fuzzy import squeezed
from workflow.domain.reading.lines import rows_of
from workflow.domain.reading.phrases import PHRASES, PROVINCES
from workflow.domain.reading.shapes import Box, Page, Source, Word
from workflow.domain.text import clean

MENDED = 0.75
"""The most that the OCR's figure of a mended word may be."""
TRUSTED = 0.97
"""Above it both readings agreed with good figures; the paper's other places do not overrule it."""
LONGEST = 5
_NOWHERE = Box(0, 0, 0, 0)
_ECONOMY = re.compile(r"(kinh tế|văn hóa) (xã hội)", re.IGNORECASE)
_YEARS = re.compile(r"\b((?:19|20)\d\d) ((?:19|20)\d\d)\b")

Key = tuple[str, ...]


def mended(pages: Sequence[Page]) -> tuple[Page, ...]:
    """The pages with the words of scans mended; real text is left alone."""
    if not any(page.source is Source.OCR for page in pages):
        return tuple(pages)
    seen = _pairs(pages)
    return tuple(_page(page, seen) if page.source is Source.OCR else page for page in pages)


def _table(phrases: Iterable[str]) -> dict[Key, tuple[str, ...]]:
    table: dict[Key, tuple[str, ...]] = {}
    for phrase in phrases:
        words = tuple(phrase.split())
        table[tuple(squeezed(word) for word in words)] = words
    return table


_PHRASES = _table(PHRASES)
_PROVINCES = _table(PROVINCES)


def _page(page: Page, seen: dict[Key, dict[Key, float]]) -> Page:
    words: list[Word] = []
    for row in rows_of(page):
        words += _row(list(row), seen)
    return replace(page, words=tuple(words))


def _row(row: list[Word], seen: dict[Key, dict[Key, float]]) -> list[Word]:
    keys = [squeezed(word.text) for word in row]
    settled: set[int] = set()
    for length in range(LONGEST, 1, -1):
        for start in range(len(row) - length + 1):
            right = _right(tuple(keys[start : start + length]), row[start : start + length])
            if right is not None:
                settled.update(range(start, start + length))
                for at, text in enumerate(right):
                    row[start + at] = _spelled(row[start + at], text)
    for start in range(len(row) - 1):
        pair = row[start : start + 2]
        best = _by_the_paper(pair, seen) if not settled & {start, start + 1} else None
        if best is not None:
            for at, text in enumerate(best):
                row[start + at] = _spelled(row[start + at], text)
    return row


def mended_text(text: str) -> str:
    """A joined text of a scan: phrases that a line's end had parted, and the dashes that are lost most."""
    words = text.split()
    row = [Word(word, _NOWHERE, 12.0, sure=0.0) for word in words]
    joined = " ".join(word.text for word in _row(row, {}))
    joined = _ECONOMY.sub(lambda found: f"{found[1]} - {found[2]}", joined)
    return _YEARS.sub(r"\1 - \2", joined)


def _right(key: Key, words: Sequence[Word]) -> tuple[str, ...] | None:
    found = _PHRASES.get(key)
    if found is None and all(word.text[:1].isupper() for word in words):
        found = _PROVINCES.get(key)
    return found


def _spelled(word: Word, right: str) -> Word:
    """The word with the marks of `right`, its own capitals and the signs around it."""
    start = next((at for at, letter in enumerate(word.text) if letter.isalnum()), 0)
    end = len(word.text) - next((at for at, letter in enumerate(reversed(word.text)) if letter.isalnum()), 0)
    core = word.text[start:end]
    if core.isupper():
        shaped = right.upper()
    elif core[:1].isupper():
        shaped = right[:1].upper() + right[1:]
    else:
        shaped = right
    if shaped == core:
        return word
    return replace(word, text=word.text[:start] + shaped + word.text[end:], sure=min(word.sure, MENDED))


def _pairs(pages: Iterable[Page]) -> dict[Key, dict[Key, float]]:
    """For each two neighbours without their marks, how they are written on this paper and how surely."""
    seen: dict[Key, dict[Key, float]] = defaultdict(lambda: defaultdict(float))
    for page in pages:
        for row in rows_of(page):
            for one, other in pairwise(row):
                key = (squeezed(one.text), squeezed(other.text))
                if all(len(part) > 1 and part.isalpha() for part in key):
                    seen[key][_bare(one), _bare(other)] += min(one.sure, other.sure) ** 2
    return seen


def _bare(word: Word) -> str:
    return clean(word.text).strip(" .,;:()[]\"'“”-–_").casefold()


def _by_the_paper(pair: Sequence[Word], seen: dict[Key, dict[Key, float]]) -> Key | None:
    """Another spelling of the same two words that the paper holds with at least twice the weight."""
    spellings = seen.get((squeezed(pair[0].text), squeezed(pair[1].text)))
    if not spellings or len(spellings) < 2 or min(word.sure for word in pair) >= TRUSTED:
        return None
    own = (_bare(pair[0]), _bare(pair[1]))
    best, weight = max(spellings.items(), key=lambda one: one[1])
    return best if best != own and weight >= 1.6 * spellings.get(own, 0.0) else None
