"""An algorithm that is acceptable until a day: what is proven to be older stays valid, the rest is open."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

import signing
from signing.path.evidence import Receipt
from signing.path.policy import DAILY, STRICT
from signing.path.sunsets import NAMES
from signing.prepare.algorithms import HashFunction
from signing.reasons import Conclusion, Reason, SubIndication
from signing.testing import TSA, TSA_ROOT, Authority, KeyKind
from tests.signing.cms.maker import Plan, make
from tests.signing.verification.office import AT, ISSUED, NOW, Office
from tests.signing.verification.test_archived_signatures import with_stamp
from tests.signing.verification.test_time_and_revocation import stamped

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
SHA256, SHA384 = HashFunction.SHA256, HashFunction.SHA384
PASSED, OPEN, FAILED = Conclusion.PASSED, Conclusion.INDETERMINATE, Conclusion.FAILED


@dataclass(frozen=True)
class Case:
    """Signed at NOW with P-256 and SHA-256, judged five hours later; `until` and `receipt` in hours after NOW."""

    algorithm: str
    until: float
    verdict: Conclusion
    receipt: float | None = None


CASES = {
    "digest, its day is to come": Case("sha256", 6, PASSED),
    "digest, its day came": Case("sha256", 2, OPEN),
    "digest, the signature is proven older": Case("sha256", 2, PASSED, receipt=0.1),
    "digest, the proof is younger than its day": Case("sha256", 2, OPEN, receipt=3),
    "digest, proven at that very moment": Case("sha256", 2, OPEN, receipt=2),
    "key, its day came": Case("secp256r1", 2, OPEN),
    "key, the signature is proven older": Case("secp256r1", 2, PASSED, receipt=0.1),
    "another digest": Case("sha384", 2, PASSED),
    "keys of another kind": Case("rsa_below_3072", 2, PASSED),
}


@pytest.mark.parametrize("name", CASES)
def test_only_what_is_proven_older_outlives_an_algorithm(office: Office, name: str) -> None:
    """Neither a claim nor the day of signing counts; the answer is open, never "failed": a proof may come."""
    case = CASES[name]
    assert case.algorithm in NAMES
    policy = replace(STRICT, sunsets=(signing.Sunset(case.algorithm, NOW + case.until * HOUR),))
    receipt = Receipt(NOW + case.receipt * HOUR) if case.receipt is not None else None
    verdict = office.judge(office.signed, evidence=replace(office.evidence, receipt=receipt), policy=policy)
    assert verdict.verdict is case.verdict, verdict.reasons
    if case.verdict is OPEN:
        assert verdict.reason is Reason.ALGORITHM_ENDED
        (signature,) = verdict.signatures
        assert signature.sub_indication is SubIndication.CRYPTO_CONSTRAINTS_FAILURE_NO_POE
        assert signature.algorithms == "acceptable"  # nothing is wrong with it but the day


TOKENS = {
    "its imprint's hash ended": (KeyKind.P384, SHA256, None, OPEN),
    "what its authority signed with ended": (KeyKind.P256, SHA384, None, OPEN),
    "both are another": (KeyKind.P384, SHA384, None, PASSED),
    "it ended, and the token is proven older": (KeyKind.P256, SHA256, 0.1, PASSED),
    "it ended, and the proof of the token is younger": (KeyKind.P384, SHA256, 3, OPEN),
}


@pytest.mark.parametrize("name", TOKENS)
@pytest.mark.parametrize("over", ["the signature's value", "the file"])
def test_a_timestamp_by_an_ended_digest_proves_nothing_older(office: Office, name: str, over: str) -> None:
    """Every certificate of its authority is by P-384 and SHA-384; the leader's signature by SHA-256, which ended
    two hours later, needs its time."""
    kind, imprint, held, expected = TOKENS[name]
    root = Authority.root(TSA_ROOT, now=ISSUED - timedelta(days=100), kind=KeyKind.P384)
    tsa = root.tsa(TSA, now=ISSUED, kind=kind)
    if over == "the file":
        data = with_stamp(office.signed, tsa, "stamp", at=NOW + MINUTE, imprint=imprint)
    else:
        data = stamped(office, tsa, at=NOW + MINUTE, imprint=imprint)
    lists = (*office.evidence.crls, root.crl(this_update=AT - HOUR))
    receipt = Receipt(NOW + held * HOUR) if held is not None else None
    asked = {
        "evidence": signing.Evidence(crls=lists, receipt=receipt), "plan": None,
        "trust": signing.TrustStore.of(office.root.der, root.der),
    }  # fmt: skip
    assert office.judge(data, **asked).verdict is PASSED
    policy = replace(STRICT, sunsets=(signing.Sunset("sha256", NOW + 2 * HOUR),))
    verdict = office.judge(data, **asked, policy=policy)
    leader = verdict.signature("leader")
    assert leader is not None
    assert (verdict.verdict, leader.verdict) == (expected, expected), (verdict.reasons, leader.reasons)
    assert (Reason.ALGORITHM_ENDED in leader.reasons) is (expected is OPEN)
    stamp = verdict.signature("stamp")
    reasons = stamp.reasons if stamp else leader.times.timestamps[0].reasons
    assert (Reason.ALGORITHM_ENDED in reasons) is (expected is OPEN)


def test_a_detached_signature_and_the_jail_say_the_same(office: Office) -> None:
    """RSA-2048: by its key, in a message beside a file."""
    content = b"Quyet dinh"
    message = make(content, Plan(office.agency, claimed=NOW))
    policy = replace(STRICT, sunsets=(signing.Sunset("rsa_below_3072", NOW + 2 * HOUR),))
    asked = {"trust": office.trust, "at": AT, "evidence": office.evidence, "policy": policy}
    for found in (
        signing.verify_detached(message, content, **asked),
        signing.verify_detached_in_jail(message, content, **asked),
    ):
        assert (found.verdict, found.reason) == (OPEN, Reason.ALGORITHM_ENDED)
    longer = asked | {"policy": replace(STRICT, sunsets=(signing.Sunset("rsa_below_3072", AT + MINUTE),))}
    assert signing.verify_detached(message, content, **longer).verdict is PASSED


def test_nobody_signs_with_it_any_more(office: Office) -> None:
    """Before signing there is nothing whose age could be proven."""
    policy = replace(DAILY, sunsets=(signing.Sunset("secp256r1", NOW),))
    found = signing.check_certificate(
        office.leader.der, chain=office.leader.chain_der, trust=office.trust, evidence=office.evidence, at=AT,
        policy=policy,
    )  # fmt: skip
    assert (found.verdict, found.reason) == (FAILED, Reason.ALGORITHM_WEAK)


def test_a_policy_without_sunsets_keeps_its_digest() -> None:
    """Stored verdicts name it; with one, it is another policy, in whatever order they stand."""
    assert STRICT.digest == replace(STRICT, sunsets=()).digest
    first, second = signing.Sunset("sha256", NOW), signing.Sunset("secp256r1", AT)
    both = replace(STRICT, sunsets=(first, second))
    assert both.digest == replace(STRICT, sunsets=(second, first)).digest
    assert len({STRICT.digest, both.digest, replace(STRICT, sunsets=(first,)).digest}) == 3
