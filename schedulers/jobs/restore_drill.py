"""Try the newest backup each week: one that was never put back is a hope."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from schedulers.job import Job, Result, Turn
from schedulers.jobs.backup import note_failure
from workflow.adapters.backup_folder import BackupFolder
from workflow.domain.backup import BackupError, Kind
from workflow.domain.jobs import rule
from workflow.services.backup import drilling, records
from workflow.services.backup.records import Span


def run(turn: Turn) -> Result:
    """Put it into a database that is thrown away and compare; what was found stands on the page."""
    tools = turn.tools
    if not tools.settings.backup:
        return {}
    folder = BackupFolder(Path(tools.settings.backup))
    if not folder.names():
        return {}  # the first one is still to come; `trinhky doctor` says so where it stays away
    try:
        drilled = turn.uow.compute(drilling.drill, folder, stopping=tools.stopping.is_set)
    except BackupError as error:
        note_failure(tools, Kind.DRILL, error, started=turn.now)
        raise
    records.record_drill(turn.uow, drilled, folder=str(folder.root), span=Span(turn.now, tools.clock()))
    manifest = drilled.manifest
    return {
        "rows": manifest.rows if manifest else 0, "files": manifest.files.rows if manifest else 0,
        "chains": drilled.chains, "findings": len(drilled.findings),
    }  # fmt: skip


JOB = Job(
    rule=rule("restore_drill"),
    run=run,
    why="A backup that was never put back is a hope: a flipped bit, a missing file or a missing row must be found "
    "while the original is still there.",
    lease=dt.timedelta(hours=12),
)
