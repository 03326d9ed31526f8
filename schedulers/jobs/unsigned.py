"""What lies unsigned and what is overdue, per unit, each working morning."""

from __future__ import annotations

from schedulers.job import Job, Result, Turn
from workflow.domain.jobs import rule
from workflow.services.reports import make_unsigned


def run(turn: Turn) -> Result:
    """One report per unit for the cut-off, with its messages, all or nothing."""
    return make_unsigned(turn.uow, period=turn.period, cut_off=turn.cut_off, now=turn.now)


JOB = Job(
    rule=rule("unsigned"),
    run=run,
    rehearse=run,
    why="Leaders and unit heads start the day knowing what waits for them and what is late, from figures that "
    "can be made again for the same moment.",
)
