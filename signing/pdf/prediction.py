"""PNG predictors undone, for both readers (ISO 32000-2, 7.4.4.4; RFC 2083, 6)."""

from __future__ import annotations

from itertools import accumulate

from signing.errors import NeedsCare
from signing.pdf.objects import PdfDict

_UP = 2


def unpredict(data: bytes, parms: PdfDict, *, widest: int) -> bytes:
    """The bytes before prediction; `widest`: the most columns (bytes of a row) that the reader takes."""
    predictor, columns = parms.get("Predictor", 1), parms.get("Columns", 1)
    if predictor == 1:
        return data
    plain = parms.get("Colors", 1) == 1 and parms.get("BitsPerComponent", 8) == 8
    if type(predictor) is not int or not 10 <= predictor <= 15 or type(columns) is not int or not plain:
        raise NeedsCare("filter", name="predictor")
    if not 1 <= columns <= widest or len(data) % (columns + 1):
        raise NeedsCare("filter", name="predictor")
    kinds = data[:: columns + 1]
    if kinds.count(_UP) == len(kinds):
        return _all_up(data, columns)
    out, above = bytearray(), bytes(columns)
    for start in range(0, len(data), columns + 1):
        above = _row(data[start], data[start + 1 : start + 1 + columns], above)
        out += above
    return bytes(out)


def _all_up(data: bytes, columns: int) -> bytes:
    """Every row is what it adds to the one above, as most programs write it: column by column, all sums at once."""
    out = bytearray(len(data) - len(data) // (columns + 1))
    for column in range(columns):
        out[column::columns] = bytes([value & 0xFF for value in accumulate(data[column + 1 :: columns + 1])])
    return bytes(out)


def _row(kind: int, row: bytes, above: bytes) -> bytes:
    if kind == 0:
        return row
    if kind > 4:
        raise NeedsCare("filter", name="predictor")
    if kind == _UP:
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
