"""What a key holder can do, whatever it is made of."""

from __future__ import annotations

from typing import Protocol

from signing.errors import SigningError


class KeyUnusable(SigningError):
    """The key cannot be opened or used: wrong password, no such object, permissions too wide."""


class KeyHolder(Protocol):
    """Holds one private key. `certificate` and `chain` (issuer first) are DER."""

    @property
    def certificate(self) -> bytes: ...

    @property
    def chain(self) -> tuple[bytes, ...]: ...

    def sign(self, to_be_signed: bytes) -> bytes:
        """A raw signature with the key's natural algorithm; ECDSA as r‖s or DER."""
        ...
