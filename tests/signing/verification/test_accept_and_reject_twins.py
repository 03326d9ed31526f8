"""Every defect beside its good twin: the one refused with its reason, the other accepted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from signing.pdf import read
from signing.reasons import Conclusion, Reason
from signing.testing.messages import MessageDefect, message
from signing.testing.paper import (
    CATALOG,
    CONTENT,
    FIRST_FIELD,
    FORM,
    PAGE,
    Box,
    Way,
    add_and_sign,
    append,
    blank,
    form,
    sign,
    stream,
    widget,
    write,
)
from tests.signing.verification.office import ARRIVAL_BOX, LEADER_BOX, NOW, PLAN, Office

PASSED, OPEN, FAILED = Conclusion.PASSED, Conclusion.INDETERMINATE, Conclusion.FAILED
Making = Callable[[Office], bytes]


def test_issued_document_passes(office: Office) -> None:
    """Leader, number and seal, each judged on what came after it."""
    verdict = office.judge(office.issued)
    assert [(item.field, item.verdict, item.changes_after) for item in verdict.signatures] == [
        ("leader", "passed", "signing"),
        ("number", "passed", "signing"),
        ("seal", "passed", "none"),
    ]
    assert verdict.verdict is PASSED
    assert verdict.reason is None
    assert [item.coverage for item in verdict.signatures] == ["revision", "revision", "whole_file"]


MESSAGES = {
    MessageDefect.NO_SIGNED_ATTRIBUTES: (FAILED, Reason.SIGNED_ATTRIBUTES_MISSING),
    MessageDefect.NO_CERTIFICATE_ID: (FAILED, Reason.SIGNING_CERTIFICATE_MISSING),
    MessageDefect.WRONG_CERTIFICATE_ID: (FAILED, Reason.SIGNING_CERTIFICATE_MISMATCH),
    MessageDefect.NO_DIGEST: (FAILED, Reason.DIGEST_MISSING),
    MessageDefect.DOUBLED_DIGEST: (FAILED, Reason.ATTRIBUTE_DOUBLED),
    MessageDefect.WRONG_DIGEST: (FAILED, Reason.DIGEST_MISMATCH),
    MessageDefect.WRONG_CONTENT_TYPE: (FAILED, Reason.CONTENT_TYPE_WRONG),
    MessageDefect.TWO_SIGNERS: (FAILED, Reason.SEVERAL_SIGNERS),
    MessageDefect.NO_SIGNER: (FAILED, Reason.SEVERAL_SIGNERS),
    MessageDefect.ATTACHED_CONTENT: (FAILED, Reason.CONTENT_ATTACHED),
    MessageDefect.UNSORTED_ATTRIBUTES: (PASSED, None),  # signed in the order they came in, as some programs do
    MessageDefect.DIGEST_DISAGREES: (FAILED, Reason.ALGORITHMS_DISAGREE),
    MessageDefect.PROTECTION_DISAGREES: (FAILED, Reason.ALGORITHMS_DISAGREE),
    MessageDefect.PSS_WITHOUT_SALT: (FAILED, Reason.ALGORITHMS_DISAGREE),
    MessageDefect.PSS_MASK_SHA1: (FAILED, Reason.ALGORITHMS_DISAGREE),
    MessageDefect.SHA1: (FAILED, Reason.ALGORITHM_WEAK),
    MessageDefect.FLIPPED_BIT: (FAILED, Reason.SIGNATURE_WRONG),
    MessageDefect.NO_CERTIFICATES: (OPEN, Reason.CERTIFICATE_NOT_FOUND),
    MessageDefect.INDEFINITE_LENGTH: (PASSED, None),  # unusual, and readable in one way only
    MessageDefect.GARBAGE: (FAILED, Reason.CMS_UNREADABLE),
}


@pytest.mark.parametrize("defect", MessageDefect)
def test_message_defect_is_refused(office: Office, defect: MessageDefect) -> None:
    """One defect of the CMS at a time; without it the same file passes (below)."""
    way = Way(message=lambda who, content: message(who, content, defect=defect))
    verdict = office.judge(sign(office.paper, "leader", office.agency, at=NOW, way=way))
    assert (verdict.verdict, verdict.reason) == MESSAGES[defect]


def test_message_without_defect_passes(office: Office) -> None:
    """The good twin of all message defects."""
    assert office.judge(sign(office.paper, "leader", office.agency, at=NOW)).verdict is PASSED


def _shifted(by_start: int, by_end: int) -> Way:
    return Way(numbers=lambda start, end, length: (0, start + by_start, end + by_end, length - end - by_end))


RANGES: dict[str, tuple[Way, Reason]] = {
    "hole wider than contents": (_shifted(-5, 5), Reason.BYTE_RANGE_GAP),
    "hole narrower than contents": (_shifted(1, -1), Reason.BYTE_RANGE_GAP),
    "range not from zero": (
        Way(numbers=lambda start, end, length: (1, start - 1, end, length - end)),
        Reason.BYTE_RANGE_GAP,
    ),
    "range ends early": (
        Way(numbers=lambda start, end, length: (0, start, end, length - end - 20)),
        Reason.BYTE_RANGE_END,
    ),
    "range of six numbers": (
        Way(numbers=lambda start, end, length: (0, start, end, 10, end + 10, length - end - 10)),
        Reason.BYTE_RANGE_MALFORMED,
    ),
    "padding not zero": (Way(filled=lambda digits: digits[:-2] + b"01"), Reason.PADDING_NOT_ZERO),
    "white space in contents": (
        Way(filled=lambda digits: digits[:-2] + b" 0"),
        Reason.CONTENTS_MALFORMED,
    ),
}


@pytest.mark.parametrize("defect", RANGES)
def test_range_defect_is_refused(office: Office, defect: str) -> None:
    """The covered bytes are exactly all but /Contents, up to the end of the revision."""
    way, reason = RANGES[defect]
    verdict = office.judge(sign(office.paper, "leader", office.leader, at=NOW, way=way))
    assert (verdict.verdict, verdict.reason) == (FAILED, reason)


def _later(objects: dict[int, bytes]) -> Making:
    return lambda office: append(office.issued, objects)


def _flip(office: Office) -> bytes:
    place = office.signed.index(b"0 0 100 100 re")
    return office.signed[:place] + b"9" + office.signed[place + 1 :]


def _swap_contents(office: Office) -> bytes:
    """The leader's CMS moved into a document of the same shape with another text."""
    other = sign(blank(*PLAN, replace={CONTENT: stream(b"0 0 999 100 re S")}), "leader", office.leader, at=NOW)
    hole = read(office.signed).signature_fields()[0].value
    assert hole is not None
    contents = hole["Contents"]
    return other[: contents.start] + office.signed[contents.start : contents.end] + other[contents.end :]


