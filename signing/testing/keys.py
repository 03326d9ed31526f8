"""Private keys for tests and demonstrations. Never for anything that counts: labelled keys can be guessed."""

from __future__ import annotations

import hashlib
from enum import StrEnum
from functools import cache
from typing import TypeAlias

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from signing.prepare.algorithms import HASHES, HashFunction, SignatureAlgorithm, pss

PrivateKey: TypeAlias = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


class KeyKind(StrEnum):
    """RSA_1024 and BRAINPOOL_256 are there to be refused."""

    RSA_1024 = "rsa1024"
    RSA_2048 = "rsa2048"
    RSA_3072 = "rsa3072"
    P256 = "p256"
    P384 = "p384"
    BRAINPOOL_256 = "brainpool256"


_RSA_BITS = {KeyKind.RSA_1024: 1024, KeyKind.RSA_2048: 2048, KeyKind.RSA_3072: 3072}
_CURVES: dict[KeyKind, tuple[type[ec.EllipticCurve], int]] = {
    KeyKind.P256: (ec.SECP256R1, 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551),
    KeyKind.P384: (
        ec.SECP384R1,
        0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFC7634D81F4372DDF581A0DB248B0A77AECEC196ACCC52973,
    ),
    KeyKind.BRAINPOOL_256: (
        ec.BrainpoolP256R1,
        0xA9FB57DBA1EEA9BC3E660A909D838D718C397AA3B561A6F7901E0E82974856A7,
    ),
}


@cache
def key(kind: KeyKind = KeyKind.P256, label: str = "") -> PrivateKey:
    """The key of this kind and label: the same within a process, and for curves the same everywhere.

    RSA keys are drawn (60 ms for 2048 bits, 150 ms for 3072); elliptic ones are computed from the label.
    """
    if kind in _RSA_BITS:
        return rsa.generate_private_key(public_exponent=65537, key_size=_RSA_BITS[kind])
    curve, order = _CURVES[kind]
    seed = hashlib.shake_256(f"signing.testing {kind} {label}".encode()).digest(64)
    return ec.derive_private_key(int.from_bytes(seed, "big") % (order - 1) + 1, curve())


def new_key(kind: KeyKind = KeyKind.P256) -> PrivateKey:
    """A fresh random key, for what outlives a test run."""
    if kind in _RSA_BITS:
        return rsa.generate_private_key(public_exponent=65537, key_size=_RSA_BITS[kind])
    return ec.generate_private_key(_CURVES[kind][0]())


def sign_raw(
    private: PrivateKey,
    to_be_signed: bytes,
    algorithm: SignatureAlgorithm,
    *,
    function: HashFunction = HashFunction.SHA256,
    raw: bool = False,
) -> bytes:
    """What a key holder answers. `raw`: ECDSA as r‖s, the way WebCrypto gives it, instead of DER."""
    chosen = HASHES[function]()
    if isinstance(private, rsa.RSAPrivateKey):
        scheme = pss(function) if algorithm is SignatureAlgorithm.RSA_PSS else padding.PKCS1v15()
        return private.sign(to_be_signed, scheme, chosen)
    signature = private.sign(to_be_signed, ec.ECDSA(chosen, deterministic_signing=True))
    if not raw:
        return signature
    size = (private.key_size + 7) // 8
    r, s = decode_dss_signature(signature)
    return r.to_bytes(size, "big") + s.to_bytes(size, "big")


def private_der(private: PrivateKey) -> bytes:
    """Unencrypted PKCS#8."""
    return private.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def public_der(private: PrivateKey) -> bytes:
    """SubjectPublicKeyInfo."""
    return private.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
