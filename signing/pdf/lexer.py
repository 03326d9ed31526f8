"""A strict reader of PDF values: one regular expression, possessive throughout, so no input makes it slow.

What a lenient viewer would repair is refused here (`NeedsCare`): two readers must not see two files.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from signing.errors import NeedsCare
from signing.pdf.objects import HexString, IndirectObject, LiteralString, Name, PdfArray, PdfDict, Ref, Stream

MAX_DEPTH = 64
"""Nesting of arrays and dictionaries; real files stay under ten."""
MAX_PARTS = 200_000
"""Escapes, parentheses and line ends in one string; megabytes of binary data stay under it."""

ACTIVE_KEYS = frozenset({"AA", "JS", "XFA"})
"""Entries that make a document act by itself."""

_WS = rb"[\x00\t\n\x0c\r ]"
_REGULAR = rb"[^\x00\t\n\x0c\r ()<>\[\]{}/%]"
_TOKEN = re.compile(
    rb"(?:" + _WS + rb"++|%[^\r\n]*+)*+"
    rb"(?:(\d{1,10}+)" + _WS + rb"++(\d{1,5}+)" + _WS + rb"++R(?!" + _REGULAR + rb")"  # 1 2 reference
    rb"|/(" + _REGULAR + rb"*+)"  # 3 name
    rb"|([+-]?\d++)(?!" + _REGULAR + rb")"  # 4 integer
    rb"|([+-]?(?:\d++\.\d*+|\.\d++))(?!" + _REGULAR + rb")"  # 5 real
    rb"|<([0-9A-Fa-f\x00\t\n\x0c\r ]*+)>"  # 6 hex string
    rb"|(<<|>>|\[|\]|\()"  # 7 opening or closing
    rb"|(" + _REGULAR + rb"++))"  # 8 keyword
)
_WHITE = re.compile(rb"(?:" + _WS + rb"++|%[^\r\n]*+)*+")
_OCTAL = re.compile(rb"[0-7]{1,3}")
_LITERAL_STOP = re.compile(rb"[()\\\r]")
_HASH = re.compile(rb"#([0-9A-Fa-f]{2})")
_HEADER = re.compile(rb"(\d{1,10}+)" + _WS + rb"++(\d{1,5}+)" + _WS + rb"++obj(?!" + _REGULAR + rb")")
_STREAM_START = re.compile(_WS + rb"*+stream(\r\n|\n)")
_STREAM_END = re.compile(rb"(?:\r\n|\n|\r)?endstream" + _WS + rb"++endobj(?!" + _REGULAR + rb")")
_OBJECT_END = re.compile(_WS + rb"*+endobj(?!" + _REGULAR + rb")")
_FLAT = re.compile(
    rb"((?:[\t\n\x0c\r ]*+[+-]?(?:\d{1,18}+(?:\.\d*+)?|\.\d++)(?!" + _REGULAR + rb"))*+)" + _WS + rb"*+\]"
)
"""The inside of an array of nothing but numbers, to its bracket; a reference's `R` does not fit in."""
_CONSTANTS = {b"true": True, b"false": False, b"null": None}
_ESCAPES = {
    0x6E: b"\n", 0x72: b"\r", 0x74: b"\t", 0x62: b"\b", 0x66: b"\f", 0x28: b"(", 0x29: b")", 0x5C: b"\\",
}  # fmt: skip
_CLOSE = object()


