"""The interactive form: fields signed, filled, added, or changed in a way that no signing tool does."""

from __future__ import annotations

from typing import Any

from signing.pdf.changes import ChangeKind
from signing.pdf.drawing import draws_without_area
from signing.pdf.file import rectangle
from signing.pdf.objects import Name, PdfArray, PdfDict, PdfString, Ref, Stream
from signing.pdf.same import same
from signing.pdf.signature import is_document_timestamp
from signing.pdf.structure import is_name
from signing.pdf.tolerant.snapshot import FormField, Snapshot
from signing.pdf.tolerant.step import Step

_LINKS = frozenset({"Parent", "Kids", "P"})
_SIGNING = frozenset({"V", "AP", "AS", "M", "F", "Ff", "MK", "DR"})
_FILLING = frozenset({"V", "AP", "AS", "M", "I", "TI", "RV", "MK", "DA"})
_VALUES = frozenset({"V", "AS", "I", "RV"})
_SCRIPTS = frozenset({"A", "AA"})
_HIDDEN, _PRINT, _NO_VIEW, _TOGGLE_NO_VIEW = 1 << 1, 1 << 2, 1 << 5, 1 << 8
"""Annotation flags (12.5.3). What has NoView is printed all the same with Print, and comes under the mouse with
ToggleNoView."""


def compare_fields(step: Step) -> None:
    _compare_form(step)
    before = {item.ref.num: item for item in step.before.form_fields()}
    after = {item.ref.num: item for item in step.after.form_fields()}
    for num, item in after.items():
        if num in before:
            _compare_field(step, before[num], item)
        else:
            _new_field(step, item)
    for num in before.keys() - after.keys():
        step.note(ChangeKind.OTHER, "field_removed", before[num].name)
    if len(after) != len(step.after.form_fields()):
        step.note(ChangeKind.OTHER, "field_doubled")


def _compare_form(step: Step) -> None:
    old, new = step.before.acroform or PdfDict(), step.after.acroform or PdfDict()
    for key in sorted(step.same.differing(old, new, but=frozenset({"Fields", "SigFlags"}))):
        grows = key == "DR" and _resources_grown(step, old.get(key), new.get(key))
        if (grows or (key in ("DA", "Q") and old.get(key) is None)) and not _drawn_by_viewers(step.before):
            continue
        if key == "NeedAppearances" and not step.after.resolve(new.get(key)):
            continue
        step.note(ChangeKind.OTHER, _form_code(old, key), key)


def _drawn_by_viewers(view: Snapshot) -> bool:
    """Whether a field stands there, or a written comment, that viewers draw by the form's fonts and defaults, since
    its own appearance is missing or names no fonts."""
    nodes = [(item.kind, node) for item in view.form_fields() for _, node in item.widgets]
    for page in view.pages():
        found = (view.dictionary(item) for item in view.array(page.node.get("Annots")))
        nodes += [("Tx", node) for node in found if node is not None and is_name(node.get("Subtype"), "FreeText")]
    return any(kind in ("Tx", "Ch", "Btn") and not _is_drawn(view, node) for kind, node in nodes)


def _is_drawn(view: Snapshot, node: PdfDict) -> bool:
    states = view.dictionary(node.get("AP"))
    found = view.resolve(states.get("N")) if states is not None else None
    if isinstance(found, Stream):
        return found.dict.get("Resources") is not None
    return isinstance(found, PdfDict)


def _form_code(old: PdfDict, key: str) -> str:
    """A viewer shows an XFA form instead of the pages: one that comes later replaces them."""
    if key != "XFA":
        return "form_changed"
    return "xfa_added" if old.get(key) is None else "xfa_changed"


def _resources_grown(step: Step, old: Any, new: Any) -> bool:
    """Fonts and the like may be added for new appearances; those that stood there stay."""
    before, after = step.before.dictionary(old) or PdfDict(), step.after.dictionary(new)
    if after is None:
        return False
    for kind, listed in before.items():
        known, now = step.before.resolve(listed), step.after.resolve(after.get(kind))
        if not isinstance(known, PdfDict) or not isinstance(now, PdfDict):
            if not step.same.holds(listed, after.get(kind)):
                return False
        elif any(not step.same.holds(value, now.get(name)) for name, value in known.items()):
            return False
    return True


def _compare_field(step: Step, old: FormField, new: FormField) -> None:
    differing = step.same.differing(old.node, new.node, but=_LINKS) | _widgets_differ(step, old, new)
    differing = {key for key in differing if not _reads_alike(step, old.node.get(key), new.node.get(key))}
    if old.name != new.name or old.kind != new.kind:
        differing.add("T")
    if not differing:
        return
    if new.kind == "Sig":
        _compare_signature(step, old, new, differing)
    elif _SCRIPTS & differing:
        step.note(ChangeKind.OTHER, "action_changed", new.name)
    elif differing - _FILLING:
        step.note(ChangeKind.OTHER, "field_changed", new.name)
    elif differing & _VALUES:
        code = "field_refilled" if _was_filled(step.before, old) else "field_filled"
        step.note(ChangeKind.FORM_FILLING, code, new.name, visible=is_visible(step.after, new))
        if "V" in differing and _shows_the_old(step, old, new):
            step.note(ChangeKind.OTHER, "field_redrawn", new.name, visible=is_visible(step.after, new))
    else:
        step.note(ChangeKind.OTHER, "field_redrawn", new.name, visible=is_visible(step.after, new))


