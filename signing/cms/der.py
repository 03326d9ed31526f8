"""A strict reader of DER (X.690): definite, shortest lengths, low tags, everything used up.

BER that is not DER can be read in two ways by two programs, so it is `NeedsCare("ber_encoding")` here.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from signing.errors import NeedsCare

BOOLEAN, INTEGER, BIT_STRING, OCTET_STRING, NULL, OID = 0x01, 0x02, 0x03, 0x04, 0x05, 0x06
UTC_TIME, GENERALIZED_TIME, SEQUENCE, SET = 0x17, 0x18, 0x30, 0x31
_TIMES = {
    UTC_TIME: re.compile(rb"(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z"),
    GENERALIZED_TIME: re.compile(rb"(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z"),
}


class Node(NamedTuple):
    """One value: `data[start:end]` is the whole of it, `data[body:end]` what is inside."""

    data: bytes
    tag: int
    start: int
    body: int
    end: int

    @property
    def raw(self) -> bytes:
        return self.data[self.start : self.end]

    @property
    def content(self) -> bytes:
        return self.data[self.body : self.end]

    def children(self) -> tuple[Node, ...]:
        """What a constructed value holds."""
        if not self.tag & 0x20:
            raise NeedsCare("der_structure", tag=self.tag)
        data, position, limit = self.data, self.body, self.end
        nodes = []
        while position < limit:
            node = read_at(data, position, limit)
            nodes.append(node)
            position = node[4]
        return tuple(nodes)

    def only(self) -> Node:
        """The single value inside, as in an explicit tag."""
        nodes = self.children()
        if len(nodes) != 1:
            raise NeedsCare("der_structure", tag=self.tag)
        return nodes[0]

    def first(self) -> Node:
        nodes = self.children()
        if not nodes:
            raise NeedsCare("der_structure", tag=self.tag)
        return nodes[0]

    def expect(self, tag: int) -> Node:
        if self.tag != tag:
            raise NeedsCare("der_structure", expected=tag, tag=self.tag)
        return self


_node = tuple.__new__
"""Without the call in between: a message has a hundred of these."""


def read_at(data: bytes, position: int, limit: int) -> Node:
    """The value that begins at `position` and ends at or before `limit`."""
    if position + 2 > limit:
        raise NeedsCare("der_truncated")
    tag, length = data[position], data[position + 1]
    body = position + 2
    if tag & 0x1F == 0x1F:
        raise NeedsCare("der_structure", tag=tag)
    if length & 0x80:
        count = length & 0x7F
        if not 1 <= count <= 4 or body + count > limit:
            raise NeedsCare("ber_encoding")
        length = int.from_bytes(data[body : body + count], "big")
        if length < 0x80 or data[body] == 0:
            raise NeedsCare("ber_encoding")
        body += count
    if body + length > limit:
        raise NeedsCare("der_truncated")
    return _node(Node, (data, tag, position, body, body + length))


def read(data: bytes) -> Node:
    """The one value that `data` is, to its last byte."""
    node = read_at(data, 0, len(data))
    if node.end != len(data):
        raise NeedsCare("der_trailing_bytes")
    return node


def read_prefix(data: bytes) -> tuple[Node, bytes]:
    """The value at the front of `data`, and the bytes behind it."""
    node = read_at(data, 0, len(data))
    return node, data[node.end :]


def oid(node: Node) -> str:
    """An object identifier in dotted form."""
    return _dotted(node.expect(OID).content)


@lru_cache(maxsize=1024)
def _dotted(content: bytes) -> str:
    numbers, value = [], 0
    if not content or content[-1] & 0x80 or len(content) > 64:
        raise NeedsCare("der_structure", tag=OID)
    for index, byte in enumerate(content):
        if byte == 0x80 and (index == 0 or not content[index - 1] & 0x80):
            raise NeedsCare("ber_encoding")
        value = value << 7 | byte & 0x7F
        if not byte & 0x80:
            numbers.append(value)
            value = 0
    first = min(numbers[0] // 40, 2)
    return ".".join(map(str, [first, numbers[0] - 40 * first, *numbers[1:]]))


def integer(node: Node) -> int:
    content = node.expect(INTEGER).content
    if not content or (len(content) > 1 and content[0] in (0, 0xFF) and (content[0] ^ content[1]) < 0x80):
        raise NeedsCare("ber_encoding")
    return int.from_bytes(content, "big", signed=True)


def time(node: Node) -> datetime:
    """UTCTime (1950–2049) or GeneralizedTime, in UTC with Z as DER demands; fractions of a second are kept."""
    match = _TIMES[node.tag].fullmatch(node.content) if node.tag in _TIMES else None
    if match is not None:
        year, month, day, hour, minute, second = map(int, match.groups())
        if node.tag == UTC_TIME:
            year += 2000 if year < 50 else 1900
        try:
            return datetime(year, month, day, hour, minute, second, tzinfo=UTC)
        except ValueError as error:
            raise NeedsCare("der_structure", tag=node.tag) from error
    return _odd_time(node)


def _odd_time(node: Node) -> datetime:
    text = node.content.decode("ascii", "replace")
    formats = {UTC_TIME: ("%y%m%d%H%M%SZ",), GENERALIZED_TIME: ("%Y%m%d%H%M%SZ", "%Y%m%d%H%M%S.%fZ")}
    for pattern in formats.get(node.tag, ()):
        try:
            found = datetime.strptime(text, pattern).replace(tzinfo=UTC)
        except ValueError:
            continue
        if node.tag == UTC_TIME and found.year >= 2050:
            return found.replace(year=found.year - 100)
        return found
    raise NeedsCare("der_structure", tag=node.tag)


def is_sorted_set(node: Node) -> bool:
    """DER orders the members of SET OF by their encoding (X.690, 11.6)."""
    raws = [child.raw for child in node.children()]
    return all(one <= other for one, other in pairwise(raws))


def encode(tag: int, content: bytes) -> bytes:
    """One value with the shortest definite length."""
    length = len(content)
    if length < 0x80:
        return bytes([tag, length]) + content
    size = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(size)]) + size + content
