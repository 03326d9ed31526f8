"""Pictures: their size and frames, and what may stand behind the picture in the same file."""

from __future__ import annotations

import struct
from typing import Final

from workflow.adapters import image_pages
from workflow.adapters.inspection.findings import Findings
from workflow.adapters.pages import MAX_PAGES
from workflow.domain.errors import BadInput
from workflow.domain.file_warnings import FileKind, FileWarning

MEDIA: Final = {
    "PNG": "image/png", "JPEG": "image/jpeg", "TIFF": "image/tiff", "WEBP": "image/webp", "GIF": "image/gif",
    "BMP": "image/bmp",
}  # fmt: skip


def read(data: bytes, found: Findings) -> None:
    """One of the kinds that `image_pages` can show."""
    found.known(FileKind.IMAGE, "application/octet-stream")
    try:
        opened = image_pages.look(data)
    except BadInput:
        found.warn(FileWarning.UNREADABLE)
        return
    found.media_type = MEDIA[opened.format]
    found.pages = opened.pages
    if opened.pages > MAX_PAGES:
        found.warn(FileWarning.TOO_MANY_PAGES)


def tail(data: bytes) -> bytes:
    """What stands behind the end of a PNG, JPEG or GIF; empty where nothing does, or where it cannot be told."""
    if data.startswith(b"\x89PNG"):
        return _after_png(data)
    mark = {b"\xff\xd8": b"\xff\xd9", b"GI": b"\x00\x3b"}.get(data[:2])
    end = data.rfind(mark) if mark else -1
    return data[end + 2 :] if end >= 0 else b""


def _after_png(data: bytes) -> bytes:
    at = 8
    while at + 12 <= len(data):
        (length,) = struct.unpack_from(">I", data, at)
        kind = data[at + 4 : at + 8]
        at += 12 + length
        if kind == b"IEND":
            return data[at:]
    return b""
