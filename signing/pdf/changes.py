"""What a later revision changed, by a closed white list over its objects.

A revision may add a signature in an empty field (with its appearance), add a signature field, add validation
evidence (/DSS) or a document timestamp, and update the information dictionary or XMP packet. Each object of the
revision must be explained by one of these; what is left over is `OTHER`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from signing.pdf.drawing import draws_without_area
from signing.pdf.file import PdfFile, SignatureField, View
from signing.pdf.objects import IndirectObject, PdfArray, PdfDict, Ref, Stream
from signing.pdf.same import same
from signing.pdf.signature import is_document_timestamp
from signing.pdf.structure import Structure, is_name

_SIGNING_KEYS = frozenset({"V", "AP", "M"})
_NEW_FIELD_KEYS = frozenset(
    {"Type", "Subtype", "FT", "T", "TU", "F", "Ff", "Rect", "P", "V", "AP", "M", "NM", "Border", "DA"}
)
_DSS_KEYS = frozenset({"Type", "VRI", "Certs", "CRLs", "OCSPs"})
_EVIDENCE_STREAM_KEYS = frozenset({"Length", "Filter", "DecodeParms", "Type"})


class ChangeKind(StrEnum):
    EVIDENCE = "evidence"
    SIGNING = "signing"
    METADATA = "metadata"
    FORM_FILLING = "form_filling"
    ANNOTATIONS = "annotations"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Change:
    """One thing a revision did. `subject` is a field's name or an object's number; `visible`: it has an area.
    For annotations, `page` (from 0) and `box` say where, unless a viewer draws outside of the box."""

    revision: int
    kind: ChangeKind
    code: str
    subject: str = ""
    visible: bool = False
    page: int | None = None
    box: tuple[float, float, float, float] | None = None


@dataclass(slots=True)
class _Comparison:
    before: View
    after: View
    objects: dict[int, IndirectObject]
    number: int
    explained: set[int] = field(default_factory=set)
    changes: list[Change] = field(default_factory=list)
    new_fields: list[Ref] = field(default_factory=list)

    def note(self, kind: ChangeKind, code: str, subject: object = "") -> None:
        self.changes.append(Change(self.number, kind, code, str(subject)))

    def is_new(self, num: int) -> bool:
        return num in self.objects and num not in self.before.entries

    def changed(self, ref: Any) -> bool:
        return type(ref) is Ref and ref.num in self.objects


def changes_in(file: PdfFile, structure: Structure, number: int) -> tuple[Change, ...]:
    """What revision `number` did to the one before it."""
    work = _Comparison(file.at(number - 1), file.at(number), structure.objects[number], number)
    _explain_containers(work, structure)
    if not _has_two_roles(work, structure):
        _explain_fields(work)
        _explain_form(work)
        _explain_catalog(work)
    _explain_evidence(work, structure)
    _explain_pages(work)
    _explain_information(work, structure)
    _explain_metadata(work, structure)
    _name_the_rest(work)
    return tuple(work.changes)


def _explain_containers(work: _Comparison, structure: Structure) -> None:
    """Cross-reference and object streams of this revision, provided their numbers are new: whoever replaces an
    object stream takes away, or swaps, all that older sections look for in it. A cross-reference stream may follow
    another one that nobody refers to."""
    for num, item in work.objects.items():
        if not (item.mentions(b"/XRef") or item.mentions(b"/ObjStm")):
            continue
        if item.is_stream and item.entry("Type") in ("XRef", "ObjStm"):
            known = work.before.entries.get(num)
            if known is None or (_is_section(work.before, num) and not structure.references.holders(num)):
                work.explained.add(num)


def _is_section(view: View, num: int) -> bool:
    item = view.object(Ref(num, view.entries[num].gen))
    return item.is_stream and item.entry("Type") == "XRef"


def _has_two_roles(work: _Comparison, structure: Structure) -> bool:
    """Whether a signature field of before, or the catalog, is held by something that may draw with it: a table of
    resources that is a field too would be swapped by signing it."""
    view, pages = work.before, work.before.pages()
    fields = {item.ref.num for item in view.signature_fields()}
    root, form = view.root_ref.num, view.acroform_ref
    lists = [form, (view.acroform or PdfDict()).get("Fields"), *(page.entry("Annots") for page in pages)]
    holders = {root, *(page.ref.num for page in pages), *(ref.num for ref in lists if type(ref) is Ref)}
    held = {num for field in fields for num in structure.references.holders(field)}
    holding = [page for page in pages if page.ref.num in held]  # the others name no field
    beside = [item for page in holding for key, item in page.node.items() if key != "Annots"]
    beside += [item for key, item in (view.acroform or PdfDict()).items() if key != "Fields"]
    beside += [item for key, item in view.catalog.items() if key != "AcroForm"]
    named = {ref.num for item in beside for ref in _references_in(item)}
    above = any(not _is_cross_reference(structure, num) for num in structure.references.holders(root))
    return bool(fields & named) or above or any(not _is_element(structure, num) for num in held - holders)


def _is_element(structure: Structure, num: int) -> bool:
    """A tag that names a field (14.7.5.3), or a field above others."""
    values = [objects[num].value for objects in structure.objects if num in objects]
    return all(
        isinstance(value, PdfDict) and (is_name(value.get("Type"), "OBJR") or "S" in value) for value in values
    )


def _explain_fields(work: _Comparison) -> None:
    known = {item.ref: item for item in work.before.signature_fields()}
    for item in work.after.signature_fields():
        old = known.get(item.ref)
        if old is None:
            _explain_new_field(work, item)
        elif item.ref.num in work.objects:
            _explain_signed_field(work, old, item)


def _explain_signed_field(work: _Comparison, old: SignatureField, new: SignatureField) -> None:
    """An empty field got its signature: only /V, /AP and /M differ, and /V is an object of this revision."""
    if old.value is not None or new.value_ref is None or _differing(old.node, new.node) - _SIGNING_KEYS:
        return
    if draws_without_area(work.after, new.node):
        return
    if _explain_value(work, new):
        work.explained.add(new.ref.num)
        work.note(ChangeKind.SIGNING, "signature_added", new.name)


def _explain_new_field(work: _Comparison, item: SignatureField) -> None:
    if not work.is_new(item.ref.num) or set(item.node) - _NEW_FIELD_KEYS or "Parent" in item.node:
        return
    if draws_without_area(work.after, item.node):
        return
    work.new_fields.append(item.ref)
    if item.value is not None and not _explain_value(work, item):
        return
    if item.value is None:
        _explain_appearance(work, item.node)
    work.explained.add(item.ref.num)
    if item.value is not None and is_document_timestamp(item.value) and not item.visible:
        work.note(ChangeKind.EVIDENCE, "document_timestamp_added", item.name)
    elif item.value is not None:
        work.note(ChangeKind.SIGNING, "field_added_and_signed", item.name)
    else:
        work.note(ChangeKind.SIGNING, "field_added", item.name)


def _explain_value(work: _Comparison, item: SignatureField) -> bool:
    ref = item.value_ref
    if ref is None or not work.is_new(ref.num) or work.objects[ref.num].refs:
        return False
    work.explained.add(ref.num)
    _explain_appearance(work, item.node)
    return True


def _explain_appearance(work: _Comparison, node: PdfDict) -> None:
    """New objects below /AP; whatever they share with older revisions must stand there unchanged."""
    _follow(work, _references_in(node.get("AP")))


def _follow(work: _Comparison, refs: Iterable[Ref]) -> None:
    waiting = [ref.num for ref in refs]
    while waiting:
        num = waiting.pop()
        if work.is_new(num) and num not in work.explained:
            work.explained.add(num)
            waiting += [ref.num for ref in work.objects[num].refs]


def _explain_form(work: _Comparison) -> None:
    """/AcroForm may change its flags and grow by the new signature fields, in order and at the end."""
    old, new = work.before.acroform, work.after.acroform
    if new is None or not (work.changed(work.after.acroform_ref) or work.changed(new.get("Fields")) or old is None):
        return  # unchanged, or written inside the catalog and compared there
    if _form_is_grown(work, old, new):
        for ref in (work.after.acroform_ref, new.get("Fields")):
            if work.changed(ref) and type(ref) is Ref:
                work.explained.add(ref.num)


def _form_is_grown(work: _Comparison, old: PdfDict | None, new: PdfDict) -> bool:
    if old is not None and _differing(old, new) - {"SigFlags", "Fields"}:
        return False
    if old is None and set(new) - {"SigFlags", "Fields"}:
        return False
    if type(new.get("SigFlags", 0)) is not int:
        return False
    listed_before = work.before.resolve(old["Fields"]) if old is not None and "Fields" in old else []
    return list(work.after.resolve(new.get("Fields"))) == list(listed_before) + work.new_fields


def _explain_catalog(work: _Comparison) -> None:
    if not work.changed(work.after.root_ref):
        return
    old, new = work.before.catalog, work.after.catalog
    differing = _differing(old, new)
    if differing - {"AcroForm", "DSS", "Extensions", "Version", "Metadata"}:
        return
    if "AcroForm" in differing and not _form_may_differ(work, old, new):
        return
    if any(_references_in(new.get(key)) for key in ("Extensions", "Version")):
        return
    work.explained.add(work.after.root_ref.num)


def _form_may_differ(work: _Comparison, old: PdfDict, new: PdfDict) -> bool:
    """A direct form grew, or the first form appeared; a form never moves to another object."""
    form = work.after.acroform
    if form is None or ("AcroForm" in old and type(old["AcroForm"]) is not type(new["AcroForm"])):
        return False
    if "AcroForm" in old and type(new["AcroForm"]) is Ref:
        return False
    return _form_is_grown(work, work.before.acroform, form)


def _explain_evidence(work: _Comparison, structure: Structure) -> None:
    """/DSS and what hangs below it, when nothing else in the file refers to it (ETSI EN 319 142-1, 5.4.2)."""
    store = work.after.catalog.get("DSS")
    if store is None or (store == work.before.catalog.get("DSS") and not _touches(work, store)):
        return
    if not _is_evidence_store(work.after, store):
        return
    earlier = _below(work.before, work.before.catalog.get("DSS"))
    below = _below(work.after, store)
    allowed = below | {work.after.root_ref.num}
    for num in below & set(work.objects):
        fresh = work.is_new(num) or num in earlier
        if fresh and structure.references.holders(num) <= allowed:
            work.explained.add(num)
    work.note(ChangeKind.EVIDENCE, "evidence_added")


def _touches(work: _Comparison, store: Any) -> bool:
    return bool(_below(work.after, store) & set(work.objects))


def _is_evidence_store(view: View, store: Any) -> bool:
    found = view.dictionary(store)
    if found is None or set(found) - _DSS_KEYS:
        return False
    return all(
        isinstance(value, PdfArray | PdfDict | int | float)
        or (isinstance(value, Stream) and set(value.dict) <= _EVIDENCE_STREAM_KEYS)
        for value in (view.get(Ref(num, view.entries[num].gen)) for num in _below(view, store))
    )


def _below(view: View, start: Any) -> set[int]:
    """Numbers of all objects reachable from `start`."""
    seen: set[int] = set()
    waiting = _references_in(start)
    while waiting:
        ref = waiting.pop()
        if ref.num not in seen:
            seen.add(ref.num)
            waiting += view.object(ref).refs
    return seen


def _explain_pages(work: _Comparison) -> None:
    """A page may change its /Annots alone, by the widgets of the new fields at the end, each on one page."""
    if not set(work.objects) - work.explained:
        return
    placed: list[Ref] = []
    for old, new in zip(work.before.pages(), work.after.pages(), strict=False):
        listed = new.entry("Annots")
        if old.ref != new.ref or not (work.changed(new.ref) or work.changed(listed)):
            continue
        added = _added_annotations(work, old.node, new.node)
        if _differing(old.node, new.node) - {"Annots"} or added is None or set(added) & set(placed):
            continue
        placed += added
        for ref in (new.ref, listed):
            if work.changed(ref) and type(ref) is Ref:
                work.explained.add(ref.num)


def _added_annotations(work: _Comparison, old: PdfDict, new: PdfDict) -> list[Ref] | None:
    """The widgets that a page gained at its end; None when anything else differs."""
    before = work.before.resolve(old.get("Annots")) or []
    after = work.after.resolve(new.get("Annots")) or []
    added = list(after[len(before) :])
    grown = after[: len(before)] == before and all(ref in work.new_fields for ref in added)
    return added if grown and len(set(added)) == len(added) else None


def _explain_information(work: _Comparison, structure: Structure) -> None:
    """/Info (dates, producer): plain values, referred to by nobody but the trailer."""
    ref = work.after.trailer.get("Info")
    if not work.changed(ref) or type(ref) is not Ref:
        return
    item = work.objects[ref.num]
    was_information = ref == work.before.trailer.get("Info") or work.is_new(ref.num)
    held = any(not _is_cross_reference(structure, num) for num in structure.references.holders(ref.num))
    if was_information and not item.refs and isinstance(item.value, PdfDict) and not held:
        work.explained.add(ref.num)
        work.note(ChangeKind.METADATA, "information_updated")


def _is_cross_reference(structure: Structure, num: int) -> bool:
    """Whether this never was anything but a cross-reference stream: its dictionary is a trailer (7.5.8.2)."""
    found = [objects[num] for objects in structure.objects if num in objects]
    return all(item.is_stream and is_name(item.entry("Type"), "XRef") for item in found)


def _explain_metadata(work: _Comparison, structure: Structure) -> None:
    """The document's XMP packet, a stream that only the catalog refers to."""
    ref = work.after.catalog.get("Metadata")
    if not work.changed(ref) or type(ref) is not Ref:
        return
    item = work.objects[ref.num]
    was_metadata = ref == work.before.catalog.get("Metadata") or work.is_new(ref.num)
    plain = isinstance(item.value, Stream) and not item.refs and is_name(item.value.dict.get("Type"), "Metadata")
    if was_metadata and plain and structure.references.holders(ref.num) == {work.after.root_ref.num}:
        work.explained.add(ref.num)
        work.note(ChangeKind.METADATA, "metadata_updated")


