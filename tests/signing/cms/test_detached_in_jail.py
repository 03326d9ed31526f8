"""Messages of strangers behind the wall: the same answers, bounded; and claims written loosely."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

import signing
from signing import jail
from signing.cms import der
from signing.cms.attributes import signing_time
from signing.cms.codec import Algorithm, Attribute, Signer
from signing.jail import Limits
from signing.reasons import Conclusion, Reason
from tests.signing.cms import maker
from tests.signing.cms.maker import Plan, loosened, make
from tests.signing.verification.office import AT, Office

CONTENT = b"Thong bao\n" * 20


@pytest.fixture(scope="module", autouse=True)
def _jail_ends_with_the_tests() -> Iterator[None]:
    yield
    jail.close()


def test_the_same_verdict_comes_back_whole(office: Office) -> None:
    """Message, content and question cross the wall."""
    asked = {"trust": office.trust, "at": AT, "evidence": office.evidence}
    plain = make(CONTENT, Plan(office.agency))
    for message, content in (
        (plain, CONTENT),
        (plain, b""),
        (plain, None),
        (loosened(make(CONTENT, Plan(office.agency), attached=True)), None),
        (b"hello", None),
    ):
        inside = signing.verify_detached_in_jail(message, content, **asked)  # type: ignore[arg-type]
        assert inside == signing.verify_detached(message, content, **asked)  # type: ignore[arg-type]


def test_over_the_limits_the_answer_is_open(office: Office) -> None:
    """Reason and digest of the message, no more."""
    found = signing.verify_detached_in_jail(
        make(CONTENT, Plan(office.agency)),
        CONTENT,
        trust=office.trust,
        at=AT,
        limits=Limits(wall=0.001),
    )
    assert (found.verdict, found.reason) == (Conclusion.INDETERMINATE, Reason.RESOURCE_LIMIT)


EXACT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("tag", "text", "expected"),
    [
        (der.UTC_TIME, "261122090000Z", EXACT),
        (der.UTC_TIME, "2611220900Z", EXACT),
        (der.UTC_TIME, "261122160000+0700", EXACT),
        (der.GENERALIZED_TIME, "20261122160000+0700", EXACT),
        (der.UTC_TIME, "yesterday", None),
        (der.OCTET_STRING, "261122090000Z", None),
    ],
)
def test_claimed_times_are_read_loosely(tag: int, text: str, expected: datetime | None) -> None:
    """A claim proves nothing, so its spelling breaks nothing."""
    value = der.encode(tag, text.encode())
    nothing = Algorithm("1.2", None)
    signer = Signer(
        1, None, None, None, nothing, (Attribute(maker.SIGNING_TIME, (value,)),), None, True, nothing, b"", ()
    )
    assert signing_time(signer) == expected
