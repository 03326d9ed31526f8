"""Certified documents (DocMDP, FieldMDP) and the attacks on them: evil annotations, sneaky signatures (2021)."""

from __future__ import annotations

from functools import partial

from signing.prepare.serialise import serialise
from signing.testing.attacks.case import Case, bad, good, later
from signing.testing.attacks.letter import (
    ARRIVAL,
    LATER,
    LEADER,
    NUMBER,
    OVER_TEXT,
    SEAL,
    bodies,
    draft,
    signed,
)
from signing.testing.attacks.office import SIGNED, Office
from signing.testing.attacks.sheet import Sheet, appearance, cover, entry
from signing.testing.attacks.updates import with_stamp, with_store
from signing.testing.identity import Identity
from signing.testing.paper import CATALOG, FORM, PAGE, Box, Way, stream, widget

TEXT_FIELD, TEXT_SHOWN = 40, 41
FALSE = "Dieu 1. Chi so tien 9 000 000 dong"
_EMPTY = stream(b"", b"/Type/XObject/Subtype/Form/BBox[0 0 100 20]")
_TEXT_BOX = b"/Rect[400 460 500 480]"


def form_draft() -> Sheet:
    """The letter with a text field `note` beside the text."""
    whole = bodies(LEADER, NUMBER, SEAL)
    fields = b"[6 0 R 7 0 R 8 0 R %d 0 R]" % TEXT_FIELD
    note = b"<</Type/Annot/Subtype/Widget/FT/Tx/T(note)/F 4/P 3 0 R%s/DA(/F1 10 Tf 0 g)/AP<</N %d 0 R>>>>"
    own = {
        TEXT_FIELD: note % (_TEXT_BOX, TEXT_SHOWN),
        TEXT_SHOWN: _EMPTY,
        FORM: whole[FORM].replace(b"[6 0 R 7 0 R 8 0 R]", fields),
        PAGE: whole[PAGE].replace(b"[6 0 R 7 0 R 8 0 R]", fields),
    }
    return draft(replace=own)


def reference(method: bytes, parameters: bytes) -> bytes:
    inside = b"<</Type/TransformParams/V/1.2%s>>" % parameters
    return b"/Reference[<</Type/SigRef/TransformMethod/%s/TransformParams%s>>]" % (method, inside)


def certify(
    office: Office, level: int, *, of: Sheet | None = None, name: str = "leader", who: Identity | None = None
) -> Sheet:
    """A certification signature that permits `level` (12.8.2.2): 1 nothing, 2 forms and signing, 3 and notes."""
    sheet = of or draft()
    perms = sheet.with_entry(CATALOG, b"/Perms<</DocMDP %d 0 R>>" % sheet.size)
    words = reference(b"DocMDP", b"/P %d" % level)
    way = Way(dictionary=lambda body: entry(body, words), objects=perms)
    return sheet.sign(name, who or office.leader, at=SIGNED, way=way)


def fill_note(sheet: Sheet, words: bytes) -> Sheet:
    """What filling in the form does: the value and how it looks, in a later revision."""
    shown = stream(
        b"BT /F1 10 Tf 2 5 Td (%s) Tj ET" % words,
        b"/Type/XObject/Subtype/Form/BBox[0 0 100 20]/Resources<</Font<</F1 22 0 R>>>>",
    )
    return sheet.later({**sheet.with_entry(TEXT_FIELD, b"/V(%s)" % words), TEXT_SHOWN: shown})


def annotate(sheet: Sheet, kind: bytes, box: Box, *, more: bytes = b"", shown: bytes | None = None) -> Sheet:
    """A later revision with one annotation on page 1."""
    number, look = sheet.size, sheet.size + 1
    left, bottom, right, top = box.rect
    head = b"<</Type/Annot/Subtype/%s/F 4/P 3 0 R/Rect%s/AP<</N %d 0 R>>" % (kind, serialise(list(box.rect)), look)
    drawn = shown or cover(FALSE, size=(right - left, top - bottom))
    return sheet.later({number: head + more + b">>", look: drawn, **sheet.with_annotations(number)})


def _turned(sheet: Sheet) -> Sheet:
    """A permitted note, and with it a parent that rotates for whoever asks the page and not the tree."""
    noted = annotate(sheet, b"FreeText", ARRIVAL, shown=appearance("da nhan"))
    aside = b"<</Type/Pages/Kids[3 0 R]/Count 1/Rotate 90/Parent 2 0 R>>"
    page = noted.bodies[PAGE].replace(b"/Parent 2 0 R", b"/Parent %d 0 R" % noted.size)
    added = {number: body for number, body in noted.bodies.items() if number not in sheet.bodies}
    return sheet.later({**added, PAGE: page, noted.size: aside})


