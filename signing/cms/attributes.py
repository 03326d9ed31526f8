"""The signed and unsigned attributes that a verdict hangs on (RFC 5652 §11, RFC 5035, RFC 6211)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from signing.cms import der
from signing.cms.algorithms import HASHES, digest_name, hash_of
from signing.cms.codec import Algorithm, Attribute, Signer, algorithm
from signing.cms.names import same_name
from signing.errors import NeedsCare

CONTENT_TYPE = "1.2.840.113549.1.9.3"
MESSAGE_DIGEST = "1.2.840.113549.1.9.4"
SIGNING_TIME = "1.2.840.113549.1.9.5"
SIGNING_CERTIFICATE = "1.2.840.113549.1.9.16.2.12"
SIGNING_CERTIFICATE_V2 = "1.2.840.113549.1.9.16.2.47"
ALGORITHM_PROTECTION = "1.2.840.113549.1.9.52"
SIGNATURE_TIMESTAMP = "1.2.840.113549.1.9.16.2.14"
REVOCATION_ARCHIVE = "1.2.840.113583.1.1.8"
_LOOSE_TIMES = {der.UTC_TIME: ("%y%m%d%H%M%S%z", "%y%m%d%H%M%z"), der.GENERALIZED_TIME: ("%Y%m%d%H%M%S%z",)}
_CADES_ONLY = frozenset(
    {
        "1.2.840.113549.1.9.16.2.15",  # signature policy
        "1.2.840.113549.1.9.16.2.16",  # commitment type
        "1.2.840.113549.1.9.16.2.17",  # place of the signer
        "1.2.840.113549.1.9.16.2.18",  # attributes of the signer
        "0.4.0.19122.1.1",  # the same, version 2
        "0.4.0.1733.2.1",  # kind of file, ETSI TS 101 733
    }
)


@dataclass(frozen=True, slots=True)
class CertificateId:
    """What ESS says about the signer's certificate; `serial` is None where it names no issuer."""

    digest: str
    value: bytes
    issuer: bytes | None
    serial: int | None

    def fits(self, certificate: bytes, *, issuer: bytes, serial: int) -> bool:
        if hash_of(self.digest, certificate) != self.value:
            return False
        return self.issuer is None or (self.serial == serial and same_name(self.issuer, issuer))


def one_value(attributes: tuple[Attribute, ...], oid: str) -> der.Node | None:
    """The only value of an attribute; None when absent; doubled or empty is refused."""
    found = [item for item in attributes if item.oid == oid]
    if not found:
        return None
    if len(found) > 1 or len(found[0].values) != 1:
        raise NeedsCare("attribute_doubled", oid=oid)
    return der.read(found[0].values[0])


def values(attributes: tuple[Attribute, ...], oid: str) -> Iterator[bytes]:
    for item in attributes:
        if item.oid == oid:
            yield from item.values


def has_doubles(attributes: tuple[Attribute, ...]) -> bool:
    oids = [item.oid for item in attributes]
    return len(set(oids)) != len(oids)


def message_digest(signer: Signer) -> bytes | None:
    node = one_value(signer.signed, MESSAGE_DIGEST)
    return None if node is None else node.expect(der.OCTET_STRING).content


def content_type(signer: Signer) -> str | None:
    node = one_value(signer.signed, CONTENT_TYPE)
    return None if node is None else der.oid(node)


def signing_time(signer: Signer) -> datetime | None:
    """What the signer claims; also as BER writes it, without seconds or with an offset (X.690, 11.7 and 11.8)."""
    node = one_value(signer.signed, SIGNING_TIME)
    if node is None:
        return None
    try:
        return der.time(node)
    except NeedsCare:
        return _loose_time(node)


def _loose_time(node: der.Node) -> datetime | None:
    text = node.content.decode("ascii", "replace")
    for pattern in _LOOSE_TIMES.get(node.tag, ()):
        try:
            found = datetime.strptime(text, pattern).astimezone(UTC)
        except (ValueError, OverflowError):
            continue
        return found
    return None


def certificate_ids(signer: Signer) -> tuple[CertificateId, ...]:
    """The first ESSCertIDv2 (RFC 5035, 3) and the first ESSCertID, which names by SHA-1; what stands must fit."""
    found = []
    for oid, version_two in ((SIGNING_CERTIFICATE_V2, True), (SIGNING_CERTIFICATE, False)):
        node = one_value(signer.signed, oid)
        if node is None:
            continue
        listed = node.expect(der.SEQUENCE).first().expect(der.SEQUENCE).children()
        if not listed:
            raise NeedsCare("der_structure")
        found.append(_certificate_id(listed[0], version_two=version_two))
    return tuple(found)


def _certificate_id(node: der.Node, *, version_two: bool) -> CertificateId:
    parts = list(node.expect(der.SEQUENCE).children())
    digest = "sha256" if version_two else "sha1"
    if version_two and parts and parts[0].tag == der.SEQUENCE:
        digest = digest_name(algorithm(parts.pop(0)))
    if not 1 <= len(parts) <= 2:
        raise NeedsCare("der_structure")
    value = parts[0].expect(der.OCTET_STRING).content
    if len(value) != HASHES[digest].digest_size:
        raise NeedsCare("der_structure")
    issuer, serial = _issuer_serial(parts[1]) if len(parts) == 2 else (None, None)
    return CertificateId(digest, value, issuer, serial)


def _issuer_serial(node: der.Node) -> tuple[bytes, int]:
    """IssuerSerial: GeneralNames with one directoryName [4], and the serial number."""
    parts = node.expect(der.SEQUENCE).children()
    if len(parts) != 2:
        raise NeedsCare("der_structure")
    name = parts[0].expect(der.SEQUENCE).only().expect(0xA4).only()
    return name.raw, der.integer(parts[1])


def claims_cades(signer: Signer) -> bool:
    """Whether signed attributes stand here that only CAdES knows (ETSI EN 319 122-1, 5.2)."""
    return any(item.oid in _CADES_ONLY for item in signer.signed)


def protection(signer: Signer) -> tuple[Algorithm, Algorithm | None] | None:
    """CMSAlgorithmProtection: digest and signature algorithm once more, signed (RFC 6211)."""
    node = one_value(signer.signed, ALGORITHM_PROTECTION)
    if node is None:
        return None
    digest, signature = None, None
    for part in node.expect(der.SEQUENCE).children():
        if part.tag == der.SEQUENCE:
            digest = algorithm(part)
        elif part.tag == 0xA1:
            signature = algorithm(der.read(b"\x30" + part.raw[1:]))
    if digest is None:
        raise NeedsCare("der_structure")
    return digest, signature


def revocation_archive(signer: Signer) -> tuple[tuple[bytes, ...], tuple[bytes, ...]]:
    """(CRLs, OCSP responses) that the signer put under the signature, Adobe's attribute."""
    node = one_value(signer.signed, REVOCATION_ARCHIVE)
    if node is None:
        return (), ()
    parts = {part.tag: part for part in node.expect(der.SEQUENCE).children()}
    return _explicit_list(parts.get(0xA0)), _explicit_list(parts.get(0xA1))


def _explicit_list(node: der.Node | None) -> tuple[bytes, ...]:
    if node is None:
        return ()
    return tuple(item.raw for inner in node.children() for item in inner.children())
