"""Text around a message: PEM (RFC 7468) or bare base64. One message, nothing before or behind it."""

from __future__ import annotations

import base64
import binascii
import re

from signing.errors import BrokenInput, NeedsCare

MAX_TEXT = 96 * 1024 * 1024
_LABELS = rb"PKCS7|PKCS #7 SIGNED DATA|CMS"
_BEGIN = re.compile(rb"-----BEGIN (?:" + _LABELS + rb")-----")
_PEM = re.compile(rb"-----BEGIN (" + _LABELS + rb")-----\s([A-Za-z0-9+/=\s]*)-----END \1-----")
_SPACE = b" \t\r\n\v\f"
_MARK = b"\xef\xbb\xbf"
_HEAD = 4096
_BASE64_OF_SEQUENCE = re.compile(rb"M[A-Za-z0-9+/\r\n]{63,}=*\s*\Z")
"""0x30, the tag of a SEQUENCE, is `M` in base64."""


def looks_like_message(head: bytes) -> bool:
    """Whether a file that begins with `head` (some kilobytes) could be a CMS message and nothing else."""
    text = head[:_HEAD].removeprefix(_MARK).lstrip(_SPACE)
    return head[:1] == b"\x30" or bool(_BEGIN.match(text)) or bool(_BASE64_OF_SEQUENCE.match(text))


def unwrap(data: memoryview) -> memoryview:
    """The message in `data`, without its text; what is not text comes back as it is."""
    if data[:1].tobytes() == b"\x30" or not looks_like_message(bytes(data[:_HEAD])):
        return data
    if len(data) > MAX_TEXT:
        raise NeedsCare("too_large")
    text = bytes(data).removeprefix(_MARK).strip(_SPACE)
    if text.startswith(b"-----"):
        found = _PEM.fullmatch(text)
        if found is None:
            raise BrokenInput("armour")
        text = found[2]
    try:
        return memoryview(base64.b64decode(b"".join(text.split()), validate=True))
    except binascii.Error as error:
        raise BrokenInput("armour") from error
