"""The rules one SignedData must keep before its signature means anything (RFC 5652, RFC 5035, ETSI EN 319 122-1).

Every broken rule is collected; the codes are those of `signing.reasons`, which this room does not import.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import load_der_public_key

from signing.cms import attributes, der
from signing.cms.algorithms import (
    SignatureAlgorithm,
    Strength,
    check_signature,
    digest_name,
    hash_of,
    signature_algorithm,
    strength,
)
from signing.cms.codec import SignedData, Signer
from signing.errors import NeedsCare, SignatureRefused


@dataclass(slots=True)
class Checked:
    """What was found; no `faults` means: this certificate's key signed this content, by the rules."""

    signer: Signer | None = None
    certificate: bytes | None = None
    algorithm: SignatureAlgorithm | None = None
    strength: Strength = Strength.ACCEPTABLE
    claimed: datetime | None = None
    digest_fits: bool = False
    signature_fits: bool = False
    faults: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Expected:
    """What the place of a signature demands. `digest_of` gives the content's digest by name of the hash."""

    content_type: str
    digest_of: Callable[[str], bytes]
    attached: bool = False
    old_certificate_id: bool = False


def check(data: SignedData, expected: Expected) -> Checked:
    """All rules over one SignedData; `NeedsCare` only for algorithms that are not known here."""
    found = Checked()
    if len(data.signers) != 1:
        found.faults.append("several_signers")
        return found
    signer = found.signer = data.signers[0]
    if (data.content is not None) is not expected.attached:
        found.faults.append("content_attached")
    if data.content_type != expected.content_type:
        found.faults.append("content_type_wrong")
    if signer.signed_der is None:
        found.faults.append("signed_attributes_missing")
        return found
    if not signer.signed_is_der:
        raise NeedsCare("ber_encoding")
    if attributes.has_doubles(signer.signed):
        found.faults.append("attribute_doubled")
        return found
    _check_attributes(found, signer, expected)
    _check_certificate(found, signer, data, allow_old=expected.old_certificate_id)
    _check_mathematics(found, signer)
    return found


def _check_attributes(found: Checked, signer: Signer, expected: Expected) -> None:
    digest = digest_name(signer.digest)
    if attributes.content_type(signer) != expected.content_type:
        found.faults.append("content_type_wrong")
    stated = attributes.message_digest(signer)
    if stated is None:
        found.faults.append("digest_missing")
    elif stated == expected.digest_of(digest):
        found.digest_fits = True
    else:
        found.faults.append("digest_mismatch")
    protected = attributes.protection(signer)
    if protected is not None and protected != (signer.digest, signer.algorithm):
        found.faults.append("algorithms_disagree")
    found.claimed = attributes.signing_time(signer)


def _check_certificate(found: Checked, signer: Signer, data: SignedData, *, allow_old: bool) -> None:
    named = attributes.certificate_id(signer)
    for certificate in data.certificates:
        issuer, serial, _ = certificate_names(certificate)
        if (signer.key_id is None and (issuer, serial) == (signer.issuer, signer.serial)) or (
            signer.key_id is not None and named is not None and hash_of(named.digest, certificate) == named.value
        ):
            found.certificate = certificate
    if named is None or (named.digest == "sha1" and not allow_old):
        found.faults.append("signing_certificate_missing")
    if found.certificate is None:
        found.faults.append("certificate_not_found")
    elif named is not None:
        issuer, serial, _ = certificate_names(found.certificate)
        if not named.fits(found.certificate, issuer=issuer, serial=serial):
            found.faults.append("signing_certificate_mismatch")


def _check_mathematics(found: Checked, signer: Signer) -> None:
    if found.certificate is None or signer.signed_der is None:
        return
    digest = digest_name(signer.digest)
    try:
        found.algorithm = signature_algorithm(signer.algorithm, digest)
        key = check_signature(
            public_key(found.certificate),
            signer.signature,
            algorithm=found.algorithm,
            digest=hash_of(digest, signer.signed_der),
        )
    except SignatureRefused as error:
        wrong = error.code in ("signature_wrong", "key_and_algorithm_disagree")
        found.faults.append("signature_wrong" if wrong else "algorithms_disagree")
        return
    found.signature_fits = True
    found.strength = strength(found.algorithm, key)
    if found.strength is not Strength.ACCEPTABLE:
        found.faults.append("algorithm_weak")


@lru_cache(maxsize=1024)
def certificate_names(certificate: bytes) -> tuple[bytes, int, bytes]:
    """(issuer, serial number, SubjectPublicKeyInfo) out of a certificate's DER (RFC 5280, 4.1)."""
    parts = list(der.read(certificate).expect(der.SEQUENCE).first().expect(der.SEQUENCE).children())
    if parts and parts[0].tag == 0xA0:
        parts.pop(0)
    if len(parts) < 6:
        raise NeedsCare("der_structure")
    return parts[2].raw, der.integer(parts[0]), parts[5].raw


@lru_cache(maxsize=1024)
def public_key(certificate: bytes) -> object:
    """The public key of a certificate; `NeedsCare` when its kind is not known here."""
    try:
        return load_der_public_key(certificate_names(certificate)[2])
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise NeedsCare("key_unknown") from error
