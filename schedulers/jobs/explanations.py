"""Demand an explanation of whoever had an item when it became overdue, once for each due moment that was missed."""

from __future__ import annotations

import datetime as dt

from schedulers.job import Job, Result, Turn
from schedulers.schedules import Every
from workflow.domain.errors import WorkflowError
from workflow.services.incoming import overdue
from workflow.services.incoming.explaining import demand_for_job
from workflow.store.session import unit_of_work

A_RUN = 200
"""Items a run; the rest waits for the next one."""


def run(turn: Turn) -> Result:
    """One unit of work an item. Where nobody can be asked it is counted, and tried again next time."""
    tools = turn.tools
    counts = {"demanded": 0, "leaders": 0, "nobody": 0, "overtaken": 0}
    for incoming_id, part_id in overdue.unexplained(turn.uow, now=turn.now, limit=A_RUN):
        if tools.stopping.is_set():
            break
        with unit_of_work(tools.engine) as uow:
            try:
                row = demand_for_job(uow, incoming_id=incoming_id, part_id=part_id, now=tools.clock())
            except WorkflowError:
                counts["overtaken"] += 1
                continue
            uow.commit()
        if row is None:
            counts["nobody"] += 1
        else:
            counts["leaders" if row.held_by == "leader" else "demanded"] += 1
    return counts


JOB = Job(
    name="explanations",
    schedule=Every(15),
    run=run,
    why="A late document is answered for by whoever had it, in writing and within two working days; nobody should "
    "have to look for what became late in order to ask.",
    lease=dt.timedelta(minutes=15),
    frequent=True,
)
