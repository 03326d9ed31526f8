"""Whether an appearance shows anything, without drawing it."""

from __future__ import annotations

import re
import zlib
from typing import Any

from signing.errors import NeedsCare
from signing.pdf.file import SignatureField, View, rectangle
from signing.pdf.filters import decode
from signing.pdf.ink import unpacked
from signing.pdf.objects import PdfArray, PdfDict, Stream
from signing.pdf.structure import is_name

_PAINTS = re.compile(rb"(?:^|[\s\]>)/])(?:Do|Tj|TJ|'|\"|f\*?|F|S|s|B\*?|b\*?|sh|BI)(?=\s|$|/|%)")
_HIDES = re.compile(rb"(?:^|[\s\]>)/])(?:Tj|TJ|'|\"|f\*?|F|B\*?|b\*?|sh|BI)(?=\s|$|/|%)")
_DRAWN = re.compile(rb"/([^\s()<>\[\]{}/%]++)\s++Do(?=\s|$|/|%)")
_NUMBER = rb"(-?\d*\.?\d+)\s+"
_PEN = re.compile(rb"(?:^|(?<=[\s\]>)/]))(?:" + _NUMBER + rb"w|" + _NUMBER * 6 + rb"cm|([qQSs]))(?=\s|$|/|%|\[|\()")
_BROAD = 5.0
"""Points: no frame of a stamp is drawn with a broader pen."""
_OPAQUE = 0.75
"""Part of a picture: a seal lets more than the rest shine through."""
_HIDDEN = 1 << 1
"""Annotation flag Hidden (12.5.3)."""
_MOST_DRAWING = 1_000_000
_MOST_NESTED = 8


def draws_something(view: View, item: SignatureField) -> bool:
    """Whether an unsigned field shows more than an empty box."""
    if not item.visible:
        return False
    states = view.resolve(item.node.get("AP"))
    form = view.resolve(states.get("N")) if isinstance(states, PdfDict) else None
    return isinstance(form, Stream) and _paints(form)


def draws_without_area(view: View, node: PdfDict) -> bool:
    """Whether an annotation whose rectangle is a line or a point is seen all the same: PDFium, and with it Chrome,
    draws the text of its appearance in full size there, and a line along the rectangle."""
    rect, states = _sides(view, node.get("Rect")), view.resolve(node.get("AP"))
    flags = view.resolve(node.get("F"))
    is_hidden = type(flags) is int and flags & _HIDDEN
    if is_hidden or rect is None or all(rect) or not isinstance(states, PdfDict):
        return False
    found = view.resolve(states.get("N"))
    forms = [view.resolve(item) for item in found.values()] if isinstance(found, PdfDict) else [found]
    return any(isinstance(form, Stream) and _draws_at(view, rect, form) for form in forms)


def _draws_at(view: View, rect: tuple[float, float], form: Stream) -> bool:
    box = _sides(view, form.dict.get("BBox"))
    return (any(rect) or box is None or all(box)) and _paints(form)


def _sides(view: View, value: Any) -> tuple[float, float] | None:
    """Width and height."""
    found = view.resolve(value)
    box = rectangle([view.resolve(side) for side in found]) if isinstance(found, PdfArray) else None
    return None if box is None else (box[2] - box[0], box[3] - box[1])


def _paints(form: Stream) -> bool:
    """Only Flate is looked into; what is packed otherwise is taken for a drawing."""
    name = form.dict.get("Filter")
    data = form.raw[:_MOST_DRAWING]
    if isinstance(name, PdfArray) and len(name) == 1:
        name = name[0]
    if is_name(name, "FlateDecode"):
        try:
            data = zlib.decompressobj().decompress(data, _MOST_DRAWING)
        except zlib.error:
            return True
    elif name:
        return True
    return _PAINTS.search(data) is not None


def may_hide(view: View, item: SignatureField) -> bool:
    """Whether the appearance fills areas, writes text or holds a picture that lets nothing shine through. What
    cannot be read might do all of it."""
    states = view.resolve(item.node.get("AP"))
    form = view.resolve(states.get("N")) if isinstance(states, PdfDict) else None
    return isinstance(form, Stream) and _hides(view, form, depth=0)


def _hides(view: View, form: Stream, *, depth: int) -> bool:
    data = unpacked(view, form)
    if data is None or depth > _MOST_NESTED or _HIDES.search(data) or _paints_broadly(data):
        return True
    resources = view.resolve(form.dict.get("Resources"))
    listed = view.resolve(resources.get("XObject")) if isinstance(resources, PdfDict) else None
    drawn = {name.decode("latin-1") for name in _DRAWN.findall(data)}
    inner = [view.resolve(listed.get(name)) for name in drawn] if isinstance(listed, PdfDict) else []
    return any(_inner_hides(view, value, depth=depth + 1) for value in inner)


def _inner_hides(view: View, value: object, *, depth: int) -> bool:
    if not isinstance(value, Stream):
        return False
    if not is_name(value.dict.get("Subtype"), "Image"):
        return _hides(view, value, depth=depth)
    if value.dict.get("ImageMask") is True:
        return _is_full(value, painted=view.resolve(value.dict.get("Decode")) == [1, 0])
    mask = view.resolve(value.dict.get("SMask"))
    if isinstance(mask, Stream):
        return _is_full(mask, painted=True)
    return "Mask" not in value.dict


def _paints_broadly(data: bytes) -> bool:
    """Whether lines are as broad as areas, by their width or by the scale that they are drawn in."""
    width, scale, saved = 1.0, 1.0, [(1.0, 1.0)]
    for found in _PEN.finditer(data):
        name = found[8]
        if found[1] is not None:
            width = float(found[1])
        elif found[2] is not None:
            scale *= max(abs(float(found[index])) for index in range(2, 6))
        elif name == b"q":
            saved.append((width, scale))
        elif name == b"Q":
            width, scale = saved.pop() if len(saved) > 1 else saved[0]
        elif abs(width) * scale > _BROAD:
            return True
    return False


def _is_full(mask: Stream, *, painted: bool) -> bool:
    """Whether the bits of a mask leave little of what lies below; one that cannot be unpacked is a seal's."""
    try:
        data = decode(mask)
    except NeedsCare:
        return False
    ones = int.from_bytes(data[:_MOST_DRAWING]).bit_count() / (8 * min(len(data), _MOST_DRAWING) or 1)
    return (ones if painted else 1 - ones) > _OPAQUE
