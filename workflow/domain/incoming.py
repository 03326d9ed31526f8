"""The incoming document: its states, actions and the one table that says who may do what (Decree 30/2020, 20–24).

    arrived → checked → registered → submitted → directed → assigned → in_progress → done → filed

Aside lie `anomaly` (the clerk reported it, a leader decides), `returned` (to the sender, Art. 21.2b) and `recalled`
(taken back or replaced by the sender, Art. 18.4b). Deadlines, pauses, extensions and explanations are facts of a
document that lies in one of these states, not states of their own.

The full State × Action × Role grid that follows from this table stands in `docs/incoming-grid.txt`, where a clerk
can read it; a test compares the two.
"""

from __future__ import annotations

from enum import StrEnum

from workflow.domain import steps
from workflow.domain.people import Role
from workflow.domain.steps import Step


class State(StrEnum):
    """Where a document is. The order is the straight road, the side roads last."""

    ARRIVED = "arrived"
    CHECKED = "checked"
    REGISTERED = "registered"
    SUBMITTED = "submitted"
    DIRECTED = "directed"
    ASSIGNED = "assigned"
    IN_PROGRESS = "in_progress"
    DONE = "done"
    FILED = "filed"
    ANOMALY = "anomaly"
    RETURNED = "returned"
    RECALLED = "recalled"


class Action(StrEnum):
    """What people do to an incoming document."""

    ARRIVE = "arrive"
    CHECK = "check"
    REPORT_ANOMALY = "report_anomaly"
    CLEAR_ANOMALY = "clear_anomaly"
    DECLINE = "decline"
    REGISTER = "register"
    CORRECT = "correct"
    ATTACH = "attach"
    SUBMIT = "submit"
    PROPOSE = "propose"
    PASS = "pass"  # noqa: S105  handing on, not a password
    DIRECT = "direct"
    ASSIGN = "assign"
    START = "start"
    CONTRIBUTE = "contribute"
    FINISH = "finish"
    CLOSE = "close"
    ANSWER = "answer"
    FILE = "file"
    SEND_BACK = "send_back"
    WITHDRAW = "withdraw"
    REOPEN = "reopen"
    SET_DUE = "set_due"
    SET_INTERNAL_DUE = "set_internal_due"
    PAUSE = "pause"
    RESUME = "resume"
    ASK_EXTENSION = "ask_extension"
    GRANT_EXTENSION = "grant_extension"
    REFUSE_EXTENSION = "refuse_extension"
    URGE = "urge"
    DEMAND_EXPLANATION = "demand_explanation"
    EXPLAIN = "explain"
    ACCEPT_EXPLANATION = "accept_explanation"
    RETURN_EXPLANATION = "return_explanation"
    ASK_RECALL = "ask_recall"
    AGREE_RECALL = "agree_recall"
    REFUSE_RECALL = "refuse_recall"
    HAND_OVER = "hand_over"


class Source(StrEnum):
    """How a document came."""

    EXCHANGE = "exchange"
    UPLOAD = "upload"
    SCAN = "scan"
    FOLDER = "folder"
    MAIL = "mail"
    PAPER = "paper"


class Part(StrEnum):
    """What a recipient has to do with a document (Art. 23.2): exactly one lead."""

    LEAD = "lead"
    COORDINATE = "coordinate"
    INFORM = "inform"


class PartState(StrEnum):
    """Where a recipient's own part stands. The lead's follows the document; information is only read."""

    OPEN = "open"
    IN_PROGRESS = "in_progress"
    DONE = "done"
    ENDED = "ended"
    """Taken back: another direction was given."""


class Holder(StrEnum):
    """Who has the document, for the split of elapsed time."""

    CLERK = "clerk"
    OFFICE = "office"
    LEADER = "leader"
    UNIT_HEAD = "unit_head"
    SPECIALIST = "specialist"
    OUTSIDE = "outside"
    """Another agency or the sender: the clock was paused."""


class Result(StrEnum):
    """How work on a document ended."""

    ANSWERED = "answered"
    SETTLED = "settled"
    NO_ANSWER_NEEDED = "no_answer_needed"


BEFORE_REGISTER = frozenset({State.ARRIVED, State.CHECKED, State.ANOMALY})
OPEN_WORK = (State.REGISTERED, State.SUBMITTED, State.DIRECTED, State.ASSIGNED, State.IN_PROGRESS)
"""Registered and not done: the document's own deadline runs."""

CLOSED = frozenset({State.DONE, State.FILED, State.RETURNED, State.RECALLED})
"""Nothing waits for anybody any more (filing is housekeeping and has no clock)."""

FINAL = frozenset({State.RECALLED})
"""The sender's decision, agreed to: nobody here can turn it back."""

