"""Small pictures of figures: numbers for inline SVG, which the templates draw with classes and no styles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from workflow.domain.backlog import Age
from workflow.domain.rates import SignRate

WIDTH = 100
HEIGHT = 20
STROKE = 2
"""Half the length of a month that stands alone."""
PARTS = ("signed", "ink", "indeterminate", "incomplete", "failed")
"""The order in the bar; each is a class of the style sheet."""


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a bar, in percent of its length."""

    name: str
    left: float
    width: float


def bar(rate: SignRate) -> list[Part]:
    """The documents that count, by outcome; empty where nothing counts."""
    parts: list[Part] = []
    left = 0.0
    for name in PARTS:
        width = WIDTH * getattr(rate, name) / rate.denominator if rate.denominator else 0
        if width:
            parts.append(Part(name, round(left, 2), round(width, 2)))
        left += width
    return parts


def ages(line: Mapping[str, Any], most: int) -> list[Part]:
    """What waits for one signer, by time waited, beside the one with most; each age is a class of the styles."""
    parts: list[Part] = []
    left = 0.0
    for age in Age:
        width = WIDTH * line["ages"][str(age)] / most if most else 0
        if width:
            parts.append(Part(str(age), round(left, 2), round(width, 2)))
        left += width
    return parts


def length(number: int, most: int) -> float:
    """The length of a plain bar beside the longest."""
    return round(WIDTH * number / most, 2) if most else 0


Point = tuple[float, float]


def trend(rates: Sequence[SignRate]) -> list[list[Point]]:
    """Pieces of a line, a point for each month in which anything counted: left to right, 0 % at the bottom. A month
    without figures breaks the line; a month between two such ones is a short stroke.
    """
    step = WIDTH / max(len(rates) - 1, 1)
    pieces: list[list[Point]] = [[]]
    for place, rate in enumerate(rates):
        if rate.denominator:
            height = round(HEIGHT - 2 - (HEIGHT - 4) * rate.numerator / rate.denominator, 1)
            pieces[-1].append((round(place * step, 1), height))
        elif pieces[-1]:
            pieces.append([])
    return [piece if len(piece) > 1 else _stroke(piece[0]) for piece in pieces if piece]


def _stroke(point: Point) -> list[Point]:
    x, y = point
    return [(max(x - STROKE, 0), y), (min(x + STROKE, WIDTH), y)]
