"""The folder that backups lie in: one folder a backup, and one of stored files that they share.

    DIR/2026-11-23T180000Z/manifest.json      written last, by renaming: without it there is no backup
    DIR/2026-11-23T180000Z/tables/….jsonl.gz  a table's rows: a line of column names, then a line for each row
    DIR/2026-11-23T180000Z/files.jsonl.gz     SHA-256 and size of every stored file of this backup
    DIR/files/ab/cd/<sha256>                  the stored files, copied once, whichever backups name them

Everything is for its owner alone (0700, 0600): it is all that an office knows about people. A folder that
others may write to is refused, and no link in it is followed: either could lead to another file of ours.
"""

from __future__ import annotations

import errno
import fcntl
import gzip
import hashlib
import os
import re
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, Any

import orjson

from workflow.adapters.blobs import Blobs
from workflow.domain.backup import BackupError, TableSum

MANIFEST = "manifest.json"
FILES = "files"
PARTIAL = ".partial"
SCRATCH = ".trinhky-drill-"
_NAME = re.compile(r"\d{4}-\d\d-\d\dT\d{6}Z")
_PAIR = re.compile(r"[0-9a-f]{2}")
_CHUNK = 1024 * 1024
_LEVEL = 6
_NO_LINK = os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK
"""Neither followed, nor waited for where it is a pipe."""


class BackupFolder:
    """A folder of backups."""

    def __init__(self, root: Path) -> None:
        self.root = root.absolute()
        self._filled: set[str] = set()
        """`ab/cd` of folders whose new names may not be on the disk yet."""

    def make(self) -> None:
        """Where it is missing it is made, for us alone; one of ours that is there and empty becomes ours alone."""
        missing = [one for one in (self.root, *self.root.parents) if not one.exists()]
        self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        for one in missing:
            _sync(one.parent)
        if self.root.stat().st_uid == os.geteuid() and not any(self.root.iterdir()):
            self.root.chmod(0o700)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Nobody else writes or reads here meanwhile; what somebody left unfinished is cleared away. Raises
        `BackupError` where the folder is not ours alone to write."""
        self._demand_ours()
        with os.fdopen(self._lock(os.O_RDWR), "rb", buffering=0) as lock:
            self._take(lock.fileno(), fcntl.LOCK_EX)
            self._clear_leftovers()
            yield

    @contextmanager
    def still(self) -> Iterator[None]:
        """Nobody writes here meanwhile, we neither. Raises `BackupError` as `alone` does."""
        self._demand_ours()
        with ExitStack() as held:
            try:
                lock = held.enter_context(os.fdopen(self._lock(os.O_RDONLY), "rb", buffering=0))
            except OSError as error:
                if error.errno not in {errno.EROFS, errno.EACCES}:
                    raise  # a copy on a disk that can only be read has no need of a lock
            else:
                self._take(lock.fileno(), fcntl.LOCK_SH)
            for _folder in self._leaves():
                pass
            yield

    def _demand_ours(self) -> None:
        """A link to the folder itself is the administrator's; what it leads to counts."""
        _demand_own(self.root, self.root.stat())

    def _lock(self, how: int) -> int:
        try:
            return os.open(self.root / "lock", how | os.O_CREAT | _NO_LINK, 0o600)
        except OSError as error:
            if error.errno not in {errno.ELOOP, errno.EISDIR}:
                raise
            raise BackupError("backup_folder_linked", place=str(self.root / "lock")) from error

    def _take(self, handle: int, how: int) -> None:
        try:
            fcntl.flock(handle, how | fcntl.LOCK_NB)
        except OSError as error:
            raise BackupError("backup_running", folder=str(self.root)) from error

    def _clear_leftovers(self) -> None:
        for leaf in self._leaves():
            for left in leaf.glob(f"*{PARTIAL}"):
                left.unlink()
        unfinished = [one for one in self._saved() if not (one / MANIFEST).exists()]
        if unfinished:
            # whoever was killed there left stored files that the next one does not copy again
            self._filled.update(f"{leaf.parent.name}/{leaf.name}" for leaf in self._leaves())
            self._settle()
        for one in unfinished:
            shutil.rmtree(one)
        for one in self.root.glob(f"{SCRATCH}*"):
            found = one.lstat()
            if stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid():
                shutil.rmtree(one)

    def _saved(self) -> list[Path]:
        """The folders of backups, finished or not; each a real one of ours. Files of such names are nobody's."""
        found = [one for one in self.root.iterdir() if _NAME.fullmatch(one.name)]
        return [one for one in found if not stat.S_ISREG(one.lstat().st_mode) and _own_folder(one)]

    def _leaves(self) -> Iterator[Path]:
        """The folders `files/ab/cd`; each folder below ours that we read or write is a real one of ours."""
        for one in self._saved():
            if os.path.lexists(one / "tables"):
                _own_folder(one / "tables")
        if not os.path.lexists(self.root / FILES):
            return
        _own_folder(self.root / FILES)
        for first in _pairs(self.root / FILES):
            yield from _pairs(first)

    def _settle(self) -> None:
        """The names of stored files are on the disk: a list of contents must not outlive what it names."""
        if not self._filled:
            return
        for one in sorted({*self._filled, *(leaf[:2] for leaf in self._filled)}):
            _sync(self.root / FILES / one)
        _sync(self.root / FILES)
        _sync(self.root)
        self._filled.clear()

    def names(self) -> list[str]:
        """Of the finished backups, the oldest first."""
        if not self.root.is_dir():
            return []
        found = [one.name for one in self.root.iterdir() if _NAME.fullmatch(one.name)]
        return sorted(name for name in found if _size(self.root / name / MANIFEST) is not None)

    def manifest(self, name: str) -> bytes:
        """The list of contents as it is written. Raises `BackupError` where there is none."""
        try:
            with _reading(self.root / name / MANIFEST) as file:
                return file.read()
        except FileNotFoundError:
            raise BackupError("backup_not_found", name=name) from None

    def begin(self, name: str) -> None:
        """Make the place of a new backup."""
        if os.path.lexists(self.root / name):
            raise BackupError("backup_of_this_second", name=name)
        self._own(self.root / name / "tables")

    @contextmanager
    def writing(self, name: str, table: str) -> Iterator[TableWriter]:
        """A table's rows, one after the other; on the disk when this ends."""
        with _private(self._table(name, table)) as file:
            writer = TableWriter(table, file)
            yield writer
            writer.end()
            file.flush()
            os.fsync(file.fileno())

    def finish(self, name: str, manifest: bytes) -> None:
        """Write the list of contents: from here on it is a backup."""
        place = self.root / name / MANIFEST
        partial = place.with_suffix(PARTIAL)
        self._settle()
        with _private(partial) as file:
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
        try:
            self._settle()
        except OSError:
            return  # an unfinished one that is left tells the next to do it
        shutil.rmtree(self.root / name, ignore_errors=True)

    def keep_file(self, blobs: Blobs, sha256: str, size: int, *, recheck: bool) -> bool:
        """Copy a stored file unless it is here already; whether it was copied. `recheck`: one that is here is read,
        and copied again where it is damaged. Raises `BlobMissing` or `BlobDamaged`."""
        place = self._file(sha256)
        if _size(place) == size and not (recheck and self.file_sum(sha256) != sha256):
            return False
        data = blobs.get(sha256)
        self._own(place.parent)
        partial = place.with_name(sha256 + PARTIAL)
        partial.unlink(missing_ok=True)
        try:
            with _private(partial) as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            partial.rename(place)
            self._filled.add(f"{sha256[:2]}/{sha256[2:4]}")
        finally:
            partial.unlink(missing_ok=True)
        return True

    def give_back(self, blobs: Blobs, sha256: str) -> None:
        """Put a stored file where the program looks for it. Raises `BackupError` where it is not the one."""
        try:
            with _reading(self._file(sha256)) as file:
                data = file.read()
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
            with _reading(self._table(name, table)) as packed, gzip.open(packed) as file:
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
            try:
                (self.root / one).mkdir(mode=0o700)
            except FileExistsError:
                if one.name:
                    _own_folder(self.root / one)

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


