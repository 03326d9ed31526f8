"""One act of signing over many documents: its manifest and the short code that stands for it.

The manifest names what the act is about, document by document, before the key is used: the version that was read,
the prepared file, the bytes to be signed. Whoever signs computes it from what they hold, the server from what it
prepared; the same code on both sides means that both speak of the same documents. It stops mix-ups; a server that
lies is stopped by the checks in the browser.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from workflow.domain.errors import BadInput
from workflow.domain.journal import canonical_json

OF_COPIES = "copy"
"""The purpose of an act that seals certified copies; all other acts are about outgoing documents."""

_NONCE = re.compile(r"[A-Za-z0-9_-]{16,64}")
_CODE_LENGTH = 10


@dataclass(frozen=True, slots=True)
class Line:
    """One file of an act. `document`: `17`, or `17.3` for its attachment 3; of an act over copies, the copy.

    Hashes: SHA-256, lower-case hex."""

    document: str
    version: int
    prepared: str
    to_be_signed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What one act is about, in the order of signing. `nonce` was drawn by whoever signs."""

    purpose: str
    certificate: str
    nonce: str
    lines: tuple[Line, ...]

    @property
    def text(self) -> str:
        """Canonical JSON: keys sorted, no blanks, so that both sides write the same bytes."""
        return canonical_json(
            {
                "certificate": self.certificate,
                "count": len(self.lines),
                "documents": [[one.document, one.version, one.prepared, one.to_be_signed] for one in self.lines],
                "nonce": self.nonce,
                "purpose": self.purpose,
                "v": 1,
            }
        ).decode()

    @property
    def digest(self) -> str:
        """SHA-256 of its text, 64 hex digits."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def code(self) -> str:
        """Ten characters (50 bits, Base32 of RFC 4648): what people compare on two screens."""
        return base64.b32encode(bytes.fromhex(self.digest))[:_CODE_LENGTH].decode()


def manifest(*, purpose: str, certificate: str, nonce: str, lines: Sequence[Line]) -> Manifest:
    """The manifest of an act.

    Raises `BadInput("act_empty")`, `BadInput("act_nonce")` (16 to 64 characters of Base64url), and
    `BadInput("act_doubled")` where one file stands in it twice.
    """
    if not lines:
        raise BadInput("act_empty")
    if not _NONCE.fullmatch(nonce):
        raise BadInput("act_nonce")
    if len({one.document for one in lines}) != len(lines):
        raise BadInput("act_doubled")
    return Manifest(purpose=purpose, certificate=certificate, nonce=nonce, lines=tuple(lines))
