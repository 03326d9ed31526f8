"""Statuses between agencies: every step of the incoming machine tells something that may follow."""

from __future__ import annotations

import itertools

from workflow.domain.exchange import OF_STATE, TRANSITIONS, Status, may_follow, pending_recall, told
from workflow.domain.incoming import STEPS, Action, State
from workflow.domain.people import Role


def test_the_road() -> None:
    """01 on arrival, 03 registered, 04 submitted, 05 assigned, 06 done; starting tells nothing new."""
    road = [
        (Action.CHECK, State.ARRIVED, State.CHECKED, None),
        (Action.REGISTER, State.CHECKED, State.REGISTERED, Status.REGISTERED),
        (Action.SUBMIT, State.REGISTERED, State.SUBMITTED, Status.AWAITING_ASSIGNMENT),
        (Action.DIRECT, State.SUBMITTED, State.DIRECTED, None),
        (Action.ASSIGN, State.DIRECTED, State.ASSIGNED, Status.ASSIGNED),
        (Action.START, State.ASSIGNED, State.IN_PROGRESS, None),
        (Action.FINISH, State.IN_PROGRESS, State.DONE, Status.DONE),
        (Action.FILE, State.DONE, State.FILED, None),
    ]
    status = Status.ARRIVED
    for action, source, target, wanted in road:
        assert told(action, source, target, before=status) == wanted, action
        status = wanted or status


def test_every_step_tells_what_may_follow() -> None:
    """Whatever was said before in the state a step starts from, what it tells stands in the list."""
    asked = (Status.RECALL_ASKED, Status.RECALL_REFUSED)
    for step in STEPS:
        registered = step.source not in {State.ARRIVED, State.CHECKED, State.ANOMALY, State.RETURNED}
        before = (OF_STATE[step.source], *(asked if registered else ()))
        for status in before:
            if status is Status.RECALL_AGREED:
                continue
            if step.action in {Action.AGREE_RECALL, Action.REFUSE_RECALL}:
                status = Status.RECALL_ASKED
            said = told(step.action, step.source, step.target, before=status)
            assert said is None or may_follow(status, said), (step, status, said)


def test_each_status_can_be_reached_and_only_an_agreed_recall_ends_it() -> None:
    """No dead end but one."""
    reached = {Status.ARRIVED, *itertools.chain.from_iterable(TRANSITIONS.values())}
    assert reached == set(Status) == set(TRANSITIONS)
    assert [status for status in Status if not TRANSITIONS[status]] == [Status.RECALL_AGREED]


def test_a_recall_waits_until_it_is_answered() -> None:
    """Work that goes on meanwhile does not hide the question."""
    assert pending_recall((Status.ARRIVED, Status.REGISTERED, Status.RECALL_ASKED, Status.ASSIGNED))
    assert not pending_recall((Status.ARRIVED, Status.RECALL_ASKED, Status.RECALL_REFUSED, Status.DONE))
    assert not pending_recall((Status.ARRIVED,))


def test_every_recall_has_a_deputy() -> None:
    """Clerk, leader and deputy answer."""
    for action in (Action.AGREE_RECALL, Action.REFUSE_RECALL):
        assert {step.role for step in STEPS if step.action is action} >= {Role.CLERK, Role.LEADER, Role.DEPUTY}
