"""The state table is the grid that a clerk can read, and it has no dead end."""

from __future__ import annotations

from pathlib import Path

import pytest

from workflow.domain.errors import NotPermitted, WrongState
from workflow.domain.outgoing import CLOSED, STEPS, Action, State, grid
from workflow.domain.people import Role
from workflow.domain.steps import step_for

GRID = Path(__file__).parents[2] / "docs" / "outgoing-grid.txt"


def test_the_table_equals_the_grid() -> None:
    """A change of rule shows as a changed cell in review (rewrite the file with `outgoing.grid()`)."""
    assert grid() == GRID.read_text(encoding="utf-8")


def test_every_cell_of_the_grid_answers() -> None:
    """The whole product State × Action × Role: a step, "not you" or "not from here", never anything else."""
    steps = {(s.source, s.action, s.role): s for s in STEPS}
    by_others = {(s.source, s.action) for s in STEPS}
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


def test_one_step_for_each_cell() -> None:
    """No two rows of the table answer the same question."""
    keys = [(s.source, s.action, s.role) for s in STEPS]
    assert len(keys) == len(set(keys))


def test_no_dead_end() -> None:
    """From every open state people can go on, and from every state before the number they can go back."""
    order = list(State)
    for state in State:
        onward = {s.target for s in STEPS if s.source == state and s.target != state}
        assert onward or state in {State.FILED, State.CANCELLED}
        if state in {State.IN_REVIEW, State.FORMAT_CHECK, State.AWAITING_SIGNATURE, State.SIGNED}:
            assert any(order.index(target) < order.index(state) for target in onward)


def test_every_state_can_be_reached() -> None:
    """Each state lies on a road from the draft."""
    reached = {State.DRAFT}
    while more := {s.target for s in STEPS if s.source in reached} - reached:
        reached |= more
    assert reached == set(State)


def test_closed_states_have_no_clock() -> None:
    """Issued, filed and cancelled papers wait for nobody."""
    assert {State.ISSUED, State.FILED, State.CANCELLED} == CLOSED


def test_a_written_reason_where_somebody_is_refused() -> None:
    """Every step back, refusal, ink, exemption, handover and number given up carries words."""
    worded = {s.action for s in STEPS if s.reason}
    assert worded == {
        Action.RETURN,
        Action.WITHDRAW,
        Action.REJECT,
        Action.WITHDRAW_SIGNATURE,
        Action.GIVE_UP_NUMBER,
        Action.CANCEL,
        Action.RECORD_INK,
        Action.REQUEST_EXEMPTION,
        Action.HAND_OVER,
        Action.LOSE_SIGNER,
    }
