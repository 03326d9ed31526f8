"""Dangling references: the signed revision names an object that is not there, a later revision supplies it."""

from __future__ import annotations

from collections.abc import Callable

from signing.testing.attacks.case import Case, good, later
from signing.testing.attacks.letter import (
    ARRIVAL,
    FALSE_SUM,
    LATER,
    NUMBER,
    RESOURCES,
    bodies,
    draft,
    first_page,
    signed,
)
from signing.testing.attacks.office import Office
from signing.testing.attacks.sheet import Layout, Sheet, appearance, cover
from signing.testing.paper import FIRST_FIELD, PAGE, PAGES

GAP = 60
"""The number of the object that is missing."""
_NAMED = b"%d 0 R" % GAP
_SUM = "another sum over the signed one"
_COVER = cover("9 000 000", size=(595, 842))


def _draft(number: int, old: bytes, new: bytes, *, layout: Layout = Layout.TABLE) -> Sheet:
    return draft(replace=draft().replaced(number, old, new), layout=layout)


def _form(layout: Layout = Layout.TABLE) -> Sheet:
    """The page draws a form that is missing."""
    return _draft(RESOURCES, b"/Fm1 30 0 R", b"/Fm1 " + _NAMED, layout=layout)


def _font() -> Sheet:
    return _draft(RESOURCES, b"/F1 22 0 R", b"/F1 " + _NAMED)


def _content() -> Sheet:
    return _draft(PAGE, b"/Contents 4 0 R", b"/Contents[4 0 R %s]" % _NAMED)


def _annotation() -> Sheet:
    return draft(replace=draft().with_annotations(GAP))


def _kid() -> Sheet:
    return _draft(PAGES, b"20 0 R]", b"20 0 R %s]" % _NAMED)


def _look() -> Sheet:
    """The empty number field has an appearance that is missing."""
    return draft(replace=draft().with_entry(FIRST_FIELD + 1, b"/AP<</N %s>>" % _NAMED))


def _freed() -> Sheet:
    whole = draft().replaced(RESOURCES, b"/Fm1 30 0 R", b"/Fm1 " + _NAMED)
    return draft(replace=whole, freed=(GAP,))


def _supplied(make: Callable[[], Sheet], body: bytes) -> Callable[[Office], bytes]:
    return lambda office: signed(office, of=make()).later({GAP: body}).data


def _then_stamped(office: Office) -> bytes:
    supplied = signed(office, of=_form()).later({GAP: _COVER})
    return supplied.add_and_sign(ARRIVAL, office.clerk, at=LATER).data


def _next_generation(office: Office) -> bytes:
    """The reference names generation 1 of a freed number; the later object has it."""
    whole = draft().replaced(RESOURCES, b"/Fm1 30 0 R", b"/Fm1 %d 1 R" % GAP)
    sheet = signed(office, of=draft(replace=whole, freed=(GAP,)))
    tail = sheet.later({GAP: _COVER}).data[len(sheet.data) :]
    right = tail.replace(b"%d 0 obj" % GAP, b"%d 1 obj" % GAP).replace(b" 00000 n ", b" 00001 n ")
    return sheet.data + right


_NOTE = b"<</Type/Annot/Subtype/FreeText/F 4/Rect[0 0 595 842]/DA(/F1 12 Tf)/Contents(9 000 000)>>"
_PAGE = bodies(NUMBER)[PAGE].replace(b"/Annots[6 0 R]", b"")
_GLYPHS = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding<</Type/Encoding/Differences[49/nine]>>>>"
_FORGED = first_page(FALSE_SUM)

CASES: tuple[Case, ...] = (
    later(
        "dangling/form",
        "a form XObject supplied later",
        _supplied(_form, _COVER),
        shows=_SUM,
        twin="dangling/never",
    ),
    later(
        "dangling/form-then-stamped",
        "a form XObject supplied later, then an honest stamp over the whole file",
        _then_stamped,
        shows=_SUM,
        twin="dangling/never",
    ),
    later(
        "dangling/in-object-streams",
        "the same where all objects are in object streams",
        _supplied(lambda: _form(Layout.PACKED), _COVER),
        shows=_SUM,
        twin="dangling/never-in-object-streams",
    ),
    later(
        "dangling/font",
        "a font supplied later",
        _supplied(_font, _GLYPHS),
        shows="9 for 1",
        twin="dangling/never-font",
    ),
    later(
        "dangling/content",
        "a content stream supplied later",
        _supplied(_content, _FORGED),
        shows=_SUM,
        twin="dangling/never-content",
    ),
    later(
        "dangling/annotation",
        "an annotation supplied later",
        _supplied(_annotation, _NOTE),
        shows=_SUM,
        twin="dangling/never-annotation",
    ),
    later(
        "dangling/page",
        "a page supplied later",
        _supplied(_kid, _PAGE),
        shows="one more page",
        twin="dangling/never-page",
    ),
    later(
        "dangling/appearance",
        "the appearance of an empty field supplied later",
        _supplied(_look, appearance("So 9")),
        shows="a number that nobody signed",
        twin="dangling/never-appearance",
    ),
    later(
        "dangling/freed-number",
        "a number freed before signing is used again",
        _supplied(_freed, _COVER),
        shows=_SUM,
        twin="dangling/never-freed",
    ),
    Case(
        name="dangling/next-generation",
        says="the reference's generation is supplied later",
        make=_next_generation,
        shows=_SUM,
        twin="dangling/never-freed",
    ),
    *(
        good(f"dangling/never{name}", f"{says} missing from the start, and never supplied", make)
        for name, says, make in (
            ("", "a form", lambda office: signed(office, of=_form()).data),
            ("-in-object-streams", "a form", lambda office: signed(office, of=_form(Layout.PACKED)).data),
            ("-font", "a font", lambda office: signed(office, of=_font()).data),
            ("-content", "a content stream", lambda office: signed(office, of=_content()).data),
            ("-annotation", "an annotation", lambda office: signed(office, of=_annotation()).data),
            ("-page", "a page", lambda office: signed(office, of=_kid()).data),
            ("-appearance", "an appearance", lambda office: signed(office, of=_look()).data),
            ("-freed", "a freed form", lambda office: signed(office, of=_freed()).data),
        )
    ),
)
