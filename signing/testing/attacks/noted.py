"""Comments and stamps beside what a page's own text says: over scans, values, notes and seals, with flags, windows
and actions that make them more than they seem."""

from __future__ import annotations

from functools import partial

from signing.prepare.serialise import serialise
from signing.testing.attacks.case import Case, good, later
from signing.testing.attacks.certified import (
    FALSE,
    TEXT_FIELD,
    certify,
    fill_note,
    form_draft,
)
from signing.testing.attacks.letter import ARRIVAL, LATER, LEADER, OVER_TEXT, draft, signed
from signing.testing.attacks.office import Office
from signing.testing.attacks.sheet import Sheet, appearance, cover, entry
from signing.testing.attacks.updates import NOWHERE
from signing.testing.paper import CONTENT, FORM, PAGE, Box, Way, stream, widget

_SUM = "the letter orders 9 000 000 instead of 1 000 000"
_MORE, _PICTURE = 50, 51
_FIELD = Box("over", (395.0, 455.0, 505.0, 485.0))
"""Over the text field of `form_draft`."""
_SCAN = b"/Type/XObject/Subtype/Image/Width 1/Height 1/BitsPerComponent 8/ColorSpace/DeviceGray"
_SCRIPT = b"<</S/JavaScript/JS(this.pageNum=1)>>"


def _note(
    sheet: Sheet, entries: bytes, box: Box = OVER_TEXT, *, flags: int = 4, shown: bytes | None = None
) -> Sheet:
    """A later revision with one annotation on page 1."""
    number, look = sheet.size, sheet.size + 1
    left, bottom, right, top = box.rect
    head = b"<</Type/Annot/F %d/P 3 0 R/Rect%s/AP<</N %d 0 R>>" % (flags, serialise(list(box.rect)), look)
    drawn = shown or cover(FALSE, size=(right - left, top - bottom))
    return sheet.later({number: head + entries + b">>", look: drawn, **sheet.with_annotations(number)})


def _beside(office: Office, entries: bytes) -> bytes:
    return _note(certify(office, 3), entries, ARRIVAL, shown=appearance("da nhan")).data


def _over(office: Office, entries: bytes, flags: int) -> bytes:
    return _note(certify(office, 3), entries, flags=flags).data


def _written(words: bytes) -> Sheet:
    """The letter with something more where `ARRIVAL` is empty otherwise."""
    page = draft().replaced(PAGE, b"/Contents 4 0 R", b"/Contents[4 0 R %d 0 R]" % _MORE)
    return draft(replace={**page, _MORE: stream(words)})


def _over_written(office: Office, words: bytes) -> bytes:
    return _note(certify(office, 3, of=_written(words)), b"/Subtype/Stamp", ARRIVAL).data


def _scan() -> Sheet:
    """A letter that is a picture of a letter."""
    page = draft().replaced(PAGE, b"/Contents 4 0 R", b"/Contents %d 0 R" % _MORE)
    words = stream(b"q 595 0 0 842 0 0 cm /Scan Do Q")
    own = b"/Resources<</XObject<</Scan %d 0 R>>>>" % _PICTURE
    page[PAGE] = page[PAGE].replace(b"/Resources 31 0 R", own)
    return draft(replace={**page, CONTENT: words, _MORE: words, _PICTURE: stream(b"\x80", _SCAN)})


def _filled() -> Sheet:
    return fill_note(form_draft(), b"1 000 000")


def _stamped_draft() -> Sheet:
    return _note(draft(), b"/Subtype/Stamp", ARRIVAL, shown=appearance("MAT"))


def _kid_inside(office: Office) -> bytes:
    """A new field without an area, whose widget is written into the field and lies over the sum."""
    sheet = certify(office, 2)
    number, look = sheet.size, sheet.size + 1
    left, bottom, right, top = OVER_TEXT.rect
    body = entry(widget(Box("more", NOWHERE)), _kid(look))
    shown = cover(FALSE, size=(right - left, top - bottom))
    added = {**sheet.with_annotations(number), **sheet.with_fields(number)}
    return sheet.later({number: body, look: shown, **added}).data


def _kid(look: int) -> bytes:
    return b"/Kids[<</Type/Annot/Subtype/Widget/Rect%s/AP<</N %d 0 R>>>>]" % (serialise(list(OVER_TEXT.rect)), look)


def _kid_in_leaders(office: Office) -> bytes:
    """The leader's own field gets a widget that lies over the sum."""
    sheet = signed(office)
    return sheet.later(sheet.with_entry(sheet.field("leader"), _kid(CONTENT))).data


def _false_timestamp(office: Office) -> bytes:
    """A person's signature that calls itself a document timestamp, where nothing may follow but such."""
    way = Way(kind=b"DocTimeStamp")
    return certify(office, 1).add_and_sign(Box("more", NOWHERE), office.clerk, at=LATER, way=way).data


