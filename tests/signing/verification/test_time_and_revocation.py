"""The revocation clock: what a list proves about a signature, and when."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest

import signing
from signing.path.evidence import Receipt, TimeSource
from signing.path.policy import DAILY, STRICT, Policy
from signing.pdf import read
from signing.prepare.algorithms import HashFunction, digest, natural_algorithm, natural_hash
from signing.prepare.cms import Signer, signed_attributes, signed_data
from signing.reasons import Conclusion, Reason
from signing.testing import Defect, Identity, Revoked, timestamp_attribute, timestamp_token
from signing.testing.paper import CATALOG, Box, Way, add_and_sign, append, sign, stream
from signing.verification.verdict import ChangesAfter, SignatureRole
from tests.signing.verification.office import AT, NOW, Office

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
PASSED, OPEN, FAILED = Conclusion.PASSED, Conclusion.INDETERMINATE, Conclusion.FAILED


def evidence(
    office: Office,
    *issued_at: datetime,
    revoked: Iterable[Revoked] = (),
    receipt: datetime | None = None,
    source: TimeSource = TimeSource.ANCHORED_RECEIPT,
) -> signing.Evidence:
    """The authority's lists of these times, the root's, and perhaps a receipt."""
    lists = tuple(office.issuer.crl(this_update=at, revoked=revoked) for at in issued_at)
    proof = Receipt(receipt, source) if receipt is not None else None
    return signing.Evidence(crls=(*office.root_lists(), *lists), receipt=proof)


@dataclass(frozen=True)
class Case:
    """Signed at NOW; `lists` hours after it; `receipt` and `revoked` hours after it, if any."""

    lists: tuple[float, ...]
    verdict: Conclusion
    reason: Reason | None
    receipt: float | None = None
    revoked: float | None = None
    cause: str = "keyCompromise"
    policy: Policy = STRICT
    at: float = 5


CLOCK = {
    "list after the signature": Case((4,), PASSED, None),
    "list before the signature": Case((-3,), OPEN, Reason.REVOCATION_NOT_FRESH),
    "list before the signature, daily policy": Case((-3,), PASSED, Reason.REVOCATION_WITHIN_GRACE, policy=DAILY),
    "list far older than the grace": Case((-30,), OPEN, Reason.REVOCATION_NOT_FRESH, policy=DAILY),
    "no list": Case((), OPEN, Reason.REVOCATION_UNKNOWN),
    "list from the future": Case((9,), OPEN, Reason.REVOCATION_UNKNOWN),
    "receipt, list after it": Case((4,), PASSED, None, receipt=0.1, at=200),
    "receipt, list before it": Case((-3,), OPEN, Reason.REVOCATION_NOT_FRESH, receipt=0.1),
    "receipt, list between signature and receipt": Case((0.05,), OPEN, Reason.REVOCATION_NOT_FRESH, receipt=0.1),
    "old list without receipt": Case((4,), OPEN, Reason.REVOCATION_NOT_FRESH, at=48),
    "revoked before the signature": Case((4,), FAILED, Reason.REVOKED, revoked=-2),
    "revoked after, not proven": Case((4,), OPEN, Reason.REVOKED_NO_PROOF, revoked=2),
    "revoked after, receipt before": Case((4,), PASSED, Reason.REVOKED_LATER, receipt=0.1, revoked=2),
    "revoked after, receipt later": Case((4,), OPEN, Reason.REVOKED_NO_PROOF, receipt=3, revoked=2),
    "held after, not proven": Case((4,), OPEN, Reason.REVOKED_NO_PROOF, revoked=2, cause="certificateHold"),
}


@pytest.mark.parametrize("name", CLOCK)
def test_revocation_clock(office: Office, name: str) -> None:
    """A list proves only what was so when it was issued, and a proven time only what came before it."""
    case = CLOCK[name]
    revoked = [Revoked(office.leader.serial, NOW + case.revoked * HOUR, case.cause)] if case.revoked else []
    given = evidence(
        office,
        *(NOW + hours * HOUR for hours in case.lists),
        revoked=revoked,
        receipt=NOW + case.receipt * HOUR if case.receipt else None,
    )
    verdict = office.judge(office.signed, evidence=given, policy=case.policy, at=NOW + case.at * HOUR)
    assert (verdict.verdict, verdict.reason) == (case.verdict, case.reason), verdict.reasons


def test_old_good_never_beats_later_revoked(office: Office) -> None:
    """A list from before the revocation, carried along, changes nothing."""
    revoked = [Revoked(office.leader.serial, NOW - HOUR, "keyCompromise")]
    old, new = evidence(office, NOW + MINUTE), evidence(office, AT - HOUR, revoked=revoked)
    both = new.plus(crls=old.crls)
    assert office.judge(office.signed, evidence=both).reason is Reason.REVOKED


def test_own_receipt_counts_only_where_the_policy_says_so(office: Office) -> None:
    """A journal entry that nobody else has stamped proves nothing to a strict verifier."""
    given = evidence(office, NOW + 4 * HOUR, receipt=NOW + MINUTE, source=TimeSource.RECEIPT)
    strict = office.judge(office.signed, evidence=given)
    daily = office.judge(office.signed, evidence=given, policy=DAILY)
    assert strict.signatures[0].times.source is TimeSource.CALLER
    assert daily.signatures[0].times.source is TimeSource.RECEIPT


@pytest.mark.parametrize(("spoil", "source"), [(False, TimeSource.ANCHORED_RECEIPT), (True, TimeSource.CALLER)])
def test_receipt_of_an_older_state_proves_its_signatures(office: Office, spoil: bool, source: TimeSource) -> None:
    """The journal knows hash and length of what the leader returned: it proves the leader, not the seal."""
    held = office.issued[: len(office.signed)]
    sha256 = hashlib.sha256(held + b"x" if spoil else held).hexdigest()
    older = Receipt(NOW + MINUTE, size=len(held), sha256=sha256)
    given = replace(evidence(office, NOW + 4 * HOUR), older_receipts=(older,))
    verdict = office.judge(office.issued, evidence=given)
    leader, seal = verdict.signature("leader"), verdict.signature("seal")
    assert leader is not None
    assert seal is not None
    assert (leader.times.source, seal.times.source) == (source, TimeSource.CALLER)


def test_age_of_the_list_stands_in_the_verdict(office: Office) -> None:
    """A grace is never silent: the time of the answer is shown."""
    verdict = office.judge(office.signed, evidence=evidence(office, NOW - 3 * HOUR), policy=DAILY)
    assert verdict.signatures[0].revocation_time == NOW - 3 * HOUR
    assert verdict.policy_digest == DAILY.digest != STRICT.digest


def test_expired_since_is_open_without_proof_and_passes_with_it(office: Office) -> None:
    """A certificate that ran out after the signature: only a proven time helps."""
    later = NOW + timedelta(days=1500)
    given = evidence(office, NOW + 4 * HOUR)
    alone = office.judge(office.signed, evidence=given, at=later)
    proven = office.judge(office.signed, evidence=replace(given, receipt=Receipt(NOW + HOUR)), at=later)
    assert Reason.EXPIRED_NO_PROOF in alone.reasons
    assert (alone.verdict, proven.verdict) == (OPEN, PASSED)


def stamped(
    office: Office, tsa: Identity, *, at: datetime, over: bytes | None = None,
    imprint: HashFunction = HashFunction.SHA256,
) -> bytes:  # fmt: skip
    """The leader's signature with a timestamp over its value (or over something else)."""

    def make(who: Identity, content: bytes) -> bytes:
        function, algorithm = natural_hash(who.certificate), natural_algorithm(who.certificate)
        attributes = signed_attributes(content, certificate=who.der, function=function)
        value = who.sign(attributes)
        token = timestamp_token(tsa, digest(imprint, over or value), at=at, imprint_function=imprint)
        signer = Signer(
            certificate=who.der,
            signed_attributes=attributes,
            signature=value,
            algorithm=algorithm,
            function=function,
            unsigned_attributes=(timestamp_attribute(token),),
        )
        return signed_data(signer, certificates=(who.der, *who.chain_der))

    return sign(office.paper, "leader", office.leader, at=NOW, way=Way(message=make))


