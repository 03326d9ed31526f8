"""One object in two roles: what is a field, an annotation or the catalog, and is drawn with as well."""

from __future__ import annotations

import re
from dataclasses import replace

from signing.testing.attacks.case import Case, bad, good, later
from signing.testing.attacks.certified import certify
from signing.testing.attacks.letter import (
    DRAWN_FONT,
    FALSE_SUM,
    HEADING,
    IMAGE,
    LATER,
    RESOURCES,
    TRUE_SUM,
    draft,
    first_page,
    signed,
)
from signing.testing.attacks.office import Office
from signing.testing.attacks.sheet import Layout, Sheet, appearance, entry
from signing.testing.paper import CATALOG, CONTENT, FORM, RIGHT, Box, stream

NOTE, DRAWING, TABLE, TEXT = 70, 71, 72, 73
_ONE = "plain/one-signature"
_POINT = (0.0, 0.0, 0.0, 0.0)
_UNSEEN = b"/FT/Sig/T(more)/Subtype/Widget/F 132/Rect[0 0 0 0]"
_BOX = b"/Type/XObject/Subtype/Form/BBox[0 0 160 80]"
_EMPTY = stream(b"", b"/Type/XObject/Subtype/Form/BBox[0 0 0 0]")


def _font_is_field(office: Office) -> bytes:
    """The font under a field of its own: /Kids leads to it."""
    sheet = signed(office)
    larger = sheet.bodies[DRAWN_FONT].replace(b"[.001 0 0 .001", b"[.009 0 0 .009")
    field = {sheet.size: b"<</FT/Sig/T(more)/Kids[%d 0 R]>>" % DRAWN_FONT}
    return sheet.later({DRAWN_FONT: larger, **field, **sheet.with_fields(sheet.size)}).data


def _resources_are_field(office: Office) -> bytes:
    sheet = signed(office)
    swapped = sheet.bodies[RESOURCES].replace(b"/Fm1 %d" % HEADING, b"/Fm1 %d" % IMAGE)
    return sheet.later({RESOURCES: entry(swapped, _UNSEEN), **sheet.with_fields(RESOURCES)}).data


def _content_is_note(office: Office) -> bytes:
    """The page's content is put into its list of annotations, and changed: a stream is no annotation."""
    sheet = signed(office)
    return sheet.later({CONTENT: first_page(FALSE_SUM), **sheet.with_annotations(CONTENT)}).data


def _with_note() -> Sheet:
    note = b"<</Type/Annot/Subtype/Square/Rect[100 300 300 400]/F 4/AP<</N %d 0 R>>>>" % DRAWING
    objects = {NOTE: note, DRAWING: appearance("9 only with approval")}
    return draft(replace={**objects, **draft(replace=objects).with_annotations(NOTE)})


def _note_is_field(office: Office) -> bytes:
    """A comment of the signed state becomes an invisible field: it is gone."""
    sheet = signed(office, of=_with_note())
    return sheet.later({NOTE: b"<</Type/Annot%s>>" % _UNSEEN, **sheet.with_fields(NOTE)}).data


def _field_beside_note(office: Office) -> bytes:
    sheet = signed(office, of=_with_note())
    number = sheet.size
    return sheet.later({number: b"<</Type/Annot%s>>" % _UNSEEN, **sheet.with_fields(number)}).data


def _signed_table(office: Office, *, layout: Layout = Layout.TABLE) -> bytes:
    """The draft's table of drawings is an empty field as well, and one drawing is called AP: signing swaps it."""
    true, false = (stream(b"BT /F1 12 Tf (%s) Tj ET" % total, _BOX) for total in (TRUE_SUM, FALSE_SUM))
    table = b"<</Type/Annot%s/P 3 0 R/Fm1 %d 0 R/AP %d 0 R>>" % (_UNSEEN, HEADING, DRAWING)
    names = re.sub(rb"/XObject<<.*?>>", b"/XObject %d 0 R" % TABLE, draft().bodies[RESOURCES])
    page = stream(b"q 1 0 0 1 100 300 cm /AP Do Q")
    objects = {DRAWING: true, TABLE: table, RESOURCES: names, CONTENT: page}
    first = draft(replace=objects)
    lists = {**first.with_annotations(TABLE), **first.with_fields(TABLE)}
    sheet = signed(office, of=draft(replace={**objects, **lists}, layout=layout))
    value, shown = sheet.size, sheet.size + 1
    body = table.replace(b"/AP %d 0 R" % DRAWING, b"/AP %d 0 R/V %d 0 R" % (shown, value))
    way = replace(RIGHT, shown=false)
    after = sheet.with_signature(
        {TABLE: body}, value=value, shown=shown, text="", who=office.clerk, at=LATER, way=way
    )
    return after.data


