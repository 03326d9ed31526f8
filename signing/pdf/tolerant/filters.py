"""Cross-reference and object streams unfolded: Flate with any PNG predictor, bounded (ISO 32000-2, 7.4.4)."""

from __future__ import annotations

import zlib

from signing.errors import NeedsCare
from signing.pdf.objects import PdfArray, PdfDict, Stream
from signing.pdf.prediction import unpredict
from signing.pdf.tolerant.notes import Notes, OutOfBounds

MAX_UNFOLDED = 32 * 1024 * 1024
MAX_RATIO = 400
"""Object streams of real files unfold five to thirty times."""
_SMALL = 1024 * 1024
_BYTES_PER_WORK = 256
_WIDEST = 4096


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
        data = unpredict(data, chosen if isinstance(chosen, PdfDict) else PdfDict(), widest=_WIDEST)
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
