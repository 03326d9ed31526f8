"""RSA keys that are the same everywhere, so that the suite is the same file by file. Known to everybody."""

from __future__ import annotations

import hashlib
from functools import cache

from cryptography.hazmat.primitives.asymmetric import rsa

from signing.prepare.algorithms import HashFunction, digest

_COUNTERS = {
    "leader": (2048, 65537, 497, 1073),
    "agency": (2048, 65537, 902, 85),
    "stranger": (2048, 65537, 961, 217),
    "large": (3072, 65537, 118, 912),
    "short": (1024, 65537, 71, 210),
    "exponent": (2048, 3, 376, 182),
}
"""Label → bits, public exponent, and the counters at which `_number` is prime."""
_SALT = b"a salt of the same length as it."


@cache
def rsa_key(label: str) -> rsa.RSAPrivateKey:
    bits, exponent, first, second = _COUNTERS[label]
    p, q = _number(label, bits, "p", counter=first), _number(label, bits, "q", counter=second)
    private = pow(exponent, -1, (p - 1) * (q - 1))
    return rsa.RSAPrivateNumbers(
        p=p,
        q=q,
        d=private,
        dmp1=rsa.rsa_crt_dmp1(private, p),
        dmq1=rsa.rsa_crt_dmq1(private, q),
        iqmp=rsa.rsa_crt_iqmp(p, q),
        public_numbers=rsa.RSAPublicNumbers(exponent, p * q),
    ).private_key()


def _number(label: str, bits: int, which: str, *, counter: int) -> int:
    seed = f"signing.testing.attacks {label} {bits} {which} {counter}".encode()
    drawn = int.from_bytes(hashlib.shake_256(seed).digest(bits // 16), "big")
    return drawn | 3 << (bits // 2 - 2) | 1


def pss(key: rsa.RSAPrivateKey, content: bytes) -> bytes:
    """RSASSA-PSS with SHA-256 and a salt of 32 bytes that is always the same (RFC 8017, 9.1.1)."""
    size = (key.key_size + 7) // 8
    hashed = digest(HashFunction.SHA256, bytes(8) + digest(HashFunction.SHA256, content) + _SALT)
    block = bytes(size - len(hashed) - len(_SALT) - 2) + b"\x01" + _SALT
    mask = _mask(hashed, len(block))
    masked = bytearray(one ^ other for one, other in zip(block, mask, strict=True))
    masked[0] &= 0x7F
    number = int.from_bytes(bytes(masked) + hashed + b"\xbc", "big")
    private = key.private_numbers()
    return pow(number, private.d, private.public_numbers.n).to_bytes(size, "big")


def _mask(seed: bytes, length: int) -> bytes:
    """MGF1 with SHA-256 (RFC 8017, B.2.1)."""
    blocks = (digest(HashFunction.SHA256, seed + count.to_bytes(4, "big")) for count in range(-(-length // 32)))
    return b"".join(blocks)[:length]
