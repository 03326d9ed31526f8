"""The document as one saved state left it, read tolerantly: what refers to nothing is null, and noted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from signing.errors import NeedsCare
from signing.pdf.file import Page, SignatureField, View, rectangle
from signing.pdf.objects import IndirectObject, Name, PdfArray, PdfDict, PdfString, Ref, Stream
from signing.pdf.tolerant.notes import Leniency, OutOfBounds
from signing.pdf.xref import EntryKind

MAX_PAGES = 50_000
MAX_FIELDS = 10_000
MAX_DEPTH = 64
INHERITED = ("Resources", "MediaBox", "CropBox", "Rotate")
_FIELD_KEYS = ("FT", "V", "Ff", "DV", "DA", "Q")


class Unreadable:
    """In the place of an object that cannot be read; the same only as itself."""

    __slots__ = ("code",)

    def __init__(self, code: str) -> None:
        self.code = code


@dataclass(frozen=True, slots=True)
class FormField:
    """A terminal field: `node` with what it inherits, its widgets (itself, when they are one dictionary)."""

    name: str
    ref: Ref
    node: PdfDict
    own: PdfDict
    kind: str
    widgets: tuple[tuple[Ref, PdfDict], ...]


@dataclass(frozen=True, slots=True)
class SignedField(SignatureField):
    """A signature field of any layout; `node` merges field and first widget."""

    widgets: tuple[Ref, ...] = ()


@dataclass(slots=True)
class Snapshot(View):
    """`hidden` numbers are known only to readers that look into hybrid streams."""

    hidden: frozenset[int] = frozenset()
    _fields: tuple[FormField, ...] | None = None
    _values: dict[int, Any] = field(default_factory=dict)

    def object(self, ref: Ref) -> IndirectObject:
        entry = self.entries.get(ref.num)
        if entry is None or entry.kind is EntryKind.FREE:
            raise NeedsCare("dangling_reference", num=ref.num)
        return self.file.load(entry, self)

    def get(self, ref: Ref) -> Any:
        """The value behind a reference: None for nothing, `Unreadable` for what cannot be read."""
        if ref.num not in self._values:
            self._values[ref.num] = self._value(ref)
        return self._values[ref.num]

    def _value(self, ref: Ref) -> Any:
        file: Any = self.file
        file.notes.spend()
        entry = self.entries.get(ref.num)
        if entry is None:
            file.notes.grant(Leniency.DANGLING_REFERENCE, ref.num)
            return None
        if entry.kind is EntryKind.FREE:
            file.notes.grant(Leniency.FREED_REFERENCE, ref.num)
            return None
        if entry.gen != ref.gen:
            file.ambiguous.setdefault(ref.num, "generation")
        try:
            return file.load(entry, self).value
        except OutOfBounds:
            raise
        except NeedsCare as error:
            file.unreadable.setdefault(ref.num, str(error))
            return Unreadable(error.code)

    def resolve(self, value: Any) -> Any:
        for _ in range(8):
            if type(value) is not Ref:
                return value
            value = self.get(value)
        raise OutOfBounds("references")

    def dictionary(self, value: Any) -> PdfDict | None:
        found = self.resolve(value)
        return found if isinstance(found, PdfDict) else None

    def array(self, value: Any) -> PdfArray:
        """An array, empty where there is none; one object alone is not taken for an array."""
        found = self.resolve(value)
        return found if isinstance(found, PdfArray) else PdfArray()

    @property
    def catalog(self) -> PdfDict:
        found = self.dictionary(self.trailer.get("Root"))
        if found is None:
            raise NeedsCare("no_catalog")
        return found

    @property
    def acroform(self) -> PdfDict | None:
        return self.dictionary(self.catalog.get("AcroForm"))

    def pages(self) -> tuple[Page, ...]:
        if self._pages is None:
            pages: list[Page] = []
            self._walk(self.catalog.get("Pages"), {}, pages=pages, seen=set(), depth=0)
            self._pages = tuple(pages)
        return self._pages

    def _walk(self, ref: Any, inherited: dict[str, Any], *, pages: list[Page], seen: set[Ref], depth: int) -> None:
        node, notes = self.dictionary(ref), self._notes
        if type(ref) is not Ref or node is None:
            notes.grant(Leniency.PAGE_TREE, ref)
            return
        if ref in seen:
            raise NeedsCare("page_tree", num=ref.num)
        if depth > MAX_DEPTH or len(seen) > MAX_PAGES:
            raise OutOfBounds("pages")
        seen.add(ref)
        if "Kids" not in node:
            if node.get("Type") != "Page":
                notes.grant(Leniency.PAGE_TREE, ref.num)
            pages.append(Page(len(pages), ref, node, inherited))
            return
        if node.get("Type") != "Pages":
            notes.grant(Leniency.PAGE_TREE, ref.num)
        below = inherited | {key: node[key] for key in INHERITED if key in node}
        for kid in self.array(node["Kids"]):
            self._walk(kid, below, pages=pages, seen=seen, depth=depth + 1)

    @property
    def _notes(self) -> Any:
        file: Any = self.file
        return file.notes

    def form_fields(self) -> tuple[FormField, ...]:
        """Every terminal field that /AcroForm lists, in order."""
        if self._fields is None:
            form = self.acroform
            seen: set[Ref] = set()
            found: list[FormField] = []
            listed = self.array(form.get("Fields")) if form is not None else PdfArray()
            if len(listed) > MAX_FIELDS:
                raise OutOfBounds("fields")
            for ref in listed:
                found += self._branch(ref, "", PdfDict(), seen=seen, depth=0)
            self._fields = tuple(found)
        return self._fields

    def _branch(self, ref: Any, prefix: str, above: PdfDict, *, seen: set[Ref], depth: int) -> Iterator[FormField]:
        node = self.dictionary(ref)
        if type(ref) is not Ref or node is None or ref in seen:
            self._notes.grant(Leniency.FIELD_TREE, ref)
            return
        if depth > MAX_DEPTH or len(seen) > MAX_FIELDS:
            raise OutOfBounds("fields")
        seen.add(ref)
        name = ".".join(filter(None, (prefix, _text(node.get("T")))))
        merged = PdfDict({key: above[key] for key in _FIELD_KEYS if key in above} | node)
        kids = [(kid, self.dictionary(kid)) for kid in self.array(node.get("Kids"))]
        fields = [kid for kid, body in kids if body is not None and "T" in body]
        for kid in fields:
            yield from self._branch(kid, name, merged, seen=seen, depth=depth + 1)
        if not fields:
            widgets = [(kid, body) for kid, body in kids if body is not None and type(kid) is Ref]
            kind = merged.get("FT")
            text = str(kind) if isinstance(kind, Name) else ""
            yield FormField(name, ref, merged, node, text, tuple(widgets) or ((ref, node),))

    def signature_fields(self) -> tuple[SignatureField, ...]:
        if self._signature_fields is None:
            found = (self._signed(item) for item in self.form_fields() if item.kind == "Sig")
            self._signature_fields = tuple(found)
        return self._signature_fields

    def _signed(self, item: FormField) -> SignedField:
        first = item.widgets[0][1]
        node = PdfDict(dict(first) | dict(item.node))
        value = item.node.get("V")
        found = self.resolve(value)
        if found is not None and not isinstance(found, PdfDict):
            found = PdfDict()  # something stands there that is no signature: malformed, and never unsigned
        ref = value if type(value) is Ref else None
        rect = rectangle([self.resolve(side) for side in self.array(node.get("Rect"))])
        return SignedField(item.name, item.ref, node, rect, ref, found, tuple(ref for ref, _ in item.widgets))

    def fields(self) -> Iterator[tuple[str, Ref, PdfDict, str | None]]:
        for item in self.form_fields():
            yield item.name, item.ref, item.node, item.kind or None

    def content(self, value: Any) -> Stream | None:
        found = self.resolve(value)
        return found if isinstance(found, Stream) else None


def _text(value: Any) -> str:
    return value.text() if isinstance(value, PdfString) else ""
