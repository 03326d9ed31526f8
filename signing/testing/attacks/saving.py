"""Incremental saving (ISA) and shadow attacks: the signed bytes stay, a later revision shows something else."""

from __future__ import annotations

import re

from signing.testing.attacks.case import Case, bad, good, later
from signing.testing.attacks.letter import (
    ARRIVAL,
    FALSE_SUM,
    FONT,
    LATER,
    RESOURCES,
    TRUE_SUM,
    draft,
    first_page,
    signed,
)
from signing.testing.attacks.office import Office
from signing.testing.attacks.sheet import Sheet
from signing.testing.paper import CONTENT, PAGE, PAGES, stream

FORGED = first_page(FALSE_SUM)
_SUM = "the letter orders 9 000 000 instead of 1 000 000"
_TWIN = {"shows": _SUM, "twin": "plain/one-signature"}
HIDDEN, SHADOW = 46, 47


def _replaced(office: Office) -> Sheet:
    return signed(office).later({CONTENT: FORGED})


def _parts(office: Office) -> tuple[bytes, bytes, bytes]:
    """The signed file; the forged object; the section and tail that a whole revision would have."""
    before, after = signed(office).data, _replaced(office).data
    place = after.index(b"xref\n", len(before))
    return before, after[len(before) : place], after[place:]


def _without_table(office: Office) -> bytes:
    before, body, rest = _parts(office)
    return before + body + rest[rest.index(b"trailer") :]


def _body_only(office: Office) -> bytes:
    before, body, _ = _parts(office)
    return before + body


def _copied_signature(office: Office) -> bytes:
    """The signature's own object once more behind the forged page, so that a count of signatures agrees."""
    before, body, _ = _parts(office)
    start = before.rindex(b" obj\n<</Type/Sig/Filter")
    start = before.rindex(b"\n", 0, start) + 1
    return before + body + before[start : before.index(b"endobj", start) + 7]


def _copied_with_trailer(office: Office) -> bytes:
    before, _, rest = _parts(office)
    return _copied_signature(office) + rest[rest.index(b"trailer") :] if before else b""


def _garbled_tail(office: Office) -> bytes:
    return _replaced(office).data[:-6] + b"%%E0F\n"


def _garbled_startxref(office: Office) -> bytes:
    data = _replaced(office).data
    return data[: data.rindex(b"startxref")] + b"startxref\n99999999\n%%EOF\n"


def _garbled_table(office: Office) -> bytes:
    """A table that points nowhere, so that viewers rebuild it from the objects they find."""
    before, body, rest = _parts(office)
    return before + body + re.sub(rb"\d{10} 00000 n", b"0000000000 00000 n", rest)


def _original_tail(office: Office) -> bytes:
    """The signed revision's own last words once more: the table it points at knows nothing of the forgery."""
    before, body, _ = _parts(office)
    return before + body + before[before.rindex(b"startxref") :]


def _in_comment(office: Office) -> bytes:
    before, body, rest = _parts(office)
    return before + b"% " + body + rest


def _without_prev(office: Office) -> bytes:
    """A whole second document that knows the first one's objects without its sections."""
    forged = draft(replace={CONTENT: FORGED})
    sheet = signed(office)
    objects = {**sheet.bodies, CONTENT: FORGED}
    number = max(objects) - 1
    objects[number] = _signature_body(sheet.data)
    return sheet.data + _moved(forged, objects, by=len(sheet.data))


def _signature_body(data: bytes) -> bytes:
    start = data.rindex(b"<</Type/Sig/Filter")
    return data[start : data.index(b"\nendobj", start)]


def _moved(sheet: Sheet, objects: dict[int, bytes], *, by: int) -> bytes:
    """A file whose offsets count from `by` bytes before it."""
    begun = Sheet(data=bytes(by), bodies={}, size=1, last=None, trailer=sheet.trailer)
    return begun.later(objects).data[by:]


def _then_signed(office: Office) -> bytes:
    """The forgery, then an arrival stamp over the whole file: judge each signature on what came after it."""
    return _replaced(office).add_and_sign(ARRIVAL, office.clerk, at=LATER).data


