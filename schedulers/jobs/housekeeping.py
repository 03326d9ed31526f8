"""Clear away what has run out."""

from __future__ import annotations

import datetime as dt

from schedulers.job import Job, Result, Turn
from schedulers.schedules import Daily
from workflow.adapters.blobs import open_blobs
from workflow.services.housekeeping import clear_rows, delete_orphans

FREQUENT = ("outbox", "settle")
"""Jobs whose finished lines in the ledger are deleted after two days; a test compares it with the table."""


def run(turn: Turn) -> Result:
    """Files first, outside of the write transaction; then the rows."""
    tools = turn.tools
    blobs = open_blobs(tools.settings.blob_url)
    files = delete_orphans(tools.engine, blobs, now=turn.now, stopping=tools.stopping.is_set)
    return {"files": files, **clear_rows(turn.uow, now=turn.now, frequent_jobs=FREQUENT)}


JOB = Job(
    name="housekeeping",
    schedule=Daily(dt.time(2, 30)),
    run=run,
    why="Dead sessions, used-up links and files of interrupted uploads would pile up; a prepared signature that "
    "nobody finished would block its document.",
    lease=dt.timedelta(minutes=30),
)
