"""A backup that is older than its rule is told, and so is one that was broken off or lies where it should not."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from tests.support import engines
from workflow.checks import Installation, Level, backups
from workflow.config import Settings
from workflow.store.models import BackupRun
from workflow.store.session import unit_of_work

HOUR = dt.timedelta(hours=1)


def ran(url: str, kind: str, state: str, *, age: dt.timedelta) -> None:
    """One that began so long ago."""
    began = dt.datetime.now(dt.UTC) - age
    with engines.lent(url) as engine, unit_of_work(engine) as uow:
        uow.begin_write()
        findings = [] if state == "done" else [{"flaw": "file_missing", "what": "x", "detail": ""}]
        uow.add(
            BackupRun(kind=kind, state=state, folder="/b", started_at=began, finished_at=began, findings=findings)
        )
        uow.commit()


def told(url: str, folder: str = "") -> list[tuple[Level, str]]:
    """What doctor says."""
    at = Installation(
        settings=Settings(database_url=url, blob_url="s3://x/y", secret_key="", backup=folder), environ={}
    )
    return [(one.level, one.sentence) for one in backups.age(at)]


def test_the_age_of_the_last_ones(sqlite_url: str) -> None:
    """None set up; late; in time; the last drill found something, the last backup was broken off."""
    ((level, sentence),) = told(sqlite_url)
    assert (level, "TRINHKY_BACKUP" in sentence) == (Level.WARN, True)
    assert [level for level, _sentence in told(sqlite_url, "/b")] == [Level.WARN, Level.WARN]
    ran(sqlite_url, "backup", "done", age=31 * HOUR)
    ran(sqlite_url, "drill", "done", age=7 * 24 * HOUR)
    first, second = told(sqlite_url, "/b")
    assert (first[0], "one is due every night" in first[1], second[0]) == (Level.WARN, True, Level.FINE)
    ran(sqlite_url, "backup", "done", age=20 * HOUR)
    assert [level for level, _sentence in told(sqlite_url, "/b")] == [Level.FINE, Level.FINE]
    ran(sqlite_url, "drill", "flawed", age=HOUR)
    ran(sqlite_url, "backup", "failed", age=HOUR)
    levels = [level for level, _sentence in told(sqlite_url, "/b")]
    assert levels == [Level.FINE, Level.FINE, Level.WARN, Level.WARN]


def test_where_they_lie(tmp_path: Path) -> None:
    """Not there, open to others, on the disk of the files."""

    def said(folder: Path) -> list[str]:
        settings = Settings(database_url="", blob_url=str(tmp_path), secret_key="", backup=str(folder))
        return [one.sentence for one in backups.place(Installation(settings=settings, environ={}))]

    assert "is not there" in said(tmp_path / "none")[0]
    (tmp_path / "open").mkdir(mode=0o755)
    (tmp_path / "open").chmod(0o755)
    assert ["chmod 700" in one for one in said(tmp_path / "open")] == [True, False]
    (tmp_path / "open").chmod(0o700)
    (only,) = said(tmp_path / "open")
    assert "takes both" in only
