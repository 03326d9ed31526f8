"""A one-page PDF drawn elsewhere (typst) as a form XObject of ours.

What verification later demands is made so here: /BBox of exactly the box's size, no /Matrix, /Group or /OC,
no patterns or shadings, fonts embedded. The page must be exactly as large as the box: drawing does not scale.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from typing import Any

from signing.errors import BrokenInput
from signing.pdf import Name, PdfArray, PdfDict, Ref, Stream, View, read, rectangle
from signing.pdf.filters import decode
from signing.prepare.serialise import stream
from signing.prepare.update import Update

TOLERANCE = 0.5
"""Points by which page and box may differ (typst rounds millimetres)."""
MAX_BYTES = 4 * 1024 * 1024
_RESOURCES = ("ColorSpace", "ExtGState", "Font", "XObject")
_REFUSED = frozenset({"Pattern", "Shading"})
_DROPPED = frozenset(
    {"Metadata", "OC", "Parent", "PieceInfo", "StructParent", "StructParents", "AF", "OPI", "Alternates"}
)
MAX_DEPTH = 40


def add_artwork(update: Update, artwork: bytes, size: tuple[float, float]) -> Ref:
    """Copy the only page of `artwork` into the update; `size` is width and height of the box in points."""
    if len(artwork) > MAX_BYTES:
        raise BrokenInput("appearance_too_large", bytes=len(artwork))
    view = read(artwork).last
    pages = view.pages()
    if len(pages) != 1:
        raise BrokenInput("appearance_pages", pages=len(pages))
    page = pages[0]
    _fits(rectangle(view.resolve(page.attribute("MediaBox"))), size)
    resources: Mapping[str, Any] = view.dictionary(page.attribute("Resources")) or {}
    if _REFUSED & set(resources):
        raise BrokenInput("appearance_pattern")
    copier = _Copier(view, update)
    kept = {key: copier.copy(resources[key]) for key in _RESOURCES if key in resources}
    content, how = _content(view, page.node.get("Contents"))
    return add_form(update, content, size=size, resources=kept, encoding=how)


def add_form(
    update: Update,
    content: bytes,
    *,
    size: tuple[float, float],
    resources: Mapping[str, Any],
    encoding: Mapping[str, Any] | None = None,
) -> Ref:
    """A form XObject whose /BBox starts at the origin and has this size."""
    if encoding is None:
        content, encoding = zlib.compress(content, 9), {"Filter": Name("FlateDecode")}
    head = {"Type": Name("XObject"), "Subtype": Name("Form"), "BBox": [0, 0, *size]}
    return update.add_stream(head | {"Resources": dict(resources)} | dict(encoding), content)


def _fits(found: tuple[float, float, float, float] | None, size: tuple[float, float]) -> None:
    if found is None or found[0] != 0 or found[1] != 0:
        raise BrokenInput("appearance_box")
    if abs(found[2] - size[0]) > TOLERANCE or abs(found[3] - size[1]) > TOLERANCE:
        raise BrokenInput("appearance_size", width=found[2], height=found[3], wanted=size)


def _content(view: View, value: Any) -> tuple[bytes, dict[str, Any] | None]:
    """The page's content: untouched when it is one stream, else its parts joined and compressed anew."""
    found = view.resolve(value)
    if isinstance(found, Stream):
        return found.raw, {key: found.dict[key] for key in ("Filter", "DecodeParms") if key in found.dict}
    parts = [view.resolve(one) for one in found] if isinstance(found, PdfArray) else []
    return b"\n".join(decode(one) for one in parts if isinstance(one, Stream)), None


class _Copier:
    """Copies values with everything they refer to, each object once, under new numbers."""

    def __init__(self, view: View, update: Update) -> None:
        self._view = view
        self._update = update
        self._known: dict[Ref, Ref] = {}

    def copy(self, value: Any, depth: int = 0) -> Any:
        if depth > MAX_DEPTH:
            raise BrokenInput("appearance_too_deep")
        if isinstance(value, Ref):
            return self._reference(value, depth)
        if isinstance(value, PdfDict):
            return self._entries(value, depth)
        if isinstance(value, PdfArray):
            return [self.copy(one, depth + 1) for one in value]
        return value

    def _entries(self, value: PdfDict, depth: int) -> dict[str, Any]:
        return {key: self.copy(one, depth + 1) for key, one in value.items() if key not in _DROPPED}

    def _reference(self, ref: Ref, depth: int) -> Ref:
        if ref not in self._known:
            self._known[ref] = self._update.reserve()
            found = self._view.get(ref)
            if isinstance(found, Stream):
                if _REFUSED & set(self._view.dictionary(found.dict.get("Resources")) or {}):
                    raise BrokenInput("appearance_pattern")
                self._update.put_raw(self._known[ref], stream(self._entries(found.dict, depth + 1), found.raw))
            else:
                self._update.put(self._known[ref], self.copy(found, depth + 1))
        return self._known[ref]
