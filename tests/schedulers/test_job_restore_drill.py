"""The job `restore_drill`: each Sunday the newest backup is tried, and what it finds is kept."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select

from schedulers.job import Tools
from schedulers.runner import Outcome, run_due, run_period
from schedulers.table import job
from tests.schedulers.test_job_backup import into, runs
from tests.support.office import Office
from workflow.store.models import BackupRun
from workflow.store.session import unit_of_work


def test_the_newest_backup_is_tried(tools: Tools, office: Office, tmp_path: Path) -> None:
    """Nothing wrong; then a missing table; without a folder there is nothing to try."""
    drill = job("restore_drill")
    there = into(tools, tmp_path / "backup")
    run_due(there, job("backup"))
    assert run_due(there, drill) == {"2026-11-22": Outcome.DONE}
    next((tmp_path / "backup").rglob("journal.jsonl.gz")).unlink()
    assert run_period(there, drill, "2026-11-15") is Outcome.DONE
    assert run_period(tools, drill, "2026-11-08") is Outcome.DONE
    assert runs(tools) == [("backup", "done"), ("drill", "done"), ("drill", "flawed")]
    with unit_of_work(tools.engine) as uow:
        last = uow.session.scalars(select(BackupRun).order_by(BackupRun.id.desc())).first()
    assert last is not None
    assert last.findings == [{"flaw": "table_missing", "what": "journal", "detail": ""}]
