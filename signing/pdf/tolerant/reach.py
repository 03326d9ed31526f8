"""What a state of the document uses, and where two readers of the same bytes would not see the same.

A repairing reader goes through the bytes and takes the last object of each number. Where no section names that
object, it shows something else than a reader that follows the chain. It only matters for what is used.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from typing import Any

from signing.errors import NeedsCare
from signing.pdf.objects import Name, PdfArray, PdfDict, Ref, Stream
from signing.pdf.same import same
from signing.pdf.tolerant.document import TolerantFile
from signing.pdf.tolerant.notes import Leniency, OutOfBounds
from signing.pdf.tolerant.snapshot import Snapshot, Unreadable
from signing.pdf.tolerant.values import HEADER, TolerantLexer, read_tolerant
from signing.pdf.xref import EntryKind

_WHITE = b"\x00\t\n\x0c\r "
_HEAD_LINES = re.compile(rb"%PDF-[^\r\n]{0,40}+[\r\n]++(?:%[^\r\n]{0,200}+[\r\n]++)*+")
_FIRST_TAIL = re.compile(rb"startxref[\x00\t\n\x0c\r ]++0[\x00\t\n\x0c\r ]++%%EOF")
_COMMENT = re.compile(rb"%[^\r\n]*+")
_ODD_HEADER = re.compile(rb"\d[^A-Za-z]*+[o#]|(?<!end)obj")
"""What only a repairing reader takes for an object: `4%x` and `0 obj` on the next line, `4 +0 obj`, `4 0 ob#6a`."""
_REPAIRED = frozenset(
    {
        Leniency.HEADER_LATE, Leniency.EOF_MARK_MISSING, Leniency.STARTXREF_MISSES, Leniency.PREVIOUS_ZERO,
        Leniency.HYBRID, Leniency.XREF_FORM, Leniency.XREF_FIRST_NUMBER, Leniency.SIZE_WRONG,
        Leniency.OFFSET_MISSES, Leniency.OFFSET_WRONG, Leniency.DANGLING_REFERENCE, Leniency.FREED_REFERENCE,
        Leniency.COMPRESSED_INDEX,
    }
)  # fmt: skip
"""Defects over which some readers give up the tables and go through the bytes."""
_PARTS_OF_NUMBERS = frozenset(bytes([one]) for one in b"0123456789.+-#")
_TRAILER = re.compile(rb"trailer[\x00\t\n\x0c\r ]*+(?=<<)")
_SCRIPTS = frozenset({"JavaScript", "Launch", "SubmitForm", "ImportData", "Rendition", "Movie", "Sound"})
_ACTIVE_KEYS = frozenset({"JS", "XFA", "AA", "OCProperties", "RichMediaContent"})
_OUTSIDE_KEYS = frozenset({"OPI", "Alternates"})


@dataclass(slots=True)
class Reached:
    """Object numbers used by a state; `active`: what is shown may depend on more than the page description;
    `outside`: a part of what is shown stands in another file."""

    numbers: set[int] = field(default_factory=set)
    active: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)


def reach(view: Snapshot) -> Reached:
    """Everything below the trailer's catalog and information dictionary."""
    found, file = Reached(), _file(view)
    waiting: list[Any] = [view.trailer.get("Root"), view.trailer.get("Info")]
    while waiting:
        value = waiting.pop()
        if type(value) is Ref:
            _look_at_generation(file, view, value)
            if value.num in found.numbers:
                continue
            found.numbers.add(value.num)
            value = view.get(value)
        file.notes.spend()
        if isinstance(value, Stream):
            _look_outside(found, value.dict)
            value = value.dict
        if isinstance(value, PdfDict):
            _look_active(found, value)
            waiting += value.values()
        elif isinstance(value, PdfArray):
            waiting += value
    return found


def _look_at_generation(file: TolerantFile, view: Snapshot, ref: Ref) -> None:
    """7.3.10: another generation is another object, which is nothing; most readers do not look."""
    entry = view.entries.get(ref.num)
    if entry is not None and entry.kind is not EntryKind.FREE and entry.gen != ref.gen:
        file.ambiguous.setdefault(ref.num, "generation")


def _look_outside(found: Reached, head: PdfDict) -> None:
    if head.get("F") is not None:
        found.outside.append("external_stream")
    if head.get("Ref") is not None and head.get("Subtype") == "Form":
        found.outside.append("reference_object")
    found.outside += [key for key in _OUTSIDE_KEYS if head.get(key) is not None]


def _look_active(found: Reached, node: PdfDict) -> None:
    found.active += [key for key in _ACTIVE_KEYS if node.get(key) is not None]
    if node.get("NeedAppearances") is True:
        found.active.append("NeedAppearances")
    kind = node.get("S")
    if isinstance(kind, Name) and kind in _SCRIPTS and ("Type" not in node or node.get("Type") == "Action"):
        found.active.append(str(kind))