# predicates that a Step may need; services work them out from data
FACTS_COMPLETE = "facts_complete"
VERDICT_ANSWERED = "verdict_answered"
"""The signatures passed (or there are none to check), or the clerk gave a reason to register all the same."""
OFFICE_HEAD = "office_head"
"""Head of the unit that prepares the leader's directions (Văn phòng)."""
ASKED = "asked"
"""The leader or deputy to whom it was submitted or passed."""
LEAD_UNIT = "lead_unit"
HANDLER = "handler"
LATEST_ACT = "latest_act"
NOT_DIRECTED = "not_directed"
HAS_LEAD = "has_lead"
PAUSED = "paused"
RUNNING = "running"
"""It has a deadline whose clock is not paused."""
HAS_DUE = "has_due"
EXTENSION_ASKED = "extension_asked"
"""An extension waits for our own leader to grant it."""
EXTENSION_TO_SEND = "extension_to_send"
"""It waits for our leader to ask the office that set the date and can be asked through the system."""
EXTENSION_OUT = "extension_out"
"""The other office was asked and has not answered."""
EXTENSION_OPEN = "extension_open"
"""One of the three."""
NO_EXTENSION_ASKED = "no_extension_asked"
OWES_EXPLANATION = "owes_explanation"
EXPLANATION_GIVEN = "explanation_given"
RECALL_ASKED = "recall_asked"
TAKES_PART = "takes_part"
HOLDS_PART = "holds_part"
"""Head of a unit that leads or coordinates."""

_D, _H, _C, _L, _P, _S = (
    Role.DRAFTER, Role.UNIT_HEAD, Role.CLERK, Role.LEADER, Role.DEPUTY, Role.SYSTEM,
)  # fmt: skip
_HANDLING = (_D, _H, _C)
"""Who can be named handler: specialists, heads who keep a document themselves, clerks."""

_Steps = tuple[Step[State, Action], ...]


def _stay(action: Action, states: tuple[State, ...], role: Role, *needs: str, reason: bool = False) -> _Steps:
    return tuple(Step(action, state, state, role, needs, reason=reason) for state in states)


def _arriving() -> _Steps:
    first = (State.ARRIVED, State.CHECKED)
    declined = tuple(
        Step(Action.DECLINE, state, State.RETURNED, _C, reason=True)
        for state in (*first, State.ANOMALY, State.REGISTERED)
    )
    reported = tuple(Step(Action.REPORT_ANOMALY, state, State.ANOMALY, _C, reason=True) for state in first)
    cleared = tuple(
        Step(Action.CLEAR_ANOMALY, State.ANOMALY, State.CHECKED, role, needs, reason=True)
        for role, needs in ((_L, ()), (_P, ()), (_H, (OFFICE_HEAD,)))
    )
    return (
        Step(Action.CHECK, State.ARRIVED, State.CHECKED, _C, (FACTS_COMPLETE,)),
        Step(Action.REGISTER, State.CHECKED, State.REGISTERED, _C, (FACTS_COMPLETE, VERDICT_ANSWERED)),
        *declined,
        *reported,
        *cleared,
        Step(Action.WITHDRAW, State.ANOMALY, State.CHECKED, _C, (LATEST_ACT,)),
        Step(Action.WITHDRAW, State.RETURNED, State.CHECKED, _C, (LATEST_ACT,), reason=True),
        *_stay(Action.CORRECT, (*first, State.ANOMALY), _C),
        *_stay(Action.CORRECT, (*OPEN_WORK, State.DONE), _C, reason=True),
        *_stay(Action.ATTACH, (*first, State.ANOMALY, *OPEN_WORK, State.DONE), _C),
    )


