"""Who is told that something lies past its due moment: holder, head of the holder's unit, leader of the office.

Each level has its hours of office time past the due moment, and is told once for each (paper, step, due moment).
The levels keep at least half of their distance: after days without a scheduler, or on the day the rule is switched
on, the head is not told in the same minute as the holder. An explanation that is owed is chased by the same rule,
with a reminder before its time is up.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

from workflow.domain.calendar import HOURS_PER_DAY, WorkingCalendar
from workflow.domain.errors import BadInput

ZERO = dt.timedelta(0)
LEAST, MOST = 1, 80
"""Hours that an agency may set: up to two working weeks."""
EARLY = HOURS_PER_DAY // 2
"""Who owes an explanation is reminded in the last half working day before it is due."""


class Level(StrEnum):
    """Who is told, in order."""

    EARLY = "early"
    """Who owes an explanation, while there is still time."""
    HOLDER = "holder"
    HEAD = "head"
    LEADER = "leader"


LEVELS = tuple(Level)


class Silence(StrEnum):
    """Why nobody was told at a level; it counts as told, so that the next one keeps its distance."""

    VACANT = "vacant"
    """Nobody holds the post, nor one above it."""
    SAME = "same"
    """Whoever would be told has the paper, or was told at a level before."""
    UNREAD = "unread"
    """Whoever would be told may not read the paper."""


class Kind(StrEnum):
    """What lies past its due moment."""

    OUTGOING = "outgoing"
    INCOMING = "incoming"
    PART = "part"
    """A coordinating part of an incoming document."""
    EXPLANATION = "explanation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ladder:
    """Hours of office time past the due moment, by level; None: this level is not told. Negative: before it."""

    holder: int | None
    head: int | None
    leader: int | None
    early: int | None = None

    def steps(self) -> tuple[tuple[Level, dt.timedelta], ...]:
        """The levels that are told, in order."""
        given = ((level, getattr(self, level)) for level in LEVELS)
        return tuple((level, dt.timedelta(hours=hours)) for level, hours in given if hours is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ladders:
    """What an agency has settled. Explanations cannot be kept quiet: their levels have hours, never None."""

    normal: Ladder = Ladder(holder=4, head=8, leader=16)
    urgent: Ladder = Ladder(holder=1, head=2, leader=4)
    explanation: Ladder = Ladder(early=-EARLY, holder=0, head=8, leader=16)

    def of(self, kind: Kind, *, urgent: bool) -> Ladder:
        """The one that holds for something."""
        if kind is Kind.EXPLANATION:
            return self.explanation
        return self.urgent if urgent else self.normal


USUAL = Ladders()
_DOCUMENT = (Level.HOLDER, Level.HEAD, Level.LEADER)
SETTABLE: tuple[tuple[str, Level], ...] = (
    *(("normal", level) for level in _DOCUMENT),
    *(("urgent", level) for level in _DOCUMENT),
    ("explanation", Level.HEAD),
    ("explanation", Level.LEADER),
)
"""(ladder, level) that an agency sets."""


def ladders_of(value: Mapping[str, Any] | None) -> Ladders:
    """What a stored setting says; the usual ones where there is none."""
    if value is None:
        return USUAL
    made = {}
    for one in fields(Ladders):
        usual = getattr(USUAL, one.name)
        own = {level: value[one.name][level] for name, level in SETTABLE if name == one.name}
        made[one.name] = Ladder(
            **{"holder": usual.holder, "early": usual.early} | {str(k): v for k, v in own.items()}
        )
    return Ladders(**made)


def facts(ladders: Ladders) -> dict[str, dict[str, int | None]]:
    """As a setting and the journal keep them."""
    found: dict[str, dict[str, int | None]] = {}
    for name, level in SETTABLE:
        found.setdefault(name, {})[str(level)] = getattr(getattr(ladders, name), level)
    return found


def mark(ladders: Ladders) -> str:
    """A text that differs wherever what an agency has settled does."""
    return ",".join(str(getattr(getattr(ladders, name), level)) for name, level in SETTABLE)


def check(ladders: Ladders) -> None:
    """Raises `BadInput`: `escalation_hours` (out of range), `escalation_needed` (an explanation without),
    `escalation_order` (a level not after the one before it), each with `ladder` and `level`."""
    for name, level in SETTABLE:
        hours = getattr(getattr(ladders, name), level)
        where = {"ladder": name, "level": str(level)}
        if hours is None and name == "explanation":
            raise BadInput("escalation_needed", **where)
        if hours is not None and not LEAST <= hours <= MOST:
            raise BadInput("escalation_hours", least=LEAST, most=MOST, **where)
        below = [time for one, time in getattr(ladders, name).steps() if LEVELS.index(one) < LEVELS.index(level)]
        if hours is not None and below and dt.timedelta(hours=hours) <= max(below):
            raise BadInput("escalation_order", **where)


def next_level(
    ladder: Ladder, told: Mapping[Level, dt.datetime], calendar: WorkingCalendar, *, due: dt.datetime,
    since: dt.datetime, now: dt.datetime,
) -> Level | None:  # fmt: skip
    """The level that is to be told now, None where none is. `told`: the levels told of this due moment, and when.

    `since`: when it came to this step; of what came there overdue the hours count from then on. A level at or
    below one that was told is not told any more, whatever is switched on meanwhile. Out of office hours nobody is
    told.
    """
    if not calendar.is_open(now):
        return None
    done = max((LEVELS.index(level) for level in told), default=-1)
    before: dt.timedelta | None = None
    for level, hours in ladder.steps():
        if LEVELS.index(level) > done and not (level is Level.EARLY and now > due):
            reached = now > due or level is Level.EARLY
            passed = reached and calendar.working_time_between(max(due, since), now) >= hours
            gap = ZERO if before is None else (hours - before) / 2
            waited = not told or calendar.working_time_between(max(told.values()), now) >= gap
            return level if passed and waited else None
        before = hours if level is not Level.EARLY else None
    return None