def new_field(sheet: Sheet, box: Box) -> Sheet:
    """A later revision with an unsigned signature field that shows something."""
    number, look = sheet.size, sheet.size + 1
    left, bottom, right, top = box.rect
    body = entry(widget(box), b"/AP<</N %d 0 R>>" % look)
    shown = cover(FALSE, size=(right - left, top - bottom))
    fields = {**sheet.with_annotations(number), **sheet.with_fields(number)}
    return sheet.later({number: body, look: shown, **fields})


def locked(office: Office, parameters: bytes) -> Sheet:
    """The leader's signature locks fields of the form (FieldMDP, 12.8.2.4)."""
    words = reference(b"FieldMDP", parameters)
    lock = b"/Lock<</Type/SigFieldLock%s>>" % parameters
    base = form_draft()
    field = {6: entry(base.bodies[6], lock)}
    way = Way(dictionary=lambda body: entry(body, words))
    return signed(office, of=draft(replace={**base.bodies, **field}), way=way)


def _noted(office: Office, kind: bytes, more: bytes) -> bytes:
    return annotate(certify(office, 3), kind, OVER_TEXT, more=more).data


def _certified_second(office: Office) -> bytes:
    return certify(office, 2, of=signed(office), name="number", who=office.agency).data


def _two_certifications(office: Office) -> bytes:
    once = certify(office, 2)
    words = reference(b"DocMDP", b"/P 3")
    second = Way(dictionary=lambda body: entry(body, words))
    return once.sign("number", office.agency, at=LATER, way=second).data


def _perms_elsewhere(office: Office) -> bytes:
    """/Perms names a certification that permits more than the signed one; it is nobody's signature."""
    sheet = certify(office, 1)
    fake = b"<</Type/Sig" + reference(b"DocMDP", b"/P 3") + b">>"
    catalog = sheet.bodies[CATALOG].replace(b"/DocMDP %d 0 R" % draft().size, b"/DocMDP %d 0 R" % sheet.size)
    return annotate(sheet.later({sheet.size: fake, CATALOG: catalog}), b"FreeText", ARRIVAL).data


def _permission_raised(office: Office) -> bytes:
    """The certification's own dictionary written again, with P 3 in the place of P 1."""
    sheet = certify(office, 1)
    number = draft().size
    body = sheet.data[sheet.data.index(b"%d 0 obj\n" % number) :]
    body = body[body.index(b"\n") + 1 : body.index(b"\nendobj")].replace(b"/P 1", b"/P 3")
    return annotate(sheet.later({number: body}), b"FreeText", ARRIVAL).data


def _sneaky(office: Office, who: Identity, box: Box = OVER_TEXT) -> bytes:
    left, bottom, right, top = box.rect
    shown = cover(FALSE, size=(right - left, top - bottom))
    return certify(office, 2).add_and_sign(box, who, at=LATER, way=Way(shown=shown)).data


def _stranger(office: Office) -> Identity:
    return office.person(by=office.rogue_issuer)


def _filled(office: Office, parameters: bytes, words: bytes = b"da nhan") -> bytes:
    return fill_note(locked(office, parameters), words).data


_SUM = "the letter orders 9 000 000 instead of 1 000 000"
_ONLY_NOTE = b"/Action/Include/Fields[(note)]"
_OTHERS = b"/Action/Include/Fields[(number)]"

GOOD: tuple[Case, ...] = (
    good(
        "certified/nothing-after",
        "certified, nothing permitted, nothing done",
        lambda office: certify(office, 1).data,
    ),
    good(
        "certified/evidence-after-p1",
        "evidence may follow even where nothing is permitted (ISO 32000-2, table 257)",
        lambda office: with_stamp(with_store(certify(office, 1), office), office).data,
    ),
    good(
        "certified/form-filling-permitted",
        "P 2 and the text field filled in",
        lambda office: fill_note(certify(office, 2, of=form_draft()), b"da nhan").data,
    ).about(integrity="intact", changes_after="form_filling", changes_permitted=True, kind="certification"),
    good(
        "certified/approval-after",
        "P 2 and an approval signature in a planned field",
        lambda office: certify(office, 2).sign("number", office.agency, at=LATER).data,
    ),
    good(
        "certified/annotation-permitted",
        "P 3 and a note off the text",
        lambda office: annotate(certify(office, 3), b"FreeText", ARRIVAL, shown=appearance("da nhan")).data,
    ).about(integrity="intact", changes_after="annotations", changes_permitted=True, kind="certification"),
    good(
        "certified/other-field-locked",
        "a lock on one field, another one filled in",
        lambda office: _filled(office, _OTHERS),
    ),
)