def _value_alone(office: Office, of: Sheet) -> bytes:
    sheet = certify(office, 2, of=of)
    return sheet.later(sheet.replaced(TEXT_FIELD, b"/V(1 000 000)", b"/V(9 000 000)")).data


def _drawn_by_viewers() -> Sheet:
    sheet = _filled()
    return sheet.later(sheet.with_entry(FORM, b"/NeedAppearances true"))


def _stamp_over_value(office: Office) -> bytes:
    shown = cover("9 000 000", size=(110, 30))
    return signed(office, of=_filled()).add_and_sign(_FIELD, office.clerk, at=LATER, way=Way(shown=shown)).data


def _unfindable(office: Office) -> bytes:
    """A later section says that the page's text stands behind the end of the file."""
    sheet = signed(office)
    data = sheet.later({}).data
    place = data.rindex(b"xref\n", 0, data.rindex(b"startxref"))
    start = data.index(b"trailer", place)
    more = b"%d 1\n%010d 00000 n \n" % (CONTENT, 9_000_000)
    return data[:start] + more + data[start:]


def _stamped(office: Office, words: bytes, mask: bytes = b"") -> bytes:
    """Somebody else's stamp over the sum, after a signature that says nothing about changes."""
    sheet = signed(office)
    picture = sheet.size + 3
    left, bottom, right, top = OVER_TEXT.rect
    head = b"/Type/XObject/Subtype/Form/BBox%s" % serialise([0, 0, right - left, top - bottom])
    shown = stream(words, head + b"/Resources<</XObject<</Im %d 0 R>>>>" % picture)
    bits = b"/Type/XObject/Subtype/Image/Width 8/Height 8/ImageMask true/BitsPerComponent 1"
    objects = {picture: stream(mask or b"\0\xff" * 4, bits)}
    return sheet.add_and_sign(OVER_TEXT, office.clerk, at=LATER, way=Way(shown=shown, objects=objects)).data


_FRAME = b"0 0 1 RG 2 w 1 1 378 78 re S "
_PICTURE_DRAWN = b"q 380 0 0 80 0 0 cm /Im Do Q"
_HIDDEN_TEXT = (
    (
        "inline-image",
        "an image written into the page",
        b"q 100 0 0 50 400 570 cm BI/W 1/H 1/BPC 8/CS/G ID \x80 EI Q",
    ),
    ("turned-text", "text in a negative size", b"BT /F1 -18 Tf -1 0 0 -1 400 600 Tm (1 000 000) Tj ET"),
    ("risen-text", "text lifted above its line", b"BT /F1 18 Tf 600 Ts 400 0 Td (1 000 000) Tj ET"),
    (
        "restored-font",
        "text in a font that Q brought back",
        b"/F1 18 Tf q /F1 0 Tf Q BT 400 600 Td (1 000 000) Tj ET",
    ),
    ("nested-string", "text in a string with brackets", b"BT /F1 18 Tf 400 600 Td (1(0(0(0)0)0)0) Tj ET"),
    ("clipped-shade", "a shade in a small window", b"q 400 570 100 50 re W n /Sh1 sh Q"),
)

