"""What a CRL or an OCSP response says, in plain values."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from signing.errors import BrokenInput, NeedsCare, SignatureRefused
from signing.path import crl as lists
from signing.path.crl import Crl, read_crl
from signing.path.extensions import ALL_REASONS
from signing.path.model import Certificate, read_certificate
from signing.path.names import Name
from signing.path.signatures import SignatureState, is_strong_key, is_strong_signature, signature_state

_COMMON_NAME = "2.5.4.3"


class AnswerSource(StrEnum):
    CRL = "crl"
    OCSP = "ocsp"


@dataclass(frozen=True, slots=True)
class Answer:
    """`revoked_at` None: good. `held` marks certificateHold, the only revocation that can be lifted.

    `reasons`: about which it speaks at all; a good answer about some reasons says nothing of the others.
    """

    source: AnswerSource
    digest: str
    this_update: datetime
    next_update: datetime | None
    revoked_at: datetime | None
    held: bool = False
    cause: str | None = None
    reasons: frozenset[str] = ALL_REASONS


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


def load_crl(der: bytes) -> Crl:
    """The list, its entries walked through once; `BrokenInput` when it is none."""
    found = read_crl(der)
    try:
        lists.count(found)
    except NeedsCare as error:
        raise BrokenInput("crl", cause=error.code) from error
    return found


def parse_crl(der: bytes, issuer: bytes | None = None) -> CrlFacts:
    """The facts of a CRL; with `issuer` (DER) its signature must be that certificate's, else `SignatureRefused`."""
    found = load_crl(der)
    signer = read_certificate(issuer) if issuer is not None else None
    if signer is not None and not is_list_of(found, signer, key=signer.key_info, strong=True):
        raise SignatureRefused("crl_signature")
    return CrlFacts(
        sha256=found.digest,
        issuer_name=_display(found.issuer),
        issuer=found.issuer.raw,
        authority_key_id=(found.authority.key_id or b"").hex(),
        this_update=found.this_update,
        next_update=found.next_update,
        number=found.number,
        count=lists.count(found),
        is_delta=found.is_delta,
        issuer_key=hashlib.sha256(signer.key_info).hexdigest() if signer is not None else "",
        scope=hashlib.sha256(found.point_raw).hexdigest() if found.point_raw else "",
    )


def is_list_of(found: Crl, signer: Certificate, *, key: bytes, strong: bool) -> bool:
    """Whether `signer` (with its `key`) signed this list. Whether it may sign lists is not asked here."""
    if found.issuer != signer.subject:
        return False
    if strong and not (is_strong_signature(found.algorithm) and is_strong_key(key)):
        return False
    return signature_state(found.tbs, found.algorithm, found.signature, key=key) is SignatureState.GOOD


def _display(name: Name) -> str:
    """The common name as it is written, else the first thing the name says."""
    found = name.written()
    return next((value for oid, value in found if oid == _COMMON_NAME), found[0][1] if found else "")
