"""Papers of other offices: a seal belongs over a third of the signature, a stamp beside the text."""

from __future__ import annotations

import pytest

from signing.reasons import Conclusion, Reason
from signing.testing.paper import CONTENT, PAGE, Box, Way, add_and_sign, blank, sign, stream
from tests.signing.verification.office import LEADER_BOX, NOW, Office

PASSED, OPEN, FAILED = Conclusion.PASSED, Conclusion.INDETERMINATE, Conclusion.FAILED
FONT = b"/Resources<</Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>"
WORDS = stream(b"BT /F 12 Tf 80 500 Td (Tong so tien: 1 000 000 dong) Tj ET")
BODY = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]" + FONT + b"/Contents 4 0 R/Annots[6 0 R]>>"
IMAGE = b"/Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8"


def _letter(office: Office) -> bytes:
    paper = blank(LEADER_BOX, replace={PAGE: BODY, CONTENT: WORDS})
    return sign(paper, "leader", office.leader, at=NOW)


def _stamped(
    office: Office, rect: tuple[float, float, float, float], shown: bytes
) -> tuple[Conclusion, set[Reason]]:
    """The leader's verdict after a new field was sealed there."""
    head = b"/Type/XObject/Subtype/Form/BBox[0 0 %d %d]" % (rect[2] - rect[0], rect[3] - rect[1])
    images = b"/Resources<</XObject<</Seal 41 0 R/White 42 0 R>>>>"
    way = Way(
        shown=stream(shown, head + images),
        objects={
            41: stream(b"\0", IMAGE + b"/SMask 43 0 R"),
            42: stream(b"\xff", IMAGE),
            43: stream(b"\x80", IMAGE),
        },
    )
    verdict = office.judge(
        add_and_sign(_letter(office), Box("seal", rect), office.agency, at=NOW, way=way), plan=None
    )
    leader = verdict.signature("leader")
    assert leader is not None
    return leader.verdict, set(leader.reasons)


SEAL, WHITE = b"q 80 0 0 80 0 0 cm /Seal Do Q", b"q 80 0 0 80 0 0 cm /White Do Q"
THIRD, MOST, TEXT, ASIDE = (300, 130, 393, 210), (330, 120, 480, 220), (120, 480, 220, 540), (400, 700, 500, 760)


@pytest.mark.parametrize(
    ("rect", "shown", "verdict", "reason"),
    [
        (THIRD, SEAL, PASSED, Reason.LATER_VISIBLE_SIGNATURE),
        (MOST, SEAL, FAILED, Reason.COVERS_EARLIER_SIGNATURE),
        (TEXT, SEAL, PASSED, Reason.LATER_VISIBLE_SIGNATURE),
        (TEXT, WHITE, OPEN, Reason.COVERS_CONTENT),
        (TEXT, b"1 1 1 rg 0 0 80 40 re f", OPEN, Reason.COVERS_CONTENT),
        (TEXT, b"BT /F 12 Tf (9) Tj ET", OPEN, Reason.COVERS_CONTENT),
        (ASIDE, WHITE, PASSED, Reason.LATER_VISIBLE_SIGNATURE),
    ],
    ids=["third", "most", "seal on text", "white picture", "white area", "words on text", "aside"],
)
def test_where_a_strangers_stamp_may_stand(
    office: Office, rect: tuple[float, float, float, float], shown: bytes, verdict: Conclusion, reason: Reason
) -> None:
    """Only what can hide or alter the text leaves it open; over most of a signature it fails."""
    found, reasons = _stamped(office, rect, shown)
    assert found is verdict, reasons
    assert reason in reasons
