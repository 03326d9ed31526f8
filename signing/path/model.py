"""A certificate as path validation reads it, in a reader of its own.

`cryptography` compares names byte by byte and refuses whole certificates for oddities that do not concern a path
(a serial number below zero, a missing NULL). Here every oddity that is tolerated has a name, and what is not
readable is refused with one: `BrokenInput("certificate", cause=…)`, never a traceback.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from signing.cms import der
from signing.cms.codec import Algorithm
from signing.cms.codec import algorithm as read_algorithm
from signing.errors import BrokenInput, NeedsCare
from signing.path import extensions as ext
from signing.path.general_names import GeneralName, NameForm
from signing.path.names import Name, read_name

MAX_CERTIFICATE = 256 * 1024
"""Bytes. Real ones have 1–4 kB; logos and long policies included."""

UNDERSTOOD = frozenset(
    {
        ext.BASIC_CONSTRAINTS, ext.KEY_USAGE, ext.EXTENDED_KEY_USAGE, ext.CERTIFICATE_POLICIES,
        ext.SUBJECT_ALT_NAME, ext.INHIBIT_ANY_POLICY, ext.POLICY_MAPPINGS, ext.CRL_DISTRIBUTION_POINTS,
        ext.NAME_CONSTRAINTS, ext.POLICY_CONSTRAINTS, ext.SUBJECT_KEY_ID, ext.AUTHORITY_KEY_ID, ext.FRESHEST_CRL,
        ext.ISSUER_ALT_NAME, ext.OCSP_NO_CHECK,
    }
)  # fmt: skip
"""What may be critical: it is judged, or it concerns nothing that is."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """Equal when the DER is. `critical` names the critical extensions nobody here understands."""

    der: bytes = field(repr=False)
    fingerprint: str = field(compare=False)
    version: int = field(compare=False)
    serial: int = field(compare=False)
    serial_der: bytes = field(compare=False, repr=False)
    issuer: Name = field(compare=False)
    subject: Name = field(compare=False)
    not_before: datetime = field(compare=False)
    not_after: datetime = field(compare=False)
    tbs: bytes = field(compare=False, repr=False)
    algorithm: Algorithm = field(compare=False)
    signature: bytes = field(compare=False, repr=False)
    key_info: bytes = field(compare=False, repr=False)
    key_bits: bytes = field(compare=False, repr=False)
    critical: frozenset[str] = field(compare=False)
    usages: frozenset[str] | None = field(compare=False)
    purposes: frozenset[str] | None = field(compare=False)
    purposes_critical: bool = field(compare=False)
    basic: ext.BasicConstraints | None = field(compare=False)
    policies: frozenset[str] | None = field(compare=False)
    mappings: tuple[tuple[str, str], ...] = field(compare=False)
    policy_constraints: ext.PolicyConstraints | None = field(compare=False)
    inhibit_any: int | None = field(compare=False)
    name_constraints: ext.NameConstraints | None = field(compare=False)
    alternative: tuple[GeneralName, ...] = field(compare=False)
    points: tuple[ext.DistributionPoint, ...] = field(compare=False)
    key_id: bytes | None = field(compare=False)
    authority: ext.AuthorityKeyId = field(compare=False)
    has_no_check: bool = field(compare=False)
    access: bytes = field(compare=False, repr=False)
    oddities: tuple[str, ...] = field(compare=False)

    @property
    def is_self_issued(self) -> bool:
        """The same name as subject and issuer, whatever the keys (RFC 5280, 3.2)."""
        return self.subject == self.issuer

    @property
    def is_authority(self) -> bool:
        return self.basic is not None and self.basic.is_authority

    def names(self, form: NameForm) -> tuple[GeneralName, ...]:
        return tuple(item for item in self.alternative if item.form is form)


def read_certificate(data: bytes) -> Certificate:
    """From DER; `BrokenInput` with the cause when it cannot be read."""
    return _read(bytes(data))


@lru_cache(maxsize=2048)
def _read(data: bytes) -> Certificate:
    if len(data) > MAX_CERTIFICATE:
        raise BrokenInput("certificate", cause="too_large")
    try:
        return _certificate(data)
    except NeedsCare as error:
        raise BrokenInput("certificate", cause=error.code) from error


def _certificate(data: bytes) -> Certificate:
    outer = der.read(data).expect(der.SEQUENCE).children()
    if len(outer) != 3:
        raise NeedsCare("der_structure")
    parts = list(outer[0].expect(der.SEQUENCE).children())
    version = der.integer(parts.pop(0).only()) + 1 if parts and parts[0].tag == 0xA0 else 1
    if len(parts) < 6 or version not in (1, 2, 3):
        raise NeedsCare("der_structure")
    serial, inner, issuer, validity, subject, key = parts[:6]
    if inner.raw != outer[1].raw:
        raise NeedsCare("algorithms_disagree")
    oddities = _serial_oddities(serial)
    found = _extensions(parts[6:], version)
    key_algorithm, key_value = _pair(key)
    read_algorithm(key_algorithm)
    start, end = _pair(validity)
    return Certificate(
        der=data,
        fingerprint=hashlib.sha256(data).hexdigest(),
        version=version,
        serial=int.from_bytes(serial.expect(der.INTEGER).content, "big", signed=True),
        serial_der=serial.raw,
        issuer=read_name(issuer),
        subject=read_name(subject),
        not_before=der.time(start),
        not_after=der.time(end),
        tbs=outer[0].raw,
        algorithm=read_algorithm(outer[1]),
        signature=signature_bits(outer[2]),
        key_info=key.expect(der.SEQUENCE).raw,
        key_bits=bit_string(key_value),
        **_decoded(found, oddities),  # type: ignore[arg-type]
    )


def bit_string(node: der.Node) -> bytes:
    """Whole bytes only, as keys and signatures are."""
    content = node.expect(der.BIT_STRING).content
    if not content or content[0]:
        raise NeedsCare("bit_string")
    return content[1:]


def signature_bits(node: der.Node) -> bytes:
    """A signature. One that is not whole bytes was made by no key; it is empty here, so that it is wrong and what
    stands under it can still be read."""
    content = node.expect(der.BIT_STRING).content
    return content[1:] if content and not content[0] else b""


def _pair(node: der.Node) -> tuple[der.Node, der.Node]:
    parts = node.expect(der.SEQUENCE).children()
    if len(parts) != 2:
        raise NeedsCare("der_structure")
    return parts[0], parts[1]


def _serial_oddities(node: der.Node) -> list[str]:
    content = node.expect(der.INTEGER).content
    if not content or len(content) > 64:
        raise NeedsCare("serial_number")
    found = []
    if content[0] & 0x80:
        found.append("negative_serial")
    elif not any(content):
        found.append("zero_serial")
    if len(content) > 20 + (content[0] == 0):
        found.append("long_serial")
    if len(content) > 1 and content[0] in (0, 0xFF) and (content[0] ^ content[1]) < 0x80:
        found.append("serial_padded")
    return found


def _extensions(rest: list[der.Node], version: int) -> dict[str, tuple[bool, bytes, bool]]:
    """Unique identifiers (tags 1 and 2) are passed over, as RFC 5280 allows."""
    last = [node for node in rest if node.tag not in (0x81, 0x82, 0xA1, 0xA2)]
    if not last:
        return {}
    if len(last) > 1 or last[0].tag != 0xA3 or version < 3:
        raise NeedsCare("der_structure")
    return ext.read_extensions(last[0].only())


def _decoded(found: dict[str, tuple[bool, bytes, bool]], oddities: list[str]) -> dict[str, object]:
    if any(odd for _, _, odd in found.values()):
        oddities.append("boolean_not_der")
    values = {oid: value for oid, (_, value, _) in found.items()}
    try:
        decoded = {name: decode(values[oid]) if oid in values else empty for name, oid, decode, empty in _FIELDS}
    except (ValueError, IndexError) as error:
        raise NeedsCare("extension") from error
    purposes = found.get(ext.EXTENDED_KEY_USAGE)
    return decoded | {
        "critical": frozenset(oid for oid, (critical, _, _) in found.items() if critical) - UNDERSTOOD,
        "purposes_critical": purposes is not None and purposes[0],
        "has_no_check": ext.OCSP_NO_CHECK in values,
        "access": values.get(ext.AUTHORITY_ACCESS, b""),
        "oddities": tuple(oddities),
    }


_FIELDS: tuple[tuple[str, str, ext.Decoder, object], ...] = (
    ("usages", ext.KEY_USAGE, ext.key_usages, None),
    ("purposes", ext.EXTENDED_KEY_USAGE, ext.oids, None),
    ("basic", ext.BASIC_CONSTRAINTS, ext.basic_constraints, None),
    ("policies", ext.CERTIFICATE_POLICIES, ext.policies, None),
    ("mappings", ext.POLICY_MAPPINGS, ext.mappings, ()),
    ("policy_constraints", ext.POLICY_CONSTRAINTS, ext.policy_constraints, None),
    ("inhibit_any", ext.INHIBIT_ANY_POLICY, ext.skip_count, None),
    ("name_constraints", ext.NAME_CONSTRAINTS, ext.name_constraints, None),
    ("alternative", ext.SUBJECT_ALT_NAME, ext.general_names, ()),
    ("points", ext.CRL_DISTRIBUTION_POINTS, ext.distribution_points, ()),
    ("key_id", ext.SUBJECT_KEY_ID, ext.key_id, None),
    ("authority", ext.AUTHORITY_KEY_ID, ext.authority_key_id, ext.NO_AUTHORITY),
)
