"""A backup comes back whole, on the same kind of database and on the other one; else nothing is written."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, func, select, text
from sqlalchemy.exc import DatabaseError

from tests.services.backup.conftest import Saved
from tests.support import engines, saved
from tests.support.lending import Lending
from tests.support.office import NOON
from tests.support.shape import shape
from workflow.adapters.backup_folder import BackupFolder
from workflow.adapters.blobs import open_blobs
from workflow.domain.backup import BackupError, Finding, Flaw
from workflow.services import search
from workflow.services.backup import restoring
from workflow.services.backup.making import listed_files
from workflow.services.journal import verify_subject
from workflow.store.models import Outbox, Outgoing, SearchText, Unit
from workflow.store.session import unit_of_work


def write_search(engine: Engine) -> list[tuple[object, ...]]:
    """What search looks in, written anew; by document, without the words that each database cuts for itself."""
    with unit_of_work(engine) as uow:
        search.rebuild(uow)
        while search.write_some(uow, now=NOON, limit=100)[0]:
            pass
        uow.commit()
    return searched(engine)


def searched(engine: Engine) -> list[tuple[object, ...]]:
    with unit_of_work(engine) as uow:
        columns = (SearchText.kind, SearchText.document_id, SearchText.text, SearchText.day, SearchText.waiting)
        return sorted(map(tuple, uow.session.execute(select(*columns))))


def test_sqlite_to_sqlite(saved_office: Saved, sqlite_url: str, tmp_path: Path) -> None:
    """Every row, every file, what search finds; chains hold and what only grows still does."""
    blobs = open_blobs(str(tmp_path / "files"))
    with engines.lent(sqlite_url) as engine:
        manifest = restoring.restore(engine, folder=saved_office.folder, blobs=blobs)
        assert saved.held(engine) == saved.held(saved_office.engine)
        assert saved.texts_of_json(engine) == saved.texts_of_json(saved_office.engine)
        assert write_search(engine) == searched(saved_office.engine)
        with unit_of_work(engine) as uow:
            for document in uow.session.scalars(select(Outgoing)):
                report = verify_subject(uow, f"outgoing:{document.id}")
                assert (report.broken, report.head) == (None, document.chain_head)
            assert uow.session.scalar(text("PRAGMA foreign_keys")) == 1
        for table in ("journal", "history", "verdict", "register_number"):
            with pytest.raises(DatabaseError, match="append-only"), engine.begin() as connection:
                connection.execute(text(f"DELETE FROM {table}"))
    names = [sha256 for sha256, _size in listed_files(saved_office.folder, manifest.name)]
    assert len(names) >= 5
    assert all(blobs.get(one) == saved_office.blobs.get(one) for one in names)
    assert manifest.rows > 700
    assert sum(1 for one in manifest.tables if one.rows) > 45


@pytest.fixture
def two(postgresql_lending: Lending) -> Iterator[tuple[Engine, Engine]]:
    """Two PostgreSQL databases."""
    with ExitStack() as stack:
        urls = [stack.enter_context(postgresql_lending.lent()) for _n in range(2)]
        first, second = (stack.enter_context(engines.lent(url)) for url in urls)
        yield first, second


@pytest.mark.postgresql
def test_to_postgresql_and_on_and_back(
    saved_office: Saved, two: tuple[Engine, Engine], sqlite_url: str, tmp_path: Path
) -> None:
    """SQLite → PostgreSQL → PostgreSQL, and → SQLite: the same rows each time, in the shape that migrations make;
    keys go on after the last one that was ever given."""
    first, second = two
    blobs = open_blobs(str(tmp_path / "files"))
    with first.connect() as connection:
        before = shape(connection)
    restoring.restore(first, folder=saved_office.folder, blobs=blobs)
    assert saved.held(first) == saved.held(saved_office.engine)
    assert saved.texts_of_json(first) == saved.texts_of_json(saved_office.engine)
    with first.connect() as connection:
        assert shape(connection) == before
    assert write_search(first) == searched(saved_office.engine)
    last = given_and_taken_back(first)
    folder = BackupFolder(tmp_path / "second")
    made = saved.back_up(first, folder, blobs)
    assert made.manifest.database == "postgresql"
    assert saved.contents(made.manifest) == saved.contents(saved_office.made.manifest)
    restoring.restore(second, folder=folder, blobs=open_blobs(str(tmp_path / "third")))
    assert saved.held(second) == saved.held(first)
    assert next_key(second) == last + 1
    with engines.lent(sqlite_url) as engine:
        restoring.restore(engine, folder=folder, blobs=open_blobs(str(tmp_path / "fourth")))
        assert saved.held(engine) == saved.held(saved_office.engine)
    for table in ("journal", "history", "verdict", "register_number"):
        with pytest.raises(DatabaseError, match="append-only"), second.begin() as connection:
            connection.execute(text(f"DELETE FROM {table}"))


def given_and_taken_back(engine: Engine) -> int:
    """A key that was given to a row which is gone."""
    with unit_of_work(engine) as uow:
        key = new_message(uow)
        uow.session.execute(text("DELETE FROM outbox WHERE id = :key"), {"key": key})
        uow.commit()
        return key


def next_key(engine: Engine) -> int:
    with unit_of_work(engine) as uow:
        return new_message(uow)


def new_message(uow: object) -> int:
    message = Outbox(once_key="next", channel="app", subject="", body="", created_at=NOON, next_at=NOON)
    uow.begin_write()  # type: ignore[attr-defined]
    uow.add(message)  # type: ignore[attr-defined]
    uow.flush()  # type: ignore[attr-defined]
    return message.id


def test_what_was_seeded_gives_way_and_anything_else_does_not(
    saved_office: Saved, engine: Engine, tmp_path: Path
) -> None:
    """A database that somebody began to use is left as it is; the tables that hold something are named."""
    with unit_of_work(engine) as uow:
        uow.begin_write()
        uow.add(Unit(kind="agency", name="Đã có", abbreviation="X", code="X", valid_from=NOON.date()))
        uow.commit()
    before = saved.counted(engine)
    with pytest.raises(BackupError) as refusal:
        restoring.restore(engine, folder=saved_office.folder, blobs=open_blobs(str(tmp_path / "files")))
    assert (refusal.value.code, refusal.value.details["tables"]) == ("restore_not_empty", ["unit"])
    assert saved.counted(engine) == before
    assert not list((tmp_path / "files").rglob("*/*/*"))


def test_another_version_is_refused(folder: BackupFolder, saved_office: Saved, sqlite_url: str) -> None:
    """Of the backup, and of the database to fill."""
    place = folder.root / saved_office.made.manifest.name / "manifest.json"
    told = json.loads(place.read_text())
    told["manifest"]["revision"] = "0001"
    place.write_text(json.dumps(told))
    with engines.lent(sqlite_url) as engine:
        with pytest.raises(BackupError, match="backup_list_changed"):
            restoring.restore(engine, folder=folder, blobs=saved_office.blobs)
        seal(place, told)
        with pytest.raises(BackupError, match="backup_of_another_version"):
            restoring.restore(engine, folder=folder, blobs=saved_office.blobs)
        with engine.begin() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
        with pytest.raises(BackupError, match="restore_before_migrating"):
            restoring.restore(engine, folder=saved_office.folder, blobs=saved_office.blobs)
        with pytest.raises(BackupError, match="backup_before_migrating"):
            saved.back_up(engine, BackupFolder(folder.root.parent / "other"), saved_office.blobs)


def seal(place: Path, told: dict[str, object]) -> None:
    """A list of contents with the sum that it would have had."""
    plain = json.dumps(told["manifest"], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    told["sha256"] = hashlib.sha256(plain.encode()).hexdigest()
    place.write_text(json.dumps(told))


def test_a_damaged_backup_writes_nothing(folder: BackupFolder, saved_office: Saved, sqlite_url: str) -> None:
    """Hashes are checked before the first row; each damage is named."""
    name = saved_office.made.manifest.name
    place = saved.table_file(folder, name, "journal")
    place.write_bytes(place.read_bytes()[:-9])
    sha256 = next(one for one, _size in listed_files(folder, name))
    saved.stored_file(folder, sha256).unlink()
    with engines.lent(sqlite_url) as engine:
        before = saved.counted(engine)
        with pytest.raises(BackupError) as refusal:
            restoring.restore(engine, folder=folder, blobs=open_blobs(str(folder.root.parent / "files")))
        assert saved.counted(engine) == before
    found = refusal.value.details["findings"]
    assert isinstance(found, list)
    assert {(one.flaw, one.what) for one in found} == {
        (Flaw.TABLE_CHANGED, "journal"),
        (Flaw.FILE_MISSING, sha256),
    }
    assert not list((folder.root.parent / "files").rglob("*/*/*"))


def test_rows_that_the_database_refuses_leave_nothing(
    saved_office: Saved, engine: Engine, folder: BackupFolder
) -> None:
    """A row that refers to nothing is found before the commit, on both databases."""
    manifest = saved_office.made.manifest
    damaged = saved.rewritten(folder, manifest, "blob", lambda rows: rows[:1])
    before = saved.counted(engine)
    with pytest.raises(BackupError, match="backup_references_broken"):
        restoring.load(engine, folder, damaged)
    assert saved.counted(engine) == before
    with unit_of_work(engine) as uow:
        assert uow.session.scalar(select(func.count()).select_from(Outgoing)) == 0


@pytest.mark.parametrize("table", ["journal", "files"])
def test_what_changes_after_it_was_checked_is_not_put_back(
    saved_office: Saved, sqlite_url: str, folder: BackupFolder, monkeypatch: pytest.MonkeyPatch, table: str
) -> None:
    """Another row in its place, by somebody who asks for no lock, between the look at the sums and the loading."""
    name = saved_office.made.manifest.name
    place = folder.root / name / "files.jsonl.gz" if table == "files" else saved.table_file(folder, name, table)
    look = restoring.damages

    def then_changed(*what: Any, **how: Any) -> Iterator[Finding]:
        yield from look(*what, **how)
        lines = gzip.decompress(place.read_bytes()).splitlines(keepends=True)
        changed = lines[-2] if table == "files" else lines[-1].replace(b"outgoing", b"incoming").replace(b"2", b"3")
        place.write_bytes(gzip.compress(b"".join([*lines[:-1], changed])))

    monkeypatch.setattr(restoring, "damages", then_changed)
    with engines.lent(sqlite_url) as engine:
        before = saved.counted(engine)
        with pytest.raises(BackupError, match="backup_rows_changed") as refusal:
            restoring.restore(engine, folder=folder, blobs=open_blobs(str(folder.root.parent / "out")))
        assert refusal.value.details["table"] == table
        assert saved.counted(engine) == before


def test_nobody_writes_where_one_is_put_back(
    saved_office: Saved, sqlite_url: str, folder: BackupFolder, tmp_path: Path
) -> None:
    """A backup at work keeps a restore waiting; a link is not followed; what lies there stays as it is."""
    blobs = open_blobs(str(tmp_path / "out"))
    unfinished = folder.root / "2026-11-22T180000Z"
    with engines.lent(sqlite_url) as engine:
        with folder.alone(), pytest.raises(BackupError, match="backup_running"):
            restoring.restore(engine, folder=BackupFolder(folder.root), blobs=blobs)
        unfinished.symlink_to(tmp_path)
        with pytest.raises(BackupError, match="backup_folder_linked"):
            restoring.restore(engine, folder=folder, blobs=blobs)
        unfinished.unlink()
        unfinished.mkdir(mode=0o700)
        restoring.restore(engine, folder=folder, blobs=blobs)
    assert unfinished.is_dir()
