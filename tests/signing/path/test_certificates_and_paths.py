"""Certificates by their named defects, before enrolment and before signing (Decree 23/2025, Art. 15)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

import signing
from signing.path.chain import PathState
from signing.path.revocation import RevocationState
from signing.reasons import Conclusion, Reason
from signing.testing import AGENCY, LEADER, Authority, CrlOptions, Defect, KeyKind, Revoked, Subject

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
ISSUED = NOW - timedelta(days=30)
ROOT = Authority.root(now=ISSUED - timedelta(days=100))
ISSUER = ROOT.subordinate(now=ISSUED - timedelta(days=50))
LEADER_ID = ISSUER.issue(LEADER, now=ISSUED)
TRUST = signing.TrustStore.of(ROOT.der)
ROOT_LIST = ROOT.crl(this_update=NOW - timedelta(days=5), next_update=NOW + timedelta(days=90))
LIST = ISSUER.crl(this_update=NOW - timedelta(hours=1))
EVIDENCE = signing.Evidence(crls=(ROOT_LIST, LIST))


def check(der: bytes, chain: tuple[bytes, ...], **changes: object) -> signing.PathResult:
    question: dict[str, object] = {"trust": TRUST, "evidence": EVIDENCE, "at": NOW}
    return signing.check_certificate(der, chain=chain, **(question | changes))  # type: ignore[arg-type]


def test_good_certificate_passes() -> None:
    """leaf ← issuer ← listed root, with both lists."""
    result = check(LEADER_ID.der, LEADER_ID.chain_der)
    assert (result.verdict, result.path, result.revocation) == ("passed", "trusted", "good")
    assert len(result.chain) == 3


DEFECTS = {
    Defect.EXPIRED: (Conclusion.FAILED, Reason.EXPIRED),
    Defect.NOT_YET_VALID: (Conclusion.FAILED, Reason.NOT_YET_VALID),
    Defect.WRONG_USAGE: (Conclusion.FAILED, Reason.KEY_USAGE_WRONG),
    Defect.WRONG_PURPOSE: (Conclusion.FAILED, Reason.EXTENDED_KEY_USAGE_WRONG),
    Defect.IS_CA: (Conclusion.FAILED, Reason.KEY_USAGE_WRONG),
    Defect.UNKNOWN_CRITICAL: (Conclusion.INDETERMINATE, Reason.UNKNOWN_CRITICAL_EXTENSION),
    Defect.FORGED: (Conclusion.FAILED, Reason.CERTIFICATE_SIGNATURE_WRONG),
    Defect.SHA1: (Conclusion.FAILED, Reason.CHAIN_ALGORITHM_WEAK),
}


@pytest.mark.parametrize("defect", DEFECTS)
def test_leaf_defect_is_refused(defect: Defect) -> None:
    """One defect of the signer's certificate at a time."""
    issuer = ROOT.subordinate(now=ISSUED - timedelta(days=50), kind=KeyKind.RSA_2048)
    lists = signing.Evidence(crls=(ROOT_LIST, issuer.crl(this_update=NOW - timedelta(hours=1))))
    made = issuer.issue(LEADER, now=NOW, defects=[defect])
    result = check(made.der, made.chain_der, evidence=lists)
    assert (result.verdict, result.reason) == DEFECTS[defect], result.reasons


@pytest.mark.parametrize("defect", [Defect.NOT_A_CA, Defect.NO_CERT_SIGN])
def test_issuer_that_may_not_issue_is_refused(defect: Defect) -> None:
    """leaf ← somebody without the right ← listed root"""
    issuer = ROOT.subordinate(now=ISSUED - timedelta(days=50), defects=[defect])
    made = issuer.issue(LEADER, now=ISSUED)
    result = check(made.der, made.chain_der)
    assert (result.path, result.reason) == (PathState.INVALID, Reason.ISSUER_NOT_AUTHORITY)


def test_chain_longer_than_the_issuer_allows_is_refused() -> None:
    """leaf ← second ← first (pathLen 0) ← listed root"""
    first = ROOT.subordinate(Subject(common_name="First"), now=ISSUED - timedelta(days=50), path_length=0)
    second = first.subordinate(Subject(common_name="Second"), now=ISSUED - timedelta(days=50))
    made = second.issue(LEADER, now=ISSUED)
    assert Reason.PATH_TOO_LONG in check(made.der, made.chain_der).reasons


@pytest.mark.parametrize("kind", [KeyKind.RSA_1024, KeyKind.BRAINPOOL_256])
def test_weak_key_is_refused(kind: KeyKind) -> None:
    """RSA under 2048 bits and curves without a listed name."""
    made = ISSUER.issue(LEADER, now=ISSUED, kind=kind)
    assert check(made.der, made.chain_der).reason is Reason.ALGORITHM_WEAK


