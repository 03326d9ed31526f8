"""What waits for each person, each working morning."""

from __future__ import annotations

from schedulers.job import Job, Result, Turn
from workflow.domain.jobs import rule
from workflow.services import digest


def run(turn: Turn) -> Result:
    """One message per person for whom anything waits, all or nothing; none where noon has passed."""
    return digest.make(turn.uow, cut_off=turn.cut_off, now=turn.now, base_url=turn.tools.settings.base_url)


JOB = Job(
    rule=rule("digest"),
    run=run,
    rehearse=run,
    why="Everybody starts the day with what waits for them, the urgent first, and opens each item with one click.",
)
