"""The one filter the strict reader undoes: Flate with PNG predictors, bounded (ISO 32000-2, 7.4.4)."""

from __future__ import annotations

import zlib

from signing.errors import NeedsCare
from signing.pdf.objects import PdfArray, PdfDict, Stream

MAX_DECODED = 32 * 1024 * 1024
"""Bytes one cross-reference or object stream may unfold to; a 300-page letter needs under one megabyte."""


def decode(stream: Stream) -> bytes:
    """The unfiltered bytes of a stream with no filter or with Flate alone."""
    names, parms = _only(stream.dict.get("Filter")), _only(stream.dict.get("DecodeParms"))
    if names is None:
        return stream.raw
    if names != "FlateDecode":
        raise NeedsCare("filter", name=str(names))
    return _unpredict(_inflate(stream.raw), parms if isinstance(parms, PdfDict) else PdfDict())


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


def _unpredict(data: bytes, parms: PdfDict) -> bytes:
    predictor, columns = parms.get("Predictor", 1), parms.get("Columns", 1)
    if predictor == 1:
        return data
    plain = parms.get("Colors", 1) == 1 and parms.get("BitsPerComponent", 8) == 8
    if type(predictor) is not int or not 10 <= predictor <= 15 or type(columns) is not int or not plain:
        raise NeedsCare("filter", name="predictor")
    if not 1 <= columns <= 64 or len(data) % (columns + 1):
        raise NeedsCare("filter", name="predictor")
    out, above = bytearray(), bytes(columns)
    for start in range(0, len(data), columns + 1):
        above = _row(data[start], data[start + 1 : start + 1 + columns], above)
        out += above
    return bytes(out)


def _row(kind: int, row: bytes, above: bytes) -> bytes:
    """One row of PNG prediction; None, Sub and Up are what writers of cross-reference streams use."""
    if kind == 0:
        return row
    if kind == 2:
        return bytes((value + up) & 0xFF for value, up in zip(row, above, strict=True))
    if kind == 1:
        left, out = 0, bytearray()
        for value in row:
            left = (left + value) & 0xFF
            out.append(left)
        return bytes(out)
    raise NeedsCare("filter", name="predictor")