BAD: tuple[Case, ...] = (
    *(
        later(
            f"annotation-attack/{name}",
            f"P 3 permits annotations: {says} over the signed sum",
            partial(_noted, kind=kind, more=more),
            shows=_SUM,
            twin="certified/three",
        )
        for name, says, kind, more in (
            ("free-text", "a text box", b"FreeText", b"/DA(/F1 12 Tf)/Contents(9 000 000)"),
            ("stamp", "a rubber stamp", b"Stamp", b"/Name/Approved"),
            ("redact", "a redaction mark", b"Redact", b"/OverlayText(9 000 000)"),
            ("highlight", "an opaque highlight", b"Highlight", b"/QuadPoints[70 530 400 530 70 450 400 450]"),
            ("ink", "ink", b"Ink", b"/InkList[[70 450 400 530]]"),
            ("square", "a white square", b"Square", b"/IC[1 1 1]"),
        )
    ),
    later(
        "annotation-attack/page-turned",
        "P 3 permits a note off the text; the page's /Parent is turned to a node that no tree holds",
        lambda office: _turned(certify(office, 3)).data,
        shows="the page on its side, in viewers that climb from the page to its parents",
        twin="certified/three",
    ),
    later(
        "annotation-attack/p1",
        "an annotation although nothing is permitted",
        lambda office: annotate(certify(office, 1), b"FreeText", ARRIVAL).data,
        shows="a note beside the text",
        twin="certified/nothing-after",
    ),
    later(
        "annotation-attack/p2",
        "an annotation although only forms are permitted",
        lambda office: annotate(certify(office, 2), b"FreeText", ARRIVAL).data,
        shows="a note beside the text",
        twin="certified/two",
    ),
    later(
        "annotation-attack/approval",
        "an annotation over the sum after a signature that says nothing about changes",
        lambda office: annotate(signed(office), b"FreeText", OVER_TEXT).data,
        shows=_SUM,
        twin="plain/one-signature",
    ),
    later(
        "sneaky-signature/unsigned-field",
        "P 2 permits signing: a new field, never signed, whose appearance covers the sum",
        lambda office: new_field(certify(office, 2), OVER_TEXT).data,
        shows=_SUM,
        twin="certified/two",
    ),
    later(
        "sneaky-signature/signed-by-stranger",
        "a new signature over the sum by somebody without a trusted certificate",
        lambda office: _sneaky(office, _stranger(office)),
        shows=_SUM,
        twin="certified/two",
    ),
    later(
        "sneaky-signature/signed-by-colleague",
        "a new signature over the sum by somebody with a good certificate",
        lambda office: _sneaky(office, office.clerk),
        shows=_SUM,
        twin="certified/two",
    ),
    later(
        "sneaky-signature/over-the-leader",
        "a new signature right over the leader's",
        lambda office: _sneaky(office, office.clerk, Box("over", LEADER.rect)),
        shows="another name in the leader's place",
        twin="certified/two",
    ),
    later(
        "sneaky-signature/page-wide",
        "a new signature as large as the page",
        lambda office: _sneaky(office, office.clerk, Box("over", (0.0, 0.0, 595.0, 842.0))),
        shows="another page",
        twin="certified/two",
    ),
    bad(
        "permissions/not-first", "a certification after another signature", _certified_second, twin="certified/two"
    ),
    bad("permissions/two-certifications", "two certifications", _two_certifications, twin="certified/two"),
    later(
        "permissions/signed-after-p1",
        "an approval signature although nothing is permitted",
        lambda office: certify(office, 1).sign("number", office.agency, at=LATER).data,
        twin="certified/nothing-after",
    ),
    later(
        "permissions/form-filled-after-p1",
        "the form filled in although nothing is permitted",
        lambda office: fill_note(certify(office, 1, of=form_draft()), b"9 000 000").data,
        shows="a text that was not there",
        twin="certified/form-one",
    ),
    later(
        "permissions/perms-elsewhere",
        "/Perms moved to a dictionary that permits more",
        _perms_elsewhere,
        shows="a note beside the text",
        twin="certified/nothing-after",
    ),
    later(
        "permissions/level-rewritten",
        "the certification's dictionary written again with another level",
        _permission_raised,
        shows="a note beside the text",
        twin="certified/nothing-after",
    ),
    bad(
        "permissions/locked-field-filled",
        "a field that the signature locked is filled in",
        lambda office: _filled(office, _ONLY_NOTE, b"9 000 000"),
        shows="a text that was not there",
        twin="certified/other-field-locked",
    ),
    bad(
        "permissions/all-fields-locked",
        "a field filled in although the signature locked them all",
        lambda office: _filled(office, b"/Action/All", b"9 000 000"),
        shows="a text that was not there",
        twin="certified/other-field-locked",
    ),
)

TWINS: tuple[Case, ...] = (
    good("certified/two", "certified with P 2", lambda office: certify(office, 2).data),
    good("certified/three", "certified with P 3", lambda office: certify(office, 3).data),
    good(
        "certified/form-one", "a form certified with P 1", lambda office: certify(office, 1, of=form_draft()).data
    ),
)

CASES = (*GOOD, *TWINS, *BAD)
