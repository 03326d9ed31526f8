"""Requests for opinions and initials: the table is the grid, and no unit that stays silent is a dead end."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from workflow.domain import outgoing
from workflow.domain.opinions import (
    ANSWERED_IN,
    ASKED_IN,
    ASKING,
    BEFORE_SIGNATURE,
    OWN_PAPER,
    STEPS,
    VERDICTS,
    Action,
    Answer,
    Kind,
    State,
    Verdict,
    all_initialled,
    grid,
    is_late,
    state_of,
)
from workflow.domain.people import Role
from workflow.domain.steps import require, step_for

GRID = Path(__file__).parents[2] / "docs" / "opinions-grid.txt"
NOW, BEFORE = "a" * 64, "b" * 64


def test_the_table_equals_the_grid() -> None:
    """A change of rule shows as a changed cell in review (rewrite the file with `opinions.grid()`)."""
    assert grid() == GRID.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("kind", "verdict", "file", "withdrawn", "expected"),
    [
        (Kind.OPINION, None, NOW, False, State.OPEN),
        (Kind.OPINION, Verdict.DISAGREE, NOW, False, State.ANSWERED),
        (Kind.OPINION, Verdict.AGREE, BEFORE, False, State.ANSWERED),
        (Kind.OPINION, Verdict.AGREE, NOW, True, State.WITHDRAWN),
        (Kind.INITIALS, None, NOW, False, State.OPEN),
        (Kind.INITIALS, Verdict.AGREE, NOW, False, State.ANSWERED),
        (Kind.INITIALS, Verdict.AGREE_WITH_REMARKS, NOW, False, State.ANSWERED),
        (Kind.INITIALS, Verdict.DISAGREE, NOW, False, State.DECLINED),
        (Kind.INITIALS, Verdict.AGREE, BEFORE, False, State.OPEN),
        (Kind.INITIALS, Verdict.DISAGREE, BEFORE, False, State.OPEN),
        (Kind.INITIALS, Verdict.DISAGREE, BEFORE, True, State.WITHDRAWN),
    ],
)
def test_where_a_request_is(
    kind: Kind, verdict: Verdict | None, file: str, withdrawn: bool, expected: State
) -> None:
    """An opinion stays given; initials hold for the text they were put to and fall with the next."""
    last = None if verdict is None else Answer(verdict=verdict, text=file)
    assert state_of(kind, withdrawn=withdrawn, last=last, present=NOW) is expected


def test_a_silent_unit_is_no_dead_end() -> None:
    """Wherever the machine waits for initials, drafter and unit head may take the request back, with a reason; and
    with every request taken back nothing is missing."""
    waits = {step.source for step in outgoing.STEPS if outgoing.ALL_INITIALLED in step.needs}
    assert waits == {outgoing.State.IN_REVIEW, outgoing.State.FORMAT_CHECK}
    assert waits <= ANSWERED_IN
    for role in ASKING:
        for state in set(State) - {State.NEW, State.WITHDRAWN}:
            step = step_for(STEPS, state, Action.WITHDRAW, role=role)
            require(step, frozenset({OWN_PAPER, BEFORE_SIGNATURE}))
            assert (step.target, step.reason) == (State.WITHDRAWN, True)
    assert all_initialled([])
    assert all_initialled([State.WITHDRAWN, State.ANSWERED])
    assert not all_initialled([State.ANSWERED, State.OPEN])
    assert not all_initialled([State.DECLINED])


def test_the_guard_stands_at_both_doors_and_the_machine_passes() -> None:
    """Approval and format check ask for initials; a skipped review does not, or a unit without a head would stay
    where it is; the format check behind it asks."""
    asks = {(step.action, step.role) for step in outgoing.STEPS if outgoing.ALL_INITIALLED in step.needs}
    reviewing = (Role.UNIT_HEAD, Role.LEADER, Role.DEPUTY)
    assert asks == {
        *((outgoing.Action.APPROVE, role) for role in reviewing), (outgoing.Action.CONFIRM_FORMAT, Role.CLERK),
    }  # fmt: skip
    assert ASKED_IN < ANSWERED_IN == frozenset(outgoing.BEFORE_SIGNING)


def test_late_is_after_its_day_and_only_without_an_answer() -> None:
    """The day itself is in time; without a day nothing is late."""
    day = dt.date(2026, 11, 23)
    late = [is_late(State.OPEN, day, day + dt.timedelta(days=n)) for n in (-1, 0, 1)]
    assert late == [False, False, True]
    assert not is_late(State.ANSWERED, day, day + dt.timedelta(days=9))
    assert not is_late(State.OPEN, None, day)
    assert Verdict.NONE not in VERDICTS[Kind.INITIALS]
