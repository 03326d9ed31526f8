"""Judge again the signatures that came while not enough was known."""

from __future__ import annotations

import datetime as dt

from schedulers.job import Job, Result, Turn
from schedulers.schedules import Every
from workflow.adapters.blobs import open_blobs
from workflow.domain.errors import WorkflowError
from workflow.services.signing import settle, settle_one
from workflow.store.session import unit_of_work


def run(turn: Turn) -> Result:
    """One unit of work a signature, so that one that cannot be settled holds up no other."""
    tools = turn.tools
    blobs = open_blobs(tools.settings.blob_url)
    counts = {"passed": 0, "indeterminate": 0, "failed": 0, "overtaken": 0}
    for session_id, document_id in settle(turn.uow):
        if tools.stopping.is_set():
            break
        with unit_of_work(tools.engine) as uow:
            try:
                outcome = settle_one(uow, session_id=session_id, document_id=document_id, blobs=blobs, now=turn.now)
            except WorkflowError:
                counts["overtaken"] += 1
                continue
            uow.commit()
        counts[outcome.conclusion] += 1
    return counts


JOB = Job(
    name="settle",
    schedule=Every(minutes=10),
    run=run,
    why="A signature whose certificate could not be checked yet waits with its document; the next revocation list "
    "decides it, and nobody should have to ask.",
    lease=dt.timedelta(minutes=15),
    frequent=True,
)