def _then_signed_in_plan(office: Office) -> bytes:
    return _replaced(office).sign("number", office.agency, at=LATER).data


def _shadow_draft() -> Sheet:
    """A draft with a page's worth of content that nothing shows yet."""
    return draft(replace={SHADOW: FORGED})


def _overlay_draft() -> Sheet:
    """What the signer sees is an overlay with the true sum, painted over the false one."""
    cover = stream(b"1 1 1 rg 60 490 500 30 re f BT 0 g /F1 12 Tf 72 500 Td (Dieu 1. %s dong) Tj ET" % TRUE_SUM)
    page = draft().replaced(PAGE, b"/Contents 4 0 R", b"/Contents[4 0 R %d 0 R]" % HIDDEN)
    return draft(replace={CONTENT: FORGED, HIDDEN: cover, **page})


def _image_overlay() -> Sheet:
    look = b"/Type/XObject/Subtype/Image/Width 1/Height 1/BitsPerComponent 8/ColorSpace/DeviceGray"
    paint = FORGED.replace(b"q /Fm1", b"q 400 0 0 30 60 490 cm /Im2 Do Q\nq /Fm1")
    length = len(paint) - len(FORGED)
    old = int(re.findall(rb"/Length (\d+)", FORGED)[0])
    content = paint.replace(b"/Length %d" % old, b"/Length %d" % (old + length))
    resources = draft().replaced(RESOURCES, b"/Im1 ", b"/Im2 %d 0 R/Im1 " % HIDDEN)
    return draft(replace={CONTENT: content, HIDDEN: stream(b"\xff", look), **resources})


def _hide_by_freeing(office: Office) -> bytes:
    return signed(office, of=_image_overlay()).later({}, freed=(HIDDEN,)).data


def _hide_by_emptying(office: Office) -> bytes:
    return signed(office, of=_overlay_draft()).later({HIDDEN: stream(b"")}).data


def _hide_by_removing(office: Office) -> bytes:
    sheet = signed(office, of=_overlay_draft())
    return sheet.later(sheet.replaced(PAGE, b"/Contents[4 0 R 46 0 R]", b"/Contents 4 0 R")).data


def _replace_by_page(office: Office) -> bytes:
    """The page's content becomes the shadow that stood in the signed bytes all along."""
    sheet = signed(office, of=_shadow_draft())
    return sheet.later(sheet.replaced(PAGE, b"/Contents 4 0 R", b"/Contents %d 0 R" % SHADOW)).data


def _replace_by_font(office: Office) -> bytes:
    """A font whose glyph for 1 looks like 9."""
    body = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding<</Type/Encoding/Differences[49/nine]>>>>"
    return signed(office).later({FONT: body}).data


def _hide_and_replace(office: Office) -> bytes:
    """Nothing but a table: number 4 now is another object that stood in the signed bytes all along, as the
    content of a stream which nobody read."""
    inner = b"\n%d 0 obj\n%s\nendobj\n" % (CONTENT, FORGED)
    sheet = signed(office, of=draft(replace={SHADOW: stream(inner)}))
    hidden = sheet.data.index(b"%d 0 obj\n" % CONTENT, sheet.data.index(b"%d 0 obj" % SHADOW))
    table = b"xref\n%d 1\n%010d 00000 n \n" % (CONTENT, hidden)
    trailer = b"trailer\n<<%s/Size %d/Prev %d>>\n" % (sheet.trailer, sheet.size, sheet.last or 0)
    return sheet.data + table + trailer + b"startxref\n%d\n%%%%EOF\n" % len(sheet.data)


def _second_catalog(office: Office) -> bytes:
    """Two documents in one from the start; a later trailer turns to the other catalog."""
    both = {
        SHADOW: FORGED,
        48: b"<</Type/Catalog/Pages 49 0 R/AcroForm 5 0 R>>",
        49: b"<</Type/Pages/Kids[50 0 R]/Count 1>>",
        50: draft().bodies[PAGE].replace(b"2 0 R", b"49 0 R").replace(b"4 0 R", b"%d 0 R" % SHADOW),
    }
    return signed(office, of=draft(replace=both)).later({}, trailer=b"/Root 48 0 R").data


