"""Good files as different programs lay them out: every one of them must be accepted."""

from __future__ import annotations

import re
from collections.abc import Callable

from signing.testing.attacks import foreign
from signing.testing.attacks.case import Case, good
from signing.testing.attacks.letter import (
    INFO,
    LATER,
    LEADER,
    NUMBER,
    PAGE_2,
    SEAL,
    TREE,
    bodies,
    draft,
    issued,
    signed,
)
from signing.testing.attacks.office import SIGNED, Office
from signing.testing.attacks.sheet import HEAD, Layout, Sheet, entry
from signing.testing.paper import CATALOG, FIRST_FIELD, FORM, PAGE, RESERVED, Box, Way, widget

Making = Callable[[Office], bytes]
FREE = 45


def _of(make: Callable[[], Sheet], way: Way | None = None) -> Making:
    """The leader signs this draft."""
    return lambda office: signed(office, of=make(), way=way or Way()).data


def _two(office: Office) -> bytes:
    return signed(office).sign("number", office.agency, at=LATER).data


def _eight(office: Office) -> bytes:
    boxes = tuple(Box(f"initial{index}", (60.0 + 60 * index, 60.0, 110.0 + 60 * index, 90.0)) for index in range(8))
    sheet = draft(*boxes)
    for index, box in enumerate(boxes):
        sheet = sheet.sign(box.name, (office.leader, office.clerk)[index % 2], at=SIGNED)
    return sheet.data


def _exact(office: Office) -> bytes:
    """The string of /Contents has just the length of the CMS."""
    data = signed(office).data
    digits = re.search(rb"/Contents<([0-9a-f]*?)0*>", data)
    needed = len(digits[1]) + len(digits[1]) % 2 if digits else RESERVED
    return signed(office, way=Way(reserved=needed)).data


def _hybrid(office: Office) -> bytes:
    """As word processors write it: what older readers can do without is in an object stream."""
    return signed(office, of=draft(layout=Layout.HYBRID, hidden=(TREE,))).data


def _agreeing(office: Office) -> bytes:
    """Every revision of the file is a hybrid, each with nothing hidden but its own container."""
    first = draft(layout=Layout.HYBRID, hidden=(TREE,))
    once = signed(office, of=first)
    return once.sign("number", office.agency, at=LATER).data


def _freed(office: Office) -> bytes:
    """An object that somebody deleted before signing, and a reference to it that stayed: null (7.3.10)."""
    page = draft().with_entry(PAGE, b"/PieceInfo %d 0 R" % FREE)
    return signed(office, of=draft(replace=page, freed=(FREE,))).data


def _missing(office: Office) -> bytes:
    """A reference to an object that never was: null, as long as nobody supplies it later."""
    return signed(office, of=draft(replace=draft().with_entry(PAGE, b"/PieceInfo %d 0 R" % FREE))).data


def _fields_apart(office: Office) -> bytes:
    """The field and its widget are two objects, below a parent that names both (12.7.4.1)."""
    kid = b"<</Type/Annot/Subtype/Widget/Parent 6 0 R/F 132/P 3 0 R/Rect[340 130 500 210]>>"
    fields = {
        FIRST_FIELD: b"<</FT/Sig/T(leader)/Parent 46 0 R/Kids[47 0 R]>>",
        46: b"<</T(signatures)/Kids[6 0 R]>>",
        47: kid,
        FORM: b"<</Fields[46 0 R 7 0 R 8 0 R]/SigFlags 3>>",
        PAGE: bodies(LEADER, NUMBER, SEAL)[PAGE].replace(b"[6 0 R", b"[47 0 R"),
    }
    sheet = draft(replace=fields)
    shown = b"/AP<</N %d 0 R>>" % (sheet.size + 1)
    apart = Way(field=lambda body: body.replace(shown, b""), objects={47: entry(kid, shown)})
    return signed(office, of=sheet, way=apart).data


def _second_page(office: Office) -> bytes:
    sheet = draft(NUMBER)
    body = widget(LEADER).replace(b"/P 3 0 R", b"/P %d 0 R" % PAGE_2)
    fields = {40: body, **sheet.with_fields(40), **sheet.with_entry(PAGE_2, b"/Annots[40 0 R]")}
    return signed(office, of=draft(NUMBER, replace=fields)).data


def _direct_form() -> Sheet:
    whole = draft().bodies
    catalog = whole[CATALOG].replace(b"5 0 R", whole[FORM])
    return draft(replace={CATALOG: catalog, FORM: b"[6 0 R 7 0 R 8 0 R]"})


def _listed_fields() -> Sheet:
    return draft(replace={FORM: b"<</Fields 46 0 R/SigFlags 3>>", 46: b"[6 0 R 7 0 R 8 0 R]"})