def test_rogue_authority_of_the_same_name_is_not_the_root() -> None:
    """leaf ← issuer ← a root that only calls itself so"""
    rogue = Authority.root(now=ISSUED - timedelta(days=100), kind=KeyKind.P384)
    made = rogue.subordinate(now=ISSUED - timedelta(days=50), kind=KeyKind.P384).issue(LEADER, now=ISSUED)
    result = check(made.der, made.chain_der)
    assert result.path is PathState.UNTRUSTED
    without_root = check(made.der, made.chain_der[:1])
    assert (without_root.path, without_root.reason) == (PathState.INCOMPLETE, Reason.ISSUER_NOT_FOUND)


def test_no_trust_is_incomplete() -> None:
    """Nobody is trusted by default."""
    result = check(LEADER_ID.der, LEADER_ID.chain_der, trust=signing.TrustStore())
    assert (result.path, result.reason, result.revocation) == ("incomplete", "no_trust_given", "not_checked")


def test_root_counts_for_its_purposes_and_until_its_day() -> None:
    """A TSA root vouches for no person, a retired root for nothing new."""
    tsa_only = signing.TrustStore((signing.TrustAnchor(ROOT.der, purposes=frozenset({signing.Purpose.TSA})),))
    retired = signing.TrustStore((signing.TrustAnchor(ROOT.der, trusted_until=NOW - timedelta(days=1)),))
    assert check(LEADER_ID.der, LEADER_ID.chain_der, trust=tsa_only).reason is Reason.ROOT_NOT_FOR_PURPOSE
    assert check(LEADER_ID.der, LEADER_ID.chain_der, trust=retired).reason is Reason.ROOT_RETIRED


def test_revoked_before_signing_fails() -> None:
    """There is no signature yet whose earlier existence could be proven."""
    revoked = ISSUER.crl(
        this_update=NOW - timedelta(hours=1), revoked=[Revoked(LEADER_ID.serial, NOW - timedelta(days=1))]
    )
    result = check(LEADER_ID.der, LEADER_ID.chain_der, evidence=signing.Evidence(crls=(ROOT_LIST, revoked)))
    assert (result.verdict, result.reason) == (Conclusion.FAILED, Reason.REVOKED)
    assert result.revoked_at == NOW - timedelta(days=1)


def test_revoked_authority_fails_what_is_not_signed_yet() -> None:
    """leaf ← issuer (revoked) ← listed root"""
    serial = ISSUER.certificate.serial_number
    gone = ROOT.crl(this_update=NOW - timedelta(hours=1), revoked=[Revoked(serial, NOW - timedelta(days=1))])
    result = check(LEADER_ID.der, LEADER_ID.chain_der, evidence=signing.Evidence(crls=(gone, LIST)))
    assert (result.reason, result.revocation) == (Reason.CHAIN_REVOKED, RevocationState.REVOKED)


LISTS = {
    "of another issuer": lambda: ROOT.crl(this_update=NOW),
    "signed by another key of that name": lambda: Authority.root(
        Subject(common_name="x"), now=ISSUED - timedelta(days=90)
    ).subordinate(now=ISSUED - timedelta(days=50), kind=KeyKind.P384).crl(this_update=NOW),
    "delta": lambda: ISSUER.crl(this_update=NOW, options=CrlOptions(delta_of=1)),
    "about authorities only": lambda: ISSUER.crl(this_update=NOW, options=CrlOptions(only_ca=True)),
    "of another distribution point": lambda: ISSUER.crl(
        this_update=NOW, options=CrlOptions(point="http://elsewhere.example/1.crl")
    ),
    "run out": lambda: ISSUER.crl(
        this_update=NOW - timedelta(hours=3), next_update=NOW - timedelta(hours=2)
    ),
    "not a list": lambda: b"\x30\x03\x02\x01\x00",
}  # fmt: skip


@pytest.mark.parametrize("name", LISTS)
def test_list_that_may_not_speak_proves_nothing(name: str) -> None:
    """Unknown, never good."""
    given = signing.Evidence(crls=(ROOT_LIST, LISTS[name]()))
    result = check(LEADER_ID.der, LEADER_ID.chain_der, evidence=given)
    assert (result.verdict, result.revocation) == (Conclusion.INDETERMINATE, RevocationState.UNKNOWN)


@pytest.mark.parametrize("options", [CrlOptions(only_user=True), CrlOptions(indirect=True)])
def test_list_whose_scope_holds_the_person_is_enough(options: CrlOptions) -> None:
    """onlyContainsUserCerts, the good twin of "about authorities only"; an issuer's own indirect list."""
    given = signing.Evidence(crls=(ROOT_LIST, ISSUER.crl(this_update=NOW, options=options)))
    assert check(LEADER_ID.der, LEADER_ID.chain_der, evidence=given).verdict is Conclusion.PASSED


