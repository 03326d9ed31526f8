"""What a page shows in annotations and fields, beside its content."""

from __future__ import annotations

from typing import Any

from signing.errors import NeedsCare
from signing.pdf.file import Page, View, rectangle
from signing.pdf.ink import Rect, overlap
from signing.pdf.objects import PdfArray, PdfDict, PdfString
from signing.pdf.structure import is_name

_NOTHING = frozenset({"Popup", "Link", "Text"})
"""They show an icon or a frame at most."""
_HIDDEN = 1 << 1
_MOST_ABOVE = 32


def stands_under(view: View, page: Page, box: Rect, *, signatures: bool) -> bool:
    """Whether a note, a filled field or, with `signatures`, a signature that the page shows lies under the box."""
    listed = view.resolve(page.node.get("Annots"))
    for item in listed if isinstance(listed, PdfArray) else ():
        try:
            node = view.resolve(item)
            if isinstance(node, PdfDict) and _shows(view, node, signatures=signatures) and _lies(view, node, box):
                return True
        except NeedsCare:
            continue  # a reference to nothing
    return False


def _lies(view: View, node: PdfDict, box: Rect) -> bool:
    sides = view.resolve(node.get("Rect"))
    own = rectangle([view.resolve(side) for side in sides]) if isinstance(sides, PdfArray) else None
    return own is not None and overlap(own, box)


def _shows(view: View, node: PdfDict, *, signatures: bool) -> bool:
    flags, kind = view.resolve(node.get("F")), view.resolve(node.get("Subtype"))
    if kind in _NOTHING or (type(flags) is int and flags & _HIDDEN):
        return False
    if not is_name(kind, "Widget"):
        return True
    if _inherited(view, node, "V") in (None, PdfString(b"")):
        return False
    return signatures or not is_name(_inherited(view, node, "FT"), "Sig")


def _inherited(view: View, node: PdfDict, key: str) -> Any:
    for _ in range(_MOST_ABOVE):
        if key in node:
            return view.resolve(node[key])
        above = view.resolve(node.get("Parent"))
        if not isinstance(above, PdfDict):
            return None
        node = above
    return None
