"""Which documents lie on which desk of the demo's offices, how they came there, and what else happened to them."""

from __future__ import annotations

import random
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from workflow.demo.outside_files import Look
from workflow.demo.province import Agency


class Stage(StrEnum):
    """How far a document has come; the order is the road."""

    ARRIVED = "arrived"
    RETURNED = "returned"
    REGISTERED = "registered"
    OFFERED = "offered"
    """With the chief of office, who proposes a direction."""
    SUBMITTED = "submitted"
    PASSED = "passed"
    PROPOSED = "proposed"
    DIRECTED = "directed"
    ASSIGNED = "assigned"
    WORKING = "working"
    ANSWERED = "answered"
    """Under work until this morning, when the reply to it was issued."""
    DONE = "done"
    FILED = "filed"
    CLOSED = "closed"


class Turn(StrEnum):
    """What happened on the way besides."""

    NONE = ""
    PAUSED = "paused"
    ASKED = "asked"
    """An extension was asked for and waits for its decision."""
    GRANTED = "granted"
    REFUSED = "refused"
    URGED = "urged"
    OWED = "owed"
    """Late; an explanation was demanded and is owed."""
    EXPLAINED = "explained"
    """Late; the explanation waits for the leader."""
    ACCEPTED = "accepted"
    SENT_BACK = "sent_back"
    LAST_HOUR = "last_hour"
    """Closed without a reply an hour before it was due."""
    TOO_LATE = "too_late"
    """Late, and only then more time was asked for and granted."""


LATE = frozenset({Turn.OWED, Turn.EXPLAINED, Turn.ACCEPTED, Turn.SENT_BACK})


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """One document to be: how many working days ago it came, how far it got, its term in working days (0: none)."""

    ago: int
    stage: Stage
    days: int = 0
    took: int = 3
    """Working days until it was done."""
    citizen: bool = False
    turn: Turn = Turn.NONE
    look: Look = Look.PLAIN
    lay: int = 0
    """Working days that it lay before the clerk registered it."""


def _several(count: int, stage: Stage, *, first: int, step: int = 1, **named: Any) -> tuple[Arrival, ...]:
    return tuple(Arrival(ago=first + step * n, stage=stage, **named) for n in range(count))


def _waiting(*looks: Look) -> tuple[Arrival, ...]:
    return tuple(Arrival(ago=0, stage=Stage.ARRIVED, look=look) for look in looks)


LATE_ONES: tuple[Arrival, ...] = (
    Arrival(ago=6, stage=Stage.WORKING, days=5, turn=Turn.OWED),
    Arrival(ago=9, stage=Stage.WORKING, days=5, turn=Turn.EXPLAINED),
    Arrival(ago=10, stage=Stage.WORKING, days=5, turn=Turn.SENT_BACK),
    Arrival(ago=5, stage=Stage.DIRECTED, days=4, turn=Turn.OWED),
)
RUNNING: tuple[Arrival, ...] = (
    Arrival(ago=4, stage=Stage.WORKING, days=6, turn=Turn.ASKED),
    Arrival(ago=11, stage=Stage.WORKING, days=9, turn=Turn.GRANTED),
    Arrival(ago=5, stage=Stage.WORKING, days=8, turn=Turn.PAUSED),
    Arrival(ago=6, stage=Stage.WORKING, days=8, turn=Turn.URGED),
)
"""A clock for each way in which a clock can run."""

