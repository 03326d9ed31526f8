"""BER (X.690, 8) rewritten as DER, for messages that programs write while they stream.

Taken: indefinite lengths, lengths longer than needed, octet strings in pieces. Everything that two programs could
read in two ways is `NeedsCare("ber_encoding")`: other strings in pieces, pieces of another type, an end mark where
none belongs. What is DER already comes back byte for byte.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from signing.cms.der import OCTET_STRING, SEQUENCE, SET, encode
from signing.errors import NeedsCare

MAX_DEPTH = 40
MAX_VALUES = 400_000
"""Values in one message, its content apart: a bound on time (about a second) for hostile ones."""

_PIECES = 0x20 | OCTET_STRING
_CONSTRUCTED, _CLASS, _LONG_TAG = 0x20, 0xC0, 0x1F
_END_MARK = b"\0\0"


class Header(NamedTuple):
    """`end` None: the length is indefinite, and an end mark closes the value."""

    tag: int
    body: int
    end: int | None


@dataclass(slots=True)
class Reader:
    """One pass over `view`; `values` counts what was met."""

    view: memoryview
    values: int = 0

    def header(self, position: int, limit: int) -> Header:
        """The tag and length at `position`; a value must end at or before `limit`."""
        self.values += 1
        if self.values > MAX_VALUES:
            raise NeedsCare("too_many_values")
        if position + 2 > limit:
            raise NeedsCare("der_truncated")
        tag, first = self.view[position], self.view[position + 1]
        body = position + 2
        if tag & _LONG_TAG == _LONG_TAG or tag == 0:
            raise NeedsCare("der_structure", tag=tag)
        if not tag & _CLASS and tag & _CONSTRUCTED and tag not in (SEQUENCE, SET, _PIECES):
            raise NeedsCare("ber_encoding", tag=tag)
        if first == 0x80:
            if not tag & _CONSTRUCTED:
                raise NeedsCare("ber_encoding", tag=tag)
            return Header(tag, body, None)
        length = first
        if first & 0x80:
            count = first & 0x7F
            if count > 8:
                raise NeedsCare("ber_encoding", tag=tag)
            if body + count > limit:
                raise NeedsCare("der_truncated")
            length = int.from_bytes(self.view[body : body + count], "big")
            body += count
        if body + length > limit:
            raise NeedsCare("der_truncated")
        return Header(tag, body, body + length)

    def is_end(self, header: Header, position: int, limit: int) -> bool:
        """Whether nothing more is inside the value of `header`."""
        if header.end is not None:
            return position == header.end
        if position + 2 > limit:
            raise NeedsCare("der_truncated")
        return self.view[position : position + 2] == _END_MARK

    def after(self, header: Header, position: int) -> int:
        """The position behind a value whose inside ends at `position`."""
        return position if header.end is not None else position + 2

    def rewrite(self, position: int, limit: int, depth: int = 0) -> tuple[bytes, int]:
        """(DER of the value at `position`, the position behind it)."""
        header = self.header(position, limit)
        if not header.tag & _CONSTRUCTED:
            end = header.end or 0  # a primitive value has a definite length
            return encode(header.tag, bytes(self.view[header.body : end])), end
        if header.tag == _PIECES:
            pieces, position = self.pieces(header, limit, depth)
            return encode(OCTET_STRING, b"".join(pieces)), position
        if depth == MAX_DEPTH:
            raise NeedsCare("too_deep")
        inside, position = [], header.body
        stop = limit if header.end is None else header.end
        while not self.is_end(header, position, stop):
            value, position = self.rewrite(position, stop, depth + 1)
            inside.append(value)
        return encode(header.tag, b"".join(inside)), self.after(header, position)

    def pieces(self, header: Header, limit: int, depth: int = 0) -> tuple[list[memoryview], int]:
        """The pieces of an octet string, none copied, and the position behind it."""
        if header.tag == OCTET_STRING:
            end = header.end or 0
            return [self.view[header.body : end]], end
        if header.tag != _PIECES:
            raise NeedsCare("ber_encoding", tag=header.tag)
        if depth == MAX_DEPTH:
            raise NeedsCare("too_deep")
        found: list[memoryview] = []
        stop, position = (limit if header.end is None else header.end), header.body
        while not self.is_end(header, position, stop):
            more, position = self.pieces(self.header(position, stop), stop, depth + 1)
            found += more
        return found, self.after(header, position)

    def skip(self, position: int, limit: int) -> int:
        """The position behind the value at `position`. A definite length is believed without looking inside."""
        depth, ends = 0, [limit]
        while True:
            header = self.header(position, ends[-1])
            if header.end is not None:
                position = header.end
            else:
                depth += 1
                if depth > MAX_DEPTH:
                    raise NeedsCare("too_deep")
                position = header.body
                ends.append(ends[-1])
            while depth and position + 2 <= limit and self.view[position : position + 2] == _END_MARK:
                depth, position = depth - 1, position + 2
                ends.pop()
            if not depth:
                return position


def is_plain(view: memoryview, header: Header, start: int) -> bool:
    """Whether a value has the shortest definite length, as in DER."""
    if header.end is None:
        return False
    size = header.end - header.body
    shortest = 1 if size < 0x80 else 1 + (size.bit_length() + 7) // 8
    return header.body - start == 1 + shortest


def read_prefix(data: bytes) -> tuple[bytes, bytes]:
    """The value at the front of `data`, as it stands there, and the bytes behind it."""
    end = Reader(memoryview(data)).skip(0, len(data))
    return data[:end], data[end:]


def to_der(data: bytes) -> bytes:
    """The one value that `data` is, in DER."""
    value, end = Reader(memoryview(data)).rewrite(0, len(data))
    if end != len(data):
        raise NeedsCare("der_trailing_bytes")
    return value
