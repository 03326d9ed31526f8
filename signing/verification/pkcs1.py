"""adbe.x509.rsa_sha1 (ISO 32000-1, 12.8.3.2): a bare RSA signature in /Contents, the certificates in /Cert.

A format of the past that PDF 2.0 has withdrawn. Its signatures are computed all the same, so that the answer is
exact: intact or not, by whom, and that the algorithm, or at best the format, no longer counts.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from signing.cms import ber, der
from signing.cms.algorithms import HASHES, Scheme, SignatureAlgorithm, strength
from signing.cms.codec import DATA, Algorithm, SignedData, Signer
from signing.cms.rules import Checked, public_key
from signing.errors import NeedsCare
from signing.pdf import PdfArray, PdfString

SUBFILTER = "adbe.x509.rsa_sha1"
MAX_CERTIFICATES = 50
_TRIED = ("sha1", "sha256", "sha384", "sha512")


def read_bare(contents: bytes, certificates: tuple[bytes, ...]) -> tuple[SignedData, bytes]:
    """The signature as if CMS carried it, and the bytes behind it."""
    value, padding_bytes = ber.read_prefix(contents)
    signature = der.read(value).expect(der.OCTET_STRING).content
    unnamed = Algorithm("", None)
    signer = Signer(1, None, None, None, unnamed, (), None, None, unnamed, signature, ())
    return SignedData(1, (), DATA, None, certificates, (), (), (signer,)), padding_bytes


def check_bare(data: SignedData, digest_of: Callable[[str], bytes]) -> Checked:
    """The first certificate of /Cert is the signer's."""
    signer = data.signers[0]
    found = Checked(signer=signer, certificate=next(iter(data.certificates), None))
    if found.certificate is None:
        found.faults.append("certificate_not_found")
        return found
    key = public_key(found.certificate)
    if not isinstance(key, rsa.RSAPublicKey):
        raise NeedsCare("key_unknown")
    name, stated = _recovered(key, signer.signature)
    if name is None:
        found.faults.append("signature_wrong")
        return found
    found.signature_fits, found.digest_fits = True, stated == digest_of(name)
    found.algorithm = SignatureAlgorithm(Scheme.RSA, name)
    found.strength = strength(found.algorithm, key)
    found.faults += [] if found.digest_fits else ["digest_mismatch"]
    found.faults.append("algorithm_weak" if name == "sha1" else "format_not_supported")
    return found


def _recovered(key: rsa.RSAPublicKey, signature: bytes) -> tuple[str | None, bytes]:
    """Hash and digest that the key's owner signed."""
    for name in _TRIED:
        try:
            return name, key.recover_data_from_signature(signature, padding.PKCS1v15(), HASHES[name])
        except (InvalidSignature, ValueError):
            continue
    return None, b""


def certificates_of(resolve: Callable[[Any], Any], value: Any) -> tuple[bytes, ...]:
    """/Cert: one string, or an array of them, the signer's first."""
    given = resolve(value)
    items = [resolve(item) for item in given[:MAX_CERTIFICATES]] if isinstance(given, PdfArray) else [given]
    return tuple(bytes(item) for item in items if isinstance(item, PdfString))
