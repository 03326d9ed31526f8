"""Confidence: what has to agree before a field may be called certain.

On real text the letters are sure, so the question is whether the right place was read. On a scan the letters are in
doubt too: a value is certain only where the OCR is sure of every word and a second witness on the paper agrees.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from workflow.domain.reading.shapes import Confidence, Piece, Source
from workflow.domain.text import fold

SURE = 0.90
"""Of the OCR's own figure for a word; measured on scans of known papers."""
_SYLLABLE = re.compile(
    r"^(?:ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdghklmnprstvx])?[aeiouy]{1,3}(?:ch|nh|ng|[cmnpt])?$"
)


def confidence(pieces: Iterable[Piece], *, place: bool, agree: bool, scan_may: bool = True) -> Confidence:
    """`place`: it was read in its own cell. `agree`: an independent witness on the paper says the same.

    `scan_may` false: nothing on a scan can make this field certain.
    """
    lines = tuple(pieces)
    scanned = any(piece.source is Source.OCR for piece in lines)
    if not scanned:
        if place and agree:
            return Confidence.CERTAIN
        return Confidence.LIKELY if place or agree else Confidence.UNSURE
    sure = min((piece.sure for piece in lines), default=0.0)
    if scan_may and place and agree and sure >= SURE:
        return Confidence.CERTAIN
    return Confidence.LIKELY if place and sure >= 0.6 else Confidence.UNSURE


def all_syllables(text: str) -> bool:
    """Could every word be Vietnamese?"""
    return all(_SYLLABLE.match(word) for word in re.findall(r"[^\W\d_]+", fold(text)))
