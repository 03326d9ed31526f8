"""Files that the strict reading leaves open: what the careful one says of them, and what it forgave."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from signing.cms.algorithms import hash_of
from signing.pdf import read
from signing.reasons import Conclusion, Reason
from signing.testing import Identity
from signing.testing.messages import MessageDefect, message
from signing.testing.paper import CATALOG, FORM, Way, append, blank, sign, stream
from signing.verification.verdict import ChangesAfter, Integrity
from tests.signing.verification.office import NOW, PLAN, Office

Making = Callable[[Office], bytes]


def _catalog(entry: bytes) -> Making:
    body = b"<</Type/Catalog/Pages 2 0 R/AcroForm 5 0 R" + entry + b">>"
    return _draft({CATALOG: body})


def _draft(objects: dict[int, bytes]) -> Making:
    return lambda office: sign(blank(*PLAN, replace=objects), "leader", office.leader, at=NOW)


def _second_catalog(office: Office) -> bytes:
    number = read(office.signed).size
    body = b"<</Type/Catalog/Pages 2 0 R/AcroForm 5 0 R>>"
    return append(office.signed, {number: body}, trailer=b"/Root %d 0 R" % number)


def _duplicate_key(office: Office) -> bytes:
    twice = Way(dictionary=lambda body: body[:-2] + b"/Type/Sig>>")
    return sign(office.paper, "leader", office.leader, at=NOW, way=twice)


TEXT = b"<</Type/Annot/Subtype/Widget/FT/Tx/T(amount)/V(1)/Rect[0 0 50 20]/P 3 0 R>>"
FORGIVEN: dict[str, tuple[Making, tuple[Reason, ...]]] = {
    "an object that nothing uses": (lambda office: append(office.signed, {99: b"<</Type/Font>>"}), ()),
    "the same catalog under another number": (_second_catalog, ()),
    "the same key twice with the same value": (_duplicate_key, ()),
    "a text field that was filled in before": (
        _draft({9: TEXT, FORM: b"<</Fields[6 0 R 7 0 R 8 0 R 9 0 R]/SigFlags 3>>"}),
        (),
    ),
    "white space behind the end": (lambda office: office.signed + b" \n\n", ()),
    "a script that runs when it is opened": (
        _catalog(b"/OpenAction<</S/JavaScript/JS(app.alert)>>"),
        (Reason.ACTIVE_CONTENT,),
    ),
    "optional content": (_catalog(b"/OCProperties<</D<<>>>>"), (Reason.ACTIVE_CONTENT,)),
    "fields that the viewer draws": (
        _draft({FORM: b"<</Fields[6 0 R 7 0 R 8 0 R]/NeedAppearances true>>"}),
        (Reason.ACTIVE_CONTENT,),
    ),
}


@pytest.mark.parametrize("oddity", FORGIVEN)
def test_oddity_is_forgiven_and_named(office: Office, oddity: str) -> None:
    """Passed with its remark on the careful path, left open by the strict one."""
    making, remarks = FORGIVEN[oddity]
    verdict = office.judge(making(office))
    assert (verdict.verdict, verdict.reasons, verdict.basis) == (Conclusion.PASSED, remarks, "careful")
    assert [item.changes_after for item in verdict.signatures] == [ChangesAfter.NONE]
    strict = office.judge(making(office), careful=False)
    assert strict.verdict is Conclusion.INDETERMINATE


def test_leniency_stands_in_the_verdict(office: Office) -> None:
    """What was forgiven is named with its place, and survives JSON."""
    verdict = office.judge(office.signed + b"\n\n")
    assert verdict.leniencies == (f"white_space_after_eof {len(office.signed)}",)
    assert type(verdict).from_json(verdict.to_json()) == verdict


def _digest_inside(who: Identity, content: bytes) -> bytes:
    """adbe.pkcs7.sha1: the message carries the SHA-1 digest of the covered bytes as its content."""
    return message(who, hash_of("sha1", content), defect=MessageDefect.ATTACHED_CONTENT)


def test_old_format_over_a_sha1_digest_is_intact_and_too_weak(office: Office) -> None:
    """The facets say what it is: nothing was changed, and SHA-1 proves nothing any more."""
    way = Way(message=_digest_inside, subfilter=b"adbe.pkcs7.sha1")
    (found,) = office.judge(sign(office.paper, "leader", office.agency, at=NOW, way=way)).signatures
    assert (found.verdict, found.reasons) == (Conclusion.FAILED, (Reason.ALGORITHM_WEAK,))
    assert (found.integrity, found.algorithms, found.subfilter) == (Integrity.INTACT, "weak", "adbe.pkcs7.sha1")


def test_old_format_over_another_digest_is_broken(office: Office) -> None:
    """The digest inside must be that of these bytes."""
    way = Way(message=lambda who, content: _digest_inside(who, content + b"x"), subfilter=b"adbe.pkcs7.sha1")
    (found,) = office.judge(sign(office.paper, "leader", office.agency, at=NOW, way=way)).signatures
    assert (found.reason, found.integrity) == (Reason.DIGEST_MISMATCH, Integrity.BROKEN)


def test_old_format_need_not_name_its_certificate(office: Office) -> None:
    """adbe.pkcs7.detached is plain CMS; PAdES must name it (ETSI EN 319 142-1, 6.3)."""

    def unnamed(who: Identity, content: bytes) -> bytes:
        return message(who, content, defect=MessageDefect.NO_CERTIFICATE_ID)

    way = Way(message=unnamed, subfilter=b"adbe.pkcs7.detached")
    verdict = office.judge(sign(office.paper, "leader", office.agency, at=NOW, way=way))
    assert (verdict.verdict, verdict.reasons) == (Conclusion.PASSED, (Reason.SIGNING_CERTIFICATE_UNNAMED,))


LATER: dict[str, tuple[dict[int, bytes], Reason]] = {
    "a script": (
        {CATALOG: b"<</Type/Catalog/Pages 2 0 R/AcroForm 5 0 R/OpenAction<</S/JavaScript/JS(x)>>>>"},
        Reason.CHANGED_AFTER_SIGNING,
    ),
    "an attachment": (
        {CATALOG: b"<</Type/Catalog/Pages 2 0 R/AcroForm 5 0 R/Names<</EmbeddedFiles<</Names[]>>>>>>"},
        Reason.CHANGED_AFTER_SIGNING,
    ),
    "layers": (
        {CATALOG: b"<</Type/Catalog/Pages 2 0 R/AcroForm 5 0 R/OCProperties<</OCGs[]>>>>"},
        Reason.CHANGED_AFTER_SIGNING,
    ),
    "a form that is shown instead of the pages": (
        {FORM: b"<</Fields[6 0 R 7 0 R 8 0 R]/SigFlags 3/XFA 99 0 R>>", 99: stream(b"<xdp/>")},
        Reason.CHANGED_AFTER_SIGNING,
    ),
    "another colour for printing": (
        {CATALOG: b"<</Type/Catalog/Pages 2 0 R/AcroForm 5 0 R/OutputIntents[<<>>]>>"},
        Reason.CHANGED_AFTER_SIGNING,
    ),
    "a page tree of another shape": (
        {2: b"<</Type/Pages/Kids[3 0 R 3 0 R]/Count 2>>"},
        Reason.STRUCTURE_UNREADABLE,
    ),
    "fields that the viewer draws": (
        {FORM: b"<</Fields[6 0 R 7 0 R 8 0 R]/SigFlags 3/NeedAppearances true>>"},
        Reason.UNEXPLAINED_CHANGE,
    ),
    "an outline": (
        {CATALOG: b"<</Type/Catalog/Pages 2 0 R/AcroForm 5 0 R/Outlines<</Count 0>>>>"},
        Reason.UNEXPLAINED_CHANGE,
    ),
    "a field taken away": ({FORM: b"<</Fields[6 0 R 8 0 R]/SigFlags 3>>"}, Reason.CHANGED_AFTER_SIGNING),
    "the signed field taken away": ({FORM: b"<</Fields[7 0 R 8 0 R]/SigFlags 3>>"}, Reason.SIGNATURE_WITHOUT_FIELD),
}


@pytest.mark.parametrize("change", LATER)
def test_later_change_is_refused(office: Office, change: str) -> None:
    """One change in a revision after the leader's; without it the file passes."""
    objects, reason = LATER[change]
    verdict = office.judge(append(office.signed, objects))
    assert verdict.verdict in (Conclusion.FAILED, Conclusion.INDETERMINATE)
    assert reason in verdict.reasons, (verdict.reasons, verdict.detail)