TOUR: tuple[Arrival, ...] = (
    *_waiting(Look.PLAIN, Look.SIGNED, Look.SCANNED, Look.STRANGE, Look.PLAIN, Look.SCANNED, Look.ALTERED),
    *_several(2, Stage.REGISTERED, first=1, step=0),
    *_several(2, Stage.OFFERED, first=1, step=0),
    *_several(2, Stage.SUBMITTED, first=1, step=0),
    Arrival(ago=1, stage=Stage.PASSED),
    *_several(3, Stage.PROPOSED, first=1, step=0, days=7),
    *_several(2, Stage.DIRECTED, first=2, days=10),
    *_several(2, Stage.ASSIGNED, first=2, days=5),
    *_several(4, Stage.WORKING, first=4, days=10),
    *LATE_ONES,
    *RUNNING,
    Arrival(ago=5, stage=Stage.WORKING, days=7, turn=Turn.REFUSED),
    Arrival(ago=12, stage=Stage.WORKING, days=5, citizen=True, turn=Turn.ACCEPTED),
    Arrival(ago=7, stage=Stage.ANSWERED, days=10),
    *_several(4, Stage.WORKING, first=6, step=3),
    *_several(8, Stage.DONE, first=12, step=4, days=8, took=5),
    *_several(3, Stage.DONE, first=15, step=9, days=5, took=8, turn=Turn.ACCEPTED),
    *_several(4, Stage.FILED, first=30, step=5, days=10, took=4),
    *_several(8, Stage.CLOSED, first=5, step=4, took=0),
    Arrival(ago=3, stage=Stage.RETURNED),
)
"""Most have no date, as in life."""

SMALLER: tuple[Arrival, ...] = (
    *_waiting(Look.PLAIN, Look.SIGNED),
    Arrival(ago=1, stage=Stage.REGISTERED),
    Arrival(ago=1, stage=Stage.OFFERED),
    Arrival(ago=1, stage=Stage.SUBMITTED),
    Arrival(ago=1, stage=Stage.PASSED),
    Arrival(ago=1, stage=Stage.PROPOSED, days=7),
    Arrival(ago=2, stage=Stage.DIRECTED, days=10),
    Arrival(ago=2, stage=Stage.ASSIGNED, days=5),
    *LATE_ONES,
    *RUNNING,
    *_several(2, Stage.DONE, first=12, step=6, days=8, took=5),
    *_several(3, Stage.CLOSED, first=5, step=6, took=0),
)
"""Two more offices in which everybody finds something of each kind."""

ELSEWHERE: tuple[Arrival, ...] = (
    *_waiting(Look.PLAIN),
    Arrival(ago=1, stage=Stage.PROPOSED, days=7),
    Arrival(ago=2, stage=Stage.ASSIGNED, days=10),
    Arrival(ago=6, stage=Stage.CLOSED, took=0),
)

DEADLINES: tuple[Arrival, ...] = (
    *_several(4, Stage.CLOSED, first=12, step=2, days=5, citizen=True, turn=Turn.LAST_HOUR),
    *_several(3, Stage.WORKING, first=9, days=5, citizen=True, turn=Turn.TOO_LATE),
)
"""What the second office to be looked at does: never late in the figures."""

CARELESS: tuple[Arrival, ...] = _several(4, Stage.CLOSED, first=14, step=6, took=0, citizen=True, lay=4)
"""The third: what comes lies for days before it has a number."""

FULL = frozenset({"lamha", "stc"})


def plans_of(agency: Agency) -> tuple[Arrival, ...]:
    """What comes to an agency from outside the installation."""
    if agency.story == "tour":
        return TOUR
    if agency.story in {"deadlines", "careless"}:
        return (*ELSEWHERE, *(DEADLINES if agency.story == "deadlines" else CARELESS))
    return SMALLER if agency.key in FULL else ELSEWHERE


def fate_of(agency: Agency, chance: random.Random, *, ago: int, nth: int) -> Arrival:
    """What becomes of the `nth` document that another agency of the installation sent `ago` working days ago."""
    if nth == 0 and agency.key in FULL:
        return Arrival(ago=ago, stage=Stage.RETURNED)
    if nth < 2 and ago > 2 and agency.story == "tour":
        return Arrival(ago=ago, stage=Stage.ANSWERED, days=ago + 3)
    if ago > 12:
        stage = chance.choice((Stage.DONE, Stage.FILED, Stage.CLOSED))
        return Arrival(ago=ago, stage=stage, days=0 if stage is Stage.CLOSED else 8, took=4)
    if ago > 4:
        stage = chance.choice((Stage.WORKING, Stage.WORKING, Stage.CLOSED))
        return Arrival(ago=ago, stage=stage, days=0 if stage is Stage.CLOSED else ago + 5)
    stage = chance.choice((Stage.PROPOSED, Stage.DIRECTED, Stage.ASSIGNED, Stage.REGISTERED))
    return Arrival(ago=ago, stage=stage, days=7)
