"""A dry run: the job works in a unit of work that is rolled back; what it would have told is kept as its result."""

from __future__ import annotations

from typing import Any

from schedulers.job import Job, Turn
from workflow.domain.errors import Refused

SHOWN = 200
"""Messages that the ledger keeps; all are counted."""
KEPT = ("channel", "address", "unit_id", "person_id", "subject")


def rehearse(job: Job, turn: Turn) -> dict[str, Any]:
    """What a run would do now: its counts, and each message with whom it goes to and its subject."""
    if job.rehearse is None:
        raise Refused("job_has_no_dry_run", job=job.name)
    told: list[dict[str, Any]] = []
    work = job.rehearse
    counts = dict(turn.uow.rehearse(lambda: work(turn), told=told.append))
    shown = [{name: one.get(name) for name in KEPT} for one in told[:SHOWN]]
    return {"counts": counts, "messages": shown, "told": len(told)}
