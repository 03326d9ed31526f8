"""Messages for browsers: encrypted so that only the browser reads them (RFC 8291, RFC 8188 `aes128gcm`), and
proven to the push service by a key of the sender (VAPID, RFC 8292).

It stands here because keys are handled nowhere else; it sends nothing and knows no document.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import json
import os
import struct
from dataclasses import dataclass, field

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

POINT = 65
"""Bytes of a public key on P-256, uncompressed."""
SECRET = 16
"""Bytes of a browser's shared secret, and of a salt (RFC 8291 section 3.2, RFC 8188 section 2.1)."""
SCALAR = 32
ROOM = 3800
"""Bytes of a message: services need take no more than 4,096 of the whole (RFC 8030 section 7.2)."""
BLOCK = 512
"""Messages are filled up to a multiple: their length tells nothing of their words."""
PROOF_LASTS = dt.timedelta(hours=12)
"""A day at most (RFC 8292 section 2)."""
_RECORD = 4096
_LAST = b"\x02"


class BadKey(ValueError):
    """No key of this kind; nothing of it is repeated."""


@dataclass(frozen=True, slots=True)
class Receiver:
    """A browser's two keys: its public one on P-256 and the secret that it shares with the sender."""

    public: bytes
    secret: bytes = field(repr=False)

    def __post_init__(self) -> None:
        _point(self.public)
        if len(self.secret) != SECRET:
            raise BadKey("secret")


@dataclass(frozen=True, slots=True)
class SenderKey:
    """The key by which push services know the sender. `public`: what pages give to browsers."""

    private: ec.EllipticCurvePrivateKey = field(repr=False)
    public: str

    @classmethod
    def of(cls, text: str) -> SenderKey:
        """From 32 bytes in base64url, as `make` writes them."""
        try:
            found = ec.derive_private_key(int.from_bytes(unpacked(text, SCALAR)), ec.SECP256R1())
        except (ValueError, UnsupportedAlgorithm):
            raise BadKey("sender") from None
        return cls(found, packed(_bytes_of(found.public_key())))

    @staticmethod
    def make() -> str:
        """A new one, as `of` reads it."""
        made = ec.generate_private_key(ec.SECP256R1())
        return packed(made.private_numbers().private_value.to_bytes(SCALAR))

    def proof(self, audience: str, contact: str, *, now: dt.datetime) -> str:
        """The value of `Authorization` for an origin (`https://push.example`). `contact`: `mailto:` or `https:`,
        where the service's people reach ours.
        """
        claims = {"aud": audience, "exp": int((now + PROOF_LASTS).timestamp()), "sub": contact}
        signed = ".".join(packed(json.dumps(part).encode()) for part in ({"typ": "JWT", "alg": "ES256"}, claims))
        r, s = decode_dss_signature(self.private.sign(signed.encode(), ec.ECDSA(hashes.SHA256())))
        return f"vapid t={signed}.{packed(r.to_bytes(SCALAR) + s.to_bytes(SCALAR))}, k={self.public}"


def encrypt(
    message: bytes, receiver: Receiver, *, salt: bytes | None = None, key: ec.EllipticCurvePrivateKey | None = None,
    block: int = BLOCK,
) -> bytes:  # fmt: skip
    """The body of a request, one record. Salt and key are new for every message; tests give those of the RFC."""
    if len(message) > ROOM:
        raise ValueError("too long")
    salt = os.urandom(SECRET) if salt is None else salt
    key = ec.generate_private_key(ec.SECP256R1()) if key is None else key
    own = _bytes_of(key.public_key())
    shared = key.exchange(ec.ECDH(), _point(receiver.public))
    about = b"WebPush: info\0" + receiver.public + own
    both = _derived(shared, salt=receiver.secret, about=about, length=32)
    cipher = AESGCM(_derived(both, salt=salt, about=b"Content-Encoding: aes128gcm\0", length=16))
    nonce = _derived(both, salt=salt, about=b"Content-Encoding: nonce\0", length=12)
    fill = min(-(len(message) + 1) % block, ROOM - len(message))
    head = salt + struct.pack("!LB", _RECORD, len(own)) + own
    return head + cipher.encrypt(nonce, message + _LAST + bytes(fill), None)


def packed(data: bytes) -> str:
    """Base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unpacked(text: str, length: int) -> bytes:
    """The bytes of base64url, with or without padding; `BadKey` where they are not `length`."""
    bare = text.rstrip("=")
    try:
        found = base64.b64decode(bare + "=" * (-len(bare) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise BadKey("base64url") from None
    if len(found) != length:
        raise BadKey("length")
    return found


def _point(data: bytes) -> ec.EllipticCurvePublicKey:
    if len(data) != POINT:
        raise BadKey("point")
    try:
        return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), data)
    except ValueError:
        raise BadKey("point") from None


def _bytes_of(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)


def _derived(secret: bytes, *, salt: bytes, about: bytes, length: int) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=length, salt=salt, info=about).derive(secret)
