"""The quick way through most of a file: objects are taken by their shape, values are read when asked for.

Every object of every revision has to be looked at (`structure.check`): whether it is well formed and no key stands
twice in a dictionary, what it refers to, and where it ends. Its values are needed for a few only. `read_plain` says
all of the former about an object that has a shape (`signing.pdf.shapes`). Of anything else it says nothing at all,
and `read_object` reads it as ever: so it never accepts what that one refuses.
"""

from __future__ import annotations

import re
from typing import Any

from signing.pdf.lexer import QuickLexer, name_of
from signing.pdf.objects import IndirectObject, Ref, Stream
from signing.pdf.shapes import LAST, OBJECT, W1, Shape, keys_differ, shape_of

_WHITE = b"\x00\t\n\x0c\r "
_STREAM_END = re.compile(rb"(?:\r\n|\n|\r)?endstream" + W1 + rb"endobj" + LAST)
_UNREAD: Any = object()
_SLASH = ord("/")
_CLOSED = b">])"
"""The last byte of a value that ends by itself, without white space."""


class PlainObject(IndirectObject):
    """An object whose values are read when somebody asks for them."""

    __slots__ = ("_data", "_kept", "_shape", "_stream")
    is_active = False

    def __init__(
        self, num: int, gen: int, start: int, end: int, data: bytes, shape: Shape,
        stream: tuple[int, int] | None = None, container: int | None = None,
    ) -> None:  # fmt: skip
        self.num, self.gen, self.start, self.end, self.container = num, gen, start, end, container
        self._data, self._shape, self._stream, self._kept = data, shape, stream, _UNREAD

    @property
    def value(self) -> Any:
        if self._kept is _UNREAD:
            head: Any = QuickLexer(self._data, self.start + self._shape.value[0]).value()
            self._kept = head if self._stream is None else Stream(head, self._data, *self._stream)
        return self._kept

    @property
    def refs(self) -> tuple[Ref, ...]:  # type: ignore[override]  # nobody sets them
        return tuple([Ref(*map(int, one.split())) for one in self.references()])

    def references(self) -> list[bytes]:
        data, start = self._data, self.start
        return [data[start + one : start + end] for one, end in self._shape.refs]

    @property
    def is_dictionary(self) -> bool:
        return self._stream is None and self._shape.is_dictionary

    @property
    def is_stream(self) -> bool:
        return self._stream is not None

    def mentions(self, name: bytes) -> bool:
        return name in self._shape.notable

    def entry(self, key: str) -> Any:
        if self._kept is not _UNREAD or not key.isalpha():
            return super().entry(key)
        span = self._shape.entries.get(key)
        if span is None:
            return None
        place = self.start + span[0]
        if self._data[place] == _SLASH:
            return name_of(self._data[place + 1 : self.start + span[1]])
        return QuickLexer(self._data, place).value()


def read_plain(data: bytes, offset: int, limit: int = 0) -> PlainObject | None:
    """The object at `offset`; None: read it the long way. `limit`: where the next thing is said to begin; all that
    tells is where to look for the end first."""
    place = data.find(b"stream", offset, limit)
    if place >= 0:
        text = data[offset : place + (7 if data[place + 6 : place + 7] == b"\n" else 8)]
    else:
        text = data[offset:limit].rstrip(_WHITE)
    # `endobj` must be followed by white space, or it might be the beginning of a longer word
    shape = shape_of(text) if place >= 0 or offset + len(text) < limit else None
    if shape is None:
        match = OBJECT.match(data, offset)
        shape = shape_of(text := match[0]) if match is not None else None
        if shape is None:
            return None
    if not (shape.has_different_keys or keys_differ(text, shape)):
        return None
    first, second, third = shape.head
    num, gen, end = int(text[:first]), int(text[second:third]), offset + len(text)
    if shape.length is None:
        return PlainObject(num, gen, offset, end, data, shape)
    first, second = shape.length
    stop = end + int(text[first:second])
    tail = _STREAM_END.match(data, stop)
    return PlainObject(num, gen, offset, tail.end(), data, shape, (end, stop)) if tail is not None else None


def read_plain_value(data: bytes, start: int, limit: int, *, num: int, container: int) -> PlainObject | None:
    """The object with this number inside an object stream, `limit` being where the next one begins."""
    text = data[start:limit].rstrip(_WHITE)
    end = start + len(text)
    if not text or (end == limit < len(data) and text[-1] not in _CLOSED):
        return None
    shape = shape_of(text, bare=True)
    if shape is None or not (shape.has_different_keys or keys_differ(text, shape)):
        return None
    return PlainObject(num, 0, start, end, data, shape, None, container)
