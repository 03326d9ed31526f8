"""Remind of held numbers whose last day has come: they are used or cancelled by people, never freed by a clock."""

from __future__ import annotations

from schedulers.job import Job, Result, Turn
from workflow.domain.jobs import rule
from workflow.services.registers.holding import remind


def run(turn: Turn) -> Result:
    """One notice a day to the clerks of the register's agency and to whoever the number is held for."""
    return {"waiting": remind(turn.uow, now=turn.now)}


JOB = Job(
    rule=rule("held_numbers"),
    run=run,
    rehearse=run,
    why="A number that was held and forgotten would be a gap in the register; only people know whether it stands "
    "on a paper somewhere.",
)
