"""Pages and annotations: a page keeps everything but its list of annotations."""

from __future__ import annotations

from typing import Any

from signing.pdf.changes import ChangeKind
from signing.pdf.drawing import draws_without_area
from signing.pdf.file import Page, rectangle
from signing.pdf.objects import Name, PdfArray, PdfDict, Ref
from signing.pdf.structure import is_name
from signing.pdf.tolerant.fields import has_area, is_hidden, reference
from signing.pdf.tolerant.parents import compare_parents
from signing.pdf.tolerant.snapshot import Snapshot
from signing.pdf.tolerant.step import Step

_APART = frozenset({"Parent", "Annots"})
_INFORMATION = frozenset({"LastModified", "PieceInfo", "Metadata"})
_BOOKKEEPING = frozenset({"StructParents", "Tabs"})
_LINKS = frozenset({"P", "Parent"})
_NOTES = frozenset(
    {
        "Text", "Link", "FreeText", "Line", "Square", "Circle", "Polygon", "PolyLine", "Highlight", "Underline",
        "Squiggly", "StrikeOut", "Stamp", "Caret", "Ink", "FileAttachment",
    }
)  # fmt: skip
"""Annotations that every viewer draws in their rectangle, where they bring an appearance (12.5.6). A watermark may
be moved out of it, a redaction waits to be applied, the rest plays something or is unknown."""
_BOUND = frozenset({"Popup", "Link", "Widget"})
"""What shows nothing outside of its rectangle, with no appearance."""
_QUIET_ACTIONS = frozenset({"URI", "GoTo", "Named"})


def compare_pages(step: Step) -> None:
    old, new = step.before.pages(), step.after.pages()
    same_tree = step.same.holds(step.before.catalog.get("Pages"), step.after.catalog.get("Pages"))
    if not same_tree or [page.ref.num for page in old] != [page.ref.num for page in new]:
        step.note(ChangeKind.OTHER, "pages_changed", f"{len(old)}→{len(new)}")
    placed: set[int] = set()
    drawn = [_drawing(page) for page in old]
    untouched = step.same.untouched("drawing", PdfArray(drawn), PdfArray(drawn))
    quiet = _annotations_untouched(step, old)
    known = {page.ref.num: page for page in old}
    compare_parents(step, known, new)
    for page in new:
        if page.ref.num in known:
            if (
                not untouched
                or step.same.is_written(page.ref.num)
                or page.inherited != known[page.ref.num].inherited
            ):
                _compare_page(step, known[page.ref.num], page)
            if not quiet or step.same.is_written(page.ref.num):
                placed |= _compare_annotations(step, known[page.ref.num], page, placed)


def _annotations_untouched(step: Step, pages: tuple[Page, ...]) -> bool:
    """No list of annotations, no annotation and nothing below one was written since."""
    bodies = PdfArray()
    for page in pages:
        listed = page.node.get("Annots")
        refs = [item for item in (listed, *step.before.array(listed)) if type(item) is Ref]
        if any(step.same.is_written(ref.num) for ref in refs):
            return False
        found = (step.before.dictionary(ref) for ref in refs)
        bodies += [
            PdfDict({k: v for k, v in body.items() if k not in _LINKS}) for body in found if body is not None
        ]
    return step.same.untouched("annotations", bodies, bodies)


def _drawing(page: Page) -> PdfDict:
    """All of a page but its annotations and its parent."""
    return PdfDict({key: value for key, value in (page.inherited | page.node).items() if key not in _APART})


def _compare_page(step: Step, old: Page, new: Page) -> None:
    keys = (set(old.node) | set(new.node) | set(old.inherited) | set(new.inherited)) - _APART
    for key in sorted(keys):
        was, now = old.attribute(key), new.attribute(key)
        if step.same.holds(was, now):
            continue
        if key in _INFORMATION:
            step.note(ChangeKind.METADATA, "page_information_updated", new.index + 1)
        elif key in _BOOKKEEPING and was is None and not isinstance(step.after.resolve(now), PdfDict | list):
            continue
        elif key == "AA":
            step.note(ChangeKind.OTHER, "action_changed", f"page {new.index + 1}")
        else:
            step.note(ChangeKind.OTHER, "page_changed", f"{new.index + 1} {key}")


def _compare_annotations(step: Step, old: Page, new: Page, placed: set[int]) -> set[int]:
    """Gives back the widgets that this page gained."""
    before = list(step.before.array(old.node.get("Annots")))
    after = list(step.after.array(new.node.get("Annots")))
    known = {num for num in map(reference, before) if num is not None}
    kept = [num for num in map(reference, after) if num in known]
    gained: set[int] = set()
    for item in after:
        num = reference(item)
        if num is not None and num not in known:
            gained |= _added(step, item, new, placed | gained)
    _compare_kept(step, [item for item in after if reference(item) in known], new)
    _compare_direct(step, before, after, new)
    for num in known - set(kept):
        _removed(step, Ref(num), new)
    if kept != [num for num in map(reference, before) if num in set(kept)]:
        step.note(ChangeKind.ANNOTATIONS, "annotations_reordered", new.index + 1, visible=True)
    return gained


