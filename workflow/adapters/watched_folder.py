"""A folder into which a scanner or another program puts files. Nothing in it is ever deleted or overwritten.

    folder/a.pdf ── claim ──> folder/.taking/<moment>-<random>/a.pdf ── take ──> folder/taken/2026-11-23/a.pdf
                                                                     └─ refuse ─> folder/refused/2026-11-23/a.pdf
                                                                                  and a.pdf.txt, which says why

A claim is one atomic rename: of two processes one gets the file. What a killed process had claimed is claimed
again by whoever looks after `STALE`; so a file may be read twice, and whoever stores it knows it by its hash. All
names are resolved below descriptors of the folder, and no link is followed.
"""

from __future__ import annotations

import datetime as dt
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from workflow.domain.calendar import office_time
from workflow.domain.errors import WorkflowError

MAX_SIZE: Final = 100 * 1024 * 1024
QUIET: Final = dt.timedelta(seconds=20)
"""A file counts as complete when nothing about it changed for so long (`st_ctime`, which no program can set)."""
EMPTY_FOR: Final = dt.timedelta(minutes=10)
"""An empty file may be one that is about to be written; after this it is just empty."""
STALE: Final = dt.timedelta(minutes=30)
"""After this the process that claimed a file is taken for dead; longer than the lease of the job that collects."""

TAKING, TAKEN, REFUSED = ".taking", "taken", "refused"
_UNFINISHED: Final = (".part", ".tmp", ".partial", ".filepart", ".crdownload", ".download", ".swp", ".lock")
_NO_PAPERS: Final = frozenset({"thumbs.db", "desktop.ini", "ehthumbs.db"})
_STAMP: Final = "%Y%m%dT%H%M%SZ"
_FOLDER: Final = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_FILE: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC

REASONS: Final = {
    "file_too_large": (
        "Tệp lớn hơn mức hệ thống nhận. Xin chia nhỏ hoặc giảm độ phân giải khi quét, rồi đặt lại vào thư mục.",
        "The file is larger than the system takes. Split it, or scan it at a lower resolution, then put it here.",
    ),
    "intake_empty": (
        "Tệp trống. Xin quét hoặc chép lại rồi đặt vào thư mục.",
        "The file is empty. Scan or copy it again and put it here.",
    ),
}
_OTHER: Final = (
    "Hệ thống không nhận được tệp này (mã: {code}). Tệp còn nguyên ở đây; xin báo quản trị viên.",
    "The system could not take this file (code: {code}). It is kept here unchanged; tell the administrator.",
)


class FolderError(WorkflowError):
    """The folder itself cannot be used: `folder_unusable`, with what the system said."""


class Refusal(WorkflowError):
    """This file cannot be taken: `file_too_large`, `intake_empty`."""


class NotYet(WorkflowError):
    """This file changed while it was read, or is gone: it is looked at again next time."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A file that is ours for now: in `.taking/<place>/<name>`."""

    name: str
    place: str


@dataclass(frozen=True, slots=True)
class _Shape:
    """What must not change while a file is read."""

    inode: int
    size: int
    changed: int


