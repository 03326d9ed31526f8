"""Whether a key made the signature on a certificate, a list or an OCSP answer, and whether that is good enough.

Weak is not wrong: SHA-1 and RSA of 1024 bits are computed too, and the profile decides whether they count.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key

from signing.cms import der
from signing.cms.algorithms import HASHES, STRONG, digest_name, key_is_strong, names_its_curve
from signing.cms.codec import Algorithm
from signing.cms.codec import algorithm as read_algorithm
from signing.errors import NeedsCare


class SignatureState(StrEnum):
    GOOD = "good"
    WRONG = "wrong"
    UNSUPPORTED = "unsupported"


class Method(NamedTuple):
    """`salt` (bytes) and `mask` (the hash of MGF1) are only for PSS."""

    family: str
    digest: str
    salt: int = 0
    mask: str = ""


_RSA, _ECDSA, _DSA, _PSS, _EDDSA = "rsa", "ecdsa", "dsa", "pss", "eddsa"
_METHODS = {
    "1.2.840.113549.1.1.4": Method(_RSA, "md5"),
    "1.2.840.113549.1.1.5": Method(_RSA, "sha1"),
    "1.3.14.3.2.29": Method(_RSA, "sha1"),
    "1.2.840.113549.1.1.14": Method(_RSA, "sha224"),
    "1.2.840.113549.1.1.11": Method(_RSA, "sha256"),
    "1.2.840.113549.1.1.12": Method(_RSA, "sha384"),
    "1.2.840.113549.1.1.13": Method(_RSA, "sha512"),
    "1.2.840.10045.4.1": Method(_ECDSA, "sha1"),
    "1.2.840.10045.4.3.1": Method(_ECDSA, "sha224"),
    "1.2.840.10045.4.3.2": Method(_ECDSA, "sha256"),
    "1.2.840.10045.4.3.3": Method(_ECDSA, "sha384"),
    "1.2.840.10045.4.3.4": Method(_ECDSA, "sha512"),
    "1.2.840.10040.4.3": Method(_DSA, "sha1"),
    "2.16.840.1.101.3.4.3.1": Method(_DSA, "sha224"),
    "2.16.840.1.101.3.4.3.2": Method(_DSA, "sha256"),
    "1.3.101.112": Method(_EDDSA, "ed25519"),
    "1.3.101.113": Method(_EDDSA, "ed448"),
}
_PSS_OID, _MGF1 = "1.2.840.113549.1.1.10", "1.2.840.113549.1.1.8"
_DSA_KEY, _RSA_KEY = "1.2.840.10040.4.1", "1.2.840.113549.1.1.1"
_NULL = b"\x05\x00"


def signature_state(tbs: bytes, algorithm: Algorithm, signature: bytes, *, key: bytes) -> SignatureState:
    """`key` is the SubjectPublicKeyInfo. Pure mathematics, so the answer is remembered."""
    return _state(tbs, algorithm, signature, key)


@lru_cache(maxsize=2048)
def _state(tbs: bytes, algorithm: Algorithm, signature: bytes, key: bytes) -> SignatureState:
    method, public = method_of(algorithm), public_key(key)
    if method is None or public is None:
        return SignatureState.UNSUPPORTED
    verify = _verifier(public, method)
    if verify is None:
        return SignatureState.WRONG  # a key of another family cannot have made it
    try:
        verify(signature, tbs)
    except (InvalidSignature, ValueError):
        return SignatureState.WRONG
    except UnsupportedAlgorithm:
        return SignatureState.UNSUPPORTED
    return SignatureState.GOOD


def _verifier(public: object, method: Method) -> Callable[[bytes, bytes], None] | None:
    if method.family == _EDDSA:
        kind = ed25519.Ed25519PublicKey if method.digest == "ed25519" else ed448.Ed448PublicKey
        return public.verify if isinstance(public, kind) else None
    chosen = HASHES[method.digest]
    if isinstance(public, rsa.RSAPublicKey) and method.family in (_RSA, _PSS):
        scheme = _padding(method)
        return lambda signature, data: public.verify(signature, data, scheme, chosen)
    if isinstance(public, ec.EllipticCurvePublicKey) and method.family == _ECDSA:
        return lambda signature, data: public.verify(signature, data, ec.ECDSA(chosen))
    if isinstance(public, dsa.DSAPublicKey) and method.family == _DSA:
        return lambda signature, data: public.verify(signature, data, chosen)
    return None


def _padding(method: Method) -> padding.PKCS1v15 | padding.PSS:
    if method.family == _RSA:
        return padding.PKCS1v15()
    return padding.PSS(mgf=padding.MGF1(HASHES[method.mask]), salt_length=method.salt)


@lru_cache(maxsize=256)
def is_strong_signature(algorithm: Algorithm) -> bool:
    """SHA-2 of 256 bits and more; a PSS whose two hashes agree, with a salt as long as the hash."""
    method = method_of(algorithm)
    if method is None or (method.digest not in STRONG and method.family != _EDDSA):
        return False
    return method.family != _PSS or (
        method.mask == method.digest and method.salt >= HASHES[method.digest].digest_size
    )


@lru_cache(maxsize=2048)
def is_strong_key(key: bytes) -> bool:
    public = public_key(key)
    return key_is_strong(public) and names_its_curve(key)


@lru_cache(maxsize=256)
def method_of(algorithm: Algorithm) -> Method | None:
    """None when nobody here can compute it. Parameters: absent or NULL, whatever the algorithm's RFC prefers."""
    if algorithm.oid == _PSS_OID:
        try:
            return _pss(algorithm.parameters or b"\x30\x00")
        except NeedsCare:
            return None
    return _METHODS.get(algorithm.oid) if algorithm.parameters in (None, _NULL) else None


