"""A backup is for its owner alone, copies a file once, names what was lost, and counts only when it is finished."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.services.backup.conftest import Saved
from tests.support import engines, saved, shelling
from tests.support.office import NOON, build
from workflow.adapters.backup_folder import SCRATCH, BackupFolder
from workflow.adapters.blobs import Blobs, open_blobs
from workflow.domain.backup import BackupError, Finding, Flaw
from workflow.services.backup.drilling import drill
from workflow.store import backup as store
from workflow.store.models import Blob, Outbox
from workflow.store.session import unit_of_work

HOUR = dt.timedelta(hours=1)


@pytest.fixture
def office(sqlite_url: str) -> Iterator[Engine]:
    """A database where it does not matter which."""
    with engines.lent(sqlite_url) as made:
        yield made


@pytest.fixture
def blobs(tmp_path: Path) -> Blobs:
    """A store of files."""
    return open_blobs(str(tmp_path / "blobs"))


@pytest.fixture
def target(tmp_path: Path) -> BackupFolder:
    """Where backups go."""
    return BackupFolder(tmp_path / "backup")


def named(engine: Engine, blobs: Blobs, *contents: bytes) -> list[str]:
    """Files that rows name."""
    with unit_of_work(engine) as uow:
        uow.begin_write()
        keys = [blobs.put(content) for content in contents]
        for key, content in zip(keys, contents, strict=True):
            uow.add(Blob(sha256=key, size=len(content), media_type="", created_at=NOON))
        uow.commit()
    return keys


def test_nobody_else_may_read_it(saved_office: Saved) -> None:
    """Folders 0700, files 0600, whatever the process's mask."""
    modes = {
        (path.is_dir(), oct(path.stat().st_mode & 0o777))
        for path in (saved_office.folder.root, *saved_office.folder.root.rglob("*"))
    }
    assert modes == {(True, "0o700"), (False, "0o600")}


def test_a_second_backup_copies_only_new_files(office: Engine, blobs: Blobs, target: BackupFolder) -> None:
    """And the first one stays whole; `recheck` copies a damaged one again."""
    (one,) = named(office, blobs, b"one")
    assert saved.back_up(office, target, blobs).copied == 1
    (two,) = named(office, blobs, b"two")
    blobs.put(b"that no row names")
    saved.stored_file(target, one).write_bytes(b"eno")
    assert saved.back_up(office, target, blobs, now=NOON + HOUR).copied == 1
    assert drill(target).findings == (Finding(Flaw.FILE_CHANGED, one),)
    assert saved.back_up(office, target, blobs, now=NOON + 2 * HOUR, recheck=True).copied == 1
    assert drill(target).findings == drill(target, name=target.names()[0]).findings == ()
    assert {path.name for path in (target.root / "files").rglob("*/*/*")} == {one, two}


def test_what_the_program_lost_is_named_and_the_rest_saved(
    office: Engine, blobs: Blobs, target: BackupFolder, tmp_path: Path
) -> None:
    """One file is gone, one damaged; a drill tells them again."""
    gone, damaged, whole = named(office, blobs, b"gone", b"damaged", b"whole")
    next((tmp_path / "blobs").rglob(gone)).unlink()
    next((tmp_path / "blobs").rglob(damaged)).write_bytes(b"DAMAGED")
    made = saved.back_up(office, target, blobs)
    told = {Finding(Flaw.SOURCE_MISSING, gone), Finding(Flaw.SOURCE_CHANGED, damaged)}
    assert set(made.manifest.lacking) == set(drill(target).findings) == told
    assert saved.stored_file(target, whole).read_bytes() == b"whole"


def test_tables_are_of_one_moment(engine: Engine) -> None:
    """What others commit while the tables are read is not in it, and they do not wait."""
    build(engine)
    with store.snapshot(engine) as snapshot:
        before = {table.name: sum(1 for _row in snapshot.rows(table)) for table in store.tables()}
        with unit_of_work(engine) as uow:
            uow.begin_write()
            uow.add(Outbox(once_key="a", channel="app", subject="", body="", created_at=NOON, next_at=NOON))
            uow.commit()
        after = {table.name: sum(1 for _row in snapshot.rows(table)) for table in store.tables()}
    assert before == after
    with store.snapshot(engine) as snapshot:
        assert sum(1 for _row in snapshot.rows(Outbox.__table__)) == before["outbox"] + 1


def test_an_unfinished_backup_is_none(office: Engine, blobs: Blobs, target: BackupFolder) -> None:
    """Told to stop, it leaves nothing; what a killed one left is no backup, and the next one clears it away."""
    named(office, blobs, b"one")
    left = iter([False] * 20)
    with pytest.raises(BackupError, match="backup_stopped"):
        saved.back_up(office, target, blobs, stopping=lambda: next(left, True))
    assert target.names() == []
    assert {one.name for one in target.root.iterdir()} == {"lock"}
    target.begin("2026-11-22T180000Z")
    killed = target.root / "2026-11-22T180000Z" / "tables"
    (killed / "outgoing.jsonl.gz").write_bytes(b"half")
    assert target.names() == []
    made = saved.back_up(office, target, blobs)
    assert target.names() == [made.manifest.name]
    assert not killed.exists()


