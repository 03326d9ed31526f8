"""From a certificate up to a listed root, and whether every step is allowed (RFC 5280, section 6.1, without
name constraints and explicit policies: where those stand in a chain the answer stays open)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, ExtensionOID

from signing.cms.algorithms import STRONG, hash_of, key_is_strong
from signing.errors import BrokenInput
from signing.path.certificates import (
    PARSE_ERRORS,
    extended_key_usages,
    extension,
    is_authority,
    key_usages,
    load,
)
from signing.path.trust import SIGNERS, Purpose, TrustAnchor, TrustStore
from signing.reasons import Reason

MAX_TRIED = 64
"""Issuer candidates tried in one search; a bound on hostile bundles of look-alike authorities."""

_UNDERSTOOD = frozenset(
    {
        ExtensionOID.BASIC_CONSTRAINTS, ExtensionOID.KEY_USAGE, ExtensionOID.EXTENDED_KEY_USAGE,
        ExtensionOID.CERTIFICATE_POLICIES, ExtensionOID.SUBJECT_ALTERNATIVE_NAME,
        ExtensionOID.INHIBIT_ANY_POLICY, ExtensionOID.POLICY_MAPPINGS, ExtensionOID.CRL_DISTRIBUTION_POINTS,
        ExtensionOID.NAME_CONSTRAINTS, ExtensionOID.POLICY_CONSTRAINTS,
    }
)  # fmt: skip
_DOCUMENT_USAGES = frozenset(
    {
        ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE.dotted_string,
        ExtendedKeyUsageOID.CLIENT_AUTH.dotted_string,
        ExtendedKeyUsageOID.EMAIL_PROTECTION.dotted_string,
        "1.3.6.1.5.5.7.3.36",  # documentSigning, RFC 9336
        "1.3.6.1.4.1.311.10.3.12",  # Microsoft document signing
        "1.2.840.113583.1.1.5",  # Adobe authentic documents
    }
)
_TIME_STAMPING = ExtendedKeyUsageOID.TIME_STAMPING.dotted_string


class PathState(StrEnum):
    TRUSTED = "trusted"
    UNTRUSTED = "untrusted"
    INVALID = "invalid"
    INCOMPLETE = "incomplete"


@dataclass(frozen=True, slots=True)
class Chain:
    """Leaf first, root last (only when found). `reasons` say why it is not trusted."""

    certificates: tuple[x509.Certificate, ...]
    anchor: TrustAnchor | None
    reasons: tuple[Reason, ...]

    @property
    def ders(self) -> tuple[bytes, ...]:
        return tuple(item.public_bytes(Encoding.DER) for item in self.certificates)


@dataclass(slots=True)
class _Search:
    pool: tuple[x509.Certificate, ...]
    trust: TrustStore
    longest: int
    tried: int = 0


def find_chains(leaf: x509.Certificate, *, pool: tuple[bytes, ...], trust: TrustStore, longest: int) -> list[Chain]:
    """Every chain from `leaf` to a listed root; else the longest that could be built, without an anchor."""
    known: list[x509.Certificate] = []
    for der in (*(anchor.certificate for anchor in trust.anchors), *pool):
        try:
            known.append(load(der))
        except BrokenInput:
            continue  # an unreadable certificate in a bundle cannot help; the path then says what is missing
    search = _Search(tuple(dict.fromkeys(known)), trust, longest)
    paths = list(_climb(search, (leaf,)))
    anchored = [path for path in paths if path.anchor is not None]
    return anchored or sorted(paths, key=lambda path: -len(path.certificates))[:1]


def _climb(search: _Search, path: tuple[x509.Certificate, ...]) -> Iterator[Chain]:
    top = path[-1]
    anchor = search.trust.anchor(fingerprint(top)) if len(path) > 1 else None
    if anchor is not None:
        yield Chain(path, anchor, ())
        return
    found = False
    if top.issuer != top.subject and len(path) < search.longest:
        for candidate in search.pool:
            if candidate.subject == top.issuer and candidate not in path and _issued(search, top, candidate):
                found = True
                yield from _climb(search, (*path, candidate))
    if not found:
        yield Chain(path, None, (_why_no_anchor(search, top),))


def _issued(search: _Search, certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    search.tried += 1
    if search.tried > MAX_TRIED:
        return False
    return is_issued_by(certificate, issuer)


@lru_cache(maxsize=1024)
def is_issued_by(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    """Names agree and the signature is the issuer's."""
    try:
        certificate.verify_directly_issued_by(issuer)
    except (InvalidSignature, *PARSE_ERRORS):
        return False
    return True


def _why_no_anchor(search: _Search, top: x509.Certificate) -> Reason:
    if not search.trust.anchors:
        return Reason.NO_TRUST_GIVEN
    if top.issuer == top.subject:
        return Reason.ROOT_NOT_TRUSTED
    return Reason.ISSUER_NOT_FOUND


def fingerprint(certificate: x509.Certificate) -> str:
    return hash_of("sha256", certificate.public_bytes(Encoding.DER)).hex()


