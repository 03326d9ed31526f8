"""The job `backup`: each night where a folder is named; a failed one is noted and tried again."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from sqlalchemy import select

from schedulers.job import Tools
from schedulers.runner import Outcome, run_due, run_period
from schedulers.table import job
from tests.support.office import Office
from workflow.store.models import BackupRun, JobRun
from workflow.store.session import unit_of_work


def runs(tools: Tools) -> list[tuple[str, str]]:
    """What is told on the page."""
    with unit_of_work(tools.engine) as uow:
        rows = uow.session.execute(select(BackupRun.kind, BackupRun.state).order_by(BackupRun.id))
        return [(kind, state) for kind, state in rows]


def into(tools: Tools, folder: Path) -> Tools:
    """Where backups go."""
    return dataclasses.replace(tools, settings=dataclasses.replace(tools.settings, backup=str(folder)))


def test_once_a_night_into_the_folder(tools: Tools, office: Office, tmp_path: Path) -> None:
    """The ledger and the page tell the same; nothing where no folder is named."""
    assert set(run_due(tools, job("backup")).values()) == {Outcome.DONE}
    assert runs(tools) == []
    with unit_of_work(tools.engine) as uow:
        uow.begin_write()
        uow.session.execute(JobRun.__table__.delete())
        uow.commit()
    there = into(tools, tmp_path / "backup")
    assert set(run_due(there, job("backup")).values()) == {Outcome.DONE}
    assert run_due(there, job("backup")) == {}
    assert runs(tools) == [("backup", "done")]
    with unit_of_work(tools.engine) as uow:
        result = uow.session.scalars(select(JobRun.result)).one()
    assert (result["lacking"], result["removed"], result["rows"] > 50) == (0, 0, True)


def test_a_failed_one_is_noted_and_tried_again(tools: Tools, office: Office, tmp_path: Path) -> None:
    """Where the folder cannot be made; a process that is told to end notes nothing."""
    (tmp_path / "file").write_bytes(b"")
    broken = into(tools, tmp_path / "file" / "backup")
    assert set(run_due(broken, job("backup")).values()) == {Outcome.FAILED}
    assert runs(tools) == [("backup", "failed")]
    with unit_of_work(tools.engine) as uow:
        uow.begin_write()
        uow.session.execute(JobRun.__table__.delete())
        uow.commit()
    ending = into(tools, tmp_path / "backup")
    ending.stopping.set()
    assert run_period(ending, job("backup"), "2026-11-23") is Outcome.FAILED
    assert runs(tools) == [("backup", "failed")]
