"""What a CRL or an OCSP response says about one certificate, when it may be believed at all.

A CRL counts when its issuer is the certificate's issuer, allowed to sign CRLs, and its scope is plain: no
delta, no indirect entries, no reasons left out. An OCSP response counts when signed by the issuer or by a
responder that the issuer certified for it (RFC 6960, 4.2.2.2).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID

from signing.cms import der as asn1
from signing.cms.algorithms import (
    HASHES,
    STRONG,
    check_signature,
    hash_of,
    key_is_strong,
    signature_algorithm,
)
from signing.cms.codec import Algorithm, algorithm
from signing.errors import BrokenInput, NeedsCare, SignatureRefused
from signing.path.certificates import (
    PARSE_ERRORS,
    extended_key_usages,
    extension,
    is_authority,
    key_usages,
    load,
)
from signing.path.chain import is_issued_by

_OCSP_SIGNING = ExtendedKeyUsageOID.OCSP_SIGNING.dotted_string


class AnswerSource(StrEnum):
    CRL = "crl"
    OCSP = "ocsp"


@dataclass(frozen=True, slots=True)
class Answer:
    """`revoked_at` None: good. `held` marks certificateHold, the only revocation that can be lifted."""

    source: AnswerSource
    digest: str
    this_update: datetime
    next_update: datetime | None
    revoked_at: datetime | None
    held: bool = False
    cause: str | None = None


@dataclass(frozen=True, slots=True)
class CrlFacts:
    """A revocation list in plain values.

    `issuer_key`: SHA-256 (hex) of the public key (SubjectPublicKeyInfo) of the issuer it was checked against, else
    empty. `scope`: SHA-256 (hex) of its issuing distribution point (RFC 5280 5.2.5), empty where it has none.
    """

    sha256: str
    issuer_name: str
    issuer: bytes
    authority_key_id: str
    this_update: datetime
    next_update: datetime | None
    number: int | None
    count: int
    is_delta: bool
    issuer_key: str = ""
    scope: str = ""


def parse_crl(der: bytes, issuer: bytes | None = None) -> CrlFacts:
    """The facts of a CRL; with `issuer` (DER) its signature must be that certificate's, else `SignatureRefused`."""
    found = load_crl(der)
    if issuer is not None and not _is_signed_by(found, load(issuer)):
        raise SignatureRefused("crl_signature")
    number = _crl_extension(found, x509.CRLNumber)
    names = found.issuer.get_attributes_for_oid(x509.NameOID.COMMON_NAME) or list(found.issuer)
    return CrlFacts(
        sha256=hashlib.sha256(der).hexdigest(),
        issuer_name=str(names[0].value) if names else "",
        issuer=found.issuer.public_bytes(),
        authority_key_id=_key_id_hex(_crl_extension(found, x509.AuthorityKeyIdentifier)),
        this_update=found.last_update_utc,
        next_update=found.next_update_utc,
        number=number.crl_number if isinstance(number, x509.CRLNumber) else None,
        count=len(found),
        is_delta=_crl_extension(found, x509.DeltaCRLIndicator) is not None,
        issuer_key=_public_key_digest(load(issuer)) if issuer is not None else "",
        scope=_scope_digest(found),
    )


def _public_key_digest(issuer: x509.Certificate) -> str:
    info = issuer.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(info).hexdigest()


def _scope_digest(found: x509.CertificateRevocationList) -> str:
    point = _crl_extension(found, x509.IssuingDistributionPoint)
    return hashlib.sha256(point.public_bytes()).hexdigest() if point is not None else ""


def _key_id_hex(value: x509.ExtensionType | None) -> str:
    known = isinstance(value, x509.AuthorityKeyIdentifier) and value.key_identifier
    return known.hex() if known else ""


def load_crl(der: bytes) -> x509.CertificateRevocationList:
    """The list, its extensions parsed; `BrokenInput` when it is none."""
    return _load_crl(bytes(der))


