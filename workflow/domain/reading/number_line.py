"""Number and symbol (cell 3)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from workflow.domain.document_types import BY_ABBREVIATION
from workflow.domain.numbering import normalise
from workflow.domain.reading.fuzzy import squeezed
from workflow.domain.reading.shapes import Piece, Source
from workflow.domain.text import clean

_LEAD = re.compile(r"^[SsŚš][ỐốÔôSsoO0óÓòÒỏỎõÕọỌồỒ]+\s*[:.;]?\s*")
_NUMBER = re.compile(r"^([0-9OolI|]{1,6})([a-zđ]?)(?=[/-])")
_READ_AS_DIGITS = str.maketrans("OolI|", "00111")
_GAP = re.compile(r"^[.…_\s]+(?=[/-])")
_SPACED = re.compile(r"\s*([/\-&])\s*")
_FORM = re.compile(
    r"^\d{1,6}[a-zđ]?(?:/\d{4})?/[^\W\d_][\w.&]*(?:[-/][\w.&]+)*$|^\d{1,6}[a-zđ]?-[^\W\d_]{1,6}/[\w.&-]+$"
    r"|^\d{1,6}/\d{4}/[^\W\d_]\w*$"
)
_KINDS = {squeezed(short): short for short in BY_ABBREVIATION} | {"nd": "NĐ", "tt": "TT", "cv": "CV", "qd": "QĐ"}
_AMBIGUOUS = frozenset({"ct", "tc"})
_TYPES_AS_PRINTED = re.compile(r"^\d{1,6}[a-zđ]?(?:/\d{4})?[/-]([^\W\d_]+)")


@dataclass(frozen=True, slots=True)
class Numbered:
    """`symbol` is "" where only the number could be read; `number` is "" where its place was left blank."""

    number: str
    symbol: str
    printed: str
    piece: Piece
    whole: bool
    """Its form is one of the decree's or the Party's."""

    @property
    def abbreviation(self) -> str:
        """Of the kind, as printed: `QĐ`; or what stands in its place."""
        found = _TYPES_AS_PRINTED.match(self.symbol or "")
        return found[1] if found else ""

    @property
    def parts(self) -> tuple[str, ...]:
        """Everything after the number: `15/QĐ-UBND` → `("QĐ", "UBND")`."""
        rest = re.sub(r"^\d*[a-zđ]?(?:/\d{4})?[/-]", "", self.symbol)
        return tuple(part for part in re.split(r"[/-]", rest) if part)


def numbered_of(piece: Piece, below: Piece | None, known: Iterable[str]) -> Numbered | None:
    """Read the line `Số: …`; `below` is the next line of its cell; `known`: parts that stand elsewhere too.

    On a scan a part that differs from a known one only in marks or capitals is written like that one.
    """
    printed = _LEAD.sub("", clean(piece.text))
    if printed.endswith(("-", "–", "/")) and below is not None and " " not in below.text.strip():
        printed += clean(below.text)
    line = _SPACED.sub(r"\1", _GAP.sub("", normalise(printed)))
    line = line.split(" ")[0].rstrip(".,;:") if " " in line else line.rstrip(".,;:")
    line = line.lstrip(".…_")
    if piece.source is Source.OCR:
        line = _mended(line, tuple(known))
    found = _NUMBER.match(line)
    if found is None:
        if line[:1] in {"/", "-"} and len(squeezed(line)) >= 2:
            return Numbered("", line, printed, piece, whole=False)
        return None
    digits = found[1].translate(_READ_AS_DIGITS)
    symbol = digits + line[len(found[1]) :]
    return Numbered(
        digits.lstrip("0") + found[2] if digits.strip("0") else "",
        symbol,
        printed,
        piece,
        whole=bool(_FORM.match(symbol)),
    )


def _mended(line: str, known: tuple[str, ...]) -> str:
    """Marks, capitals and slashes as they must have been."""
    line = line.replace("|", "/").replace("\\", "/")
    pieces = re.split(r"([/-])", line)
    spelled = {squeezed(word): word for word in known if len(squeezed(word)) >= 2}
    for at, part in enumerate(pieces):
        if at and part not in {"/", "-"} and not part.isdigit():
            bare = squeezed(part)
            if bare in spelled:
                pieces[at] = spelled[bare]
            elif bare in _KINDS and bare not in _AMBIGUOUS:
                pieces[at] = _KINDS[bare]
    return "".join(pieces)
