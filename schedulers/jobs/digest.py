"""What waits for each person, each working morning."""

from __future__ import annotations

import datetime as dt

from schedulers.job import Job, Result, Turn
from schedulers.schedules import WorkingMorning
from workflow.services import digest


def run(turn: Turn) -> Result:
    """One message per person for whom anything waits, all or nothing; none where noon has passed."""
    return digest.make(turn.uow, cut_off=turn.cut_off, now=turn.now, base_url=turn.tools.settings.base_url)


JOB = Job(
    name="digest",
    schedule=WorkingMorning(dt.time(7, 30), back=0),
    run=run,
    why="Everybody starts the day with what waits for them, the urgent first, and opens each item with one click.",
)