@lru_cache(maxsize=64)
def _load_crl(der: bytes) -> x509.CertificateRevocationList:
    try:
        found = x509.load_der_x509_crl(der)
        list(found.extensions)
        _ = (found.issuer, found.last_update_utc, found.next_update_utc, len(found))
    except PARSE_ERRORS as error:
        raise BrokenInput("crl") from error
    return found


def crl_answer(
    der: bytes, certificate: x509.Certificate, *, issuer: x509.Certificate, is_last: bool
) -> Answer | None:
    """What this list says of `certificate`; None when it may not speak about it. `is_last`: an end entity."""
    try:
        found = load_crl(der)
    except BrokenInput:
        return None
    usages = key_usages(issuer)
    if found.issuer != issuer.subject or (usages is not None and "cRLSign" not in usages):
        return None
    if not _is_plain(found, certificate, is_last=is_last) or not _signed_cached(der, issuer):
        return None
    digest = hashlib.sha256(der).hexdigest()
    entry = found.get_revoked_certificate_by_serial_number(certificate.serial_number)
    base = (AnswerSource.CRL, digest, found.last_update_utc, found.next_update_utc)
    return Answer(*base, None) if entry is None else _entry_answer(base, entry)


def _entry_answer(
    base: tuple[AnswerSource, str, datetime, datetime | None], entry: x509.RevokedCertificate
) -> Answer:
    cause, since = None, entry.revocation_date_utc
    try:
        for item in entry.extensions:
            if isinstance(item.value, x509.CRLReason):
                cause = item.value.reason.value
            elif isinstance(item.value, x509.InvalidityDate):
                since = min(since, item.value.invalidity_date_utc)
    except PARSE_ERRORS:
        cause = None  # unreadable details never make a revocation milder
    return Answer(*base, since, cause == x509.ReasonFlags.certificate_hold.value, cause)


def _signed_cached(der: bytes, issuer: x509.Certificate) -> bool:
    return _is_signed(der, issuer.public_bytes(Encoding.DER))


@lru_cache(maxsize=256)
def _is_signed(der: bytes, issuer: bytes) -> bool:
    return _is_signed_by(load_crl(der), load(issuer))


def _is_signed_by(found: x509.CertificateRevocationList, issuer: x509.Certificate) -> bool:
    key = issuer.public_key()
    if found.issuer != issuer.subject or not key_is_strong(key):
        return False
    try:
        chosen = found.signature_hash_algorithm
        return chosen is not None and chosen.name in STRONG and found.is_signature_valid(key)
    except PARSE_ERRORS:
        return False


def _crl_extension(
    found: x509.CertificateRevocationList, kind: type[x509.ExtensionType]
) -> x509.ExtensionType | None:
    for item in found.extensions:
        if item.oid == kind.oid:
            value: x509.ExtensionType = item.value
            return value
    return None


def _is_plain(found: x509.CertificateRevocationList, certificate: x509.Certificate, *, is_last: bool) -> bool:
    for item in found.extensions:
        if isinstance(item.value, x509.IssuingDistributionPoint):
            if not _covers(item.value, certificate, is_last=is_last):
                return False
        elif item.critical:
            return False
    return True


def _covers(point: x509.IssuingDistributionPoint, certificate: x509.Certificate, *, is_last: bool) -> bool:
    """A partitioned list speaks only about certificates that name it (RFC 5280, 6.3.3 b 2)."""
    if point.indirect_crl or point.only_some_reasons or point.only_contains_attribute_certs or point.relative_name:
        return False
    if (point.only_contains_user_certs and is_authority(certificate)) or (
        point.only_contains_ca_certs and not is_authority(certificate)
    ):
        return False
    if not point.full_name:
        return True
    named = extension(certificate, x509.CRLDistributionPoints)
    points = named if isinstance(named, x509.CRLDistributionPoints) else ()
    own = [name for item in points for name in item.full_name or ()]
    return any(name in own for name in point.full_name)


