"""Values and objects as real programs write them; every liberty taken is noted, a contradiction is kept apart."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from signing.errors import NeedsCare
from signing.pdf.lexer import _CLOSE, _CONSTANTS, _TOKEN, _WHITE, MAX_DEPTH, Lexer
from signing.pdf.objects import HexString, IndirectObject, Name, PdfDict, Ref, Stream
from signing.pdf.same import same
from signing.pdf.tolerant.notes import Leniency, Notes, OutOfBounds

_WS = rb"[\x00\t\n\x0c\r ]"
_REGULAR = rb"[^\x00\t\n\x0c\r ()<>\[\]{}/%]"
_GAP = rb"(?:" + _WS + rb"++|%[^\r\n]*+[\r\n])*+"
HEADER = re.compile(
    rb"(\d{1,10}+)" + _WS + rb"++" + _GAP + rb"(\d{1,5}+)" + _WS + rb"++" + _GAP + rb"obj(?!" + _REGULAR + rb")"
)
_STREAM = re.compile(_GAP + rb"stream(\r\n|\n|\r| +\r?\n)?")
_ENDSTREAM = re.compile(_WS + rb"*+endstream")
_ENDOBJ = re.compile(_GAP + rb"endobj")
_FIRST_ENDSTREAM = re.compile(rb"(?:\r\n|\n|\r)?endstream")
_ODD_HEX = re.compile(_GAP + rb"<([^<>]{0,1000000}+)>")
_NUMBER = re.compile(rb"[+-]*+(\d*+)(\.?)(\d*+)")
_HASH = re.compile(rb"#([0-9A-Fa-f]{2})")
_STRUCTURAL = frozenset({b"obj", b"endobj", b"stream", b"endstream", b"xref", b"trailer", b"startxref"})


class OddToken(str):
    """A bare word that is no value; equal only to the same word."""

    __slots__ = ()


class TolerantLexer(Lexer):
    """`conflicts` names keys that stand twice with two values: two readers would see two."""

    __slots__ = ("conflicts", "notes")

    def __init__(self, data: bytes, pos: int, notes: Notes) -> None:
        super().__init__(data, pos)
        self.notes = notes
        self.conflicts: list[str] = []

    def _value(self, depth: int, closing: bytes) -> Any:
        self.notes.spend()
        match = _TOKEN.match(self.data, self.pos)
        if match is None:
            return self._odd_hex()
        kind, start = match.lastindex, self.pos
        if kind in (3, 4, 8):
            self.pos = match.end()
            if kind == 3:
                return self._odd_name(match[3])
            if kind == 4:
                return self._integer(match[4])
            return self._word(match[8], match.start(8))
        self.pos = start
        if depth >= MAX_DEPTH:
            raise OutOfBounds("depth")
        return super()._value(depth, closing)

    def _odd_hex(self) -> HexString:
        match = _ODD_HEX.match(self.data, self.pos)
        if match is None:
            raise NeedsCare("syntax", offset=self.pos)
        self.notes.grant(Leniency.ODD_STRING, self.pos)
        self.pos = match.end()
        return self._hex(re.sub(rb"[^0-9A-Fa-f]", b"", match[1]), match.start(1) - 1)

    def _odd_name(self, raw: bytes) -> Name:
        if b"#" in raw:
            if raw.count(b"#") != len(_HASH.findall(raw)) or b"#00" in raw:
                self.notes.grant(Leniency.ODD_NAME, self.pos)
            raw = _HASH.sub(lambda match: bytes([int(match[1], 16)]), raw)
        return Name(raw.decode("latin-1"))

    def _integer(self, digits: bytes) -> int:
        if len(digits) > 20:
            self.notes.grant(Leniency.ODD_NUMBER, self.pos)
            return int(digits[:20])
        return int(digits)

    def _word(self, word: bytes, start: int) -> Any:
        if word in _CONSTANTS:
            return _CONSTANTS[word]
        if word in _STRUCTURAL or len(word) > 200:
            raise NeedsCare("syntax", offset=start)
        number = _NUMBER.fullmatch(word)
        if number is not None and (number[1] or number[3]):
            self.notes.grant(Leniency.ODD_NUMBER, start)
            sign = -1 if word.startswith(b"-") else 1
            return sign * float(b"%s.%s" % (number[1][:20] or b"0", number[3][:20] or b"0"))
        self.notes.grant(Leniency.ODD_TOKEN, start)
        return OddToken(word.decode("latin-1"))

    def _dict(self, depth: int) -> PdfDict:
        result = PdfDict()
        result.start = self.pos - 2
        result.spans = {}
        while (key := self._value(depth + 1, b">>")) is not _CLOSE:
            if type(key) is not Name:
                raise NeedsCare("syntax", offset=self.pos)
            white = _WHITE.match(self.data, self.pos)
            start = white.end() if white else self.pos
            value = self._value(depth + 1, b"")
            if value is _CLOSE:
                raise NeedsCare("syntax", offset=self.pos)
            if key in result:
                self._doubled(key, result[key], value)
            result[key] = value
            result.spans[key] = (start, self.pos)
        result.end = self.pos
        return result

    def _doubled(self, key: Name, old: Any, new: Any) -> None:
        if same(old, new):
            self.notes.grant(Leniency.DUPLICATE_KEY, self.pos)
        else:
            self.conflicts.append(key)


@dataclass(frozen=True, slots=True)
class Found:
    """An object and what in it can be read in two ways: keys, or `longer`: where its stream ends."""

    object: IndirectObject
    conflicts: tuple[str, ...]
    longer: bool = False


def read_tolerant(data: bytes, offset: int, *, length_of: Callable[[Ref], int | None], notes: Notes) -> Found:
    """The object whose number stands at `offset`, which must be exact here."""
    header = HEADER.match(data, offset)
    if header is None:
        raise NeedsCare("object_not_at_offset", offset=offset)
    lexer = TolerantLexer(data, header.end(), notes)
    value = None if _ENDOBJ.match(data, header.end()) else lexer.value()
    keyword = _STREAM.match(data, lexer.pos) if type(value) is PdfDict else None
    longer = False
    if keyword is not None and type(value) is PdfDict:
        value, end, longer = _stream(data, value, keyword=keyword, length_of=length_of, notes=notes)
    else:
        end = lexer.pos
    tail = _ENDOBJ.match(data, end)
    if tail is None:
        notes.grant(Leniency.END_MISSING, offset)
    item = IndirectObject(
        int(header[1]), int(header[2]), value, offset, tail.end() if tail else end, tuple(lexer.refs)
    )
    return Found(item, tuple(lexer.conflicts), longer)


def _stream(
    data: bytes,
    entries: PdfDict,
    *,
    keyword: re.Match[bytes],
    length_of: Callable[[Ref], int | None],
    notes: Notes,
) -> tuple[Stream, int, bool]:
    """By /Length where `endstream` follows it; else up to the first `endstream`. True: a /Length that could be
    believed says something else, so that two readers see two streams."""
    start = keyword.end()
    if keyword[1] not in (b"\r\n", b"\n"):
        notes.grant(Leniency.STREAM_KEYWORD, start)
    length = entries.get("Length")
    if type(length) is Ref:
        length = length_of(length)
    believable = type(length) is int and 0 < length <= len(data) - start
    if type(length) is int and 0 <= length <= len(data) - start:
        tail = _ENDSTREAM.match(data, start + length)
        if tail is not None:
            return Stream(entries, data, start, start + length), tail.end(), False
    found = _FIRST_ENDSTREAM.search(data, start)
    if found is None:
        raise NeedsCare("stream_length", offset=start)
    notes.grant(Leniency.STREAM_LENGTH, start)
    return Stream(entries, data, start, found.start()), found.end(), believable
