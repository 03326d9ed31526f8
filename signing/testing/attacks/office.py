"""Who signs in the suite: one root, one issuing authority, a leader, an agency, a timestamp authority.

root ── issuer ── leader, agency, clerk …
tsa_root ── tsa
rogue (named like the root, with another key) ── rogue issuer ── …
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache, cached_property

from signing.testing.attacks.keys import rsa_key
from signing.testing.authority import Authority
from signing.testing.certificates import Defect, Profile
from signing.testing.identity import Identity
from signing.testing.keys import KeyKind, PrivateKey, key
from signing.testing.revocation import Revoked
from signing.testing.subjects import AGENCY, LEADER, TSA, TSA_ROOT, Subject

SIGNED = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
"""When the leader signs."""
AT = SIGNED + timedelta(hours=5)
"""When the suite is judged, unless a case says otherwise."""
ISSUED = SIGNED - timedelta(days=30)
FOUNDED = SIGNED - timedelta(days=200)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)

CLERK = Subject(common_name="Trần Thị Lan", title="Văn thư", organisation="ỦY BAN NHÂN DÂN XÃ BẰNG ÁI")


class Office:
    """Everything is made when first asked for, and once."""

    @cached_property
    def root(self) -> Authority:
        return Authority.root(now=FOUNDED, days=7300)

    @cached_property
    def issuer(self) -> Authority:
        return self.root.subordinate(now=FOUNDED + DAY)

    @cached_property
    def leader(self) -> Identity:
        return self.person()

    @cached_property
    def agency(self) -> Identity:
        return self.issuer.issue(AGENCY, Profile.ORGANISATION, now=ISSUED, private=rsa_key("agency"))

    @cached_property
    def clerk(self) -> Identity:
        return self.issuer.issue(CLERK, now=ISSUED, kind=KeyKind.P256)

    @cached_property
    def tsa_root(self) -> Authority:
        return Authority.root(TSA_ROOT, now=FOUNDED)

    @cached_property
    def tsa(self) -> Identity:
        return self.tsa_root.tsa(TSA, now=ISSUED)

    @cached_property
    def rogue(self) -> Authority:
        """A root of the same name, with a key of its own."""
        return Authority.root(now=FOUNDED, days=7300, private=key(KeyKind.P256, "rogue root"))

    @cached_property
    def rogue_issuer(self) -> Authority:
        return self.rogue.subordinate(now=FOUNDED + DAY, private=key(KeyKind.P256, "rogue issuer"))

    def person(
        self,
        *defects: Defect,
        private: PrivateKey | None = None,
        by: Authority | None = None,
        now: datetime = ISSUED,
        days: int = 1000,
    ) -> Identity:
        """The leader's certificate, with defects or another key or authority."""
        own = private or rsa_key("leader")
        return (by or self.issuer).issue(LEADER, now=now, private=own, days=days, defects=defects)

    @cached_property
    def authority_crls(self) -> tuple[bytes, ...]:
        """What the roots publish: about the issuing authority, about the timestamp authority."""
        return (
            self.root.crl(this_update=SIGNED - 5 * DAY, next_update=SIGNED + 90 * DAY),
            self.tsa_root.crl(this_update=AT - HOUR, next_update=SIGNED + 90 * DAY),
        )

    @cached_property
    def fresh_crl(self) -> bytes:
        """The issuing authority's list from after the signatures, with nobody of ours in it."""
        return self.issuer_crl(AT - HOUR)

    def issuer_crl(self, this_update: datetime, *revoked: Revoked, number: int = 1) -> bytes:
        return self.issuer.crl(this_update=this_update, revoked=revoked, number=number)


@cache
def office() -> Office:
    """The one of this process."""
    return Office()
