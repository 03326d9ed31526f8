"""Fields as bait: who fills them, what they cover, who owns the signature that they show."""

from __future__ import annotations

from signing.testing.attacks.case import NO_SIGNATURE, Case, Difference, bad, good
from signing.testing.attacks.certified import FALSE, TEXT_FIELD, TEXT_SHOWN, fill_note, form_draft
from signing.testing.attacks.letter import ARRIVAL, LATER, LEADER, NUMBER, OVER_TEXT, SEAL, bodies, draft, signed
from signing.testing.attacks.office import SIGNED, Office
from signing.testing.attacks.sheet import Sheet, appearance, cover, entry
from signing.testing.paper import FORM, PAGE, Box, Way, stream, widget

WHOLE_PAGE = (0.0, 0.0, 595.0, 842.0)
_FORM = b"/Type/XObject/Subtype/Form/BBox"


def _wide_text(office: Office) -> bytes:
    """The draft holds an empty text field over the whole page; whoever has the file can fill it."""
    base = form_draft()
    wide = base.replaced(TEXT_FIELD, b"/Rect[400 460 500 480]", b"/Rect[0 0 595 842]/Ff 4096")
    return signed(office, of=draft(replace={**base.bodies, **wide})).data


def _wide_box(office: Office) -> bytes:
    return signed(office, of=draft(LEADER, NUMBER, Box("wide", WHOLE_PAGE))).data


def _wide_filled(office: Office) -> bytes:
    sheet = Sheet.begin({**form_draft().bodies}, trailer=draft().trailer)
    wide = sheet.replaced(TEXT_FIELD, b"/Rect[400 460 500 480]", b"/Rect[0 0 595 842]")
    signed_sheet = signed(office, of=draft(replace={**sheet.bodies, **wide}))
    return fill_note(signed_sheet, b"9 000 000").data


def _refilled(office: Office) -> bytes:
    """A number typed into a form field after the seal, without any key."""
    sheet = form_draft()
    filled = fill_note(sheet, b"So 15")
    sealed = signed(office, of=filled).sign("seal", office.agency, at=LATER)
    return fill_note(_fresh_note(sealed), b"So 99").data


def _fresh_note(sheet: Sheet) -> Sheet:
    """With the text field's value taken out of what is remembered, to be filled again."""
    body = sheet.bodies[TEXT_FIELD]
    start = body.index(b"/V(")
    return Sheet(
        data=sheet.data,
        bodies={**sheet.bodies, TEXT_FIELD: body[:start] + body[body.index(b")", start) + 1 :]},
        size=sheet.size,
        last=sheet.last,
        trailer=sheet.trailer,
    )


def _filled_before(office: Office) -> bytes:
    return signed(office, of=fill_note(form_draft(), b"So 15")).data


def _other_text(office: Office) -> bytes:
    """The field's value is one thing, what is drawn another."""
    sheet = fill_note(form_draft(), b"So 15")
    shown = stream(b"BT /F1 10 Tf 2 5 Td (So 99) Tj ET", _FORM + b"[0 0 100 20]")
    after = signed(office, of=sheet).later({TEXT_SHOWN: shown})
    return after.data


def _over_text(office: Office) -> bytes:
    """A stamp by somebody with a good certificate, opaque, right over the sum that the leader signed."""
    shown = cover(FALSE, size=(380, 80))
    return signed(office).add_and_sign(OVER_TEXT, office.clerk, at=LATER, way=Way(shown=shown)).data


def _shared(office: Office) -> bytes:
    """The seal's field names the leader's signature as its own."""
    value = draft().size
    body = entry(bodies(LEADER, NUMBER, SEAL)[8], b"/V %d 0 R/AP<</N %d 0 R>>" % (value, value + 1))
    return signed(office, way=Way(objects={8: body})).data


def _shared_later(office: Office) -> bytes:
    sheet = signed(office)
    value = draft().size
    return sheet.later(sheet.with_entry(8, b"/V %d 0 R/AP<</N %d 0 R>>" % (value, value + 1))).data


def _seal_image(office: Office) -> bytes:
    """The seal's field shows a seal and holds no signature; the leader's beside it is honest."""
    shown = {60: appearance("UBND XA BANG AI", colour=b"1 0 0"), **draft().with_entry(8, b"/AP<</N 60 0 R>>")}
    return signed(office).later(shown).data


def _only_image(office: Office) -> bytes:
    """Nobody signed; a picture says so."""
    shown = {60: appearance("Da ky: Nguyen Van Hien"), **draft().with_entry(6, b"/AP<</N 60 0 R>>")}
    return draft(replace=shown).data


