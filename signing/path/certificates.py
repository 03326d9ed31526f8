"""One certificate: what a person or a form needs to know of it.

Subjects are read attribute by attribute, never from their string: Vietnamese certificates repeat UID, keep
commas inside CN and put the title in T.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from hashlib import sha256

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from signing.path import extensions as ext
from signing.path.general_names import GeneralName, NameForm
from signing.path.model import Certificate, read_certificate
from signing.path.signatures import public_key

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
    mails: tuple[str, ...]
    """Addresses of the subject, and those that stand as alternative names."""
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
    public_key: str
    """SHA-256 of the SubjectPublicKeyInfo, hex: two certificates of one key have the same."""


@lru_cache(maxsize=1024)
def inspect_certificate(der: bytes) -> CertificateFacts:
    """Everything the screens and the enrolment need, from DER; `BrokenInput` when it cannot be read."""
    found = read_certificate(der)
    kind, bits = _key(found)
    subject, issuer = found.subject.written(), found.issuer.written()
    access = ext.authority_access(found.access) if found.access else ()
    return CertificateFacts(
        sha256=found.fingerprint,
        serial=f"{found.serial:x}",
        subject=_attributes(subject, masked=True),
        common_name=mask(_first(subject, "CN")),
        title=_first(subject, "T"),
        organisation=_first(subject, "O"),
        organisational_units=_all(subject, "OU"),
        email=_first(subject, "E"),
        mails=(*_all(subject, "E"), *_mails(found.alternative)),
        uids=tuple(mask(value) for value in _all(subject, "UID")),
        issuer_name=_first(issuer, "CN") or _first(issuer, "O"),
        issuer=_attributes(issuer, masked=False),
        not_before=found.not_before,
        not_after=found.not_after,
        key_kind=kind,
        key_bits=bits,
        key_usages=None if found.usages is None else tuple(name for name in ext.USAGES if name in found.usages),
        extended_key_usages=None if found.purposes is None else tuple(sorted(found.purposes)),
        is_authority=found.is_authority,
        ca_issuer_urls=_urls(where for method, where in access if method == ext.ACCESS_ISSUERS),
        ocsp_urls=_urls(where for method, where in access if method == ext.ACCESS_OCSP),
        crl_urls=_urls(name for point in found.points for name in point.names),
        subject_key_id=(found.key_id or b"").hex(),
        authority_key_id=(found.authority.key_id or b"").hex(),
        public_key=sha256(found.key_info).hexdigest(),
    )


def _mails(alternative: Iterable[GeneralName]) -> tuple[str, ...]:
    return tuple(one.value for one in alternative if one.form is NameForm.EMAIL and isinstance(one.value, str))


def mask(text: str) -> str:
    """Personal numbers keep their last three digits; tax and budget codes of organisations stay readable."""
    if text.upper().startswith(_ORGANISATION_NUMBERS):
        return text
    if _PERSONAL.match(text) or _LONG_NUMBER.search(text):
        return re.sub(r"\d(?=\d{3})", "•", text)
    return text


def _key(found: Certificate) -> tuple[str, int]:
    """(kind, bits); a key that nobody here can compute is named by its class, or not at all."""
    key = public_key(found.key_info)
    if isinstance(key, rsa.RSAPublicKey):
        return "RSA", key.key_size
    if isinstance(key, ec.EllipticCurvePublicKey):
        return f"EC {key.curve.name}", key.key_size
    return ("" if key is None else type(key).__name__.removesuffix("PublicKey")), 0


SHORT = {
    "2.5.4.3": "CN", "2.5.4.12": "T", "2.5.4.10": "O", "0.9.2342.19200300.100.1.1": "UID", "2.5.4.11": "OU",
    "2.5.4.7": "L", "2.5.4.6": "C", "2.5.4.8": "ST", "1.2.840.113549.1.9.1": "E", "2.5.4.5": "SERIALNUMBER",
}  # fmt: skip

Written = tuple[tuple[str, str], ...]


def _all(name: Written, short: str) -> tuple[str, ...]:
    return tuple(value for kind, value in name if SHORT.get(kind) == short)


def _first(name: Written, short: str) -> str:
    return next(iter(_all(name, short)), "")


def _attributes(name: Written, *, masked: bool) -> Written:
    return tuple((SHORT.get(kind, kind), mask(value) if masked else value) for kind, value in name)


def _urls(names: Iterable[GeneralName]) -> tuple[str, ...]:
    return tuple(item.value for item in names if item.form is NameForm.URI and isinstance(item.value, str))
