"""Pages of an office's own catalogues, whose rows are judged and ordered in memory: no year makes them longer.

A place names the last row shown; where that row is gone meanwhile, it says how many rows stood before.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from workflow.web.row_keys import LARGEST_COUNT, number_of

PAGE = 50
Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Paged(Generic[Row]):
    """One page. `place` and `next`: where it begins and where the next one does, empty at either end."""

    rows: Sequence[Row]
    count: int
    place: str
    next: str


def page_of(rows: Sequence[Row], after: str, *, key: Callable[[Row], str], size: int = 0) -> Paged[Row]:
    """The page after a place, of the usual size unless told; a damaged place begins the list anew."""
    size = size or PAGE
    start = _start([key(row) for row in rows], after)
    shown = rows[start : start + size]
    end = start + len(shown)
    onward = f"{end}-{key(shown[-1])}" if end < len(rows) else ""
    return Paged(shown, len(rows), after if start else "", onward)


def _start(keys: Sequence[str], after: str) -> int:
    """Behind the row that a place names, else as far down as it stood; never behind the end."""
    count, _dash, last = after.partition("-")
    stood = number_of(count, most=LARGEST_COUNT) or 0
    if not stood:
        return 0
    if last in keys:
        return keys.index(last) + 1 if last != keys[-1] else 0
    return stood if stood < len(keys) else 0
