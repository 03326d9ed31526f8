"""What a verifier is given beside the document: certificates, CRLs, OCSP answers, proof of receipt."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum


class TimeSource(StrEnum):
    """Where the best signature time comes from, strongest first. `CALLER` proves nothing: it is `at`."""

    TIMESTAMP = "timestamp"
    ANCHORED_RECEIPT = "anchored_receipt"
    RECEIPT = "receipt"
    CALLER = "caller"


@dataclass(frozen=True, slots=True)
class Receipt:
    """When the caller can prove to have held the document. `ANCHORED_RECEIPT` lies under a timestamped journal
    root; `RECEIPT` is the caller's own journal entry, not yet anchored.

    With `size` and `sha256` (hex) it is about an older state: the first `size` bytes, whose hash is compared.
    """

    at: datetime
    source: TimeSource = TimeSource.ANCHORED_RECEIPT
    size: int | None = None
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """DER throughout. A union: for one certificate the newest answer wins, wherever it came from."""

    certificates: tuple[bytes, ...] = ()
    crls: tuple[bytes, ...] = ()
    ocsps: tuple[bytes, ...] = ()
    receipt: Receipt | None = None
    older_receipts: tuple[Receipt, ...] = ()

    def plus(
        self,
        *,
        certificates: tuple[bytes, ...] = (),
        crls: tuple[bytes, ...] = (),
        ocsps: tuple[bytes, ...] = (),
    ) -> Evidence:
        return replace(
            self,
            certificates=_unique(self.certificates + certificates),
            crls=_unique(self.crls + crls),
            ocsps=_unique(self.ocsps + ocsps),
        )

    @property
    def digests(self) -> tuple[str, ...]:
        """SHA-256 of every CRL and OCSP answer, sorted, hex."""
        return tuple(sorted(hashlib.sha256(item).hexdigest() for item in self.crls + self.ocsps))


def _unique(items: tuple[bytes, ...]) -> tuple[bytes, ...]:
    return tuple(dict.fromkeys(items))
