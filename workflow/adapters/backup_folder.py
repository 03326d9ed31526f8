"""The folder that backups lie in: one folder a backup, and one of stored files that they share.

    DIR/2026-11-23T180000Z/manifest.json      written last, by renaming: without it there is no backup
    DIR/2026-11-23T180000Z/tables/….jsonl.gz  a table's rows: a line of column names, then a line for each row
    DIR/2026-11-23T180000Z/files.jsonl.gz     SHA-256 and size of every stored file of this backup
    DIR/files/ab/cd/<sha256>                  the stored files, copied once, whichever backups name them

Everything is for its owner alone (0700, 0600): it is all that an office knows about people.
"""

from __future__ import annotations

import fcntl
import gzip
import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import orjson

from workflow.adapters.blobs import Blobs
from workflow.domain.backup import BackupError, TableSum

MANIFEST = "manifest.json"
FILES = "files"
PARTIAL = ".partial"
SCRATCH = "drill-"
_NAME = re.compile(r"\d{4}-\d\d-\d\dT\d{6}Z")
_CHUNK = 1024 * 1024
_LEVEL = 6


class BackupFolder:
    """A folder of backups."""

    def __init__(self, root: Path) -> None:
        self.root = root.absolute()

    def make(self) -> None:
        """Where it is missing it is made, for us alone; one that is there and empty becomes ours alone."""
        self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not any(self.root.iterdir()):
            self.root.chmod(0o700)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Nobody else writes here meanwhile; what somebody left unfinished is cleared away."""
        with _private(self.root / "lock", "wb") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise BackupError("backup_running", folder=str(self.root)) from error
            self._clear_leftovers()
            yield

    def _clear_leftovers(self) -> None:
        for one in self.root.iterdir():
            unfinished = _NAME.fullmatch(one.name) and not (one / MANIFEST).exists()
            if unfinished or one.name.startswith(SCRATCH):
                shutil.rmtree(one)
        for left in (self.root / FILES).glob(f"*/*/*{PARTIAL}"):
            left.unlink()

    def names(self) -> list[str]:
        """Of the finished backups, the oldest first."""
        if not self.root.is_dir():
            return []
        found = [one.name for one in self.root.iterdir() if _NAME.fullmatch(one.name)]
        return sorted(name for name in found if (self.root / name / MANIFEST).is_file())

    def manifest(self, name: str) -> bytes:
        """The list of contents as it is written. Raises `BackupError` where there is none."""
        try:
            return (self.root / name / MANIFEST).read_bytes()
        except FileNotFoundError:
            raise BackupError("backup_not_found", name=name) from None

    def begin(self, name: str) -> None:
        """Make the place of a new backup."""
        if (self.root / name).exists():
            raise BackupError("backup_of_this_second", name=name)
        self._own(self.root / name / "tables")

    @contextmanager
    def writing(self, name: str, table: str) -> Iterator[TableWriter]:
        """A table's rows, one after the other; on the disk when this ends."""
        with _private(self._table(name, table), "xb") as file:
            writer = TableWriter(table, file)
            yield writer
            writer.end()
            file.flush()
            os.fsync(file.fileno())

    def finish(self, name: str, manifest: bytes) -> None:
        """Write the list of contents: from here on it is a backup."""
        place = self.root / name / MANIFEST
        partial = place.with_suffix(PARTIAL)
        with _private(partial, "wb") as file:
            file.write(manifest)
            file.flush()
            os.fsync(file.fileno())
        for folder in (place.parent / "tables", place.parent, self.root):
            _sync(folder)
        partial.rename(place)
        _sync(place.parent)

    def remove(self, name: str) -> None:
        """A backup, finished or not; stored files stay. Its list goes first."""
        (self.root / name / MANIFEST).unlink(missing_ok=True)
        shutil.rmtree(self.root / name, ignore_errors=True)

    def keep_file(self, blobs: Blobs, sha256: str, size: int, *, recheck: bool) -> bool:
        """Copy a stored file unless it is here already; whether it was copied. `recheck`: one that is here is read,
        and copied again where it is damaged. Raises `BlobMissing` or `BlobDamaged`."""
        place = self._file(sha256)
        if place.is_file() and place.stat().st_size == size and not (recheck and self.file_sum(sha256) != sha256):
            return False
        data = blobs.get(sha256)
        self._own(place.parent)
        partial = place.with_name(sha256 + PARTIAL)
        try:
            with _private(partial, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            partial.rename(place)
        finally:
            partial.unlink(missing_ok=True)
        return True

    def give_back(self, blobs: Blobs, sha256: str) -> None:
        """Put a stored file where the program looks for it. Raises `BackupError` where it is not the one."""
        try:
            data = self._file(sha256).read_bytes()
        except OSError as error:
            raise BackupError("backup_file_unreadable", sha256=sha256) from error
        if hashlib.sha256(data).hexdigest() != sha256:
            raise BackupError("backup_file_unreadable", sha256=sha256)
        blobs.put(data)

    def file_sum(self, sha256: str) -> str:
        """The SHA-256 of a stored file's bytes; empty where there is none."""
        return _sum(self._file(sha256))

    def table_sum(self, name: str, table: str) -> str:
        """The same of a table's file."""
        return _sum(self._table(name, table))

    def rows(self, name: str, table: str) -> Iterator[list[Any]]:
        """The column names, then each row. What cannot be unpacked raises `BackupError`."""
        try:
            with gzip.open(self._table(name, table)) as file:
                for line in file:
                    yield orjson.loads(line)
        except (OSError, EOFError, ValueError) as error:
            raise BackupError("backup_table_unreadable", table=table) from error

    @contextmanager
    def scratch(self) -> Iterator[Path]:
        """A folder for a drill, on the disk that has room for it; removed afterwards."""
        with tempfile.TemporaryDirectory(prefix=SCRATCH, dir=self.root) as folder:
            yield Path(folder)

    def _own(self, folder: Path) -> None:
        """A folder below ours, each one on the way for us alone."""
        for one in (*reversed(folder.relative_to(self.root).parents), folder.relative_to(self.root)):
            (self.root / one).mkdir(mode=0o700, exist_ok=True)

    def _table(self, name: str, table: str) -> Path:
        if table == FILES:
            return self.root / name / f"{FILES}.jsonl.gz"
        return self.root / name / "tables" / f"{table}.jsonl.gz"

    def _file(self, sha256: str) -> Path:
        return self.root / FILES / sha256[:2] / sha256[2:4] / sha256


class TableWriter:
    """Rows to lines to a compressed file, with the sums of both."""

    def __init__(self, table: str, file: IO[bytes]) -> None:
        self.table = table
        self._file = _Summed(file)
        self._packed = gzip.GzipFile(filename="", mode="wb", fileobj=self._file, compresslevel=_LEVEL, mtime=0)
        self._content = RowSum()

    def write(self, row: list[Any]) -> None:
        """One line; the first one names the columns."""
        self._packed.write(self._content.add(row))

    def end(self) -> None:
        """No more rows."""
        self._packed.close()

    def sums(self, last_key: int | None = None) -> TableSum:
        """What was written."""
        return TableSum(
            self.table,
            self._content.rows,
            self._file.size,
            self._file.sum.hexdigest(),
            self._content.digest,
            last_key,
        )


class RowSum:
    """The SHA-256 of rows as a backup writes them, whether they are written or not."""

    def __init__(self) -> None:
        self.rows = -1
        """Without the line of names."""
        self._sum = hashlib.sha256()

    def add(self, row: list[Any]) -> bytes:
        """The row as a line."""
        line = orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE)
        self._sum.update(line)
        self.rows += 1
        return line

    @property
    def digest(self) -> str:
        """Of all lines so far."""
        return self._sum.hexdigest()


class _Summed:
    """What is written goes on and is summed up."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.sum = hashlib.sha256()
        self.size = 0

    def write(self, data: bytes) -> int:
        """All of it, or an error."""
        self._file.write(data)
        self.sum.update(data)
        self.size += len(data)
        return len(data)

    def flush(self) -> None:
        """Asked for by gzip."""
        self._file.flush()


def _private(path: Path, mode: str) -> IO[bytes]:
    """Open a file for writing that only its owner may read."""
    made = os.O_EXCL if "x" in mode else os.O_TRUNC
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | made, 0o600), "wb")


def _sum(path: Path) -> str:
    found = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while data := file.read(_CHUNK):
                found.update(data)
    except OSError:
        return ""
    return found.hexdigest()


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
