"""Certificates, lists and OCSP answers of an independent maker: person ← authority ← root."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from asn1crypto import ocsp
from certomancer import CertomancerConfig
from certomancer.registry import ArchLabel, CertLabel, PKIArchitecture, ServiceLabel
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

import signing
from signing.path.check import PathResult
from signing.path.policy import RFC5280
from signing.reasons import Conclusion, Reason
from signing.testing.keys import KeyKind, key

AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
CONFIG = Path(__file__).with_name("certomancer.yml")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> PKIArchitecture:
    folder = tmp_path_factory.mktemp("certomancer")
    for name in ("root", "authority", "person", "answers"):
        private = key(KeyKind.P256 if name == "person" else KeyKind.RSA_2048, f"certomancer {name}")
        pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        (folder / f"{name}.pem").write_bytes(pem)
    text = CONFIG.read_text(encoding="utf-8")
    return CertomancerConfig.from_yaml(text, key_search_dir=str(folder)).get_pki_arch(ArchLabel("vn"))


def _certificate(made: PKIArchitecture, name: str) -> bytes:
    return made.get_cert(CertLabel(name)).dump()


def _list(made: PKIArchitecture, name: str) -> bytes:
    return made.service_registry.get_crl(ServiceLabel(name), AT).dump()


def _answer(made: PKIArchitecture, name: str) -> bytes:
    authority, asked = made.get_cert(CertLabel("authority")), made.get_cert(CertLabel(name))
    identifier = ocsp.CertId(
        {
            "hash_algorithm": {"algorithm": "sha1"},
            "issuer_name_hash": authority.subject.sha1,
            "issuer_key_hash": authority.public_key.sha1,
            "serial_number": asked.serial_number,
        }
    )
    request = ocsp.OCSPRequest({"tbs_request": {"request_list": [{"req_cert": identifier}]}})
    responder = made.service_registry.summon_responder(ServiceLabel("authority"), AT)
    return responder.build_ocsp_response(request).dump()


def _check(made: PKIArchitecture, name: str, evidence: signing.Evidence) -> PathResult:
    return signing.check_certificate(
        _certificate(made, name),
        chain=(_certificate(made, "authority"),),
        trust=signing.TrustStore.of(_certificate(made, "root")),
        evidence=evidence,
        at=AT,
        policy=RFC5280,
    )


@pytest.mark.parametrize("source", ["list", "answer"])
@pytest.mark.parametrize(("name", "reason"), [("person", None), ("gone", Reason.REVOKED)])
def test_what_certomancer_makes_is_read(
    made: PKIArchitecture, name: str, reason: Reason | None, source: str
) -> None:
    """By list or by OCSP answer of a delegate: one person is good, the other was revoked in June 2025."""
    evidence = signing.Evidence(crls=(_list(made, "root"),))
    if source == "list":
        evidence = evidence.plus(crls=(_list(made, "authority"),))
    else:
        evidence = evidence.plus(ocsps=(_answer(made, name),))
    result = _check(made, name, evidence)
    assert result.reason is reason, result.details
    if reason is None:
        assert (result.verdict, result.policies) == (Conclusion.PASSED, ("1.2.3.4",))
    else:
        assert result.revoked_at == datetime(2025, 6, 1, tzinfo=UTC)
