"""`trinhky backup`, `restore` and `drill` as a shell runs them."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from tests.support import engines, shelling
from tests.support.office import NOON, build
from workflow.adapters.backup_folder import BackupFolder
from workflow.adapters.blobs import open_blobs
from workflow.cli import main
from workflow.store.models import BackupRun, Blob, LoginSession
from workflow.store.session import unit_of_work


@pytest.fixture
def blobs(sqlite_url: str, tmp_path: Path) -> Path:
    """An office with one file of 100 kB and somebody logged in."""
    place = tmp_path / "blobs"
    with engines.lent(sqlite_url) as engine:
        build(engine)
        with unit_of_work(engine) as uow:
            uow.begin_write()
            data = bytes(range(256)) * 400
            uow.add(Blob(sha256=open_blobs(str(place)).put(data), size=len(data), media_type="", created_at=NOON))
            uow.add(
                LoginSession(
                    id_hash="a" * 64, account_id=1, created_at=NOON, seen_at=NOON, address="", browser="",
                    challenge="",
                )
            )  # fmt: skip
            uow.commit()
    return place


def run(words: list[str], database: str, blobs: Path) -> Result:
    """In this process: what a shell would see."""
    env = {"TRINHKY_DATABASE_URL": database, "TRINHKY_BLOB_URL": str(blobs), "TRINHKY_SECRET_KEY": "k" * 40}
    return CliRunner().invoke(main, words, env=env)


def runs(url: str) -> list[tuple[str, str, list[str]]]:
    """What is told on the administrators' page."""
    with engines.lent(url) as engine, unit_of_work(engine) as uow:
        rows = uow.session.scalars(select(BackupRun).order_by(BackupRun.id))
        return [(row.kind, row.state, [one["flaw"] for one in row.findings]) for row in rows]


def test_save_try_and_put_back(sqlite_url: str, sqlite_template: Path, blobs: Path, tmp_path: Path) -> None:
    """Said in one line each; nobody stays logged in; what is wrong ends with 1 and its name."""
    folder = tmp_path / "backup"
    saved = run(["backup", str(folder)], sqlite_url, blobs)
    assert (saved.exit_code, saved.stderr) == (0, "")
    assert "1 files (1 new)" in saved.stdout
    assert "Not in it: TRINHKY_SECRET_KEY" in saved.stdout
    tried = run(["drill", str(folder)], sqlite_url, blobs)
    assert (tried.exit_code, "every file is whole" in tried.stdout) == (0, True), tried.stderr
    other = tmp_path / "other.db"
    other.write_bytes(sqlite_template.read_bytes())
    back = run(["restore", str(folder)], f"sqlite:///{other}", tmp_path / "files")
    assert (back.exit_code, back.stderr) == (0, "")
    assert "1 open logins ended" in back.stdout
    again = run(["restore", str(folder)], f"sqlite:///{other}", tmp_path / "files")
    assert (again.exit_code, "not empty\n  " in again.stderr) == (1, True)
    next((folder / "files").rglob("*/*/*")).write_bytes(b"x")
    found = run(["drill", str(folder)], sqlite_url, blobs)
    assert (found.exit_code, "a stored file is damaged: " in found.stdout) == (1, True)
    assert runs(sqlite_url) == [
        ("backup", "done", []), ("drill", "done", []), ("drill", "flawed", ["file_changed"]),
    ]  # fmt: skip
    with engines.lent(f"sqlite:///{other}") as engine, unit_of_work(engine) as uow:
        assert [row.ended_because for row in uow.session.scalars(select(LoginSession))] == ["restored"]


def test_a_full_disk_is_said_and_leaves_nothing(sqlite_url: str, blobs: Path, tmp_path: Path) -> None:
    """Neither half a backup nor half a file is kept; that it failed is told where there is room."""
    folder = tmp_path / "backup"
    full = shelling.run(["backup", str(folder)], sqlite_url, blobs, largest_file=50_000)
    assert full.returncode == 1
    assert f"Error: nothing was kept in {folder}: " in full.stderr
    assert BackupFolder(folder).names() == []
    assert [path.name for path in folder.rglob("*") if path.is_file()] == ["lock"]
    nowhere = run(["backup", "/proc/nowhere"], sqlite_url, blobs)
    assert (nowhere.exit_code, "nothing was kept in /proc/nowhere: " in nowhere.stderr) == (1, True)
    assert runs(sqlite_url)[-1] == ("backup", "failed", ["not_written"])
