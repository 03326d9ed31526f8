"""Compound files ([MS-CFB]): Word, Excel and PowerPoint until 2003, Outlook messages, installers, encrypted OOXML.

Only the directory is read, and of two streams the flags that say "macros" and "password".
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass
from typing import Final

from workflow.adapters.inspection.findings import Findings
from workflow.domain.file_warnings import FileKind, FileWarning

MAGIC: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MAX_SECTORS: Final = 2_000_000
_LAST: Final = 0xFFFFFFFA
"""Sector numbers from here on are marks: end of chain, free, of the table itself."""

_MACROS: Final = frozenset({"macros", "_vba_project_cur", "_vba_project", "vba"})
_OBJECTS: Final = frozenset({"\x01ole10native", "objectpool", "\x01ole", "package"})
_DDE: Final = re.compile(rb"DDEAUTO|D\0D\0E\0A\0U\0T\0O\0", re.IGNORECASE)
_MSI: Final = bytes.fromhex("84100c0000000000c000000000000046")


class Broken(Exception):
    """Not a compound file after all."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the directory: `kind` 1 is a folder, 2 a stream, 5 the root."""

    name: str
    kind: int
    start: int
    size: int
    clsid: bytes


class Compound:
    """The tables of a compound file, read with every number held to the file's size."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        try:
            shift, mini_shift = struct.unpack_from("<HH", data, 30)
            (self.first,) = struct.unpack_from("<I", data, 48)
            self.cutoff, self.mini_first = struct.unpack_from("<II", data, 56)
            difat, difat_count = struct.unpack_from("<II", data, 68)
            heads = [number for number in struct.unpack_from("<109I", data, 76) if number < _LAST]
        except struct.error as error:
            raise Broken from error
        if shift not in {9, 12} or mini_shift != 6:
            raise Broken
        self.size = 1 << shift
        self.table = self._table([*heads, *self._more_heads(difat, difat_count)])
        self.entries = tuple(self._directory())

    def _sector(self, number: int) -> bytes:
        start = (number + 1) * self.size
        if start >= len(self.data):
            raise Broken
        return self.data[start : start + self.size].ljust(self.size, b"\0")

    def _numbers(self, number: int) -> tuple[int, ...]:
        return struct.unpack(f"<{self.size // 4}I", self._sector(number))

    def _more_heads(self, number: int, count: int) -> list[int]:
        found: list[int] = []
        for _turn in range(min(count, len(self.data) // self.size + 1)):
            if number >= _LAST:
                break
            *heads, number = self._numbers(number)
            found += [head for head in heads if head < _LAST]
        return found

    def _table(self, heads: list[int]) -> list[int]:
        most = len(self.data) // self.size // (self.size // 4) + 2
        if len(heads) > most:
            raise Broken
        return [number for head in heads for number in self._numbers(head)]

    def chain(self, number: int, limit: int) -> bytes:
        """The bytes of a chain of sectors, at most `limit`; a loop or a hole raises `Broken`."""
        pieces: list[bytes] = []
        left = min(limit, len(self.data))
        while number < _LAST and left > 0:
            pieces.append(self._sector(number))
            left -= self.size
            if number >= len(self.table):
                raise Broken
            number = self.table[number]
        return b"".join(pieces)

    def _directory(self) -> list[Entry]:
        raw = self.chain(self.first, 8 * 1024 * 1024)
        found = []
        for at in range(0, len(raw) - 127, 128):
            length, kind = struct.unpack_from("<HB", raw, at + 64)
            if kind == 0:
                continue
            name = raw[at : at + max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
            start, size = struct.unpack_from("<II", raw, at + 116)
            found.append(Entry(name, kind, start, size, raw[at + 80 : at + 96]))
        if not found or found[0].kind != 5:
            raise Broken
        return found

    def head(self, name: str, limit: int) -> bytes:
        """The beginning of a stream by its name; empty where there is none or it is smaller than a sector chain."""
        for entry in self.entries:
            if entry.name.lower() == name.lower() and entry.kind == 2 and entry.size >= self.cutoff:
                return self.chain(entry.start, limit)[: entry.size]
        return b""


def read(data: bytes, found: Findings) -> None:
    """A file that begins like a compound file."""
    found.known(FileKind.OFFICE, "application/x-ole-storage")
    found.warn(FileWarning.OFFICE_FILE)
    try:
        compound = Compound(data)
        _recognise(compound, found)
    except Broken:
        found.warn(FileWarning.UNREADABLE)
        return
    every = {entry.name.lower() for entry in compound.entries}
    if every & _MACROS:
        found.acts("macros")
    if every & _OBJECTS:
        found.acts("ole_object")
    if _DDE.search(data):
        found.acts("dde")


def _recognise(compound: Compound, found: Findings) -> None:
    every = {entry.name.lower() for entry in compound.entries}
    if compound.entries[0].clsid == _MSI:
        found.warnings.discard(FileWarning.OFFICE_FILE)
        found.known(FileKind.EXECUTABLE, "application/x-msi")
        found.warn(FileWarning.EXECUTABLE)
    elif every & {"encryptedpackage", "encryptioninfo"}:
        found.known(FileKind.OFFICE, "application/x-ole-storage")
        found.warn(FileWarning.ENCRYPTED)
    elif "__properties_version1.0" in every:
        found.warnings.discard(FileWarning.OFFICE_FILE)
        found.known(FileKind.EMAIL, "application/vnd.ms-outlook")
        found.warn(FileWarning.ARCHIVE)
    elif "worddocument" in every:
        found.known(FileKind.OFFICE, "application/msword")
        _word(compound.head("WordDocument", 4096), found)
    elif every & {"workbook", "book"}:
        found.known(FileKind.OFFICE, "application/vnd.ms-excel")
        _excel(compound.head("Workbook", 1 << 20) or compound.head("Book", 1 << 20), found)
    elif "powerpoint document" in every:
        found.known(FileKind.OFFICE, "application/vnd.ms-powerpoint")
        if "encryptedsummary" in every:
            found.warn(FileWarning.ENCRYPTED)


def _word(head: bytes, found: Findings) -> None:
    """[MS-DOC] 2.5.2, FibBase: fEncrypted is bit 8 of the flags at byte 10."""
    if len(head) >= 12 and struct.unpack_from("<H", head, 10)[0] & 0x0100:
        found.warn(FileWarning.ENCRYPTED)


def _excel(head: bytes, found: Findings) -> None:
    """[MS-XLS] 2.4: FilePass (0x2F) says encrypted; BoundSheet8 (0x85) of type 1 is a sheet of Excel 4 macros."""
    at = 0
    while at + 4 <= len(head):
        kind, length = struct.unpack_from("<HH", head, at)
        if kind == 0x2F:
            found.warn(FileWarning.ENCRYPTED)
            return
        if kind == 0x85 and at + 10 <= len(head) and head[at + 9] & 0x0F == 1:
            found.acts("macros")
        if kind == 0x0A:  # end of the workbook's globals
            return
        at += 4 + length
