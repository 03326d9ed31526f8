"""A rate month by month: a line over percent, whole or small enough for a cell of a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

WIDTH, HEIGHT = 360, 150
LEFT, RIGHT, TOP, BOTTOM = 40, 14, 12, 26
"""Margins for words."""
SMALL_WIDTH, SMALL_HEIGHT, SMALL_EDGE = 120, 28, 4


@dataclass(frozen=True, slots=True)
class Month:
    """A month of a line: its short name, the rate (None breaks the line), whether it still runs."""

    name: str
    percent: Decimal | None
    running: bool = False


@dataclass(frozen=True, slots=True)
class Dot:
    """A month's place; `hollow` while it runs."""

    x: float
    y: float
    hollow: bool


@dataclass(frozen=True, slots=True)
class Tick:
    """A word beside an axis."""

    at: float
    text: str


@dataclass(frozen=True, slots=True)
class Chart:
    """What is drawn. `pieces`: runs of months that are known, as `x,y x,y`."""

    width: int
    height: int
    pieces: tuple[str, ...]
    dots: tuple[Dot, ...]
    names: tuple[Tick, ...]
    levels: tuple[Tick, ...]
    left: float
    right: float
    target: float | None = None


def line(months: Sequence[Month], *, target: Decimal | None = None) -> Chart:
    """The whole chart, from 0 to 100 percent; the first, the middle and the last month are named."""
    right, bottom = WIDTH - RIGHT, HEIGHT - BOTTOM
    dots = _dots(months, left=LEFT, right=right, top=TOP, bottom=bottom)
    named = sorted({0, len(months) // 2, len(months) - 1}) if months else []
    step = _step(months, LEFT, right)
    return Chart(
        WIDTH, HEIGHT, _pieces(dots), tuple(dot for dot in dots if dot),
        tuple(Tick(round(LEFT + place * step, 1), months[place].name) for place in named),
        tuple(Tick(_height(Decimal(level), TOP, bottom), f"{level}") for level in (0, 50, 100)), LEFT, right,
        None if target is None else _height(target, TOP, bottom),
    )  # fmt: skip


def small(months: Sequence[Month]) -> Chart:
    """The same without words, for a cell; empty where fewer than two months are known."""
    right, bottom = SMALL_WIDTH - SMALL_EDGE, SMALL_HEIGHT - SMALL_EDGE
    dots = _dots(months, left=SMALL_EDGE, right=right, top=SMALL_EDGE, bottom=bottom)
    shown = tuple(dot for dot in dots if dot)
    return Chart(
        SMALL_WIDTH, SMALL_HEIGHT, _pieces(dots), shown if len(shown) > 1 else (), (), (), SMALL_EDGE, right
    )


def _step(months: Sequence[Month], left: float, right: float) -> float:
    return (right - left) / max(len(months) - 1, 1)


def _dots(months: Sequence[Month], *, left: float, right: float, top: float, bottom: float) -> list[Dot | None]:
    step = _step(months, left, right)
    return [
        None
        if one.percent is None
        else Dot(round(left + place * step, 1), _height(one.percent, top, bottom), one.running)
        for place, one in enumerate(months)
    ]


def _height(percent: Decimal, top: float, bottom: float) -> float:
    """Above a hundred percent a point stays on the upper edge; its number stands in the table."""
    return round(bottom - min(float(percent), 100.0) / 100 * (bottom - top), 1)


def _pieces(dots: Sequence[Dot | None]) -> tuple[str, ...]:
    """A month that is not known breaks the line; one alone is only a dot."""
    runs: list[list[Dot]] = [[]]
    for dot in dots:
        if dot is None:
            runs.append([])
        else:
            runs[-1].append(dot)
    return tuple(" ".join(f"{dot.x},{dot.y}" for dot in run) for run in runs if len(run) > 1)
