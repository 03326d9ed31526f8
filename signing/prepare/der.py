"""Writing DER (X.690) and stepping over it: the few shapes that certificates and CMS need.

Written out by hand because building the same structures through a general ASN.1 package takes a thousand
times longer than the signature itself. Reading here is only for bytes that `cryptography` accepted before.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from functools import lru_cache

INTEGER, BIT_STRING, OCTET_STRING, NULL, OID, UTF8 = 0x02, 0x03, 0x04, 0x05, 0x06, 0x0C
SEQUENCE, SET, GENERALIZED_TIME, BOOLEAN = 0x30, 0x31, 0x18, 0x01


def tlv(tag: int, content: bytes) -> bytes:
    """One tag, its definite length, its content."""
    size = len(content)
    if size < 0x80:
        return bytes((tag, size)) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(length))) + length + content


def sequence(*parts: bytes) -> bytes:
    return tlv(SEQUENCE, b"".join(parts))


def set_of(parts: Iterable[bytes], *, tag: int = SET) -> bytes:
    """SET OF in DER order: ascending octets (X.690 §11.6)."""
    return tlv(tag, b"".join(sorted(parts)))


def integer(value: int) -> bytes:
    return tlv(INTEGER, value.to_bytes(value.bit_length() // 8 + 1, "big", signed=True))


def octets(content: bytes) -> bytes:
    return tlv(OCTET_STRING, content)


def null() -> bytes:
    return tlv(NULL, b"")


def boolean(value: bool) -> bytes:
    return tlv(BOOLEAN, b"\xff" if value else b"\x00")


def utf8(text: str) -> bytes:
    return tlv(UTF8, text.encode())


def generalized_time(at: datetime) -> bytes:
    """UTC, whole seconds, no fraction: the only form DER allows for them (X.690 §11.7)."""
    return tlv(GENERALIZED_TIME, at.astimezone(UTC).strftime("%Y%m%d%H%M%SZ").encode())


def explicit(number: int, content: bytes) -> bytes:
    """[number] EXPLICIT"""
    return tlv(0xA0 | number, content)


@lru_cache(256)
def oid(dotted: str) -> bytes:
    """An object identifier from its dotted form."""
    first, second, *rest = (int(arc) for arc in dotted.split("."))
    return tlv(OID, b"".join(_base128(arc) for arc in (first * 40 + second, *rest)))


def _base128(arc: int) -> bytes:
    groups = [arc & 0x7F]
    while arc := arc >> 7:
        groups.append(0x80 | arc & 0x7F)
    return bytes(reversed(groups))


def step(data: bytes, at: int = 0) -> tuple[int, int, int]:
    """(tag, start of content, end) of the element at `at`; `ValueError` where it does not fit."""
    if at + 2 > len(data):
        raise ValueError("DER ends early")
    tag, size, start = data[at], data[at + 1], at + 2
    if size & 0x80:
        count = size & 0x7F
        if not 1 <= count <= 4 or start + count > len(data):
            raise ValueError("DER length")
        size = int.from_bytes(data[start : start + count], "big")
        start += count
    if start + size > len(data):
        raise ValueError("DER ends early")
    return tag, start, start + size


def children(data: bytes) -> tuple[bytes, ...]:
    """The elements inside the one constructed element that `data` is, each with its header."""
    _, at, end = step(data)
    found = []
    while at < end:
        _, _, stop = step(data, at)
        found.append(data[at:stop])
        at = stop
    return tuple(found)


def content(data: bytes) -> bytes:
    """What stands inside the one element that `data` is."""
    _, start, end = step(data)
    return data[start:end]
