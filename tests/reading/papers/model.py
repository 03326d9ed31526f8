"""What a made paper consists of: its facts (what a reader should find) and its elements (what is printed).

Rules of the facts, which a fair reader follows too:

- `issuer`: the agency in the head matter, joined to one line, letters as printed (compare without case). Where two
  agencies stand there, it is the lower one, which is bold; the superior above it is not part of it. In party
  papers likewise the lower one. A school or company is its own issuer.
- `number`: digits (with a letter, `12a`) after "Số", without leading zeros. `symbol`: the whole of what stands
  after "Số" as printed, leading zero included, with NFC, Đ for Ð, "-" for every dash and no blanks: `05/QĐ-UBND`,
  `12-NQ/ĐU`. Both are None where the paper has no number or the place for it is still blank.
- `date`: of the place-and-date line; on minutes without that line, of the sentence that opens them. None where the
  day is still blank.
- `type`: a code of `workflow.domain.document_types`. A paper that names no kind is a `letter`.
- `subject`: joined to one line. On a công văn the text of its V/v line without "V/v", "Về việc" and a colon (a firm
  may set that line over the text instead); on named types the text under the type's name as printed, a leading
  "Về việc" included. None where the paper has neither (slips, forms, some letters of firms).
- `signer`: the full name under the signature, without ranks or degrees. Where two sign: on minutes the chair, on
  contracts and agreements the one who signs for the issuer.
- `urgency`: by the printed mark; secrecy never occurs.
- Of a copy (SAO Y …) the original's facts are asked for, not the copier's; of an arrival stamp nothing.

Texts are compared in NFC with Ð read as Đ.
"""

from __future__ import annotations

import unicodedata
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A paragraph or line. `size` in points (0: the page's), `before`, `after` in points.

    `indent` in millimetres: of the first line where justified, of all lines where left. `lead`: bold words before
    the text. `rule`: a thin line under it, as a share of the cell's width.
    """

    text: str
    size: float = 0
    bold: bool = False
    italic: bool = False
    align: str = "left"
    colour: str = "#000000"
    indent: float = 0
    before: float = 0
    after: float = 0
    rule: float = 0
    lead: str = ""
    kind: str = "words"


@dataclass(frozen=True, slots=True)
class Picture:
    """A seal or a handwriting: a name of `pictures`, and where in its gap it lies, in millimetres."""

    name: str
    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Gap:
    """Empty room of `height` millimetres, perhaps with pictures over it (they may reach out of it)."""

    height: float
    pictures: tuple[Picture, ...] = ()
    kind: str = "gap"


@dataclass(frozen=True, slots=True)
class Frame:
    """A drawn rectangle of `width` millimetres with lines in it: an arrival stamp, an urgency mark."""

    lines: tuple[Words, ...]
    width: float
    colour: str = "#c8102e"
    align: str = "center"
    kind: str = "frame"


@dataclass(frozen=True, slots=True)
class Grid:
    """A ruled table; `widths` are shares of the line."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...]
    size: float = 12
    kind: str = "grid"


@dataclass(frozen=True, slots=True)
class Break:
    """A new page."""

    kind: str = "break"


@dataclass(frozen=True, slots=True)
class Columns:
    """Cells side by side, never parted by a page's end; `widths` are shares, `before` in points."""

    cells: tuple[tuple[Words | Gap | Frame, ...], ...]
    widths: tuple[float, ...]
    before: float = 0
    kind: str = "columns"


@dataclass(frozen=True, slots=True)
class Pin:
    """Lines at a fixed place of page 1, in millimetres from its upper left corner."""

    lines: tuple[Words, ...]
    left: float
    top: float
    width: float


Element = Words | Gap | Frame | Grid | Break | Columns


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Paper is A4. Margins in millimetres; `leading` a factor of the letters' size; `numbered`: from page 2."""

    top: float = 20
    bottom: float = 20
    left: float = 30
    right: float = 15
    serif: bool = True
    size: float = 14
    leading: float = 1.18
    numbered: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a reader should find; the module's docstring has the rules."""

    issuer: str
    number: str | None
    symbol: str | None
    date: str | None
    type: str
    subject: str | None
    signer: str | None
    urgency: str = "normal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """One paper before a producer has written it."""

    facts: Facts
    layout: str
    page: Page
    elements: tuple[Element, ...]
    pins: tuple[Pin, ...] = ()
    decomposed: bool = False
    """Letters and accents apart (NFD), as some programs write them."""
    eth: bool = False
    """Ð (U+00D0) where Đ is meant, as some keyboards type it."""

    def plain(self) -> dict[str, Any]:
        """Page, elements and pins as plain data for a producer, with the paper's spelling habits applied."""
        made = _spelled({"page": asdict(self.page), "elements": [asdict(one) for one in self.elements],
                         "pins": [asdict(one) for one in self.pins]}, self)  # fmt: skip
        assert isinstance(made, dict)
        return made


def clean(text: str) -> str:
    """As facts are compared: one line, NFC, Đ."""
    return unicodedata.normalize("NFC", " ".join(text.split())).replace("Ð", "Đ")


def _spelled(value: Any, paper: Paper) -> Any:
    if isinstance(value, dict):
        return {key: _spelled(item, paper) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_spelled(item, paper) for item in value]
    if isinstance(value, str) and paper.eth:
        value = value.replace("Đ", "Ð")
    if isinstance(value, str) and paper.decomposed:
        value = unicodedata.normalize("NFD", value)
    return value
