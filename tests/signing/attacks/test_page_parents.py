"""A page's /Parent turned aside by a later revision: viewers that climb see another page, so it is a change."""

from __future__ import annotations

import pytest

import signing
from signing.reasons import Conclusion, Reason
from signing.testing.attacks import ALL, office
from signing.testing.attacks.certified import annotate, certify
from signing.testing.attacks.letter import ARRIVAL, draft
from signing.testing.attacks.office import SIGNED
from signing.testing.attacks.sheet import Sheet, appearance
from signing.testing.paper import PAGE
from tests.signing.attacks.conftest import judge

ASIDE = 60


def asked(sheet: Sheet) -> signing.DocumentVerdict:
    case = next(case for case in ALL if case.name == "certified/annotation-permitted")
    return judge(case, sheet.data, office())


def noted(parent: bytes, aside: bytes = b"null") -> Sheet:
    """A permitted note; the page written again with this /Parent, and with it object 60."""
    certified = certify(office(), 3)
    whole = annotate(certified, b"FreeText", ARRIVAL, shown=appearance("da nhan"))
    new = {number: body for number, body in whole.bodies.items() if number not in certified.bodies}
    page = whole.bodies[PAGE].replace(b"/Parent 2 0 R", parent)
    return certified.later({**new, PAGE: page, ASIDE: aside})


def test_parent_that_changes_nothing() -> None:
    """Left out, or a node between that says nothing of its own."""
    assert asked(noted(b"")).verdict is Conclusion.PASSED
    between = b"<</Type/Pages/Kids[3 0 R]/Count 1/Parent 2 0 R>>"
    assert asked(noted(b"/Parent 60 0 R", between)).verdict is Conclusion.PASSED


def test_parent_that_crops() -> None:
    """Its own parent is itself, which ends the way."""
    aside = b"<</Type/Pages/Parent 60 0 R/CropBox[0 0 9 9]>>"
    found = asked(noted(b"/Parent 60 0 R", aside))
    assert (found.verdict, found.reason) == (Conclusion.FAILED, Reason.CHANGED_AFTER_SIGNING)


@pytest.mark.parametrize("parent", [PAGE, ASIDE])
def test_parent_that_goes_round(parent: int) -> None:
    """The page itself, or a node that is its own parent: some viewers leave such a page out."""
    circle = b"<</Type/Pages/Kids[3 0 R]/Count 1/Parent %d 0 R>>" % ASIDE
    found = asked(noted(b"/Parent %d 0 R" % parent, circle))
    assert (found.verdict, found.reason) == (Conclusion.FAILED, Reason.CHANGED_AFTER_SIGNING)
    assert not found.signatures[0].changes_permitted


def test_parent_that_was_missing() -> None:
    """The signed page names a parent that is not there; a later revision supplies it, rotated."""
    replaced = draft().replaced(PAGE, b"/Parent 2 0 R", b"/Parent %d 0 R" % ASIDE)
    signed = draft(replace=replaced).sign("leader", office().leader, at=SIGNED)
    found = asked(signed.later({ASIDE: b"<</Type/Pages/Kids[3 0 R]/Count 1/Rotate 90/Parent 2 0 R>>"}))
    assert found.verdict is Conclusion.FAILED
