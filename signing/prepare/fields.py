"""The fields revision: every empty signature field of every signer, and the footer, before the first signature."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from signing.errors import NeedsCare
from signing.pdf import Name, Page, Ref, read, rectangle
from signing.prepare.artwork import add_artwork
from signing.prepare.plan import BadPlan, FieldKind, PageBox, PlannedField, check_plan
from signing.prepare.serialise import number
from signing.prepare.update import Update

PRINT_AND_LOCKED = 4 | 128
"""Annotation flags (12.5.3): printed; position not changeable in a viewer. The value is not locked."""
SIGNATURES_EXIST, APPEND_ONLY = 1, 2
FOOTER_NAME = "TkFooter"


def page_boxes(data: bytes) -> tuple[PageBox, ...]:
    """The pages of a normalised file."""
    view = read(data).last
    boxes = []
    for page in view.pages():
        found = rectangle(view.resolve(page.attribute("MediaBox")))
        if found is None or found[:2] != (0.0, 0.0) or page.attribute("Rotate") not in (None, 0):
            raise NeedsCare("not_normalised", page=page.index + 1)
        boxes.append(PageBox(page.index + 1, found[2], found[3]))
    return tuple(boxes)


def add_fields(normalised: bytes, plan: Sequence[PlannedField], *, footer: bytes | None = None) -> bytes:
    """One revision with all fields of `plan`; `footer` (a one-page PDF) is drawn in its FOOTER boxes.

    Raises `BadPlan` where the plan does not fit, or where the file already has a form.
    """
    file = read(normalised)
    if file.acroform is not None:
        raise BadPlan("fields_exist")
    pages = file.pages()
    check_plan(plan, page_boxes(normalised))
    update = Update(normalised, file)
    fields, on_page = [], defaultdict[int, list[Ref]](list)
    for field in plan:
        if field.is_signature:
            widget = update.add(_widget(field, pages[field.page - 1].ref))
            fields.append(widget)
            on_page[field.page].append(widget)
    footers = _footers(update, plan, footer)
    for page_number in sorted({*on_page, *footers}):
        page = pages[page_number - 1]
        update.put(page.ref, _page(update, page, on_page[page_number], footers.get(page_number)))
    form = update.add({"Fields": fields, "SigFlags": SIGNATURES_EXIST | APPEND_ONLY})
    update.put(file.last.root_ref, file.catalog | {"AcroForm": form})
    return update.finish().data


def _widget(field: PlannedField, page: Ref) -> dict[str, Any]:
    """Field and widget in one dictionary (12.7.5.5), not signed yet."""
    return {
        "Type": Name("Annot"),
        "Subtype": Name("Widget"),
        "FT": Name("Sig"),
        "T": field.name.encode("ascii"),
        "F": PRINT_AND_LOCKED,
        "Rect": list(field.box),
        "P": page,
    }


def _footers(
    update: Update, plan: Sequence[PlannedField], footer: bytes | None
) -> dict[int, tuple[Ref, PlannedField]]:
    """Page number → form and box; one form is shared by boxes of the same size."""
    if footer is None:
        return {}
    drawn: dict[tuple[float, float], Ref] = {}
    placed: dict[int, tuple[Ref, PlannedField]] = {}
    for field in plan:
        if field.kind is not FieldKind.FOOTER:
            continue
        if field.page in placed:
            raise BadPlan("two_footers", page=field.page)
        if field.size not in drawn:
            drawn[field.size] = add_artwork(update, footer, field.size)
        placed[field.page] = drawn[field.size], field
    return placed


def _page(
    update: Update, page: Page, widgets: Sequence[Ref], footer: tuple[Ref, PlannedField] | None
) -> dict[str, Any]:
    """The page with its widgets and its footer; a normalised page has neither annotations nor loose state."""
    node: dict[str, Any] = dict(page.node)
    if widgets:
        node["Annots"] = [*node.get("Annots", ()), *widgets]
    if footer is not None:
        form, field = footer
        place = b" ".join(number(value) for value in (1, 0, 0, 1, *field.box[:2]))
        drawing = update.add_stream({}, b"q\n" + place + b" cm\n/" + FOOTER_NAME.encode() + b" Do\nQ\n")
        view = update.file.last
        resources = dict(view.dictionary(page.attribute("Resources")) or {})
        resources["XObject"] = dict(view.dictionary(resources.get("XObject")) or {}) | {FOOTER_NAME: form}
        node |= {"Resources": resources, "Contents": [*_contents(node.get("Contents")), drawing]}
    return node


def _contents(value: Any) -> list[Any]:
    if value is None:
        return []
    return list(value) if isinstance(value, list) else [value]
