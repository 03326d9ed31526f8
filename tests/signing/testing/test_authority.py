"""The test PKI: what it issues is what its name says."""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtensionOID, NameOID

from signing.testing import (
    LEADER,
    Authority,
    Defect,
    KeyKind,
    Links,
    Profile,
    Revoked,
    timestamp_response,
    timestamp_token,
)

NOW = datetime(2026, 11, 22, 9, 59, 49, tzinfo=UTC)


@pytest.fixture
def issuing() -> Authority:
    return Authority.root(now=NOW).subordinate(now=NOW, links=Links(crl="http://crl.test/ca.crl"))


def test_a_leader_certificate_keeps_the_shape_of_vietnamese_subjects(issuing: Authority) -> None:
    """Both UIDs, the title and the Vietnamese letters survive encoding."""
    subject = issuing.issue(LEADER, now=NOW).certificate.subject
    uids = [one.value for one in subject.get_attributes_for_oid(NameOID.USER_ID)]
    assert uids == ["CCCD:001075000001", "MST:0400260612"]
    assert subject.get_attributes_for_oid(NameOID.TITLE)[0].value == "Chủ tịch"
    assert subject.get_attributes_for_oid(NameOID.LOCALITY_NAME)[0].value == "Đà Nẵng"


@pytest.mark.parametrize("kind", list(KeyKind))
def test_every_kind_of_key_gets_a_certificate_that_its_issuer_signed(issuing: Authority, kind: KeyKind) -> None:
    """The chain of each kind verifies link by link."""
    leader = issuing.issue(LEADER, now=NOW, kind=kind)
    leader.certificate.verify_directly_issued_by(leader.chain[0])
    leader.chain[0].verify_directly_issued_by(leader.chain[1])
    assert leader.chain[1].subject == leader.chain[1].issuer


def test_the_same_input_gives_the_same_certificate(issuing: Authority) -> None:
    """Elliptic keys, serials and signatures are computed, so files made from them repeat."""
    again = Authority.root(now=NOW).subordinate(now=NOW, links=Links(crl="http://crl.test/ca.crl"))
    assert issuing.issue(LEADER, now=NOW).der == again.issue(LEADER, now=NOW).der


@pytest.mark.parametrize("defect", list(Defect))
def test_every_defect_changes_the_certificate(issuing: Authority, defect: Defect) -> None:
    """A defect never yields the sound certificate by accident."""
    profile = Profile.TSA if "purpose" in defect else Profile.PERSON
    if defect in {Defect.NOT_A_CA, Defect.NO_CERT_SIGN}:
        profile = Profile.CA
    sound = issuing.issue(LEADER, profile, now=NOW)
    bad = issuing.issue(LEADER, profile, now=NOW, defects=[defect])
    assert bad.certificate.tbs_certificate_bytes != sound.certificate.tbs_certificate_bytes or (
        defect is Defect.FORGED and bad.der != sound.der
    )


def test_expired_and_future_certificates_miss_now_by_a_day(issuing: Authority) -> None:
    """The dates lie on the expected side of `now`."""
    expired = issuing.issue(LEADER, now=NOW, defects=[Defect.EXPIRED]).certificate
    future = issuing.issue(LEADER, now=NOW, defects=[Defect.NOT_YET_VALID]).certificate
    assert expired.not_valid_after_utc == NOW - timedelta(days=1)
    assert future.not_valid_before_utc == NOW + timedelta(days=1)


def test_a_forged_certificate_does_not_verify(issuing: Authority) -> None:
    """One flipped bit in the issuer's signature."""
    forged = issuing.issue(LEADER, now=NOW, defects=[Defect.FORGED])
    with pytest.raises(Exception, match=r"^$|[Ss]ignature"):
        forged.certificate.verify_directly_issued_by(issuing.certificate)


def test_a_sha1_certificate_says_so(issuing: Authority) -> None:
    """The algorithm identifier inside and outside names SHA-1."""
    bad = issuing.issue(LEADER, now=NOW, defects=[Defect.SHA1]).certificate
    assert bad.signature_algorithm_oid.dotted_string == "1.2.840.10045.4.1"


def test_a_crl_lists_whom_it_was_told_to(issuing: Authority) -> None:
    """Number, dates, reason and signature are as asked."""
    leader = issuing.issue(LEADER, now=NOW)
    entry = Revoked(leader.serial, NOW, "keyCompromise")
    crl = x509.load_der_x509_crl(issuing.crl(this_update=NOW, number=7, revoked=[entry]))
    found = crl.get_revoked_certificate_by_serial_number(leader.serial)
    assert found is not None
    assert found.revocation_date_utc == NOW
    assert crl.next_update_utc == NOW + timedelta(days=7)
    assert crl.extensions.get_extension_for_oid(ExtensionOID.CRL_NUMBER).value == x509.CRLNumber(7)
    assert crl.is_signature_valid(issuing.identity.key.public_key())


@pytest.mark.parametrize("delegated", [False, True])
def test_an_ocsp_answer_knows_good_revoked_and_unknown(issuing: Authority, delegated: bool) -> None:
    """Signed by the authority itself or by its responder."""
    leader = issuing.issue(LEADER, now=NOW)
    responder = issuing.responder(now=NOW) if delegated else None
    states = []
    for revoked, unknown in ((None, False), (Revoked(leader.serial, NOW), False), (None, True)):
        raw = issuing.ocsp(
            leader.certificate, this_update=NOW, responder=responder, revoked=revoked, unknown=unknown
        )
        states.append(ocsp.load_der_ocsp_response(raw).certificate_status.name)
    assert states == ["GOOD", "REVOKED", "UNKNOWN"]


@pytest.mark.parametrize("password", ["trinhky", "Mật khẩu Đà Nẵng"])
def test_a_p12_file_opens_with_its_password_only(issuing: Authority, password: str) -> None:
    """Modern and legacy encryption, Vietnamese passwords included; the chain is inside."""
    leader = issuing.issue(LEADER, now=NOW, kind=KeyKind.RSA_2048)
    for packed in (leader.pkcs12(password), leader.legacy_pkcs12(password)):
        opened = pkcs12.load_pkcs12(packed, password.encode())
        assert opened.cert is not None
        assert opened.cert.certificate == leader.certificate
        assert {one.certificate for one in opened.additional_certs} == set(leader.chain)
        with pytest.raises(ValueError, match="password"):
            pkcs12.load_pkcs12(packed, b"wrong")


@pytest.mark.tools("openssl")
def test_openssl_accepts_our_timestamps(tmp_path: Path) -> None:
    """A second program verifies token, imprint, purpose and chain."""
    root = Authority.root(now=NOW)
    token = timestamp_token(root.tsa(now=NOW), b"\x01" * 32, at=NOW, nonce=12345)
    (tmp_path / "answer").write_bytes(timestamp_response(token))
    (tmp_path / "root.pem").write_bytes(root.identity.pem)
    arguments = ["-digest", "01" * 32, "-CAfile", "root.pem", "-attime", str(int(NOW.timestamp()) + 60)]
    run = subprocess.run(
        ["openssl", "ts", "-verify", "-in", "answer", *arguments],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Verification: OK" in run.stdout + run.stderr
