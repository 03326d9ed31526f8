"""Ratios from interleaved runs: every round runs every side once, in an order that turns from round to round.

On a shared machine absolute times wander by half; two sides of one round share their weather. A ratio is the
median over rounds of one side's figure divided by the other's.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bench.machine import describe

Goal = tuple[str, float]
"""`("<=", 8)` or `(">=", 2)`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What a benchmark hands back. `facts` stand in the output as they are (rows, bytes)."""

    figures: Mapping[str, list[float]]
    ratios: Mapping[str, tuple[str, str]]
    goals: Mapping[str, Goal]
    facts: Mapping[str, Any] = field(default_factory=dict)
    broken: tuple[str, ...] = ()
    """Why the figures count for nothing, e.g. fewer rows than promised."""


def interleave(sides: Mapping[str, Callable[[], float]], runs: int, *, warm: int = 1) -> dict[str, list[float]]:
    """Run every side once a round; the first `warm` rounds are thrown away."""
    order = list(sides)
    figures: dict[str, list[float]] = {name: [] for name in order}
    for number in range(-warm, runs):
        turned = order[number % len(order) :] + order[: number % len(order)]
        for name in turned:
            figure = sides[name]()
            if number >= 0:
                figures[name].append(figure)
    return figures


def result(name: str, measured: Measured, *, runs: int) -> dict[str, Any]:
    """The JSON object of the contract."""
    pairs = {
        ratio: [a / b for a, b in zip(measured.figures[over], measured.figures[under], strict=True)]
        for ratio, (over, under) in measured.ratios.items()
    }
    return {
        "name": name,
        "ratios": {ratio: round(statistics.median(values), 3) for ratio, values in pairs.items()},
        "goals": {ratio: list(goal) for ratio, goal in measured.goals.items()},
        "medians": {side: round(statistics.median(values), 9) for side, values in measured.figures.items()},
        "spread": {ratio: [round(min(values), 3), round(max(values), 3)] for ratio, values in pairs.items()},
        "facts": dict(measured.facts),
        "broken": list(measured.broken),
        "runs": runs,
        "machine": describe(),
    }


def missed(measured: Mapping[str, Any]) -> list[str]:
    """In words; a goal without its ratio is missed too."""
    failures = list(measured["broken"])
    for ratio, (sign, number) in measured["goals"].items():
        value = measured["ratios"].get(ratio)
        met = value is not None and (value <= number if sign == "<=" else value >= number)
        if not met:
            failures.append(f"{ratio} is {value}, the goal is {sign} {number}")
    return failures


def table(measured: Mapping[str, Any], about: str) -> str:
    """For a person."""
    lines = [about.strip().splitlines()[0] if about.strip() else measured["name"], ""]
    for ratio, value in measured["ratios"].items():
        low, high = measured["spread"][ratio]
        sign, number = measured["goals"].get(ratio, ("", ""))
        lines.append(f"  {ratio:<32} {value:>9.3f}   {low:.3f} … {high:.3f}   goal {sign} {number}")
    lines += [f"  {side:<32} {value:>12.6g}   median" for side, value in measured["medians"].items()]
    lines += [f"  {name:<32} {value}" for name, value in measured["facts"].items()]
    return "\n".join(lines) + "\n"
