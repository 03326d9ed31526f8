"""The administrators' page of backups: what was found, what to do, in both languages; too old is said."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.support.browser import Browser
from tests.support.office import NOON
from workflow.config import Settings
from workflow.domain.backup import Finding, Flaw
from workflow.store.models import BackupRun
from workflow.store.session import unit_of_work
from workflow.web import backup_words

HOUR = dt.timedelta(hours=1)
ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
def settings(sqlite_url: str, tmp_path: Path) -> Settings:
    """With a folder for backups."""
    return Settings(
        database_url=sqlite_url, blob_url=str(tmp_path / "blobs"), secret_key="k" * 40, backup="/srv/sao-luu"
    )


def ran(engine: Engine, kind: str, state: str, *findings: Finding, age: dt.timedelta = HOUR) -> None:
    """One that ended so."""
    began = NOON - age
    with unit_of_work(engine) as uow:
        uow.begin_write()
        uow.add(
            BackupRun(
                kind=kind, state=state, name="2026-11-23T030000Z", folder="/srv/sao-luu", started_at=began,
                finished_at=began + dt.timedelta(seconds=205), rows=12_345, files=678, copied=9, size=73_000_000,
                findings=[one.as_json() for one in findings],
            )
        )  # fmt: skip
        uow.commit()


def test_before_the_first_one(client: Browser) -> None:
    """Both are missed; it is not for others."""
    page = client.login("admin").get("/admin/backups").text
    assert "Bản sao lưu gần nhất đã quá cũ" in page
    assert "/srv/sao-luu" in page
    for other in ("leader", "far_admin"):
        assert client.login(other).get("/admin/backups").status_code == 403
    assert "/admin/backups" not in client.get("/admin").text


def test_what_was_found_and_what_to_do(client: Browser, engine: Engine) -> None:
    """The drill's findings stand first, each with its advice; sizes and times are rounded to what one reads."""
    ran(engine, "backup", "done")
    ran(
        engine,
        "drill",
        "flawed",
        Finding(Flaw.FILE_CHANGED, "ab" * 32),
        Finding(Flaw.ROWS_DIFFER, "journal", "41 / 42"),
        Finding(Flaw.JOURNAL_BROKEN, "outgoing:1", "3 gap"),
    )
    page = client.login("admin").get("/admin/backups").text
    for words in ("Một tệp trong bản sao lưu bị hỏng", "ab" * 32, "trinhky backup --recheck", "41 / 42",
                  "12.345", "73 MB", "3 phút", "mục 3: mục liền trước"):  # fmt: skip
        assert words in page, words
    assert "quá cũ" not in page
    english = client.get("/admin/backups", headers=ENGLISH).text
    for words in ("A stored file is damaged in the backup", "Something is wrong", "12,345"):
        assert words in english, words


def test_a_failed_one_does_not_count(client: Browser, engine: Engine) -> None:
    """The last that can be used is the one that is counted; the page says why the other was not made."""
    ran(engine, "backup", "done", age=40 * HOUR)
    full = Finding(Flaw.NOT_WRITTEN, "backup_not_written", "No space left on device")
    ran(engine, "backup", "failed", full)
    ran(engine, "drill", "done", age=9 * 24 * HOUR)
    page = client.login("admin").get("/admin/backups", headers=ENGLISH).text
    for words in ("The last backup is too old", "The last drill is more than a week old",
                  "It was broken off: the folder could not be written to", "No space left on device"):  # fmt: skip
        assert words in page, words


def test_every_flaw_has_words() -> None:
    """And one of another version is shown as it is stored."""
    assert set(backup_words.FLAWS) == set(Flaw)
    assert backup_words.size(0) == "0 kB"
