"""Listed roots: what each is trusted for, until when, and which kind of signature it stands for."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from signing.path.files import CERTIFICATES, ders
from signing.path.model import read_certificate


class Purpose(StrEnum):
    PERSON = "person"
    SEAL = "seal"
    TSA = "tsa"


class SignatureKind(StrEnum):
    """Law 20/2023 Art. 22: which service the certificate comes from."""

    PUBLIC_SERVICE = "public_service"  # chuyên dùng công vụ
    PUBLIC = "public"  # công cộng
    DEDICATED = "dedicated"  # chuyên dùng
    FOREIGN = "foreign"
    UNKNOWN = "unknown"


SIGNERS = frozenset({Purpose.PERSON, Purpose.SEAL})


@dataclass(frozen=True, slots=True)
class TrustAnchor:
    """One root. `trusted_until` ends trust for signatures proven to exist only later."""

    certificate: bytes
    label: str = ""
    purposes: frozenset[Purpose] = frozenset(Purpose)
    kind: SignatureKind = SignatureKind.UNKNOWN
    trusted_until: datetime | None = None

    @property
    def fingerprint(self) -> str:
        return hashlib.sha256(self.certificate).hexdigest()


@dataclass(frozen=True, slots=True)
class TrustStore:
    """All listed roots. Its digest stands in every verdict."""

    anchors: tuple[TrustAnchor, ...] = ()
    _by_fingerprint: dict[str, TrustAnchor] = field(init=False, repr=False, compare=False)
    _digests: list[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_fingerprint", {anchor.fingerprint: anchor for anchor in self.anchors})
        object.__setattr__(self, "_digests", [])

    @classmethod
    def of(cls, *certificates: bytes) -> TrustStore:
        """A store of PEM or DER certificates, for every purpose."""
        return cls(tuple(TrustAnchor(der) for given in certificates for der in split_certificates(given)))

    def anchor(self, fingerprint: str) -> TrustAnchor | None:
        return self._by_fingerprint.get(fingerprint)

    @property
    def digest(self) -> str:
        """SHA-256 over roots, purposes, kinds and dates, independent of order, hex."""
        if not self._digests:
            self._digests.append(self._digest())
        return self._digests[0]

    def _digest(self) -> str:
        rows = sorted(
            [
                anchor.fingerprint, sorted(anchor.purposes), anchor.kind,
                anchor.trusted_until.isoformat() if anchor.trusted_until else None,
            ]
            for anchor in self.anchors
        )  # fmt: skip
        return hashlib.sha256(json.dumps(rows).encode()).hexdigest()


def split_certificates(data: bytes) -> Iterable[bytes]:
    """The DER certificates in a PEM or DER file; `BrokenInput` when there is none, or one cannot be read."""
    return [read_certificate(item).der for item in ders(data, CERTIFICATES)]