def _shows_the_old(step: Step, old: FormField, new: FormField) -> bool:
    """A text with another value under the appearance that it had: viewers disagree about what it says, unless the
    form asks them to draw it."""
    asks = step.after.resolve((step.after.acroform or PdfDict()).get("NeedAppearances")) is True
    if new.kind != "Tx" or asks or not is_visible(step.after, new):
        return False
    before, after = dict(old.widgets), dict(new.widgets)
    drawn = [(before[ref].get("AP"), node.get("AP")) for ref, node in after.items() if ref in before]
    return any(step.after.resolve(now) is not None and step.same.holds(was, now) for was, now in drawn)


def _reads_alike(step: Step, old: Any, new: Any) -> bool:
    """The same words in another encoding of text strings (7.9.2.2): programs that fill in fields convert them."""
    before, after = step.before.resolve(old), step.after.resolve(new)
    return isinstance(before, PdfString) and isinstance(after, PdfString) and before.text() == after.text()


def _was_filled(view: Snapshot, item: FormField) -> bool:
    """Whether the field held more than its default; a button that is off is empty."""
    value = view.resolve(item.node.get("V"))
    if value is None or (isinstance(value, Name) and value == "Off") or value in (b"", b"\xfe\xff", []):
        return False
    default = view.resolve(item.node.get("DV"))
    return not same(value, default)


def _widgets_differ(step: Step, old: FormField, new: FormField) -> set[str]:
    """Keys that differ in widgets that are objects of their own; what is written into the field counts as one."""
    known = dict(old.widgets)
    inside = step.same.holds(_inside(step.before, old), _inside(step.after, new))
    if not inside or known.keys() != {ref for ref, _ in new.widgets}:
        return {"Kids"}
    return {key for ref, node in new.widgets for key in step.same.differing(known[ref], node, but=_LINKS)}


def _compare_signature(step: Step, old: FormField, new: FormField, differing: set[str]) -> None:
    was, now = step.before.resolve(old.node.get("V")), step.after.resolve(new.node.get("V"))
    if was is None and now is not None:
        if differing - _SIGNING:
            step.note(ChangeKind.OTHER, "field_changed", new.name)
        _signed(step, new, now, "signature_added")
        _look_beside(step, new)
    elif was is None:
        code = "field_redrawn" if differing <= {"AP", "MK"} else "field_changed"
        step.note(ChangeKind.OTHER, code, new.name)
    elif differing & {"V"}:
        step.note(ChangeKind.OTHER, "signature_changed", new.name)
    else:
        step.note(ChangeKind.OTHER, "appearance_changed" if "AP" in differing else "field_changed", new.name)


def _new_field(step: Step, item: FormField) -> None:
    for ref, _ in item.widgets:
        step.new_widgets[ref.num] = item.name
    visible = is_visible(step.after, item)
    scripts = any(_SCRIPTS & {key for key in body if body[key] is not None} for body in bodies(item))
    if scripts:
        step.note(ChangeKind.OTHER, "action_changed", item.name)
    _look_beside(step, item)
    value = step.after.resolve(item.node.get("V"))
    if item.kind != "Sig":
        step.note(ChangeKind.OTHER, "form_field_added", item.name, visible=visible)
    elif value is None:
        step.note(ChangeKind.SIGNING, "field_added", item.name, visible=visible)
    else:
        _signed(step, item, value, "field_added_and_signed")


def _look_beside(step: Step, item: FormField) -> None:
    if any(draws_without_area(step.after, node) for node in bodies(item)):
        step.note(ChangeKind.OTHER, "field_redrawn", item.name, visible=True)


def _signed(step: Step, item: FormField, value: Any, code: str) -> None:
    visible = is_visible(step.after, item)
    stamp = isinstance(value, PdfDict) and is_document_timestamp(value)
    if stamp and not visible:
        step.note(ChangeKind.EVIDENCE, "document_timestamp_added", item.name)
    else:
        step.note(ChangeKind.SIGNING, code, item.name, visible=visible)


def bodies(item: FormField) -> tuple[PdfDict, ...]:
    return (item.node, *(node for _, node in item.widgets))


def is_visible(view: Snapshot, item: FormField) -> bool:
    """Kids written into the field itself can be no annotations of a page; some viewers draw them nevertheless."""
    return bool(_inside(view, item)) or any(has_area(view, node) for _, node in item.widgets)


def _inside(view: Snapshot, item: FormField) -> PdfArray:
    return PdfArray(kid for kid in view.array(item.node.get("Kids")) if isinstance(kid, PdfDict))


def has_area(view: Snapshot, node: PdfDict) -> bool:
    """Whether an annotation can show something."""
    if is_hidden(view, node):
        return False
    rect = rectangle([view.resolve(side) for side in view.array(node.get("Rect"))])
    return rect is None or (rect[0] != rect[2] and rect[1] != rect[3])


def is_hidden(view: Snapshot, node: PdfDict) -> bool:
    """By its flags, on the screen and on paper."""
    flags = view.resolve(node.get("F"))
    if type(flags) is not int:
        return False
    return bool(flags & _HIDDEN or (flags & _NO_VIEW and not flags & (_PRINT | _TOGGLE_NO_VIEW)))


def reference(value: Any) -> int | None:
    return value.num if type(value) is Ref else None
