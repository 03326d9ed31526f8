"""The careful path behind the wall: the same answers, bounded."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

import pytest

import signing
from signing import jail
from signing.jail import Limits
from signing.reasons import Conclusion, Reason
from signing.testing.paper import CONTENT, add_and_sign, append, blank, sign, stream
from tests.signing.verification.office import ARRIVAL_BOX, AT, NOW, PLAN, Office


@pytest.fixture(scope="module", autouse=True)
def _jail_ends_with_the_tests() -> Iterator[None]:
    yield
    jail.close()


def test_the_same_verdict_comes_back_whole(office: Office) -> None:
    """Trust, evidence, policy, plan, owners and texts cross the wall and mean the same behind it."""
    owners = {"leader": frozenset({office.leader.fingerprint})}
    for data in (
        office.issued,
        add_and_sign(office.issued, ARRIVAL_BOX, office.agency, at=NOW) + b"\n\n",
        append(office.issued, {CONTENT: stream(b"0 0 9 9 re S")}),
        b"hello",
    ):
        asked = {"trust": office.trust, "at": AT, "evidence": office.evidence, "plan": PLAN, "owners": owners}
        assert signing.verify_in_jail(data, **asked) == signing.verify(data, **asked)  # type: ignore[arg-type]


def test_a_planned_text_crosses_too(office: Office) -> None:
    """The drawing of the paper's maker holds no words at all."""
    asked = {"trust": office.trust, "at": AT, "evidence": office.evidence, "texts": {"number": "Số: 15/UBND-VP"}}
    verdict = signing.verify_in_jail(office.issued, **asked)  # type: ignore[arg-type]
    assert (verdict.verdict, verdict.reason) == (Conclusion.FAILED, Reason.TEXT_DIFFERS)


def test_over_the_limits_is_undecided(office: Office) -> None:
    """No time at all: not malformed, not failed, and no exception."""
    deep = zlib.compress(b"[" * 60 + b"0 " * 3_000_000 + b"]" * 60, 9)
    packed = b"<</Type/ObjStm/N 1/First 5/Filter/FlateDecode/Length %d>>\nstream\n%s\nendstream" % (len(deep), deep)
    data = sign(blank(*PLAN, replace={20: packed}), "leader", office.leader, at=NOW)
    verdict = signing.verify_in_jail(data, trust=office.trust, at=AT, limits=Limits(cpu=1.0, wall=3.0))
    assert (verdict.verdict, verdict.reason) == (Conclusion.INDETERMINATE, Reason.RESOURCE_LIMIT)
    assert verdict.detail