def ocsp_answers(der: bytes, certificate: x509.Certificate, *, issuer: x509.Certificate) -> Iterator[Answer]:
    """What an OCSP response says of `certificate`: nothing unless it is rightly signed."""
    try:
        response = ocsp.load_der_ocsp_response(der)
        if response.response_status is not ocsp.OCSPResponseStatus.SUCCESSFUL:
            return
        answers = [item for item in response.responses if _is_about(item, certificate, issuer)]
        if not answers or any(item.critical for item in response.extensions) or not _responder(response, issuer):
            return
        digest = hashlib.sha256(der).hexdigest()
        found = [_single(item, digest) for item in answers]
    except (NeedsCare, SignatureRefused, BrokenInput, *PARSE_ERRORS):
        return
    yield from (item for item in found if item is not None)


def _is_about(item: ocsp.OCSPSingleResponse, certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    name = item.hash_algorithm.name
    if item.serial_number != certificate.serial_number or name not in HASHES:
        return False
    key_bits = _key_bits(issuer)
    return item.issuer_name_hash == hash_of(
        name, issuer.subject.public_bytes()
    ) and item.issuer_key_hash == hash_of(name, key_bits)


def _key_bits(certificate: x509.Certificate) -> bytes:
    """The subjectPublicKey BIT STRING without its tag, length and unused bits: what RFC 6960 hashes."""
    info = certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return asn1.read(info).children()[1].content[1:]


def _single(item: ocsp.OCSPSingleResponse, digest: str) -> Answer | None:
    base = (AnswerSource.OCSP, digest, item.this_update_utc, item.next_update_utc)
    if item.certificate_status is ocsp.OCSPCertStatus.GOOD:
        return Answer(*base, None)
    if item.certificate_status is ocsp.OCSPCertStatus.REVOKED and item.revocation_time_utc is not None:
        cause = item.revocation_reason.value if item.revocation_reason else None
        return Answer(*base, item.revocation_time_utc, cause == "certificateHold", cause)
    return None


def _responder(response: ocsp.OCSPResponse, issuer: x509.Certificate) -> x509.Certificate | None:
    """The certificate that signed the response: the issuer, or one it delegated to and that was valid then."""
    for candidate in (issuer, *response.certificates):
        if not _is_named(response, candidate):
            continue
        if candidate != issuer and not _is_delegate(candidate, issuer, at=response.produced_at_utc):
            continue
        digest, scheme = _response_algorithm(response)
        check_signature(
            candidate.public_key(),
            response.signature,
            algorithm=signature_algorithm(scheme, digest),
            digest=hash_of(digest, response.tbs_response_bytes),
        )
        return candidate
    return None


def _response_algorithm(response: ocsp.OCSPResponse) -> tuple[str, Algorithm]:
    """(digest, identifier) out of BasicOCSPResponse; weak digests are not believed."""
    outer = asn1.read(response.public_bytes(Encoding.DER)).children()
    basic = asn1.read(outer[1].only().children()[1].content).children()
    chosen = response.signature_hash_algorithm
    if chosen is None or chosen.name not in STRONG:
        raise SignatureRefused("algorithm_weak")
    return chosen.name, algorithm(basic[1])


def _is_named(response: ocsp.OCSPResponse, candidate: x509.Certificate) -> bool:
    if response.responder_name is not None:
        return candidate.subject == response.responder_name
    return response.responder_key_hash == hash_of("sha1", _key_bits(candidate))


def _is_delegate(candidate: x509.Certificate, issuer: x509.Certificate, *, at: datetime) -> bool:
    usages = key_usages(candidate)
    return (
        _OCSP_SIGNING in (extended_key_usages(candidate) or ())
        and (usages is None or "digitalSignature" in usages)
        and candidate.not_valid_before_utc <= at <= candidate.not_valid_after_utc
        and key_is_strong(candidate.public_key())
        and is_issued_by(candidate, issuer)
    )
