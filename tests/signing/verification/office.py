"""A small office with its authorities, and one question about a file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any

import signing
from signing.testing import AGENCY, LEADER, TSA, TSA_ROOT, Authority, Identity, KeyKind, Profile
from signing.testing.paper import Box, blank, sign

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
AT = NOW + timedelta(hours=5)
ISSUED = NOW - timedelta(days=30)

LEADER_BOX = Box("leader", (340.0, 130.0, 500.0, 210.0))
NUMBER_BOX = Box("number", (60.0, 700.0, 540.0, 730.0))
SEAL_BOX = Box("seal", (290.0, 140.0, 370.0, 220.0))
ARRIVAL_BOX = Box("arrival", (30.0, 560.0, 160.0, 620.0))
PLAN = (LEADER_BOX, NUMBER_BOX, SEAL_BOX)


@dataclass(frozen=True)
class Office:
    """Root, issuing authority, a leader with P-256, an agency with RSA-2048, a timestamp authority."""

    @cached_property
    def root(self) -> Authority:
        return Authority.root(now=ISSUED - timedelta(days=100))

    @cached_property
    def issuer(self) -> Authority:
        return self.root.subordinate(now=ISSUED - timedelta(days=50))

    @cached_property
    def leader(self) -> Identity:
        return self.issuer.issue(LEADER, now=ISSUED)

    @cached_property
    def agency(self) -> Identity:
        return self.issuer.issue(AGENCY, Profile.ORGANISATION, now=ISSUED, kind=KeyKind.RSA_2048)

    @cached_property
    def tsa_root(self) -> Authority:
        return Authority.root(TSA_ROOT, now=ISSUED - timedelta(days=100))

    @cached_property
    def tsa(self) -> Identity:
        return self.tsa_root.tsa(TSA, now=ISSUED)

    @cached_property
    def trust(self) -> signing.TrustStore:
        return signing.TrustStore.of(self.root.der, self.tsa_root.der)

    def root_lists(self) -> tuple[bytes, ...]:
        """What roots publish now and then: about the issuing authority and about the TSA."""
        month = timedelta(days=90)
        return (
            self.root.crl(this_update=NOW - timedelta(days=5), next_update=NOW + month),
            self.tsa_root.crl(this_update=AT - timedelta(hours=1), next_update=NOW + month),
        )

    @cached_property
    def evidence(self) -> signing.Evidence:
        """All lists, the issuing authority's from after the signatures."""
        fresh = self.issuer.crl(this_update=AT - timedelta(hours=1))
        return signing.Evidence(crls=(*self.root_lists(), fresh))

    def judge(self, data: bytes, **changes: Any) -> signing.DocumentVerdict:
        """The verdict as the office asks for it; `changes` replace parts of the question."""
        question: dict[str, Any] = {"trust": self.trust, "at": AT, "evidence": self.evidence, "plan": PLAN}
        return signing.verify(data, **(question | changes))

    @cached_property
    def paper(self) -> bytes:
        return blank(*PLAN)

    @cached_property
    def signed(self) -> bytes:
        """The leader has signed."""
        return sign(self.paper, "leader", self.leader, at=NOW)

    @cached_property
    def issued(self) -> bytes:
        """Leader, then number, then seal."""
        numbered = sign(self.signed, "number", self.agency, at=NOW + timedelta(minutes=20))
        return sign(numbered, "seal", self.agency, at=NOW + timedelta(minutes=21))