def _catalog_is_font(office: Office) -> bytes:
    """The table of fonts is the catalog, the font its /Extensions, which may change."""
    font = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
    names = re.sub(rb"/Font<<.*?>>", b"/Font %d 0 R" % CATALOG, draft().bodies[RESOURCES])
    objects = {
        RESOURCES: names,
        CATALOG: entry(draft().bodies[CATALOG], b"/Extensions" + font),
        CONTENT: stream(b"BT /Extensions 12 Tf 72 500 Td (%s) Tj ET" % TRUE_SUM),
    }
    sheet = signed(office, of=draft(replace=objects))
    return sheet.later(sheet.replaced(CATALOG, b"Helvetica", b"ZapfDingbats")).data


def _with_text(look: bytes) -> Sheet:
    """A text field whose look is left to the viewer, or drawn."""
    text = b"<</Type/Annot/Subtype/Widget/FT/Tx/F 4/T(total)/V(aa)/P 3 0 R/Rect[100 300 300 330]%s>>"
    objects = {TEXT: text % (b"/DA(/Own 12 Tf 0 g)" + look), DRAWING: appearance("aa")}
    first = draft(replace=objects)
    return draft(replace={**objects, **first.with_annotations(TEXT), **first.with_fields(TEXT)})


def _form_font(office: Office, look: bytes) -> bytes:
    sheet = signed(office, of=_with_text(look))
    return sheet.later(sheet.with_entry(FORM, b"/DR<</Font<</Own %d 0 R>>>>" % DRAWN_FONT)).data


def _form_default(office: Office) -> bytes:
    sheet = signed(office, of=_with_text(b""))
    return sheet.later(sheet.with_entry(FORM, b"/Q 2")).data


def _without_area(office: Office, shown: bytes) -> bytes:
    way = replace(RIGHT, shown=shown)
    return signed(office).add_and_sign(Box("registrar", _POINT), office.clerk, at=LATER, way=way).data


def _note(office: Office, entries: bytes, shown: bytes = _EMPTY) -> bytes:
    """A comment without an area, where the certification permits comments."""
    sheet = certify(office, 3)
    number = sheet.size
    note = b"<</Type/Annot/F 4/P 3 0 R/Rect[100 500 100 500]%s>>" % entries.replace(b"?", b"%d" % (number + 1))
    return sheet.later({number: note, number + 1: shown, **sheet.with_annotations(number)}).data


CASES: tuple[Case, ...] = (
    later("roles/font-is-field", "a font becomes a field, and another font", _font_is_field, twin=_ONE),
    later("roles/resources-are-field", "the table of resources becomes a field", _resources_are_field, twin=_ONE),
    later(
        "roles/content-is-note",
        "the page's content is listed as a comment, and changed",
        _content_is_note,
        twin=_ONE,
    ),
    good("roles/field-beside-note", "an invisible field is added beside a comment", _field_beside_note),
    bad(
        "roles/note-is-field",
        "a comment becomes an invisible field",
        _note_is_field,
        twin="roles/field-beside-note",
    ),
    bad("roles/table-is-signed", "signing a field swaps a drawing of the page", _signed_table),
    bad("roles/catalog-is-font", "new extensions of the catalog are another font", _catalog_is_font),
    good(
        "roles/font-for-form",
        "fonts for the form, whose fields are drawn",
        lambda office: _form_font(office, b"/AP<</N %d 0 R>>" % DRAWING),
    ),
    bad("roles/font-for-text", "a font for a text that viewers draw", lambda office: _form_font(office, b"")),
    bad("roles/text-aligned", "another alignment for a text that viewers draw", _form_default),
    good("roles/no-area", "a signature without area or drawing", lambda office: _without_area(office, _EMPTY)),
    bad(
        "roles/no-area-but-text",
        "a signature without area, whose text Chrome shows",
        lambda office: _without_area(office, appearance("9")),
        twin="roles/no-area",
    ),
    good("roles/note-no-area", "a comment that shows nothing", lambda office: _note(office, b"/Subtype/Link")),
    bad(
        "roles/note-no-area-but-text",
        "a stamp without area, whose text Chrome shows",
        lambda office: _note(office, b"/Subtype/Stamp/AP<</N ? 0 R>>", appearance("9")),
    ),
    bad(
        "roles/line-no-area",
        "a line over the sum, drawn by its own ends",
        lambda office: _note(office, b"/Subtype/Line/L[72 504 400 504]/C[1 0 0]/BS<</W 9>>"),
    ),
)
