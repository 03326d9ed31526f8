"""When two PDF values are the same."""

from __future__ import annotations

from typing import Any

from signing.pdf.objects import PdfArray, PdfDict


def same(one: Any, other: Any) -> bool:
    """Equal in type and value: 1, 1.0 and true are three things, a name is not a string."""
    if type(one) is not type(other):
        return False
    if isinstance(one, PdfDict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, PdfArray):
        return len(one) == len(other) and all(map(same, one, other))
    return bool(one == other)
