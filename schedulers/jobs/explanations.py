"""Demand an explanation of whoever had an item when it became overdue, once for each due moment that was missed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from schedulers.job import Job, Result, Turn
from workflow.domain.errors import WorkflowError
from workflow.domain.jobs import rule
from workflow.services.incoming import overdue
from workflow.services.incoming.explaining import demand_for_job
from workflow.store.models import Explanation
from workflow.store.session import UnitOfWork, unit_of_work

A_RUN = 200
"""Items a run; the rest waits for the next one."""


def run(turn: Turn) -> Result:
    """One unit of work an item. Where nobody can be asked it is counted, and tried again next time."""
    engine = turn.tools.engine

    def ask(incoming_id: int, part_id: int | None) -> Explanation | None:
        with unit_of_work(engine) as uow:
            row = demand_for_job(uow, incoming_id=incoming_id, part_id=part_id, now=turn.tools.clock())
            uow.commit()
        return row

    return _each(turn, ask)


def rehearse(turn: Turn) -> Result:
    """The same, each taken back."""

    def ask(incoming_id: int, part_id: int | None) -> Explanation | None:
        def one(uow: UnitOfWork) -> Explanation | None:
            return demand_for_job(uow, incoming_id=incoming_id, part_id=part_id, now=turn.tools.clock())

        return turn.uow.rehearse_part(one)

    return _each(turn, ask)


def _each(turn: Turn, ask: Callable[[int, int | None], Explanation | None]) -> Result:
    counts = {"demanded": 0, "leaders": 0, "nobody": 0, "overtaken": 0}
    late = overdue.unexplained(turn.uow, now=turn.now, limit=A_RUN)
    for done, (incoming_id, part_id) in enumerate(late):
        turn.progress("documents", done, len(late))
        if turn.stopping():
            break
        try:
            row = ask(incoming_id, part_id)
        except WorkflowError:
            counts["overtaken"] += 1
            continue
        counts[_told(row)] += 1
    return counts


def _told(row: Explanation | None) -> str:
    if row is None:
        return "nobody"
    return "leaders" if row.held_by == "leader" else "demanded"


JOB = Job(
    rule=rule("explanations"),
    run=run,
    rehearse=rehearse,
    why="A late document is answered for by whoever had it, in writing and within two working days; nobody should "
    "have to look for what became late in order to ask.",
    lease=dt.timedelta(minutes=15),
)
