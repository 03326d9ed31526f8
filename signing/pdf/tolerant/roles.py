"""One object, one role: pages, fields, annotations, the form and the catalog are never something else as well.

States are compared by what each object is for (`difference`), and what is a field or an annotation is compared as
such and nowhere else. A font, a list of layers or a table of resources that is called a field, in the signed state
or later, would be compared as a field alone, while viewers go on drawing with it. So a new role is only for objects
that the state before did not use, and what is drawn is drawn by objects without such a role.
"""

from __future__ import annotations

from typing import Any

from signing.pdf.changes import ChangeKind
from signing.pdf.objects import PdfArray, PdfDict, Ref, Stream
from signing.pdf.structure import is_name
from signing.pdf.tolerant.snapshot import INHERITED, Snapshot
from signing.pdf.tolerant.step import Step
from signing.pdf.xref import EntryKind

_LINKS = frozenset({"Parent", "P", "Popup", "IRT", "Dest", "A", "AA", "B", "Kids", "StructParent", "Annots"})
"""Where what is drawn rightly leads to pages, fields and annotations (12.5.2, 12.5.6, 12.7.4)."""
_PAGE_KEYS = (*INHERITED, "Contents", "Group", "BleedBox", "TrimBox", "ArtBox", "UserUnit", "Trans", "Thumb", "AF")
_CATALOG_KEYS = ("OCProperties", "OutputIntents", "Collection", "AF")
_NAMES = ("EmbeddedFiles", "JavaScript")


def compare_roles(step: Step, before: frozenset[int], after: frozenset[int]) -> None:
    """`before`, `after`: numbers of all objects with a role."""
    was_field, is_field = _form_objects(step.before), _form_objects(step.after)
    taken = [num for num in (after - before) | (is_field - was_field) if _stood(step.before, num)]
    used = _everything(step.before) if taken else set()
    for num in sorted(used.intersection(taken)):
        node = step.before.get(Ref(num))
        is_widget = isinstance(node, PdfDict) and is_name(node.get("Subtype"), "Widget")
        step.note(ChangeKind.OTHER, "widget_changed" if is_widget else "object_reused", num)
    for num in sorted((before | after) & _drawn_in_the_end(step)):
        if not _everything_below(step.before, Ref(num)).isdisjoint(step.same.written):
            step.note(ChangeKind.OTHER, "object_in_two_roles", num)


def _stood(view: Snapshot, num: int) -> bool:
    entry = view.entries.get(num)
    return entry is not None and entry.kind is not EntryKind.FREE


def _form_objects(view: Snapshot) -> set[int]:
    fields = view.form_fields()
    return {item.ref.num for item in fields} | {ref.num for item in fields for ref, _ in item.widgets}


def _everything(view: Snapshot) -> set[int]:
    return _below(view, [view.trailer.get("Root"), view.trailer.get("Info")], but=frozenset())


def _everything_below(view: Snapshot, ref: Ref) -> set[int]:
    """The object, and what it is made of."""
    return _below(view, [ref], but=_LINKS)


def _drawn_in_the_end(step: Step) -> set[int]:
    """What the newest state is drawn from: whoever drew with an object before and no longer does has changed the
    page, and that is seen there."""
    file: Any = step.after.file
    if file.drawn is None:
        file.drawn = _below(file.last, _roots(file.last), but=_LINKS)
    drawn: set[int] = file.drawn
    return drawn


def _roots(view: Snapshot) -> list[Any]:
    form = view.acroform
    names = view.dictionary(view.catalog.get("Names")) or PdfDict()
    found = [form.get("DR")] if form is not None else []
    found += [view.catalog.get(key) for key in _CATALOG_KEYS] + [names.get(key) for key in _NAMES]
    for page in view.pages():
        found += [page.attribute(key) for key in _PAGE_KEYS]
        found += [_without_links(view.resolve(item)) for item in view.array(page.node.get("Annots"))]
    return found


def _without_links(node: Any) -> Any:
    return (
        PdfDict({k: v for k, v in node.items() if k not in _LINKS | {"V"}}) if isinstance(node, PdfDict) else None
    )


def _below(view: Snapshot, waiting: list[Any], *, but: frozenset[str]) -> set[int]:
    file: Any = view.file
    found: set[int] = set()
    while waiting:
        value = waiting.pop()
        if type(value) is Ref:
            if value.num in found:
                continue
            found.add(value.num)
            value = view.get(value)
        file.notes.spend()
        node = value.dict if isinstance(value, Stream) else value
        if isinstance(node, PdfDict):
            waiting += [item for key, item in node.items() if key not in but]
        elif isinstance(node, PdfArray):
            waiting += node
    return found
