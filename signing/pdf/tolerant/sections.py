"""One cross-reference section, table or stream, as real programs write them (ISO 32000-2, 7.5.4–7.5.8)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from signing.errors import NeedsCare
from signing.pdf.objects import PdfDict, Ref, Stream
from signing.pdf.tolerant.filters import unfold
from signing.pdf.tolerant.notes import Leniency, Notes, OutOfBounds
from signing.pdf.tolerant.values import HEADER, TolerantLexer, read_tolerant
from signing.pdf.xref import Entry, EntryKind, XrefKind

MAX_OBJECTS = 300_000
_START = re.compile(rb"xref[\x00\t\n\x0c\r ]++")
_SUBSECTION = re.compile(rb"[\x00\t\n\x0c\r ]*+(\d{1,10}+)[ \t]++(\d{1,10}+)[\x00\t\n\x0c\r ]++")
_PLAIN_ENTRIES = re.compile(rb"(?:\d{10} \d{5} [nf](?: \r| \n|\r\n))++")
_ENTRY = re.compile(rb"[\x00\t\n\x0c\r ]*+(\d{1,20}+)[ \t]++(\d{1,10}+)[ \t]++([nf])")
_TRAILER = re.compile(rb"(?:[\x00\t\n\x0c\r ]++|%[^\r\n]*+[\r\n])*+trailer")
_FREE_HEAD = 65535


@dataclass(slots=True)
class Section:
    """`extra` are the entries of a hybrid section's stream; `doubled` numbers stand twice with two places."""

    offset: int
    end: int
    kind: XrefKind
    entries: dict[int, Entry]
    trailer: PdfDict
    extra: dict[int, Entry]
    extra_span: tuple[int, int] | None = None
    doubled: frozenset[int] = frozenset()

    @property
    def previous(self) -> Any:
        return self.trailer.get("Prev")


def read_section(data: bytes, offset: int, *, shift: int, notes: Notes) -> Section:
    """The section at `offset`; offsets inside it count from `shift`."""
    if data.startswith(b"xref", offset):
        return _table(data, offset, shift=shift, notes=notes)
    return _stream(data, offset, shift=shift, notes=notes)


def _table(data: bytes, offset: int, *, shift: int, notes: Notes) -> Section:
    start = _START.match(data, offset)
    if start is None:
        raise NeedsCare("xref_syntax", offset=offset)
    rows = _Rows(notes, shift)
    pos = start.end()
    while (head := _SUBSECTION.match(data, pos)) is not None:
        pos = rows.read(data, head.end(), first=int(head[1]), count=int(head[2]))
    keyword = _TRAILER.match(data, pos)
    if keyword is None:
        raise NeedsCare("xref_syntax", offset=pos)
    lexer = TolerantLexer(data, keyword.end(), notes)
    trailer = lexer.value()
    if not isinstance(trailer, PdfDict) or lexer.conflicts:
        raise NeedsCare("trailer", offset=pos)
    section = Section(offset, lexer.pos, XrefKind.TABLE, rows.entries, trailer, {}, None, frozenset(rows.doubled))
    _add_hybrid(data, section, shift=shift, notes=notes)
    return section


def _add_hybrid(data: bytes, section: Section, *, shift: int, notes: Notes) -> None:
    """7.5.8.4: a reader of 1.5 and later looks into the stream for what the table does not hold."""
    if "XRefStm" not in section.trailer:
        return
    place = section.trailer["XRefStm"]
    if type(place) is not int:
        raise NeedsCare("xref_syntax", offset=section.offset)
    notes.grant(Leniency.HYBRID, place)
    found = _stream(data, place + shift, shift=shift, notes=notes)
    section.extra, section.extra_span = found.entries, (found.offset, found.end)
    section.doubled |= found.doubled


class _Rows:
    """The entries of a table while it is read."""

    def __init__(self, notes: Notes, shift: int) -> None:
        self.entries: dict[int, Entry] = {}
        self.doubled: set[int] = set()
        self.notes = notes
        self.shift = shift

    def read(self, data: bytes, pos: int, *, first: int, count: int) -> int:
        if count > MAX_OBJECTS or len(self.entries) + count > MAX_OBJECTS or first > 10_000_000:
            raise OutOfBounds("objects")
        plain = _PLAIN_ENTRIES.match(data, pos, pos + 20 * count) if count else None
        self.notes.spend(count)
        if count and (plain is None or plain.end() != pos + 20 * count):
            return self._read_odd(data, pos, first=first, count=count)
        for index in range(count):
            row = data[pos + 20 * index : pos + 20 * index + 18]
            first = self._add(first, index, int(row[:10]), int(row[11:16]), row[17:18])
        return pos + 20 * count

    def _read_odd(self, data: bytes, pos: int, *, first: int, count: int) -> int:
        self.notes.grant(Leniency.XREF_FORM, pos)
        for index in range(count):
            match = _ENTRY.match(data, pos)
            if match is None:  # fewer rows than announced
                break
            first = self._add(first, index, int(match[1]), int(match[2]), match[3])
            pos = match.end()
        return pos

    def _add(self, first: int, index: int, offset: int, gen: int, kind: bytes) -> int:
        """Takes in row `index` of the subsection that begins at `first`; gives back where it really begins."""
        if index == 0 and first == 1 and not self.entries and (offset, gen, kind) == (0, _FREE_HEAD, b"f"):
            self.notes.grant(Leniency.XREF_FIRST_NUMBER)
            first = 0
        num = first + index
        used = kind == b"n" and offset > 0
        entry = (
            Entry(num, gen, EntryKind.PLAIN, offset=offset + self.shift)
            if used
            else Entry(num, gen, EntryKind.FREE)
        )
        keep(self.entries, entry, doubled=self.doubled, notes=self.notes)
        return first