def _name_the_rest(work: _Comparison) -> None:
    left = set(work.objects) - work.explained
    if not left:
        return
    content = _page_content(work.before)
    shown = _appearances(work.before)
    for num in sorted(left):
        if num in content:
            code = "page_changed"
        elif num in shown:
            code = "appearance_changed"
        else:
            code = "object_changed" if num in work.before.entries else "object_added"
        work.note(ChangeKind.OTHER, code, num)


def _page_content(view: View) -> set[int]:
    """The pages and all that draws them, widgets left out."""
    numbers: set[int] = set()
    for page in view.pages():
        numbers.add(page.ref.num)
        drawing = [value for key, value in page.node.items() if key not in ("Annots", "Parent", "StructParents")]
        for value in (*drawing, *page.inherited.values()):
            numbers |= _below(view, value)
    return numbers


def _appearances(view: View) -> set[int]:
    """Signed fields, their values and what draws them."""
    numbers: set[int] = set()
    for item in view.signature_fields():
        if item.value_ref is not None:
            numbers |= {item.ref.num, item.value_ref.num} | _below(view, item.node.get("AP"))
    return numbers


def _differing(old: PdfDict, new: PdfDict) -> set[str]:
    return {key for key in set(old) | set(new) if key not in old or key not in new or not same(old[key], new[key])}


def _references_in(value: Any) -> list[Ref]:
    if type(value) is Ref:
        return [value]
    if isinstance(value, PdfDict):
        return [ref for item in value.values() for ref in _references_in(item)]
    if isinstance(value, PdfArray):
        return [ref for item in value for ref in _references_in(item)]
    return []
