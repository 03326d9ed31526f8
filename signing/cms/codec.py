"""Cryptographic Message Syntax, read (RFC 5652): the one place that knows how SignedData is laid out."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from signing.cms import ber, der
from signing.cms.der import Node
from signing.errors import NeedsCare

SIGNED_DATA = "1.2.840.113549.1.7.2"
DATA = "1.2.840.113549.1.7.1"
TST_INFO = "1.2.840.113549.1.9.16.1.4"

_CONTEXT_0, _CONTEXT_1 = 0xA0, 0xA1
_KEY_ID = 0x80
_SHORT = 128
"""Bytes of an AlgorithmIdentifier that is worth keeping: there are a handful of them."""


@dataclass(frozen=True, slots=True)
class Algorithm:
    """An AlgorithmIdentifier; `parameters` is the raw value, None when absent."""

    oid: str
    parameters: bytes | None


@dataclass(frozen=True, slots=True)
class Attribute:
    oid: str
    values: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Signer:
    """A SignerInfo. `signed_der` is DER(SET OF Attribute), what the signature is over; None without attributes.
    `signed_as_sent`: the same in the order they came in, None where that is the order of DER. Some programs sign
    them so, and what is signed is the same attributes. `covered`: all its fields but the unsigned attributes."""

    version: int
    issuer: bytes | None
    serial: int | None
    key_id: bytes | None
    digest: Algorithm
    signed: tuple[Attribute, ...]
    signed_der: bytes | None
    signed_as_sent: bytes | None
    algorithm: Algorithm
    signature: bytes
    unsigned: tuple[Attribute, ...]
    covered: bytes = b""


@dataclass(frozen=True, slots=True)
class SignedData:
    """`other_answers`: OtherRevocationInfoFormat, where OCSP responses may stand (RFC 5940)."""

    version: int
    digests: tuple[Algorithm, ...]
    content_type: str
    content: bytes | None
    certificates: tuple[bytes, ...]
    crls: tuple[bytes, ...]
    other_answers: tuple[bytes, ...]
    signers: tuple[Signer, ...]
    content_type_der: bytes = b""


def read_signed_data(data: bytes) -> SignedData:
    """SignedData from a ContentInfo that is exactly `data`, in DER or in BER that can be read in one way only."""
    try:
        return _content_info(data)
    except NeedsCare as error:
        if error.code != "ber_encoding":
            raise
    return _content_info(ber.to_der(data))


def _content_info(data: bytes) -> SignedData:
    outer = der.read(data).expect(der.SEQUENCE).children()
    if len(outer) != 2 or der.oid(outer[0]) != SIGNED_DATA:
        raise NeedsCare("not_signed_data")
    inner = outer[1].expect(_CONTEXT_0).children()
    if len(inner) != 1:
        raise NeedsCare("der_structure")
    return _signed_data(list(inner[0].expect(der.SEQUENCE).children()))


def _signed_data(parts: list[Node]) -> SignedData:
    if len(parts) < 4:
        raise NeedsCare("der_structure")
    content_type, content = _encapsulated(parts[2])
    rest = parts[3:-1]
    certificates = _optional(rest, _CONTEXT_0)
    crls = _optional(rest, _CONTEXT_1)
    if rest:
        raise NeedsCare("der_structure")
    version = der.integer(parts[0])
    if not 1 <= version <= 5:
        raise NeedsCare("cms_version", version=version)
    return SignedData(
        version=version,
        digests=tuple(algorithm(node) for node in parts[1].expect(der.SET).children()),
        content_type=content_type,
        content=content,
        certificates=tuple(node.raw for node in certificates if node.tag == der.SEQUENCE),
        crls=tuple(node.raw for node in crls if node.tag == der.SEQUENCE),
        other_answers=tuple(node.raw for node in crls if node.tag == _CONTEXT_1),
        signers=tuple(_signer(node) for node in parts[-1].expect(der.SET).children()),
        content_type_der=parts[2].first().raw,
    )


def _encapsulated(node: Node) -> tuple[str, bytes | None]:
    parts = node.expect(der.SEQUENCE).children()
    if not 1 <= len(parts) <= 2:
        raise NeedsCare("der_structure")
    if len(parts) == 1:
        return der.oid(parts[0]), None
    inner = parts[1].expect(_CONTEXT_0).children()
    if len(inner) != 1:
        raise NeedsCare("der_structure")
    return der.oid(parts[0]), inner[0].expect(der.OCTET_STRING).content


def _optional(rest: list[Node], tag: int) -> tuple[Node, ...]:
    if rest and rest[0].tag == tag:
        return rest.pop(0).children()
    return ()


def algorithm(node: Node) -> Algorithm:
    return _algorithm(node.raw) if node.end - node.start <= _SHORT else _read_algorithm(node)


@lru_cache(maxsize=256)
def _algorithm(data: bytes) -> Algorithm:
    return _read_algorithm(der.read(data))


def _read_algorithm(node: Node) -> Algorithm:
    parts = node.expect(der.SEQUENCE).children()
    if not 1 <= len(parts) <= 2:
        raise NeedsCare("der_structure")
    return Algorithm(der.oid(parts[0]), parts[1].raw if len(parts) == 2 else None)


def _signer(node: Node) -> Signer:
    every = node.expect(der.SEQUENCE).children()
    parts = list(every)
    if len(parts) < 5:
        raise NeedsCare("der_structure")
    version, name, digest = der.integer(parts.pop(0)), parts.pop(0), algorithm(parts.pop(0))
    issuer, serial, key_id = _signer_name(name)
    signed = parts.pop(0) if parts[0].tag == _CONTEXT_0 else None
    if len(parts) not in (2, 3):
        raise NeedsCare("der_structure")
    unsigned = parts[2].expect(_CONTEXT_1) if len(parts) == 3 else None
    return Signer(
        version=version, issuer=issuer, serial=serial, key_id=key_id, digest=digest,
        signed=_attributes(signed),
        signed_der=None if signed is None else _as_set(signed),
        signed_as_sent=None if signed is None or der.is_sorted_set(signed) else _as_sent(signed),
        algorithm=algorithm(parts[0]),
        signature=parts[1].expect(der.OCTET_STRING).content,
        unsigned=_attributes(unsigned),
        covered=b"".join(part.raw for part in (every if unsigned is None else every[:-1])),
    )  # fmt: skip


def _as_set(node: Node) -> bytes:
    """The attributes with the tag and in the order they are signed in (RFC 5652, 5.4)."""
    return der.encode(der.SET, b"".join(sorted(child.raw for child in node.children())))


def _as_sent(node: Node) -> bytes:
    return der.encode(der.SET, b"".join(child.raw for child in node.children()))


def _signer_name(node: Node) -> tuple[bytes | None, int | None, bytes | None]:
    if node.tag == _KEY_ID:
        return None, None, node.content
    parts = node.expect(der.SEQUENCE).children()
    if len(parts) != 2:
        raise NeedsCare("der_structure")
    return parts[0].expect(der.SEQUENCE).raw, der.integer(parts[1]), None


def _attributes(node: Node | None) -> tuple[Attribute, ...]:
    return () if node is None else tuple(_attribute(child) for child in node.children())


def _attribute(node: Node) -> Attribute:
    parts = node.expect(der.SEQUENCE).children()
    if len(parts) != 2:
        raise NeedsCare("der_structure")
    return Attribute(der.oid(parts[0]), tuple(value.raw for value in parts[1].expect(der.SET).children()))
