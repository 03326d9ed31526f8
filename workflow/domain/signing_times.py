"""How long documents waited for a signature: median and 90th percentile of working minutes, by nearest rank."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from workflow.domain.indicators import Population, Tally


@dataclass(frozen=True, slots=True)
class Waited:
    """Working minutes until a signature: how many signatures, the median and the 90th percentile. Both by nearest
    rank: a time that really occurred, in whole minutes, nothing is interpolated."""

    number: int = 0
    median: int | None = None
    p90: int | None = None


def waited(rows: Tally, *, unit: int | None = None, person: int | None = None) -> Waited:
    """Time to sign over these rows, of one unit or one signer."""
    return waited_of(
        (int(value), number)
        for (one, who, population, value), number in rows.items()
        if population is Population.TIMED and (unit is None or one == unit) and (person is None or who == person)
    )


def waited_of(times: Iterable[tuple[int, int]]) -> Waited:
    """Time to sign of (minutes, how many signatures took so long)."""
    ordered = sorted(times)
    whole = sum(number for _minutes, number in ordered)
    return Waited(whole, _ranked(ordered, whole, 50), _ranked(ordered, whole, 90)) if whole else Waited()


def _ranked(times: list[tuple[int, int]], whole: int, percentile: int) -> int:
    """As `rates.quantile`, over times with how often each occurred."""
    rank, passed = -(-percentile * whole // 100), 0
    for minutes, number in times:
        passed += number
        if passed >= rank:
            return minutes
    return times[-1][0]


def hours(minutes: int) -> Decimal:
    """Working hours with one decimal, half up: 93 minutes are 1.6."""
    return Decimal((2 * minutes * 10 + 60) // 120).scaleb(-1)