def drawn(view: Snapshot) -> set[int]:
    """Numbers of what the pages, their resources, annotations and the form are drawn from."""
    numbers: set[int] = set()
    waiting: list[Any] = [view.catalog.get("AcroForm")]
    for page in view.pages():
        numbers.add(page.ref.num)
        waiting += [page.attribute(key) for key in ("Contents", "Resources", "Annots", "MediaBox", "CropBox")]
    while waiting:
        value = waiting.pop()
        if type(value) is Ref:
            if value.num in numbers:
                continue
            numbers.add(value.num)
            value = view.get(value)
        _file(view).notes.spend()
        node = value.dict if isinstance(value, Stream) else value
        if isinstance(node, PdfDict):
            waiting += [
                item for key, item in node.items() if key not in ("Parent", "P", "StructParent", "Dest", "A")
            ]
        elif isinstance(node, PdfArray):
            waiting += node
    return numbers


@dataclass(frozen=True, slots=True)
class Hidden:
    """An object that stands in the bytes and in no section; `revision` whose bytes they are."""

    num: int
    offset: int
    value: Any
    revision: int


@dataclass(frozen=True, slots=True)
class Readings:
    """`differ`: where another reader would see another document; `signs`: an object that no section names looks
    like a signature."""

    differ: tuple[str, ...] = ()
    signs: bool = False


def two_readings(file: TolerantFile, reached: Reached) -> Readings:
    """Compares what the chain says with what stands in the bytes."""
    found = [f"{file.ambiguous[num]} {num}" for num in sorted(reached.numbers & file.ambiguous.keys())]
    found += [f"hybrid {num}" for num in _hidden_from_old_readers(file)]
    gaps = _Gaps(file)
    gaps.search()
    found += [f"catalog {root}" for root in gaps.roots if not _is_root(file, root)]
    found += [f"second_header {place}" for place in gaps.headers]
    found += [f"unread_object {place}" for place in gaps.unread]
    for item in gaps.hidden:
        if _would_be_taken(file, item) and _is_used(file, item, reached):
            found.append(f"unnamed_object {item.num}")
    found += [f"nested_object {num}" for num in gaps.nested if num in reached.numbers]
    signs = any(isinstance(item.value, PdfDict) and "ByteRange" in item.value for item in gaps.hidden)
    _mark_beyond_size(file, reached)
    return Readings(tuple(dict.fromkeys(found)), signs)


def _hidden_from_old_readers(file: TolerantFile) -> list[int]:
    """Numbers that are drawn and that a hybrid file shows only to readers of 1.5 and later (7.5.8.4)."""
    view = file.last
    if not view.hidden:
        return []
    old = file.for_old_readers()
    used = sorted(view.hidden & (drawn(view) | _way_to_pages(view)))
    return [num for num in used if not _says_the_same(view.get(Ref(num)), old.get(Ref(num)))]


def _way_to_pages(view: Snapshot) -> set[int]:
    """The catalog and the page tree: who does not find them goes through the bytes, or shows nothing."""
    found: set[int] = set()
    waiting: list[Any] = [view.trailer.get("Root"), view.catalog.get("Pages")]
    while waiting:
        ref = waiting.pop()
        if type(ref) is Ref and ref.num not in found:
            found.add(ref.num)
            _file(view).notes.spend()
            kids = (view.dictionary(ref) or PdfDict()).get("Kids")
            found |= {kids.num} if type(kids) is Ref else set()
            waiting += view.array(kids)
    return found


def _mark_beyond_size(file: TolerantFile, reached: Reached) -> None:
    """7.5.5: what lies beyond /Size is nothing to some readers."""
    for number in range(len(file.revisions)):
        view = file.at(number)
        size = view.trailer.get("Size")
        beyond = [num for num in view.entries if type(size) is not int or num >= size]
        if beyond:
            file.notes.grant(Leniency.SIZE_WRONG, size)
        for num in reached.numbers.intersection(beyond):
            file.unreadable.setdefault(num, "beyond_size")


def _is_root(file: TolerantFile, root: Any) -> bool:
    return any(root == revision.trailer.get("Root") for revision in file.revisions)


def _would_be_taken(file: TolerantFile, item: Hidden) -> bool:
    """No later definition or freeing stands behind it, and what the chain says is something else."""
    entry, view = file.last.entries.get(item.num), file.last
    if entry is not None and entry.kind is EntryKind.PLAIN and entry.offset > item.offset:
        return False
    if entry is not None and entry.kind is EntryKind.COMPRESSED:
        holder = view.entries.get(entry.container)
        if holder is not None and holder.offset > item.offset:
            return False
    later = file.revisions[item.revision + 1 :]
    if any(item.num in revision.entries for revision in later):
        return False
    return not _says_the_same(view.get(Ref(item.num, entry.gen if entry else 0)), item.value)


def _says_the_same(one: Any, other: Any) -> bool:
    if isinstance(one, Stream) and isinstance(other, Stream):
        return same(one.dict, other.dict) and one.raw == other.raw
    return same(one, other)


