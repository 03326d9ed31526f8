"""Proof that somebody holds a certificate's key: a signature over a message that is never a document."""

from __future__ import annotations

from collections.abc import Sequence

from signing.prepare.algorithms import (
    SignatureAlgorithm,
    checked_signature,
    digest,
    natural_algorithm,
    natural_hash,
)
from signing.prepare.signatures import load_certificate


def check_possession(certificate: bytes, message: bytes, *, signature: bytes) -> None:
    """Raise `SignatureRefused` unless `certificate`'s (DER) key signed `message`.

    The algorithm is the one a browser's key uses: PKCS#1 v1.5 for RSA, ECDSA as r‖s or DER, hash by key size.
    """
    own = load_certificate(certificate)
    algorithm, function = natural_algorithm(own), natural_hash(own)
    checked_signature(own, message, signature=signature, algorithm=algorithm, function=function)


def digests_to_sign(certificate: bytes, messages: Sequence[bytes]) -> tuple[str, str, tuple[bytes, ...]]:
    """What a key that signs hashes is given for `messages`: (`rsa` or `ec`, name of the hash function, digests)."""
    own = load_certificate(certificate)
    kind = "ec" if natural_algorithm(own) is SignatureAlgorithm.ECDSA else "rsa"
    function = natural_hash(own)
    return kind, str(function), tuple(digest(function, one) for one in messages)
