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
    EDDSA,
    PublicKey,
    SignatureAlgorithm,
    Strength,
    check_message,
    check_signature,
    digest_name,
    hash_of,
    names_its_curve,
    signature_algorithm,
    strength,
)
from signing.cms.attributes import CertificateId
from signing.cms.codec import DATA, SignedData, Signer
from signing.cms.names import same_name
from signing.errors import NeedsCare, SignatureRefused

_SUBJECT_KEY_ID = "2.5.29.14"


@dataclass(slots=True)
class Checked:
    """What was found; no `faults` means: this certificate's key signed this content, by the rules. `remarks` are
    what is allowed and worth saying."""

    signer: Signer | None = None
    certificate: bytes | None = None
    algorithm: SignatureAlgorithm | None = None
    strength: Strength = Strength.ACCEPTABLE
    claimed: datetime | None = None
    digest_fits: bool = False
    signature_fits: bool = False
    faults: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Expected:
    """What the place of a signature demands.

    `digest_of` gives the content's digest by name of the hash, None when there is no content to look at.
    `certificate_id_optional`: plain CMS, which need not name the certificate. `attributes_optional`: the signature
    may be straight over the content, but not where the content `is_attributes`: then somebody passes off the signed
    attributes of another message as content. `certificates`: more to look for the signer's in.
    """

    content_type: str
    digest_of: Callable[[str], bytes | None]
    attached: bool = False
    certificate_id_optional: bool = False
    attributes_optional: bool = False
    is_attributes: bool = False
    certificates: tuple[bytes, ...] = ()


def check(data: SignedData, expected: Expected) -> Checked:
    """All rules over a SignedData of one signer; `NeedsCare` only for algorithms that are not known here."""
    found = Checked()
    if len(data.signers) != 1:
        found.faults.append("several_signers")
        return found
    if (data.content is not None) is not expected.attached:
        found.faults.append("content_attached")
    return check_signer(data, data.signers[0], expected, found=found)


def check_signer(data: SignedData, signer: Signer, expected: Expected, *, found: Checked | None = None) -> Checked:
    """The rules over one of the signers."""
    found = Checked() if found is None else found
    found.signer = signer
    if data.content_type != expected.content_type:
        found.faults.append("content_type_wrong")
    if signer.signed_der is None:
        return _check_bare(found, signer, data, expected=expected)
    if attributes.has_doubles(signer.signed):
        found.faults.append("attribute_doubled")
        return found
    _check_attributes(found, signer, expected)
    _check_certificate(found, signer, data, expected=expected)
    _check_mathematics(found, signer, message=signer.signed_der)
    if signer.signed_as_sent is not None and "signature_wrong" in found.faults:
        found.faults.remove("signature_wrong")
        _check_mathematics(found, signer, message=signer.signed_as_sent)
    return found


def _check_bare(found: Checked, signer: Signer, data: SignedData, *, expected: Expected) -> Checked:
    """A signature straight over the content (RFC 5652, 5.3: for plain data only)."""
    if not expected.attributes_optional or data.content_type != DATA:
        found.faults.append("signed_attributes_missing")
        return found
    if expected.is_attributes:
        found.faults.append("content_is_attributes")
        return found
    found.remarks.append("signed_attributes_absent")
    digest = expected.digest_of(digest_name(signer.digest))
    if digest is None:
        found.faults.append("content_missing")
        return found
    _find_certificate(found, signer, (*data.certificates, *expected.certificates), named=())
    _check_mathematics(found, signer, digest=digest)
    found.digest_fits = found.signature_fits
    return found


def _check_attributes(found: Checked, signer: Signer, expected: Expected) -> None:
    digest = digest_name(signer.digest)
    if attributes.content_type(signer) != expected.content_type:
        found.faults.append("content_type_wrong")
    stated, actual = attributes.message_digest(signer), expected.digest_of(digest)
    if stated is None:
        found.faults.append("digest_missing")
    elif actual is None:
        found.faults.append("content_missing")
    elif stated == actual:
        found.digest_fits = True
    else:
        found.faults.append("digest_mismatch")
    protected = attributes.protection(signer)
    if protected is not None and protected != (signer.digest, signer.algorithm):
        found.faults.append("algorithms_disagree")
    found.claimed = attributes.signing_time(signer)