def _kids_turned(office: Office) -> bytes:
    """The page tree turns to a page that was in the file, shown by nobody."""
    shadow = {SHADOW: FORGED, 48: draft().bodies[PAGE].replace(b"4 0 R", b"%d 0 R" % SHADOW)}
    sheet = signed(office, of=draft(replace=shadow))
    return sheet.later(sheet.replaced(PAGES, b"3 0 R", b"48 0 R")).data


CASES: tuple[Case, ...] = (
    later(
        "saving/whole-revision", "a complete later revision with another page", lambda o: _replaced(o).data, **_TWIN
    ).about(changes_permitted=False),
    later("saving/without-table", "a later page with a trailer but no table (ISA 2)", _without_table, **_TWIN),
    later("saving/body-only", "a later page with neither table nor trailer (ISA 3)", _body_only, **_TWIN),
    later(
        "saving/copied-signature",
        "a later page and the signature copied behind it (ISA 4)",
        _copied_signature,
        **_TWIN,
    ),
    later("saving/copied-with-trailer", "the same with a trailer", _copied_with_trailer, **_TWIN),
    later(
        "saving/garbled-end",
        "the last %%EOF garbled, so that parsers skip what viewers repair",
        _garbled_tail,
        **_TWIN,
    ),
    later("saving/garbled-startxref", "the last startxref points nowhere", _garbled_startxref, **_TWIN),
    later("saving/garbled-table", "the later table points nowhere", _garbled_table, **_TWIN),
    later(
        "saving/original-tail",
        "a later page behind it, then the signed revision's own last words",
        _original_tail,
        **_TWIN,
    ),
    later("saving/in-comment", "the later revision begins inside a comment", _in_comment, **_TWIN),
    later(
        "saving/without-prev",
        "a second document that repeats everything and knows no earlier section",
        _without_prev,
        **_TWIN,
    ),
    later("saving/then-stamped", "a later page, then an honest stamp over the whole file", _then_signed, **_TWIN),
    later(
        "saving/then-signed-in-plan",
        "a later page, then an honest signature in a planned field",
        _then_signed_in_plan,
        **_TWIN,
    ),
    bad(
        "shadow/hide-by-freeing",
        "an image over the false sum is freed",
        _hide_by_freeing,
        shows=_SUM,
        twin="shadow/image-kept",
    ),
    bad(
        "shadow/hide-by-emptying",
        "an overlay over the false sum is emptied",
        _hide_by_emptying,
        shows=_SUM,
        twin="shadow/overlay-kept",
    ),
    bad(
        "shadow/hide-by-removing",
        "an overlay leaves the page's list of contents",
        _hide_by_removing,
        shows=_SUM,
        twin="shadow/overlay-kept",
    ),
    bad(
        "shadow/replace-content",
        "the page turns to content that nothing showed when it was signed",
        _replace_by_page,
        shows=_SUM,
        twin="shadow/unused-kept",
    ),
    later("shadow/replace-font", "a font is redefined so that 1 looks like 9", _replace_by_font, **_TWIN),
    bad(
        "shadow/hide-and-replace",
        "a table alone turns to an object hidden in the signed bytes",
        _hide_and_replace,
        shows=_SUM,
    ),
    bad(
        "shadow/second-catalog",
        "a trailer turns to a second catalog in the signed bytes",
        _second_catalog,
        shows=_SUM,
    ),
    bad("shadow/kids-turned", "the page tree turns to a page in the signed bytes", _kids_turned, shows=_SUM),
    good(
        "shadow/overlay-kept",
        "text painted over text, and nothing after it",
        lambda o: signed(o, of=_overlay_draft()).data,
    ),
    good(
        "shadow/image-kept",
        "an image over text, and nothing after it",
        lambda o: signed(o, of=_image_overlay()).data,
    ),
    good(
        "shadow/unused-kept",
        "an object that nothing shows, and nothing after it",
        lambda o: signed(o, of=_shadow_draft()).data,
    ),
)
