"""Elapsed office time split by who had a document: clerk, office, leader, unit head, specialist, another office.

Every line of a history ends a piece of time and says who had the document in it; whoever has it now has the last
piece. Pieces are cut at moments and measured by one calendar, so that they add up to the whole, to the microsecond.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from workflow.domain.calendar import WorkingCalendar
from workflow.domain.incoming import Holder

ZERO = dt.timedelta(0)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of history: when it was written and who had the document since the line before (None: nobody)."""

    at: dt.datetime
    held_by: Holder | None
    person_id: int | None = None
    unit_id: int | None = None


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of time in which one holder had it."""

    began: dt.datetime
    ended: dt.datetime
    held_by: Holder
    person_id: int | None
    unit_id: int | None
    time: dt.timedelta


@dataclass(frozen=True, slots=True)
class Split:
    """Office time by holder; those with none are left out."""

    by: Mapping[Holder, dt.timedelta] = field(default_factory=dict)

    @property
    def total(self) -> dt.timedelta:
        """All of it."""
        return sum(self.by.values(), ZERO)

    def shares(self) -> tuple[tuple[Holder, dt.timedelta, float], ...]:
        """(holder, time, share of the whole from 0 to 100) in the order of the road."""
        whole = self.total
        return tuple(
            (holder, self.by[holder], 100 * (self.by[holder] / whole)) for holder in Holder if self.by.get(holder)
        )


def pieces(lines: Sequence[Line], calendar: WorkingCalendar, *, now: Line | None = None) -> tuple[Piece, ...]:
    """The stretches between the lines of one history, oldest first, and with `now` the one that is still open.

    The first line is the arrival: nobody had it before.
    """
    ended = [*lines[1:], *([now] if now is not None else [])]
    found = []
    for before, line in zip(lines, ended, strict=False):
        if line.held_by is not None:
            time = calendar.working_time_between(before.at, line.at) if line.at > before.at else ZERO
            found.append(Piece(before.at, line.at, line.held_by, line.person_id, line.unit_id, time))
    return tuple(found)


def split(found: Iterable[Piece]) -> Split:
    """Stretches added up by holder."""
    by: dict[Holder, dt.timedelta] = {}
    for piece in found:
        if piece.time:
            by[piece.held_by] = by.get(piece.held_by, ZERO) + piece.time
    return Split(by)


def held_at(found: Sequence[Piece], moment: dt.datetime) -> Piece | None:
    """Who had it at a moment; the one before where it lies on a border."""
    return next((piece for piece in found if piece.began < moment <= piece.ended), None)