def _shared(office: Office) -> bytes:
    value = read(office.paper).size
    share = Way(objects={FIRST_FIELD + 1: widget(replace(PLAN[1], extra=b"/V %d 0 R" % value))})
    return sign(office.paper, "leader", office.leader, at=NOW, way=share)


def _dangling(office: Office) -> bytes:
    resources = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F 99 0 R>>>>/Contents 4 0 R>>"
    signed = sign(blank(*PLAN, replace={PAGE: resources}), "leader", office.leader, at=NOW)
    return append(signed, {99: b"<</Type/Font>>"})


def _hidden_object(office: Office) -> bytes:
    """An object between others that no table names: a repairing reader would find it."""
    hidden, start = b"3 0 obj\n<</Type/Page>>\nendobj\n", office.paper.index(b"xref\n")
    tail = office.paper[start:].replace(b"startxref\n%d" % start, b"startxref\n%d" % (start + len(hidden)))
    return sign(office.paper[:start] + hidden + tail, "leader", office.leader, at=NOW)


def _repeated_tail(office: Office) -> bytes:
    """The last words once more, so that they point at a revision which does not end the file."""
    tail = office.signed[office.signed.rindex(b"startxref") :]
    return office.signed + b"4 0 obj\n<<>>\nendobj\n" + tail


def _moved(office: Office) -> bytes:
    old, new = b"/Rect [340 130 500 210]", b"/Rect [340 530 500 610]"
    if old not in sign(office.paper, "leader", office.leader, at=NOW):
        old, new = b"/Rect[340 130 500 210]", b"/Rect[340 530 500 610]"
    return sign(office.paper, "leader", office.leader, at=NOW, way=Way(field=lambda body: body.replace(old, new)))


def _planned_elsewhere(office: Office) -> bytes:
    boxes = (Box("leader", (100.0, 530.0, 260.0, 610.0)), *PLAN[1:])
    return sign(blank(*boxes), "leader", office.leader, at=NOW)


def _shown(body: bytes) -> Making:
    return lambda office: sign(office.paper, "leader", office.leader, at=NOW, way=Way(shown=body))


