"""Make the nightly backup, where the installation names a folder for it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from schedulers.job import Job, Result, Tools, Turn
from workflow.adapters.backup_folder import BackupFolder
from workflow.adapters.blobs import open_blobs
from workflow.domain.backup import BackupError, Kind
from workflow.domain.jobs import rule
from workflow.services.backup import making, records
from workflow.services.backup.records import Span
from workflow.store.session import unit_of_work

STOPPED = "backup_stopped"


def run(turn: Turn) -> Result:
    """Tables and files into the folder; what came of it for the page. A failed one is noted and tried again."""
    tools = turn.tools
    if not tools.settings.backup:
        return {}
    folder = BackupFolder(Path(tools.settings.backup))
    blobs = open_blobs(tools.settings.blob_url)
    try:
        made = making.make(turn.uow, folder=folder, blobs=blobs, now=turn.now, stopping=tools.stopping.is_set)
    except BackupError as error:
        note_failure(tools, Kind.BACKUP, error, started=turn.now)
        raise
    records.record_backup(turn.uow, made, folder=str(folder.root), span=Span(turn.now, tools.clock()))
    manifest = made.manifest
    return {
        "rows": manifest.rows, "files": manifest.files.rows, "copied": made.copied,
        "lacking": len(manifest.lacking), "removed": len(made.removed),
    }  # fmt: skip


def note_failure(tools: Tools, kind: Kind, error: BackupError, *, started: dt.datetime) -> None:
    """Why it was broken off, for the page, whatever becomes of this turn; not where the process is told to end."""
    if error.code == STOPPED:
        return
    with unit_of_work(tools.engine) as uow:
        span = Span(started, tools.clock())
        records.record_failure(uow, kind, error, folder=tools.settings.backup, span=span)
        uow.commit()


JOB = Job(
    rule=rule("backup"),
    run=run,
    why="What is lost with a disk comes back only from a copy that somebody made the night before.",
    lease=dt.timedelta(hours=6),
)