def _is_used(file: TolerantFile, item: Hidden, reached: Reached) -> bool:
    return item.num in reached.numbers or item.num in reach(file.at(item.revision)).numbers


class _Gaps:
    """The bytes that no section explains."""

    def __init__(self, file: TolerantFile) -> None:
        self.file = file
        self.hidden: list[Hidden] = []
        self.roots: list[Any] = []
        self.nested: list[int] = []
        self.headers: list[int] = []
        self.unread: list[int] = []
        self.ends = [cut.tail.end for cut in file.cuts]

    def search(self) -> None:
        position = 0
        for start, end, num in sorted(self._extents()):
            if start < position:
                if end > position or num:
                    self.nested.append(num)
                continue
            self._gap(position, start)
            position = end
        self._gap(position, self.ends[-1])
        self._unlisted()
        if self.file.notes.found.keys() & _REPAIRED:
            self._inside()

    def _inside(self) -> None:
        """What looks like an object inside of streams, strings and comments: some take it when they repair."""
        known = {start for start, _, _ in self._extents()} | {item.offset for item in self.hidden}
        for header in HEADER.finditer(self.file.data):
            if header.start() not in known:
                self._hidden(header, len(self.file.data))

    def _unlisted(self) -> None:
        """Objects in object streams that no section looks for there."""
        for place, num, value in self.file.unlisted():
            self._keep(num, place, value)

    def _extents(self) -> set[tuple[int, int, int]]:
        file = self.file
        found: set[tuple[int, int, int]] = set()
        head = _HEAD_LINES.match(file.data, file.frame.header) if file.frame else None
        if head is not None:
            found.add((0, head.end(), 0))
        seen: set[int] = set()
        for number, cut in enumerate(file.cuts):
            found.add((cut.tail.start, cut.tail.end, 0))
            for section in cut.chain:
                if section.offset not in seen:
                    seen.add(section.offset)
                    found.add((section.offset, section.end, 0))
                    found |= self._objects(number, section)
        spans = {(start, end) for start, end, num in found if not num}
        return {item for item in found if not item[2] or item[:2] not in spans}

    def _objects(self, number: int, section: Any) -> set[tuple[int, int, int]]:
        view, found = self.file.at(number), set()
        if section.extra_span is not None:
            found.add((*section.extra_span, 0))
        for entry in (*section.entries.values(), *section.extra.values()):
            if entry.kind is not EntryKind.PLAIN:
                continue
            try:
                item = self.file.load(entry, view)
            except OutOfBounds:
                raise
            except NeedsCare:
                continue
            found.add((item.start, item.end, item.num))
        return found

    def _gap(self, start: int, end: int) -> None:
        data, notes = self.file.data, self.file.notes
        if end <= start or not data[start:end].strip(_WHITE):
            return
        rest = bytearray()
        position = start
        while (header := HEADER.search(data, position, end)) is not None:
            if data[header.start() - 1 : header.start()] in _PARTS_OF_NUMBERS:
                self.unread.append(header.start())
            rest += data[position : header.start()] + b"\n"
            position = self._hidden(header, end)
        rest += data[position:end]
        self.headers += [start for _ in range(rest.count(b"%PDF-"))]
        left = _COMMENT.sub(b"", _FIRST_TAIL.sub(b"", bytes(rest)))
        if _ODD_HEADER.search(left):
            self.unread.append(start)
        for match in _TRAILER.finditer(left):
            self.roots += self._root(left, match.end())
        if left.strip(_WHITE):
            notes.grant(Leniency.UNEXPLAINED_BYTES, start)

    def _hidden(self, header: re.Match[bytes], end: int) -> int:
        file, place = self.file, header.start()
        file.notes.grant(Leniency.UNNAMED_OBJECT, int(header[1]))
        file.notes.spend(10)
        try:
            item = read_tolerant(file.data, place, length_of=lambda _: None, notes=file.notes).object
        except OutOfBounds:
            raise
        except NeedsCare as error:
            self._keep(int(header[1]), place, Unreadable(error.code))
            return header.end()
        self._keep(item.num, place, item.value)
        for num, value in file.packed_in(item):
            self._keep(num, place, value)
        return min(max(item.end, header.end()), end)

    def _keep(self, num: int, place: int, value: Any) -> None:
        revision = min(bisect_right(self.ends, place), len(self.ends) - 1)
        self.hidden.append(Hidden(num, place, value, revision))

    def _root(self, data: bytes, offset: int) -> list[Any]:
        try:
            trailer = TolerantLexer(data, offset, self.file.notes).value()
        except OutOfBounds:
            raise
        except NeedsCare:
            return []
        return [trailer["Root"]] if isinstance(trailer, PdfDict) and "Root" in trailer else []


def _file(view: Snapshot) -> TolerantFile:
    file: Any = view.file
    return file  # type: ignore[no-any-return]
