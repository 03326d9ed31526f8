"""A CMS signature with every part exchangeable: for what `signing.testing.messages` has no name for."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa

from signing.prepare import der
from signing.prepare.algorithms import (
    HashFunction,
    SignatureAlgorithm,
    digest,
    digest_algorithm,
    signature_algorithm,
)
from signing.prepare.cms import (
    CONTENT_TYPE,
    DATA,
    MESSAGE_DIGEST,
    SIGNED_DATA,
    SIGNING_CERTIFICATE_V2,
    attribute,
    issuer_and_serial,
)
from signing.testing.attacks.keys import pss, rsa_key
from signing.testing.identity import Identity
from signing.testing.keys import sign_raw
from signing.testing.paper import Way

SIGNING_TIME = "1.2.840.113549.1.9.5"
COUNTERSIGNATURE = "1.2.840.113549.1.9.6"
PROTECTION = "1.2.840.113549.1.9.52"
COMMITMENT, POLICY_ID = "1.2.840.113549.1.9.16.2.16", "1.2.840.113549.1.9.16.2.15"
SIGNING_CERTIFICATE_V1 = "1.2.840.113549.1.9.16.2.12"
RSA_PLAIN = der.sequence(der.oid("1.2.840.113549.1.1.1"), der.null())
UTC_TIME = 0x17
_PUBLIC_KEY = 6
"""Place of the SubjectPublicKeyInfo in a TBSCertificate with a version."""
_P256 = {
    "p": 0xFFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF,
    "a": 0xFFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFC,
    "b": 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B,
    "x": 0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
    "y": 0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
    "n": 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551,
}

Attributes = Callable[[Identity, list[bytes]], list[bytes]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """The defaults make the plain signature of a PAdES file; each part may be another.

    `attributes` turns the three signed ones into others; `signature` makes the raw value over their DER; `named`
    gives the SignerIdentifier; `unsigned` sees the raw value; `signers` turns the one SignerInfo into the set;
    `wrapped` turns the SignedData body into the whole message."""

    function: HashFunction = HashFunction.SHA256
    digest_id: bytes = b""
    algorithm: bytes = b""
    attributes: Attributes = lambda identity, three: three
    signature: Callable[[Identity, bytes, HashFunction], bytes] = lambda identity, signed, function: sign_raw(
        identity.key, signed, scheme(identity), function=function
    )
    named: Callable[[Identity], bytes] = lambda identity: der.sequence(*issuer_and_serial(identity.der))
    certificates: Callable[[Identity], tuple[bytes, ...]] = lambda identity: (identity.der, *identity.chain_der)
    unsigned: Callable[[bytes], tuple[bytes, ...]] = lambda signature: ()
    signers: Callable[[bytes], tuple[bytes, ...]] = lambda info: (info,)
    crls: tuple[bytes, ...] = ()
    keeps_attributes: bool = True
    wrapped: Callable[[bytes], bytes] = lambda body: der.sequence(der.oid(SIGNED_DATA), der.explicit(0, body))

    def __call__(self, identity: Identity, content: bytes) -> bytes:
        """ContentInfo over `content`, detached."""
        body = der.sequence(
            der.integer(1),
            der.set_of((self._digest_id(),)),
            der.sequence(der.oid(DATA)),
            der.set_of(self.certificates(identity), tag=0xA0),
            der.set_of(self.crls, tag=0xA1) if self.crls else b"",
            der.set_of(self.signers(self.info(identity, content))),
        )
        return self.wrapped(body)

    def info(self, identity: Identity, content: bytes) -> bytes:
        """The SignerInfo alone."""
        three = [
            attribute(CONTENT_TYPE, der.oid(DATA)),
            attribute(MESSAGE_DIGEST, der.octets(digest(self.function, content))),
            certificate_id(identity),
        ]
        signed = der.set_of(self.attributes(identity, three))
        value = self.signature(identity, signed, self.function)
        extra = self.unsigned(value)
        natural = signature_algorithm(scheme(identity), self.function)
        named = self.named(identity)
        return der.sequence(
            der.integer(1 if named[0] == der.SEQUENCE else 3),
            named,
            self._digest_id(),
            b"\xa0" + signed[1:] if self.keeps_attributes else b"",
            self.algorithm or natural,
            der.octets(value),
            der.set_of(extra, tag=0xA1) if extra else b"",
        )

    def _digest_id(self) -> bytes:
        return self.digest_id or digest_algorithm(self.function)

    def way(self, subfilter: bytes = b"ETSI.CAdES.detached", *, reserved: int = 12_000) -> Way:
        """To sign a sheet with it."""
        return Way(message=self, subfilter=subfilter, reserved=reserved)


def scheme(identity: Identity) -> SignatureAlgorithm:
    """By the kind of key alone, however weak it is."""
    is_rsa = isinstance(identity.key, rsa.RSAPrivateKey)
    return SignatureAlgorithm.RSA_PKCS1 if is_rsa else SignatureAlgorithm.ECDSA


def certificate_id(identity: Identity) -> bytes:
    """signing-certificate-v2 with the hash alone (RFC 5035)."""
    hashed = der.octets(digest(HashFunction.SHA256, identity.der))
    return attribute(SIGNING_CERTIFICATE_V2, der.sequence(der.sequence(der.sequence(hashed))))


def old_certificate_id(identity: Identity) -> bytes:
    """signing-certificate with SHA-1 (RFC 2634)."""
    hashed = der.octets(hashlib.sha1(identity.der).digest())  # noqa: S324  the attribute knows no other
    return attribute(SIGNING_CERTIFICATE_V1, der.sequence(der.sequence(der.sequence(hashed))))


def signing_time(at: datetime) -> bytes:
    return attribute(SIGNING_TIME, der.tlv(UTC_TIME, at.strftime("%y%m%d%H%M%SZ").encode()))


def protection(function: HashFunction, algorithm: bytes) -> bytes:
    """CMSAlgorithmProtection (RFC 6211)."""
    return attribute(PROTECTION, der.sequence(digest_algorithm(function), b"\xa1" + algorithm[1:]))


def with_more(*more: Callable[[Identity], bytes]) -> Attributes:
    return lambda identity, three: [*three, *(one(identity) for one in more)]


def without_certificate_id(identity: Identity, three: list[bytes]) -> list[bytes]:
    return three[:2]


def with_parameters(identity: Identity, issuer: Identity) -> Identity:
    """The same certificate of a P-256 key, with the curve written out instead of named (RFC 5480 forbids it)."""
    parts = list(der.children(identity.certificate.tbs_certificate_bytes))
    key_bits = der.children(parts[_PUBLIC_KEY])[1]
    curve = der.sequence(
        der.integer(1),
        der.sequence(der.oid("1.2.840.10045.1.1"), der.integer(_P256["p"])),
        der.sequence(*(der.octets(_P256[name].to_bytes(32, "big")) for name in ("a", "b"))),
        der.octets(b"\x04" + _P256["x"].to_bytes(32, "big") + _P256["y"].to_bytes(32, "big")),
        der.integer(_P256["n"]),
        der.integer(1),
    )
    parts[_PUBLIC_KEY] = der.sequence(der.sequence(der.oid("1.2.840.10045.2.1"), curve), key_bits)
    tbs = der.sequence(*parts)
    raw = der.sequence(tbs, parts[2], der.tlv(der.BIT_STRING, b"\0" + issuer.sign(tbs)))
    return replace(identity, certificate=x509.load_der_x509_certificate(raw))


def key_identifier(identity: Identity) -> bytes:
    """[0] SubjectKeyIdentifier."""
    found = identity.certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier)
    return der.tlv(0x80, found.value.digest)


def with_pss(identity: Identity, signed: bytes, function: HashFunction) -> bytes:
    """The leader's key, by PSS with the salt as long as the hash."""
    return pss(rsa_key("leader"), signed)


def indefinite(tag: int, content: bytes) -> bytes:
    """BER with its length left open (X.690, 8.1.3.6)."""
    return bytes([tag, 0x80]) + content + b"\0\0"


def long_length(element: bytes, *, size: int = 4) -> bytes:
    """The same element with a length of more octets than needed: BER that is not DER."""
    content = der.content(element)
    return element[:1] + bytes([0x80 | size]) + len(content).to_bytes(size, "big") + content
