"""Where a file's saved states end, and by which chain of cross-reference sections each is read.

A state ends with `startxref`, a number and `%%EOF`; it is believed only where the number leads to a section
whose chain lies wholly before it, and where nothing but white space stands between the last of these sections
and `startxref`. So a tail inside a stream, or one that was repeated behind other bytes, ends nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from signing.errors import BrokenInput, NeedsCare
from signing.pdf.tolerant.notes import Leniency, Notes, OutOfBounds
from signing.pdf.tolerant.sections import Section, previous_offset, read_section
from signing.pdf.tolerant.values import HEADER

MAX_SECTIONS = 1024
MAX_TAILS = 1024
_HEADER_WITHIN = 1024
_WHITE = b"\x00\t\n\x0c\r "
_TAIL = re.compile(
    rb"startxref[\x00\t\n\x0c\r ]*+(\d{1,11}+)(?:[\x00\t\n\x0c\r ]*+%%EOF|[\x00\t\n\x0c\r ]*+\Z)(\r\n|\n|\r)?"
)
_ONLY_WHITE = re.compile(rb"(?:[\x00\t\n\x0c\r ]++|%(?!%EOF)[^\r\n]*+[\r\n])*+")
_LATE_OBJECT = 4096


@dataclass(frozen=True, slots=True)
class Tail:
    """`start` at `startxref`, `end` behind `%%EOF`, `end_of_line` behind its line end."""

    start: int
    end: int
    end_of_line: int
    offset: int


@dataclass(frozen=True, slots=True)
class Cut:
    """A saved state: the bytes up to its tail, read by `chain` (newest section first)."""

    tail: Tail
    chain: tuple[Section, ...]

    @property
    def head(self) -> Section:
        return self.chain[0]

    def holds(self, other: Cut) -> bool:
        """Whether this state was written behind `other` and builds on it."""
        return any(section.offset == other.head.offset for section in self.chain)


@dataclass(slots=True)
class Frame:
    """The bytes and their sections; `shift` is what all offsets count from."""

    data: bytes
    notes: Notes
    header: int
    shift: int = 0
    _sections: dict[int, Section] = field(default_factory=dict)

    def cuts(self) -> tuple[Cut, ...]:
        """Every believable state, oldest first; behind the last one only white space may stand."""
        tails = self._tails()
        found = self._believed(tails)
        if not found and self.header:
            self.shift, self._sections = self.header, {}
            found = self._believed(tails)
        if not found:
            raise NeedsCare("no_cross_reference")
        last = found[-1].tail
        rest = self.data[last.end_of_line :]
        if rest.strip(_WHITE):
            raise NeedsCare("garbage_after_eof", offset=last.end_of_line)
        if rest:
            self.notes.grant(Leniency.WHITE_SPACE_AFTER_EOF, last.end_of_line)
        return tuple(found)

    def _tails(self) -> list[Tail]:
        found = [
            Tail(match.start(), match.start(2) if match[2] else match.end(), match.end(), int(match[1]))
            for match in _TAIL.finditer(self.data)
        ]
        if not found:
            raise BrokenInput("truncated")
        if len(found) > MAX_TAILS:
            raise OutOfBounds("revisions")
        if b"%%EOF" not in self.data[found[-1].start :]:
            self.notes.grant(Leniency.EOF_MARK_MISSING, found[-1].start)
        return found

    def _believed(self, tails: list[Tail]) -> list[Cut]:
        found = []
        for tail in tails:
            try:
                chain = self._chain(tail)
            except OutOfBounds:
                raise
            except NeedsCare:
                continue
            found.append(Cut(tail, chain))
        return found

    def _chain(self, tail: Tail) -> tuple[Section, ...]:
        chain: list[Section] = []
        section: Section | None = self._first_section(tail)
        while section is not None:
            if section.end > tail.start:
                raise NeedsCare("xref_order", offset=section.offset)
            if len(chain) > MAX_SECTIONS or any(section.offset == item.offset for item in chain):
                raise OutOfBounds("sections")
            chain.append(section)
            self.notes.spend(4)
            previous = previous_offset(section, shift=self.shift, notes=self.notes)
            section = None if previous is None else self.section(previous)
        if not self._ends_at(max(item.end for item in chain), tail):
            raise NeedsCare("trailer_garbled", offset=tail.start)
        return tuple(chain)

    def _ends_at(self, end: int, tail: Tail) -> bool:
        match = _ONLY_WHITE.match(self.data, end)
        return match is not None and match.end() == tail.start

    def section(self, offset: int) -> Section:
        """The section at `offset`, or behind a little white space there."""
        if not 0 < offset < len(self.data):
            raise NeedsCare("xref_order", offset=offset)
        exact = offset + len(self.data[offset : offset + 16]) - len(self.data[offset : offset + 16].lstrip(_WHITE))
        if exact not in self._sections:
            self._sections[exact] = read_section(self.data, exact, shift=self.shift, notes=self.notes)
        if exact != offset:
            self.notes.grant(Leniency.STARTXREF_MISSES, offset)
        return self._sections[exact]

    def _first_section(self, tail: Tail) -> Section:
        try:
            return self.section(tail.offset + self.shift)
        except OutOfBounds:
            raise
        except NeedsCare:
            if tail.offset == 0:  # the first part of a linearised file (annex F.3.5)
                raise
        return self._section_before(tail)

    def _section_before(self, tail: Tail) -> Section:
        """The number is wrong: the section that stands right before `startxref`, if one does."""
        for place in self._places_before(tail):
            try:
                section = self.section(place)
            except OutOfBounds:
                raise
            except NeedsCare:
                continue
            if self._ends_at(section.end, tail):
                self.notes.grant(Leniency.STARTXREF_MISSES, tail.offset)
                return section
        raise NeedsCare("startxref", offset=tail.start)

    def _places_before(self, tail: Tail) -> list[int]:
        table = self.data.rfind(b"xref", 0, tail.start)
        places = [table] if table > 0 and self.data[table - 5 : table] != b"start" else []
        keyword = self.data.rfind(b" obj", 0, tail.start)
        if keyword > 0:
            line = re.compile(rb"\d{1,10} \d{1,5} obj").finditer(self.data, max(0, keyword - 20), keyword + 4)
            places += [match.start() for match in line]
        return places


def open_frame(data: bytes, notes: Notes) -> Frame:
    """Finds the header; `BrokenInput` where there is none."""
    header = data.find(b"%PDF-", 0, _HEADER_WITHIN + 5)
    if header < 0:
        raise BrokenInput("not_a_pdf")
    if header:
        notes.grant(Leniency.HEADER_LATE, header)
    first = HEADER.search(data, header, header + _LATE_OBJECT)
    if first is not None and b"/Linearized" in data[first.end() : first.end() + 200]:
        notes.grant(Leniency.LINEARIZED)
    return Frame(data, notes, header)
