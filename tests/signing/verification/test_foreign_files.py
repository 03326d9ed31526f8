"""Files of other programs in every layout: accepted when good, with what happened later said precisely."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pyhanko.sign.fields import FieldMDPAction, FieldMDPSpec, MDPPerm

from signing.reasons import Conclusion, Reason
from signing.testing.paper import Way, sign
from signing.verification.verdict import ChangesAfter, SignatureRole
from tests.signing.verification.foreign import LAYOUTS, SECOND, annotated, filled, form, signed
from tests.signing.verification.office import NOW, Office

pytestmark = pytest.mark.slow
PASSED, OPEN, FAILED = Conclusion.PASSED, Conclusion.INDETERMINATE, Conclusion.FAILED
NONE, FILLING, ANNOTATING = MDPPerm.NO_CHANGES, MDPPerm.FILL_FORMS, MDPPerm.ANNOTATE
ASIDE, OVER = (500, 20, 530, 40), (70, 300, 500, 780)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_signed_twice_in_every_layout(office: Office, layout: str) -> None:
    """PAdES and then the old format by another person; the second is named in the first."""
    once = signed(LAYOUTS[layout](), "First", office.agency, at=NOW)
    twice = signed(once, "Second", office.agency, at=NOW, box=SECOND, pades=False)
    first, second = office.judge(once, plan=None), office.judge(twice, plan=None)
    assert (first.verdict, first.reasons) == (PASSED, ()), (first.detail, first.leniencies)
    assert (second.verdict, second.reason) == (PASSED, Reason.LATER_VISIBLE_SIGNATURE), second.reasons
    assert [item.changes_after for item in second.signatures] == [ChangesAfter.SIGNING, ChangesAfter.NONE]
    assert [item.subfilter for item in second.signatures] == ["ETSI.CAdES.detached", "adbe.pkcs7.detached"]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_filled_in_after_signing(office: Office, layout: str) -> None:
    """An empty field may be filled in, and it is said; filled in once more it is not the signed text."""
    once = filled(signed(LAYOUTS[layout](), "First", office.agency, at=NOW), "received")
    verdict = office.judge(once, plan=None)
    assert (verdict.verdict, verdict.reason) == (PASSED, Reason.FORM_FILLED_LATER), verdict.reasons
    assert verdict.signatures[0].changes_after is ChangesAfter.FORM_FILLING
    before = signed(filled(LAYOUTS[layout](), "received"), "First", office.agency, at=NOW)
    again = office.judge(filled(before, "refused"), plan=None)
    assert (again.verdict, again.reason) == (OPEN, Reason.FIELD_REFILLED)


LEVELS: list[tuple[MDPPerm | None, str, Conclusion, Reason | None, bool]] = [
    (None, "nothing", PASSED, None, True),
    (None, "comment", OPEN, Reason.ANNOTATED_LATER, False),
    (None, "stamp", PASSED, Reason.LATER_VISIBLE_SIGNATURE, True),
    (NONE, "nothing", PASSED, None, True),
    (NONE, "filled", FAILED, Reason.CHANGE_NOT_PERMITTED, False),
    (NONE, "comment", FAILED, Reason.CHANGE_NOT_PERMITTED, False),
    (FILLING, "filled", PASSED, Reason.FORM_FILLED_LATER, True),
    (FILLING, "comment", FAILED, Reason.CHANGE_NOT_PERMITTED, False),
    (FILLING, "hidden signature", PASSED, None, True),
    (FILLING, "stamp", FAILED, Reason.CHANGE_NOT_PERMITTED, False),
    (ANNOTATING, "filled", PASSED, Reason.FORM_FILLED_LATER, True),
    (ANNOTATING, "comment", PASSED, Reason.ANNOTATED_ASIDE, True),
    (ANNOTATING, "comment over the text", OPEN, Reason.ANNOTATED_LATER, True),
    (ANNOTATING, "stamp", FAILED, Reason.CHANGE_NOT_PERMITTED, False),
]
ACTS: dict[str, Callable[[Office, bytes], bytes]] = {
    "nothing": lambda office, data: data,
    "filled": lambda office, data: filled(data, "received"),
    "comment": lambda office, data: annotated(data, "/Square", ASIDE),
    "comment over the text": lambda office, data: annotated(data, "/Square", OVER),
    "stamp": lambda office, data: signed(data, "Later", office.agency, at=NOW, box=SECOND),
    "hidden signature": lambda office, data: signed(data, "Later", office.agency, at=NOW, box=None),
}


@pytest.mark.parametrize(("level", "act", "verdict", "reason", "permitted"), LEVELS)
def test_what_a_certification_permits(
    office: Office, level: MDPPerm | None, act: str, verdict: Conclusion, reason: Reason | None, permitted: bool
) -> None:
    """DocMDP 1, 2 and 3 and none, against what may come later."""
    data = ACTS[act](office, signed(form(), "First", office.agency, at=NOW, certify=level))
    first = office.judge(data, plan=None).signature("First")
    assert first is not None
    assert (first.verdict, first.reason, first.changes_permitted) == (verdict, reason, permitted), first.changes
    assert first.kind is (SignatureRole.APPROVAL if level is None else SignatureRole.CERTIFICATION)


@pytest.mark.parametrize(
    ("lock", "verdict"),
    [
        (FieldMDPSpec(FieldMDPAction.ALL), FAILED),
        (FieldMDPSpec(FieldMDPAction.INCLUDE, ["note"]), FAILED),
        (FieldMDPSpec(FieldMDPAction.INCLUDE, ["agreed"]), PASSED),
        (FieldMDPSpec(FieldMDPAction.EXCLUDE, ["note"]), PASSED),
        (FieldMDPSpec(FieldMDPAction.EXCLUDE, ["agreed"]), FAILED),
    ],
)
def test_locked_fields_stay_as_they_are(office: Office, lock: FieldMDPSpec, verdict: Conclusion) -> None:
    """FieldMDP: all, the named ones, all but the named ones."""
    data = filled(signed(form(), "First", office.agency, at=NOW, lock=lock), "received")
    assert office.judge(data, plan=None).verdict is verdict


def test_certification_comes_first(office: Office) -> None:
    """A certification behind somebody's signature is none."""
    certifying = b"/Reference[<</Type/SigRef/TransformMethod/DocMDP/TransformParams<</P 2>>>>]>>"
    way = Way(dictionary=lambda body: body[:-2] + certifying)
    alone = sign(office.paper, "leader", office.leader, at=NOW, way=way)
    late = sign(office.signed, "number", office.agency, at=NOW, way=way)
    assert office.judge(alone).verdict is PASSED
    number = office.judge(late).signature("number")
    assert number is not None
    assert (number.verdict, number.reason) == (FAILED, Reason.CERTIFICATION_NOT_FIRST)
