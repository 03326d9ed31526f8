"""Cross-reference sections and revisions (ISO 32000-2, 7.5.4–7.5.8), followed from the end of the file.

Strict: the last `%%EOF` ends the file, every section stands before the one that names it, no hybrid
sections, no linearised files, every revision ends with its own `startxref` and `%%EOF`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from itertools import repeat
from typing import Any, NamedTuple

from signing.errors import BrokenInput, NeedsCare
from signing.pdf.filters import decode
from signing.pdf.lexer import QuickLexer, read_object
from signing.pdf.objects import IndirectObject, PdfDict, Ref, Stream
from signing.pdf.plain import read_plain_value

MAX_REVISIONS = 256
MAX_OBJECTS = 300_000
_TAILS_TRIED = 8

_HEADER = re.compile(rb"%PDF-[12]\.\d")
_LAST_TAIL = re.compile(rb"startxref[\r\n ]+(\d{1,11})[\r\n ]+%%EOF")
_TAIL = re.compile(rb"[\x00\t\n\x0c\r ]*+startxref[\r\n ]++(\d{1,11}+)[\r\n ]++%%EOF(\r\n|\n|\r)?")
_TABLE = re.compile(rb"xref *(?:\r\n|\n|\r)")
_SUBSECTION = re.compile(rb"(\d{1,10}+) (\d{1,6}+) ?(?:\r\n|\n|\r)")
_ROWS = re.compile(rb"(?:\d{10} \d{5} [nf](?: \r| \n|\r\n))*+")
_ROW = 20
_TRAILER = re.compile(rb"trailer(?=[\x00\t\n\x0c\r <])")


class EntryKind(StrEnum):
    FREE = "free"
    PLAIN = "plain"
    COMPRESSED = "compressed"


class XrefKind(StrEnum):
    TABLE = "table"
    STREAM = "stream"


class Entry(NamedTuple):
    """Where an object stands: at `offset`, or at `place` among the objects of the object stream `container`."""

    num: int
    gen: int
    kind: EntryKind
    offset: int = 0
    container: int = 0
    place: int = 0


_AS_ENTRY = partial(tuple.__new__, Entry)
"""What `Entry._make` does, in a third of the time: tables have thousands of rows."""
_KINDS = {b"n": EntryKind.PLAIN, b"f": EntryKind.FREE}


@dataclass(frozen=True, slots=True)
class Revision:
    """One saved state: bytes `start:end`; `end` is behind `%%EOF`, `end_of_line` behind its line end."""

    number: int
    start: int
    end: int
    end_of_line: int
    startxref: int
    section_end: int
    xref_kind: XrefKind
    entries: dict[int, Entry]
    trailer: PdfDict

    @property
    def numbers(self) -> frozenset[int]:
        return frozenset(self.entries)


@dataclass(frozen=True, slots=True)
class _Section:
    offset: int
    end: int
    kind: XrefKind
    entries: dict[int, Entry]
    trailer: PdfDict


def read_revisions(data: bytes) -> tuple[Revision, ...]:
    """All revisions, oldest first."""
    _check_is_pdf(data)
    sections: list[_Section] = []
    offset, limit = _last_startxref(data), len(data)
    while True:
        if not 0 < offset < limit:
            raise NeedsCare("xref_order", offset=offset)
        section = _read_section(data, offset)
        sections.append(section)
        if len(sections) > MAX_REVISIONS:
            raise NeedsCare("too_many_revisions")
        previous = section.trailer.get("Prev")
        if previous is None:
            break
        if type(previous) is not int:
            raise NeedsCare("xref_order", offset=offset)
        offset, limit = previous, offset
    revisions = _chain(data, sections[::-1])
    _check_end(data, revisions[-1].end_of_line)
    return revisions


def _check_end(data: bytes, end: int) -> None:
    """Anything behind the last revision is garbage: a repairing reader may find another document in it."""
    rest = data[end:]
    if rest.strip(b"\x00\t\n\x0c\r "):
        raise NeedsCare("garbage_after_eof", offset=end)
    if rest:
        raise NeedsCare("white_space_after_eof", offset=end)


def _check_is_pdf(data: bytes) -> None:
    if not data:
        raise BrokenInput("empty")
    if not _HEADER.match(data):
        if b"%PDF-" in data[:1024]:
            raise NeedsCare("header_not_at_start")
        raise BrokenInput("not_a_pdf")


def _last_startxref(data: bytes) -> int:
    """The offset in the last complete tail; what stands behind the revision it leads to is looked at later."""
    if data.rfind(b"startxref") < 0 or data.rfind(b"%%EOF") < 0:  # from the end: that is where they stand
        raise BrokenInput("truncated")
    place, match = len(data), None
    for _ in range(_TAILS_TRIED):
        place = data.rfind(b"startxref", 0, place)
        match = _LAST_TAIL.match(data, place) if place >= 0 else None
        if match is not None or place < 0:
            break
    if match is None:
        raise NeedsCare("trailer_garbled", offset=max(place, 0))
    return int(match[1])


def _read_section(data: bytes, offset: int) -> _Section:
    if data.startswith(b"xref", offset):
        return _read_table(data, offset)
    return _read_stream(data, offset)


def _read_table(data: bytes, offset: int) -> _Section:
    entries: dict[int, Entry] = {}
    start = _TABLE.match(data, offset)
    if start is None:
        raise NeedsCare("xref_syntax", offset=offset)
    pos = start.end()
    while (head := _SUBSECTION.match(data, pos)) is not None:
        pos = _read_subsection(data, head.end(), first=int(head[1]), count=int(head[2]), entries=entries)
    keyword = _TRAILER.match(data, pos)
    if keyword is None:
        raise NeedsCare("xref_syntax", offset=pos)
    lexer = QuickLexer(data, keyword.end())
    trailer = lexer.value()
    if not isinstance(trailer, PdfDict):
        raise NeedsCare("xref_syntax", offset=pos)
    if "XRefStm" in trailer:
        raise NeedsCare("hybrid_xref", offset=offset)
    return _Section(offset, lexer.pos, XrefKind.TABLE, entries, trailer)


def _read_subsection(data: bytes, pos: int, *, first: int, count: int, entries: dict[int, Entry]) -> int:
    if first + count > MAX_OBJECTS:
        raise NeedsCare("too_many_objects", count=first + count)
    block = data[pos : pos + _ROW * count]
    numbers = range(first, first + count)
    if len(block) != _ROW * count or not _ROWS.fullmatch(block) or not entries.keys().isdisjoint(numbers):
        raise NeedsCare("xref_syntax", offset=pos)
    words = block.split()
    kinds = [_KINDS[word] for word in words[2::3]]
    rows = zip(numbers, map(int, words[1::3]), kinds, map(int, words[::3]), repeat(0), repeat(0), strict=False)
    entries.update(zip(numbers, map(_AS_ENTRY, rows), strict=True))
    return pos + _ROW * count


def _read_stream(data: bytes, offset: int) -> _Section:
    found = read_object(data, offset, length_of=_no_indirect_length)
    stream = found.value
    if not isinstance(stream, Stream) or stream.dict.get("Type") != "XRef":
        raise NeedsCare("xref_syntax", offset=offset)
    entries = _stream_entries(stream)
    own = entries.setdefault(found.num, Entry(found.num, found.gen, EntryKind.PLAIN, offset=offset))
    if own.kind is not EntryKind.PLAIN or own.offset != offset:
        raise NeedsCare("xref_syntax", offset=offset)
    return _Section(offset, found.end, XrefKind.STREAM, entries, stream.dict)


def _no_indirect_length(ref: Ref) -> int:
    raise NeedsCare("stream_length", num=ref.num)


def _stream_entries(stream: Stream) -> dict[int, Entry]:
    widths, size = _numbers(stream.dict.get("W"), most=8), stream.dict.get("Size")
    if widths is None or len(widths) != 3 or type(size) is not int:
        raise NeedsCare("xref_syntax", offset=stream.start)
    index = _numbers(stream.dict.get("Index", [0, size]), most=MAX_OBJECTS)
    if index is None or len(index) % 2 or sum(index[1::2]) > MAX_OBJECTS:
        raise NeedsCare("xref_syntax", offset=stream.start)
    data, width = decode(stream), sum(widths)
    numbers = [num for at in range(0, len(index), 2) for num in range(index[at], index[at] + index[at + 1])]
    if not width or len(data) != width * len(numbers) or len(set(numbers)) != len(numbers):
        raise NeedsCare("xref_syntax", offset=stream.start)
    return _entries_of(numbers, data, widths)


def _entries_of(numbers: list[int], data: bytes, widths: list[int]) -> dict[int, Entry]:
    """One entry for each row (7.5.8.3, table 18)."""
    first, second, third = widths
    kinds = _column(data, 0, first, width=sum(widths)) if first else [1] * len(numbers)
    ones = _column(data, first, second, width=sum(widths))
    twos = _column(data, first + second, third, width=sum(widths))
    entries: dict[int, Entry] = {}
    for num, kind, one, two in zip(numbers, kinds, ones, twos, strict=True):
        if kind == 1:
            entries[num] = Entry(num, two, EntryKind.PLAIN, one)
        elif kind == 2:
            entries[num] = Entry(num, 0, EntryKind.COMPRESSED, 0, one, two)
        elif kind == 0:
            entries[num] = Entry(num, two, EntryKind.FREE)
        else:
            raise NeedsCare("xref_syntax", num=num)
    return entries


def _column(data: bytes, start: int, size: int, *, width: int) -> list[int]:
    """The numbers of `size` bytes that begin at `start` in every row of `width` bytes."""
    values = [0] * (len(data) // width)
    for place in range(start, start + size):
        values = [value << 8 | byte for value, byte in zip(values, data[place::width], strict=True)]
    return values


def _numbers(value: Any, *, most: int) -> list[int] | None:
    fits = isinstance(value, list) and all(type(item) is int and 0 <= item <= most for item in value)
    return value if fits else None


def _chain(data: bytes, sections: list[_Section]) -> tuple[Revision, ...]:
    revisions: list[Revision] = []
    start = 0
    for number, section in enumerate(sections):
        tail = _TAIL.match(data, section.end)
        if tail is None or int(tail[1]) != section.offset or section.offset < start:
            raise NeedsCare("trailer_garbled", offset=section.end)
        end = tail.start(2) if tail[2] else tail.end()
        revisions.append(
            Revision(
                number=number, start=start, end=end, end_of_line=tail.end(), startxref=section.offset,
                section_end=section.end, xref_kind=section.kind, entries=section.entries,
                trailer=section.trailer,
            )
        )  # fmt: skip
        start = tail.end()
    return tuple(revisions)


def read_compressed(data: bytes, head: PdfDict, container: int) -> tuple[IndirectObject, ...]:
    """The objects of an object stream (7.5.7), in order, out of its decoded bytes and its dictionary."""
    count, first = head.get("N"), head.get("First")
    if head.get("Type") != "ObjStm" or type(count) is not int or type(first) is not int:
        raise NeedsCare("object_stream", num=container)
    if "Extends" in head or not 0 <= count <= MAX_OBJECTS or first < 0:
        raise NeedsCare("object_stream", num=container)
    places = data[:first].split()
    if len(places) != 2 * count or not all(item.isdigit() and len(item) <= 10 for item in places):
        raise NeedsCare("object_stream", num=container)
    numbers = [int(place) for place in places]
    pairs = list(zip(numbers[::2], (first + place for place in numbers[1::2]), strict=True))
    ends = [*(place for _, place in pairs[1:]), len(data)][: len(pairs)]
    listed = zip(pairs, ends, strict=True)
    return tuple(_compressed(data, num, place, end, container=container) for (num, place), end in listed)


def _compressed(data: bytes, num: int, offset: int, end: int, *, container: int) -> IndirectObject:
    found = read_plain_value(data, offset, end, num=num, container=container)
    if found is not None:
        return found
    lexer = QuickLexer(data, offset)
    value = lexer.value()
    return IndirectObject(num, 0, value, offset, lexer.pos, tuple(lexer.refs), container, lexer.is_active)
