"""Files of every kind that inspection must know, made here byte by byte where no program makes them."""

from __future__ import annotations

import io
import struct
import tarfile
import zipfile
from typing import Any

import docx
from PIL import Image

from workflow.adapters.inspection import inspect
from workflow.domain.file_warnings import FileFacts


def look(data: bytes, filename: str = "") -> FileFacts:
    """Without the jail, which has its own tests."""
    return FileFacts.from_json(inspect(data, {"filename": filename}).json)


def zipped(entries: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return stream.getvalue()


WORDS = b'<w:document xmlns:w="w"><w:body><w:p>%s</w:p></w:body></w:document>'


def office(**parts: bytes) -> bytes:
    given = {"[Content_Types].xml": b"<Types/>", "word/document.xml": WORDS % b"", **parts}
    return zipped(given)


def real_docx() -> bytes:
    made = docx.Document()
    made.add_paragraph("Kính gửi")
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def odf(kind: str = "text", **parts: bytes) -> bytes:
    media = f"application/vnd.oasis.opendocument.{kind}".encode()
    content = b'<office:document-content xmlns:office="o"><office:scripts/></office:document-content>'
    return zipped({"mimetype": media, "content.xml": content, **parts})


def compound(*names: str, streams: dict[str, bytes] | None = None) -> bytes:
    """A compound file of 512-byte sectors: the table, the directory, then the streams one after the other."""
    held = {name: data.ljust(4096, b"\0") for name, data in (streams or {}).items()}
    entries = [("Root Entry", 5, 0xFFFFFFFE, 0), *((name, 1, 0, 0) for name in names)]
    rows = -(-(len(entries) + len(held)) // 4)
    place = 1 + rows
    for name, data in held.items():
        entries.append((name, 2, place, len(data)))
        place += len(data) // 512
    fat = [0xFFFFFFFD, *range(2, rows + 1), 0xFFFFFFFE]
    for data in held.values():
        fat += [*range(len(fat) + 1, len(fat) + len(data) // 512), 0xFFFFFFFE]
    fat += [0xFFFFFFFF] * (128 - len(fat))
    head = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16) + struct.pack("<HHHHH", 62, 3, 0xFFFE, 9, 6) + bytes(10)
    head += struct.pack("<IIIIIIII", 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    head += struct.pack("<109I", 0, *[0xFFFFFFFF] * 108)
    rooms = b""
    for name, kind, start, size in entries:
        written = name.encode("utf-16-le")
        rooms += (written + b"\0\0").ljust(64, b"\0") + struct.pack(
            "<HBB12x16x20xIQ", len(written) + 2, kind, 1, start, size
        )
    return head + struct.pack("<128I", *fat) + rooms.ljust(rows * 512, b"\0") + b"".join(held.values())


SHEETS = struct.pack("<HH", 0x809, 0) + struct.pack("<HHIBB", 0x85, 6, 0, 0, 1)


def tarred(names: tuple[str, ...], mode: str = "w") -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode=mode) as archive:
        for name in names:
            archive.addfile(tarfile.TarInfo(name), io.BytesIO())
    return stream.getvalue()


RAR5 = b"Rar!\x1a\x07\x01\x00"
RAR5_FILE = bytes([0, 0, 0, 0, 17, 2, 1, 3, 0, 5, 0, 0, 0, 5]) + b"a.exe" + bytes([2, 1, 0])
RAR5_LOCKED = bytes([0, 0, 0, 0, 3, 4, 0, 0])


SEVEN = b"7z\xbc\xaf\x27\x1c\0\x04" + bytes(4) + struct.pack("<QQI", 0, 6, 0)


def picture(kind: str, size: tuple[int, int] = (30, 20), **options: Any) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", size, (200, 210, 220)).save(stream, kind, **options)
    return stream.getvalue()


MAIL = (
    b"From: a@example.vn\r\nTo: b@example.vn\r\nSubject: x\r\nMIME-Version: 1.0\r\n"
    b'Content-Type: multipart/mixed; boundary="q"\r\n\r\n--q\r\nContent-Type: text/plain\r\n\r\nchao\r\n'
    b'--q\r\nContent-Type: application/x\r\nContent-Disposition: attachment; filename="a.js"\r\n\r\n1\r\n'
    b"--q--\r\n"
)
