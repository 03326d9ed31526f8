"""The moment a path is judged at, and for which other moments the same answer would come out.

Every comparison of a date with the moment goes through `Clock`, which narrows an interval with each. The answer
holds wherever all comparisons end the same way: that interval is what the cache of answers keeps.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

EARLIEST, LATEST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
_TICK = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Moment:
    """`best`: the earliest time the signature is known to exist; `proven` unless that is merely `at`.
    `claimed`: what the signer says; it may count against the signature, never for it."""

    at: datetime
    best: datetime
    proven: bool
    claimed: datetime | None = None


Bounds = tuple[tuple[datetime, datetime], ...]
"""For at, best and claimed: from (inclusive) until (exclusive)."""


def shifted(when: datetime, by: timedelta) -> datetime:
    """`when + by`, held inside what a datetime can say."""
    try:
        return when + by
    except OverflowError:
        return LATEST if by > timedelta(0) else EARLIEST


class Clock:
    """Answers "has it become `when`?" about each of the three times and remembers what was asked."""

    __slots__ = ("_high", "_low", "_values", "moment")

    AT, BEST, CLAIMED = 0, 1, 2

    def __init__(self, moment: Moment) -> None:
        self.moment = moment
        self._values = (moment.at, moment.best, moment.claimed or LATEST)
        self._low = [EARLIEST, EARLIEST, EARLIEST]
        self._high = [LATEST, LATEST, LATEST]

    def reached(self, which: int, when: datetime) -> bool:
        """At or after `when`."""
        if self._values[which] >= when:
            if when > self._low[which]:
                self._low[which] = when
            return True
        if when < self._high[which]:
            self._high[which] = when
        return False

    def passed(self, which: int, when: datetime) -> bool:
        """After `when`."""
        return self.reached(which, shifted(when, _TICK))

    @property
    def has_claim(self) -> bool:
        return self.moment.claimed is not None

    @property
    def signed(self) -> int | None:
        """Which time stands for the act of signing: the proven one, else the claimed one, else none."""
        if self.moment.proven:
            return self.BEST
        return self.CLAIMED if self.has_claim else None

    @property
    def bounds(self) -> Bounds:
        return tuple(zip(self._low, self._high, strict=True))


def holds(bounds: Bounds, moment: Moment) -> bool:
    """Whether an answer with these bounds is also the answer for `moment`."""
    (at_low, at_high), (best_low, best_high), (claim_low, claim_high) = bounds
    claimed = moment.claimed
    return (
        at_low <= moment.at < at_high
        and best_low <= moment.best < best_high
        and (claimed is None or claim_low <= claimed < claim_high)
    )
