"""What other programs sign: openssl, `cryptography`, pyHanko."""

from __future__ import annotations

import asyncio
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from asn1crypto import x509 as asn1x509
from asn1crypto.keys import PrivateKeyInfo
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ed448, ed25519
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat, pkcs7
from pyhanko.keys import load_cert_from_pemder, load_private_key_from_pemder
from pyhanko.sign.signers import SimpleSigner
from pyhanko_certvalidator.registry import SimpleCertificateStore

import signing
from signing.reasons import Conclusion, Reason
from signing.testing import Identity, paths
from tests.signing.verification.office import Office

CONTENT = bytes(range(256)) * 20
UNNAMED = (Reason.SIGNING_CERTIFICATE_UNNAMED,)


def judge(office: Office, data: bytes, content: bytes | None, *, at: datetime) -> signing.DocumentVerdict:
    """These programs write the time of their own clock into the signature: lists of after it."""
    lists = (office.issuer.crl(this_update=at), office.root.crl(this_update=at))
    evidence = signing.Evidence(crls=lists)
    return signing.verify_detached(data, content, trust=office.trust, at=at, evidence=evidence)


@pytest.fixture(scope="module")
def now() -> datetime:
    return datetime.now(UTC) + timedelta(minutes=1)


@pytest.fixture(scope="module")
def folder(office: Office, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("openssl")
    (made / "data").write_bytes(CONTENT)
    (made / "issuer.pem").write_bytes(office.issuer.identity.pem)
    for name, who in (("rsa", office.agency), ("ec", office.leader)):
        (made / f"{name}.pem").write_bytes(who.pem)
        (made / f"{name}.key").write_bytes(key_pem(who))
    return made


def key_pem(who: Identity) -> bytes:
    return who.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


WAYS: dict[str, tuple[str, bool, tuple[Reason, ...]]] = {
    "plain": ("-outform DER", True, UNNAMED),
    "CAdES": ("-outform DER -cades", True, ()),
    "PEM": ("-outform PEM -cades", True, ()),
    "attached": ("-outform DER -cades -nodetach", False, ()),
    "streamed": ("-outform DER -cades -nodetach -stream -indef", False, ()),
    "streamed detached": ("-outform DER -stream", True, UNNAMED),
    "without attributes": ("-outform DER -noattr", True, (Reason.SIGNED_ATTRIBUTES_ABSENT,)),
    "by key identifier": ("-outform DER -cades -keyid", True, ()),
    "PSS": ("-outform DER -cades -keyopt rsa_padding_mode:pss -keyopt rsa_pss_saltlen:32", True, ()),
    "PSS, longest salt": ("-outform DER -cades -keyopt rsa_padding_mode:pss -keyopt rsa_pss_saltlen:222", True, ()),
    "SHA-512": ("-outform DER -cades -md sha512", True, ()),
}


@pytest.mark.tools("openssl")
@pytest.mark.parametrize("way", WAYS)
def test_openssl(office: Office, folder: Path, now: datetime, way: str) -> None:
    """Some of its ways to write the same signature."""
    options, detached, remarks = WAYS[way]
    made = subprocess.run(
        f"openssl cms -sign -binary -in data -signer rsa.pem -inkey rsa.key -certfile issuer.pem {options}".split(),
        cwd=folder,
        capture_output=True,
        check=True,
    ).stdout
    verdict = judge(office, made, CONTENT if detached else None, at=now)
    assert (verdict.verdict, verdict.reasons) == (Conclusion.PASSED, remarks)


@pytest.mark.tools("openssl")
def test_openssl_with_two_signers(office: Office, folder: Path, now: datetime) -> None:
    """RSA and elliptic curve in one message."""
    signers = "-signer rsa.pem -inkey rsa.key -signer ec.pem -inkey ec.key -certfile issuer.pem -cades"
    made = subprocess.run(
        f"openssl cms -sign -binary -in data {signers} -outform DER".split(),
        cwd=folder,
        capture_output=True,
        check=True,
    ).stdout
    verdict = judge(office, made, CONTENT, at=now)
    assert [item.verdict for item in verdict.signatures] == [Conclusion.PASSED] * 2
    assert {item.algorithm for item in verdict.signatures} == {"rsa_pkcs1v15_sha256", "ecdsa_sha256"}


@pytest.mark.parametrize("encoding", [Encoding.DER, Encoding.PEM])
def test_cryptography(office: Office, now: datetime, encoding: Encoding) -> None:
    """PKCS#7 as `cryptography` builds it."""
    who = office.agency
    builder = pkcs7.PKCS7SignatureBuilder().set_data(CONTENT)
    builder = builder.add_signer(who.certificate, who.key, hashes.SHA256()).add_certificate(  # type: ignore[arg-type]
        office.issuer.certificate
    )
    made = builder.sign(encoding, [pkcs7.PKCS7Options.DetachedSignature, pkcs7.PKCS7Options.Binary])
    verdict = judge(office, made, CONTENT, at=now)
    assert (verdict.verdict, verdict.reasons) == (Conclusion.PASSED, UNNAMED)


async def sign_der(signer: SimpleSigner, *, detached: bool, digest: str = "sha256") -> bytes:
    made = await signer.async_sign_general_data(CONTENT, digest, use_cades=True, detached=detached)
    encoded: bytes = made.dump()
    return encoded


@pytest.mark.parametrize("detached", [True, False])
def test_pyhanko(office: Office, folder: Path, now: datetime, detached: bool) -> None:
    """CAdES as pyHanko makes it."""
    store = SimpleCertificateStore()
    store.register(load_cert_from_pemder(str(folder / "issuer.pem")))
    signer = SimpleSigner(
        signing_cert=load_cert_from_pemder(str(folder / "rsa.pem")),
        signing_key=load_private_key_from_pemder(str(folder / "rsa.key"), passphrase=None),
        cert_registry=store,
    )
    made = asyncio.run(sign_der(signer, detached=detached))
    verdict = judge(office, made, CONTENT if detached else None, at=now)
    assert (verdict.verdict, verdict.reasons) == (Conclusion.PASSED, ())


CURVES = {
    "ed25519_sha512": (ed25519.Ed25519PrivateKey, "sha512"),
    "ed448_shake256": (ed448.Ed448PrivateKey, "shake256"),
}


@pytest.mark.parametrize("name", CURVES)
def test_edwards_curves_of_pyhanko(office: Office, folder: Path, now: datetime, name: str) -> None:
    """Signed are the attributes themselves (RFC 8419); a changed content is found."""
    kind, digest = CURVES[name]
    own, above = kind.generate(), office.issuer.identity
    info = own.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    certificate = paths.certificate(
        paths.name((paths.CN, "Edwards")), info, issuer=above.certificate.subject.public_bytes(), key=above.key,
        start=now - timedelta(days=30), extensions=(paths.usage("digitalSignature", "nonRepudiation"),),
    )  # fmt: skip
    store = SimpleCertificateStore()
    store.register(load_cert_from_pemder(str(folder / "issuer.pem")))
    signer = SimpleSigner(
        signing_cert=asn1x509.Certificate.load(certificate),
        signing_key=PrivateKeyInfo.load(own.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())),
        cert_registry=store,
    )
    made = asyncio.run(sign_der(signer, detached=True, digest=digest))
    verdict = judge(office, made, CONTENT, at=now)
    assert (verdict.verdict, verdict.reasons) == (Conclusion.PASSED, ())
    assert verdict.signatures[0].algorithm == name
    assert judge(office, made, CONTENT + b".", at=now).reason is Reason.DIGEST_MISMATCH
