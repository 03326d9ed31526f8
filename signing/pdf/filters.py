"""The one filter the strict reader undoes: Flate with PNG predictors, bounded (ISO 32000-2, 7.4.4)."""

from __future__ import annotations

import zlib

from signing.errors import NeedsCare
from signing.pdf.objects import PdfArray, PdfDict, Stream
from signing.pdf.prediction import unpredict

MAX_DECODED = 32 * 1024 * 1024
"""Bytes one cross-reference or object stream may unfold to; a 300-page letter needs under one megabyte."""
_WIDEST = 64


def decode(stream: Stream) -> bytes:
    """The unfiltered bytes of a stream with no filter or with Flate alone."""
    names, parms = _only(stream.dict.get("Filter")), _only(stream.dict.get("DecodeParms"))
    if names is None:
        return stream.raw
    if names != "FlateDecode":
        raise NeedsCare("filter", name=str(names))
    return unpredict(_inflate(stream.raw), parms if isinstance(parms, PdfDict) else PdfDict(), widest=_WIDEST)


def _only(value: object) -> object:
    if isinstance(value, PdfArray):
        if len(value) > 1:
            raise NeedsCare("filter", name="several")
        return value[0] if value else None
    return value


def _inflate(raw: bytes) -> bytes:
    engine = zlib.decompressobj()
    try:
        data = engine.decompress(raw, MAX_DECODED)
    except zlib.error as error:
        raise NeedsCare("filter", name="FlateDecode") from error
    if not engine.eof:
        raise NeedsCare("stream_too_large" if engine.unconsumed_tail else "filter")
    return data
