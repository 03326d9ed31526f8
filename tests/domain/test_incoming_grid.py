"""The state table of incoming documents is the grid that a clerk can read, and it has no dead end."""

from __future__ import annotations

from pathlib import Path

import pytest

from workflow.domain.errors import NotPermitted, WrongState
from workflow.domain.incoming import CLOSED, FINAL, LATEST_ACT, OPEN_WORK, STEPS, Action, State, grid, holder_of
from workflow.domain.people import Role
from workflow.domain.steps import step_for

GRID = Path(__file__).parents[2] / "docs" / "incoming-grid.txt"
ROAD = tuple(State)[: tuple(State).index(State.ANOMALY)]

APPROVALS = {
    Action.CLEAR_ANOMALY, Action.DIRECT, Action.ASSIGN, Action.SET_DUE, Action.GRANT_EXTENSION,
    Action.REFUSE_EXTENSION, Action.ACCEPT_EXPLANATION, Action.RETURN_EXPLANATION, Action.AGREE_RECALL,
    Action.REFUSE_RECALL,
}  # fmt: skip
"""Acts by which somebody decides for others."""


def test_the_table_equals_the_grid() -> None:
    """A change of rule shows as a changed cell in review (rewrite the file with `incoming.grid()`)."""
    assert grid() == GRID.read_text(encoding="utf-8")


def test_every_cell_of_the_grid_answers() -> None:
    """The whole product State × Action × Role: a step, "not you" or "not from here", never anything else."""
    steps = {(s.source, s.action, s.role): s for s in STEPS}
    by_others = {(s.source, s.action) for s in STEPS}
    assert len(steps) == len(STEPS), "two rows answer the same question"
    for state in State:
        for action in Action:
            for role in Role:
                expected = steps.get((state, action, role))
                if expected is not None:
                    assert step_for(STEPS, state, action, role=role) == expected
                else:
                    error = NotPermitted if (state, action) in by_others else WrongState
                    with pytest.raises(error):
                        step_for(STEPS, state, action, role=role)


def test_no_dead_end() -> None:
    """From every state but the final one people can go on; filed papers can be taken out again."""
    for state in State:
        onward = {s.target for s in STEPS if s.source == state and s.target != state and s.role is not Role.SYSTEM}
        assert onward or state in FINAL, state


def test_every_state_can_go_back_or_withdraw() -> None:
    """Whatever was done can be taken back, by whoever did it or by whoever has it now."""
    for state in ROAD[1:]:
        back = {
            s.target
            for s in STEPS
            if s.source == state and s.target in ROAD and ROAD.index(s.target) < ROAD.index(state)
        }
        declined = {s.target for s in STEPS if s.source == state} & {State.RETURNED}
        assert back or declined, state
    for aside in (State.ANOMALY, State.RETURNED):
        assert {s.target for s in STEPS if s.source == aside} & set(ROAD), aside


def test_every_state_can_be_reached() -> None:
    """Each state lies on a road from the arrival."""
    reached = {State.ARRIVED}
    while more := {s.target for s in STEPS if s.source in reached} - reached:
        reached |= more
    assert reached == set(State)


def test_every_approval_has_a_deputy_path() -> None:
    """Wherever somebody decides for others, a second role may decide in their absence."""
    for action in APPROVALS:
        for state in {s.source for s in STEPS if s.action is action and s.role is not Role.SYSTEM}:
            who = {s.role for s in STEPS if s.action is action and s.source == state}
            alone = state in {State.CHECKED, State.REGISTERED} and action is Action.SET_DUE
            again = action is Action.ASSIGN and state in {State.ASSIGNED, State.IN_PROGRESS}
            assert len(who) > 1 or alone or again, (action, state, who)


def test_a_leader_redirects_where_a_head_cannot_reassign() -> None:
    """The deputy path of reassigning: a new direction, from each state in which somebody handles it."""
    for state in (State.ASSIGNED, State.IN_PROGRESS):
        assert {s.role for s in STEPS if s.action is Action.DIRECT and s.source == state} == {
            Role.LEADER,
            Role.DEPUTY,
        }


def test_withdrawing_is_for_who_acted_last() -> None:
    """Nobody takes back what somebody else did."""
    for step in STEPS:
        if step.action is Action.WITHDRAW:
            assert LATEST_ACT in step.needs


def test_whoever_is_refused_gets_words() -> None:
    """Declining, reporting, giving back, refusing and reopening carry a reason, always."""
    for action in (Action.DECLINE, Action.REPORT_ANOMALY, Action.SEND_BACK, Action.REFUSE_EXTENSION,
                   Action.RETURN_EXPLANATION, Action.REFUSE_RECALL, Action.REOPEN):  # fmt: skip
        assert all(step.reason for step in STEPS if step.action is action), action


def test_open_work_has_a_holder_and_closed_has_none() -> None:
    """Somebody has every open document; a paused one waits outside."""
    for state in State:
        assert (holder_of(state) is None) == (state in CLOSED)
    assert {str(holder_of(state, paused=True)) for state in OPEN_WORK} == {"outside"}
