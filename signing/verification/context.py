"""What every step of one verification shares."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from cryptography.hazmat.primitives import hashes

from signing.cms.algorithms import HASHES, hash_of
from signing.path.evidence import Evidence
from signing.path.policy import Policy
from signing.path.trust import TrustStore
from signing.pdf import PdfFile, SignatureField
from signing.pdf.changes import Change, changes_in
from signing.pdf.drawing import draws_something, may_hide
from signing.pdf.ink import Ink, Rect, ink_of, is_written_on
from signing.pdf.objects import PdfDict
from signing.pdf.signature import RangeFault, SignedRange, holder, loose_signatures, signed_range
from signing.pdf.standing import stands_under
from signing.pdf.structure import Structure
from signing.reasons import Reason
from signing.verification.plan import Place, PlannedBox, places

_VALUE_KEYS = frozenset(
    {
        "Type", "Filter", "SubFilter", "ByteRange", "Contents", "M", "Name", "Location", "Reason", "ContactInfo",
        "Prop_Build", "V", "R", "Prop_AuthTime", "Prop_AuthType",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Question:
    """What the caller asked."""

    trust: TrustStore
    at: datetime
    evidence: Evidence
    policy: Policy
    plan: tuple[PlannedBox, ...] | None
    owners: Mapping[str, frozenset[str]]
    texts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Located:
    """What a signature dictionary covers, in the revision that it closes; `plain`: nothing in it is unusual."""

    revision: int | None
    found: SignedRange | RangeFault
    plain: bool = True


@dataclass
class Context:
    """The file under examination; what is costly is computed once. This one answers by the strict structure."""

    file: PdfFile
    structure: Structure
    question: Question
    trailing: bool = False
    _hashes: dict[tuple[str, int, int, int], bytes] = field(default_factory=dict)
    _fronts: dict[str, list[tuple[int, hashes.Hash]]] = field(default_factory=dict)
    _ink: dict[int, Ink | None] = field(default_factory=dict)
    _changes: dict[int, tuple[Change, ...]] = field(default_factory=dict)

    @cached_property
    def fields(self) -> tuple[SignatureField, ...]:
        return self.file.signature_fields()

    @cached_property
    def places(self) -> dict[str, Place]:
        return places(self.file.last)

    def changes_behind(self, revision: int) -> Iterator[Change]:
        """What the revisions behind this one did, each to the one before it, in order. How a document came about
        before anybody signed it is nobody's question."""
        for number in range(revision + 1, len(self.file.revisions)):
            if number not in self._changes:
                self._changes[number] = self.changes_of(number)
            yield from self._changes[number]

    def changes_of(self, number: int) -> tuple[Change, ...]:
        """What one revision did to the one before, found out anew."""
        return changes_in(self.file, self.structure, number)

    def is_written_on(self, page: int | None, box: Rect | None, *, pictures: bool = False) -> bool:
        """Whether a box lies over text or drawings of its page; True where that cannot be told. `pictures`: or
        over a part of an image, be it a scan."""
        pages = self.file.pages()
        if page is None or box is None or page >= len(pages):
            return True
        if page not in self._ink:
            self._ink[page] = ink_of(self.file.last, pages[page])
        return is_written_on(self._ink[page], box, pictures=pictures)

    def covers_standing(self, revision: int, page: int | None, box: Rect | None, *, signatures: bool) -> bool:
        """Whether a box lies over what the signed state showed in an annotation or a field: values, notes, and
        with `signatures` the appearances of those. True where that cannot be told."""
        view = self.file.at(revision)
        pages = view.pages()
        if page is None or box is None or page >= len(pages):
            return True
        return stands_under(view, pages[page], box, signatures=signatures)

    def hides(self, name: str) -> bool:
        """Whether the appearance of the field could hide or alter what it lies on; a seal's picture could not."""
        view = self.file.last
        return any(item.name == name and may_hide(view, item) for item in self.fields)

    @property
    def loose(self) -> bool:
        """Whether something looks like a signature that is no field's value."""
        return bool(loose_signatures(self.structure, self.fields))

    @cached_property
    def common(self) -> Iterable[Reason]:
        """What holds for every signature of this file: so a drawn seal in a field that nobody signed."""
        view = self.file.last
        shown = any(item.value is None and draws_something(view, item) for item in self.fields)
        return (Reason.UNSIGNED_FIELD_SHOWN,) if shown else ()

    @property
    def unclear(self) -> Reason:
        """What to say of a signature that this reading cannot make out."""
        return Reason.NEEDS_CAREFUL_CHECK

    def is_shared(self, item: SignatureField) -> bool:
        """Whether anybody but this field refers to its signature dictionary."""
        ref = item.value_ref
        return ref is not None and self.structure.references.holders(ref.num) != {item.ref.num}

    def locate(self, item: SignatureField) -> Located:
        """The covered bytes; `NeedsCare` where the dictionary does not stand plainly."""
        held, revision = holder(self.structure, item)
        plain = not (set(held.value) - _VALUE_KEYS or held.refs or "Lock" in item.node)
        return Located(revision, signed_range(self.file, held, revision), plain)

    def certifies(self, item: SignatureField) -> bool:
        """Whether this signature is a certification (12.8.2.2)."""
        value: PdfDict | None = item.value
        return value is not None and "Reference" in value

    def prefix_digest(self, size: int) -> str:
        """SHA-256 of the first `size` bytes, hex; empty when the file is shorter."""
        if size > len(self.file.data):
            return ""
        return self.digest("sha256", gap_start=size, gap_end=size, end=size).hex()

    def digest(self, name: str, *, gap_start: int, gap_end: int, end: int) -> bytes:
        """The hash over the file without the hole.

        What stands before a hole is part of every later signature as well: the state of the hash there is kept, so
        that the file is gone through once however many signatures it has, and not once for each.
        """
        key = (name, gap_start, gap_end, end)
        if key not in self._hashes:
            engine = self._front(name, gap_start).copy()
            engine.update(memoryview(self.file.data)[gap_end:end])
            self._hashes[key] = engine.finalize()
        return self._hashes[key]

    def _front(self, name: str, size: int) -> hashes.Hash:
        """The hash's state behind the first `size` bytes; whoever goes on with it takes a copy."""
        known = self._fronts.setdefault(name, [(0, hashes.Hash(HASHES[name]))])
        place = bisect_right(known, size, key=lambda item: item[0]) - 1
        start, engine = known[place]
        if start < size:
            engine = engine.copy()
            engine.update(memoryview(self.file.data)[start:size])
            known.insert(place + 1, (size, engine))
        return engine

    def sha256_of(self, document: bytes) -> bytes:
        """Of the whole document, with what its signatures needed already."""
        if document is not self.file.data:
            return hash_of("sha256", document)
        size = len(document)
        ends = [start for start, _ in self._fronts.get("sha256", ())]
        last = ends[-1] if ends else 0
        return self.digest("sha256", gap_start=last, gap_end=last, end=size)
