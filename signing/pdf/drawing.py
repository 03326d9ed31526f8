"""Whether an appearance shows anything, without drawing it."""

from __future__ import annotations

import re
import zlib

from signing.pdf.file import SignatureField, View
from signing.pdf.objects import PdfArray, PdfDict, Stream
from signing.pdf.structure import is_name

_PAINTS = re.compile(rb"(?:^|[\s\]>)/])(?:Do|Tj|TJ|'|\"|f\*?|F|S|s|B\*?|b\*?|sh|BI)(?=\s|$|/|%)")
_MOST_DRAWING = 1_000_000


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