def _attached() -> Sheet:
    """PDF/A-3 with an attachment from before the signature."""
    names = b"/Names<</EmbeddedFiles<</Names[(du toan.csv)47 0 R]>>>>"
    catalog = draft().with_entry(CATALOG, names)
    file = b"<</Type/Filespec/F(du toan.csv)/UF(du toan.csv)/EF<</F 48 0 R>>>>"
    return draft(replace={**catalog, 47: file, 48: b"<</Type/EmbeddedFile/Length 3>>\nstream\n1,2\nendstream"})


def _outlined() -> Sheet:
    opening = (
        b"/OpenAction[3 0 R/Fit]/Outlines 47 0 R/PageMode/UseOutlines/ViewerPreferences<</DisplayDocTitle true>>"
    )
    outline = b"<</Type/Outlines/First 48 0 R/Last 48 0 R/Count 1>>"
    item = b"<</Title(Dieu 1)/Parent 47 0 R/Dest[3 0 R/Fit]>>"
    return draft(replace={**draft().with_entry(CATALOG, opening), 47: outline, 48: item})


def _linked() -> Sheet:
    sheet = draft()
    link = b"<</Type/Annot/Subtype/Link/Rect[72 468 200 482]/Border[0 0 0]/A<</S/URI/URI(https://example.vn/)>>>>"
    return draft(replace={47: link, **sheet.with_annotations(47)})


def _headed(head: bytes) -> Making:
    return _of(lambda: Sheet.begin(bodies(LEADER, NUMBER, SEAL), head=head, trailer=INFO))


def _separated(separator: bytes) -> Making:
    return _of(lambda: draft(separator=separator))


def _invisible(office: Office) -> bytes:
    return signed(office, of=draft(Box("leader", (0.0, 0.0, 0.0, 0.0)))).data


CASES: tuple[Case, ...] = (
    good("plain/one-signature", "one signature, RSA-2048", lambda office: signed(office).data),
    good("plain/two-signatures", "two signatures in planned fields", _two),
    good("plain/three-signatures", "leader, number, seal in planned fields", lambda office: issued(office).data),
    good("plain/eight-signatures", "eight initials by two people", _eight),
    good("plain/invisible-signature", "the field has no area", _invisible),
    good("plain/second-page", "the field stands on page 2", _second_page),
    good("plain/field-and-widget-apart", "a hierarchy of fields, the widget an object of its own", _fields_apart),
    good("plain/form-in-the-catalog", "the form is written inside the catalog", _of(_direct_form)),
    good("plain/fields-listed-apart", "the list of fields is an object of its own", _of(_listed_fields)),
    good("plain/attachment-from-before", "an attachment that the signature covers", _of(_attached)),
    good("plain/outline-and-opening", "an outline and an opening place", _of(_outlined)),
    good("plain/link", "a link in the text", _of(_linked)),
    good("layout/xref-stream", "cross-reference streams", _of(lambda: draft(layout=Layout.STREAM))),
    good("layout/object-streams", "objects in object streams", _of(lambda: draft(layout=Layout.PACKED))),
    good("layout/hybrid-agrees", "a hybrid file: table and stream do not contradict", _hybrid),
    good("layout/hybrid-twice", "both signatures in hybrid revisions", _agreeing),
    good("layout/linearized", "a linearized file, signed afterwards", _of(foreign.linearized)),
    good("layout/freed-reference", "a reference to an object freed before the signature", _freed),
    good("layout/missing-reference", "a reference to an object that never was nor will be", _missing),
    good("layout/other-program", "written by another program with object streams", _of(foreign.packed)),
    good("layout/typeset", "typeset letter, the field added in a second revision", _of(foreign.typeset)),
    good("syntax/comments", "comments and blank lines between objects", _separated(b"\r\n% ghi chu\r\n\r\n")),
    good("syntax/header-at-offset", "blank lines before the header", _headed(b"\r\n\r\n" + HEAD)),
    good("syntax/old-version", "PDF 1.3 in the header", _headed(b"%PDF-1.3\n")),
    good("syntax/version-2", "PDF 2.0 in the header", _headed(b"%PDF-2.0\r\n%\xff\xff\xff\xff\r\n")),
    good("syntax/upper-case-contents", "/Contents in capital digits", _of(draft, Way(filled=bytes.upper))),
    good("syntax/contents-without-padding", "/Contents exactly as long as the CMS", _exact),
    good(
        "syntax/white-space-at-the-end",
        "line ends behind the last %%EOF",
        lambda office: signed(office).data + b"\r\n",
    ),
)
