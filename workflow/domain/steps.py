"""What a Step is: one row of a state table, and the questions asked of such a table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from workflow.domain.errors import Missing, NotPermitted, WrongState
from workflow.domain.people import Role

S = TypeVar("S", bound=StrEnum)
A = TypeVar("A", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Step(Generic[S, A]):
    """`action` leads from `source` to `target` for `role`, if every predicate named in `needs` is true.

    `reason` says that the actor must give one in writing.
    """

    action: A
    source: S
    target: S
    role: Role
    needs: tuple[str, ...] = ()
    reason: bool = False


def step_for(steps: Iterable[Step[S, A]], state: S, action: A, *, role: Role) -> Step[S, A]:
    """The one step that this role may take.

    Raises `WrongState` where nobody may, `NotPermitted` where only other roles may.
    """
    others = False
    for step in steps:
        if step.action == action and step.source == state:
            if step.role == role:
                return step
            others = True
    if others:
        raise NotPermitted("role_may_not", action=str(action), role=str(role))
    raise WrongState("wrong_state", action=str(action), state=str(state))


def possible(steps: Iterable[Step[S, A]], state: S, role: Role) -> tuple[Step[S, A], ...]:
    """Steps that a role may take from a state, in the table's order: the most likely first."""
    return tuple(step for step in steps if step.source == state and step.role == role)


def require(step: Step[S, A], facts: frozenset[str]) -> None:
    """Raise `Missing` naming the first predicate of the step that is not among the true facts."""
    for name in step.needs:
        if name not in facts:
            raise Missing(name, action=str(step.action))


def grid(steps: Sequence[Step[S, A]], states: type[S], actions: type[A]) -> str:
    """The whole product State × Action × Role as text: one table a role, `.` where nobody may."""
    blocks: list[str] = []
    for role in Role:
        rows = {(s.source, s.action): s for s in steps if s.role == role}
        lines = [f"== {role} ==", _line("", list(states))]
        notes: list[str] = []
        for action in actions:
            cells = [rows.get((state, action)) for state in states]
            lines.append(_line(action, [step.target if step else "." for step in cells]))
            notes += [_note(step) for step in cells if step and (step.needs or step.reason)]
        blocks.append("\n".join([*lines, "", *sorted(set(notes))]).rstrip())
    return "\n\n".join(blocks) + "\n"


def _line(head: str, cells: Sequence[str]) -> str:
    return f"{head:<20}" + "".join(f"{cell:<20}" for cell in cells).rstrip()


def _note(step: Step[S, A]) -> str:
    reason = ("reason in writing",) if step.reason else ()
    return f"  {step.action} from {step.source}: {', '.join((*step.needs, *reason))}"
