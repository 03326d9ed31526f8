"""Which algorithms sign, how they must agree, and what is too weak (Decree 23 checklist C3, ETSI TS 119 312)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import TypeGuard

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, padding, rsa, utils

from signing.cms import der
from signing.cms.codec import Algorithm
from signing.cms.codec import algorithm as read_algorithm
from signing.errors import NeedsCare, SignatureRefused

MIN_RSA_BITS = 2048
MIN_RSA_EXPONENT = 65537
MAX_RSA_BITS = 16384

_DIGESTS = {
    "2.16.840.1.101.3.4.2.1": "sha256",
    "2.16.840.1.101.3.4.2.2": "sha384",
    "2.16.840.1.101.3.4.2.3": "sha512",
    "2.16.840.1.101.3.4.2.4": "sha224",
    "1.3.14.3.2.26": "sha1",
    "1.2.840.113549.2.5": "md5",
    "2.16.840.1.101.3.4.2.12": "shake256",
}
_SHAKE256_LEN, _512_BITS = "2.16.840.1.101.3.4.2.18", b"\x02\x02\x02\x00"
_RSA_WITH = {
    "1.2.840.113549.1.1.11": "sha256",
    "1.2.840.113549.1.1.12": "sha384",
    "1.2.840.113549.1.1.13": "sha512",
    "1.2.840.113549.1.1.14": "sha224",
    "1.2.840.113549.1.1.5": "sha1",
    "1.2.840.113549.1.1.4": "md5",
}
_ECDSA_WITH = {
    "1.2.840.10045.4.3.2": "sha256",
    "1.2.840.10045.4.3.3": "sha384",
    "1.2.840.10045.4.3.4": "sha512",
    "1.2.840.10045.4.3.1": "sha224",
    "1.2.840.10045.4.1": "sha1",
}
_RSA_PLAIN, _PSS, _MGF1 = "1.2.840.113549.1.1.1", "1.2.840.113549.1.1.10", "1.2.840.113549.1.1.8"
_ED25519, _ED448 = "1.3.101.112", "1.3.101.113"
_CURVES = ("secp256r1", "secp384r1", "secp521r1")
_NULL = b"\x05\x00"
_EC_KEY, _OID_TAG = "1.2.840.10045.2.1", b"\x06"

HASHES: dict[str, hashes.HashAlgorithm] = {
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
    "sha224": hashes.SHA224(),
    "sha1": hashes.SHA1(),  # noqa: S303  old signatures are named as weak, never accepted
    "md5": hashes.MD5(),  # noqa: S303  as above
    "shake256": hashes.SHAKE256(64),
}
STRONG = frozenset({"sha256", "sha384", "sha512", "shake256"})


class Strength(StrEnum):
    ACCEPTABLE = "acceptable"
    WEAK = "weak"
    BROKEN = "broken"


class Scheme(StrEnum):
    RSA = "rsa_pkcs1v15"
    PSS = "rsa_pss"
    ECDSA = "ecdsa"
    ED25519 = "ed25519"
    ED448 = "ed448"


EDDSA = {Scheme.ED25519: "sha512", Scheme.ED448: "shake256"}
"""The signature is over the message itself; the only digest that may stand beside it (RFC 8419, 3)."""


@dataclass(frozen=True, slots=True)
class SignatureAlgorithm:
    """How a signature was made; `salt` in bytes for PSS."""

    scheme: Scheme
    digest: str
    salt: int = 0

    @property
    def name(self) -> str:
        return f"{self.scheme}_{self.digest}"


PublicKey = rsa.RSAPublicKey | ec.EllipticCurvePublicKey | ed25519.Ed25519PublicKey | ed448.Ed448PublicKey


def digest_name(algorithm: Algorithm) -> str:
    """The digest an identifier names; its parameters must be absent or NULL (RFC 5754).

    Old programs name the signature here, which names the same digest. SHAKE256 gives 512 bits (RFC 8419, 2.3).
    """
    if (algorithm.oid, algorithm.parameters) == (_SHAKE256_LEN, _512_BITS):
        return "shake256"
    name = _DIGESTS.get(algorithm.oid) or _RSA_WITH.get(algorithm.oid)
    if name is None or algorithm.parameters not in (None, _NULL):
        raise NeedsCare("digest_unknown", oid=algorithm.oid)
    return name


def signature_algorithm(algorithm: Algorithm, digest: str) -> SignatureAlgorithm:
    """The scheme an identifier names; `SignatureRefused` when it contradicts the digest beside it."""
    if algorithm.oid == _PSS and digest != "shake256":
        return _pss(algorithm, digest)
    if algorithm.oid in (_ED25519, _ED448):
        scheme = Scheme.ED25519 if algorithm.oid == _ED25519 else Scheme.ED448
        named = EDDSA[scheme]
    elif digest == "shake256":
        raise NeedsCare("signature_algorithm_unknown", oid=algorithm.oid)
    elif algorithm.oid == _RSA_PLAIN:
        named, scheme = digest, Scheme.RSA
    elif algorithm.oid in _RSA_WITH:
        named, scheme = _RSA_WITH[algorithm.oid], Scheme.RSA
    elif algorithm.oid in _ECDSA_WITH:
        named, scheme = _ECDSA_WITH[algorithm.oid], Scheme.ECDSA
    else:
        raise NeedsCare("signature_algorithm_unknown", oid=algorithm.oid)
    if algorithm.parameters not in (None, _NULL):
        raise SignatureRefused("algorithm_parameters")
    if named != digest:
        raise SignatureRefused("algorithms_disagree", digest=digest, signature=named)
    return SignatureAlgorithm(scheme, digest)


def _pss(algorithm: Algorithm, digest: str) -> SignatureAlgorithm:
    """RSASSA-PSS-params with every hash equal and a salt at least as long (RFC 8017, A.2.3; RFC 4056)."""
    parts = {
        node.tag: node for node in der.read(algorithm.parameters or b"\x30\x00").expect(der.SEQUENCE).children()
    }
    hash_name = _named_hash(parts.pop(0xA0, None))
    mask = parts.pop(0xA1, None)
    mask_hash = _mask_hash(mask) if mask is not None else "sha1"
    salt = parts.pop(0xA2, None)
    length = der.integer(salt.only()) if salt is not None else 20
    trailer = parts.pop(0xA3, None)
    if parts or (trailer is not None and der.integer(trailer.only()) != 1):
        raise SignatureRefused("algorithm_parameters")
    if hash_name != digest or mask_hash != digest:
        raise SignatureRefused("algorithms_disagree", digest=digest, signature=hash_name, mask=mask_hash)
    if not HASHES[digest].digest_size <= length <= MAX_RSA_BITS // 8:
        raise SignatureRefused("pss_salt", length=length)
    return SignatureAlgorithm(Scheme.PSS, digest, length)


def _named_hash(node: der.Node | None) -> str:
    if node is None:
        return "sha1"
    return digest_name(read_algorithm(node.only()))


def _mask_hash(node: der.Node) -> str:
    parts = node.only().expect(der.SEQUENCE).children()
    if len(parts) != 2 or der.oid(parts[0]) != _MGF1:
        raise SignatureRefused("algorithm_parameters")
    return digest_name(read_algorithm(parts[1]))


def strength(algorithm: SignatureAlgorithm, key: PublicKey) -> Strength:
    """MD5 and short keys are broken; SHA-1, SHA-224 and odd exponents or curves are weak: neither is accepted."""
    if algorithm.digest == "md5":
        return Strength.BROKEN
    return Strength.ACCEPTABLE if algorithm.digest in STRONG and key_is_strong(key) else Strength.WEAK


def key_is_strong(key: object) -> TypeGuard[PublicKey]:
    """RSA of 2048 bits and more with e ≥ 65537 and odd; a named curve P-256, P-384 or P-521; EdDSA."""
    if isinstance(key, rsa.RSAPublicKey):
        exponent = key.public_numbers().e
        return MIN_RSA_BITS <= key.key_size <= MAX_RSA_BITS and exponent >= MIN_RSA_EXPONENT and exponent % 2 == 1
    if isinstance(key, ec.EllipticCurvePublicKey):
        return key.curve.name in _CURVES
    return isinstance(key, ed25519.Ed25519PublicKey | ed448.Ed448PublicKey)


@lru_cache(maxsize=1024)
def names_its_curve(info: bytes) -> bool:
    """False for a SubjectPublicKeyInfo that writes the parameters of an elliptic curve out: they may be anybody's
    (RFC 5480, 2.1.1; CVE-2020-0601)."""
    algorithm = read_algorithm(der.read(info).expect(der.SEQUENCE).first())
    return algorithm.oid != _EC_KEY or (algorithm.parameters or b"").startswith(_OID_TAG)


def check_signature(key: object, signature: bytes, *, algorithm: SignatureAlgorithm, digest: bytes) -> PublicKey:
    """The key, when it made `signature` over `digest`; else `SignatureRefused`."""
    chosen = utils.Prehashed(HASHES[algorithm.digest])
    try:
        if isinstance(key, rsa.RSAPublicKey) and algorithm.scheme in (Scheme.RSA, Scheme.PSS):
            key.verify(signature, digest, _padding(algorithm), chosen)
            return key
        if isinstance(key, ec.EllipticCurvePublicKey) and algorithm.scheme is Scheme.ECDSA:
            key.verify(signature, digest, ec.ECDSA(chosen))
            return key
    except (InvalidSignature, UnsupportedAlgorithm, ValueError) as error:
        raise SignatureRefused("signature_wrong") from error
    raise SignatureRefused("key_and_algorithm_disagree", scheme=str(algorithm.scheme))


def check_message(key: object, signature: bytes, *, algorithm: SignatureAlgorithm, message: bytes) -> PublicKey:
    """The same for EdDSA, which signs no digest."""
    kind = ed25519.Ed25519PublicKey if algorithm.scheme is Scheme.ED25519 else ed448.Ed448PublicKey
    if not isinstance(key, kind):
        raise SignatureRefused("key_and_algorithm_disagree", scheme=str(algorithm.scheme))
    try:
        key.verify(signature, message)
    except (InvalidSignature, UnsupportedAlgorithm, ValueError) as error:
        raise SignatureRefused("signature_wrong") from error
    return key


def _padding(algorithm: SignatureAlgorithm) -> padding.PKCS1v15 | padding.PSS:
    if algorithm.scheme is Scheme.RSA:
        return padding.PKCS1v15()
    return padding.PSS(mgf=padding.MGF1(HASHES[algorithm.digest]), salt_length=algorithm.salt)


def hash_of(name: str, *parts: bytes | memoryview) -> bytes:
    """The digest of `parts` one after the other."""
    engine = hashes.Hash(HASHES[name])
    for part in parts:
        engine.update(part)
    return engine.finalize()
