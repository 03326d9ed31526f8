"""SignedData (RFC 5652) as PAdES wants it: three signed attributes, one signer, DER throughout.

The signed attributes are content-type, message-digest and signing-certificate-v2 (RFC 5035) and nothing else:
the claimed time stands in /M of the signature dictionary (ETSI EN 319 142-1 §6.3).
"""

from __future__ import annotations

from dataclasses import dataclass

from signing.errors import BrokenInput
from signing.prepare import der
from signing.prepare.algorithms import (
    HashFunction,
    SignatureAlgorithm,
    digest,
    digest_algorithm,
    signature_algorithm,
)

DATA = "1.2.840.113549.1.7.1"
SIGNED_DATA = "1.2.840.113549.1.7.2"
CONTENT_TYPE = "1.2.840.113549.1.9.3"
MESSAGE_DIGEST = "1.2.840.113549.1.9.4"
SIGNING_CERTIFICATE_V2 = "1.2.840.113549.1.9.16.2.47"
_GENERAL_NAME_DIRECTORY = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """One finished signature: certificate and `signed_attributes` in DER."""

    certificate: bytes
    signed_attributes: bytes
    signature: bytes
    algorithm: SignatureAlgorithm
    function: HashFunction
    unsigned_attributes: tuple[bytes, ...] = ()


def attribute(kind: str, value: bytes) -> bytes:
    """An Attribute with one value."""
    return der.sequence(der.oid(kind), der.set_of((value,)))


def issuer_and_serial(certificate: bytes) -> tuple[bytes, bytes]:
    """Issuer name and serial number as they stand in the certificate, byte for byte."""
    try:
        fields = der.children(der.children(certificate)[0])
    except (ValueError, IndexError):
        raise BrokenInput("not_a_certificate") from None
    start = 1 if fields and fields[0][0] == 0xA0 else 0  # version is absent in v1 certificates
    if len(fields) < start + 3:
        raise BrokenInput("not_a_certificate")
    return fields[start + 2], fields[start]


def signed_attributes(
    content: bytes | None = None,
    *,
    certificate: bytes,
    function: HashFunction,
    content_type: str = DATA,
    message_digest: bytes | None = None,
) -> bytes:
    """DER SET OF the three attributes: exactly the bytes that are signed. Give the content or its digest."""
    if message_digest is None:
        message_digest = digest(function, content or b"")
    return der.set_of(
        (
            attribute(CONTENT_TYPE, der.oid(content_type)),
            attribute(MESSAGE_DIGEST, der.octets(message_digest)),
            attribute(SIGNING_CERTIFICATE_V2, _signing_certificate(certificate, function)),
        )
    )


def _signing_certificate(certificate: bytes, function: HashFunction) -> bytes:
    """ESSCertIDv2; its hash algorithm is left out when it is SHA-256, the default (RFC 5035 §4)."""
    issuer, serial = issuer_and_serial(certificate)
    names = der.sequence(der.explicit(_GENERAL_NAME_DIRECTORY, issuer))
    parts = [der.octets(digest(function, certificate)), der.sequence(names, serial)]
    if function is not HashFunction.SHA256:
        parts.insert(0, digest_algorithm(function))
    return der.sequence(der.sequence(der.sequence(*parts)))


def attribute_values(attributes: bytes) -> dict[bytes, bytes]:
    """OID element → the SET of its values; refuses doubled attributes and anything but a SET OF Attribute."""
    if not attributes or attributes[0] != der.SET:
        raise BrokenInput("signed_attributes")
    try:
        pairs = [der.children(one) for one in der.children(attributes)]
        values = {kind: value for kind, value in pairs}  # noqa: C416  dict() takes no pairs of unknown length
    except ValueError:
        raise BrokenInput("signed_attributes") from None
    if len(values) != len(pairs):
        raise BrokenInput("signed_attributes")
    return values


def message_digest(attributes: bytes) -> bytes:
    """The digest that signed attributes promise."""
    found = attribute_values(attributes).get(der.oid(MESSAGE_DIGEST))
    if found is None:
        raise BrokenInput("signed_attributes")
    return der.content(der.content(found))


def signed_data(
    signer: Signer,
    *,
    certificates: tuple[bytes, ...],
    content_type: str = DATA,
    content: bytes | None = None,
) -> bytes:
    """ContentInfo with one signer; detached without `content`."""
    wrapped = b"" if content is None else der.explicit(0, der.octets(content))
    carried = der.set_of(dict.fromkeys(certificates), tag=0xA0) if certificates else b""
    version = 1 if content_type == DATA else 3  # RFC 5652 §5.1
    body = der.sequence(
        der.integer(version),
        der.set_of((digest_algorithm(signer.function),)),
        der.sequence(der.oid(content_type), wrapped),
        carried,
        der.set_of((_signer_info(signer),)),
    )
    return der.sequence(der.oid(SIGNED_DATA), der.explicit(0, body))


def _signer_info(signer: Signer) -> bytes:
    unsigned = der.set_of(signer.unsigned_attributes, tag=0xA1) if signer.unsigned_attributes else b""
    return der.sequence(
        der.integer(1),
        der.sequence(*issuer_and_serial(signer.certificate)),
        digest_algorithm(signer.function),
        b"\xa0" + signer.signed_attributes[1:],
        signature_algorithm(signer.algorithm, signer.function),
        der.octets(signer.signature),
        unsigned,
    )