def _stamp(box: Box, base: str = "issued", way: Way | None = None) -> Making:
    return lambda office: add_and_sign(getattr(office, base), box, office.agency, at=NOW, way=way or Way())


def _page_wide_draft(office: Office) -> bytes:
    wide = Box("wide", (0.0, 0.0, 595.0, 842.0))
    return sign(blank(*PLAN, wide), "leader", office.leader, at=NOW)


def _beside_large(bottom: float, content: bytes = b"BT /F 12 Tf 60 100 Td (Quyet dinh) Tj ET") -> Making:
    """An empty box over a third of the page: over empty paper it can hide nothing."""
    large = Box("large", (0.0, bottom, 595.0, bottom + 300.0))
    paper = blank(*PLAN, large, replace={CONTENT: stream(content)})
    return lambda office: sign(paper, "leader", office.leader, at=NOW)


def _signed_page_wide(office: Office) -> bytes:
    """Whoever signs in the large box signs what it shows; nothing was there before."""
    wide = Box("wide", (0.0, 0.0, 595.0, 842.0))
    return sign(blank(wide), "wide", office.leader, at=NOW)


def _loose_signature(office: Office) -> bytes:
    loose = b"<</Type/Sig/ByteRange[0 1 2 3]/Contents<00>>>"
    return sign(blank(*PLAN, replace={9: loose}), "leader", office.leader, at=NOW)


def _catalog(entry: bytes) -> Making:
    body = b"<</Type/Catalog/Pages 2 0 R/AcroForm 5 0 R" + entry + b">>"
    return lambda office: sign(blank(*PLAN, replace={CATALOG: body}), "leader", office.leader, at=NOW)


def _appearance_later(office: Office) -> bytes:
    number = next(item for item in read(office.issued).signature_fields() if item.name == "number")
    other = stream(b"0 0 99 9 re f", b"/Type/XObject/Subtype/Form/Resources<<>>/BBox[0 0 480 30]")
    return append(office.issued, {number.node["AP"]["N"].num: other})


def _appearance_then_signed(office: Office) -> bytes:
    """The number redrawn, then another signature over the whole file: judged on what came after the number."""
    return add_and_sign(_appearance_later(office), ARRIVAL_BOX, office.agency, at=NOW)


def _unsigned_field_later(office: Office) -> bytes:
    fields = b"<</Fields[6 0 R 7 0 R 8 0 R 90 0 R]/SigFlags 3>>"
    page = read(office.issued).pages()[0].node
    listed = b" ".join(b"%d 0 R" % ref.num for ref in page["Annots"])
    body = (
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<<>>/Contents 4 0 R/Annots[%s 90 0 R]>>" % listed
    )
    return append(office.issued, {90: widget(ARRIVAL_BOX), FORM: fields, PAGE: body})


def _field_of_another_owner(office: Office) -> bytes:
    return sign(office.paper, "leader", office.agency, at=NOW)


