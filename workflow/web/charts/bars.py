"""Bars: how long a share is, and a whole cut into its parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

WIDTH = 600
READABLE = 56
"""A part narrower than this has its number in the table only."""


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a bar: its class, place, length and number. `worded`: the number fits inside."""

    name: str
    x: float
    width: float
    number: int

    @property
    def middle(self) -> float:
        """Where its number stands."""
        return round(self.x + self.width / 2, 1)

    @property
    def worded(self) -> bool:
        """Whether its number fits inside."""
        return self.width >= READABLE


def stacked(numbers: Mapping[str, int], names: Sequence[str]) -> tuple[Part, ...]:
    """A whole cut into parts, in this order; parts that are nothing are not drawn."""
    whole = sum(numbers[name] for name in names)
    parts: list[Part] = []
    x = 0.0
    for name in names:
        width = WIDTH * numbers[name] / whole if whole else 0.0
        if width:
            parts.append(Part(name, round(x, 2), round(width, 2), numbers[name]))
        x += width
    return tuple(parts)


def length(part: int, whole: int) -> float:
    """A share in percent of the bar; more than the whole fills it, the number beside it says how much."""
    return min(round(100 * part / whole, 2), 100.0) if whole else 0.0
