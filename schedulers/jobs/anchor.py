"""Put the ends of all chains of the journal under a root, and have it stamped from outside."""

from __future__ import annotations

import datetime as dt

import structlog

from schedulers.job import Job, Result, Turn
from workflow.domain.errors import Conflict
from workflow.domain.jobs import rule
from workflow.services import anchor_stamps, anchoring
from workflow.store.session import unit_of_work

log = structlog.get_logger("schedulers")


def run(turn: Turn) -> Result:
    """Anchors first, each durable at once and once a period, whoever takes the period over; then a timestamp for
    those of the last few that have none. Who stamps may be dead: that is said, and the next run asks again."""
    made = _anchors(turn)
    url = turn.tools.settings.tsa_url
    if not url:
        return made
    wanted, trust = anchor_stamps.wanting(turn.uow), anchor_stamps.trusted(turn.uow)
    fetched, refusal = turn.uow.compute(anchor_stamps.ask, wanted, url=url, trust=trust, clock=turn.tools.clock)
    anchor_stamps.keep(turn.uow, fetched)
    if refusal is not None:
        log.warning("anchor_not_stamped", because=refusal.code)
    return {**made, "stamped": len(fetched), "unstamped": len(wanted) - len(fetched)}


def _anchors(turn: Turn) -> dict[str, int]:
    parts = chains = 0
    while not anchoring.finished(turn.uow, turn.period):
        turn.uow.rollback()
        with unit_of_work(turn.tools.engine) as uow:
            part = anchoring.parts(uow, turn.period)
            prepared = _prepared(turn, part)
            anchoring.keep(uow, prepared, period=turn.period, part=part)
            uow.commit()
        parts, chains = parts + 1, chains + len(prepared.leaves)
        turn.progress("chains", chains)
    return {"anchors": parts, "chains": chains}


def _prepared(turn: Turn, part: int) -> anchoring.Prepared:
    """Where kept nodes are lost they are worked out first."""
    with unit_of_work(turn.tools.engine) as uow:
        try:
            return anchoring.prepare(uow, now=turn.now, going_on=part > 0)
        except Conflict as error:
            if error.code != "anchor_nodes_missing":
                raise
        anchoring.work_out_nodes(uow)
        uow.commit()
        return anchoring.prepare(uow, now=turn.now, going_on=part > 0)


JOB = Job(
    rule=rule("anchor"),
    run=run,
    why="Who holds the database could make the journal anew; not what was under a root that lies elsewhere.",
    lease=dt.timedelta(minutes=20),
)