def test_timestamp_proves_the_time(office: Office) -> None:
    """With a trusted timestamp a list from just after it is enough, even much later."""
    data = stamped(office, office.tsa, at=NOW + MINUTE)
    verdict = office.judge(data, evidence=evidence(office, NOW + HOUR))
    times = verdict.signatures[0].times
    assert (times.best, times.source) == (NOW + MINUTE, TimeSource.TIMESTAMP)
    assert verdict.verdict is PASSED


@pytest.mark.parametrize(
    "defect", [Defect.PURPOSE_NOT_CRITICAL, Defect.EXTRA_PURPOSE, Defect.WRONG_PURPOSE, Defect.EXPIRED]
)
def test_timestamp_of_a_wrong_authority_proves_nothing(office: Office, defect: Defect) -> None:
    """Critical, sole timeStamping, within its life; else the token is reported and the time stays open."""
    tsa = office.tsa_root.tsa(now=NOW - timedelta(days=30), defects=[defect])
    verdict = office.judge(stamped(office, tsa, at=NOW + MINUTE))
    leader = verdict.signatures[0]
    assert leader.times.source is TimeSource.CALLER
    assert [item.verdict for item in leader.times.timestamps] != [PASSED]
    assert {Reason.TIMESTAMP_INVALID, Reason.TIMESTAMP_NOT_PROVEN} & set(leader.reasons)


