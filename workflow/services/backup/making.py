"""Make a backup: the tables of one moment, then the stored files that they name, then the list of contents.

The read transaction lasts as long as the tables take, not the files. A stored file that the program itself lost or
has damaged does not keep the rest from being saved: it is named.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import version

from workflow.adapters.backup_folder import FILES, BackupFolder
from workflow.adapters.blobs import BlobDamaged, BlobMissing, Blobs
from workflow.domain.backup import BackupError, Finding, Flaw, Manifest, TableSum, name_at, superseded, written
from workflow.store import backup as store
from workflow.store import blobs as named_files
from workflow.store import migrate
from workflow.store.session import Engine, UnitOfWork, unit_of_work

Stopping = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Made:
    """A finished backup. `copied`: stored files that were not in the folder before."""

    manifest: Manifest
    copied: int
    removed: tuple[str, ...]


def make(
    uow: UnitOfWork, *, folder: BackupFolder, blobs: Blobs, now: dt.datetime, recheck: bool = False,
    stopping: Stopping = lambda: False,
) -> Made:  # fmt: skip
    """Write a backup into the folder, then remove those that it supersedes. Raises `BackupError`.

    Nothing of it counts before its list of contents is written; a broken one is cleared away, by the next at the
    latest.
    """
    return uow.compute(_write_backup, uow.engine, folder, blobs, now, recheck, stopping)


def _write_backup(
    engine: Engine, folder: BackupFolder, blobs: Blobs, now: dt.datetime, recheck: bool, stopping: Stopping
) -> Made:
    name = name_at(now)
    try:
        folder.make()
        with folder.alone():
            folder.begin(name)
            try:
                manifest, copied = _Making(engine, folder, blobs, name, stopping).everything(now, recheck=recheck)
                folder.finish(name, written(manifest))
            except BaseException:
                folder.remove(name)
                raise
            removed = tuple(superseded(folder.names()))
            for old in removed:
                folder.remove(old)
    except OSError as error:
        raise BackupError(
            "backup_not_written", folder=str(folder.root), reason=error.strerror or str(error)
        ) from error
    return Made(manifest, copied, removed)


@dataclass(slots=True)
class _Making:
    engine: Engine
    folder: BackupFolder
    blobs: Blobs
    name: str
    stopping: Stopping

    def everything(self, now: dt.datetime, *, recheck: bool) -> tuple[Manifest, int]:
        """Tables and list of files of one moment; then the files."""
        with store.snapshot(self.engine) as snapshot:
            revision = snapshot.revision()
            if revision != migrate.head():
                raise BackupError("backup_before_migrating", at=revision, newest=migrate.head())
            tables = tuple(self._table(snapshot, table) for table in store.tables())
            listed = self._list(snapshot)
        copied, size, lacking = self._files(recheck=recheck)
        manifest = Manifest(
            name=self.name, made_at=now, program=version("trinhky"), revision=revision, database=snapshot.kind,
            tables=tables, files=listed, file_bytes=size, lacking=tuple(lacking),
        )  # fmt: skip
        return manifest, copied

    def _table(self, snapshot: store.Snapshot, table: store.Table) -> TableSum:
        go_on(self.stopping)
        with self.folder.writing(self.name, table.name) as writer:
            writer.write(store.names(table))
            for row in snapshot.rows(table):
                writer.write(row)
        return writer.sums(snapshot.last_key(table))

    def _list(self, snapshot: store.Snapshot) -> TableSum:
        with self.folder.writing(self.name, FILES) as writer:
            writer.write(["sha256", "size"])
            for sha256, size in snapshot.files():
                writer.write([sha256, size])
        return writer.sums()

    def _files(self, *, recheck: bool) -> tuple[int, int, list[Finding]]:
        copied, total = 0, 0
        lacking: list[Finding] = []
        for sha256, size in listed_files(self.folder, self.name):
            go_on(self.stopping)
            total += size
            try:
                copied += self.folder.keep_file(self.blobs, sha256, size, recheck=recheck)
            except BlobMissing:
                if self._still_named(sha256):
                    lacking.append(Finding(Flaw.SOURCE_MISSING, sha256))
                else:
                    raise BackupError("backup_overtaken", sha256=sha256) from None
            except BlobDamaged:
                lacking.append(Finding(Flaw.SOURCE_CHANGED, sha256))
        return copied, total, lacking

    def _still_named(self, sha256: str) -> bool:
        """The night's clearing may have taken a file away since the tables were read: then they are read again."""
        with unit_of_work(self.engine) as uow:
            return sha256 in named_files.named(uow.session, [sha256])


def listed_files(folder: BackupFolder, name: str) -> Iterator[tuple[str, int]]:
    """(SHA-256, size) of every stored file of a backup."""
    rows = folder.rows(name, FILES)
    next(rows, None)
    return ((str(sha256), int(size)) for sha256, size in rows)


def go_on(stopping: Stopping) -> None:
    """Unless the process is told to end."""
    if stopping():
        raise BackupError("backup_stopped")
