"""The boxes that a document was prepared with, and what may stand in them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from signing.pdf import PdfArray, PdfDict, SignatureField, Stream, View, rectangle
from signing.pdf.structure import is_name
from signing.pdf.words import plain, shown_text
from signing.reasons import Reason

TOLERANCE = 0.51
"""Points by which a box may differ from its plan: writers round, half a point is 0.18 mm."""
CUT = 1.0
"""Points by which a drawing may differ from its box: some programs cut sizes down to whole points."""

_FORM_KEYS = frozenset(
    {"Type", "Subtype", "FormType", "BBox", "Resources", "Length", "Filter", "DecodeParms", "Name"}
)
_RESOURCE_KEYS = frozenset({"ProcSet", "Font", "XObject", "ExtGState", "ColorSpace"})
_MAX_NESTED = 8


class PlannedBox(Protocol):
    """A prepared box, such as `signing.prepare.PlannedField`: `page` counts from 1, `box` is (left, bottom,
    right, top) in points. Boxes that are not for signatures are left aside."""

    @property
    def name(self) -> str: ...
    @property
    def page(self) -> int: ...
    @property
    def box(self) -> tuple[float, float, float, float]: ...
    @property
    def is_signature(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Place:
    """Where a field stands: page from 0 (None when no page lists its widget) and box."""

    page: int | None
    box: tuple[float, float, float, float] | None
    page_area: float = 0.0

    @property
    def area(self) -> float:
        if self.box is None:
            return 0.0
        return (self.box[2] - self.box[0]) * (self.box[3] - self.box[1])

    def covers(self, other: Place) -> float:
        """How much of the other box lies under this one, 0–1."""
        if self.page is None or self.page != other.page or self.box is None or other.box is None:
            return 0.0
        wide = min(self.box[2], other.box[2]) - max(self.box[0], other.box[0])
        high = min(self.box[3], other.box[3]) - max(self.box[1], other.box[1])
        return wide * high / other.area if wide > 0 and high > 0 and other.area else 0.0


def places(view: View) -> dict[str, Place]:
    """Where every signature field of a revision stands, by name."""
    fields = view.signature_fields()
    homes: dict[int, tuple[int, float]] = {}
    widgets = {item.ref.num for item in fields}
    for page in view.pages():
        listed = view.resolve(page.entry("Annots"))
        for ref in listed if isinstance(listed, PdfArray) else ():
            num = getattr(ref, "num", None)
            if num in widgets:
                box = rectangle(view.resolve(page.attribute("MediaBox"))) or (0.0, 0.0, 0.0, 0.0)
                homes[num] = (page.index, (box[2] - box[0]) * (box[3] - box[1]))
    return {
        item.name: Place(homes[item.ref.num][0], item.rect, homes[item.ref.num][1])
        if item.ref.num in homes
        else Place(None, item.rect)
        for item in fields
    }


def check_planned(planned: PlannedBox, found: Place | None) -> list[Reason]:
    """The box stands where it was planned."""
    if found is None or found.box is None or found.page != planned.page - 1:
        return [Reason.FIELD_MOVED]
    far = any(abs(one - other) > TOLERANCE for one, other in zip(planned.box, found.box, strict=True))
    return [Reason.FIELD_MOVED] if far else []


def check_appearance(view: View, item: SignatureField) -> list[Reason]:
    """A visible box draws one form XObject whose BBox is the size of its rectangle, without tricks: no matrix,
    group, optional content or pattern, so that every viewer shows the same thing in the same place."""
    if not item.visible or item.rect is None:
        return []
    states = view.resolve(item.node.get("AP"))
    form = view.resolve(states.get("N")) if isinstance(states, PdfDict) and set(states) == {"N"} else None
    if not isinstance(form, Stream) or not _is_plain_form(view, form):
        return [Reason.APPEARANCE_NOT_PLAIN]
    box = rectangle(view.resolve(form.dict.get("BBox")))
    left, bottom, right, top = item.rect
    size = (0.0, 0.0, right - left, top - bottom)
    fits = box is not None and all(abs(one - other) <= CUT for one, other in zip(box, size, strict=True))
    return [] if fits else [Reason.APPEARANCE_NOT_PLAIN]


def check_text(view: View, item: SignatureField, expected: str) -> list[Reason]:
    """What the box shows is what the register holds, white space and composition of letters apart."""
    states = view.resolve(item.node.get("AP"))
    form = view.resolve(states.get("N")) if isinstance(states, PdfDict) else None
    text = shown_text(view, form) if isinstance(form, Stream) else None
    if text is None:
        return [Reason.TEXT_UNREADABLE]
    return [] if text == plain(expected) else [Reason.TEXT_DIFFERS]


def _is_plain_form(view: View, form: Stream) -> bool:
    """The outer form itself is plain; what it draws is searched for the same tricks."""
    return set(form.dict) <= _FORM_KEYS and _resources_are_plain(view, form.dict, depth=0)


def _resources_are_plain(view: View, form: PdfDict, *, depth: int) -> bool:
    resources = view.resolve(form.get("Resources"))
    if resources is None:
        return True
    if not isinstance(resources, PdfDict) or set(resources) - _RESOURCE_KEYS or depth > _MAX_NESTED:
        return False
    drawn = view.resolve(resources.get("XObject"))
    return all(_is_plain_object(view, item, depth=depth + 1) for item in _values(view, drawn))


def _values(view: View, value: object) -> Iterable[object]:
    return (view.resolve(item) for item in value.values()) if isinstance(value, PdfDict) else ()


def _is_plain_object(view: View, item: object, *, depth: int) -> bool:
    """Inner forms may be moved by a matrix inside the outer box; optional content is never plain."""
    if not isinstance(item, Stream) or {"OC", "Alternates", "OPI", "Ref", "PS"} & set(item.dict):
        return False
    if is_name(item.dict.get("Subtype"), "Form"):
        return _resources_are_plain(view, item.dict, depth=depth)
    return is_name(item.dict.get("Subtype"), "Image")
