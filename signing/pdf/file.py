"""A PDF as its revisions: `file.at(n)` is the document as revision n left it, `file.last` the newest."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from signing.errors import NeedsCare
from signing.pdf.filters import decode
from signing.pdf.lexer import read_object
from signing.pdf.objects import IndirectObject, Name, PdfArray, PdfDict, PdfString, Ref, Stream
from signing.pdf.plain import read_plain
from signing.pdf.xref import Entry, EntryKind, Revision, read_compressed, read_revisions

MAX_PAGES = 20_000
MAX_FIELDS = 10_000
MAX_FIELD_DEPTH = 32
MAX_UNFOLDED = 64 * 1024 * 1024
"""Bytes that all object streams of one file may unfold to together."""
_MAX_WAITING = 4
"""Objects whose /Length is being looked up: an integer has none of its own."""
_INHERITED = ("Resources", "MediaBox", "CropBox", "Rotate")


@dataclass(slots=True)
class Page:
    """A page; `inherited` holds what its parents say about resources, boxes and rotation."""

    index: int
    ref: Ref
    holder: IndirectObject | PdfDict
    """The dictionary, or the object that has it and need not have been read."""
    inherited: dict[str, Any]

    @property
    def node(self) -> PdfDict:
        if isinstance(self.holder, PdfDict):
            return self.holder
        node: PdfDict = self.holder.value
        return node

    def entry(self, key: str) -> Any:
        """What the page itself says."""
        return self.holder.get(key) if isinstance(self.holder, PdfDict) else self.holder.entry(key)

    def attribute(self, key: str) -> Any:
        return self.node.get(key, self.inherited.get(key))


@dataclass(frozen=True, slots=True)
class SignatureField:
    """A signature field merged with its widget; `value` is the signature dictionary, None while unsigned."""

    name: str
    ref: Ref
    node: PdfDict
    rect: tuple[float, float, float, float] | None
    value_ref: Ref | None
    value: PdfDict | None

    @property
    def visible(self) -> bool:
        """Has an area (12.7.5.5: a rectangle of zero width or height shows nothing)."""
        return self.rect is not None and self.rect[0] != self.rect[2] and self.rect[1] != self.rect[3]


@dataclass(slots=True)
class View:
    """The document at one revision: newest entry of every object up to there."""

    file: PdfFile
    revision: Revision
    entries: dict[int, Entry]
    _catalog: PdfDict | None = None
    _acroform: PdfDict | None = None
    _pages: tuple[Page, ...] | None = None
    _tree: set[int] = field(default_factory=set)
    """Numbers of all objects that `_pages` was read from."""
    _signature_fields: tuple[SignatureField, ...] | None = None

    @property
    def trailer(self) -> PdfDict:
        return self.revision.trailer

    @property
    def size(self) -> int:
        """The next free object number."""
        declared = self.trailer.get("Size")
        highest = max(self.entries, default=0) + 1
        return max(declared, highest) if type(declared) is int else highest

    def object(self, ref: Ref) -> IndirectObject:
        """The object that `ref` names here; a reference to nothing is refused, not null."""
        entry = self.entries.get(ref.num)
        if entry is None or entry.kind is EntryKind.FREE or entry.gen != ref.gen:
            raise NeedsCare("dangling_reference", num=ref.num, gen=ref.gen)
        return self.file.load(entry, self)

    def get(self, ref: Ref) -> Any:
        return self.object(ref).value

    def resolve(self, value: Any) -> Any:
        """`value` itself, or what it refers to; a chain of references is refused."""
        if type(value) is not Ref:
            return value
        found = self.get(value)
        if type(found) is Ref:
            raise NeedsCare("reference_chain", num=value.num)
        return found

    def dictionary(self, value: Any) -> PdfDict | None:
        """`value` resolved, when it is a dictionary (not a stream)."""
        found = self.resolve(value)
        return found if isinstance(found, PdfDict) else None

    @property
    def root_ref(self) -> Ref:
        root = self.trailer.get("Root")
        if type(root) is not Ref:
            raise NeedsCare("no_catalog")
        return root

    @property
    def catalog(self) -> PdfDict:
        if self._catalog is None:
            found = self.dictionary(self.root_ref)
            if found is None or found.get("Type") != "Catalog":
                raise NeedsCare("no_catalog")
            self._catalog = found
        return self._catalog

    @property
    def acroform(self) -> PdfDict | None:
        """The interactive form (12.7.3), None where the document has none."""
        if self._acroform is None and "AcroForm" in self.catalog:
            self._acroform = self.dictionary(self.catalog["AcroForm"])
            if self._acroform is None:
                raise NeedsCare("acroform")
        return self._acroform

    @property
    def acroform_ref(self) -> Ref | None:
        """Its reference; None where it is absent or written directly in the catalog."""
        value = self.catalog.get("AcroForm")
        return value if type(value) is Ref else None

    def pages(self) -> tuple[Page, ...]:
        """All pages in order."""
        if self._pages is None:
            older = self.file.walked(self.revision.number - 1)
            if older is not None and self._has_pages_of(older):
                self._pages, self._tree = older._pages, older._tree
                return self.pages()
            pages: list[Page] = []
            self._tree = set()
            self._walk_pages(self.catalog.get("Pages"), {}, pages=pages, seen=set())
            self._pages = tuple(pages)
        return self._pages

    def _has_pages_of(self, older: View) -> bool:
        """Whether the page tree is the same, object for object: nothing in it was written again."""
        return older.catalog.get("Pages") == self.catalog.get("Pages") and older._tree.isdisjoint(
            self.revision.entries
        )

    def _walk_pages(self, ref: Any, inherited: dict[str, Any], *, pages: list[Page], seen: set[Ref]) -> None:
        if type(ref) is not Ref or ref in seen or len(seen) > MAX_PAGES:
            raise NeedsCare("page_tree")
        seen.add(ref)
        item = self.object(ref)
        self._tree |= {ref.num} if item.container is None else {ref.num, item.container}
        if item.is_dictionary and item.entry("Type") == "Page":
            pages.append(Page(len(pages), ref, item, inherited))
            return
        node = self.dictionary(ref)
        if node is None:
            raise NeedsCare("page_tree", num=ref.num)
        listed = node.get("Kids")
        if type(listed) is Ref:
            holder = self.object(listed)
            self._tree |= {listed.num} if holder.container is None else {listed.num, holder.container}
        kids = self.resolve(listed)
        if node.get("Type") != "Pages" or not isinstance(kids, PdfArray) or len(seen) - len(pages) > 500:
            raise NeedsCare("page_tree", num=ref.num)
        below = inherited | {key: node[key] for key in _INHERITED if key in node}
        for kid in kids:
            self._walk_pages(kid, below, pages=pages, seen=seen)

    def signature_fields(self) -> tuple[SignatureField, ...]:
        """All signature fields in the order of /Fields, signed or not."""
        if self._signature_fields is None:
            found = (self._signature_field(*item) for item in self.fields() if item[3] == "Sig")
            self._signature_fields = tuple(found)
        return self._signature_fields

    def fields(self) -> Iterator[tuple[str, Ref, PdfDict, str | None]]:
        """(full name, reference, dictionary, type) of every terminal field (12.7.4)."""
        form = self.acroform
        listed = self.resolve(form.get("Fields")) if form is not None else None
        seen: set[Ref] = set()
        for ref in listed if isinstance(listed, PdfArray) else ():
            yield from self._walk_fields(ref, "", None, seen=seen, depth=0)

    def _walk_fields(
        self, ref: Any, prefix: str, kind: str | None, *, seen: set[Ref], depth: int
    ) -> Iterator[tuple[str, Ref, PdfDict, str | None]]:
        if type(ref) is not Ref or ref in seen or len(seen) > MAX_FIELDS:
            raise NeedsCare("field_tree")
        seen.add(ref)
        node = self.dictionary(ref)
        if node is None or depth > MAX_FIELD_DEPTH:
            raise NeedsCare("field_tree", num=ref.num)
        own = node.get("T")
        name = ".".join(filter(None, (prefix, own.text() if isinstance(own, PdfString) else "")))
        kind = str(node["FT"]) if isinstance(node.get("FT"), Name) else kind
        if "Kids" not in node:
            yield name, ref, node, kind
            return
        if kind == "Sig":  # a value above its widgets would be overlooked here
            raise NeedsCare("field_kids", field=name)
        kids = self.resolve(node["Kids"])
        for kid in kids if isinstance(kids, PdfArray) else ():
            yield from self._walk_fields(kid, name, kind, seen=seen, depth=depth + 1)

    def _signature_field(self, name: str, ref: Ref, node: PdfDict, _kind: str | None) -> SignatureField:
        value = node.get("V")
        value_ref = value if type(value) is Ref else None
        found = self.resolve(value)
        if found is not None and not isinstance(found, PdfDict):
            raise NeedsCare("signature_value", field=name)
        return SignatureField(name, ref, node, rectangle(self.resolve(node.get("Rect"))), value_ref, found)


def rectangle(value: Any) -> tuple[float, float, float, float] | None:
    """A rectangle with its corners sorted (7.9.5); None when it is not four numbers."""
    if not isinstance(value, list) or len(value) != 4 or not all(type(n) in (int, float) for n in value):
        return None
    left, bottom, right, top = (float(number) for number in value)
    return min(left, right), min(bottom, top), max(left, right), max(bottom, top)


@dataclass(slots=True)
class PdfFile:
    """The bytes, their revisions and every object read so far; the newest state is `last`."""

    data: bytes
    revisions: tuple[Revision, ...]
    _objects: dict[int, IndirectObject] = field(default_factory=dict)
    _containers: dict[int, tuple[IndirectObject, ...]] = field(default_factory=dict)
    _views: dict[int, View] = field(default_factory=dict)
    _waiting: set[int] = field(default_factory=set)
    _unfolded: int = 0

    def at(self, number: int) -> View:
        """The document as revision `number` (0 = oldest) left it."""
        if number not in self._views:
            entries: dict[int, Entry] = {}
            for revision in self.revisions[: number + 1]:
                entries.update(revision.entries)
            self._views[number] = View(self, self.revisions[number], entries)
        return self._views[number]

    def walked(self, number: int) -> View | None:
        """That revision, if its pages were asked for already."""
        view = self._views.get(number)
        return view if view is not None and view._pages is not None else None

    @property
    def last(self) -> View:
        return self.at(len(self.revisions) - 1)

    @property
    def startxref(self) -> int:
        """Offset of the newest cross-reference section, the /Prev of the next one."""
        return self.revisions[-1].startxref

    @property
    def trailer(self) -> PdfDict:
        return self.last.trailer

    @property
    def catalog(self) -> PdfDict:
        return self.last.catalog

    @property
    def acroform(self) -> PdfDict | None:
        return self.last.acroform

    @property
    def size(self) -> int:
        return self.last.size

    def get(self, ref: Ref) -> Any:
        return self.last.get(ref)

    def pages(self) -> tuple[Page, ...]:
        return self.last.pages()

    def signature_fields(self) -> tuple[SignatureField, ...]:
        return self.last.signature_fields()

    def close(self) -> None:
        """Let go of what was read. File and views hold each other: without this, thousands of objects of every file
        that was judged would wait for the garbage collector, which goes through all of them more than once."""
        self._views.clear()
        self._objects.clear()
        self._containers.clear()

    def load(self, entry: Entry, view: View) -> IndirectObject:
        """The object an entry points at, read once."""
        if entry.kind is EntryKind.COMPRESSED:
            return self._load_compressed(entry, view)
        return self.load_plain(entry, view)

    def load_plain(self, entry: Entry, view: View, limit: int = 0) -> IndirectObject:
        """One that stands by itself; `limit`, unless it is 0, is where the next thing begins."""
        offset = entry.offset
        found = self._objects.get(offset)
        if found is None:
            found = read_plain(self.data, offset, limit) or self._read_slowly(entry, view)
            self._objects[offset] = found
        if found.num != entry.num or found.gen != entry.gen:
            raise NeedsCare("object_not_at_offset", num=entry.num, offset=offset)
        return found

    def _read_slowly(self, entry: Entry, view: View) -> IndirectObject:
        if len(self._waiting) > _MAX_WAITING or entry.offset in self._waiting:
            raise NeedsCare("stream_length", num=entry.num)
        self._waiting.add(entry.offset)
        found = read_object(self.data, entry.offset, length_of=lambda ref: _length(view, ref))
        self._waiting.discard(entry.offset)
        return found

    def _load_compressed(self, entry: Entry, view: View) -> IndirectObject:
        holder = view.entries.get(entry.container)
        if holder is None or holder.kind is not EntryKind.PLAIN:
            raise NeedsCare("object_stream", num=entry.container)
        if holder.offset not in self._containers:
            stream = self.load(holder, view).value
            if not isinstance(stream, Stream):
                raise NeedsCare("object_stream", num=entry.container)
            data = decode(stream)
            self._unfolded += len(data)
            if self._unfolded > MAX_UNFOLDED:
                raise NeedsCare("stream_too_large", num=entry.container)
            self._containers[holder.offset] = read_compressed(data, stream.dict, entry.container)
        inside = self._containers[holder.offset]
        if entry.place >= len(inside) or inside[entry.place].num != entry.num:
            raise NeedsCare("object_stream", num=entry.container)
        return inside[entry.place]


def _length(view: View, ref: Ref) -> int:
    """An indirect /Length must be a plain integer object, so that reading it cannot come back here."""
    entry = view.entries.get(ref.num)
    value = view.get(ref) if entry is not None and entry.kind is EntryKind.PLAIN else None
    if type(value) is not int:
        raise NeedsCare("stream_length", num=ref.num)
    return value


def read(data: bytes) -> PdfFile:
    """Read the revisions of a PDF. `BrokenInput`: it is none; `NeedsCare`: not plain enough."""
    return PdfFile(data, read_revisions(data))
