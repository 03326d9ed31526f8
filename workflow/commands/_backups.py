"""What the three commands about backups say, and how they note what came of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import click

from workflow.adapters.backup_folder import BackupFolder
from workflow.config import Settings
from workflow.domain.backup import BackupError, Finding, Flaw

SENTENCES = {
    "backup_running": "another backup, drill or restore is at work in {folder}",
    "backup_folder_of_another": "{place} belongs to another user: run this as its owner, or chown it",
    "backup_folder_open": "others may write to {place}: look what they put there, then chmod -R go-w",
    "backup_folder_linked": "{place} is a link, or not what should be there: links in DIR are not followed",
    "backup_not_found": "there is no finished backup {name}",
    "backup_not_written": "nothing was kept in {folder}: {reason}",
    "backup_of_this_second": "a backup {name} is there already",
    "backup_before_migrating": "the database is at {at}, this version needs {newest}: run `trinhky migrate` first",
    "backup_overtaken": "file {sha256} was cleared away meanwhile: run the backup again",
    "backup_stopped": "the process was told to end",
    "backup_list_changed": "the backup's list of contents is not what was written",
    "backup_of_another_format": "the backup's files have format {format}, this version reads {known}",
    "backup_of_another_version": "it is of revision {revision} (program {program}), this version has {ours}: "
    "restore it with the version that made it, then migrate",
    "backup_file_unreadable": "the stored file {sha256} cannot be read, or is not what it was a moment ago",
    "backup_table_unreadable": "the file of table {table} cannot be unpacked",
    "backup_columns_differ": "table {table} has other columns",
    "backup_rows_refused": "the database refuses a row of {table}: {reason}",
    "backup_rows_differ": "table {table} holds {rows} rows after loading, {written} were written",
    "backup_rows_changed": "the rows of table {table} are not the ones that were written",
    "drill_not_done": "the drill could not be done: {reason}",
    "restore_before_migrating": "the database to fill is at {at}, this version needs {newest}: migrate it first",
    "restore_not_owner": "only the owner of the tables may restore: give its URL by --database",
    "restore_not_empty": "the database to fill is not empty",
    "backup_references_broken": "rows refer to rows that are not there",
    "backup_damaged": "the backup is damaged; nothing was written",
}

FLAWS = {
    Flaw.NONE_WHOLE: "no finished backup in",
    Flaw.NOT_WRITTEN: "not done",
    Flaw.LIST_CHANGED: "the list of contents is not what was written",
    Flaw.OTHER_VERSION: "of another version",
    Flaw.TABLE_MISSING: "the file of a table is missing",
    Flaw.TABLE_CHANGED: "the file of a table is not the one that was written",
    Flaw.ROWS_DIFFER: "rows found / written",
    Flaw.NOT_LOADED: "the database refuses rows of",
    Flaw.CAME_BACK_OTHERWISE: "rows came back otherwise",
    Flaw.REFERENCE_BROKEN: "a row refers to one that is not there",
    Flaw.JOURNAL_BROKEN: "the journal's chain does not hold",
    Flaw.FILE_MISSING: "a stored file is missing",
    Flaw.FILE_CHANGED: "a stored file is damaged",
    Flaw.SOURCE_MISSING: "the program had lost this stored file already",
    Flaw.SOURCE_CHANGED: "the program's own copy of this stored file was damaged already",
}

SECRETS = "Not in it: TRINHKY_SECRET_KEY and the other settings, keys of the seal process. Keep them elsewhere."


def now() -> dt.datetime:
    """The wall clock of this door."""
    return dt.datetime.now(dt.UTC)


def folder_of(given: str | None, settings: Settings) -> BackupFolder:
    """The folder named on the command line, else by TRINHKY_BACKUP."""
    if not (given or settings.backup):
        raise click.ClickException("name a folder, or set TRINHKY_BACKUP")
    return BackupFolder(Path(given or settings.backup))


def refuse(error: BackupError) -> click.ClickException:
    """A sentence, and below it what it is about."""
    words = SENTENCES.get(error.code, str(error)).format(**error.details)
    found = error.details.get("findings", ())
    lines = [line(one) for one in found] if isinstance(found, list) else []
    for key in ("tables", "references"):
        named = error.details.get(key)
        lines += [str(one) for one in named] if isinstance(named, list) else []
    return click.ClickException("\n  ".join([words, *lines]))


def line(one: Finding) -> str:
    """One finding."""
    return f"{FLAWS[one.flaw]}: {one.what} {one.detail}".rstrip(" :")


def try_noting(note: Callable[[], None]) -> None:
    """What is told on the page; a backup is no worse for want of it."""
    try:
        note()
    except Exception as error:  # noqa: BLE001  a door: the disk may be full, the database away
        first = (str(error).strip() or type(error).__name__).splitlines()[0]
        click.echo(f"not noted for the administrators' page: {first}", err=True)


def megabytes(size: int) -> str:
    """`12.3 MB`."""
    return f"{size / 1_000_000:,.1f} MB"
