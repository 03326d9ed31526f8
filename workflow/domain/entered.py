"""Figures that people enter, with their source: shares, wholes in parts, values, ranks; how each is written.

One short text is what is kept, frozen and compared, so that an entered figure is a fact like any other:
`3350/3351` a share, `36+114/156` a whole in parts, `97.75` a value, `r11/15~8` a rank with the one before. As a
fact of a month it names its indicator and how long its period is: `12:q:3350/3351`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from urllib.parse import urlsplit

from workflow.domain.errors import BadInput
from workflow.domain.indicators import Better
from workflow.domain.periods import Kind
from workflow.domain.rates import percent

LONGEST = 20
MOST_PARTS = 4
MOST_DECIMALS = 4
_SHARE = re.compile(r"(\d{1,9})/(\d{1,9})")
_PARTS = re.compile(r"(\d{1,7}(?:\+\d{1,7}){1,3})/(\d{1,7})")
_VALUE = re.compile(r"-?\d{1,12}(?:\.\d{1,4})?")
_RANK = re.compile(r"r(\d{1,4})(?:/(\d{1,4}))?(?:~(\d{1,4}))?")


class Shape(StrEnum):
    """How an entered figure is made."""

    SHARE = "share"
    """A numerator of a denominator."""
    PARTS = "parts"
    """A whole and its parts; what belongs to none of them is shown as unclassified, never dropped."""
    VALUE = "value"
    """A number as it was given: an index, a percentage of somebody else's."""
    RANK = "rank"
    """A place, of how many, and the place before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """An entered figure, read. Of a rank `parts` is (place,), `whole` how many there are."""

    shape: Shape
    parts: tuple[int, ...] = ()
    whole: int | None = None
    value: Decimal | None = None
    previous: int | None = None

    @property
    def numerator(self) -> int:
        """The first part: what the share is of."""
        return self.parts[0] if self.parts else 0

    @property
    def unclassified(self) -> int:
        """What of the whole is in none of the parts."""
        return (self.whole or 0) - sum(self.parts) if self.shape is Shape.PARTS else 0

    def amount(self, decimals: int) -> Decimal | None:
        """What is held against a target: percentage, half up, value or place. None where nothing counts."""
        if self.shape is Shape.RANK:
            return Decimal(self.parts[0])
        if self.shape is Shape.VALUE:
            assert self.value is not None
            return self.value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
        return percent(self.numerator, self.whole or 0, decimals=decimals)

    def share(self, part: int, decimals: int) -> Decimal | None:
        """One part in percent of the whole."""
        return percent(self.parts[part], self.whole or 0, decimals=decimals)

    def text(self) -> str:
        """As it is kept."""
        match self.shape:
            case Shape.VALUE:
                return f"{self.value:f}"
            case Shape.RANK:
                of = f"/{self.whole}" if self.whole is not None else ""
                return f"r{self.parts[0]}{of}" + (f"~{self.previous}" if self.previous is not None else "")
            case _:
                return f"{'+'.join(map(str, self.parts))}/{self.whole}"


def read(shape: Shape, text: str) -> Figure:
    """The figure that a text says; `BadInput` (`figure_unreadable`, `figure_parts`, `figure_rank`) where none."""
    words = text.replace(" ", "")
    if len(words) > LONGEST:
        raise BadInput("figure_unreadable", text=text)
    match shape:
        case Shape.SHARE:
            found = _SHARE.fullmatch(words)
        case Shape.PARTS:
            found = _PARTS.fullmatch(words)
        case Shape.RANK:
            found = _RANK.fullmatch(words if words.startswith("r") else f"r{words}")
        case Shape.VALUE:
            words = words.replace(",", ".")
            found = _VALUE.fullmatch(words)
    if found is None:
        raise BadInput("figure_unreadable", text=text)
    if shape is Shape.VALUE:
        return Figure(shape=shape, value=Decimal(words))
    if shape is Shape.RANK:
        return _rank(*(int(one) if one else None for one in found.groups()))
    parts = tuple(int(one) for one in found[1].split("+"))
    if sum(parts) > int(found[2]):
        raise BadInput("figure_parts", parts=sum(parts), whole=int(found[2]))
    return Figure(shape=shape, parts=parts, whole=int(found[2]))


def _rank(place: int | None, whole: int | None, previous: int | None) -> Figure:
    if not place or (whole is not None and place > whole) or previous == 0:
        raise BadInput("figure_rank")
    return Figure(shape=Shape.RANK, parts=(place,), whole=whole, previous=previous)


_LETTER = {Kind.MONTH: "m", Kind.QUARTER: "q", Kind.HALF: "h", Kind.YEAR: "y", Kind.SPAN: "s"}


def as_fact(indicator: int, kind: Kind, figure: str) -> str:
    """The value of its fact: `12:q:3350/3351`."""
    return f"{indicator}:{_LETTER[kind]}:{figure}"


def of_fact(value: str) -> tuple[int, str]:
    """(indicator, figure) of a fact's value."""
    key, _letter, figure = value.split(":", 2)
    return int(key), figure


def host_of(link: str) -> str | None:
    """Where a source's link leads: "" within this system, else the host. None for what is no such link: browsers
    take `//host` and backslashes as leading elsewhere."""
    if "\\" in link or not link.isprintable():
        return None
    if link.startswith("/"):
        return None if link.startswith("//") else ""
    if not link.startswith(("https://", "http://")):
        return None
    try:
        return urlsplit(link).hostname or None
    except ValueError:
        return None


def shape_of(figure: str) -> Shape:
    """What a kept text is."""
    if figure.startswith("r"):
        return Shape.RANK
    if "/" not in figure:
        return Shape.VALUE
    return Shape.PARTS if "+" in figure else Shape.SHARE


def met(amount: Decimal | None, goal: Decimal | None, better: Better) -> bool | None:
    """Whether a target is met: at least the goal, or at most where less is better. None where there is nothing to
    compare, or no way is better."""
    if amount is None or goal is None or better is Better.NEITHER:
        return None
    return amount >= goal if better is Better.HIGHER else amount <= goal
