"""One certificate: loading it safely, and what a person or a form needs to know of it.

Subjects are read attribute by attribute, never from their string: Vietnamese certificates repeat UID, keep
commas inside CN and put the title in T.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import AuthorityInformationAccessOID, NameOID

from signing.errors import BrokenInput

_PERSONAL = re.compile(r"\b(CMND|CCCD|HC|CMT|PASSPORT|BHXH)\b[:\s-]*", re.IGNORECASE)
_LONG_NUMBER = re.compile(r"\d{9,12}")
_ORGANISATION_NUMBERS = ("MST:", "MNS:")

PARSE_ERRORS = (
    ValueError, TypeError, OverflowError, UnsupportedAlgorithm, x509.DuplicateExtension,
    x509.UnsupportedGeneralNameType, x509.InvalidVersion,
)  # fmt: skip
"""What `cryptography` raises on hostile certificates, CRLs and OCSP answers."""


@dataclass(frozen=True, slots=True)
class CertificateFacts:
    """A certificate in plain values. `uids` are masked where they hold personal numbers (CMND, CCCD, HC)."""

    sha256: str
    serial: str
    subject: tuple[tuple[str, str], ...]
    common_name: str
    title: str
    organisation: str
    organisational_units: tuple[str, ...]
    email: str
    uids: tuple[str, ...]
    issuer_name: str
    issuer: tuple[tuple[str, str], ...]
    not_before: datetime
    not_after: datetime
    key_kind: str
    key_bits: int
    key_usages: tuple[str, ...] | None
    extended_key_usages: tuple[str, ...] | None
    is_authority: bool
    ca_issuer_urls: tuple[str, ...]
    ocsp_urls: tuple[str, ...]
    crl_urls: tuple[str, ...]
    subject_key_id: str
    authority_key_id: str


def load(der: bytes) -> x509.Certificate:
    """The certificate, with everything parsed that will be asked for later; `BrokenInput` when it cannot be."""
    return _load(bytes(der))


@lru_cache(maxsize=1024)
def _load(der: bytes) -> x509.Certificate:
    try:
        found = x509.load_der_x509_certificate(der)
        _touch(found)
    except PARSE_ERRORS as error:
        raise BrokenInput("certificate") from error
    return found


def _touch(found: x509.Certificate) -> tuple[object, ...]:
    """`cryptography` parses lazily: ask for all parts here, once, behind one guard."""
    list(found.extensions)
    return (
        found.subject, found.issuer, found.serial_number, found.not_valid_before_utc, found.not_valid_after_utc,
        found.public_key(), found.signature_algorithm_oid, found.version,
    )  # fmt: skip


@lru_cache(maxsize=1024)
def inspect_certificate(der: bytes) -> CertificateFacts:
    """Everything the screens and the enrolment need, from DER."""
    found = load(der)
    kind, bits = _key(found)
    usage, extended = key_usages(found), extended_key_usages(found)
    issuers, responders = _access(found)
    return CertificateFacts(
        sha256=hashlib.sha256(der).hexdigest(),
        serial=f"{found.serial_number:x}",
        subject=_attributes(found.subject, masked=True),
        common_name=mask(_first(found.subject, NameOID.COMMON_NAME)),
        title=_first(found.subject, NameOID.TITLE),
        organisation=_first(found.subject, NameOID.ORGANIZATION_NAME),
        organisational_units=_all(found.subject, NameOID.ORGANIZATIONAL_UNIT_NAME),
        email=_first(found.subject, NameOID.EMAIL_ADDRESS),
        uids=tuple(mask(value) for value in _all(found.subject, NameOID.USER_ID)),
        issuer_name=_first(found.issuer, NameOID.COMMON_NAME) or _first(found.issuer, NameOID.ORGANIZATION_NAME),
        issuer=_attributes(found.issuer, masked=False),
        not_before=found.not_valid_before_utc,
        not_after=found.not_valid_after_utc,
        key_kind=kind,
        key_bits=bits,
        key_usages=usage,
        extended_key_usages=extended,
        is_authority=is_authority(found),
        ca_issuer_urls=issuers,
        ocsp_urls=responders,
        crl_urls=_crl_urls(found),
        subject_key_id=_key_id(found, x509.SubjectKeyIdentifier),
        authority_key_id=_key_id(found, x509.AuthorityKeyIdentifier),
    )


def mask(text: str) -> str:
    """Personal numbers keep their last three digits; tax and budget codes of organisations stay readable."""
    if text.upper().startswith(_ORGANISATION_NUMBERS):
        return text
    if _PERSONAL.match(text) or _LONG_NUMBER.search(text):
        return re.sub(r"\d(?=\d{3})", "•", text)
    return text


def extension(found: x509.Certificate, kind: type[x509.ExtensionType]) -> x509.ExtensionType | None:
    """The value of an extension, None when the certificate has none."""
    for item in found.extensions:
        if item.oid == kind.oid:
            value: x509.ExtensionType = item.value
            return value
    return None


def key_usages(found: x509.Certificate) -> tuple[str, ...] | None:
    """RFC 5280 names that are set; None when the extension is absent."""
    value = extension(found, x509.KeyUsage)
    if not isinstance(value, x509.KeyUsage):
        return None
    names = {
        "digitalSignature": value.digital_signature, "nonRepudiation": value.content_commitment,
        "keyEncipherment": value.key_encipherment, "dataEncipherment": value.data_encipherment,
        "keyAgreement": value.key_agreement, "keyCertSign": value.key_cert_sign, "cRLSign": value.crl_sign,
    }  # fmt: skip
    return tuple(name for name, is_set in names.items() if is_set)


def extended_key_usages(found: x509.Certificate) -> tuple[str, ...] | None:
    """Dotted identifiers; None when the extension is absent."""
    value = extension(found, x509.ExtendedKeyUsage)
    return tuple(item.dotted_string for item in value) if isinstance(value, x509.ExtendedKeyUsage) else None


def is_authority(found: x509.Certificate) -> bool:
    value = extension(found, x509.BasicConstraints)
    return isinstance(value, x509.BasicConstraints) and value.ca


def _key(found: x509.Certificate) -> tuple[str, int]:
    key = found.public_key()
    if isinstance(key, rsa.RSAPublicKey):
        return "RSA", key.key_size
    if isinstance(key, ec.EllipticCurvePublicKey):
        return f"EC {key.curve.name}", key.key_size
    return type(key).__name__.removesuffix("PublicKey"), 0


def _text(value: str | bytes) -> str:
    return value if isinstance(value, str) else value.hex()


def _all(name: x509.Name, oid: x509.ObjectIdentifier) -> tuple[str, ...]:
    return tuple(_text(item.value) for item in name.get_attributes_for_oid(oid))


def _first(name: x509.Name, oid: x509.ObjectIdentifier) -> str:
    return next(iter(_all(name, oid)), "")


_SHORT = {
    NameOID.COMMON_NAME: "CN", NameOID.TITLE: "T", NameOID.ORGANIZATION_NAME: "O", NameOID.USER_ID: "UID",
    NameOID.ORGANIZATIONAL_UNIT_NAME: "OU", NameOID.LOCALITY_NAME: "L", NameOID.COUNTRY_NAME: "C",
    NameOID.STATE_OR_PROVINCE_NAME: "ST", NameOID.EMAIL_ADDRESS: "E", NameOID.SERIAL_NUMBER: "SERIALNUMBER",
}  # fmt: skip


def _attributes(name: x509.Name, *, masked: bool) -> tuple[tuple[str, str], ...]:
    pairs = ((_SHORT.get(item.oid, item.oid.dotted_string), _text(item.value)) for item in name)
    return tuple((key, mask(value) if masked else value) for key, value in pairs)


def _access(found: x509.Certificate) -> tuple[tuple[str, ...], tuple[str, ...]]:
    value = extension(found, x509.AuthorityInformationAccess)
    if not isinstance(value, x509.AuthorityInformationAccess):
        return (), ()
    issuers = [item for item in value if item.access_method == AuthorityInformationAccessOID.CA_ISSUERS]
    answers = [item for item in value if item.access_method == AuthorityInformationAccessOID.OCSP]
    return _urls(item.access_location for item in issuers), _urls(item.access_location for item in answers)


def _crl_urls(found: x509.Certificate) -> tuple[str, ...]:
    value = extension(found, x509.CRLDistributionPoints)
    if not isinstance(value, x509.CRLDistributionPoints):
        return ()
    return _urls(name for point in value for name in point.full_name or ())


def _urls(names: Iterable[x509.GeneralName]) -> tuple[str, ...]:
    return tuple(name.value for name in names if isinstance(name, x509.UniformResourceIdentifier))


def _key_id(found: x509.Certificate, kind: type[x509.ExtensionType]) -> str:
    value = extension(found, kind)
    if isinstance(value, x509.SubjectKeyIdentifier):
        return value.digest.hex()
    if isinstance(value, x509.AuthorityKeyIdentifier) and value.key_identifier is not None:
        return value.key_identifier.hex()
    return ""
