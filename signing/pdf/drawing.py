"""Whether an appearance shows anything, without drawing it."""

from __future__ import annotations

import re
import zlib

from signing.pdf.file import SignatureField, View
from signing.pdf.ink import unpacked
from signing.pdf.objects import PdfArray, PdfDict, Stream
from signing.pdf.structure import is_name

_PAINTS = re.compile(rb"(?:^|[\s\]>)/])(?:Do|Tj|TJ|'|\"|f\*?|F|S|s|B\*?|b\*?|sh|BI)(?=\s|$|/|%)")
_HIDES = re.compile(rb"(?:^|[\s\]>)/])(?:Tj|TJ|'|\"|f\*?|F|B\*?|b\*?|sh|BI)(?=\s|$|/|%)")
_DRAWN = re.compile(rb"/([^\s()<>\[\]{}/%]++)\s++Do(?=\s|$|/|%)")
_MOST_DRAWING = 1_000_000
_MOST_NESTED = 8


def draws_something(view: View, item: SignatureField) -> bool:
    """Whether an unsigned field shows more than an empty box."""
    if not item.visible:
        return False
    states = view.resolve(item.node.get("AP"))
    form = view.resolve(states.get("N")) if isinstance(states, PdfDict) else None
    return isinstance(form, Stream) and _paints(form)


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
    if data is None or depth > _MOST_NESTED or _HIDES.search(data):
        return True
    resources = view.resolve(form.dict.get("Resources"))
    listed = view.resolve(resources.get("XObject")) if isinstance(resources, PdfDict) else None
    drawn = {name.decode("latin-1") for name in _DRAWN.findall(data)}
    inner = [view.resolve(listed.get(name)) for name in drawn] if isinstance(listed, PdfDict) else []
    return any(_inner_hides(view, value, depth=depth + 1) for value in inner)


def _inner_hides(view: View, value: object, *, depth: int) -> bool:
    if not isinstance(value, Stream):
        return False
    if is_name(value.dict.get("Subtype"), "Image"):
        return not ({"SMask", "Mask"} & set(value.dict) or value.dict.get("ImageMask") is True)
    return _hides(view, value, depth=depth)