def _same_name(office: Office) -> bytes:
    """Two fields of one name, one of them signed."""
    twin = widget(Box("leader", SEAL.rect))
    return signed(office, of=draft(replace={8: twin})).data


def _covering(office: Office) -> bytes:
    return signed(office).add_and_sign(Box("over", LEADER.rect), office.clerk, at=LATER).data


def _loose(office: Office) -> bytes:
    """A signature dictionary that no field shows, as if there were one more signer."""
    loose = b"<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached/ByteRange[0 9 10 9]/Contents<00>>>"
    return signed(office, of=draft(replace={60: loose})).data


def _not_listed(office: Office) -> bytes:
    """A widget on the page with a signature that the form does not list."""
    lost = widget(Box("lost", ARRIVAL.rect, b"/V 61 0 R"))
    value = b"<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached/ByteRange[0 9 10 9]/Contents<00>>>"
    page = bodies(LEADER, NUMBER, SEAL)[PAGE].replace(b"8 0 R]", b"8 0 R 60 0 R]")
    return signed(office, of=draft(replace={60: lost, 61: value, PAGE: page})).data


def _form_gone(office: Office) -> bytes:
    """The form lists no fields any more: most programs find no signature."""
    sheet = signed(office)
    return sheet.later({FORM: b"<</Fields[]/SigFlags 0>>"}).data


def _other_field(office: Office) -> bytes:
    """The leader's signature stands in the agency's field, and the other way round."""
    crossed = draft().sign("seal", office.leader, at=SIGNED)
    return crossed.later({8: bodies(LEADER, NUMBER, SEAL)[8], 6: _moved(crossed)}).data


def _moved(sheet: Sheet) -> bytes:
    body = sheet.bodies[8]
    return entry(sheet.bodies[6], body[body.index(b"/V ") : -2])


_ONE = {"twin": "plain/one-signature"}
_NOTE = {"twin": "boxes/form-filled-before"}

CASES: tuple[Case, ...] = (
    good("boxes/form-filled-before", "a text field filled in before anybody signed", _filled_before),
    bad(
        "boxes/page-wide-text-field",
        "the signed draft holds an empty text field over the whole page, filled in later",
        _wide_filled,
        shows="whatever somebody types, over the whole page",
        **_NOTE,
    ),
    bad(
        "boxes/page-wide-text-field-empty",
        "the same before it is filled in: bait in the signed draft",
        _wide_text,
        shows="the letter; a page-wide field waits",
        **_NOTE,
    ),
    bad("boxes/page-wide-signature-field", "an empty signature field over the whole page", _wide_box, **_ONE),
    bad("boxes/number-typed-again", "a text field typed again after the seal", _refilled, shows="So 99", **_NOTE),
    bad("boxes/shown-not-value", "what a text field shows is not its value", _other_text, shows="So 99", **_NOTE),
    bad(
        "boxes/stamp-over-text",
        "an opaque stamp over the signed sum",
        _over_text,
        shows=FALSE,
        twin="stamp/arrival",
    ),
    bad("boxes/shared-dictionary", "two fields name one signature", _shared, shows="two signatures", **_ONE),
    bad(
        "boxes/shared-dictionary-later",
        "another field names the signature in a later revision",
        _shared_later,
        shows="two signatures",
        differs=Difference.TAIL,
        **_ONE,
    ),
    bad(
        "boxes/seal-without-signature",
        "a seal's picture in a field that is not signed",
        _seal_image,
        shows="leader and seal",
        differs=Difference.TAIL,
        **_ONE,
    ),
    bad(
        "boxes/picture-of-a-signature",
        "nobody signed",
        _only_image,
        shows="a signature",
        verdicts=NO_SIGNATURE,
        **_ONE,
    ),
    bad("boxes/two-fields-one-name", "two fields of one name", _same_name, **_ONE),
    bad(
        "boxes/over-an-earlier-signature",
        "a stamp right over the leader's signature",
        _covering,
        shows="another name in the leader's place",
        differs=Difference.TAIL,
        **_ONE,
    ),
    bad("boxes/loose-dictionary", "a signature dictionary that no field shows", _loose, **_ONE),
    bad("boxes/widget-not-listed", "a signed widget that the form does not list", _not_listed, **_ONE),
    bad(
        "boxes/form-emptied",
        "the form lists no fields any more",
        _form_gone,
        verdicts=NO_SIGNATURE,
        differs=Difference.TAIL,
        **_ONE,
    ),
    bad(
        "boxes/signature-in-another-field",
        "a signature moved to another field",
        _other_field,
        shows="the leader's name",
        **_ONE,
    ),
)
