"""Many at once: which acts can be done to many documents in one run, and to which documents of a list they fit.

A run is a loop of single acts (`docs/decisions/28-bulk-acts.md`); the state tables stay the only law, so that
nothing is possible here that is not possible one by one.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from workflow.domain import incoming, outgoing
from workflow.domain.people import Role
from workflow.domain.steps import Step


class Act(StrEnum):
    """What a run does to each of its documents."""

    APPROVE = "approve"
    CONFIRM_FORMAT = "confirm_format"
    NUMBER = "number"
    NUMBER_AND_SEAL = "number_and_seal"
    ISSUE = "issue"
    SUBMIT = "submit"
    """The clerk lays incoming documents before the chief of office or one leader."""
    CLOSE = "close"
    """*Kết thúc (lưu, không phải trả lời)*."""
    DIRECT = "direct"
    """A leader directs incoming documents to one lead unit."""
    ASSIGN = "assign"
    """The head of the lead unit names one person for all of them."""
    SPREAD = "spread"
    """Each row of a table makes a document of one approved draft; not offered in a list."""


class RunState(StrEnum):
    """A run goes on until no document waits."""

    RUNNING = "running"
    DONE = "done"


class ItemState(StrEnum):
    """What came of one document. `waiting`: its turn has not come."""

    WAITING = "waiting"
    DONE = "done"
    REFUSED = "refused"


class Direction(StrEnum):
    """Which of the two lists the documents stand in."""

    OUT = "out"
    IN = "in"


@dataclass(frozen=True, slots=True)
class Kind:
    """`most`: documents of one run. `step`: of one request, so that nobody waits long for the page."""

    direction: Direction
    action: outgoing.Action | incoming.Action
    most: int
    step: int


OF_A_ROW = frozenset({incoming.ASKED, incoming.LEAD_UNIT, incoming.HANDLER})
"""Facts that a row of the list of incoming documents tells."""

MOST = 200
"""Documents of one run; whoever has more starts a second one and sees the first one's results before."""
KEPT = dt.timedelta(days=180)
"""A run and its results are listed so long, also one that nobody ended; what it did stays in each document."""
SIGNED_AT_ONCE = 100
"""The key signs so many in one act (`web.preflight.AT_MOST`), so no more are numbered for it."""

KINDS: dict[Act, Kind] = {
    Act.APPROVE: Kind(Direction.OUT, outgoing.Action.APPROVE, MOST, 20),
    Act.CONFIRM_FORMAT: Kind(Direction.OUT, outgoing.Action.CONFIRM_FORMAT, MOST, 5),
    Act.NUMBER: Kind(Direction.OUT, outgoing.Action.NUMBER, MOST, 20),
    Act.NUMBER_AND_SEAL: Kind(Direction.OUT, outgoing.Action.NUMBER, SIGNED_AT_ONCE, 5),
    Act.ISSUE: Kind(Direction.OUT, outgoing.Action.ISSUE, MOST, 5),
    Act.SUBMIT: Kind(Direction.IN, incoming.Action.SUBMIT, MOST, 20),
    Act.DIRECT: Kind(Direction.IN, incoming.Action.DIRECT, MOST, 20),
    Act.ASSIGN: Kind(Direction.IN, incoming.Action.ASSIGN, MOST, 20),
    Act.CLOSE: Kind(Direction.IN, incoming.Action.CLOSE, MOST, 20),
    Act.SPREAD: Kind(Direction.OUT, outgoing.Action.CONFIRM_FORMAT, SIGNED_AT_ONCE, 3),
}


def fitting_states(act: Act, role: Role) -> tuple[str, ...]:
    """The states from which this role may do it, as far as a row of a list tells; empty: never."""
    states = [str(step.source) for step in _steps(act, role)]
    if act is Act.NUMBER_AND_SEAL and states:  # numbered before, it goes on to the seal
        states.append(str(outgoing.State.NUMBERED))
    return tuple(dict.fromkeys(states))


def _steps(act: Act, role: Role) -> list[Step[Any, Any]]:
    """What takes a reason (another direction, work taken from its handler) takes it for each document by itself."""
    kind = KINDS[act]
    steps: tuple[Step[Any, Any], ...] = outgoing.STEPS if kind.direction is Direction.OUT else incoming.STEPS
    fitting = (step for step in steps if step.role == role and step.action == kind.action and not step.reason)
    # who stands in for somebody looks at one paper after the other
    return [step for step in fitting if outgoing.STANDING_IN.isdisjoint(step.needs)]


def needs_of(act: Act, role: Role) -> frozenset[str]:
    """What else has to be true of an incoming document: that this person was asked, handles it, heads its lead
    unit. The steps of one role to one act all need the same."""
    return frozenset(name for step in _steps(act, role) for name in step.needs) & OF_A_ROW


def acts_for(role: Role, direction: Direction) -> tuple[Act, ...]:
    """What a role can do to many documents of a list."""
    offered = (act for act, kind in KINDS.items() if kind.direction is direction and act is not Act.SPREAD)
    return tuple(act for act in offered if fitting_states(act, role))
