"""Messages for tests: built by hand, so that each can have exactly one thing that is unusual or wrong."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime

from signing.cms import der as reader
from signing.prepare import der
from signing.prepare.algorithms import HashFunction, digest, natural_algorithm, signature_algorithm
from signing.prepare.algorithms import digest_algorithm as digest_identifier
from signing.prepare.cms import CONTENT_TYPE, DATA, MESSAGE_DIGEST, SIGNED_DATA, attribute, issuer_and_serial
from signing.testing import Identity

SHA256 = HashFunction.SHA256
ESS_V1, ESS_V2 = "1.2.840.113549.1.9.16.2.12", "1.2.840.113549.1.9.16.2.47"
COUNTERSIGNATURE = "1.2.840.113549.1.9.6"
CERTIFICATE_VALUES, REVOCATION_VALUES = "1.2.840.113549.1.9.16.2.23", "1.2.840.113549.1.9.16.2.24"
SIGNING_TIME = "1.2.840.113549.1.9.5"
COMMITMENT = "1.2.840.113549.1.9.16.2.16"


@dataclass(frozen=True)
class Plan:
    """One signer. `essential` are the ESS attributes by OID with the certificate each names; `over`: what is signed
    instead of the content or the attributes; `as_sent`: the attributes are not sorted, and signed like that;
    `digest_named`: the AlgorithmIdentifier that stands for the digest."""

    who: Identity
    essential: tuple[tuple[str, bytes], ...] | None = None
    with_attributes: bool = True
    extra: tuple[bytes, ...] = ()
    unsigned: tuple[bytes, ...] = ()
    by_key: bytes | None = None
    over: bytes | None = None
    claimed: datetime | None = None
    as_sent: bool = False
    digest_named: bytes | None = None


def ess(oid: str, certificate: bytes) -> bytes:
    hashed = _sha1(certificate) if oid == ESS_V1 else digest(SHA256, certificate)
    return attribute(oid, der.sequence(der.sequence(der.sequence(der.octets(hashed)))))


def _sha1(data: bytes) -> bytes:
    return hashlib.sha1(data).digest()


def signed_attributes(plan: Plan, content: bytes) -> bytes:
    essential = plan.essential if plan.essential is not None else ((ESS_V2, plan.who.der),)
    members = [
        attribute(CONTENT_TYPE, der.oid(DATA)),
        attribute(MESSAGE_DIGEST, der.octets(digest(SHA256, content))),
        *(ess(oid, certificate) for oid, certificate in essential),
        *plan.extra,
    ]
    if plan.claimed is not None:
        members.append(attribute(SIGNING_TIME, der.generalized_time(plan.claimed)))
    if plan.as_sent:
        return der.tlv(der.SET, b"".join(sorted(members, reverse=True)))
    return der.set_of(members)


def signer_info(plan: Plan, content: bytes) -> bytes:
    signed = signed_attributes(plan, content)
    covered = signed if plan.with_attributes else content
    name = der.sequence(*issuer_and_serial(plan.who.der)) if plan.by_key is None else der.tlv(0x80, plan.by_key)
    signature = plan.who.sign(plan.over or covered, function=SHA256)
    return der.sequence(
        der.integer(1 if plan.by_key is None else 3),
        name,
        plan.digest_named or digest_identifier(SHA256),
        b"\xa0" + signed[1:] if plan.with_attributes else b"",
        signature_algorithm(natural_algorithm(plan.who.certificate), SHA256),
        der.octets(signature),
        der.set_of(plan.unsigned, tag=0xA1) if plan.unsigned else b"",
    )


def make(
    content: bytes,
    *plans: Plan,
    attached: bool = False,
    content_type: str = DATA,
    certificates: tuple[bytes, ...] | None = None,
    crls: tuple[bytes, ...] = (),
) -> bytes:
    """ContentInfo with one SignerInfo for each plan."""
    carried = certificates
    if carried is None:
        carried = tuple(dict.fromkeys(item for plan in plans for item in (plan.who.der, *plan.who.chain_der)))
    body = der.sequence(
        der.integer(1),
        der.set_of((digest_identifier(SHA256),)),
        der.sequence(der.oid(content_type), der.explicit(0, der.octets(content)) if attached else b""),
        der.set_of(carried, tag=0xA0) if carried else b"",
        der.set_of(crls, tag=0xA1) if crls else b"",
        der.set_of(signer_info(plan, content) for plan in plans),
    )
    return der.sequence(der.oid(SIGNED_DATA), der.explicit(0, body))


def countersigned(plan: Plan, content: bytes, by: Identity) -> Plan:
    """`by` signs the signature of `plan`: a SignerInfo inside an unsigned attribute (RFC 5652, 11.4). ECDSA would
    sign anew each time, so `plan` needs an RSA key."""
    parts = reader.read(signer_info(plan, content)).children()
    signature = next(part.content for part in parts if part.tag == reader.OCTET_STRING)
    other = signer_info(Plan(by), signature)
    return replace(plan, unsigned=(*plan.unsigned, attribute(COUNTERSIGNATURE, other)))


def loosened(data: bytes, *, piece: int = 7) -> bytes:
    """The same message as a streaming program writes it: indefinite lengths, the content in pieces; certificates
    stay as they are."""
    return _loosened(reader.read(data), depth=0, piece=piece)


def _loosened(node: reader.Node, *, depth: int, piece: int) -> bytes:
    if depth == 3 and node.tag == 0xA0:
        return b"\xa0\x80" + b"".join(child.raw for child in node.children()) + b"\0\0"
    if node.tag == reader.OCTET_STRING and node.content:
        chunks = [node.content[at : at + piece] for at in range(0, len(node.content), piece)]
        return b"\x24\x80" + b"".join(der.octets(chunk) for chunk in chunks) + b"\0\0"
    if not node.tag & 0x20:
        return node.raw
    inside = b"".join(_loosened(child, depth=depth + 1, piece=piece) for child in node.children())
    return bytes([node.tag, 0x80]) + inside + b"\0\0"
