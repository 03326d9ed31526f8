"""CMS messages (RFC 5652) and signed mail: what they carry is looked at too."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from signing.cms.armour import looks_like_message, unwrap
from signing.cms.message import read_message
from signing.cms.mime import MAX_HEADER, looks_like_mail, read_mail
from signing.errors import SigningError
from workflow.adapters.inspection.findings import Findings
from workflow.domain.file_warnings import FileKind, FileWarning

_PKCS7: Final = re.compile(
    rb"\x30(?:\x80|[\x00-\x7f]|\x81.|\x82..|\x83...|\x84....)\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07(.)", re.DOTALL
)
_LOCKED: Final = frozenset({3, 4, 6})
"""envelopedData, signedAndEnvelopedData, encryptedData: 1.2.840.113549.1.7.N."""
_AUTHENTICATED: Final = re.compile(rb"\x06\x0b\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01\x17")
"""authEnvelopedData (RFC 5083)."""


def read(data: bytes, found: Findings, inside: Callable[[bytes], Findings]) -> None:
    """Leaves `kind` open where it is no CMS message; `inside` looks at a content."""
    if looks_like_mail(data[:MAX_HEADER]):
        _known(found, "message/rfc822")
        try:
            mail = read_mail(memoryview(data))
        except SigningError:
            found.warn(FileWarning.UNREADABLE)
            return
        _message(mail.message, found, inside)
        if mail.part is not None:
            found.add(inside(mail.part))
        return
    if not looks_like_message(data[:4096]):
        return
    try:
        bare = unwrap(memoryview(data))
    except SigningError:
        return
    if _kind(bare) is not None:
        _known(found, "application/pkcs7-mime")
        _message(bare, found, inside)


def _known(found: Findings, media_type: str) -> None:
    found.known(FileKind.SIGNATURE, media_type)


def _kind(bare: memoryview) -> int | None:
    head = bytes(bare[:64])
    if (hit := _PKCS7.match(head)) is not None:
        return hit[1][0]
    return 3 if _AUTHENTICATED.search(head[:24]) else None


def _message(bare: memoryview, found: Findings, inside: Callable[[bytes], Findings]) -> None:
    kind = _kind(bare)
    if kind in _LOCKED:
        found.warn(FileWarning.ENCRYPTED)
        return
    try:
        message = read_message(bare)
    except SigningError:
        found.warn(FileWarning.UNREADABLE)
        return
    if message.pieces:
        found.add(inside(b"".join(message.pieces)))
