"""Backups: what their list of contents says, what can be wrong with one, when one is too old or superseded."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from workflow.domain.errors import WorkflowError

FORMAT = 1
"""Of the files of a backup; another one is refused."""

BACKUP_AGE = dt.timedelta(hours=30)
"""A backup is made each night; a morning later the missing one is missed."""
DRILL_AGE = dt.timedelta(days=8)
"""A drill is made each week."""

NEWEST_KEPT = 14
"""So many stay; of those before, the last one of each month."""

NAME = "%Y-%m-%dT%H%M%SZ"
"""A backup is called by its moment, so that names sort by age."""


class BackupError(WorkflowError):
    """A backup could not be written, read or put back."""


class Kind(StrEnum):
    """What was done."""

    BACKUP = "backup"
    DRILL = "drill"


class State(StrEnum):
    """How it ended."""

    DONE = "done"
    FLAWED = "flawed"
    """A backup that lacks something, a drill that found something."""
    FAILED = "failed"
    """Broken off: there is nothing to use."""


class Flaw(StrEnum):
    """What can be wrong with a backup."""

    NONE_WHOLE = "none_whole"
    """The folder holds no finished backup."""
    NOT_WRITTEN = "not_written"
    """It could not be written: no room, no right, no folder."""
    LIST_CHANGED = "list_changed"
    """The list of contents is not what was written."""
    OTHER_VERSION = "other_version"
    """It belongs to another version of the program."""
    TABLE_MISSING = "table_missing"
    TABLE_CHANGED = "table_changed"
    """The file of a table is not the one that was written."""
    ROWS_DIFFER = "rows_differ"
    """The file of a table holds more or fewer rows than were written."""
    NOT_LOADED = "not_loaded"
    """The database refuses the rows of a table."""
    CAME_BACK_OTHERWISE = "came_back_otherwise"
    """The rows read back from the restored database are not the ones that were written."""
    REFERENCE_BROKEN = "reference_broken"
    """A row refers to one that is not there."""
    JOURNAL_BROKEN = "journal_broken"
    """A chain of the journal does not hold."""
    FILE_MISSING = "file_missing"
    """A stored file is not in the backup."""
    FILE_CHANGED = "file_changed"
    """A stored file has other bytes than its name says."""
    SOURCE_MISSING = "source_missing"
    """The program itself had lost a stored file when the backup was made."""
    SOURCE_CHANGED = "source_changed"
    """The program's own copy of a stored file was damaged when the backup was made."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong: `what` it is wrong with, and what is known besides."""

    flaw: Flaw
    what: str = ""
    detail: str = ""

    def as_json(self) -> dict[str, str]:
        """To be stored."""
        return {"flaw": str(self.flaw), "what": self.what, "detail": self.detail}


@dataclass(frozen=True, slots=True)
class TableSum:
    """One table. `sha256` is of its file, `content` of its rows before compression: the same on every database.

    `last_key`: the highest key ever given, where the database counts them.
    """

    name: str
    rows: int
    size: int
    sha256: str
    content: str
    last_key: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """The list of contents, written last: a backup without one is none.

    Stored files have their names from their SHA-256; the list of those names is a file like a table's (`files`).
    """

    name: str
    made_at: dt.datetime
    program: str
    revision: str
    database: str
    tables: tuple[TableSum, ...]
    files: TableSum
    file_bytes: int
    lacking: tuple[Finding, ...] = ()
    """Stored files that the program itself had lost, or had damaged, when the backup was made."""

    @property
    def rows(self) -> int:
        """Of all tables."""
        return sum(table.rows for table in self.tables)

    @property
    def size(self) -> int:
        """Bytes of the tables and of every file they name."""
        return sum(table.size for table in self.tables) + self.files.size + self.file_bytes


def written(manifest: Manifest) -> bytes:
    """The text of the list, with its own SHA-256."""
    body = asdict(manifest) | {
        "format": FORMAT,
        "made_at": manifest.made_at.astimezone(dt.UTC).isoformat(),
        "lacking": [one.as_json() for one in manifest.lacking],
    }
    return json.dumps({"sha256": _digest(body), "manifest": body}, ensure_ascii=False, indent=1).encode()


def read(data: bytes) -> Manifest:
    """The list back from its text. Raises `BackupError` where it is not what was written."""
    try:
        told = json.loads(data)
        body = told["manifest"]
        if told["sha256"] != _digest(body):
            raise BackupError("backup_list_changed")
        if body["format"] != FORMAT:
            raise BackupError("backup_of_another_format", format=body["format"], known=FORMAT)
        return _manifest(body)
    except (ValueError, KeyError, TypeError) as error:
        raise BackupError("backup_list_changed") from error


def _digest(body: Mapping[str, Any]) -> str:
    plain = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(plain.encode()).hexdigest()


def _manifest(body: Mapping[str, Any]) -> Manifest:
    return Manifest(
        name=body["name"],
        made_at=dt.datetime.fromisoformat(body["made_at"]),
        program=body["program"],
        revision=body["revision"],
        database=body["database"],
        tables=tuple(TableSum(**one) for one in body["tables"]),
        files=TableSum(**body["files"]),
        file_bytes=body["file_bytes"],
        lacking=tuple(Finding(Flaw(one["flaw"]), one["what"], one["detail"]) for one in body["lacking"]),
    )


def name_at(moment: dt.datetime) -> str:
    """What a backup of this moment is called."""
    return moment.astimezone(dt.UTC).strftime(NAME)


def is_late(kind: Kind, last: dt.datetime | None, *, now: dt.datetime) -> bool:
    """Is the last one older than its rule?"""
    return last is None or now - last > (BACKUP_AGE if kind is Kind.BACKUP else DRILL_AGE)


def superseded(names: Collection[str]) -> Sequence[str]:
    """Of finished backups those that later ones replace: all but the newest 14 and the last of each month."""
    ordered = sorted(names)
    last_of_month = {name[:7]: name for name in ordered}
    return [name for name in ordered[:-NEWEST_KEPT] if last_of_month[name[:7]] != name]
