"""OCSP responses (RFC 6960): read, and whether who signed one may speak for the issuer."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from signing.cms import der
from signing.cms.algorithms import HASHES, digest_name, hash_of
from signing.cms.codec import Algorithm
from signing.cms.codec import algorithm as read_algorithm
from signing.errors import BrokenInput, NeedsCare
from signing.path import extensions as ext
from signing.path.crl import REASON_NAMES
from signing.path.model import Certificate, read_certificate, signature_bits
from signing.path.names import Name, read_name
from signing.path.signatures import SignatureState, is_strong_key, is_strong_signature, signature_state
from signing.path.usage import OCSP_SIGNING

_BASIC = "1.3.6.1.5.5.7.48.1.1"
MAX_ANSWERS = 256


@dataclass(frozen=True, slots=True)
class CertificateId:
    hash_name: str
    name_hash: bytes
    key_hash: bytes
    serial: int


@dataclass(frozen=True, slots=True)
class Single:
    """One certificate's answer. `status`: good, revoked or unknown; `is_understood` without unknown critical
    extensions."""

    about: CertificateId
    status: str
    revoked_at: datetime | None
    reason: str | None
    this_update: datetime
    next_update: datetime | None
    is_understood: bool


@dataclass(frozen=True, slots=True)
class Response:
    """A BasicOCSPResponse. The responder is named by `name` or by the SHA-1 of its key."""

    digest: str
    tbs: bytes
    algorithm: Algorithm
    signature: bytes
    name: Name | None
    key_hash: bytes
    produced_at: datetime
    answers: tuple[Single, ...]
    certificates: tuple[Certificate, ...]
    is_understood: bool


def read_response(data: bytes) -> Response:
    """From DER; `BrokenInput` when it is no successful answer or cannot be read."""
    return _read(bytes(data))


@lru_cache(maxsize=256)
def _read(data: bytes) -> Response:
    try:
        return _response(data)
    except NeedsCare as error:
        raise BrokenInput("ocsp", cause=error.code) from error


def _response(data: bytes) -> Response:
    outer = der.read(data).expect(der.SEQUENCE).children()
    if len(outer) != 2 or outer[0].tag != 0x0A or outer[0].content != b"\x00":
        raise NeedsCare("not_successful")
    kind, value = outer[1].expect(0xA0).only().expect(der.SEQUENCE).children()[:2]
    if der.oid(kind) != _BASIC:
        raise NeedsCare("response_type")
    basic = der.read(value.expect(der.OCTET_STRING).content).expect(der.SEQUENCE).children()
    if not 3 <= len(basic) <= 4:
        raise NeedsCare("der_structure")
    parts = list(basic[0].expect(der.SEQUENCE).children())
    if parts and parts[0].tag == 0xA0:
        parts.pop(0)
    if len(parts) < 3:
        raise NeedsCare("der_structure")
    singles = parts[2].expect(der.SEQUENCE).children()
    if len(singles) > MAX_ANSWERS:
        raise NeedsCare("too_many_answers")
    name, key_hash = _responder(parts[0])
    return Response(
        digest=hashlib.sha256(data).hexdigest(),
        tbs=basic[0].raw,
        algorithm=read_algorithm(basic[1]),
        signature=signature_bits(basic[2]),
        name=name,
        key_hash=key_hash,
        produced_at=der.time(parts[1].expect(der.GENERALIZED_TIME)),
        answers=tuple(_single(node) for node in singles),
        certificates=_certificates(basic[3].expect(0xA0).only()) if len(basic) == 4 else (),
        is_understood=not _has_critical(parts[3:], 0xA1),
    )


def _responder(node: der.Node) -> tuple[Name | None, bytes]:
    if node.tag == 0xA1:
        return read_name(node.only()), b""
    return None, node.expect(0xA2).only().expect(der.OCTET_STRING).content


def _certificates(node: der.Node) -> tuple[Certificate, ...]:
    found = []
    for item in node.expect(der.SEQUENCE).children()[:16]:
        try:
            found.append(read_certificate(item.raw))
        except BrokenInput:
            continue  # one that cannot be read signed nothing that counts
    return tuple(found)


def _has_critical(nodes: list[der.Node] | tuple[der.Node, ...], tag: int) -> bool:
    """Whether extensions under this tag hold a critical one: of those that may be, none concerns a status."""
    return any(
        critical
        for node in nodes
        if node.tag == tag
        for critical, _, _ in ext.read_extensions(node.only()).values()
    )


def _single(node: der.Node) -> Single:
    parts = node.expect(der.SEQUENCE).children()
    if len(parts) < 3:
        raise NeedsCare("der_structure")
    status, revoked_at, reason = _status(parts[1])
    later = next((item for item in parts[3:] if item.tag == 0xA0), None)
    return Single(
        about=_certificate_id(parts[0]),
        status=status,
        revoked_at=revoked_at,
        reason=reason,
        this_update=der.time(parts[2].expect(der.GENERALIZED_TIME)),
        next_update=der.time(later.only()) if later is not None else None,
        is_understood=not _has_critical(parts[3:], 0xA1),
    )


def _certificate_id(node: der.Node) -> CertificateId:
    parts = node.expect(der.SEQUENCE).children()
    if len(parts) != 4:
        raise NeedsCare("der_structure")
    return CertificateId(
        digest_name(read_algorithm(parts[0])),
        parts[1].expect(der.OCTET_STRING).content,
        parts[2].expect(der.OCTET_STRING).content,
        int.from_bytes(parts[3].expect(der.INTEGER).content, "big", signed=True),
    )


def _status(node: der.Node) -> tuple[str, datetime | None, str | None]:
    if node.tag in (0x80, 0x82):
        return ("good" if node.tag == 0x80 else "unknown"), None, None
    parts = node.expect(0xA1).children()
    if not parts:
        raise NeedsCare("der_structure")
    reason = None
    if len(parts) > 1:
        code = parts[1].expect(0xA0).only()
        reason = REASON_NAMES.get(code.content[0] if len(code.content) == 1 else -1, "unspecified")
    return "revoked", der.time(parts[0].expect(der.GENERALIZED_TIME)), reason


def is_about(single: Single, certificate: Certificate, issuer: Certificate) -> bool:
    """The hash of the issuer's name is over the name as the certificate writes it; some take the issuer's own."""
    about = single.about
    if about.serial != certificate.serial or about.hash_name not in HASHES:
        return False
    names = {hash_of(about.hash_name, raw) for raw in {certificate.issuer.raw, issuer.subject.raw}}
    return about.name_hash in names and about.key_hash == hash_of(about.hash_name, issuer.key_bits)


def responder_of(response: Response, issuer: Certificate, *, key: bytes, strong: bool) -> Certificate | None:
    """Who signed: the issuer itself (with its `key`), or somebody it certified for this (4.2.2.2); else None.

    A delegate is certified *directly* by the issuer, with id-kp-OCSPSigning, and was valid when it answered.
    """
    if strong and not is_strong_signature(response.algorithm):
        return None
    for candidate in (issuer, *response.certificates):
        own = key if candidate == issuer else candidate.key_info
        if not _is_named(response, candidate) or (strong and not is_strong_key(own)):
            continue
        if candidate != issuer:
            if strong and not is_strong_signature(candidate.algorithm):
                continue
            if not _is_delegate(candidate, issuer, key=key, at=response.produced_at):
                continue
        signed = signature_state(response.tbs, response.algorithm, response.signature, key=own)
        if signed is SignatureState.GOOD:
            return candidate
    return None


def _is_named(response: Response, candidate: Certificate) -> bool:
    if response.name is not None:
        return candidate.subject == response.name
    return response.key_hash == hash_of("sha1", candidate.key_bits)


def _is_delegate(candidate: Certificate, issuer: Certificate, *, key: bytes, at: datetime) -> bool:
    return (
        candidate.issuer == issuer.subject
        and OCSP_SIGNING in (candidate.purposes or ())
        and (candidate.usages is None or bool({"digitalSignature", "nonRepudiation"} & candidate.usages))
        and not candidate.critical
        and candidate.not_before <= at <= candidate.not_after
        and signature_state(candidate.tbs, candidate.algorithm, candidate.signature, key=key) is SignatureState.GOOD
    )
