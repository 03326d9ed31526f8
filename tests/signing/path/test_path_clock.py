"""The revocation clock as a table, OCSP answers, and a cache that changes no answer (checklist C2)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import product

import pytest
from cryptography import x509

import signing
from signing.path.cache import PathCache
from signing.path.check import CACHE, PathResult, check_path
from signing.path.clock import Clock, Moment
from signing.path.policy import DAILY, RFC5280, STRICT, Policy
from signing.reasons import Conclusion, Reason
from signing.testing import AGENCY, LEADER, Authority, CrlOptions, Defect, KeyKind, Revoked
from signing.testing import paths as p
from tests.signing.path.world import NOW

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ISSUED = NOW - timedelta(days=30)
SIGNED = NOW - 3 * DAY
ROOT = Authority.root(now=ISSUED - timedelta(days=100))
ISSUER = ROOT.subordinate(now=ISSUED - timedelta(days=50))
PERSON = ISSUER.issue(LEADER, now=ISSUED)
TRUST = signing.TrustStore.of(ROOT.der)
ROOT_LIST = ROOT.crl(this_update=NOW - 5 * DAY, next_update=NOW + timedelta(days=90))
PROVEN = Moment(at=NOW, best=SIGNED, proven=True)
UNPROVEN = Moment(at=NOW, best=NOW, proven=False)
CLAIMED = Moment(at=NOW, best=NOW, proven=False, claimed=SIGNED)


def listed(
    at: datetime, *, since: datetime | None = None, reason: str = "", until: datetime | None = None
) -> bytes:
    """A list of `at`; with `since` the person stands on it."""
    revoked = [Revoked(PERSON.serial, since, reason)] if since is not None else []
    return ISSUER.crl(this_update=at, next_update=until or at + 7 * DAY, revoked=revoked)


def check(moment: Moment, *lists: bytes, policy: Policy = STRICT, ocsps: tuple[bytes, ...] = ()) -> PathResult:
    given = signing.Evidence(crls=(ROOT_LIST, *lists), ocsps=ocsps)
    return check_path(
        PERSON.der, chain=PERSON.chain_der, trust=TRUST, evidence=given, moment=moment, purpose=None, policy=policy
    )


@dataclass(frozen=True)
class Row:
    """What is known when, and what follows from it."""

    moment: Moment
    lists: tuple[bytes, ...]
    reason: Reason | None
    verdict: Conclusion
    policy: Policy = STRICT


PASSED, OPEN, FAILED = Conclusion.PASSED, Conclusion.INDETERMINATE, Conclusion.FAILED
OLD_GOOD, NEW_GOOD = listed(SIGNED - HOUR), listed(SIGNED + HOUR)
TODAY = listed(NOW - HOUR)
BEFORE, AFTER = SIGNED - DAY, SIGNED + DAY
TABLE = {
    "nothing known": Row(PROVEN, (), Reason.REVOCATION_UNKNOWN, OPEN),
    "list from before the signature": Row(PROVEN, (OLD_GOOD,), Reason.REVOCATION_NOT_FRESH, OPEN),
    "list from before, within the grace": Row(PROVEN, (OLD_GOOD,), Reason.REVOCATION_WITHIN_GRACE, PASSED, DAILY),
    "list from before, beyond the grace": Row(
        PROVEN, (listed(SIGNED - 26 * HOUR),), Reason.REVOCATION_NOT_FRESH, OPEN, DAILY
    ),
    "list of the very second": Row(PROVEN, (listed(SIGNED),), None, PASSED),
    "list from after the signature": Row(PROVEN, (NEW_GOOD,), None, PASSED),
    "list from after, run out since": Row(PROVEN, (listed(SIGNED + HOUR, until=SIGNED + 2 * HOUR),), None, PASSED),
    "list from the future": Row(PROVEN, (listed(NOW + HOUR),), Reason.REVOCATION_UNKNOWN, OPEN),
    "revoked before the signature": Row(PROVEN, (listed(NOW, since=BEFORE),), Reason.REVOKED_NO_PROOF, OPEN),
    "revoked in the very second": Row(PROVEN, (listed(NOW, since=SIGNED),), Reason.REVOKED_NO_PROOF, OPEN),
    "revoked after the signature": Row(PROVEN, (listed(NOW, since=AFTER),), Reason.REVOKED_LATER, PASSED),
    "an old good loses against a later revoked": Row(
        PROVEN, (NEW_GOOD, listed(NOW, since=BEFORE)), Reason.REVOKED_NO_PROOF, OPEN
    ),
    "a later good does not undo a revocation": Row(
        PROVEN, (listed(SIGNED + HOUR, since=BEFORE, reason="keyCompromise"), TODAY), Reason.REVOKED_NO_PROOF, OPEN
    ),
    "a hold that was lifted": Row(
        PROVEN, (listed(SIGNED + HOUR, since=BEFORE, reason="certificateHold"), TODAY), None, PASSED
    ),
    "a hold that stands": Row(
        PROVEN, (NEW_GOOD, listed(NOW, since=BEFORE, reason="certificateHold")), Reason.REVOKED_NO_PROOF, OPEN
    ),
    "no proven time, today's list": Row(UNPROVEN, (TODAY,), None, PASSED),
    "no proven time, an old list": Row(UNPROVEN, (listed(NOW - 25 * HOUR),), Reason.REVOCATION_NOT_FRESH, OPEN),
    "no proven time, revoked": Row(UNPROVEN, (listed(NOW, since=BEFORE),), Reason.REVOKED_NO_PROOF, OPEN),
    "no proven time, revoked after the claim": Row(
        CLAIMED, (listed(NOW, since=AFTER),), Reason.REVOKED_NO_PROOF, OPEN
    ),
    "claims a time after the revocation": Row(CLAIMED, (listed(NOW, since=BEFORE),), Reason.REVOKED, FAILED),
    "claims a time after the list": Row(
        replace(CLAIMED, claimed=NOW), (TODAY,), Reason.REVOCATION_NOT_FRESH, OPEN
    ),
    "a list that has run out": Row(
        UNPROVEN, (listed(NOW - 3 * HOUR, until=NOW - HOUR),), Reason.REVOCATION_NOT_FRESH, OPEN
    ),
    "plain RFC 5280 takes a current list of any age": Row(
        UNPROVEN, (listed(NOW - 6 * DAY),), None, PASSED, RFC5280
    ),
    "plain RFC 5280 takes none that has run out": Row(
        UNPROVEN, (listed(NOW - 9 * DAY),), Reason.REVOCATION_NOT_FRESH, OPEN, RFC5280
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", TABLE)
def test_revocation_clock(what: str) -> None:
    """Each line of the table, alone."""
    row = TABLE[what]
    CACHE.clear()
    result = check(row.moment, *row.lists, policy=row.policy)
    assert (result.verdict, result.reason) == (row.verdict, row.reason), result.reasons


def test_a_warm_cache_changes_no_answer() -> None:
    """Every line of the table after every other, and at moments around every date: as when it is alone."""
    shifts = (timedelta(0), HOUR, -HOUR, DAY, -DAY, 10 * DAY)
    rows = [
        replace(
            row, moment=replace(row.moment, best=row.moment.best + shift if row.moment.proven else row.moment.at)
        )
        for row, shift in product(TABLE.values(), shifts)
    ]
    cold = []
    for row in rows:
        CACHE.clear()
        cold.append(check(row.moment, *row.lists, policy=row.policy))
    CACHE.clear()
    for _ in range(2):
        assert [check(row.moment, *row.lists, policy=row.policy) for row in rows] == cold
    assert [check(row.moment, *row.lists, policy=row.policy) for row in reversed(rows)] == cold[::-1]


def test_cached_answers_end_where_they_would_change() -> None:
    """The same evidence at other moments: a yes is not kept beyond the day it holds for."""
    CACHE.clear()
    assert check(UNPROVEN, TODAY).verdict is PASSED
    for days, reason in ((1, Reason.REVOCATION_NOT_FRESH), (30, Reason.REVOCATION_NOT_FRESH)):
        later = Moment(at=NOW + days * DAY, best=NOW + days * DAY, proven=False)
        assert check(later, TODAY).reason is reason
    gone = Moment(at=NOW + 4000 * DAY, best=NOW + 4000 * DAY, proven=False)
    assert Reason.EXPIRED_NO_PROOF in check(gone, TODAY).reasons
    assert check(UNPROVEN, TODAY).verdict is PASSED


def test_cache_tells_trust_policy_purpose_and_evidence_apart() -> None:
    """What goes into an answer goes into its key."""
    CACHE.clear()
    base = {"chain": PERSON.chain_der, "moment": UNPROVEN, "policy": STRICT}
    given = signing.Evidence(crls=(ROOT_LIST, TODAY))
    assert check_path(PERSON.der, trust=TRUST, evidence=given, purpose=None, **base).verdict is PASSED  # type: ignore[arg-type]
    nobody = signing.TrustStore()
    assert check_path(PERSON.der, trust=nobody, evidence=given, purpose=None, **base).reason == "no_trust_given"  # type: ignore[arg-type]
    as_tsa = check_path(PERSON.der, trust=TRUST, evidence=given, purpose=signing.Purpose.TSA, **base)  # type: ignore[arg-type]
    assert as_tsa.reason is Reason.EXTENDED_KEY_USAGE_WRONG
    less = check_path(PERSON.der, trust=TRUST, evidence=signing.Evidence(), purpose=None, **base)  # type: ignore[arg-type]
    assert less.reason is Reason.REVOCATION_UNKNOWN


def test_cache_is_bounded() -> None:
    """Many intervals of one key and many keys: old ones go."""
    cache: PathCache[int] = PathCache()
    for number in range(5000):
        moment = Moment(at=NOW + number * DAY, best=NOW, proven=False)
        clock = Clock(moment)
        clock.reached(Clock.AT, moment.at)
        cache.keep(number.to_bytes(4), moment, clock.bounds, number)
    assert cache.find((4999).to_bytes(4), moment) == 4999
    assert cache.find((0).to_bytes(4), moment) is None


# OCSP (RFC 6960)


def ocsp(**changes: object) -> bytes:
    settings: dict[str, object] = {"this_update": NOW - timedelta(minutes=5)} | changes
    return ISSUER.ocsp(PERSON.certificate, **settings)  # type: ignore[arg-type]


DELEGATE = ISSUER.responder(now=ISSUED)
OTHER_CA = Authority.root(now=ISSUED - timedelta(days=90), kind=KeyKind.P384).subordinate(
    now=ISSUED - timedelta(days=50), kind=KeyKind.P384
)
ANSWERS = {
    "by the issuer": (lambda: ocsp(), None),
    "by its delegate": (lambda: ocsp(responder=DELEGATE), None),
    "with a nonce": (lambda: ocsp(nonce=b"12345678"), None),
    "by a person of the issuer": (lambda: ocsp(responder=ISSUER.issue(AGENCY, now=ISSUED)), "unknown"),
    "by a delegate of another authority": (lambda: ocsp(responder=OTHER_CA.responder(now=ISSUED)), "unknown"),
    "by the root": (lambda: ocsp(responder=ROOT.identity), "unknown"),
    "by a delegate that had expired": (
        lambda: ocsp(responder=ISSUER.responder(now=ISSUED, defects=[Defect.EXPIRED])), "unknown",
    ),
    "by a delegate whose certificate is forged": (
        lambda: ocsp(responder=ISSUER.responder(now=ISSUED, defects=[Defect.FORGED])), "unknown",
    ),
    "about another serial": (
        lambda: ISSUER.ocsp(ISSUER.issue(AGENCY, now=ISSUED).certificate, this_update=NOW), "unknown",
    ),
    "unknown": (lambda: ocsp(unknown=True), "unknown"),
    "not signed rightly": (lambda: p.broken(ocsp()), "unknown"),
    "cut off": (lambda: ocsp()[:-20], "unknown"),
    "from the future": (lambda: ocsp(this_update=NOW + DAY), "unknown"),
    "of the day before yesterday": (lambda: ocsp(this_update=NOW - 2 * DAY), "not_fresh"),
    "run out": (lambda: ocsp(next_update=NOW - timedelta(minutes=1)), "not_fresh"),
    "revoked": (lambda: ocsp(revoked=Revoked(PERSON.serial, NOW - DAY, "keyCompromise")), "revoked"),
}  # fmt: skip
_TOLD = {
    None: None,
    "unknown": Reason.REVOCATION_UNKNOWN,
    "not_fresh": Reason.REVOCATION_NOT_FRESH,
    "revoked": Reason.REVOKED_NO_PROOF,
}


@pytest.mark.parametrize("what", ANSWERS)
def test_ocsp_answers(what: str) -> None:
    """Only the issuer, or somebody it certified directly for this, and only about this certificate."""
    made, told = ANSWERS[what]
    CACHE.clear()
    assert check(UNPROVEN, ocsps=(made(),)).reason is _TOLD[told]


def test_delegate_that_is_revoked_answers_for_nobody() -> None:
    """A delegate with nocheck counts until a list names it; one without must be good on a list."""
    listed_delegate = ISSUER.crl(this_update=NOW - HOUR, revoked=[Revoked(DELEGATE.serial, NOW - DAY)])
    CACHE.clear()
    answer = (ocsp(responder=DELEGATE, revoked=Revoked(PERSON.serial, NOW - DAY)),)
    assert check(UNPROVEN, TODAY, ocsps=answer).reason is Reason.REVOKED_NO_PROOF
    assert check(UNPROVEN, TODAY, listed_delegate, ocsps=answer).reason is None


@pytest.mark.parametrize(("what", "counts"), [("good", True), ("silent", False), ("revoked", False)])
def test_delegate_without_nocheck_must_be_good_on_a_list(what: str, counts: bool) -> None:
    """The list of the issuer speaks of certificates signed for answers; without it nobody knows of them."""
    purposes = p.extension("2.5.29.37", p.der.sequence(p.der.oid("1.3.6.1.5.5.7.3.9")))
    made = p.certificate(
        p.name((p.CN, "OCSP")), p.key_info(DELEGATE.key), issuer=ISSUER.certificate.subject.public_bytes(),
        key=ISSUER.identity.key, start=ISSUED, serial=77, extensions=(p.usage("digitalSignature"), purposes),
    )  # fmt: skip
    delegate = replace(DELEGATE, certificate=x509.load_der_x509_certificate(made))
    elsewhere = ISSUER.crl(this_update=NOW - HOUR, options=CrlOptions(point="http://elsewhere.example/"))
    revoked = ISSUER.crl(
        this_update=NOW - HOUR, revoked=[Revoked(77, NOW - DAY)], options=CrlOptions(only_user=True)
    )
    given = {"good": TODAY, "silent": elsewhere, "revoked": revoked}[what]
    answer = ocsp(responder=delegate, this_update=NOW)
    result = check(UNPROVEN, given, ocsps=(answer,))
    assert (result.answer_source == "ocsp") == counts, (result.reasons, result.details)


def test_ocsp_and_lists_are_one_union() -> None:
    """A good OCSP answer does not beat a list that revokes, nor the other way round."""
    gone = ocsp(revoked=Revoked(PERSON.serial, NOW - DAY))
    assert check(UNPROVEN, TODAY, ocsps=(gone,)).reason is Reason.REVOKED_NO_PROOF
    assert check(UNPROVEN, listed(NOW - HOUR, since=NOW - DAY), ocsps=(ocsp(),)).reason is Reason.REVOKED_NO_PROOF
    newest = check(UNPROVEN, TODAY, ocsps=(ocsp(),))
    assert (newest.verdict, newest.answer_source) == (PASSED, "ocsp")
