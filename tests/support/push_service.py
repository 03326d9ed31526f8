"""A browser behind a push service: it opens what it is sent by an implementation of its own."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.support.gateway import Asked

CURVE = ec.SECP256R1()


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def raw(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _mac(key: bytes, *parts: bytes) -> bytes:
    return hmac.new(key, b"".join(parts), hashlib.sha256).digest()


@dataclass
class Device:
    """A browser's keys."""

    private: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(CURVE))
    secret: bytes = b"sixteen letters."

    @property
    def public(self) -> bytes:
        return self.private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    def keys(self) -> dict[str, str]:
        """As `PushSubscription.toJSON` has them."""
        return {"p256dh": b64(self.public), "auth": b64(self.secret)}

    def opened(self, body: bytes) -> bytes:
        """RFC 8291 written out by its steps, with HMAC alone: nothing of ours, no HKDF of a library."""
        salt, size, length = body[:16], int.from_bytes(body[16:20]), body[20]
        theirs, sealed = body[21 : 21 + length], body[21 + length :]
        assert len(sealed) <= size
        shared = self.private.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(CURVE, theirs))
        both = _mac(_mac(self.secret, shared), b"WebPush: info\0", self.public, theirs, b"\x01")
        again = _mac(salt, both)
        key = _mac(again, b"Content-Encoding: aes128gcm\0\x01")[:16]
        nonce = _mac(again, b"Content-Encoding: nonce\0\x01")[:12]
        cipher = Cipher(algorithms.AES(key), modes.GCM(nonce, sealed[-16:])).decryptor()
        plain = (cipher.update(sealed[:-16]) + cipher.finalize()).rstrip(b"\0")
        assert plain[-1:] == b"\x02"
        return plain[:-1]

    def read(self, asked: Asked) -> dict[str, Any]:
        """What the page's worker gets."""
        assert asked.headers["Content-Encoding"] == "aes128gcm"
        found: dict[str, Any] = json.loads(self.opened(asked.body))
        return found


def proven(asked: Asked, *, public: str, audience: str) -> dict[str, Any]:
    """The claims of a request's VAPID proof, its signature checked with the key that the page gave (RFC 8292)."""
    scheme, _space, rest = asked.headers["Authorization"].partition(" ")
    parts = dict(part.strip().split("=", 1) for part in rest.split(","))
    assert (scheme, parts["k"]) == ("vapid", public)
    head, claims, signature = parts["t"].split(".")
    made = raw(signature)
    assert len(made) == 64
    key = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, raw(public))
    der = encode_dss_signature(int.from_bytes(made[:32]), int.from_bytes(made[32:]))
    key.verify(der, f"{head}.{claims}".encode(), ec.ECDSA(hashes.SHA256()))
    assert json.loads(raw(head)) == {"typ": "JWT", "alg": "ES256"}
    found: dict[str, Any] = json.loads(raw(claims))
    assert found["aud"] == audience
    return found
