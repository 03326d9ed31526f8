"""Count closed months again and compare: what an act explains is an adjustment, what nothing explains is drift."""

from __future__ import annotations

import datetime as dt
from itertools import groupby

from schedulers.job import Job, Result, Turn
from workflow.domain.jobs import rule
from workflow.domain.periods import parse
from workflow.domain.permissions import Scope
from workflow.services.figures import counting, recounting
from workflow.store.session import unit_of_work


def run(turn: Turn) -> Result:
    """The last three months of each agency, and a share of the older ones; one unit of work a closed month."""
    counts = {"months": 0, "adjustments": 0, "drifts": 0, "new_drifts": 0, "later": 0}
    waiting = recounting.due(turn.uow)
    for key, several in groupby(waiting, key=lambda one: one.month):
        months = list(several)
        now = turn.tools.clock()
        scope = Scope(agency_ids=tuple(one.agency_id for one in months))
        with unit_of_work(turn.tools.engine) as uow:  # as it stands at this moment, not when this run began
            found = counting.facts(uow, scope, parse(key), now=now)
        for one in months:
            turn.progress("months", counts["months"], len(waiting))
            if turn.stopping():
                return counts
            with unit_of_work(turn.tools.engine) as uow:
                came = recounting.recount(
                    uow, frozen_id=one.id, found=found[one.agency_id], counted_at=now, now=turn.tools.clock()
                )
                uow.commit()
            if came.moved:
                counts["later"] += 1
                continue
            counts["months"] += 1
            counts["adjustments"] += came.adjustments
            counts["drifts"] += came.drifts
            counts["new_drifts"] += came.new
    return counts


JOB = Job(
    rule=rule("recount"),
    run=run,
    why="Figures that were closed must come out again from the documents; whoever changed a row behind the "
    "program's back, or a closed figure itself, is found the next morning.",
    lease=dt.timedelta(minutes=15),
)
