"""Dots that stand where a template left a place for words: whoever submits a draft should see that they are there.

The blanks of number and date are the register's to fill, and one ellipsis ends an enumeration ("v.v…"): neither
is meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

CODE = "dots"
"""In the note of a draft's file: `dots:2` says that the first stand on page 2."""

_DOTS = re.compile(r"…[\s.…]*…|\.(?:\s?\.){3,}|…\.{2,}|\.{2,}…")
_NUMBER_OR_DATE = re.compile(r"\bsố\s*:|\bngày\b.*\btháng\b", re.IGNORECASE)


def has_dots(line: str) -> bool:
    """Whether a line holds dots where words belong."""
    return _DOTS.search(line) is not None and _NUMBER_OR_DATE.search(line) is None


def first_dots(pages: Mapping[int, Iterable[str]]) -> int | None:
    """The first page, from 1, with such a line; None where there is none."""
    return next((page for page in sorted(pages) if any(has_dots(line) for line in pages[page])), None)


def note_of(page: int | None) -> tuple[str, ...]:
    """What the note of a file says of it."""
    return () if page is None else (f"{CODE}:{page}",)


def page_in(note: str) -> int | None:
    """The page that a note names."""
    found = re.search(rf"(?:^|, ){CODE}:(\d{{1,4}})(?:,|$)", note)
    return int(found[1]) if found else None
