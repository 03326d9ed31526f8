"""A CMS message of any size, DER or BER: its content stays where it is, all around it is read in DER."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from signing.cms import der
from signing.cms.algorithms import hash_of
from signing.cms.ber import Header, Reader, is_plain
from signing.cms.codec import SIGNED_DATA, SignedData, read_signed_data
from signing.errors import NeedsCare

MAX_AROUND = 64 * 1024 * 1024
"""Bytes of certificates, lists and signers in one message; the content is not bounded."""

_EXPLICIT_0 = 0xA0
_CARRIED = (0xA0, 0xA1)


@dataclass(frozen=True, slots=True)
class Message:
    """`data` is the message without its content, `pieces` the content where the message carries it, `rest` what
    stands behind the message."""

    data: SignedData
    pieces: tuple[memoryview, ...] | None
    rest: memoryview


@dataclass(slots=True)
class _Walk:
    """One level after the other, each value either rewritten or handed to `inside`."""

    reader: Reader
    pieces: tuple[memoryview, ...] | None = None
    contents: int = 0

    def level(
        self, position: int, limit: int, *, tag: int, inside: Callable[[int, int, int], tuple[bytes, int]]
    ) -> tuple[bytes, int]:
        """The value at `position`, which must have `tag`; `inside(number, position, stop)` reads its members."""
        header = self.reader.header(position, limit)
        if header.tag != tag:
            raise NeedsCare("der_structure", expected=tag, tag=header.tag)
        found: list[bytes] = []
        stop, position = (limit if header.end is None else header.end), header.body
        while not self.reader.is_end(header, position, stop):
            value, position = inside(len(found), position, stop)
            found.append(value)
        return der.encode(tag, b"".join(found)), self.reader.after(header, position)

    def outer(self, number: int, position: int, limit: int) -> tuple[bytes, int]:
        """ContentInfo: the type, then [0] with the SignedData."""
        if number == 0:
            value, end = self.reader.rewrite(position, limit)
            if der.oid(der.read(value)) != SIGNED_DATA:
                raise NeedsCare("not_signed_data")
            return value, end
        return self.level(position, limit, tag=_EXPLICIT_0, inside=self.explicit)

    def explicit(self, number: int, position: int, limit: int) -> tuple[bytes, int]:
        return self.level(position, limit, tag=der.SEQUENCE, inside=self.member)

    def member(self, number: int, position: int, limit: int) -> tuple[bytes, int]:
        """The members of SignedData (RFC 5652, 5.1): the third holds the content."""
        if number == 2:
            return self.level(position, limit, tag=der.SEQUENCE, inside=self.encapsulated)
        header = self.reader.header(position, limit)
        if number > 2 and header.tag in _CARRIED:
            return self.level(position, limit, tag=header.tag, inside=self.carried)
        self._hold_bound(header, position)
        return self.reader.rewrite(position, limit)

    def carried(self, number: int, position: int, limit: int) -> tuple[bytes, int]:
        """A certificate or list: what is plainly encoded stays byte for byte, whatever is inside."""
        header = self.reader.header(position, limit)
        self._hold_bound(header, position)
        if header.end is not None and is_plain(self.reader.view, header, position):
            return bytes(self.reader.view[position : header.end]), header.end
        return self.reader.rewrite(position, limit)

    def encapsulated(self, number: int, position: int, limit: int) -> tuple[bytes, int]:
        """EncapsulatedContentInfo: its type; the content is left out and kept as pieces."""
        if number == 0:
            return self.reader.rewrite(position, limit)
        _, end = self.level(position, limit, tag=_EXPLICIT_0, inside=self.content)
        if self.contents != 1:
            raise NeedsCare("der_structure")
        return b"", end

    def content(self, number: int, position: int, limit: int) -> tuple[bytes, int]:
        self.contents += 1
        found, end = self.reader.pieces(self.reader.header(position, limit), limit)
        self.pieces = tuple(found)
        return b"", end

    @staticmethod
    def _hold_bound(header: Header, position: int) -> None:
        if header.end is not None and header.end - position > MAX_AROUND:
            raise NeedsCare("too_large")


def read_message(data: memoryview) -> Message:
    """The SignedData at the front of `data`; `NeedsCare` when there is none."""
    walk = _Walk(Reader(data))
    around, end = walk.level(0, len(data), tag=der.SEQUENCE, inside=walk.outer)
    return Message(read_signed_data(around), walk.pieces, data[end:])


def digest_of(pieces: tuple[memoryview, ...], name: str) -> bytes:
    return hash_of(name, *pieces)


def size_of(pieces: tuple[memoryview, ...]) -> int:
    return sum(len(piece) for piece in pieces)


def is_set_of_attributes(pieces: tuple[memoryview, ...]) -> bool:
    """Whether the content is DER(SET OF Attribute): signed attributes of another message, passed off as content
    that was signed without any (RFC 5652, 5.3 and 11)."""
    first = next((piece for piece in pieces if len(piece)), None)
    if first is None or first[0] != der.SET or size_of(pieces) > 1 << 20:
        return False
    try:
        members = der.read(b"".join(pieces)).children()
        parts = [member.expect(der.SEQUENCE).children() for member in members]
        return all(len(part) == 2 and der.oid(part[0]) and part[1].tag == der.SET for part in parts)
    except NeedsCare:
        return False
