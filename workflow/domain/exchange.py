"""What becomes of a document at the agency it was sent to, as the sender is told: the status codes and their order.

The codes are those of the national exchange (QCVN 102:2016/BTTTT as amended in 2022, list StatusCode), so that an
agency behind a gateway can be told the same as one of this installation. Arrival is acknowledged at once, refusal
only with its reason (Decree 30/2020, Art. 21.2), a finished document by itself.
"""

from __future__ import annotations

from enum import StrEnum

from workflow.domain.incoming import Action, State
from workflow.domain.people import Role

REASON_LENGTH = 1000
"""Longest reason that the exchange carries; a longer one is refused, never cut."""


class Status(StrEnum):
    """What the receiving agency, or for 13 the sending one, said last."""

    ARRIVED = "01"
    DECLINED = "02"
    REGISTERED = "03"
    AWAITING_ASSIGNMENT = "04"
    ASSIGNED = "05"
    DONE = "06"
    RECALL_ASKED = "13"
    RECALL_AGREED = "15"
    RECALL_REFUSED = "16"


_WORK = (
    Status.DECLINED, Status.REGISTERED, Status.AWAITING_ASSIGNMENT, Status.ASSIGNED, Status.DONE,
)  # fmt: skip
_REGISTERED = (*_WORK, Status.RECALL_ASKED)

TRANSITIONS: dict[Status, frozenset[Status]] = {
    Status.ARRIVED: frozenset({Status.DECLINED, Status.REGISTERED, Status.RECALL_ASKED}),
    Status.DECLINED: frozenset({Status.ARRIVED, Status.RECALL_ASKED}),
    Status.REGISTERED: frozenset({*_REGISTERED}) - {Status.REGISTERED},
    Status.AWAITING_ASSIGNMENT: frozenset({*_REGISTERED}) - {Status.AWAITING_ASSIGNMENT},
    Status.ASSIGNED: frozenset({*_REGISTERED}) - {Status.ASSIGNED},
    Status.DONE: frozenset({*_REGISTERED}) - {Status.DONE},
    Status.RECALL_ASKED: frozenset({*_WORK, Status.RECALL_AGREED, Status.RECALL_REFUSED}),
    Status.RECALL_REFUSED: frozenset({*_REGISTERED}),
    Status.RECALL_AGREED: frozenset(),
}
"""Which status may follow which. Declined is no end: the clerk may take that back. Work goes on while a recall
waits for its answer. Only an agreed recall ends it."""

OF_STATE: dict[State, Status] = {
    State.ARRIVED: Status.ARRIVED,
    State.CHECKED: Status.ARRIVED,
    State.ANOMALY: Status.ARRIVED,
    State.REGISTERED: Status.REGISTERED,
    State.SUBMITTED: Status.AWAITING_ASSIGNMENT,
    State.DIRECTED: Status.AWAITING_ASSIGNMENT,
    State.ASSIGNED: Status.ASSIGNED,
    State.IN_PROGRESS: Status.ASSIGNED,
    State.DONE: Status.DONE,
    State.FILED: Status.DONE,
    State.RETURNED: Status.DECLINED,
    State.RECALLED: Status.RECALL_AGREED,
}
"""What an incoming document's state is called towards its sender. An anomaly that was reported is the receiver's
own affair until it is decided."""

OF_ACTION: dict[Action, Status] = {Action.REFUSE_RECALL: Status.RECALL_REFUSED}
"""Acts that are told although the state stays. Asking for a recall is the sender's own word and nothing to tell."""

WITH_REASON = frozenset({Status.DECLINED, Status.RECALL_ASKED, Status.RECALL_REFUSED, Status.RECALL_AGREED})
"""What is told together with the words that were typed; other remarks stay inside the receiving agency."""

ABOUT_RECALL = frozenset({Status.RECALL_ASKED, Status.RECALL_AGREED, Status.RECALL_REFUSED})
"""What the two sides say about a recall. The issuer's word alone says that a document is recalled (Art. 18.4 knows
no consent); what a receiver answers says where its own copy is."""

RECALLING = frozenset({Role.CLERK, Role.LEADER, Role.DEPUTY})
"""Who may take an issued document back (Decree 30/2020, Art. 18.4): the agency's clerk and its leaders."""


def told(action: Action, source: State, target: State, *, before: Status) -> Status | None:
    """The status that a step of an incoming document sends back; None where the sender hears nothing new.

    Only what changes the state is told, and two states of one name once: starting work on what was assigned sends
    nothing.
    """
    if (own := OF_ACTION.get(action)) is not None:
        return own
    if source == target or OF_STATE[target] == before:
        return None
    return OF_STATE[target] if OF_STATE[target] != OF_STATE[source] else None


def may_follow(before: Status, after: Status) -> bool:
    """Whether the list of statuses allows it."""
    return after in TRANSITIONS[before]


def pending_recall(codes: tuple[Status, ...]) -> bool:
    """Whether the last word about a recall, in statuses from the oldest on, is that it was asked for."""
    about = [code for code in codes if code in ABOUT_RECALL]
    return bool(about) and about[-1] is Status.RECALL_ASKED