def _added(step: Step, item: Ref, page: Page, placed: set[int]) -> set[int]:
    node = step.after.dictionary(item)
    if node is None:
        return set()
    if item.num in step.new_widgets and item.num not in placed:
        return {item.num}
    if is_name(node.get("Subtype"), "Widget"):
        step.note(ChangeKind.OTHER, "widget_added", page.index + 1, visible=_shows(step.after, node))
    else:
        shown, box = _shows(step.after, node), _drawn_box(step.after, node)
        _look_for_actions(step, PdfDict(), node, page)
        step.note(
            ChangeKind.ANNOTATIONS, "annotation_added", _title(node, page), visible=shown, page=page.index, box=box
        )
    return set()


def _compare_kept(step: Step, items: list[Any], page: Page) -> None:
    fields = {ref for item in step.after.form_fields() for ref, _ in item.widgets}
    for item in items:
        old, new = step.before.dictionary(item), step.after.dictionary(item)
        if item in fields:  # compared as a field
            continue
        if old is None or new is None:
            if old is not new:
                step.note(ChangeKind.ANNOTATIONS, "annotation_changed", page.index + 1, visible=True)
        elif step.same.differing(old, new, but=_LINKS):
            is_widget = is_name(old.get("Subtype"), "Widget") or is_name(new.get("Subtype"), "Widget")
            kind, code = (
                (ChangeKind.OTHER, "widget_changed")
                if is_widget
                else (ChangeKind.ANNOTATIONS, "annotation_changed")
            )
            _look_for_actions(step, old, new, page)
            step.note(kind, code, _title(new, page), visible=_shows(step.before, old) or _shows(step.after, new))


def _look_for_actions(step: Step, old: PdfDict, new: PdfDict, page: Page) -> None:
    """A comment that is permitted may lead somewhere, but not bring a script into a certified document."""
    if not step.same.differing(old, new).isdisjoint({"A", "AA", "PA"}) and not _acts_quietly(step.after, new):
        step.note(ChangeKind.OTHER, "action_changed", _title(new, page))


def _acts_quietly(view: Snapshot, node: PdfDict) -> bool:
    if view.resolve(node.get("AA")) is not None:
        return False
    actions = [view.resolve(node[key]) for key in ("A", "PA") if key in node]
    return all(action is None or _is_quiet(view, action) for action in actions)


def _is_quiet(view: Snapshot, action: Any) -> bool:
    kind = view.resolve(action.get("S")) if isinstance(action, PdfDict) else None
    return isinstance(kind, Name) and kind in _QUIET_ACTIONS and action.get("Next") is None


def _compare_direct(step: Step, before: list[Any], after: list[Any], page: Page) -> None:
    """Annotations written into the list itself, by their place among such."""
    old = [item for item in before if isinstance(item, PdfDict)]
    new = [item for item in after if isinstance(item, PdfDict)]
    for index in range(max(len(old), len(new))):
        one = old[index] if index < len(old) else None
        other = new[index] if index < len(new) else None
        if not step.same.holds(one, other):
            code = "annotation_added" if one is None else "annotation_changed"
            step.note(ChangeKind.ANNOTATIONS, code, _title(other or one or PdfDict(), page), visible=True)


def _removed(step: Step, item: Ref, page: Page) -> None:
    node = step.before.dictionary(item)
    if node is None:
        return
    if is_name(node.get("Subtype"), "Widget"):
        step.note(ChangeKind.OTHER, "widget_removed", page.index + 1)
    else:
        shown = _shows(step.before, node)
        step.note(ChangeKind.ANNOTATIONS, "annotation_removed", _title(node, page), visible=shown)


def _drawn_box(view: Snapshot, node: PdfDict) -> tuple[float, float, float, float] | None:
    """The rectangle, where an appearance is given: viewers that draw by themselves may leave it."""
    kind, states = view.resolve(node.get("Subtype")), view.dictionary(node.get("AP"))
    is_note = isinstance(kind, Name) and kind in _NOTES
    if not is_name(kind, "Popup") and (not is_note or states is None or view.content(states.get("N")) is None):
        return None
    if _shows_outside(view, node) and not has_area(view, node):
        return None
    return rectangle([view.resolve(side) for side in view.array(node.get("Rect"))])


def _shows(view: Snapshot, node: PdfDict) -> bool:
    """A popup is the window of another comment, and shut unless it says otherwise."""
    is_shut = (
        is_name(node.get("Subtype"), "Popup") and view.resolve(node.get("Open")) is not True and "AP" not in node
    )
    return not is_shut and (has_area(view, node) or _shows_outside(view, node))


def _shows_outside(view: Snapshot, node: PdfDict) -> bool:
    """Without an area, and yet seen: the text of an appearance; without one, what viewers draw by other keys than
    /Rect (lines, ink, marked words) or in a size of their own."""
    if view.resolve(node.get("AP")) is not None:
        return draws_without_area(view, node)
    kind = view.resolve(node.get("Subtype"))
    return not is_hidden(view, node) and not (isinstance(kind, Name) and kind in _BOUND)


def _title(node: PdfDict, page: Page) -> str:
    return f"{page.index + 1} {node.get('Subtype', '')}".strip()
