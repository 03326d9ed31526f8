"""A raw signature against a certificate, before it is embedded: whoever sent it must hold that key."""

from __future__ import annotations

from enum import StrEnum

from signing.cms.algorithms import HASHES, Scheme, SignatureAlgorithm, Strength, check_signature, hash_of, strength
from signing.cms.rules import public_key
from signing.errors import NeedsCare, SignatureRefused


class RawAlgorithm(StrEnum):
    """Names as in JSON Web Algorithms (RFC 7518), which WebCrypto, CSC and SmartCA adapters map to. For ES*
    the signature is DER (r, s), not the concatenation."""

    RS256 = "RS256"
    RS384 = "RS384"
    RS512 = "RS512"
    PS256 = "PS256"
    PS384 = "PS384"
    PS512 = "PS512"
    ES256 = "ES256"
    ES384 = "ES384"
    ES512 = "ES512"


_SCHEMES = {"RS": Scheme.RSA, "PS": Scheme.PSS, "ES": Scheme.ECDSA}


def verify_raw(certificate_der: bytes, to_be_signed: bytes, signature: bytes, signature_algorithm: str) -> None:
    """Raise `SignatureRefused` unless this certificate's key made `signature` over `to_be_signed`, with an
    algorithm and a key that are acceptable. PSS salts are as long as the hash."""
    try:
        named = RawAlgorithm(signature_algorithm)
    except ValueError as error:
        raise SignatureRefused("signature_algorithm_unknown", name=signature_algorithm) from error
    digest = f"sha{named[2:]}"
    scheme = _SCHEMES[named[:2]]
    algorithm = SignatureAlgorithm(scheme, digest, HASHES[digest].digest_size if scheme is Scheme.PSS else 0)
    try:
        key = check_signature(
            public_key(certificate_der), signature, algorithm=algorithm, digest=hash_of(digest, to_be_signed)
        )
    except NeedsCare as error:
        raise SignatureRefused("certificate_unreadable") from error
    if strength(algorithm, key) is not Strength.ACCEPTABLE:
        raise SignatureRefused("algorithm_weak")
