"""A PKCS#12 file that only its owner can read."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, pkcs12

from signing.holders.key import KeyUnusable
from signing.prepare.algorithms import HASHES, natural_hash

OTHERS = stat.S_IRWXG | stat.S_IRWXO


class Pkcs12Key:
    """A key opened from a file of mode 0600 (or 0400); anything wider is refused."""

    def __init__(self, path: Path, password: str) -> None:
        if os.stat(path).st_mode & OTHERS:
            raise KeyUnusable("key_file_readable_by_others", path=str(path))
        try:
            opened = pkcs12.load_pkcs12(path.read_bytes(), password.encode())
        except ValueError as error:
            raise KeyUnusable("key_file_password", path=str(path)) from error
        if opened.key is None or opened.cert is None:
            raise KeyUnusable("key_file_empty", path=str(path))
        self._key = opened.key
        self._certificate = opened.cert.certificate
        self._chain = tuple(one.certificate.public_bytes(Encoding.DER) for one in opened.additional_certs)

    @property
    def certificate(self) -> bytes:
        """DER."""
        return self._certificate.public_bytes(Encoding.DER)

    @property
    def chain(self) -> tuple[bytes, ...]:
        """DER, as they stand in the file."""
        return self._chain

    def sign(self, to_be_signed: bytes) -> bytes:
        """PKCS#1 v1.5 for RSA, ECDSA (DER) for elliptic keys, with the hash that fits the key."""
        function: hashes.HashAlgorithm = HASHES[natural_hash(self._certificate)]()
        if isinstance(self._key, rsa.RSAPrivateKey):
            return self._key.sign(to_be_signed, padding.PKCS1v15(), function)
        if isinstance(self._key, ec.EllipticCurvePrivateKey):
            return self._key.sign(to_be_signed, ec.ECDSA(function))
        raise KeyUnusable("key_kind")
