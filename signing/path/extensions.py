"""Extensions of certificates and CRLs that decide about a path, decoded (RFC 5280, sections 4.2 and 5.2)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from signing.cms import der
from signing.errors import NeedsCare
from signing.path.general_names import GeneralName, read_general_name, read_general_names

SUBJECT_KEY_ID, KEY_USAGE, SUBJECT_ALT_NAME, ISSUER_ALT_NAME = "2.5.29.14", "2.5.29.15", "2.5.29.17", "2.5.29.18"
BASIC_CONSTRAINTS, NAME_CONSTRAINTS, CRL_DISTRIBUTION_POINTS = "2.5.29.19", "2.5.29.30", "2.5.29.31"
CERTIFICATE_POLICIES, POLICY_MAPPINGS, AUTHORITY_KEY_ID = "2.5.29.32", "2.5.29.33", "2.5.29.35"
POLICY_CONSTRAINTS, EXTENDED_KEY_USAGE, FRESHEST_CRL, INHIBIT_ANY_POLICY = (
    "2.5.29.36", "2.5.29.37", "2.5.29.46", "2.5.29.54",
)  # fmt: skip
CRL_NUMBER, REASON_CODE, INVALIDITY_DATE, DELTA_CRL = "2.5.29.20", "2.5.29.21", "2.5.29.24", "2.5.29.27"
ISSUING_POINT, CERTIFICATE_ISSUER = "2.5.29.28", "2.5.29.29"
OCSP_NO_CHECK = "1.3.6.1.5.5.7.48.1.5"
AUTHORITY_ACCESS, ACCESS_OCSP, ACCESS_ISSUERS = "1.3.6.1.5.5.7.1.1", "1.3.6.1.5.5.7.48.1", "1.3.6.1.5.5.7.48.2"
ANY_POLICY = "2.5.29.32.0"

Decoder: TypeAlias = Callable[[bytes], object]

USAGES = (
    "digitalSignature", "nonRepudiation", "keyEncipherment", "dataEncipherment", "keyAgreement", "keyCertSign",
    "cRLSign", "encipherOnly", "decipherOnly",
)  # fmt: skip
REASONS = (
    "unused", "keyCompromise", "cACompromise", "affiliationChanged", "superseded", "cessationOfOperation",
    "certificateHold", "privilegeWithdrawn", "aACompromise",
)  # fmt: skip
ALL_REASONS = frozenset(REASONS[1:])


@dataclass(frozen=True, slots=True)
class BasicConstraints:
    is_authority: bool
    path_length: int | None


@dataclass(frozen=True, slots=True)
class PolicyConstraints:
    """Certificates that may follow before the rule holds; None: no rule."""

    require_explicit: int | None
    inhibit_mapping: int | None


@dataclass(frozen=True, slots=True)
class Subtree:
    """`is_plain`: minimum 0 and no maximum, the only form that RFC 5280 allows."""

    base: GeneralName
    is_plain: bool


@dataclass(frozen=True, slots=True)
class NameConstraints:
    permitted: tuple[Subtree, ...]
    excluded: tuple[Subtree, ...]


@dataclass(frozen=True, slots=True)
class DistributionPoint:
    """`relative` is the undecoded nameRelativeToCRLIssuer."""

    names: tuple[GeneralName, ...]
    relative: der.Node | None
    reasons: frozenset[str] | None
    issuers: tuple[GeneralName, ...]


@dataclass(frozen=True, slots=True)
class IssuingPoint:
    names: tuple[GeneralName, ...] = ()
    relative: der.Node | None = None
    only_users: bool = False
    only_authorities: bool = False
    only_attributes: bool = False
    reasons: frozenset[str] | None = None
    is_indirect: bool = False


@dataclass(frozen=True, slots=True)
class AuthorityKeyId:
    key_id: bytes | None
    issuer: tuple[GeneralName, ...]
    serial: int | None


NO_AUTHORITY = AuthorityKeyId(None, (), None)


def read_extensions(node: der.Node) -> dict[str, tuple[bool, bytes, bool]]:
    """By identifier: (critical, value, whether the BOOLEAN was written against DER). None may come twice."""
    found: dict[str, tuple[bool, bytes, bool]] = {}
    for item in node.expect(der.SEQUENCE).children():
        parts = item.expect(der.SEQUENCE).children()
        if not 2 <= len(parts) <= 3:
            raise NeedsCare("extension")
        oid = der.oid(parts[0])
        if oid in found:
            raise NeedsCare("extension_doubled", oid=oid)
        critical, is_odd = boolean(parts[1]) if len(parts) == 3 else (False, False)
        found[oid] = (critical, parts[-1].expect(der.OCTET_STRING).content, is_odd)
    return found


def boolean(node: der.Node) -> tuple[bool, bool]:
    """(value, whether it was written against DER): BER takes any byte but zero for true, a default may stand."""
    content = node.expect(der.BOOLEAN).content
    if len(content) != 1:
        raise NeedsCare("boolean")
    return content != b"\x00", content != b"\xff"


def _flag(node: der.Node) -> bool:
    """A BOOLEAN under a context tag."""
    if len(node.content) != 1:
        raise NeedsCare("boolean")
    return node.content != b"\x00"


def _bits(content: bytes, names: tuple[str, ...]) -> frozenset[str]:
    """A named bit list; bits that have no name here are passed over."""
    if not content or content[0] > 7:
        raise NeedsCare("bit_string")
    return frozenset(
        name
        for index, name in enumerate(names)
        if index // 8 + 1 < len(content) and content[index // 8 + 1] & 0x80 >> index % 8
    )


def _count(content: bytes) -> int:
    """A SkipCerts or path length under a context tag. Anything longer than a path is as good as the longest."""
    value = int.from_bytes(content, "big", signed=True)
    if not content or value < 0:
        raise NeedsCare("count")
    return min(value, 1_000_000)


def key_usages(value: bytes) -> frozenset[str]:
    return _bits(der.read(value).expect(der.BIT_STRING).content, USAGES)


def oids(value: bytes) -> frozenset[str]:
    return frozenset(der.oid(node) for node in der.read(value).expect(der.SEQUENCE).children())


def basic_constraints(value: bytes) -> BasicConstraints:
    parts = list(der.read(value).expect(der.SEQUENCE).children())
    is_authority = boolean(parts.pop(0))[0] if parts and parts[0].tag == der.BOOLEAN else False
    length = _count(parts.pop(0).expect(der.INTEGER).content) if parts else None
    if parts:
        raise NeedsCare("basic_constraints")
    return BasicConstraints(is_authority, length)


def policies(value: bytes) -> frozenset[str]:
    """Qualifiers are for people. One that stands twice, which RFC 5280 forbids, says nothing new."""
    return frozenset(der.oid(node.first()) for node in der.read(value).expect(der.SEQUENCE).children())


def mappings(value: bytes) -> tuple[tuple[str, str], ...]:
    """(issuer's policy, subject's policy)."""
    pairs = []
    for node in der.read(value).expect(der.SEQUENCE).children():
        parts = node.expect(der.SEQUENCE).children()
        if len(parts) != 2:
            raise NeedsCare("policy_mappings")
        pairs.append((der.oid(parts[0]), der.oid(parts[1])))
    return tuple(pairs)


def policy_constraints(value: bytes) -> PolicyConstraints:
    parts = {node.tag: node for node in der.read(value).expect(der.SEQUENCE).children()}
    if not parts.keys() <= {0x80, 0x81}:
        raise NeedsCare("policy_constraints")
    return PolicyConstraints(
        _count(parts[0x80].content) if 0x80 in parts else None,
        _count(parts[0x81].content) if 0x81 in parts else None,
    )


def skip_count(value: bytes) -> int:
    return _count(der.read(value).expect(der.INTEGER).content)


def name_constraints(value: bytes) -> NameConstraints:
    parts = {node.tag: node for node in der.read(value).expect(der.SEQUENCE).children()}
    if not parts.keys() <= {0xA0, 0xA1}:
        raise NeedsCare("name_constraints")
    return NameConstraints(*(_subtrees(parts[tag]) if tag in parts else () for tag in (0xA0, 0xA1)))


def _subtrees(node: der.Node) -> tuple[Subtree, ...]:
    return tuple(_subtree(item.expect(der.SEQUENCE).children()) for item in node.children())


def _subtree(parts: tuple[der.Node, ...]) -> Subtree:
    if not parts:
        raise NeedsCare("name_constraints")
    rest = [item for item in parts[1:] if not (item.tag == 0x80 and item.content == b"\x00")]
    return Subtree(read_general_name(parts[0]), not rest)


def general_names(value: bytes) -> tuple[GeneralName, ...]:
    return read_general_names(der.read(value).expect(der.SEQUENCE))


def key_id(value: bytes) -> bytes:
    return der.read(value).expect(der.OCTET_STRING).content


def authority_key_id(value: bytes) -> AuthorityKeyId:
    parts = {node.tag: node for node in der.read(value).expect(der.SEQUENCE).children()}
    known, issuer, serial = parts.get(0x80), parts.get(0xA1), parts.get(0x82)
    return AuthorityKeyId(
        known.content if known else None,
        read_general_names(issuer) if issuer else (),
        int.from_bytes(serial.content, "big", signed=True) if serial else None,
    )


def distribution_points(value: bytes) -> tuple[DistributionPoint, ...]:
    return tuple(_point(node.children()) for node in der.read(value).expect(der.SEQUENCE).children())


def _point(children: tuple[der.Node, ...]) -> DistributionPoint:
    parts = {node.tag: node for node in children}
    names, relative = _point_name(parts.get(0xA0))
    reasons, issuers = parts.get(0x81), parts.get(0xA2)
    return DistributionPoint(
        names,
        relative,
        _bits(reasons.content, REASONS) if reasons else None,
        read_general_names(issuers) if issuers else (),
    )


def _point_name(node: der.Node | None) -> tuple[tuple[GeneralName, ...], der.Node | None]:
    if node is None:
        return (), None
    chosen = node.only()
    if chosen.tag == 0xA0:
        return read_general_names(chosen), None
    return (), chosen.expect(0xA1)


def issuing_point(value: bytes) -> IssuingPoint:
    parts = {node.tag: node for node in der.read(value).expect(der.SEQUENCE).children()}
    if not parts.keys() <= {0xA0, 0x81, 0x82, 0x83, 0x84, 0x85}:
        raise NeedsCare("issuing_distribution_point")
    names, relative = _point_name(parts.get(0xA0))
    return IssuingPoint(
        names=names,
        relative=relative,
        only_users=0x81 in parts and _flag(parts[0x81]),
        only_authorities=0x82 in parts and _flag(parts[0x82]),
        only_attributes=0x85 in parts and _flag(parts[0x85]),
        reasons=_bits(parts[0x83].content, REASONS) if 0x83 in parts else None,
        is_indirect=0x84 in parts and _flag(parts[0x84]),
    )


def authority_access(value: bytes) -> tuple[tuple[str, GeneralName], ...]:
    """(method, where). It decides nothing, so one that cannot be read is as good as none."""
    try:
        pairs = [node.children() for node in der.read(value).expect(der.SEQUENCE).children()]
        return tuple((der.oid(pair[0]), read_general_name(pair[1])) for pair in pairs if len(pair) == 2)
    except NeedsCare:
        return ()
