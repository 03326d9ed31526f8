"""A second maker: certomancer's own server gives lists, answers and certificates."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import yaml
from certomancer.integrations.animator import Animator, AnimatorArchStore
from certomancer.registry import ArchLabel, CertLabel, CertomancerConfig
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from werkzeug.serving import make_server

import signing
from signing.fetch import gather
from tests.signing.fetch.servers import with_
from tests.signing.verification.office import AT

NAMES = ("root", "interm", "signer", "ocsp")


VALIDITY = {"valid-from": "2024-01-01T00:00:00+0000", "valid-to": "2034-01-01T00:00:00+0000"}


def usage(*names: str) -> dict[str, object]:
    return {"id": "key_usage", "critical": True, "smart-value": {"schema": "key-usage", "params": list(names)}}


def lists_of(name: str) -> dict[str, object]:
    smart = {"schema": "crl-dist-url", "params": {"crl-repo-names": [name]}}
    return {"id": "crl_distribution_points", "smart-value": smart}


AUTHORITY = [
    {"id": "basic_constraints", "critical": True, "value": {"ca": True}},
    usage("key_cert_sign", "crl_sign"),
]
ACCESS = {
    "id": "authority_information_access",
    "smart-value": {
        "schema": "aia-urls",
        "params": {"ocsp-responder-names": ["interm"], "ca-issuer-links": [{"repo": "interm"}]},
    },
}
RESPONDER = [
    usage("digital_signature"),
    {"id": "extended_key_usage", "value": ["ocsp_signing"]},
    {"id": "ocsp_no_check"},
]


def certificate(issuer: str, *extensions: object) -> dict[str, object]:
    return {"issuer": issuer, "validity": VALIDITY, "extensions": list(extensions)}


def config(prefix: str) -> dict[str, object]:
    """Root → issuing authority → signer, with a delegated responder."""
    responder = {"for-issuer": "interm", "responder-cert": "ocsp", "signing-key": "ocsp"}
    architecture = {
        "keyset": "keys",
        "entity-defaults": {"country-name": "VN", "organization-name": "Certomancer"},
        "entities": {name: {"common-name": name} for name in NAMES},
        "certs": {
            "root": certificate("root", *AUTHORITY),
            "interm": certificate("root", *AUTHORITY, lists_of("root")),
            "signer": certificate("interm", usage("digital_signature"), lists_of("interm"), ACCESS),
            "ocsp": certificate("interm", *RESPONDER),
        },
        "services": {
            "ocsp": {"interm": responder},
            "crl-repo": {
                name: {"for-issuer": name, "signing-key": name, "simulated-update-schedule": "P1D"}
                for name in ("root", "interm")
            },
            "cert-repo": {"interm": {"for-issuer": "interm"}},
        },
    }
    return {
        "external-url-prefix": prefix,
        "keysets": {"keys": {"path-prefix": "keys", "keys": {name: {"path": f"{name}.pem"} for name in NAMES}}},
        "pki-architectures": {"arch": architecture},
    }


@dataclass
class Pki:
    trust: bytes
    chain: tuple[bytes, ...]
    signer: bytes


@pytest.fixture(scope="module")
def pki(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pki]:
    """The server, at the moment all tests of verification live in."""
    folder = tmp_path_factory.mktemp("certomancer")
    (folder / "keys").mkdir()
    for name in NAMES:
        key = rsa.generate_private_key(65537, 2048)
        (folder / "keys" / f"{name}.pem").write_bytes(
            key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        )
    server = make_server("127.0.0.1", 0, lambda environ, start: animator(environ, start))
    (folder / "pki.yml").write_text(yaml.safe_dump(config(f"http://ca.example.vn:{server.server_port}")))
    found = CertomancerConfig.from_file(str(folder / "pki.yml"), str(folder), str(folder))
    arch = found.get_pki_arch(ArchLabel("arch"))
    animator = Animator(AnimatorArchStore({ArchLabel("arch"): arch}), at_time=AT, with_web_ui=False)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    ders = {name: arch.get_cert(CertLabel(name)).dump() for name in NAMES}
    yield Pki(ders["root"], (ders["interm"],), ders["signer"])
    server.shutdown()
    thread.join()
    server.server_close()


def test_what_certomancer_serves_proves_a_certificate_good(pki: Pki) -> None:
    """Its lists, its delegated responder and its certificate store, none of them made by this library."""
    trust = signing.TrustStore.of(pki.trust)
    bare = signing.check_certificate(pki.signer, chain=pki.chain, trust=trust, evidence=signing.Evidence(), at=AT)
    assert bare.verdict == "indeterminate"
    found = gather(pki.signer, chain=pki.chain, trust=trust, settings=with_(), at=AT)
    assert found.problems == ()
    assert {item.kind for item in found.fetched} == {"crl", "ocsp", "certificates"}
    result = signing.check_certificate(pki.signer, chain=pki.chain, trust=trust, evidence=found.evidence, at=AT)
    assert (result.verdict, result.revocation) == ("passed", "good"), result
