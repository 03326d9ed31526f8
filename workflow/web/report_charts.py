"""Small pictures of figures: numbers for inline SVG, which the templates draw with classes and no styles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from workflow.domain.rates import SignRate

WIDTH = 100
HEIGHT = 20
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


def trend(rates: Sequence[SignRate]) -> list[tuple[float, float]]:
    """Points of a line, one a month in which anything counted: left to right, 0 % at the bottom."""
    step = WIDTH / max(len(rates) - 1, 1)
    return [
        (round(place * step, 1), round(HEIGHT - 2 - (HEIGHT - 4) * rate.numerator / rate.denominator, 1))
        for place, rate in enumerate(rates)
        if rate.denominator
    ]
