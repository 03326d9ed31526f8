"""Formats of the past: an exact answer, and never a yes."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from signing.path.chain import PathState
from signing.prepare import der
from signing.reasons import Conclusion, Reason
from signing.testing import Identity
from signing.testing.paper import Way, sign
from signing.verification.verdict import Integrity, SignatureVerdict
from tests.signing.cms.maker import ESS_V1, Plan, make
from tests.signing.verification.office import NOW, Office

SHA1 = hashes.SHA1()


def bare(who: Identity, content: bytes, function: hashes.HashAlgorithm) -> bytes:
    assert isinstance(who.key, rsa.RSAPrivateKey)
    return der.octets(who.key.sign(content, padding.PKCS1v15(), function))


def judged(
    office: Office, function: hashes.HashAlgorithm, *, over: bytes | None = None, cert: bool = True
) -> SignatureVerdict:
    who = office.agency
    listed = b" ".join(b"<%s>" % item.hex().encode() for item in (who.der, *who.chain_der))
    way = Way(
        message=lambda own, content: bare(own, over or content, function),
        subfilter=b"adbe.x509.rsa_sha1" + (b"/Cert[%s]" % listed if cert else b""),
    )
    return office.judge(sign(office.paper, "number", who, at=NOW, way=way)).signatures[0]


def test_sha1_is_intact_and_no_longer_enough(office: Office) -> None:
    """adbe.x509.rsa_sha1 with its own hash: who signed, that nothing changed, and that it does not count."""
    found = judged(office, SHA1)
    assert (found.verdict, found.reason) == (Conclusion.FAILED, Reason.ALGORITHM_WEAK)
    assert (found.integrity, found.path, found.algorithm) == (
        Integrity.INTACT,
        PathState.TRUSTED,
        "rsa_pkcs1v15_sha1",
    )
    assert found.signer is not None


def test_better_hash_leaves_the_format_open(office: Office) -> None:
    """Strong, but of a format that was withdrawn."""
    found = judged(office, hashes.SHA256())
    assert (found.verdict, found.reason) == (Conclusion.INDETERMINATE, Reason.FORMAT_NOT_SUPPORTED)
    assert found.integrity is Integrity.INTACT


@pytest.mark.parametrize("function", [SHA1, hashes.SHA256()])
def test_changed_bytes_are_found(office: Office, function: hashes.HashAlgorithm) -> None:
    """The signature is over something else."""
    found = judged(office, function, over=b"another document")
    assert (found.verdict, found.integrity) == (Conclusion.FAILED, Integrity.BROKEN)
    assert Reason.DIGEST_MISMATCH in found.reasons


def test_without_certificate_nobody_is_named(office: Office) -> None:
    """/Cert is missing."""
    found = judged(office, SHA1, cert=False)
    assert (found.verdict, found.reason) == (Conclusion.INDETERMINATE, Reason.CERTIFICATE_NOT_FOUND)


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        (True, (Conclusion.PASSED, None)),
        (False, (Conclusion.FAILED, Reason.SIGNING_CERTIFICATE_MISMATCH)),
    ],
)
def test_certificate_named_by_sha1(office: Office, own: bool, expected: tuple[Conclusion, Reason | None]) -> None:
    """The first ESS attribute names a certificate as well; it must be the signer's."""
    who = office.agency
    named = who.der if own else who.chain_der[0]
    way = Way(message=lambda _, content: make(content, Plan(who, essential=((ESS_V1, named),))))
    found = office.judge(sign(office.paper, "number", who, at=NOW, way=way)).signatures[0]
    assert (found.verdict, found.reason) == expected