def _check_certificate(found: Checked, signer: Signer, data: SignedData, *, expected: Expected) -> None:
    """By SHA-1 (the first ESS attribute) it may be named too, as ETSI EN 319 122-1, 5.2.2 has it: who could make
    another certificate of the same hash would need a second preimage, and the authority's signature on it."""
    named = attributes.certificate_ids(signer)
    _find_certificate(found, signer, (*data.certificates, *expected.certificates), named=named)
    if not named:
        optional = expected.certificate_id_optional and not attributes.claims_cades(signer)
        (found.remarks if optional else found.faults).append(
            "signing_certificate_unnamed" if optional else "signing_certificate_missing"
        )
    if found.certificate is not None and not all(_fits(item, found.certificate) for item in named):
        found.faults.append("signing_certificate_mismatch")


def _find_certificate(
    found: Checked, signer: Signer, certificates: tuple[bytes, ...], *, named: tuple[CertificateId, ...]
) -> None:
    """The signer's certificate: by issuer and number or by key; of several, the one that the signature names."""
    candidates = [item for item in certificates if _is_meant(signer, item)]
    fitting = [item for item in candidates if all(_fits(name, item) for name in named)]
    found.certificate = next(iter(fitting or candidates), None)
    if found.certificate is None:
        found.faults.append("certificate_not_found")


def _is_meant(signer: Signer, certificate: bytes) -> bool:
    """Certificates beside the signer's may be unreadable: they are just not his."""
    try:
        issuer, serial, _ = certificate_names(certificate)
        if signer.key_id is not None:
            return signer.key_id in key_ids(certificate)
    except NeedsCare:
        return False
    return serial == signer.serial and signer.issuer is not None and same_name(issuer, signer.issuer)


def _fits(named: CertificateId, certificate: bytes) -> bool:
    issuer, serial, _ = certificate_names(certificate)
    return named.fits(certificate, issuer=issuer, serial=serial)


def _check_mathematics(
    found: Checked, signer: Signer, *, message: bytes | None = None, digest: bytes | None = None
) -> None:
    """`message`: the signed attributes; `digest`: of a content too large to be held."""
    if found.certificate is None:
        return
    try:
        found.algorithm = signature_algorithm(signer.algorithm, digest_name(signer.digest))
        key = _check_key(public_key(found.certificate), signer, found.algorithm, message=message, digest=digest)
    except SignatureRefused as error:
        wrong = error.code in ("signature_wrong", "key_and_algorithm_disagree")
        found.faults.append("signature_wrong" if wrong else "algorithms_disagree")
        return
    found.signature_fits = True
    found.strength = strength(found.algorithm, key)
    if not names_its_curve(certificate_names(found.certificate)[2]):
        found.strength = Strength.WEAK
    if found.strength is not Strength.ACCEPTABLE:
        found.faults.append("algorithm_weak")


def _check_key(
    key: object, signer: Signer, algorithm: SignatureAlgorithm, *, message: bytes | None, digest: bytes | None
) -> PublicKey:
    if algorithm.scheme in EDDSA:
        if message is None:
            raise NeedsCare("signature_algorithm_unknown")
        return check_message(key, signer.signature, algorithm=algorithm, message=message)
    if message is not None:
        digest = hash_of(algorithm.digest, message)
    return check_signature(key, signer.signature, algorithm=algorithm, digest=digest or b"")


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
def key_ids(certificate: bytes) -> frozenset[bytes]:
    """By which a signer may name this certificate's key: its subject key identifier, else SHA-1 of the key
    (RFC 5280, 4.2.1.2)."""
    key = certificate_names(certificate)[2]
    bits = der.read(key).children()[1].expect(der.BIT_STRING).content
    parts = der.read(certificate).first().children()
    extensions = next((part.only().children() for part in parts if part.tag == 0xA3), ())
    found = {hash_of("sha1", bits[1:])}
    for item in extensions:
        fields = item.children()
        if len(fields) >= 2 and der.oid(fields[0]) == _SUBJECT_KEY_ID:
            found = {der.read(fields[-1].content).expect(der.OCTET_STRING).content}
    return frozenset(found)


@lru_cache(maxsize=1024)
def public_key(certificate: bytes) -> object:
    """The public key of a certificate; `NeedsCare` when its kind is not known here."""
    try:
        return load_der_public_key(certificate_names(certificate)[2])
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise NeedsCare("key_unknown") from error
