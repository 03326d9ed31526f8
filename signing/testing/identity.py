"""A certificate with its private key and chain: what a token, a .p12 file or a seal process holds."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)

from signing.prepare.algorithms import HashFunction, SignatureAlgorithm, natural_algorithm, natural_hash
from signing.testing.keys import PrivateKey, private_der, sign_raw

MODERN_ITERATIONS = 20_000
"""PBKDF2 rounds of `pkcs12`; enough for a test file and quick to open in a browser."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """`chain` goes from the issuer to the root, without the certificate itself."""

    certificate: x509.Certificate
    key: PrivateKey
    chain: tuple[x509.Certificate, ...] = ()

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(Encoding.DER)

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(Encoding.PEM)

    @property
    def chain_der(self) -> tuple[bytes, ...]:
        return tuple(one.public_bytes(Encoding.DER) for one in self.chain)

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the certificate, hexadecimal."""
        return hashlib.sha256(self.der).hexdigest()

    @property
    def serial(self) -> int:
        return self.certificate.serial_number

    @property
    def key_der(self) -> bytes:
        """Unencrypted PKCS#8."""
        return private_der(self.key)

    def sign(
        self,
        to_be_signed: bytes,
        algorithm: SignatureAlgorithm | None = None,
        *,
        function: HashFunction | None = None,
        raw: bool = False,
    ) -> bytes:
        """A raw signature as this key holder would give it."""
        return sign_raw(
            self.key,
            to_be_signed,
            algorithm or natural_algorithm(self.certificate),
            function=function or natural_hash(self.certificate),
            raw=raw,
        )

    def pkcs12(self, password: str, *, name: str = "", iterations: int = MODERN_ITERATIONS) -> bytes:
        """A .p12 file with certificate, key and chain: PBES2, AES-256, HMAC-SHA-256, as openssl 3 writes it.

        An empty password writes the file unencrypted.
        """
        encryption: KeySerializationEncryption = NoEncryption()
        if password:
            encryption = (
                PrivateFormat.PKCS12.encryption_builder()
                .kdf_rounds(iterations)
                .key_cert_algorithm(pkcs12.PBES.PBESv2SHA256AndAES256CBC)
                .hmac_hash(hashes.SHA256())
                .build(password.encode())
            )
        label = (name or "key").encode()
        return pkcs12.serialize_key_and_certificates(
            label, self.key, self.certificate, list(self.chain) or None, encryption
        )

    def legacy_pkcs12(self, password: str) -> bytes:
        """SHA-1 and triple DES, as older Vietnamese tools still write it."""
        encryption = (
            PrivateFormat.PKCS12.encryption_builder()
            .kdf_rounds(2048)
            .key_cert_algorithm(pkcs12.PBES.PBESv1SHA1And3KeyTripleDESCBC)
            .hmac_hash(hashes.SHA1())  # noqa: S303  the point of the file
            .build(password.encode())
        )
        return pkcs12.serialize_key_and_certificates(
            b"key", self.key, self.certificate, list(self.chain) or None, encryption
        )
