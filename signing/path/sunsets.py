"""Algorithms that are acceptable until a day: for what is proven to be older than it, for ever; else no more.

ETSI EN 319 102-1, 5.2.6: past that day and without proof of existence before it, the answer is indeterminate.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa

from signing.path.building import Chain, is_self_signed
from signing.path.clock import Clock
from signing.path.model import read_certificate
from signing.path.policy import Policy
from signing.path.signatures import method_of, public_key
from signing.reasons import Reason

RSA_SIZES = (3072, 4096)
NAMES = (
    "sha256", "sha384", "sha512", "shake256", *(f"rsa_below_{bits}" for bits in RSA_SIZES), "secp256r1",
    "secp384r1", "secp521r1", "ed25519", "ed448",
)  # fmt: skip
"""What a sunset may be of: a digest, RSA keys shorter than so many bits, the keys of a curve."""


def names_of_key(key_info: bytes) -> frozenset[str]:
    """The names that a public key (SubjectPublicKeyInfo) goes by."""
    key = public_key(key_info)
    if isinstance(key, rsa.RSAPublicKey):
        return frozenset(f"rsa_below_{bits}" for bits in RSA_SIZES if key.key_size < bits)
    if isinstance(key, ec.EllipticCurvePublicKey):
        return frozenset({key.curve.name})
    if isinstance(key, ed25519.Ed25519PublicKey | ed448.Ed448PublicKey):
        return frozenset({"ed25519" if isinstance(key, ed25519.Ed25519PublicKey) else "ed448"})
    return frozenset()


def names_of_chain(chain: Chain) -> frozenset[str]:
    """Of every key, and of every digest that certifies one. How a root signed itself proves nothing."""
    found = frozenset[str]()
    last = len(chain.certificates) - 1
    for depth, (certificate, key) in enumerate(zip(chain.certificates, chain.keys, strict=True)):
        found |= names_of_key(key)
        is_root = depth == last and (chain.anchor is not None or is_self_signed(certificate))
        method = None if is_root else method_of(certificate.algorithm)
        found |= {method.digest} if method is not None else set()
    return found


def names_of(certificates: Sequence[bytes]) -> frozenset[str]:
    """The same of certificates (DER), the signer's first, the root last; with the digest that the signer's key
    signs by itself. For forecasts: what stands in a file is judged by `check_chain_sunsets` and its like."""
    read = [read_certificate(one) for one in certificates]
    found = frozenset[str]().union(*(names_of_key(one.key_info) for one in read))
    methods = [method_of(one.algorithm) for one in read[:-1]]
    found |= {method.digest for method in methods if method is not None}
    key = public_key(read[0].key_info)
    bits = key.key_size if isinstance(key, ec.EllipticCurvePublicKey) else 0
    return found | {{384: "sha384", 521: "sha512"}.get(bits, "sha256")}


def check_chain_sunsets(chain: Chain, *, policy: Policy, clock: Clock) -> list[Reason]:
    """Whether the best signature time has reached the end of an algorithm of the chain."""
    if not policy.sunsets:
        return []
    names = names_of_chain(chain)
    is_over = [one.algorithm in names and clock.reached(Clock.BEST, one.until) for one in policy.sunsets]
    return [Reason.ALGORITHM_ENDED] if any(is_over) else []


def check_digest_sunset(digest: str, *, policy: Policy, best: datetime) -> list[Reason]:
    """The same of the digest that the signer signed."""
    is_over = any(one.algorithm == digest and best >= one.until for one in policy.sunsets)
    return [Reason.ALGORITHM_ENDED] if is_over else []
