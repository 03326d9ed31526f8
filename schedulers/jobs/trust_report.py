"""Count which stored verdicts the proposed changes of trust would flip."""

from __future__ import annotations

import datetime as dt

from schedulers.job import Job, Result, Turn
from workflow.adapters.blobs import Blobs, open_blobs
from workflow.domain.errors import WorkflowError
from workflow.domain.jobs import rule
from workflow.services.trust_report import count_next, to_count
from workflow.store.session import unit_of_work

PATIENCE = dt.timedelta(seconds=50)
"""Of one turn; the next minute's goes on where it stopped."""


def run(turn: Turn) -> Result:
    """Batch by batch, each in a unit of work of its own: what was counted is kept, however this process ends."""
    blobs = open_blobs(turn.tools.settings.blob_url)
    counts = {"judged": 0, "overtaken": 0}
    for change_id in to_count(turn.uow):
        try:
            counts["judged"] += _count(turn, blobs, change_id)
        except WorkflowError:  # decided, withdrawn or counted by somebody else meanwhile
            counts["overtaken"] += 1
    return counts


def _count(turn: Turn, blobs: Blobs, change_id: int) -> int:
    tools, judged = turn.tools, 0
    while not turn.stopping() and tools.clock() - turn.now < PATIENCE:
        with unit_of_work(tools.engine) as uow:
            step = count_next(uow, change_id=change_id, blobs=blobs, now=tools.clock())
            if step is None:
                break
            uow.commit()
        judged += step
        turn.progress("signatures", judged)
    return judged


JOB = Job(
    rule=rule("trust_report"),
    run=run,
    why="A change of trust is decided by somebody who knows which verdicts it would flip, and who waits for the "
    "report.",
    lease=dt.timedelta(minutes=5),
)