FILES: dict[str, tuple[Making, tuple[Conclusion, Reason]]] = {
    "one byte of the text changed": (_flip, (FAILED, Reason.DIGEST_MISMATCH)),
    "signature of another document": (_swap_contents, (FAILED, Reason.DIGEST_MISMATCH)),
    "page content replaced later": (
        _later({CONTENT: stream(b"0 0 999 100 re S")}),
        (FAILED, Reason.CHANGED_AFTER_SIGNING),
    ),
    "page replaced later": (
        _later({PAGE: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<<>>/Contents 4 0 R/Rotate 90>>"}),
        (FAILED, Reason.CHANGED_AFTER_SIGNING),
    ),
    "appearance changed later": (_appearance_later, (FAILED, Reason.APPEARANCE_CHANGED)),
    "appearance changed, then signed over": (_appearance_then_signed, (FAILED, Reason.APPEARANCE_CHANGED)),
    "visible unsigned field added later": (_unsigned_field_later, (OPEN, Reason.UNEXPLAINED_CHANGE)),
    "garbage after the end": (
        lambda office: office.signed + b"4 0 obj\n<<>>\nendobj\n",
        (FAILED, Reason.GARBAGE_AFTER_EOF),
    ),
    "garbled tail after the end": (
        lambda office: append(office.signed, {CONTENT: stream(b"9")})[:-6] + b"%%E0F\n",
        (FAILED, Reason.GARBAGE_AFTER_EOF),
    ),
    "another document before a repeated tail": (_repeated_tail, (FAILED, Reason.GARBAGE_AFTER_EOF)),
    "two fields, one signature": (_shared, (FAILED, Reason.SIGNATURE_SHARED)),
    "dangling reference supplied later": (_dangling, (FAILED, Reason.CHANGED_AFTER_SIGNING)),
    "object that no table names": (_hidden_object, (FAILED, Reason.TWO_READINGS)),
    "box moved while signing": (_moved, (FAILED, Reason.FIELD_MOVED)),
    "box not where it was planned": (_planned_elsewhere, (FAILED, Reason.FIELD_MOVED)),
    "appearance larger than its box": (
        _shown(form(160, 80, box=b"[0 0 600 800]")),
        (FAILED, Reason.APPEARANCE_NOT_PLAIN),
    ),
    "appearance with a matrix": (
        _shown(form(160, 80, entries=b"/Matrix[2 0 0 2 0 0]")),
        (FAILED, Reason.APPEARANCE_NOT_PLAIN),
    ),
    "appearance in a transparency group": (
        _shown(form(160, 80, entries=b"/Group<</S/Transparency>>")),
        (FAILED, Reason.APPEARANCE_NOT_PLAIN),
    ),
    "appearance in optional content": (
        _shown(form(160, 80, entries=b"/OC<</Type/OCG>>")),
        (FAILED, Reason.APPEARANCE_NOT_PLAIN),
    ),
    "stamp over an earlier signature": (
        _stamp(Box("arrival", (350.0, 150.0, 400.0, 200.0))),
        (FAILED, Reason.COVERS_EARLIER_SIGNATURE),
    ),
    "stamp as large as the page": (
        _stamp(Box("arrival", (0.0, 230.0, 595.0, 690.0))),
        (OPEN, Reason.FIELD_TOO_LARGE),
    ),
    "stamp that replaces the page content": (
        _stamp(ARRIVAL_BOX, way=Way(objects={CONTENT: stream(b"9 9 9 9 re S")})),
        (FAILED, Reason.CHANGED_AFTER_SIGNING),
    ),
    "stamp that hides content in metadata": (
        _stamp(
            ARRIVAL_BOX,
            way=Way(
                objects={
                    CATALOG: b"<</Type/Catalog/Pages 2 0 R/AcroForm 5 0 R/Metadata 40 0 R>>",
                    40: b"<</Type/Metadata/Content 3 0 R>>",
                }
            ),
        ),
        (OPEN, Reason.UNEXPLAINED_CHANGE),
    ),
    "draft with a large field over the content": (_beside_large(50.0), (OPEN, Reason.FIELD_TOO_LARGE)),
    "draft with a large field on a page without text": (
        _beside_large(300.0, b"0 0 600 850 re f"),
        (OPEN, Reason.FIELD_TOO_LARGE),
    ),
    "draft with a page-wide field": (_page_wide_draft, (OPEN, Reason.FIELD_TOO_LARGE)),
    "signature dictionary without a field": (_loose_signature, (OPEN, Reason.SIGNATURE_WITHOUT_FIELD)),
    "legacy subfilter nobody checks": (
        lambda office: sign(
            office.paper, "leader", office.leader, at=NOW, way=Way(subfilter=b"adbe.x509.rsa_sha1")
        ),
        (OPEN, Reason.FORMAT_NOT_SUPPORTED),
    ),
    "encrypted": (
        lambda office: write(
            b"%PDF-1.7\n",
            {1: b"<</Type/Catalog/Pages 2 0 R>>", 2: b"<</Type/Pages/Kids[]/Count 0>>"},
            b"/Root 1 0 R/Encrypt<<>>",
        ),
        (OPEN, Reason.ENCRYPTED),
    ),
}  # fmt: skip


@pytest.mark.parametrize("defect", FILES)
def test_file_defect_is_refused(office: Office, defect: str) -> None:
    """One defect of the file at a time, with the verdict and the reason that decides."""
    making, expected = FILES[defect]
    verdict = office.judge(making(office))
    assert (verdict.verdict, verdict.reason) == expected, (verdict.detail, verdict.reasons)


GOOD_TWINS: dict[str, Making] = {
    "leader alone": lambda office: office.signed,
    "issued": lambda office: office.issued,
    "appearance of the size of its box": _shown(form(160, 80)),
    "stamp beside the signatures": _stamp(ARRIVAL_BOX),
    "stamp on a leader's draft": _stamp(ARRIVAL_BOX, base="signed"),
    "stamp by a program that updates metadata": _stamp(
        ARRIVAL_BOX,
        way=Way(
            objects={
                CATALOG: b"<</Type/Catalog/Pages 2 0 R/AcroForm 5 0 R/Version/2.0/Metadata 40 0 R"
                b"/Extensions<</ESIC<</BaseVersion/1.7/ExtensionLevel 1>>>>>>",
                40: stream(b"<x:xmpmeta/>", b"/Type/Metadata/Subtype/XML"),
            }
        ),
    ),
    "large field over empty paper": _beside_large(300.0),
    "page-wide field, signed in by itself": _signed_page_wide,
    "opens at a page": _catalog(b"/OpenAction[3 0 R/Fit]"),
    "places with names": _catalog(b"/Names<</Dests<<>>>>"),
}


@pytest.mark.parametrize("twin", GOOD_TWINS)
def test_good_twin_passes(office: Office, twin: str) -> None:
    """What only looks like a defect is accepted."""
    verdict = office.judge(GOOD_TWINS[twin](office))
    assert verdict.verdict is PASSED, (verdict.reasons, verdict.detail)


def test_owner_is_held_to_the_certificate(office: Office) -> None:
    """A box belongs to enrolled certificates, whatever name stands in another one."""
    owners = {"leader": frozenset({office.leader.fingerprint})}
    assert office.judge(office.signed, owners=owners).verdict is PASSED
    other = office.judge(_field_of_another_owner(office), owners=owners)
    assert (other.verdict, other.reason) == (FAILED, Reason.WRONG_OWNER)


def test_foreign_stamp_is_named(office: Office) -> None:
    """A later visible signature leaves the earlier ones valid and is named in each of them."""
    verdict = office.judge(add_and_sign(office.issued, ARRIVAL_BOX, office.agency, at=NOW))
    leader = verdict.signature("leader")
    assert leader is not None
    assert (verdict.verdict, verdict.reason) == (PASSED, Reason.LATER_VISIBLE_SIGNATURE)
    named = [change for change in leader.changes if not change.planned]
    assert [(change.field, change.by, change.visible) for change in named] == [
        ("arrival", "Ủy ban nhân dân xã Bằng Ái", True)
    ]
    stamp = verdict.signature("arrival")
    assert stamp is not None
    assert stamp.reason is Reason.UNPLANNED_FIELD


def test_without_a_plan_the_fields_of_the_signed_revision_count(office: Office) -> None:
    """Nobody gave a plan: number and seal were there when the leader signed, the stamp was not."""
    issued = office.judge(office.issued, plan=None)
    assert (issued.verdict, issued.reason) == (PASSED, None)
    stamped = office.judge(add_and_sign(office.issued, ARRIVAL_BOX, office.agency, at=NOW), plan=None)
    assert stamped.reason is Reason.LATER_VISIBLE_SIGNATURE


@pytest.mark.parametrize(
    ("data", "reason"),
    [(b"", Reason.EMPTY), (b"PK\x03\x04", Reason.NOT_A_PDF), (b"%PDF-1.7\n1 0 obj", Reason.TRUNCATED)],
)
def test_no_pdf_is_malformed(office: Office, data: bytes, reason: Reason) -> None:
    """An answer with a reason, never a traceback."""
    verdict = office.judge(data)
    assert (verdict.verdict, verdict.reason) == (Conclusion.MALFORMED, reason)


def test_unsigned_document_says_which_fields_wait(office: Office) -> None:
    """No signature is neither good nor bad."""
    verdict = office.judge(office.paper)
    assert (verdict.verdict, verdict.unsigned_fields) == (Conclusion.UNSIGNED, ("leader", "number", "seal"))


def test_every_failed_facet_is_reported(office: Office) -> None:
    """A changed text and an unknown root are both said, the failure first."""
    verdict = office.judge(_flip(office), trust=type(office.trust)())
    assert set(verdict.reasons) == {Reason.DIGEST_MISMATCH, Reason.NO_TRUST_GIVEN}
    assert verdict.reason is Reason.DIGEST_MISMATCH


def test_verdict_survives_json(office: Office) -> None:
    """Stored verdicts come back whole."""
    verdict = office.judge(add_and_sign(office.issued, ARRIVAL_BOX, office.agency, at=NOW))
    again = type(verdict).from_json(verdict.to_json())
    assert again == verdict
    assert again.to_json() == verdict.to_json()


def test_box_is_where_the_reader_finds_it(office: Office) -> None:
    """The verdict says page and box of every signature."""
    leader = office.judge(office.signed).signatures[0]
    assert (leader.page, leader.box) == (0, LEADER_BOX.rect)