def _private(path: Path) -> IO[bytes]:
    """Make a file that only its owner may read; one that is there, or a link, is an error."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NO_LINK, 0o600), "wb")


def _reading(path: Path) -> IO[bytes]:
    """Open a file to read it; no link."""
    return os.fdopen(os.open(path, os.O_RDONLY | _NO_LINK), "rb")


def _size(path: Path) -> int | None:
    """Of a file; None where there is none, or something else."""
    try:
        found = path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    return found.st_size if stat.S_ISREG(found.st_mode) else None


def _own_folder(folder: Path) -> bool:
    """A real folder of ours that nobody else may write to. Raises `BackupError` where it is not."""
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode):
        raise BackupError("backup_folder_linked", place=str(folder))
    _demand_own(folder, found)
    return True


def _demand_own(folder: Path, found: os.stat_result) -> None:
    if found.st_uid not in {os.geteuid(), 0}:  # root may write anywhere: a folder of its own gives nobody a way in
        raise BackupError("backup_folder_of_another", place=str(folder))
    if found.st_mode & 0o022:
        raise BackupError("backup_folder_open", place=str(folder))


def _pairs(folder: Path) -> Iterator[Path]:
    """The folders of two digits in one; what else lies there is nobody's."""
    for one in folder.iterdir():
        if _PAIR.fullmatch(one.name) and _own_folder(one):
            yield one


def _sum(path: Path) -> str:
    found = hashlib.sha256()
    try:
        with _reading(path) as file:
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
