"""A PDF as its saved states, read tolerantly: `file.at(n)` is what a reader of the first n+1 states sees."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from signing.errors import NeedsCare
from signing.pdf.file import PdfFile
from signing.pdf.objects import IndirectObject, PdfArray, PdfDict, Ref, Stream
from signing.pdf.tolerant.crypt import Security, open_security
from signing.pdf.tolerant.filters import unfold
from signing.pdf.tolerant.frame import Cut, Frame, open_frame
from signing.pdf.tolerant.notes import Leniency, Notes, OutOfBounds
from signing.pdf.tolerant.sections import Section
from signing.pdf.tolerant.snapshot import Snapshot
from signing.pdf.tolerant.values import HEADER, Found, TolerantLexer, read_tolerant
from signing.pdf.xref import Entry, EntryKind, Revision

MAX_UNFOLDED = 64 * 1024 * 1024
"""Bytes that all object streams of one file may unfold to together."""
_WHITE = b"\x00\t\n\x0c\r "


@dataclass(frozen=True, slots=True)
class _Container:
    """An object stream: decoded bytes, the numbers in it in order, where each begins."""

    data: bytes
    numbers: tuple[int, ...]
    places: tuple[int, ...]


@dataclass(slots=True)
class TolerantFile(PdfFile):
    """`cuts` belong to `revisions` one by one. `linked[n]`: revision n was written onto revision n-1."""

    notes: Notes = field(default_factory=Notes)
    frame: Frame | None = None
    cuts: tuple[Cut, ...] = ()
    linked: tuple[bool, ...] = ()
    ambiguous: dict[int, str] = field(default_factory=dict)
    unreadable: dict[int, str] = field(default_factory=dict)
    skipped: tuple[Cut, ...] = ()
    branches: dict[str, tuple[int, set[int]]] = field(default_factory=dict)
    drawn: set[int] | None = None
    security: Security | None = None
    _found: dict[tuple[int, int], IndirectObject] = field(default_factory=dict)
    _inside: dict[tuple[int, int], IndirectObject] = field(default_factory=dict)
    _lengths: dict[int, int | None] = field(default_factory=dict)
    _streams: dict[int, _Container] = field(default_factory=dict)
    _snapshots: dict[int, Snapshot] = field(default_factory=dict)
    _loading: set[int] = field(default_factory=set)

    def at(self, number: int) -> Snapshot:
        if number not in self._snapshots:
            entries, hidden = self._merge(self.cuts[number])
            self._snapshots[number] = Snapshot(self, self.revisions[number], entries, hidden=frozenset(hidden))
        return self._snapshots[number]

    @property
    def last(self) -> Snapshot:
        return self.at(len(self.revisions) - 1)

    def alone(self, cut: Cut) -> Snapshot:
        """A state that is none of `cuts`."""
        if self.frame is None:
            raise ValueError("not opened")
        return _with_cuts(self.data, self.frame, (cut,)).last

    def for_old_readers(self) -> Snapshot:
        """The newest state for readers that do not look into hybrid streams."""
        entries: dict[int, Entry] = {}
        for section in reversed(self.cuts[-1].chain):
            entries.update(section.entries)
        return Snapshot(self, self.revisions[-1], entries)

    def _merge(self, cut: Cut) -> tuple[dict[int, Entry], set[int]]:
        entries: dict[int, Entry] = {}
        hidden: set[int] = set()
        for section in reversed(cut.chain):
            self.notes.spend((len(section.entries) + len(section.extra)) // 8)
            own, only_new = _entries_of(section)
            entries.update(own)
            hidden = (hidden - own.keys()) | only_new
            for num in section.doubled:
                self.ambiguous.setdefault(num, "listed_twice")
        return entries, hidden

    def load(self, entry: Entry, view: Any) -> IndirectObject:
        """The object an entry points at; `NeedsCare` when there is none to be read."""
        if entry.kind is EntryKind.COMPRESSED:
            return self._load_inside(entry, view)
        if entry.offset >= view.revision.end:  # later revisions may have put something there
            return self._read(entry, view)
        key = (entry.offset, entry.num)
        if key not in self._found:
            self._found[key] = self._read(entry, view)
        return self._found[key]

    def _read(self, entry: Entry, view: Any) -> IndirectObject:
        if entry.offset in self._loading:  # a /Length that leads back to its own stream
            raise OutOfBounds("stream_length")
        self._loading.add(entry.offset)
        try:
            place = self._place(entry, view)
            found = read_tolerant(self.data, place, length_of=lambda ref: _length(view, ref), notes=self.notes)
        finally:
            self._loading.discard(entry.offset)
        return self._kept(found)

    def _kept(self, found: Found) -> IndirectObject:
        item = found.object
        if found.longer:
            self.ambiguous.setdefault(item.num, "stream_length")
        if found.conflicts:
            self.ambiguous.setdefault(item.num, f"key {found.conflicts[0]}")
        return self.security.open(item) if self.security is not None else item

    def _place(self, entry: Entry, view: Any) -> int:
        """Where the object really begins."""
        data, offset = self.data, entry.offset
        piece = data[offset : offset + 32]
        exact = offset + len(piece) - len(piece.lstrip(_WHITE))
        header = HEADER.match(data, exact) if 0 <= offset < view.revision.end else None
        if header is not None and int(header[1]) == entry.num and not data[exact - 1 : exact].isdigit():
            if exact != offset:
                self.notes.grant(Leniency.OFFSET_MISSES, entry.num)
            if int(header[2]) != entry.gen:
                self.notes.grant(Leniency.GENERATION_DIFFERS, entry.num)
            return exact
        if header is not None:  # one reader takes what stands there, another looks for the number
            raise NeedsCare("object_not_at_offset", num=entry.num, offset=entry.offset)
        return self._only_place(entry, view)

    def _only_place(self, entry: Entry, view: Any) -> int:
        """The offset is wrong: the object must stand once, and only once, in the bytes of this state."""
        self.notes.spend(1 + len(self.data) // 2000)
        wanted = re.compile(rb"(?<![0-9])%d[\x00\t\n\x0c\r ]++%d[\x00\t\n\x0c\r ]++obj" % (entry.num, entry.gen))
        places = [match.start() for match in wanted.finditer(self.data, 0, view.revision.end)]
        if len(places) != 1:
            raise NeedsCare("object_not_at_offset", num=entry.num, offset=entry.offset)
        self.notes.grant(Leniency.OFFSET_WRONG, entry.num)
        listed_by = next((one for one in self.revisions if one.entries.get(entry.num) == entry), None)
        if listed_by is not None and places[0] < listed_by.start:  # a later section made the object unfindable
            self.ambiguous.setdefault(entry.num, "listed_elsewhere")
        return places[0]

    def _load_inside(self, entry: Entry, view: Any) -> IndirectObject:
        holder = view.entries.get(entry.container)
        if holder is None or holder.kind is not EntryKind.PLAIN:
            raise NeedsCare("object_stream", num=entry.container)
        container = self._container(holder, view)
        index = self._index(container, entry)
        key = (holder.offset, index)
        if key not in self._inside:
            lexer = TolerantLexer(container.data, container.places[index], self.notes)
            value = lexer.value()
            if lexer.conflicts:
                self.ambiguous.setdefault(entry.num, f"key {lexer.conflicts[0]}")
            self._inside[key] = IndirectObject(
                entry.num, 0, value, container.places[index], lexer.pos, tuple(lexer.refs), entry.container
            )
        return self._inside[key]

    def _index(self, container: _Container, entry: Entry) -> int:
        numbers = container.numbers
        if entry.place < len(numbers) and numbers[entry.place] == entry.num:
            if numbers.count(entry.num) > 1:
                self.ambiguous.setdefault(entry.num, "twice in an object stream")
            return entry.place
        if numbers.count(entry.num) != 1:
            raise NeedsCare("object_stream", num=entry.container)
        self.notes.grant(Leniency.COMPRESSED_INDEX, entry.num)
        lists = sum(entry.num in revision.entries for revision in self.revisions)
        if lists > 1:  # for readers that go by the index, a later section took the object away
            self.ambiguous.setdefault(entry.num, "listed_elsewhere")
        return numbers.index(entry.num)

    def _container(self, holder: Entry, view: Any) -> _Container:
        item = self.load(holder, view)
        if not isinstance(item.value, Stream) or item.value.dict.get("Type") != "ObjStm":
            raise NeedsCare("object_stream", num=holder.num)
        length = item.value.dict.get("Length")
        if (
            type(length) is Ref
            and self._lengths.setdefault(holder.offset, stated := _length(view, length)) != stated
        ):
            raise NeedsCare("object_stream", num=holder.num)  # one stream that is longer or shorter by revision
        return self._unfold(item.value, item.num, item.start)

    def unlisted(self) -> Iterator[tuple[int, int, Any]]:
        """(place of the stream, number, value) of objects in object streams that no section looks for there."""
        listed = {
            (entry.container, entry.num)
            for revision in self.revisions
            for entry in revision.entries.values()
            if entry.kind is EntryKind.COMPRESSED
        }
        for item in tuple(self._found.values()):
            if isinstance(item.value, Stream) and item.value.dict.get("Type") == "ObjStm":
                for num, value in self.packed_in(item):
                    if (item.num, num) not in listed:
                        yield item.start, num, value

    def packed_in(self, item: IndirectObject) -> Iterator[tuple[int, Any]]:
        """(number, value) of all objects in an object stream, as far as it can be read."""
        if not isinstance(item.value, Stream) or item.value.dict.get("Type") != "ObjStm":
            return
        try:
            container = self._unfold(item.value, item.num, item.start)
            for num, place in zip(container.numbers, container.places, strict=True):
                yield num, TolerantLexer(container.data, place, self.notes).value()
        except OutOfBounds:
            raise
        except NeedsCare:
            return

    def _unfold(self, stream: Stream, num: int, place: int) -> _Container:
        if place not in self._streams:
            data = unfold(stream, self.notes)
            self._unfolded += len(data)
            if self._unfolded > MAX_UNFOLDED:
                raise OutOfBounds("unfolded")
            self._streams[place] = _open_container(data, stream.dict, num)
        return self._streams[place]


def _entries_of(section: Section) -> tuple[dict[int, Entry], set[int]]:
    """What a reader of today sees, and the numbers that only the hybrid stream knows."""
    if not section.extra:
        return section.entries, set()
    entries, only_new, doubled = dict(section.entries), set(), set(section.doubled)
    for num, entry in section.extra.items():
        listed = entries.get(num)
        if listed is None or listed.kind is EntryKind.FREE:
            entries[num] = entry
            if entry.kind is not EntryKind.FREE:
                only_new.add(num)
        elif entry.kind is EntryKind.FREE or (entry.kind, entry.offset) != (listed.kind, listed.offset):
            doubled.add(num)
    section.doubled = frozenset(doubled)
    return entries, only_new


def _length(view: Any, ref: Ref) -> int | None:
    entry = view.entries.get(ref.num)
    if entry is None or entry.kind is EntryKind.FREE:
        return None
    value = view.file.load(entry, view).value
    return value if type(value) is int else None


def _open_container(data: bytes, head: PdfDict, num: int) -> _Container:
    count, first = head.get("N"), head.get("First")
    if type(count) is not int or type(first) is not int or not 0 <= count <= 200_000 or not 0 <= first <= len(data):
        raise NeedsCare("object_stream", num=num)
    words = data[:first].split()[: 2 * count]
    if len(words) != 2 * count or not all(item.isdigit() and len(item) <= 10 for item in words):
        raise NeedsCare("object_stream", num=num)
    places = tuple(first + int(item) for item in words[1::2])
    return _Container(data, tuple(int(item) for item in words[::2]), places)


def read_file(data: bytes) -> TolerantFile:
    """`BrokenInput`: no PDF; `OutOfBounds`: too much; `NeedsCare`: beyond every leniency."""
    notes = Notes()
    frame = open_frame(data, notes)
    believed = frame.cuts()
    last = believed[-1]
    cuts = tuple(cut for cut in believed if last.holds(cut))
    file = _with_cuts(data, frame, cuts)
    file.skipped = tuple(cut for cut in believed if cut not in cuts)
    signed = set(_signed_ends(file))
    stray = [cut for cut in believed if cut not in cuts and _ends(cut, data) & signed]
    if stray:
        skipped = tuple(cut for cut in file.skipped if cut not in stray)
        file = _with_cuts(data, frame, tuple(sorted((*cuts, *stray), key=lambda cut: cut.tail.start)))
        file.skipped = skipped
    return file


def _with_cuts(data: bytes, frame: Frame, cuts: tuple[Cut, ...]) -> TolerantFile:
    revisions, linked = [], []
    start, known = 0, set[int]()
    for number, cut in enumerate(cuts):
        own: dict[int, Entry] = {}
        for section in reversed(cut.chain):
            if section.offset not in known:
                own.update(_entries_of(section)[0])
        tail = cut.tail
        revisions.append(
            Revision(
                number=number, start=start, end=tail.end, end_of_line=tail.end_of_line,
                startxref=cut.head.offset, section_end=max(item.end for item in cut.chain),
                xref_kind=cut.head.kind, entries=own, trailer=_trailer(cut),
            )
        )  # fmt: skip
        linked.append(number == 0 or cut.holds(cuts[number - 1]))
        known = {section.offset for section in cut.chain}
        start = tail.end_of_line
    file = TolerantFile(data, tuple(revisions), notes=frame.notes, frame=frame, cuts=cuts, linked=tuple(linked))
    file.security = open_security(file, frame.notes)
    return file


def _trailer(cut: Cut) -> PdfDict:
    """The newest trailer that names the catalog: the first part of a linearised file is such a one."""
    return next((item.trailer for item in cut.chain if "Root" in item.trailer), cut.head.trailer)


def _signed_ends(file: TolerantFile) -> list[int]:
    found = []
    for item in file.last.signature_fields():
        numbers = item.value.get("ByteRange") if item.value is not None else None
        if isinstance(numbers, PdfArray) and len(numbers) == 4 and all(type(one) is int for one in numbers[2:]):
            found.append(numbers[2] + numbers[3])
    return found


def _ends(cut: Cut, data: bytes) -> set[int]:
    rest = data[cut.tail.end : cut.tail.end + 64]
    return set(range(cut.tail.end, cut.tail.end + len(rest) - len(rest.lstrip(_WHITE)) + 1))
