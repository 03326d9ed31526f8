"""What a file from outside is, found by opening it, and what to be careful about. A task for the jail:

    signing.jail.run("workflow.adapters.inspection:inspect", data, arguments={"filename": "a.pdf"}, limits=LIMITS)

`workflow.adapters.inspecting` does that and answers in any case. Kinds are an allow-list: what no reader here knows
is `unknown`, and quarantined. Nothing is written, nothing is fetched, nothing is run.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from signing.jail import JailResult
from workflow.adapters.inspection import archives, images, names, ole, pdf, signatures, texts, zips
from workflow.adapters.inspection.findings import MAX_DEPTH, Findings, Reader
from workflow.domain.file_warnings import FileKind, FileWarning

_PDF: Final = b"%PDF-"
_PDF_WITHIN: Final = 1024
"""Viewers accept a header that begins anywhere in the first kilobyte."""


def program(_data: bytes, found: Findings) -> None:
    """Something that runs."""
    found.known(FileKind.EXECUTABLE, "application/x-executable")
    found.warn(FileWarning.EXECUTABLE)


BEGINNINGS: Final[tuple[tuple[bytes, Reader], ...]] = (
    (_PDF, pdf.read),
    (b"PK\x03\x04", zips.read), (b"PK\x05\x06", zips.read), (b"PK\x07\x08", zips.read),
    (ole.MAGIC, ole.read),
    (b"\x89PNG\r\n\x1a\n", images.read), (b"\xff\xd8\xff", images.read), (b"II*\0", images.read),
    (b"MM\0*", images.read), (b"II+\0", images.read), (b"MM\0+", images.read), (b"GIF87a", images.read),
    (b"GIF89a", images.read),
    (b"{\\rt", texts.rtf),
    (b"Rar!\x1a\x07", archives.rar), (b"7z\xbc\xaf\x27\x1c", archives.seven_zip), (b"\x1f\x8b", archives.gzip),
    (b"BZh", archives.bzip2), (b"\xfd7zXZ\0", archives.xz),
    (b"MSCF", archives.other("application/vnd.ms-cab-compressed")),
    (b"\x28\xb5\x2f\xfd", archives.other("application/zstd")),
    (b"MZ", program), (b"\x7fELF", program), (b"\xca\xfe\xba\xbe", program), (b"\xcf\xfa\xed\xfe", program),
    (b"\xce\xfa\xed\xfe", program), (b"L\0\0\0\x01\x14\x02\0", program), (b"ITSF", program),
)  # fmt: skip
_ONENOTE: Final = bytes.fromhex("e4525c7b8cd8a74daeb15378d02996d3")
_HOLD_OTHERS: Final = frozenset({FileKind.SIGNATURE, FileKind.EMAIL, FileKind.ARCHIVE, FileKind.OFFICE})
"""They may hold a ZIP file as it is, near their end."""
_ARCHIVES_ANYWHERE: Final = (b"Rar!\x1a\x07\x00", b"Rar!\x1a\x07\x01\x00", b"7z\xbc\xaf\x27\x1c")


def inspect(payload: bytes, arguments: Mapping[str, Any]) -> JailResult:
    """`arguments`: `filename` as it came. The answer is `FileFacts.to_json()`; it refuses nothing."""
    found = examine(payload)
    names.compare(str(arguments.get("filename", "")), found)
    return JailResult(found.facts().to_json())


def examine(data: bytes, depth: int = 0) -> Findings:
    """Everything that the bytes say."""
    found = Findings()
    if not data:
        found.warn(FileWarning.UNREADABLE)
    _recognise(data, found, depth)
    if found.kind is None:
        found.warn(FileWarning.UNKNOWN_KIND)
        found.kind = FileKind.UNKNOWN
    if _is_two(data, found):
        found.warn(FileWarning.POLYGLOT)
    return found


def _recognise(data: bytes, found: Findings, depth: int) -> None:
    for beginning, reader in BEGINNINGS:
        if data.startswith(beginning):
            return reader(data, found)
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return images.read(data, found)
    if data.startswith(b"BM") and data[6:10] == b"\0\0\0\0":
        return images.read(data, found)
    if data.startswith(_ONENOTE):
        found.known(FileKind.OFFICE, "application/onenote")
        return found.warn(FileWarning.OFFICE_FILE)
    if archives.is_tar(data):
        return archives.tar(data, found)
    if data[0x8001:0x8006] == b"CD001":
        return archives.other("application/x-iso9660-image")(data, found)
    signatures.read(data, found, lambda content: _inside(content, depth))
    if found.kind is None:
        _letters_or_late_pdf(data, found)
    return None


def _letters_or_late_pdf(data: bytes, found: Findings) -> None:
    """Text, or a PDF behind a few bytes that printers and scanners put before it."""
    place = data.find(_PDF, 0, _PDF_WITHIN)
    if place < 0:
        texts.read(data, found)
        return
    before = Findings()
    texts.read(data[:place], before)
    if before.kind in {FileKind.HTML, FileKind.EXECUTABLE, FileKind.EMAIL, FileKind.XML}:
        found.warn(FileWarning.POLYGLOT)
    pdf.read(data, found)


def _inside(content: bytes, depth: int) -> Findings:
    if depth >= MAX_DEPTH:
        found = Findings()
        found.warn(FileWarning.NESTED_ARCHIVE)
        return found
    return examine(content, depth + 1)


def _is_two(data: bytes, found: Findings) -> bool:
    """Whether another program would see another kind of file in the same bytes."""
    zipped = data.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08"))
    if found.kind is not FileKind.PDF and _PDF in data[:_PDF_WITHIN] and b"startxref" in data[-2048:]:
        return True
    if not zipped and zips.at_end(data, exactly=found.kind in _HOLD_OTHERS):
        return True
    if found.kind is FileKind.IMAGE and found.media_type != "image/svg+xml":
        return texts.looks_like_html(data[:_PDF_WITHIN]) or _behind(images.tail(data))
    return found.kind is FileKind.PDF and any(mark in data for mark in _ARCHIVES_ANYWHERE)


def _behind(tail: bytes) -> bool:
    """Something that is a file of its own behind the end of a picture."""
    tail = tail.lstrip(b"\0\r\n\t ")
    return tail.startswith(tuple(beginning for beginning, _reader in BEGINNINGS if len(beginning) > 2)) or (
        texts.looks_like_html(tail[:4096]) or any(mark in tail for mark in _ARCHIVES_ANYWHERE)
    )