def test_timestamp_over_something_else_is_reported(office: Office) -> None:
    """An invalid token is never replaced by the claimed time."""
    verdict = office.judge(stamped(office, office.tsa, at=NOW + MINUTE, over=b"another signature"))
    assert (verdict.verdict, verdict.reason) == (OPEN, Reason.TIMESTAMP_INVALID)


def test_timestamp_from_the_future_is_reported(office: Office) -> None:
    """A token later than the question cannot be."""
    verdict = office.judge(stamped(office, office.tsa, at=AT + HOUR))
    assert verdict.reason is Reason.TIMESTAMP_INVALID


def test_timestamp_under_a_signers_root_proves_nothing(office: Office) -> None:
    """TSA roots are apart from signer roots."""
    anchors = (
        signing.TrustAnchor(office.root.der, purposes=frozenset({signing.Purpose.PERSON})),
        signing.TrustAnchor(office.tsa_root.der, purposes=frozenset({signing.Purpose.PERSON})),
    )
    verdict = office.judge(stamped(office, office.tsa, at=NOW + MINUTE), trust=signing.TrustStore(anchors))
    assert verdict.signatures[0].times.source is TimeSource.CALLER


def document_stamp(office: Office, data: bytes, *, at: datetime, over: bytes | None = None) -> bytes:
    way = Way(
        message=lambda who, content: timestamp_token(who, digest(HashFunction.SHA256, over or content), at=at),
        subfilter=b"ETSI.RFC3161",
        kind=b"DocTimeStamp",
    )
    return add_and_sign(data, Box("stamp", (0.0, 0.0, 0.0, 0.0)), office.tsa, at=at, way=way)


def test_document_timestamp_proves_what_stands_before_it(office: Office) -> None:
    """An archive timestamp is evidence for the signatures under it, and a verdict of its own."""
    data = document_stamp(office, office.issued, at=NOW + 2 * HOUR)
    verdict = office.judge(data, evidence=evidence(office, NOW + 3 * HOUR))
    leader, stamp = verdict.signature("leader"), verdict.signature("stamp")
    assert leader is not None
    assert stamp is not None
    assert (leader.times.best, leader.times.source) == (NOW + 2 * HOUR, TimeSource.TIMESTAMP)
    assert (stamp.kind, stamp.verdict) == (SignatureRole.TIMESTAMP, PASSED)
    seal = verdict.signature("seal")
    assert seal is not None
    assert seal.changes_after is ChangesAfter.EVIDENCE
    assert verdict.verdict is PASSED


def test_document_timestamp_over_something_else_fails(office: Office) -> None:
    """The imprint is that of this file's bytes."""
    data = document_stamp(office, office.issued, at=NOW + 2 * HOUR, over=b"another file")
    verdict = office.judge(data)
    stamp = verdict.signature("stamp")
    assert stamp is not None
    assert (stamp.verdict, stamp.integrity) == (OPEN, "broken")


def test_evidence_in_the_document_is_used(office: Office) -> None:
    """A security store (/DSS) added after the signatures: evidence, not a change of content."""
    from_store = with_store(office.issued, office.issuer.crl(this_update=NOW + 4 * HOUR))
    verdict = office.judge(from_store, evidence=evidence(office))
    assert [item.changes_after for item in verdict.signatures] == ["signing", "signing", "evidence"]
    assert verdict.verdict is PASSED


def with_store(data: bytes, crl: bytes) -> bytes:
    """/DSS with one CRL, in a revision of its own."""
    file = read(data)
    number = file.size
    catalog = b"<</Type/Catalog/Pages 2 0 R/AcroForm 5 0 R/DSS %d 0 R>>" % number
    store = b"<</Type/DSS/CRLs[%d 0 R]>>" % (number + 1)
    return append(data, {CATALOG: catalog, number: store, number + 1: stream(crl)})


def test_claimed_time_is_shown_and_not_believed(office: Office) -> None:
    """/M stands apart from the best time."""
    times = office.judge(office.signed).signatures[0].times
    assert (times.claimed, times.best, times.source) == (NOW, AT, TimeSource.CALLER)