def ocsp(**changes: object) -> signing.Evidence:
    settings: dict[str, object] = {"this_update": NOW - timedelta(minutes=5)} | changes
    answer = ISSUER.ocsp(LEADER_ID.certificate, **settings)  # type: ignore[arg-type]
    return signing.Evidence(crls=(ROOT_LIST,), ocsps=(answer,))


def test_ocsp_of_the_issuer_and_of_its_delegate_counts() -> None:
    """RFC 6960, 4.2.2.2: either signs."""
    delegate = ISSUER.responder(now=ISSUED)
    for given in (ocsp(), ocsp(responder=delegate)):
        result = check(LEADER_ID.der, LEADER_ID.chain_der, evidence=given)
        assert (result.verdict, result.answer_source) == (Conclusion.PASSED, "ocsp")


def test_ocsp_of_somebody_else_proves_nothing() -> None:
    """A person's certificate of the same issuer is no responder."""
    stranger = ISSUER.issue(AGENCY, now=ISSUED)
    result = check(LEADER_ID.der, LEADER_ID.chain_der, evidence=ocsp(responder=stranger))
    assert result.reason is Reason.REVOCATION_UNKNOWN


def test_ocsp_revoked_and_unknown() -> None:
    """Revoked is revoked; unknown is no answer."""
    gone = ocsp(revoked=Revoked(LEADER_ID.serial, NOW - timedelta(days=1)))
    assert check(LEADER_ID.der, LEADER_ID.chain_der, evidence=gone).reason is Reason.REVOKED
    unknown = check(LEADER_ID.der, LEADER_ID.chain_der, evidence=ocsp(unknown=True))
    assert unknown.reason is Reason.REVOCATION_UNKNOWN


def test_facts_of_a_vietnamese_certificate() -> None:
    """Every UID, personal numbers masked, organisations' codes readable, title and unit apart."""
    facts = signing.inspect_certificate(LEADER_ID.der)
    assert (facts.common_name, facts.title) == ("Nguyễn Văn Hiền", "Chủ tịch")
    assert facts.uids == ("CCCD:•••••••••001", "MST:0400260612")
    assert ("UID", "CCCD:•••••••••001") in facts.subject
    assert "001075000001" not in repr(facts)
    assert (facts.key_kind, facts.key_bits) == ("EC secp256r1", 256)
    assert facts.not_before.tzinfo is not None
    assert facts.authority_key_id == signing.inspect_certificate(ISSUER.der).subject_key_id


def test_unreadable_certificate_is_broken_input() -> None:
    """Not a traceback of the parser."""
    with pytest.raises(signing.BrokenInput):
        signing.inspect_certificate(b"\x30\x03\x02\x01\x00")


def test_crl_facts_and_its_signature() -> None:
    """What the table of lists shows; a list of another issuer is refused."""
    facts = signing.parse_crl(LIST, ISSUER.der)
    assert (facts.this_update, facts.number, facts.count) == (NOW - timedelta(hours=1), 1, 0)
    with pytest.raises(signing.SignatureRefused):
        signing.parse_crl(LIST, ROOT.der)
    with pytest.raises(signing.BrokenInput):
        signing.parse_crl(b"no list")


@pytest.mark.parametrize(
    ("kind", "name"), [(KeyKind.RSA_2048, "RS256"), (KeyKind.P256, "ES256"), (KeyKind.P384, "ES384")]
)
def test_raw_signature_is_checked_before_embedding(kind: KeyKind, name: str) -> None:
    """The key of this certificate over these bytes, and nobody else's."""
    own = ISSUER.issue(LEADER, now=ISSUED, kind=kind)
    other = ISSUER.issue(AGENCY, now=ISSUED, kind=kind)
    signature = own.sign(b"to be signed")
    signing.verify_raw(own.der, b"to be signed", signature, name)
    for wrong in ((other.der, b"to be signed", name), (own.der, b"something else", name), (own.der, b"x", "RS1")):
        with pytest.raises(signing.SignatureRefused):
            signing.verify_raw(wrong[0], wrong[1], signature, wrong[2])


def test_digests_follow_content_and_not_order() -> None:
    """What a stored verdict keeps of trust and policy."""
    anchors = (signing.TrustAnchor(ROOT.der), signing.TrustAnchor(ISSUER.der))
    assert signing.TrustStore(anchors).digest == signing.TrustStore(anchors[::-1]).digest
    changed = (replace(anchors[0], trusted_until=NOW), anchors[1])
    assert signing.TrustStore(changed).digest != signing.TrustStore(anchors).digest
    assert signing.Policy().digest == signing.STRICT.digest != signing.DAILY.digest
