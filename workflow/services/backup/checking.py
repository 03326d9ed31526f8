"""Look whether a backup is what was written, without putting it anywhere."""

from __future__ import annotations

from collections.abc import Iterator

from workflow.adapters.backup_folder import FILES, BackupFolder
from workflow.domain.backup import BackupError, Finding, Flaw, Manifest, TableSum, read
from workflow.services.backup.making import Stopping, go_on, listed_files
from workflow.store import backup as store
from workflow.store import migrate


def newest(folder: BackupFolder, name: str | None = None) -> str:
    """The backup that was asked for, or the newest. Raises `BackupError` where there is none."""
    names = folder.names()
    if name is None and names:
        return names[-1]
    if name is None or name not in names:
        raise BackupError("backup_not_found", name=name or str(folder.root))
    return name


def manifest_of(folder: BackupFolder, name: str) -> Manifest:
    """Its list of contents, of this version. Raises `BackupError`."""
    manifest = read(folder.manifest(name))
    if manifest.revision != migrate.head():
        raise BackupError(
            "backup_of_another_version", revision=manifest.revision, ours=migrate.head(), program=manifest.program
        )
    if manifest.name != name or {one.name for one in manifest.tables} != {one.name for one in store.tables()}:
        raise BackupError("backup_list_changed")
    return manifest


def damages(folder: BackupFolder, manifest: Manifest, *, stopping: Stopping) -> Iterator[Finding]:
    """Every file of a backup that is missing or not the one that was written: tables first, then stored files."""
    for table in (*manifest.tables, manifest.files):
        go_on(stopping)
        yield from _table(folder, manifest.name, table)
    if folder.table_sum(manifest.name, FILES) != manifest.files.sha256:
        return  # which files there should be is not known
    known = {one.what for one in manifest.lacking}
    for sha256, _size in listed_files(folder, manifest.name):
        go_on(stopping)
        if sha256 in known:
            continue
        found = folder.file_sum(sha256)
        if found != sha256:
            yield Finding(Flaw.FILE_CHANGED if found else Flaw.FILE_MISSING, sha256)


def _table(folder: BackupFolder, name: str, table: TableSum) -> Iterator[Finding]:
    found = folder.table_sum(name, table.name)
    if not found:
        yield Finding(Flaw.TABLE_MISSING, table.name)
    elif found != table.sha256:
        yield Finding(Flaw.TABLE_CHANGED, table.name)
        rows = _rows(folder, name, table.name)
        if rows is not None and rows != table.rows:
            yield Finding(Flaw.ROWS_DIFFER, table.name, f"{rows} / {table.rows}")


def _rows(folder: BackupFolder, name: str, table: str) -> int | None:
    try:
        return sum(1 for _row in folder.rows(name, table)) - 1
    except BackupError:
        return None
