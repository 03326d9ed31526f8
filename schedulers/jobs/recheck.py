"""Judge archived signatures again, those first that were looked at longest ago."""

from __future__ import annotations

import datetime as dt

from schedulers.job import Job, Result, Turn
from schedulers.schedules import Daily
from workflow.adapters.blobs import BlobDamaged, BlobMissing, open_blobs
from workflow.domain.errors import WorkflowError
from workflow.services.verification import rechecking
from workflow.store.session import unit_of_work

A_NIGHT = 2_000
"""Documents a night: a year's 700,000 of a province come round in a year, at about 10 ms each."""


def run(turn: Turn) -> Result:
    """One unit of work a document. A file that is missing or damaged is counted and shown in the ledger."""
    tools = turn.tools
    blobs = open_blobs(tools.settings.blob_url)
    counts = {"checked": 0, "changed": 0, "unanswered": 0, "files_lost": 0, "overtaken": 0}
    for document_id in rechecking.longest_unchecked(turn.uow, limit=A_NIGHT):
        if tools.stopping.is_set():
            break
        with unit_of_work(tools.engine) as uow:
            try:
                found = rechecking.recheck_for_job(uow, document_id=document_id, blobs=blobs, now=tools.clock())
            except (BlobMissing, BlobDamaged):
                counts["files_lost"] += 1
                continue
            except WorkflowError:
                counts["overtaken"] += 1
                continue
            uow.commit()
        counts["checked"] += 1
        counts["changed"] += found.changed
        counts["unanswered"] += not found.answered
    return counts


JOB = Job(
    name="recheck",
    schedule=Daily(dt.time(3, 0)),
    run=run,
    why="A certificate may be revoked with a date in the past, and a list kept from us may come late: what was "
    "valid at signing must be asked again, and every answer that differs must be on record with its cause.",
    lease=dt.timedelta(hours=2),
)