class Lexer:
    """Reads values from `data`; `refs` collects every reference met."""

    __slots__ = ("data", "is_active", "pos", "refs")

    def __init__(self, data: bytes, pos: int = 0) -> None:
        self.data = data
        self.pos = pos
        self.refs: list[Ref] = []
        self.is_active = False

    def value(self) -> Any:
        """The value at `pos`, which moves behind it."""
        result = self._value(0, b"")
        if result is _CLOSE:
            raise NeedsCare("syntax", offset=self.pos)
        return result

    def _value(self, depth: int, closing: bytes) -> Any:
        match = _TOKEN.match(self.data, self.pos)
        if match is None:
            raise NeedsCare("syntax", offset=self.pos)
        self.pos = match.end()
        kind = match.lastindex
        if kind == 3:
            return name_of(match[3])
        if kind == 2:
            ref = Ref(int(match[1]), int(match[2]))
            self.refs.append(ref)
            return ref
        if kind == 4:
            return _integer(match[4])
        if kind == 7:
            return self._compound(match[7], depth, closing)
        if kind == 5:
            return float(match[5])
        if kind == 6:
            return self._hex(match[6], match.start(6) - 1)
        if match[8] in _CONSTANTS:
            return _CONSTANTS[match[8]]
        raise NeedsCare("syntax", offset=match.start(8))

    def _compound(self, token: bytes, depth: int, closing: bytes) -> Any:
        if token == closing:
            return _CLOSE
        if depth >= MAX_DEPTH:
            raise NeedsCare("too_deep", offset=self.pos)
        if token == b"<<":
            return self._dict(depth)
        if token == b"[":
            return self._array(depth)
        if token == b"(":
            return self._literal()
        raise NeedsCare("syntax", offset=self.pos)

    def _dict(self, depth: int) -> PdfDict:
        result = PdfDict()
        result.start = self.pos - 2
        result.spans = {}
        while (key := self._value(depth + 1, b">>")) is not _CLOSE:
            if type(key) is not Name:
                raise NeedsCare("syntax", offset=self.pos)
            if key in result:
                raise NeedsCare("duplicate_key", key=str(key), offset=self.pos)
            if key in ACTIVE_KEYS:
                self.is_active = True
            white = _WHITE.match(self.data, self.pos)
            start = white.end() if white else self.pos
            value = self._value(depth + 1, b"")
            result[key] = value
            result.spans[key] = (start, self.pos)
        result.end = self.pos
        return result

    def _array(self, depth: int) -> PdfArray:
        result = PdfArray()
        result.start = self.pos - 1
        while (item := self._value(depth + 1, b"]")) is not _CLOSE:
            result.append(item)
        result.end = self.pos
        return result

    def _hex(self, digits: bytes, start: int) -> HexString:
        clean = digits.translate(None, b"\x00\t\n\x0c\r ")
        result = HexString(bytes.fromhex((clean + b"0" if len(clean) % 2 else clean).decode("ascii")))
        result.start, result.end = start, self.pos
        return result

    def _literal(self) -> LiteralString:
        parts: list[bytes] = []
        start, open_parens = self.pos - 1, 1
        while open_parens:
            stop = _LITERAL_STOP.search(self.data, self.pos)
            if stop is None:
                raise NeedsCare("syntax", offset=start)
            if len(parts) > 2 * MAX_PARTS:
                raise NeedsCare("string_too_long", offset=start)
            parts.append(self.data[self.pos : stop.start()])
            self.pos = stop.end()
            char = stop[0]
            if char == b"\\":
                parts.append(self._escape())
            elif char == b"\r":  # any end of line reads as one line feed
                self.pos += self.data[self.pos : self.pos + 1] == b"\n"
                parts.append(b"\n")
            else:
                open_parens += 1 if char == b"(" else -1
                parts.append(char if open_parens else b"")
        result = LiteralString(b"".join(parts))
        result.start, result.end = start, self.pos
        return result

    def _escape(self) -> bytes:
        data, pos = self.data, self.pos
        octal = _OCTAL.match(data, pos)
        if octal:
            self.pos = octal.end()
            return bytes([int(octal[0], 8) & 0xFF])
        if data[pos : pos + 2] == b"\r\n":
            self.pos = pos + 2
            return b""
        self.pos = pos + 1
        char = data[pos : pos + 1]
        if char in (b"\r", b"\n"):
            return b""
        return _ESCAPES.get(char[0], char) if char else b""