def _routing() -> _Steps:
    leaders = ((_L, ()), (_P, (ASKED,)))
    rows: list[Step[State, Action]] = [
        Step(Action.SUBMIT, State.REGISTERED, State.SUBMITTED, _C),
        Step(Action.WITHDRAW, State.SUBMITTED, State.REGISTERED, _C, (LATEST_ACT,)),
        Step(Action.PROPOSE, State.SUBMITTED, State.SUBMITTED, _H, (OFFICE_HEAD,)),
        Step(Action.SEND_BACK, State.SUBMITTED, State.REGISTERED, _H, (OFFICE_HEAD,), reason=True),
    ]
    for role, needs in leaders:
        rows += [
            Step(Action.DIRECT, State.SUBMITTED, State.DIRECTED, role, needs),
            Step(Action.PASS, State.SUBMITTED, State.SUBMITTED, role, needs),
            Step(Action.SEND_BACK, State.SUBMITTED, State.REGISTERED, role, needs, reason=True),
            Step(Action.WITHDRAW, State.DIRECTED, State.SUBMITTED, role, (LATEST_ACT,), reason=True),
            Step(Action.DIRECT, State.DIRECTED, State.DIRECTED, role, needs, reason=True),
            Step(Action.DIRECT, State.ASSIGNED, State.DIRECTED, role, needs, reason=True),
            Step(Action.DIRECT, State.IN_PROGRESS, State.DIRECTED, role, needs, reason=True),
            Step(Action.ASSIGN, State.DIRECTED, State.ASSIGNED, role, needs),
        ]
    rows += [
        Step(Action.ASSIGN, State.DIRECTED, State.ASSIGNED, _H, (LEAD_UNIT,)),
        Step(Action.ASSIGN, State.ASSIGNED, State.ASSIGNED, _H, (LEAD_UNIT,)),
        Step(Action.ASSIGN, State.IN_PROGRESS, State.ASSIGNED, _H, (LEAD_UNIT,), reason=True),
        Step(Action.SEND_BACK, State.DIRECTED, State.SUBMITTED, _H, (LEAD_UNIT,), reason=True),
    ]
    return tuple(rows)


def _working() -> _Steps:
    rows: list[Step[State, Action]] = []
    for role in _HANDLING:
        rows += [
            Step(Action.START, State.ASSIGNED, State.IN_PROGRESS, role, (HANDLER,)),
            Step(Action.FINISH, State.IN_PROGRESS, State.DONE, role, (HANDLER,), reason=True),
            Step(Action.FINISH, State.ASSIGNED, State.DONE, role, (HANDLER,), reason=True),
            Step(Action.SEND_BACK, State.ASSIGNED, State.DIRECTED, role, (HANDLER,), reason=True),
            Step(Action.SEND_BACK, State.IN_PROGRESS, State.DIRECTED, role, (HANDLER,), reason=True),
            Step(Action.WITHDRAW, State.DONE, State.IN_PROGRESS, role, (HANDLER, LATEST_ACT), reason=True),
        ]
    for role in (_D, _H):
        rows += [
            Step(Action.FILE, State.DONE, State.FILED, role, (HANDLER,)),
            Step(Action.REOPEN, State.FILED, State.DONE, role, (HANDLER,), reason=True),
        ]
    rows += [
        Step(Action.WITHDRAW, State.ASSIGNED, State.DIRECTED, _H, (LEAD_UNIT, LATEST_ACT)),
        Step(Action.CLOSE, State.REGISTERED, State.DONE, _C),
        Step(Action.CLOSE, State.SUBMITTED, State.DONE, _L),
        Step(Action.CLOSE, State.SUBMITTED, State.DONE, _P, (ASKED,)),
        *(
            Step(Action.CLOSE, state, State.DONE, _H, (LEAD_UNIT,))
            for state in (State.DIRECTED, State.ASSIGNED, State.IN_PROGRESS)
        ),
        *(Step(Action.CLOSE, state, State.DONE, _D, (HANDLER,)) for state in (State.ASSIGNED, State.IN_PROGRESS)),
        *(Step(Action.ANSWER, state, State.DONE, _S) for state in OPEN_WORK),
        Step(Action.FILE, State.DONE, State.FILED, _C),
        Step(Action.REOPEN, State.FILED, State.DONE, _C, reason=True),
        Step(Action.REOPEN, State.DONE, State.REGISTERED, _C, (NOT_DIRECTED,), reason=True),
        Step(Action.REOPEN, State.DONE, State.DIRECTED, _H, (HAS_LEAD, LEAD_UNIT), reason=True),
        Step(Action.REOPEN, State.DONE, State.DIRECTED, _L, (HAS_LEAD,), reason=True),
        Step(Action.REOPEN, State.DONE, State.DIRECTED, _P, (HAS_LEAD, ASKED), reason=True),
    ]
    parts = (State.DIRECTED, State.ASSIGNED, State.IN_PROGRESS, State.DONE)
    for role in (_D, _H, _C):
        rows += _stay(Action.CONTRIBUTE, parts, role, TAKES_PART)
    return tuple(rows)


