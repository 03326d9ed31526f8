"""The state table is the grid that a clerk can read, and it has no dead end."""

from __future__ import annotations

from pathlib import Path

import pytest

from workflow.domain.corrections import BY_KIND, Kind, Standing
from workflow.domain.errors import NotPermitted, WrongState
from workflow.domain.outgoing import (
    CLOSED,
    DESIGNATED_SIGNER,
    HEAD_AWAY,
    LATEST_ACT,
    OWN_DRAFT,
    REVIEWER_AWAY,
    SIGNER_OR_AWAY,
    STANDING_IN,
    STEPS,
    Action,
    State,
    grid,
    holder_role,
)
from workflow.domain.people import Role
from workflow.domain.steps import step_for

GRID = Path(__file__).parents[2] / "docs" / "outgoing-grid.txt"
ROAD = (State.DRAFT, State.IN_REVIEW, State.FORMAT_CHECK, State.AWAITING_SIGNATURE, State.SIGNED, State.NUMBERED,
        State.SEALED, State.ISSUED, State.FILED)  # fmt: skip
BACK = {state: {*ROAD[:place], State.RETURNED} for place, state in enumerate(ROAD)}
RULES_OF_ISSUED = [kind for kind, rule in BY_KIND.items() if Standing.IN_FORCE in rule.standings]
PEOPLE = frozenset({Role.DRAFTER, Role.UNIT_HEAD, Role.CLERK, Role.LEADER, Role.DEPUTY})

APPROVALS = (
    Action.APPROVE, Action.CONFIRM_FORMAT, Action.RETURN, Action.APPROVE_EXEMPTION, Action.REFUSE_EXEMPTION,
)  # fmt: skip
"""Acts by which somebody decides for others. A signature is one's own: given, refused and taken back."""

BOUND = frozenset({OWN_DRAFT, DESIGNATED_SIGNER, LATEST_ACT})
"""Needs that only one certain person meets."""


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
    """From every state but the final one people can go on; what is filed can be taken out again."""
    for state in State:
        onward = {s.target for s in STEPS if s.source == state and s.target != state and s.role in PEOPLE}
        assert onward or state is State.CANCELLED, state


def test_every_state_can_go_back_or_withdraw() -> None:
    """Whatever was done can be taken back by whoever did it, or given back by whoever has it now: up to issuing.
    What is issued is corrected, amended, replaced or recalled (Art. 18.3, 18.4), by a document or act of its own.
    """
    for state in ROAD[1:]:
        back = {s.target for s in STEPS if s.source == state and s.role in PEOPLE} & BACK[state]
        if state is State.ISSUED:
            assert not back
            assert set(RULES_OF_ISSUED) == set(Kind)
        else:
            assert back, state
    assert State.IN_REVIEW in {s.target for s in STEPS if s.source == State.RETURNED}


def test_withdrawing_is_for_who_acted_last() -> None:
    """Nobody takes back what somebody else did; a drafter takes back their own until it was looked at."""
    for step in STEPS:
        if step.action is Action.WITHDRAW:
            assert {LATEST_ACT, OWN_DRAFT} & set(step.needs), step
            assert LATEST_ACT in step.needs or step.source is State.IN_REVIEW, step


def test_every_approval_has_a_deputy_path() -> None:
    """Wherever somebody decides for others, somebody else may decide in their absence; only the format check is
    one role's alone, and any of the agency's clerks does it."""
    for action in APPROVALS:
        for state in {s.source for s in STEPS if s.action is action}:
            steps = [s for s in STEPS if s.action is action and s.source == state]
            standing_in = {s.role for s in steps if not STANDING_IN.isdisjoint(s.needs)}
            usual = {s.role for s in steps if STANDING_IN.isdisjoint(s.needs)}
            assert standing_in - usual or usual == {Role.CLERK}, (action, state)
            if usual == {Role.CLERK}:
                assert BOUND.isdisjoint({name for step in steps for name in step.needs}), (action, state)


def test_a_signature_has_a_way_around_its_signer() -> None:
    """Nobody signs what names somebody else. While the signer is away their peers give it back, the drafter names
    another one, and every role that signs is one that another one can give back for."""
    waiting = State.AWAITING_SIGNATURE
    signing = {s.role for s in STEPS if s.action is Action.SIGN}
    assert all(DESIGNATED_SIGNER in s.needs for s in STEPS if s.action is Action.SIGN)
    back = [s for s in STEPS if s.source == waiting and s.action is Action.RETURN and SIGNER_OR_AWAY in s.needs]
    assert {s.role for s in back} == {Role.LEADER, Role.DEPUTY}
    for role in signing:
        assert {s.role for s in back} - {role}, role
    assert {s.target for s in back} == {State.RETURNED}
    assert {Action.REVISE, Action.SUBMIT} <= {s.action for s in STEPS if s.source == State.RETURNED}


@pytest.mark.parametrize("state", sorted(set(State) - CLOSED))
def test_nothing_waits_for_one_who_is_away(state: State) -> None:
    """The holder of any open state is away: some other person still moves the paper, or hands it to another one."""
    holder = holder_role(state)
    others = [
        step
        for step in STEPS
        if step.source == state and step.role in PEOPLE | {Role.ADMIN} and BOUND.isdisjoint(step.needs)
        and (step.role is not holder or holder is Role.CLERK)
    ]  # fmt: skip
    assert any(step.target != state or step.action is Action.HAND_OVER for step in others), state
    if holder is not Role.DRAFTER:
        assert any(step.target != state and step.role is not Role.ADMIN for step in others), state


def test_nobody_stands_in_without_an_absence() -> None:
    """Leaders have no step of a unit's head, and deputies none of the head's own, but by such a fact."""
    for step in STEPS:
        if step.role in {Role.LEADER, Role.DEPUTY} and step.source == State.IN_REVIEW:
            assert REVIEWER_AWAY in step.needs
        if step.action in {Action.APPROVE_EXEMPTION, Action.REFUSE_EXEMPTION}:
            assert (HEAD_AWAY in step.needs) == (step.role is Role.DEPUTY)


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
        Action.WITHDRAW_CO_SIGN,
        Action.DECLINE,
        Action.GIVE_UP_NUMBER,
        Action.CANCEL,
        Action.RECORD_INK,
        Action.REQUEST_EXEMPTION,
        Action.REFUSE_EXEMPTION,
        Action.HAND_OVER,
        Action.LOSE_SIGNER,
    }
