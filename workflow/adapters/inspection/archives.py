"""Archives other than ZIP: gzip, bzip2, xz, tar, RAR, 7z, cabinets, disk images. Nothing is written to a disk."""

from __future__ import annotations

import bz2
import io
import lzma
import tarfile
import zlib
from collections.abc import Callable
from typing import Any, Final

from workflow.adapters.inspection import names
from workflow.adapters.inspection.findings import MEGABYTE, Findings
from workflow.domain.file_warnings import FileKind, FileWarning

MAX_STREAM: Final = 64 * MEGABYTE
"""Of what a compressed stream holds, this much is unpacked to see what it is."""
MAX_RATIO: Final = 150
MAX_MEMBERS: Final = 10_000
_AES: Final = b"\x06\xf1\x07\x01"
"""The coder 7zAES in a header of 7z."""
_INNER: Final = (b"PK\x03\x04", b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b", b"BZh", b"\xfd7zXZ")


def gzip(data: bytes, found: Findings) -> None:
    """RFC 1952."""
    _stream(data, found, "application/gzip", lambda: zlib.decompressobj(31))


def bzip2(data: bytes, found: Findings) -> None:
    """bzip2."""
    _stream(data, found, "application/x-bzip2", bz2.BZ2Decompressor)


def xz(data: bytes, found: Findings) -> None:
    """xz, with bounded memory."""
    _stream(data, found, "application/x-xz", lambda: lzma.LZMADecompressor(memlimit=256 * MEGABYTE))


def _stream(data: bytes, found: Findings, media_type: str, opened: Callable[[], Any]) -> None:
    found.known(FileKind.ARCHIVE, media_type)
    found.warn(FileWarning.ARCHIVE)
    try:
        inner = opened().decompress(data, MAX_STREAM)
    except (zlib.error, OSError, EOFError, ValueError, lzma.LZMAError):
        found.warn(FileWarning.UNREADABLE)
        return
    if len(inner) >= MAX_STREAM and len(inner) > MAX_RATIO * len(data):
        found.warn(FileWarning.ARCHIVE_BOMB)
    if inner.startswith(_INNER):
        found.warn(FileWarning.NESTED_ARCHIVE)
    if inner.startswith((b"MZ", b"\x7fELF")):
        found.warn(FileWarning.EXECUTABLE)
    if is_tar(inner):
        _members(inner, found)


def is_tar(data: bytes) -> bool:
    """POSIX and GNU tar."""
    return data[257:262] == b"ustar"


def tar(data: bytes, found: Findings) -> None:
    """An uncompressed tar file."""
    found.known(FileKind.ARCHIVE, "application/x-tar")
    found.warn(FileWarning.ARCHIVE)
    _members(data, found)


def _members(data: bytes, found: Findings) -> None:
    found.entries = 0
    try:
        with tarfile.open(fileobj=io.BytesIO(data), mode="r:") as archive:
            for member in archive:
                found.entries += 1
                if found.entries > MAX_MEMBERS:
                    found.warn(FileWarning.ARCHIVE_BOMB)
                    return
                entry(member.name, found)
    except (tarfile.TarError, OSError, ValueError, EOFError):
        if not found.entries:
            found.warn(FileWarning.UNREADABLE)


def entry(name: str, found: Findings) -> None:
    """One file in an archive, by its name."""
    if len(found.names) < MAX_MEMBERS:
        found.names.append(name)
    if names.runs(name):
        found.warn(FileWarning.EXECUTABLE)
    if names.ending(name) in names.ARCHIVES:
        found.warn(FileWarning.NESTED_ARCHIVE)


def seven_zip(data: bytes, found: Findings) -> None:
    """7z. Its directory is usually packed itself, so of the names nothing is said; the coder for passwords is seen
    where the directory, or the header of a packed directory, names it."""
    found.known(FileKind.ARCHIVE, "application/x-7z-compressed")
    found.warn(FileWarning.ARCHIVE)
    if len(data) < 32:
        found.warn(FileWarning.UNREADABLE)
        return
    start = 32 + int.from_bytes(data[12:20], "little")
    size = int.from_bytes(data[20:28], "little")
    if start + size > len(data):
        found.warn(FileWarning.UNREADABLE)
    elif _AES in data[start : start + size]:
        found.warn(FileWarning.ENCRYPTED)


def rar(data: bytes, found: Findings) -> None:
    """RAR 4 and 5: the names and flags in the headers."""
    found.known(FileKind.ARCHIVE, "application/vnd.rar")
    found.warn(FileWarning.ARCHIVE)
    found.entries = 0
    try:
        (_rar5 if data[6:8] == b"\x01\x00" else _rar4)(data, found)
    except IndexError:
        found.warn(FileWarning.UNREADABLE)


def _rar4(data: bytes, found: Findings) -> None:
    at = 7
    while at + 7 <= len(data) and (found.entries or 0) < MAX_MEMBERS:
        kind, flags = data[at + 2], int.from_bytes(data[at + 3 : at + 5], "little")
        size = int.from_bytes(data[at + 5 : at + 7], "little")
        if size < 7:
            raise IndexError
        follows = int.from_bytes(data[at + 7 : at + 11], "little") if kind == 0x74 or flags & 0x8000 else 0
        if kind == 0x73 and flags & 0x80:
            found.warn(FileWarning.ENCRYPTED)
            return
        if kind == 0x74:
            length = int.from_bytes(data[at + 26 : at + 28], "little")
            name = at + (40 if flags & 0x100 else 32)
            _rar_entry(data[name : name + length].split(b"\0")[0], bool(flags & 0x04), found)
        if kind == 0x7B:
            return
        at += size + follows


def _rar5(data: bytes, found: Findings) -> None:
    at = 8
    while at + 5 < len(data) and (found.entries or 0) < MAX_MEMBERS:
        size, place = _number(data, at + 4)
        after = place + size
        kind, place = _number(data, place)
        flags, place = _number(data, place)
        extra, place = _number(data, place) if flags & 1 else (0, place)
        follows, place = _number(data, place) if flags & 2 else (0, place)
        if kind == 4:
            found.warn(FileWarning.ENCRYPTED)
            return
        if kind == 2:
            _rar5_file(data, place, after, extra, found)
        if kind == 5:
            return
        at = after + follows


def _rar5_file(data: bytes, place: int, after: int, extra: int, found: Findings) -> None:
    flags, place = _number(data, place)
    for _field in ("unpacked size", "attributes"):
        _value, place = _number(data, place)
    place += 4 * bool(flags & 2) + 4 * bool(flags & 4)
    for _field in ("compression", "system"):
        _value, place = _number(data, place)
    length, place = _number(data, place)
    locked, at = False, after - extra
    while extra and at < after:
        size, body = _number(data, at)
        kind, _rest = _number(data, body)
        locked = locked or kind == 1
        at = body + size
    _rar_entry(data[place : place + length], locked, found)


def _rar_entry(name: bytes, locked: bool, found: Findings) -> None:
    found.entries = (found.entries or 0) + 1
    entry(name.decode("utf-8", "replace"), found)
    if locked:
        found.warn(FileWarning.ENCRYPTED)


def _number(data: bytes, at: int) -> tuple[int, int]:
    """A number of seven bits a byte, and where it ends."""
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if not byte & 0x80:
            return value, at
        if shift > 63:
            raise IndexError


def other(media_type: str) -> Callable[[bytes, Findings], None]:
    """An archive of which only the kind is said."""

    def read(_data: bytes, found: Findings) -> None:
        found.known(FileKind.ARCHIVE, media_type)
        found.warn(FileWarning.ARCHIVE)

    return read
