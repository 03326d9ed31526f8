"""ZIP files and what is made of them: archives, Office Open XML (ECMA-376), OpenDocument (ODF 1.3, part 2).

Nothing is unpacked to a disk, and of each entry at most a bounded part is read, whatever its header says of it.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from typing import Final

from workflow.adapters.inspection import names, odf, ooxml
from workflow.adapters.inspection.findings import MAX_NAMES, MEGABYTE, Findings
from workflow.domain.file_warnings import FileKind, FileWarning

MAX_ENTRIES: Final = 10_000
MAX_UNPACKED: Final = 2048 * MEGABYTE
SUSPICIOUS: Final = 100 * MEGABYTE
"""Smaller archives may be as dense as they like."""
MAX_RATIO: Final = 150
MAX_PART: Final = 48 * MEGABYTE
"""Of one entry, unpacked."""
MAX_READ: Final = 128 * MEGABYTE
"""Of all entries of one file."""

_END: Final = b"PK\x05\x06"
_ZIP64: Final = 0xFFFFFFFF
_MAGIC: Final = (b"PK\x03\x04", b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b", b"\xfd7zXZ", b"BZh", b"MSCF")
_PROGRAMS: Final = (b"MZ", b"\x7fELF")
_LOOKED_INTO: Final = 300
BROKEN: Final = (
    zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError, struct.error, RuntimeError,
    KeyError, IndexError,
)  # fmt: skip
"""What `zipfile` raises over files that are none."""


class Parts:
    """Entries of a ZIP file, read within limits."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        self.infos = archive.infolist()
        self.names = [info.filename for info in self.infos]
        self.left = MAX_READ
        self.cut = False

    def read(self, info: zipfile.ZipInfo | str, limit: int = MAX_PART) -> bytes:
        """The beginning of an entry; `cut` says whether any was longer than what was read of it."""
        wanted = min(limit, self.left)
        with self.archive.open(info) as stream:
            data = stream.read(wanted + 1)
        self.left -= min(len(data), wanted)
        self.cut = self.cut or (len(data) > wanted and limit >= MAX_PART)
        return data[:wanted]


def at_end(data: bytes, *, exactly: bool) -> bool:
    """Whether a ZIP directory stands at the end of the file, from where programs find an archive.

    `exactly`: nothing may follow it; else programs are taken for as patient as some are.
    """
    place = data.rfind(_END, max(0, len(data) - 65_557))
    if place < 0 or len(data) < place + 22:
        return False
    entries, size, _offset, comment = struct.unpack_from("<HIIH", data, place + 10)
    if exactly and place + 22 + comment != len(data):
        return False
    if size == _ZIP64:
        return data[place - 20 : place - 16] == b"PK\x06\x07"
    return entries > 0 and 0 < size <= place and data[place - size : place - size + 4] == b"PK\x01\x02"


def read(data: bytes, found: Findings) -> None:
    """A file that begins like a ZIP."""
    found.known(FileKind.ARCHIVE, "application/zip")
    place = data.rfind(_END, max(0, len(data) - 65_557))
    if place >= 0 and len(data) >= place + 12 and struct.unpack_from("<H", data, place + 10)[0] > MAX_ENTRIES:
        found.warn(FileWarning.ARCHIVE, FileWarning.ARCHIVE_BOMB)
        return
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = Parts(archive)
            _measure(parts, len(data), found)
            if FileWarning.ARCHIVE_BOMB in found.warnings:  # nothing of it is read, so no more is said
                found.warn(FileWarning.ARCHIVE)
                found.entries, found.names = len(parts.names), parts.names[:MAX_NAMES]
                return
            _recognise(parts, found)
            if parts.cut:
                found.warn(FileWarning.ARCHIVE_BOMB)
    except BROKEN:
        found.warn(FileWarning.UNREADABLE)
        if found.kind is FileKind.ARCHIVE:
            found.warn(FileWarning.ARCHIVE)


def _measure(parts: Parts, size: int, found: Findings) -> None:
    unpacked = sum(info.file_size for info in parts.infos)
    dense = unpacked > SUSPICIOUS and unpacked > MAX_RATIO * size
    if len(parts.infos) > MAX_ENTRIES or unpacked > MAX_UNPACKED or dense or _overlap(parts.infos):
        found.warn(FileWarning.ARCHIVE_BOMB)
    if any(info.flag_bits & 1 for info in parts.infos):
        found.warn(FileWarning.ENCRYPTED)


def _overlap(infos: list[zipfile.ZipInfo]) -> bool:
    """Entries that share bytes: how 42 kB become petabytes without an archive in the archive."""
    ends = 0
    for info in sorted(infos, key=lambda one: one.header_offset):
        if info.header_offset < ends:
            return True
        ends = info.header_offset + 30 + info.compress_size
    return False


def _recognise(parts: Parts, found: Findings) -> None:
    every = set(parts.names)
    opened = "mimetype" in every and parts.read("mimetype", 100).startswith(b"application/vnd.oasis.opendocument")
    if "[Content_Types].xml" in every:
        ooxml.read(parts, found)
        _one_reading(parts, found, two=opened)
    elif opened:
        odf.read(parts, found)
        _one_reading(parts, found)
    elif every & {"META-INF/MANIFEST.MF", "AndroidManifest.xml", "classes.dex"}:
        found.known(FileKind.EXECUTABLE, "application/java-archive")
        found.warn(FileWarning.EXECUTABLE)
    else:
        found.warn(FileWarning.ARCHIVE)
        found.entries, found.names = len(parts.names), parts.names
        _contents(parts, found)


def _one_reading(parts: Parts, found: Findings, *, two: bool = False) -> None:
    """Of parts with one name each program reads another; `two`: of both families of office files at once."""
    if two:
        found.warn(FileWarning.POLYGLOT)
    if len({name.casefold() for name in parts.names}) != len(parts.names):
        found.warn(FileWarning.UNREADABLE)


def _contents(parts: Parts, found: Findings) -> None:
    for number, info in enumerate(parts.infos):
        ending = names.ending(info.filename)
        if ending in names.RUNS:
            found.warn(FileWarning.EXECUTABLE)
        if ending in names.ARCHIVES:
            found.warn(FileWarning.NESTED_ARCHIVE)
        if number >= _LOOKED_INTO or info.flag_bits & 1 or info.is_dir():
            continue
        head = parts.read(info, 8)
        if head.startswith(_PROGRAMS):
            found.warn(FileWarning.EXECUTABLE)
        if head.startswith(_MAGIC) and ending not in names.OFFICE:
            found.warn(FileWarning.NESTED_ARCHIVE)