class QuickLexer(Lexer):
    """Reads the same values and refuses the same bytes as `Lexer`, in a third of the time: most of what a file is
    made of (keys, names, numbers, references, arrays of widths and boxes) is taken without a call for each.

    The place of single values (`spans`) is not kept.
    """

    __slots__ = ()

    def _dict(self, depth: int) -> PdfDict:
        data, token, pos = self.data, _TOKEN.match, self.pos
        result = PdfDict()
        result.start = pos - 2
        while True:
            match = token(data, pos)
            if match is None:
                raise NeedsCare("syntax", offset=pos)
            pos = match.end()
            if match.lastindex != 3:
                if match[7] != b">>":
                    raise NeedsCare("syntax", offset=pos)
                break
            key = name_of(match[3])
            if key in result:
                raise NeedsCare("duplicate_key", key=str(key), offset=pos)
            if key in ACTIVE_KEYS:
                self.is_active = True
            match = token(data, pos)
            if match is not None and match.lastindex in _PLAIN_KINDS:
                result[key] = self._plain(match)
                pos = match.end()
            else:
                self.pos = pos
                result[key] = self._value(depth + 1, b"")
                pos = self.pos
        self.pos = result.end = pos
        return result

    def _array(self, depth: int) -> PdfArray:
        data, token, pos = self.data, _TOKEN.match, self.pos
        flat = _FLAT.match(data, pos)
        if flat is not None:
            # every item fits _TOKEN's integer or real, and nothing in it is a reference
            numbers = flat[1].split()
            result = PdfArray(float(item) if b"." in item else int(item) for item in numbers)
            result.start, result.end = pos - 1, flat.end()
            self.pos = result.end
            return result
        result = PdfArray()
        result.start = pos - 1
        while (match := token(data, pos)) is not None:
            if match.lastindex in _PLAIN_KINDS:
                result.append(self._plain(match))
                pos = match.end()
                continue
            self.pos = pos
            item = self._value(depth + 1, b"]")
            pos = self.pos
            if item is _CLOSE:
                result.end = pos
                return result
            result.append(item)
        raise NeedsCare("syntax", offset=pos)

    def _plain(self, match: re.Match[bytes]) -> Any:
        kind = match.lastindex
        if kind == 2:
            ref = Ref(int(match[1]), int(match[2]))
            self.refs.append(ref)
            return ref
        return name_of(match[3]) if kind == 3 else _integer(match[4])


_PLAIN_KINDS = frozenset({2, 3, 4})
"""Groups of `_TOKEN`: reference, name, integer."""


def _integer(digits: bytes) -> int:
    if len(digits) > 20:
        raise NeedsCare("number_too_long")
    return int(digits)


def name_of(raw: bytes) -> Name:
    return _short_name(raw) if len(raw) <= _SHORT else _read_name(raw)


def _read_name(raw: bytes) -> Name:
    if b"#" in raw:
        if raw.count(b"#") != len(_HASH.findall(raw)) or b"#00" in raw:
            raise NeedsCare("name", name=raw.decode("latin-1"))  # readers disagree about these
        raw = _HASH.sub(lambda match: bytes([int(match[1], 16)]), raw)
    return Name(raw.decode("latin-1"))


_SHORT = 32
_short_name = lru_cache(maxsize=2048)(_read_name)
"""The same few hundred names make up most of every file; long ones, which only a hostile file has, are not kept."""


def read_object(
    data: bytes, offset: int, *, length_of: Callable[[Ref], int], lexer: type[Lexer] = QuickLexer
) -> IndirectObject:
    """The object whose number stands exactly at `offset`; `length_of` resolves an indirect /Length."""
    header = _HEADER.match(data, offset)
    if header is None:
        raise NeedsCare("object_not_at_offset", offset=offset)
    reader = lexer(data, header.end())
    value = reader.value()
    stream = _STREAM_START.match(data, reader.pos) if type(value) is PdfDict else None
    if stream is not None:
        value, end = _stream(data, value, start=stream.end(), length_of=length_of)
    else:
        tail = _OBJECT_END.match(data, reader.pos)
        if tail is None:
            raise NeedsCare("object_without_end", offset=offset)
        end = tail.end()
    return IndirectObject(
        int(header[1]), int(header[2]), value, offset, end, tuple(reader.refs), is_active=reader.is_active
    )


def _stream(data: bytes, entries: PdfDict, *, start: int, length_of: Callable[[Ref], int]) -> tuple[Stream, int]:
    length = entries.get("Length")
    if type(length) is Ref:
        length = length_of(length)
    if type(length) is not int or length < 0:
        raise NeedsCare("stream_length", offset=start)
    if "F" in entries:
        raise NeedsCare("external_stream", offset=start)
    end = start + length
    tail = _STREAM_END.match(data, end)
    if tail is None:
        raise NeedsCare("stream_length", offset=start)
    return Stream(entries, data, start, end), tail.end()
