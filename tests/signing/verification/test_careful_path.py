"""Files that the strict reading leaves open: what the careful one says of them, and what it forgave."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from signing.pdf import read
from signing.reasons import Conclusion, Reason
from signing.testing.paper import CATALOG, FORM, Way, append, blank, sign
from signing.verification.verdict import ChangesAfter
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
