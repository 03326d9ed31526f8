"""Key files in all the shapes that offices hold, made by openssl, `cryptography`, or by hand where neither can."""

from __future__ import annotations

import hashlib
import hmac
import os
import subprocess
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from asn1crypto import core
from asn1crypto import pkcs12 as asn1_pkcs12
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import PrivateFormat, pkcs12
from cryptography.x509.oid import NameOID

NAME = "Nguyễn Thị Lan"
NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)

Private = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


@dataclass(frozen=True)
class Holder:
    """A person's key with its certificate and the issuer's."""

    key: Private
    certificate: x509.Certificate
    issuer: x509.Certificate

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.DER)


def _key(kind: str) -> Private:
    if kind.startswith("rsa"):
        return rsa.generate_private_key(public_exponent=65537, key_size=int(kind[3:]))
    curve = {"p256": ec.SECP256R1(), "p384": ec.SECP384R1(), "p521": ec.SECP521R1()}[kind]
    return ec.generate_private_key(curve)


def _certificate(subject: x509.Name, key: Private, issuer: x509.Name, issuer_key: Private) -> x509.Certificate:
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key.public_key())
    builder = builder.not_valid_before(NOW - timedelta(days=1)).not_valid_after(NOW + timedelta(days=1000))
    return builder.serial_number(x509.random_serial_number()).sign(issuer_key, hashes.SHA256())


def holder(kind: str, number: int = 1) -> Holder:
    """The key of this kind and number: made once a run."""
    return _holder(kind, number)


@cache
def _holder(kind: str, number: int) -> Holder:
    ca_key = _key("p256")
    ca_name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "CA thử nghiệm")])
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "UBND xã Thử Nghiệm"),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, "Văn phòng"),
            x509.NameAttribute(NameOID.TITLE, "Chủ tịch"),
            x509.NameAttribute(NameOID.COMMON_NAME, f"{NAME} {number}"),
        ]
    )
    key = _key(kind)
    own = _certificate(subject, key, ca_name, ca_key)
    return Holder(key, own, _certificate(ca_name, ca_key, ca_name, ca_key))


def by_openssl(owner: Holder, password: str, *options: str) -> bytes:
    """`openssl pkcs12 -export` with these options; the issuer's certificate goes along."""
    with tempfile.TemporaryDirectory() as folder:
        key, certificates = Path(folder, "key.pem"), Path(folder, "certificates.pem")
        plain = serialization.NoEncryption()
        pem = serialization.Encoding.PEM
        key.write_bytes(owner.key.private_bytes(pem, PrivateFormat.PKCS8, plain))
        certificates.write_bytes(owner.certificate.public_bytes(pem) + owner.issuer.public_bytes(pem))
        command = [
            "openssl",
            "pkcs12",
            "-export",
            "-inkey",
            str(key),
            "-in",
            str(certificates),
            "-passout",
            "stdin",
        ]
        done = subprocess.run([*command, *options], input=f"{password}\n".encode(), capture_output=True, check=True)
        return done.stdout


def by_cryptography(
    owner: Holder,
    password: str,
    *,
    encryption: serialization.KeySerializationEncryption | None = None,
) -> bytes:
    """`cryptography`'s own choice of algorithms unless `encryption` says otherwise."""
    how = encryption or serialization.BestAvailableEncryption(password.encode())
    return pkcs12.serialize_key_and_certificates(b"lan", owner.key, owner.certificate, [owner.issuer], how)


def builder(
    scheme: pkcs12.PBES, *, rounds: int, mac: hashes.HashAlgorithm, password: str
) -> serialization.KeySerializationEncryption:
    """Encryption options of `cryptography` in one call."""
    made = PrivateFormat.PKCS12.encryption_builder().kdf_rounds(rounds).key_cert_algorithm(scheme).hmac_hash(mac)
    return made.build(password.encode())


def with_pbmac1(file: bytes, password: str, *, hash_name: str, oid: str, iterations: int = 2048) -> bytes:
    """A file without MAC gets one by PBKDF2 and HMAC (RFC 9579)."""
    content = asn1_pkcs12.Pfx.load(file)["auth_safe"]["content"].native
    salt, size = os.urandom(16), hashlib.new(hash_name).digest_size
    key = hashlib.pbkdf2_hmac(hash_name, password.encode(), salt, iterations, size)
    prf = tlv(0x30, core.ObjectIdentifier(oid).dump(), b"\x05\x00")
    numbers = core.OctetString(salt).dump() + core.Integer(iterations).dump() + core.Integer(size).dump()
    kdf = tlv(0x30, core.ObjectIdentifier("1.2.840.113549.1.5.12").dump(), tlv(0x30, numbers, prf))
    method = tlv(0x30, core.ObjectIdentifier("1.2.840.113549.1.5.14").dump(), tlv(0x30, kdf, prf))
    digest = tlv(0x30, method, core.OctetString(hmac.digest(key, content, hash_name)).dump())
    mac = tlv(0x30, digest, core.OctetString(b"NOT USED").dump(), core.Integer(1).dump())
    return tlv(0x30, *children(file), mac)


# --- BER ---


def tlv(tag: int, *parts: bytes) -> bytes:
    """DER of one value."""
    body = b"".join(parts)
    size = len(body)
    octets = size.to_bytes((size.bit_length() + 7) // 8 or 1, "big")
    length = bytes([size]) if size < 128 else bytes([0x80 | len(octets)]) + octets
    return bytes([tag]) + length + body


def split(data: bytes) -> list[tuple[int, bytes]]:
    """Tags and contents of a run of DER values."""
    found, at = [], 0
    while at < len(data):
        tag, size, at = data[at], data[at + 1], at + 2
        if size & 0x80:
            count = size & 0x7F
            size, at = int.from_bytes(data[at : at + count], "big"), at + count
        found.append((tag, data[at : at + size]))
        at += size
    return found


def children(data: bytes) -> list[bytes]:
    """Whole encodings of the values inside one DER value."""
    return [tlv(tag, body) for tag, body in split(split(data)[0][1])]


def _segments(body: bytes) -> bytes:
    pieces = [body[at : at + 100] for at in range(0, len(body), 100)]
    return b"".join(tlv(0x04, piece) for piece in pieces)


def in_ber(data: bytes) -> bytes:
    """Every constructed value with indefinite length, every octet string cut into segments."""
    out = b""
    for tag, body in split(data):
        if tag in (0x04, 0x80):
            out += bytes([tag | 0x20, 0x80]) + _segments(body) + b"\0\0"
        elif tag & 0x20:
            out += bytes([tag, 0x80]) + in_ber(body) + b"\0\0"
        else:
            out += tlv(tag, body)
    return out


def in_deep_ber(file: bytes) -> bytes:
    """The same for the contents of the AuthenticatedSafe as well; only for files without a MAC."""
    version, (_, safe) = children(file)[0], split(split(file)[0][1])[1]
    content = split(split(split(safe)[1][1])[0][1])  # the SafeContents inside ContentInfo [0] OCTET STRING
    wrapped = tlv(0xA0, tlv(0x04, b"".join(in_ber(tlv(tag, body)) for tag, body in content)))
    return in_ber(tlv(0x30, version, tlv(0x30, children(tlv(0x30, safe))[0], wrapped)))
