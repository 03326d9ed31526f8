"""Cross-reference and object streams unfolded: Flate with any PNG predictor, bounded (ISO 32000-2, 7.4.4)."""

from __future__ import annotations

import zlib

from signing.errors import NeedsCare
from signing.pdf.objects import PdfArray, PdfDict, Stream
from signing.pdf.tolerant.notes import Notes, OutOfBounds

MAX_UNFOLDED = 32 * 1024 * 1024
MAX_RATIO = 400
"""Object streams of real files unfold five to thirty times."""
_SMALL = 1024 * 1024
_BYTES_PER_WORK = 256


def unfold(stream: Stream, notes: Notes) -> bytes:
    """The bytes of a stream with no filter or with Flate alone."""
    data = stream.raw
    filters, parms = _listed(stream.dict.get("Filter")), _listed(stream.dict.get("DecodeParms"))
    for index, name in enumerate(filters):
        if name not in ("FlateDecode", "Fl"):
            raise NeedsCare("filter", name=str(name))
        data = _inflate(data)
        notes.spend(len(data) // _BYTES_PER_WORK)
        chosen = parms[index] if index < len(parms) else None
        data = _unpredict(data, chosen if isinstance(chosen, PdfDict) else PdfDict())
    return data


def _listed(value: object) -> list[object]:
    if isinstance(value, PdfArray):
        if len(value) > 3:
            raise NeedsCare("filter", name="several")
        return list(value)
    return [] if value is None else [value]


def _inflate(raw: bytes) -> bytes:
    engine = zlib.decompressobj()
    try:
        data = engine.decompress(raw, MAX_UNFOLDED)
    except zlib.error as error:
        raise NeedsCare("filter", name="FlateDecode") from error
    if engine.unconsumed_tail or (len(data) > _SMALL and len(data) > MAX_RATIO * len(raw)):
        raise OutOfBounds("unfolded")
    if not engine.eof:
        raise NeedsCare("filter", name="FlateDecode")
    return data


def _unpredict(data: bytes, parms: PdfDict) -> bytes:
    predictor, columns = parms.get("Predictor", 1), parms.get("Columns", 1)
    if predictor == 1:
        return data
    plain = parms.get("Colors", 1) == 1 and parms.get("BitsPerComponent", 8) == 8
    if type(predictor) is not int or not 10 <= predictor <= 15 or type(columns) is not int or not plain:
        raise NeedsCare("filter", name="predictor")
    if not 1 <= columns <= 4096 or len(data) % (columns + 1):
        raise NeedsCare("filter", name="predictor")
    out, above = bytearray(), bytes(columns)
    for start in range(0, len(data), columns + 1):
        above = _row(data[start], data[start + 1 : start + 1 + columns], above)
        out += above
    return bytes(out)


def _row(kind: int, row: bytes, above: bytes) -> bytes:
    if kind == 0:
        return row
    if kind == 2:
        return bytes((value + up) & 0xFF for value, up in zip(row, above, strict=True))
    out = bytearray()
    left = corner = 0
    for value, up in zip(row, above, strict=True):
        predicted = left if kind == 1 else (left + up) // 2 if kind == 3 else _paeth(left, up, corner)
        left, corner = (value + predicted) & 0xFF, up
        out.append(left)
    return bytes(out)


def _paeth(left: int, up: int, corner: int) -> int:
    guess = left + up - corner
    return min((left, up, corner), key=lambda item: abs(guess - item))
