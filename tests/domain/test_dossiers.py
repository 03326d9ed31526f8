"""The dossier's machine as tables: who may do what from where, what the checks find, how dossiers are numbered."""

from __future__ import annotations

import pytest

from workflow.domain import incoming, outgoing
from workflow.domain.dossiers import (
    NO_DRAFTS,
    NO_DUPLICATES,
    NO_OPEN_WORK,
    PLAN_STEPS,
    STEPS,
    Action,
    Inside,
    Kind,
    PlanAction,
    PlanState,
    State,
    file_code,
    findings,
    next_notation,
    of_year,
    split_notation,
)
from workflow.domain.errors import NotPermitted, WrongState
from workflow.domain.people import Role
from workflow.domain.steps import step_for

WORKING = (Role.DRAFTER, Role.UNIT_HEAD, Role.CLERK, Role.LEADER, Role.DEPUTY)
ROADS = {
    State.OPEN: {Action.CHANGE, Action.ADD, Action.REMOVE, Action.MOVE, Action.CLOSE},
    State.CLOSED: {Action.REOPEN, Action.KEEP},
    State.TRANSFERRED: set(),
    State.CANCELLED: set(),
}
CLERK_TOO = {State.OPEN: {Action.CANCEL}, State.CLOSED: {Action.TRANSFER}}


@pytest.mark.parametrize(
    ("title", "next_year"),
    [
        ("Hồ sơ kế hoạch đầu tư công năm 2026", "Hồ sơ kế hoạch đầu tư công năm 2027"),
        ("Hồ sơ giai đoạn 2026-2030", "Hồ sơ giai đoạn 2026-2030"),
        ("Hồ sơ năm 20261", "Hồ sơ năm 20261"),
        ("Hồ sơ tiếp dân", "Hồ sơ tiếp dân"),
    ],
)
def test_a_plan_copied_names_its_own_year(title: str, next_year: str) -> None:
    """Only where the title says of which year it is."""
    assert of_year(title, 2026, 2027) == next_year


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("role", list(Role))
def test_who_may_do_what_from_where(state: State, role: Role) -> None:
    """The whole product: whoever handles work, the clerk, who hands posts over; nothing leaves the archive."""
    wanted = set(ROADS[state]) if role in WORKING else set()
    if role is Role.CLERK:
        wanted |= CLERK_TOO.get(state, set())
    if role is Role.ADMIN and state is State.OPEN:
        wanted = {Action.HAND_OVER}
    assert {step.action for step in STEPS if step.source is state and step.role is role} == wanted
    for action in set(Action) - wanted:
        with pytest.raises((WrongState, NotPermitted)):
            step_for(STEPS, state, action, role=role)


def test_what_goes_back_says_why() -> None:
    """Reopening, cancelling and keeping longer need words; so does every way back of a plan but the clerk's own."""
    assert {step.action for step in STEPS if step.reason} == {
        Action.REOPEN,
        Action.CANCEL,
        Action.KEEP,
        Action.HAND_OVER,
    }
    assert {step.action for step in PLAN_STEPS if step.reason} == {PlanAction.RETURN, PlanAction.REVISE}


def test_only_the_head_approves_the_plan_and_every_state_goes_on() -> None:
    """Art. 28; no plan is stuck."""
    assert [step.role for step in PLAN_STEPS if step.action is PlanAction.APPROVE] == [Role.LEADER]
    for state in PlanState:
        assert any(step.source is state and step.target is not state for step in PLAN_STEPS)


OUT, IN = Kind.OUTGOING, Kind.INCOMING
TABLE = [
    (Inside(OUT, 1, outgoing.State.DRAFT), "drafts"),
    (Inside(OUT, 1, outgoing.State.AWAITING_SIGNATURE), "drafts"),
    (Inside(OUT, 1, outgoing.State.CANCELLED), "drafts"),
    (Inside(OUT, 1, outgoing.State.SEALED), "open_work"),
    (Inside(OUT, 1, outgoing.State.ISSUED), ""),
    (Inside(OUT, 1, outgoing.State.FILED), ""),
    (Inside(IN, 1, incoming.State.IN_PROGRESS), "open_work"),
    (Inside(IN, 1, incoming.State.ARRIVED), "open_work"),
    (Inside(IN, 1, incoming.State.DONE), ""),
    (Inside(IN, 1, incoming.State.RECALLED), ""),
]


@pytest.mark.parametrize(("one", "where"), TABLE)
def test_what_the_checks_find(one: Inside, where: str) -> None:
    """Art. 29: drafts out, work done."""
    found = findings([one])
    told = {name: getattr(found, name) for name in ("drafts", "open_work", "duplicates")}
    assert told == {name: ((one.kind, 1),) if name == where else () for name in told}


def test_duplicates_share_a_file() -> None:
    """A document of several files is one as soon as one of them is another's; both are named, and may be kept."""
    found = findings(
        [
            Inside(OUT, 1, outgoing.State.ISSUED, frozenset({"a"})),
            Inside(IN, 2, incoming.State.DONE, frozenset({"a", "b"})),
            Inside(IN, 3, incoming.State.DONE, frozenset({"c"})),
        ]
    )
    assert found.duplicates == ((OUT, 1), (IN, 2))
    assert found.facts() == {NO_DRAFTS, NO_OPEN_WORK}
    assert found.facts(duplicates_kept=True) == {NO_DRAFTS, NO_OPEN_WORK, NO_DUPLICATES}


@pytest.mark.parametrize(
    ("text", "parts"),
    [("01.TCCB", (1, "TCCB")), ("12.VP-UBND", (12, "VP-UBND")), ("03.ĐĐ", (3, "ĐĐ")), ("1.TCCB", None),
     ("01TCCB", None), ("01.", None), ("01.TCCB/2026", None), ("01." + "A" * 18, None)],
)  # fmt: skip
def test_number_and_symbol(text: str, parts: tuple[int, str] | None) -> None:
    """`01.TCCB` and nothing like it."""
    assert split_notation(text) == parts


def test_the_next_number_goes_above_all_that_were_given() -> None:
    """Holes are not filled: a number names one dossier for ever. Other groups count for themselves."""
    assert next_notation(["01.KT", "04.KT", "09.VP", "nonsense"], "KT") == "05.KT"
    assert next_notation([], "VP") == "01.VP"
    assert file_code("H99.01", 2026, "01.KT") == "H99.01.2026.01.KT"