BAD: tuple[Case, ...] = (
    *(
        later(
            f"annotation-attack/{name}",
            f"P 3 permits annotations: {says} over the signed sum",
            partial(_over, entries=entries, flags=flags),
            shows=_SUM,
            twin="certified/three",
        )
        for name, says, entries, flags in (
            ("printed", "a stamp that is printed and not seen", b"/Subtype/Stamp", 36),
            ("under-the-mouse", "a stamp that comes under the mouse", b"/Subtype/Stamp", 288),
            ("open-window", "the open window of a comment", b"/Subtype/Popup/Open true", 4),
        )
    ),
    *(
        later(
            f"annotation-attack/{name}",
            f"P 3 permits annotations: {says}, beside the text",
            partial(_beside, entries=entries),
            shows="whatever it does",
            twin="certified/three",
        )
        for name, says, entries in (
            ("moved-watermark", "a watermark moved over it", b"/Subtype/Watermark/FixedPrint<</Type/FixedPrint>>"),
            ("unknown-kind", "a kind that no norm knows", b"/Subtype/Cover"),
            ("no-kind", "one that says nothing of its kind", b""),
            ("script", "a square that runs a script", b"/Subtype/Square/A" + _SCRIPT),
            ("script-when-seen", "a square that runs a script when seen", b"/Subtype/Square/AA<</PV%s>>" % _SCRIPT),
            (
                "next-script",
                "a link that goes on to a script",
                b"/Subtype/Link/A<</S/URI/URI(x)/Next%s>>" % _SCRIPT,
            ),
            ("hiding", "a square that hides fields", b"/Subtype/Square/A<</S/Hide/T(leader)>>"),
        )
    ),
    *(
        later(
            f"annotation-attack/over-{name}",
            f"P 3 permits annotations: a stamp over {says}",
            partial(_over_written, words=words),
            shows=_SUM,
            twin=f"certified/with-{name}",
        )
        for name, says, words in _HIDDEN_TEXT
    ),
    later(
        "annotation-attack/over-scan",
        "P 3 permits annotations: a stamp over a part of a scanned letter",
        lambda office: _note(certify(office, 3, of=_scan()), b"/Subtype/Stamp").data,
        shows=_SUM,
        twin="certified/with-scan",
    ),
    later(
        "annotation-attack/over-value",
        "P 3 permits annotations: a stamp over what was filled in",
        lambda office: _note(certify(office, 3, of=_filled()), b"/Subtype/Stamp", _FIELD).data,
        shows=_SUM,
        twin="certified/with-value",
    ),
    later(
        "annotation-attack/over-signature",
        "P 3 permits annotations: a stamp over the leader's signature",
        lambda office: _note(certify(office, 3), b"/Subtype/Stamp", LEADER).data,
        shows="another name in the leader's place",
        twin="certified/three",
    ),
    later(
        "annotation-attack/over-note",
        "P 3 permits annotations: a stamp over a stamp that was signed",
        lambda office: _note(certify(office, 3, of=_stamped_draft()), b"/Subtype/Stamp", ARRIVAL).data,
        shows="another stamp",
        twin="certified/with-note",
    ),
    later(
        "sneaky-signature/kid-inside",
        "a new field without an area; the widget inside it covers the sum",
        _kid_inside,
        shows=_SUM,
        twin="certified/two",
    ),
    later(
        "sneaky-signature/kid-in-leaders",
        "a widget over the sum, written into the leader's own field",
        _kid_in_leaders,
        shows=_SUM,
        twin="plain/one-signature",
    ),
    later(
        "sneaky-signature/over-value",
        "a new signature over what was filled in before the leader signed",
        _stamp_over_value,
        shows=_SUM,
        twin="certified/approved-value",
    ),
    *(
        later(
            f"stamp-over-text/{name}",
            f"a new signature over the sum, {says}",
            partial(_stamped, words=words, mask=mask),
            shows="the letter without the sum",
            twin="plain/one-signature",
        )
        for name, says, words, mask in (
            ("broad-line", "drawn with a pen as broad as a line of text", b"1 G 80 w 0 40 m 380 40 l S", b""),
            ("scaled-line", "a thin line made broad", b"1 G q 380 0 0 80 0 0 cm 1 w 0 .5 m 1 .5 l S Q", b""),
            ("full-mask", "painted through a mask that is all open", b"1 g " + _PICTURE_DRAWN, b"\0" * 8),
        )
    ),
    later(
        "permissions/false-timestamp",
        "after P 1, a person's signature that calls itself a document timestamp",
        _false_timestamp,
        twin="certified/nothing-after",
    ),
    later(
        "permissions/value-not-shown",
        "P 2 and another value under the same appearance",
        lambda office: _value_alone(office, _filled()),
        shows="1 000 000, or 9 000 000 where the viewer draws the field",
        twin="certified/value-two",
    ),
    later(
        "saving/section-hides-object",
        "a later section says that the page's text stands where nothing is",
        _unfindable,
        shows="an empty page",
        twin="plain/one-signature",
    ),
)

GOOD: tuple[Case, ...] = (
    *(
        good(
            f"certified/with-{name}",
            f"P 3 over {says}",
            partial(lambda office, words: certify(office, 3, of=_written(words)).data, words=words),
        )
        for name, says, words in _HIDDEN_TEXT
    ),
    good("certified/with-scan", "P 3 over a scanned letter", lambda office: certify(office, 3, of=_scan()).data),
    good("certified/with-value", "P 3 over a filled form", lambda office: certify(office, 3, of=_filled()).data),
    good("certified/value-two", "P 2 over a filled form", lambda office: certify(office, 2, of=_filled()).data),
    good("certified/approved-value", "a filled form, signed", lambda office: signed(office, of=_filled()).data),
    good("certified/with-note", "P 3 over a stamp", lambda office: certify(office, 3, of=_stamped_draft()).data),
    good(
        "stamp-over-text/frame-and-seal",
        "a new signature over the text: a frame and a picture that lets it shine through",
        lambda office: _stamped(office, _FRAME + b"1 0 0 rg " + _PICTURE_DRAWN),
    ),
    good(
        "certified/window-beside",
        "P 3 and the open window of a comment beside the text",
        lambda office: _beside(office, b"/Subtype/Popup/Open true"),
    ),
    good(
        "certified/link-beside",
        "P 3 and a link beside the text",
        lambda office: _beside(office, b"/Subtype/Link/A<</S/URI/URI(https://example.org)>>"),
    ),
    good(
        "certified/value-drawn-by-viewer",
        "P 2 and another value where the form asks the viewer to draw it",
        lambda office: _value_alone(office, _drawn_by_viewers()),
    ),
)

CASES = (*GOOD, *BAD)
