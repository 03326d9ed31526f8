"""Put a backup into an empty installation of the same version: everything or nothing.

Every hash is checked before anything is written, and what is read then is compared once more before the commit. The
stored files come first, which change nothing that is there; then the rows, in one transaction; then what search
looks in, which the doors write anew.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from workflow.adapters.backup_folder import FILES, BackupFolder, RowSum
from workflow.adapters.blobs import Blobs
from workflow.domain.backup import BackupError, Finding, Flaw, Manifest, TableSum
from workflow.services.backup.checking import damages, manifest_of, newest
from workflow.store import backup as store
from workflow.store import migrate
from workflow.store.session import Engine, UnitOfWork


def restore(engine: Engine, *, folder: BackupFolder, blobs: Blobs, name: str | None = None) -> Manifest:
    """Put the newest backup back, or the named one. Raises `BackupError` and leaves the database as it was."""
    chosen = newest(folder, name)
    with folder.still():
        manifest = manifest_of(folder, chosen)
        demand_empty(engine)
        if found := list(damages(folder, manifest, stopping=lambda: False)):
            raise BackupError("backup_damaged", findings=found)
        give_back(folder, blobs, manifest)
        load(engine, folder, manifest)
    return manifest


def give_back(folder: BackupFolder, blobs: Blobs, manifest: Manifest) -> None:
    """The stored files. Raises `BackupError` where one, or the list of them, is not what was written."""
    missing = {one.what for one in manifest.lacking}
    lines = _summed(folder.rows(manifest.name, FILES), manifest.files)
    next(lines, None)
    for sha256, _size in lines:
        if sha256 not in missing:
            folder.give_back(blobs, sha256)


def settle_in(uow: UnitOfWork, *, now: dt.datetime) -> int:
    """Nobody is logged in where a backup was put back: who logged out since stays out. How many were."""
    uow.begin_write()
    return store.end_logins(uow.session, now=now)


def demand_empty(engine: Engine) -> None:
    """Of this version, without anybody's data, and ours to fill. Raises `BackupError`."""
    with store.snapshot(engine) as snapshot:
        revision = snapshot.revision()
    if revision != migrate.head():
        raise BackupError("restore_before_migrating", at=revision or "-", newest=migrate.head())
    if not store.is_owner(engine):
        raise BackupError("restore_not_owner")
    if occupied := store.occupied(engine):
        raise BackupError("restore_not_empty", tables=occupied)


def load(engine: Engine, folder: BackupFolder, manifest: Manifest) -> None:
    """The rows, and what the database makes of them is compared before the commit. Raises `BackupError`."""
    sums = {one.name: one for one in manifest.tables}
    with store.loading(engine) as into:
        for table in store.tables():
            fill(into, folder, manifest.name, table, sums[table.name])
        if broken := into.broken_references():
            raise BackupError("backup_references_broken", references=broken[:20])


def fill(into: store.Loading, folder: BackupFolder, name: str, table: store.Table, told: TableSum) -> None:
    """One table. Raises `BackupError` where its rows are not the ones that were written."""
    lines = _summed(folder.rows(name, table.name), told)
    if next(lines, None) != store.names(table):
        raise BackupError("backup_columns_differ", table=table.name)
    into.fill(table, lines)
    if (rows := into.count(table)) != told.rows:
        raise BackupError("backup_rows_differ", table=table.name, rows=rows, written=told.rows)
    into.count_on(table, told.last_key)


def _summed(lines: Iterator[list[Any]], told: TableSum) -> Iterator[list[Any]]:
    """The lines as they pass; whoever ignores the lock may have changed them since their file was checked."""
    found = RowSum()
    for line in lines:
        found.add(line)
        yield line
    if found.rows != told.rows:
        raise BackupError("backup_rows_differ", table=told.name, rows=found.rows, written=told.rows)
    if found.digest != told.content:
        raise BackupError("backup_rows_changed", table=told.name)


def differing(engine: Engine, manifest: Manifest) -> Iterator[Finding]:
    """Tables whose rows, read back as a backup would write them, are not the ones that were written."""
    sums = {one.name: one for one in manifest.tables}
    with store.snapshot(engine) as snapshot:
        for table in store.tables():
            found = RowSum()
            found.add(list(store.names(table)))
            for row in snapshot.rows(table):
                found.add(row)
            if (found.rows, found.digest) != (sums[table.name].rows, sums[table.name].content):
                yield Finding(Flaw.CAME_BACK_OTHERWISE, table.name, f"{found.rows} / {sums[table.name].rows}")
