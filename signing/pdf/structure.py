"""The strict rules that make one file one document for every reader.

Every byte of a revision belongs to an object that its cross-reference section names, to that section, or is
white space between them: nothing is left for a repairing reader to find. All references resolve at the
revision that makes them; nothing is encrypted or freed; the catalog and the page tree keep their objects.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from operator import attrgetter

from signing.errors import NeedsCare
from signing.pdf.file import PdfFile, View
from signing.pdf.objects import IndirectObject, Name, PdfArray, PdfDict, Ref
from signing.pdf.references import References
from signing.pdf.xref import EntryKind, Revision, XrefKind

_HEADER = re.compile(rb"%PDF-[12]\.\d[\r\n]++(?:%[^\r\n]{1,80}+[\r\n]++)?+")
_WHITE = b"\x00\t\n\x0c\r "

CATALOG_KEYS = frozenset(
    {
        "Type", "Pages", "AcroForm", "Metadata", "Lang", "MarkInfo", "StructTreeRoot", "ViewerPreferences",
        "PageLabels", "Outlines", "OutputIntents", "PageMode", "PageLayout", "Version", "Extensions", "DSS",
        "Dests",
    }
)  # fmt: skip
"""What a plain document's catalog may hold; actions, optional content, scripts and /Perms are not plain."""

FORM_KEYS = frozenset({"Fields", "SigFlags", "DR", "DA"})
"""No XFA, no NeedAppearances, no calculation order."""


@dataclass(frozen=True, slots=True)
class Structure:
    """What stands in each revision: its own objects by number, and who refers to each object, ever."""

    objects: tuple[dict[int, IndirectObject], ...]
    references: References


def check(file: PdfFile) -> Structure:
    """Every object of every revision read and every rule of this module held, else `NeedsCare`."""
    found: list[dict[int, IndirectObject]] = []
    references = References()
    for revision in file.revisions:
        view = file.at(revision.number)
        _check_trailer(view)
        objects = _read_objects(file, view)
        _check_containers(revision, objects)
        references.add(view.entries, revision.entries.values(), objects.values())
        _check_trailer_references(view)
        found.append(objects)
    _check_roots(file)
    return Structure(tuple(found), references)


def _check_trailer(view: View) -> None:
    if "Encrypt" in view.trailer:
        raise NeedsCare("encrypted")
    size = view.trailer.get("Size")
    if type(size) is not int or size <= max(view.entries, default=0):
        raise NeedsCare("size", revision=view.revision.number)  # what lies beyond it is nothing to some readers


def _read_objects(file: PdfFile, view: View) -> dict[int, IndirectObject]:
    """All objects of one revision, which fill it from end to end with nothing but white space between them."""
    revision, data = view.revision, file.data
    _check_freed(revision)
    plain = sorted([entry for entry in revision.entries.values() if entry.kind is EntryKind.PLAIN], key=_OFFSET)
    stop = revision.startxref if revision.xref_kind is XrefKind.TABLE else revision.section_end
    position = _header_end(data) if revision.number == 0 else revision.start
    objects: dict[int, IndirectObject] = {}
    for entry, limit in zip(plain, [*map(_OFFSET, plain[1:]), stop], strict=False):
        if entry.offset < position or data[position : entry.offset].strip(_WHITE):
            raise NeedsCare("unexplained_bytes", offset=position)
        item = objects[entry.num] = file.load_plain(entry, view, limit)
        position = item.end
    if position > stop or data[position:stop].strip(_WHITE):
        raise NeedsCare("unexplained_bytes", offset=position)
    for entry in revision.entries.values():
        if entry.kind is EntryKind.COMPRESSED:
            objects[entry.num] = file.load(entry, view)
    active = [item.num for item in objects.values() if item.is_active]
    if active:
        raise NeedsCare("active_content", num=active[0])
    return objects


_OFFSET = attrgetter("offset")


def _check_freed(revision: Revision) -> None:
    """Free entries: only the head of the list, object 0, and gaps of the first revision."""
    for entry in revision.entries.values():
        if revision.number and entry.kind is EntryKind.FREE and entry.num != 0:
            raise NeedsCare("freed_object", num=entry.num)


def _header_end(data: bytes) -> int:
    match = _HEADER.match(data)
    if match is None:
        raise NeedsCare("header")
    return match.end()


def _check_containers(revision: Revision, objects: dict[int, IndirectObject]) -> None:
    """Object streams name exactly the objects that the section says they hold, in the same revision."""
    listed: dict[int, set[int]] = defaultdict(set)
    for entry in revision.entries.values():
        if entry.kind is EntryKind.COMPRESSED:
            listed[entry.container].add(entry.place)
    for num, indexes in listed.items():
        holder = objects.get(num)
        count = holder.entry("N") if holder is not None and holder.is_stream else None
        if indexes != set(range(count if type(count) is int else -1)):
            raise NeedsCare("object_stream", num=num)
    for item in objects.values():
        if item.num in listed or not item.mentions(b"/ObjStm"):
            continue
        if item.is_stream and item.entry("Type") == "ObjStm":
            raise NeedsCare("object_stream", num=item.num)


def _check_trailer_references(view: View) -> None:
    for key in ("Root", "Info"):
        if key in view.trailer:
            view.object(_reference(view.trailer[key]))


def _reference(value: object) -> Ref:
    if type(value) is not Ref:
        raise NeedsCare("trailer")
    return value


def _check_roots(file: PdfFile) -> None:
    first = file.at(0)
    for revision in file.revisions:
        view = file.at(revision.number)
        if view.root_ref != first.root_ref or view.catalog.get("Pages") != first.catalog.get("Pages"):
            raise NeedsCare("second_catalog", revision=revision.number)
        _check_catalog(view)
        form = view.acroform
        strange = sorted(set(form) - FORM_KEYS) if form is not None else []
        if strange:
            raise NeedsCare("form_entry", key=strange[0])


def _check_catalog(view: View) -> None:
    for key in sorted(set(view.catalog) - CATALOG_KEYS):
        value = view.resolve(view.catalog[key])
        opens_at_page = key == "OpenAction" and (isinstance(value, PdfArray) or _is_goto(value))
        names_places = key == "Names" and isinstance(value, PdfDict) and set(value) <= {"Dests"}
        if not opens_at_page and not names_places:
            raise NeedsCare("catalog_entry", key=key)


def _is_goto(value: object) -> bool:
    return isinstance(value, PdfDict) and is_name(value.get("S"), "GoTo") and set(value) <= {"S", "D", "Type"}


def is_name(value: object, expected: str) -> bool:
    """A name object with exactly this text (a string of the same letters is not one)."""
    return isinstance(value, Name) and value == expected
