"""Hash functions and signature algorithms that new signatures may use, and the check of a raw signature.

RSA from 2048 bits and the named curves P-256, P-384, P-521 (Circular 15/2025); SHA-2 only.
"""

from __future__ import annotations

import hashlib
from enum import StrEnum

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from signing.errors import SignatureRefused
from signing.prepare import der

MIN_RSA_BITS = 2048
_CURVES = ("secp256r1", "secp384r1", "secp521r1")


class HashFunction(StrEnum):
    """By the names that `hashlib` uses."""

    SHA256 = "sha256"
    SHA384 = "sha384"
    SHA512 = "sha512"


class SignatureAlgorithm(StrEnum):
    """By the names that WebCrypto uses."""

    RSA_PKCS1 = "RSASSA-PKCS1-v1_5"
    RSA_PSS = "RSA-PSS"
    ECDSA = "ECDSA"


HASHES: dict[HashFunction, type[hashes.SHA256] | type[hashes.SHA384] | type[hashes.SHA512]] = {
    HashFunction.SHA256: hashes.SHA256,
    HashFunction.SHA384: hashes.SHA384,
    HashFunction.SHA512: hashes.SHA512,
}
_HASH_OIDS = {
    HashFunction.SHA256: "2.16.840.1.101.3.4.2.1",
    HashFunction.SHA384: "2.16.840.1.101.3.4.2.2",
    HashFunction.SHA512: "2.16.840.1.101.3.4.2.3",
}
_RSA_OIDS = {
    HashFunction.SHA256: "1.2.840.113549.1.1.11",
    HashFunction.SHA384: "1.2.840.113549.1.1.12",
    HashFunction.SHA512: "1.2.840.113549.1.1.13",
}
_ECDSA_OIDS = {
    HashFunction.SHA256: "1.2.840.10045.4.3.2",
    HashFunction.SHA384: "1.2.840.10045.4.3.3",
    HashFunction.SHA512: "1.2.840.10045.4.3.4",
}
_RSASSA_PSS, _MGF1 = "1.2.840.113549.1.1.10", "1.2.840.113549.1.1.8"


def digest(function: HashFunction, data: bytes) -> bytes:
    return hashlib.new(function, data).digest()


def digest_algorithm(function: HashFunction) -> bytes:
    """AlgorithmIdentifier of a SHA-2 function, parameters absent (RFC 5754 §2)."""
    return der.sequence(der.oid(_HASH_OIDS[function]))


def signature_algorithm(algorithm: SignatureAlgorithm, function: HashFunction) -> bytes:
    """AlgorithmIdentifier as it stands in SignerInfo (RFC 5754 §3, RFC 4056)."""
    if algorithm is SignatureAlgorithm.RSA_PKCS1:
        return der.sequence(der.oid(_RSA_OIDS[function]), der.null())
    if algorithm is SignatureAlgorithm.ECDSA:
        return der.sequence(der.oid(_ECDSA_OIDS[function]))
    hash_id = der.sequence(der.oid(_HASH_OIDS[function]), der.null())
    size = hashlib.new(function).digest_size
    parameters = der.sequence(
        der.explicit(0, hash_id),
        der.explicit(1, der.sequence(der.oid(_MGF1), hash_id)),
        der.explicit(2, der.integer(size)),
    )
    return der.sequence(der.oid(_RSASSA_PSS), parameters)


def natural_algorithm(certificate: x509.Certificate) -> SignatureAlgorithm:
    """What a key holder signs with unless it says otherwise; refuses keys that new signatures may not use."""
    key = certificate.public_key()
    if isinstance(key, rsa.RSAPublicKey):
        if key.key_size < MIN_RSA_BITS or key.public_numbers().e < 65537:
            raise SignatureRefused("weak_key", bits=key.key_size)
        return SignatureAlgorithm.RSA_PKCS1
    if isinstance(key, ec.EllipticCurvePublicKey) and key.curve.name in _CURVES:
        return SignatureAlgorithm.ECDSA
    raise SignatureRefused("key_kind")


def natural_hash(certificate: x509.Certificate) -> HashFunction:
    """As strong as the key: SHA-384 and SHA-512 for the larger curves, else SHA-256."""
    key = certificate.public_key()
    if isinstance(key, ec.EllipticCurvePublicKey):
        return {384: HashFunction.SHA384, 521: HashFunction.SHA512}.get(key.key_size, HashFunction.SHA256)
    return HashFunction.SHA256


def pss(function: HashFunction) -> padding.PSS:
    """MGF1 with the same hash, salt as long as the digest."""
    chosen = HASHES[function]()
    return padding.PSS(mgf=padding.MGF1(chosen), salt_length=chosen.digest_size)


def checked_signature(
    certificate: x509.Certificate,
    to_be_signed: bytes,
    *,
    signature: bytes,
    algorithm: SignatureAlgorithm,
    function: HashFunction,
) -> bytes:
    """The signature as CMS wants it, after it was verified with the certificate's key.

    ECDSA may come as r‖s (WebCrypto, PKCS#11) or as DER (everything else).
    """
    key = certificate.public_key()
    if natural_algorithm(certificate) is SignatureAlgorithm.ECDSA:
        if algorithm is not SignatureAlgorithm.ECDSA or not isinstance(key, ec.EllipticCurvePublicKey):
            raise SignatureRefused("algorithm_mismatch", algorithm=str(algorithm))
        return _checked_ecdsa(key, to_be_signed, signature=signature, function=function)
    if algorithm is SignatureAlgorithm.ECDSA or not isinstance(key, rsa.RSAPublicKey):
        raise SignatureRefused("algorithm_mismatch", algorithm=str(algorithm))
    scheme = pss(function) if algorithm is SignatureAlgorithm.RSA_PSS else padding.PKCS1v15()
    try:
        key.verify(signature, to_be_signed, scheme, HASHES[function]())
    except InvalidSignature:
        raise SignatureRefused("wrong_signature") from None
    return signature


def _checked_ecdsa(
    key: ec.EllipticCurvePublicKey, to_be_signed: bytes, *, signature: bytes, function: HashFunction
) -> bytes:
    size = (key.key_size + 7) // 8
    candidates = [signature]
    if len(signature) == 2 * size:
        r, s = int.from_bytes(signature[:size], "big"), int.from_bytes(signature[size:], "big")
        candidates.insert(0, encode_dss_signature(r, s))
    for candidate in candidates:
        try:
            key.verify(candidate, to_be_signed, ec.ECDSA(HASHES[function]()))
        except (InvalidSignature, ValueError):
            continue
        return candidate
    raise SignatureRefused("wrong_signature")