def keep(entries: dict[int, Entry], entry: Entry, *, doubled: set[int], notes: Notes) -> None:
    """The first of two rows for one number stays; two different ones make the number ambiguous."""
    known = entries.setdefault(entry.num, entry)
    if known is not entry:
        if known == entry:
            notes.grant(Leniency.XREF_DOUBLED, entry.num)
        else:
            doubled.add(entry.num)


def _stream(data: bytes, offset: int, *, shift: int, notes: Notes) -> Section:
    if not 0 <= offset < len(data):
        raise NeedsCare("xref_order", offset=offset)
    header = HEADER.match(data, offset)
    if header is None:
        raise NeedsCare("xref_syntax", offset=offset)
    read = read_tolerant(data, offset, length_of=lambda _: None, notes=notes)
    found, stream = read.object, read.object.value
    if read.conflicts:
        raise NeedsCare("trailer", offset=offset)
    if not isinstance(stream, Stream) or stream.dict.get("Type") != "XRef":
        raise NeedsCare("xref_syntax", offset=offset)
    doubled: set[int] = set()
    entries = _entries(stream, shift=shift, doubled=doubled, notes=notes)
    entries.setdefault(found.num, Entry(found.num, found.gen, EntryKind.PLAIN, offset=offset))
    return Section(offset, found.end, XrefKind.STREAM, entries, stream.dict, {}, None, frozenset(doubled))


def _entries(stream: Stream, *, shift: int, doubled: set[int], notes: Notes) -> dict[int, Entry]:
    widths = _numbers(stream, stream.dict.get("W"), most=8)
    index = _numbers(stream, stream.dict.get("Index", [0, stream.dict.get("Size")]), most=10_000_000)
    if len(widths) != 3 or len(index) % 2 or not sum(widths):
        raise NeedsCare("xref_syntax", offset=stream.start)
    if sum(index[1::2]) > MAX_OBJECTS:
        raise OutOfBounds("objects")
    data, width = unfold(stream, notes), sum(widths)
    if len(data) < width * sum(index[1::2]):
        raise NeedsCare("xref_syntax", offset=stream.start)
    entries: dict[int, Entry] = {}
    pos = 0
    for first, count in zip(index[::2], index[1::2], strict=True):
        notes.spend(count)
        for num in range(first, first + count):
            keep(entries, _entry(num, data[pos : pos + width], widths, shift), doubled=doubled, notes=notes)
            pos += width
    return entries


def _numbers(stream: Stream, found: object, *, most: int) -> list[int]:
    if not isinstance(found, list):
        raise NeedsCare("xref_syntax", offset=stream.start)
    numbers = [item for item in found if type(item) is int and 0 <= item <= most]
    if len(numbers) != len(found):
        raise NeedsCare("xref_syntax", offset=stream.start)
    return numbers


def _entry(num: int, row: bytes, widths: list[int], shift: int) -> Entry:
    first, second = widths[0], widths[0] + widths[1]
    kind = int.from_bytes(row[:first], "big") if first else 1
    one, two = int.from_bytes(row[first:second], "big"), int.from_bytes(row[second:], "big")
    if kind == 1:
        return Entry(num, two, EntryKind.PLAIN, offset=one + shift)
    if kind == 2:
        return Entry(num, 0, EntryKind.COMPRESSED, container=one, place=two)
    return Entry(num, two, EntryKind.FREE)  # 7.5.8.3: any other kind refers to null


def previous_offset(section: Section, *, shift: int, notes: Notes) -> int | None:
    """Where the older section stands; None for the oldest."""
    value = section.previous
    if value is None:
        return None
    if type(value) is float:
        value = int(value)
    if type(value) is Ref or type(value) is not int:
        raise NeedsCare("xref_order", offset=section.offset)
    if value == 0:
        notes.grant(Leniency.PREVIOUS_ZERO, section.offset)
        return None
    return value + shift
