"""What the reader is given (pages with words in boxes) and what it proposes (fields with their place on the page).

All lengths are points (1/72 inch), origin at the lower left of the page as it is shown.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Field(StrEnum):
    """What can be proposed. Values are text; the form of each stands beside it."""

    ISSUER = "issuer"
    """The agency's name as printed, lines joined."""
    SUPERIOR = "superior"
    """The agency above it in the head matter."""
    NUMBER = "number"
    """Without leading zeros: `5`, `12a`."""
    SYMBOL = "symbol"
    """Number and symbol in one spelling: `05/QĐ-UBND`; `15-CV/HU` in Party papers."""
    SYMBOL_PRINTED = "symbol_printed"
    """The same as it stands on the paper."""
    DATE = "date"
    """ISO 8601: `2026-02-05`."""
    PLACE = "place"
    TYPE_CODE = "type_code"
    """A code of `workflow.domain.document_types`."""
    SUBJECT = "subject"
    """As printed, lines joined, without the `V/v` of a công văn."""
    SIGNER = "signer"
    """The name without rank and degrees."""
    SIGNER_TITLE = "signer_title"
    CAPACITY = "capacity"
    """A value of `workflow.domain.people.Capacity`."""
    URGENCY = "urgency"
    """A value of `workflow.domain.outgoing.Urgency`; only proposed where a stamp was found."""
    SECRECY = "secrecy"
    """`secret`, `top_secret`, `most_secret` (mật, tối mật, tuyệt mật)."""
    RECIPIENT = "recipient"
    """One of those after "Kính gửi"; one proposal each."""
    ANSWERS = "answers"
    """Number and symbol of the paper that this one answers."""
    DUE = "due"
    """A deadline in the text: `2026-11-30`, or `2026-11-30T17:00` where an hour is given (local time)."""


class Confidence(StrEnum):
    """How sure the reader is. CERTAIN needs independent evidence that agrees, not only a match."""

    CERTAIN = "certain"
    LIKELY = "likely"
    UNSURE = "unsure"


class Source(StrEnum):
    """Where the words come from."""

    TEXT = "text"
    OCR = "ocr"


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a page."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def middle(self) -> float:
        return (self.x0 + self.x1) / 2

    @property
    def centre(self) -> float:
        """Its height above the page's lower edge."""
        return (self.y0 + self.y1) / 2


def around(boxes: Iterable[Box]) -> Box:
    """The smallest box that holds them all; there must be one."""
    every = tuple(boxes)
    return Box(
        min(box.x0 for box in every),
        min(box.y0 for box in every),
        max(box.x1 for box in every),
        max(box.y1 for box in every),
    )


@dataclass(frozen=True, slots=True)
class Word:
    """`size`: of the letters in points; `sure`: 1 for real text, else what the OCR says of itself (0 to 1)."""

    text: str
    box: Box
    size: float
    bold: bool = False
    sure: float = 1.0


@dataclass(frozen=True, slots=True)
class Page:
    """A page with its words in any order; `number` counts from 1."""

    number: int
    width: float
    height: float
    words: tuple[Word, ...]
    source: Source = Source.TEXT


@dataclass(frozen=True, slots=True)
class Piece:
    """Words that stand together on one line without a wide gap: a cell's line."""

    page: int
    words: tuple[Word, ...]
    source: Source = Source.TEXT

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)

    @property
    def box(self) -> Box:
        return around(word.box for word in self.words)

    @property
    def size(self) -> float:
        return max(word.size for word in self.words)

    @property
    def bold(self) -> bool:
        return 2 * sum(len(word.text) for word in self.words if word.bold) > sum(len(w.text) for w in self.words)

    @property
    def sure(self) -> float:
        """The least sure of its words of two letters or more."""
        return min((word.sure for word in self.words if len(word.text) > 1), default=self.words[0].sure)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A value for a field, how sure, where it was read, and why (codes of evidence, for the record and tests)."""

    field: Field
    value: str
    confidence: Confidence
    page: int
    box: Box
    evidence: tuple[str, ...] = ()