def _timing() -> _Steps:
    """Due dates. An extension asked of another office is sent by our leader, who may also call it back (refuse it);
    the machine writes down the other office's answer.
    """
    routed = (State.DIRECTED, State.ASSIGNED, State.IN_PROGRESS)
    rows: list[Step[State, Action]] = [
        *_stay(Action.SET_DUE, (State.CHECKED, State.REGISTERED), _C),
        *_stay(Action.SET_DUE, OPEN_WORK[1:], _L),
        *_stay(Action.SET_DUE, OPEN_WORK[1:], _P, ASKED),
        *_stay(Action.SET_INTERNAL_DUE, routed, _H, HOLDS_PART),
    ]
    for role, needs in ((_L, ()), (_P, (ASKED,)), (_H, (LEAD_UNIT,))):
        rows += _stay(Action.PAUSE, routed, role, *needs, RUNNING, reason=True)
        rows += _stay(Action.RESUME, routed, role, *needs, PAUSED)
    rows += _stay(Action.RESUME, routed, _C, PAUSED)
    for role, own in ((_D, HANDLER), (_C, HANDLER), (_H, LEAD_UNIT)):
        rows += _stay(Action.ASK_EXTENSION, routed, role, own, HAS_DUE, NO_EXTENSION_ASKED, reason=True)
    for role, needs in ((_L, ()), (_P, (ASKED,))):
        rows += _stay(Action.ASK_EXTENSION, routed, role, *needs, EXTENSION_TO_SEND, reason=True)
        rows += _stay(Action.GRANT_EXTENSION, routed, role, *needs, EXTENSION_ASKED)
        rows += _stay(Action.REFUSE_EXTENSION, routed, role, *needs, EXTENSION_OPEN, reason=True)
    rows += _stay(Action.GRANT_EXTENSION, OPEN_WORK, _S, EXTENSION_OUT)
    rows += _stay(Action.REFUSE_EXTENSION, OPEN_WORK, _S, EXTENSION_OUT, reason=True)
    return tuple(rows)


def _answering_for() -> _Steps:
    """Urging, and explaining what is late: while it is open and after it was done late."""
    late = (*OPEN_WORK, State.DONE, State.FILED)
    rows: list[Step[State, Action]] = []
    for role in (_L, _P, _C):
        rows += _stay(Action.URGE, (*OPEN_WORK,), role, reason=True)
    rows += _stay(Action.URGE, OPEN_WORK, _H, LEAD_UNIT, reason=True)
    for role in (_S, _L, _P):
        rows += _stay(Action.DEMAND_EXPLANATION, late, role)
    for role in (_D, _H, _C, _P, _L):
        rows += _stay(Action.EXPLAIN, late, role, OWES_EXPLANATION, reason=True)
    for role in (_L, _P):
        rows += _stay(Action.ACCEPT_EXPLANATION, late, role, EXPLANATION_GIVEN)
        rows += _stay(Action.RETURN_EXPLANATION, late, role, EXPLANATION_GIVEN, reason=True)
    return tuple(rows)


def _recalling() -> _Steps:
    """The sender takes back or replaces: at once before registration, else the clerk or a leader answers."""
    registered = (*OPEN_WORK, State.DONE, State.FILED)
    rows: list[Step[State, Action]] = [
        *(Step(Action.AGREE_RECALL, s, State.RECALLED, _S) for s in (*sorted(BEFORE_REGISTER), State.RETURNED)),
        *_stay(Action.ASK_RECALL, registered, _S),
    ]
    for role in (_C, _L, _P):
        rows += [Step(Action.AGREE_RECALL, state, State.RECALLED, role, (RECALL_ASKED,)) for state in registered]
        rows += _stay(Action.REFUSE_RECALL, registered, role, RECALL_ASKED, reason=True)
    return tuple(rows)


STEPS: _Steps = (
    *_arriving(), *_routing(), *_working(), *_timing(), *_answering_for(), *_recalling(),
    *(
        Step(Action.SEND_BACK, state, State.DIRECTED, Role.ADMIN, reason=True)
        for state in (State.ASSIGNED, State.IN_PROGRESS)
    ),
    *_stay(Action.HAND_OVER, (*sorted(BEFORE_REGISTER), *OPEN_WORK, State.DONE), Role.ADMIN),
)  # fmt: skip


def holder_of(state: State, *, at_office: bool = False, paused: bool = False) -> Holder | None:
    """Who has a document in this state; None once it is closed. `at_office`: submitted, no proposal made yet."""
    if state in CLOSED:
        return None
    if paused:
        return Holder.OUTSIDE
    if state is State.SUBMITTED:
        return Holder.OFFICE if at_office else Holder.LEADER
    return _HOLDERS[state]


_HOLDERS = {
    State.ARRIVED: Holder.CLERK,
    State.CHECKED: Holder.CLERK,
    State.ANOMALY: Holder.LEADER,
    State.REGISTERED: Holder.CLERK,
    State.DIRECTED: Holder.UNIT_HEAD,
    State.ASSIGNED: Holder.SPECIALIST,
    State.IN_PROGRESS: Holder.SPECIALIST,
}


def grid() -> str:
    """The whole product State × Action × Role as text."""
    return steps.grid(STEPS, State, Action)