def judge(chain: Chain, *, purpose: Purpose | None, when: datetime, claimed: datetime | None) -> tuple[Reason, ...]:
    """Everything wrong with an anchored chain at the time `when`; `purpose` None means any signer."""
    reasons = [*chain.reasons, *_leaf_usage(chain.certificates[0], purpose)]
    if chain.anchor is not None:
        reasons += _anchor(chain.anchor, purpose, when=when)
    for depth, certificate in enumerate(chain.certificates):
        is_anchor = chain.anchor is not None and depth == len(chain.certificates) - 1
        reasons += _validity(certificate, when=when, claimed=claimed)
        reasons += _extensions(certificate)
        if depth:
            reasons += _authority(certificate, below=_intermediates(chain.certificates[1:depth]))
        if not is_anchor and not _is_strongly_signed(certificate):
            reasons.append(Reason.CHAIN_ALGORITHM_WEAK)
        if not key_is_strong(certificate.public_key()):
            reasons.append(Reason.CHAIN_ALGORITHM_WEAK if depth else Reason.ALGORITHM_WEAK)
    return tuple(dict.fromkeys(reasons))


def state_of(chain: Chain, reasons: tuple[Reason, ...]) -> PathState:
    if chain.anchor is None:
        return PathState.UNTRUSTED if Reason.ROOT_NOT_TRUSTED in reasons else PathState.INCOMPLETE
    if {Reason.ROOT_NOT_FOR_PURPOSE, Reason.ROOT_RETIRED} & set(reasons):
        return PathState.UNTRUSTED
    return PathState.INVALID if reasons else PathState.TRUSTED


def _intermediates(between: tuple[x509.Certificate, ...]) -> int:
    """Authorities that count towards a path length: those not self-issued (RFC 5280, 6.1.4 l)."""
    return sum(item.subject != item.issuer for item in between)


def _anchor(anchor: TrustAnchor, purpose: Purpose | None, *, when: datetime) -> list[Reason]:
    wanted = SIGNERS if purpose is None else frozenset({purpose})
    reasons = [] if anchor.purposes & wanted else [Reason.ROOT_NOT_FOR_PURPOSE]
    if anchor.trusted_until is not None and when > anchor.trusted_until:
        reasons.append(Reason.ROOT_RETIRED)
    return reasons


def _validity(certificate: x509.Certificate, *, when: datetime, claimed: datetime | None) -> list[Reason]:
    """Before its time: it could not have signed. After it: perhaps it signed in time, unless it says itself
    that it did not."""
    if when < certificate.not_valid_before_utc:
        return [Reason.NOT_YET_VALID]
    if when > certificate.not_valid_after_utc:
        said_later = claimed is not None and claimed > certificate.not_valid_after_utc
        return [Reason.EXPIRED if said_later else Reason.EXPIRED_NO_PROOF]
    return []


def _extensions(certificate: x509.Certificate) -> list[Reason]:
    reasons = []
    for item in certificate.extensions:
        if item.critical and item.oid not in _UNDERSTOOD:
            reasons.append(Reason.UNKNOWN_CRITICAL_EXTENSION)
        if isinstance(item.value, x509.NameConstraints | x509.PolicyConstraints):
            reasons.append(Reason.PATH_CONSTRAINT)
    return reasons


def _authority(certificate: x509.Certificate, *, below: int) -> list[Reason]:
    basic, usages = extension(certificate, x509.BasicConstraints), key_usages(certificate)
    if not isinstance(basic, x509.BasicConstraints) or not basic.ca:
        return [Reason.ISSUER_NOT_AUTHORITY]
    reasons = []
    if usages is not None and "keyCertSign" not in usages:
        reasons.append(Reason.ISSUER_NOT_AUTHORITY)
    if basic.path_length is not None and below > basic.path_length:
        reasons.append(Reason.PATH_TOO_LONG)
    return reasons


def _is_strongly_signed(certificate: x509.Certificate) -> bool:
    try:
        chosen = certificate.signature_hash_algorithm
    except PARSE_ERRORS:
        return False
    return chosen is not None and chosen.name in STRONG


def _leaf_usage(certificate: x509.Certificate, purpose: Purpose | None) -> list[Reason]:
    """Checklist C4. A timestamp authority: critical, sole timeStamping (RFC 3161, 2.3)."""
    usages, extended = key_usages(certificate), extended_key_usages(certificate)
    reasons = []
    if is_authority(certificate) or (
        usages is not None and not {"digitalSignature", "nonRepudiation"} & set(usages)
    ):
        reasons.append(Reason.KEY_USAGE_WRONG)
    if purpose is Purpose.TSA:
        critical = any(item.critical for item in certificate.extensions if item.oid == x509.ExtendedKeyUsage.oid)
        if extended != (_TIME_STAMPING,) or not critical:
            reasons.append(Reason.EXTENDED_KEY_USAGE_WRONG)
    elif extended is not None and not _DOCUMENT_USAGES & set(extended):
        reasons.append(Reason.EXTENDED_KEY_USAGE_WRONG)
    return reasons
