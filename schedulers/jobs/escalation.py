"""Tell holder, unit head and office leader of what stays overdue, each once for each missed due moment."""

from __future__ import annotations

import datetime as dt

from schedulers.job import Job, Result, Turn
from workflow.domain.jobs import rule
from workflow.services.escalation import telling


def run(turn: Turn) -> Result:
    """Levels and messages in the transaction of the period; stopped, what was found until then is told."""

    def watch(seen: int) -> bool:
        turn.progress("documents", seen)
        return turn.stopping()

    base_url = turn.tools.settings.base_url
    return telling.make(turn.uow, period=turn.period, now=turn.now, base_url=base_url, watch=watch)


JOB = Job(
    rule=rule("escalation"),
    run=run,
    rehearse=run,
    why="What nobody moves has to be seen by somebody who can move it, in time and without a mail for each paper.",
    lease=dt.timedelta(minutes=10),
)