class WatchedFolder:
    """One folder, open for one round at one moment. Use it in a `with`; raises `FolderError`."""

    def __init__(self, path: Path, *, now: dt.datetime) -> None:
        self.path, self.now = path, now
        self._root = -1
        self._read: dict[str, _Shape] = {}

    def __enter__(self) -> WatchedFolder:
        try:
            self._root = os.open(self.path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            for name in (TAKING, TAKEN, REFUSED):
                with suppress(FileExistsError):
                    os.mkdir(name, 0o770, dir_fd=self._root)
                os.close(os.open(name, _FOLDER, dir_fd=self._root))
        except OSError as error:
            self.__exit__()
            raise _unusable(error) from error
        return self

    def __exit__(self, *_error: object) -> None:
        if self._root >= 0:
            os.close(self._root)
            self._root = -1

    def waiting(self, *, limit: int) -> list[str]:
        """Names of complete files, in order; at most `limit`. Subfolders, links and hidden files are left alone."""
        try:
            with os.scandir(self._root) as entries:
                names = sorted(entry.name for entry in entries if _may_be_paper(entry.name))
        except OSError as error:
            raise _unusable(error) from error
        found: list[str] = []
        for name in names:
            if len(found) == limit:
                break
            if self._complete(name):
                found.append(name)
        return found

    def _complete(self, name: str) -> bool:
        try:
            seen = os.stat(name, dir_fd=self._root, follow_symlinks=False)
        except OSError:
            return False
        quiet = self.now - dt.datetime.fromtimestamp(seen.st_ctime, dt.UTC)
        once = stat.S_ISREG(seen.st_mode) and seen.st_nlink == 1  # two names: still being put in place, or a trick
        return once and quiet >= (QUIET if seen.st_size else EMPTY_FOR)

    def claim(self, name: str) -> Claim | None:
        """Make a file ours; None where somebody else was faster."""
        with self._inside(TAKING) as taking:
            return self._move_to_new_place(name, self._root, taking)

    def left_behind(self) -> Iterator[Claim]:
        """Claim again what killed processes had claimed longer than `STALE` ago."""
        with self._inside(TAKING) as taking:
            for place in sorted(os.listdir(taking)):
                if not self._is_stale(place):
                    continue
                with suppress(FileNotFoundError), _opened(place, taking) as old:
                    for name in sorted(os.listdir(old)):
                        if (claim := self._move_to_new_place(name, old, taking)) is not None:
                            yield claim
                _remove_empty(place, taking)

    def _move_to_new_place(self, name: str, folder: int, taking: int) -> Claim | None:
        place = f"{self.now.astimezone(dt.UTC):{_STAMP}}-{secrets.token_hex(6)}"
        try:
            os.mkdir(place, 0o770, dir_fd=taking)
            with _opened(place, taking) as target:
                os.rename(name, name, src_dir_fd=folder, dst_dir_fd=target)
        except FileNotFoundError:
            _remove_empty(place, taking)
            return None
        except OSError as error:
            _remove_empty(place, taking)
            raise _unusable(error) from error
        return Claim(name, place)

    def _is_stale(self, place: str) -> bool:
        try:
            since = dt.datetime.strptime(place.partition("-")[0], _STAMP).replace(tzinfo=dt.UTC)
        except ValueError:
            return False
        return self.now - since >= STALE

    def read(self, claim: Claim, *, limit: int = MAX_SIZE) -> bytes:
        """The claimed file, whole. Raises `Refusal` or `NotYet`."""
        with self._claimed(claim) as place:
            try:
                opened = os.open(claim.name, _FILE, dir_fd=place)
            except OSError as error:
                raise NotYet("file_changed", name=claim.name) from error
            with open(opened, "rb") as stream:
                before = _shape(opened)
                if before is None:
                    raise NotYet("file_changed", name=claim.name)
                if before.size > limit:
                    raise Refusal("file_too_large", name=claim.name, limit=limit)
                data = stream.read(limit + 1)
                if _shape(opened) != before or len(data) != before.size:
                    raise NotYet("file_changed", name=claim.name)
        if not data:
            raise Refusal("intake_empty", name=claim.name)
        self._read[claim.place] = before
        return data

    def take(self, claim: Claim) -> None:
        """Stored: put it away by day. Nothing happens where another process did so already.

        Where somebody wrote on after it was read it goes back, to be read once more whole, and `NotYet` says so.
        """
        now = None
        with suppress(NotYet), self._claimed(claim) as place:
            now = _shape_of(claim.name, place)
        if now is not None and now != self._read.get(claim.place, now):
            self.give_back(claim)
            raise NotYet("file_changed", name=claim.name)
        self._put_away(claim, TAKEN)

    def refuse(self, claim: Claim, code: str) -> None:
        """It cannot be taken: put it aside, with a text that says why in Vietnamese and English."""
        name = self._put_away(claim, REFUSED)
        if name is None:
            return
        words = "\n\n".join(sentence.format(code=code) for sentence in REASONS.get(code, _OTHER))
        with self._inside(REFUSED) as refused, _opened(self._day(), refused) as day:
            _write_new(f"{name}.txt", f"{name}\n\n{words}\n", day)

    def give_back(self, claim: Claim) -> None:
        """Neither taken nor refused: back to where it was, for the next round."""
        with suppress(NotYet), self._claimed(claim) as place:
            _move(claim.name, place, self._root)
        self._leave(claim)

    def _put_away(self, claim: Claim, kind: str) -> str | None:
        day, name = self._day(), None
        try:
            with suppress(NotYet), self._inside(kind) as folder, self._claimed(claim) as place:
                with suppress(FileExistsError):
                    os.mkdir(day, 0o770, dir_fd=folder)
                with _opened(day, folder) as target:
                    name = _move(claim.name, place, target)
        except OSError as error:
            raise _unusable(error) from error
        self._leave(claim)
        return name

    def _leave(self, claim: Claim) -> None:
        with self._inside(TAKING) as taking:
            _remove_empty(claim.place, taking)

    def _day(self) -> str:
        return office_time(self.now).date().isoformat()

    @contextmanager
    def _inside(self, name: str) -> Iterator[int]:
        try:
            opened = os.open(name, _FOLDER, dir_fd=self._root)
        except OSError as error:
            raise _unusable(error) from error
        try:
            yield opened
        finally:
            os.close(opened)

    @contextmanager
    def _claimed(self, claim: Claim) -> Iterator[int]:
        with self._inside(TAKING) as taking:
            try:
                place = os.open(claim.place, _FOLDER, dir_fd=taking)
            except OSError as error:
                raise NotYet("file_changed", name=claim.name) from error
            try:
                yield place
            finally:
                os.close(place)


@contextmanager
def _opened(name: str, parent: int) -> Iterator[int]:
    opened = os.open(name, _FOLDER, dir_fd=parent)
    try:
        yield opened
    finally:
        os.close(opened)


def _remove_empty(place: str, taking: int) -> None:
    with suppress(OSError):  # not empty: somebody else is at it
        os.rmdir(place, dir_fd=taking)


def _shape(opened: int) -> _Shape | None:
    """None where it is no ordinary file."""
    return _as_shape(os.fstat(opened))


def _shape_of(name: str, folder: int) -> _Shape | None:
    try:
        return _as_shape(os.stat(name, dir_fd=folder, follow_symlinks=False))
    except FileNotFoundError:
        return None


def _as_shape(seen: os.stat_result) -> _Shape | None:
    return _Shape(seen.st_ino, seen.st_size, seen.st_mtime_ns) if stat.S_ISREG(seen.st_mode) else None


def _move(name: str, source: int, target: int) -> str | None:
    """Move without replacing anything; None where it is gone. An empty file of ours holds the new name first."""
    for number in range(1, 10_000):
        tried = _numbered(name, number)
        try:
            os.close(os.open(tried, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o660, dir_fd=target))
        except FileExistsError:
            continue
        try:
            os.rename(name, tried, src_dir_fd=source, dst_dir_fd=target)
        except OSError as error:
            os.unlink(tried, dir_fd=target)
            if isinstance(error, FileNotFoundError):
                return None
            raise
        return tried
    raise FolderError("folder_unusable", answer="too many files of one name")


def _write_new(name: str, text: str, folder: int) -> None:
    for number in range(1, 10_000):
        with suppress(FileExistsError):
            tried = _numbered(name, number)
            opened = os.open(tried, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o660, dir_fd=folder)
            with open(opened, "wb") as stream:
                stream.write(text.encode("utf-8", "surrogateescape"))
            return


def _numbered(name: str, number: int) -> str:
    """`a.pdf`, `a (2).pdf`, …, of 255 bytes at most."""
    stem, ending = os.path.splitext(name)
    mark = "" if number == 1 else f" ({number})"
    while stem and len(os.fsencode(f"{stem}{mark}{ending}")) > 255:
        stem = stem[:-1]
    return f"{stem}{mark}{ending}"


def _may_be_paper(name: str) -> bool:
    lower = name.lower()
    return not (
        lower.startswith((".", "~")) or lower.endswith(_UNFINISHED) or lower in _NO_PAPERS
        or lower in {TAKEN, REFUSED}
    )  # fmt: skip


def _unusable(error: OSError) -> FolderError:
    return FolderError("folder_unusable", answer=error.strerror or type(error).__name__)