@pytest.mark.parametrize("planted", ["lock", "files", "files/ab", "2026-11-22T180000Z"])
def test_links_in_the_folder_are_not_followed(
    office: Engine, blobs: Blobs, target: BackupFolder, tmp_path: Path, planted: str
) -> None:
    """Somebody laid one there that leads to the database, or to a folder with something of ours in it."""
    elsewhere = tmp_path / "elsewhere" / "ab" / "cd"
    elsewhere.mkdir(parents=True)
    precious = elsewhere / "precious.partial"
    precious.write_bytes(b"rows")
    where = {"lock": precious, "files/ab": elsewhere.parent}.get(planted, tmp_path / "elsewhere")
    target.make()
    (target.root / planted).parent.mkdir(mode=0o700, exist_ok=True)
    (target.root / planted).symlink_to(where)
    named(office, blobs, *(str(number).encode() for number in range(9)))
    with pytest.raises(BackupError, match="backup_folder_linked") as refusal:
        saved.back_up(office, target, blobs)
    assert refusal.value.details["place"] == str(target.root / planted)
    assert precious.read_bytes() == b"rows"
    assert target.names() == []


def test_a_folder_that_others_write_to_is_refused(office: Engine, blobs: Blobs, target: BackupFolder) -> None:
    """The folder itself, and one below it; both for a backup and for a restore."""
    (one,) = named(office, blobs, b"one")
    saved.back_up(office, target, blobs)
    for place in (target.root, saved.stored_file(target, one).parent):
        place.chmod(0o770)
        for act in (saved.back_up, lambda *_all: drill(target), lambda *_all: target.still().__enter__()):
            with pytest.raises(BackupError, match="backup_folder_open") as refusal:
                act(office, target, blobs)
            assert refusal.value.details["place"] == str(place)
        place.chmod(0o700)
    if os.geteuid() == 0:
        os.chown(target.root, 65534, 65534)
        with pytest.raises(BackupError, match="backup_folder_of_another"):
            saved.back_up(office, target, blobs)


def test_what_only_looks_like_a_leftover_stays(
    office: Engine, blobs: Blobs, target: BackupFolder, tmp_path: Path
) -> None:
    """Whatever its name is: a folder that is not a drill's, a file and a link that are called like a drill's."""
    target.make()
    theirs = target.root / "drill-minutes" / "2026"
    theirs.mkdir(parents=True)
    (target.root / f"{SCRATCH}file").write_bytes(b"")
    (target.root / f"{SCRATCH}link").symlink_to(tmp_path)
    (target.root / f"{SCRATCH}dead").mkdir()
    assert saved.back_up(office, target, blobs).manifest.name in target.names()
    assert {one.name for one in target.root.iterdir() if "drill" in one.name} == {
        "drill-minutes", f"{SCRATCH}file", f"{SCRATCH}link",
    }  # fmt: skip
    assert theirs.is_dir()
    assert tmp_path.is_dir()


def test_the_list_does_not_outlive_the_files_it_names(
    office: Engine, blobs: Blobs, target: BackupFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each new folder and each folder with a new name in it is on the disk before the list of contents is one;
    also where the one before was killed and its files are not copied again."""
    synced: set[str] = set()
    sync = os.fsync

    def watched(handle: int) -> None:
        if not target.names():
            synced.add(os.readlink(f"/proc/self/fd/{handle}"))
        sync(handle)

    monkeypatch.setattr(os, "fsync", watched)
    (one,) = named(office, blobs, b"one")
    target = BackupFolder(target.root / "deep")
    leaf = saved.stored_file(target, one).parent
    below = {str(leaf), *(str(leaf.parents[up]) for up in range(4))}
    made = saved.back_up(office, target, blobs)
    assert below | {str(target.root.parent.parent)} <= synced
    (target.root / made.manifest.name / "manifest.json").unlink()
    synced.clear()
    assert saved.back_up(office, BackupFolder(target.root), blobs, now=NOON + HOUR).copied == 0
    assert below - {str(target.root.parent)} <= synced


def test_one_at_a_time(office: Engine, blobs: Blobs, target: BackupFolder) -> None:
    """A second process is refused and takes nothing of the first one's for leftovers."""
    target.make()
    with target.alone():
        target.begin("2026-11-22T180000Z")
        with pytest.raises(BackupError, match="backup_running"):
            saved.back_up(office, target, blobs)
        with pytest.raises(BackupError, match="backup_running"), target.still():
            pass
        assert (target.root / "2026-11-22T180000Z").is_dir()
    with target.still(), target.still(), pytest.raises(BackupError, match="backup_running"), target.alone():
        pass


def test_a_killed_process_leaves_no_backup(
    office: Engine, sqlite_url: str, blobs: Blobs, target: BackupFolder, tmp_path: Path
) -> None:
    """It is killed while it waits for a stored file (a pipe that nobody writes to), its tables already on the disk:
    the backup before stays the newest, and the next one is whole."""
    named(office, blobs, b"one")
    first = saved.back_up(office, target, blobs).manifest.name
    (two,) = named(office, blobs, b"two")
    place = next((tmp_path / "blobs").rglob(two))
    place.unlink()
    os.mkfifo(place)
    shelling.killed_when(
        ["backup", str(target.root)], sqlite_url, tmp_path / "blobs",
        lambda: len(list(target.root.glob("*/files.jsonl.gz"))) == 2,
    )  # fmt: skip
    assert len(list(target.root.glob("2*"))) == 2
    assert target.names() == [first]
    place.unlink()
    place.write_bytes(b"two")
    again = saved.back_up(office, target, blobs, now=NOON + HOUR)
    assert (again.copied, target.names()) == (1, [first, again.manifest.name])
    assert drill(target).findings == ()