def _pss(parameters: bytes) -> Method:
    """RSASSA-PSS-params (RFC 8017, A.2.3), with their defaults."""
    parts = {node.tag: node for node in der.read(parameters).expect(der.SEQUENCE).children()}
    digest = digest_name(read_algorithm(parts[0xA0].only())) if 0xA0 in parts else "sha1"
    mask = "sha1"
    if 0xA1 in parts:
        inner = parts[0xA1].only().expect(der.SEQUENCE).children()
        if len(inner) != 2 or der.oid(inner[0]) != _MGF1:
            raise NeedsCare("mask_function")
        mask = digest_name(read_algorithm(inner[1]))
    salt = der.integer(parts[0xA2].only()) if 0xA2 in parts else 20
    if not 0 <= salt <= 1024 or not parts.keys() <= {0xA0, 0xA1, 0xA2, 0xA3}:
        raise NeedsCare("salt")
    return Method(_PSS, digest, salt, mask)


@lru_cache(maxsize=2048)
def public_key(info: bytes) -> object | None:
    """The key of a SubjectPublicKeyInfo; None when it cannot be used."""
    try:
        return load_der_public_key(info)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return _tolerant_rsa(info)


def _tolerant_rsa(info: bytes) -> object | None:
    """An RSA key whose NULL parameters were left out, as some issuers write it."""
    try:
        algorithm, bits = der.read(info).expect(der.SEQUENCE).children()
        if der.oid(algorithm.first()) != _RSA_KEY:
            return None
        parts = der.read(bits.expect(der.BIT_STRING).content[1:]).expect(der.SEQUENCE).children()
        modulus, exponent = (der.integer(node) for node in parts)
        return rsa.RSAPublicNumbers(exponent, modulus).public_key()
    except (NeedsCare, ValueError, OverflowError):  # the last for a negative number
        return None


@lru_cache(maxsize=2048)
def lacks_parameters(info: bytes) -> bool:
    """A DSA key that takes its domain parameters from its issuer's key (RFC 3279, 2.3.2)."""
    parts = der.read(info).children()[0].children()
    return len(parts) == 1 and der.oid(parts[0]) == _DSA_KEY


def with_parameters(info: bytes, issuer_key: bytes) -> bytes | None:
    """That key, completed from `issuer_key`; None when the issuer's is no DSA key."""
    source = public_key(issuer_key)
    if not isinstance(source, dsa.DSAPublicKey):
        return None
    try:
        value = der.integer(der.read(der.read(info).children()[1].content[1:]))
        numbers = dsa.DSAPublicNumbers(value, source.public_numbers().parameter_numbers)
        completed = numbers.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    except (NeedsCare, ValueError, OverflowError):
        return None
    return completed
