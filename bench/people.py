"""Who signs the files that verification is measured on: two roots, an issuing authority, signers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property

import signing
from signing.testing import AGENCY, LEADER, TSA, TSA_ROOT, Authority, Identity, KeyKind, Profile, Subject

SIGNED = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
AT = SIGNED + timedelta(hours=5)
"""The time of every question."""
KINDS = (KeyKind.RSA_2048, KeyKind.RSA_3072, KeyKind.P256)
RECIPIENT = Subject(
    common_name="Sở Nội vụ thành phố Đà Nẵng", organisation="UBND TP ĐÀ NẴNG", uids=("MST:0400499995",)
)
_ISSUED = SIGNED - timedelta(days=30)


@dataclass(frozen=True)
class People:
    """The lists are from after the signatures, so that revocation is settled for whoever demands it."""

    @cached_property
    def root(self) -> Authority:
        return Authority.root(now=_ISSUED - timedelta(days=100))

    @cached_property
    def issuer(self) -> Authority:
        return self.root.subordinate(now=_ISSUED - timedelta(days=50))

    @cached_property
    def tsa_root(self) -> Authority:
        return Authority.root(TSA_ROOT, now=_ISSUED - timedelta(days=100))

    @cached_property
    def tsa(self) -> Identity:
        return self.tsa_root.tsa(TSA, now=_ISSUED)

    @cached_property
    def recipient(self) -> Identity:
        """Stamps what arrives, with a program that is not ours."""
        return self.issuer.issue(RECIPIENT, Profile.ORGANISATION, now=_ISSUED)

    def leader(self, kind: KeyKind) -> Identity:
        return self.issuer.issue(LEADER, now=_ISSUED, kind=kind)

    def agency(self, kind: KeyKind) -> Identity:
        return self.issuer.issue(AGENCY, Profile.ORGANISATION, now=_ISSUED, kind=kind)

    @cached_property
    def roots(self) -> tuple[bytes, ...]:
        return self.root.der, self.tsa_root.der

    @cached_property
    def lists(self) -> tuple[bytes, ...]:
        made = AT - timedelta(hours=1)
        return tuple(one.crl(this_update=made) for one in (self.root, self.issuer, self.tsa_root))

    @cached_property
    def trust(self) -> signing.TrustStore:
        return signing.TrustStore.of(*self.roots)

    @cached_property
    def evidence(self) -> signing.Evidence:
        return signing.Evidence(crls=self.lists)
