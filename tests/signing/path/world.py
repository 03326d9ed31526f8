"""A little world of authorities for one case: everybody issues, everybody has a list, then one thing goes wrong.

world = World()                                  # Root, with its list
a = world.authority("A")                         # A ← Root
world.check(world.leaf(a))                       # leaf ← A ← Root
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count

import signing
from signing.path.check import CACHE, PathResult, check_certificate
from signing.path.policy import RFC5280, Policy
from signing.testing import paths as p
from signing.testing.keys import KeyKind, key

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
START = NOW - timedelta(days=100)
LISTED = NOW - timedelta(hours=1)
CA_USAGE = ("keyCertSign", "cRLSign")
GOOD, HOLD, REMOVED = None, 6, 8
_SERIALS = count(1000)


@dataclass(frozen=True)
class Party:
    """A certificate with its key; `name` is what it calls itself as an issuer."""

    name: bytes
    key: p.Key
    der: bytes
    serial: int


def dn(common: str, tag: int = p.PRINTABLE) -> bytes:
    return p.name((p.C, "VN"), (p.O, "Test Certificates"), (p.CN, common), tag=tag)


def own_key(label: str) -> p.Key:
    return key(KeyKind.P256, f"path {label}")


@dataclass
class World:
    """`pool`: certificates handed in; `lists`: by the label of who issues, written when asked for."""

    pool: list[bytes] = field(default_factory=list)
    revoked: dict[bytes, list[bytes]] = field(default_factory=dict)
    lists: list[bytes] = field(default_factory=list)
    listing: dict[bytes, Party] = field(default_factory=dict)
    root: Party = field(init=False)

    def __post_init__(self) -> None:
        self.root = self.anchor("Trust Anchor")

    def anchor(self, label: str, *, extensions: Iterable[bytes] | None = None, version: int = 3) -> Party:
        own = own_key(label)
        made = p.certificate(
            dn(label), p.key_info(own), issuer=dn(label), key=own, start=START, days=3650, version=version,
            extensions=(p.basic(), p.usage(*CA_USAGE)) if extensions is None else extensions,
        )  # fmt: skip
        party = Party(dn(label), own, made, 1)
        self.listing[party.der] = party
        return party

    def authority(
        self,
        label: str,
        under: Party | None = None,
        *extensions: bytes,
        name: bytes | None = None,
        issuer: bytes | None = None,
        private: p.Key | None = None,
        listed: bool = True,
        replacing: Iterable[bytes] | None = None,
        **more: object,
    ) -> Party:
        """An authority under `under` (the root). `replacing` takes the place of basic constraints and usage."""
        own = private or own_key(label)
        base = (p.basic(), p.usage(*CA_USAGE)) if replacing is None else tuple(replacing)
        party = self._made(name or dn(label), own, under, issuer, extensions=(*base, *extensions), more=more)
        self.pool.append(party.der)
        if listed:
            self.listing[party.der] = party
        return party

    def leaf(
        self,
        under: Party | None = None,
        *extensions: bytes,
        name: bytes | None = None,
        issuer: bytes | None = None,
        usage: bytes | None = None,
        private: p.Key | None = None,
        **more: object,
    ) -> Party:
        own = private or own_key("leaf")
        base = (usage or p.usage("digitalSignature", "nonRepudiation"),)
        return self._made(
            name if name is not None else dn("Leaf"), own, under, issuer, extensions=(*base, *extensions), more=more
        )

    def _made(
        self,
        name: bytes,
        own: p.Key,
        under: Party | None,
        issuer: bytes | None,
        *,
        extensions: tuple[bytes, ...],
        more: dict[str, object],
    ) -> Party:
        above = under or self.root
        serial = more.pop("serial", None) or next(_SERIALS)
        settings: dict[str, object] = {"start": START, "days": 3000} | more
        made = p.certificate(
            name, p.key_info(own), issuer=issuer or above.name, key=above.key, serial=serial,  # type: ignore[arg-type]
            extensions=extensions, **settings,  # type: ignore[arg-type]
        )  # fmt: skip
        return Party(name, own, made, serial if isinstance(serial, int) else 0)

    def revoke(self, by: Party, whom: Party, *, reason: int | None = None, at: datetime | None = None) -> None:
        self.revoked.setdefault(by.der, []).append(
            p.entry(whom.serial, at or NOW - timedelta(days=2), reason=reason)
        )

    def unlisted(self, party: Party) -> None:
        del self.listing[party.der]

    def write(self, party: Party, *extensions: bytes, **more: object) -> bytes:
        """A list of this party, added to the evidence."""
        settings: dict[str, object] = {"start": LISTED} | more
        made = p.revocation_list(
            settings.pop("issuer", party.name),  # type: ignore[arg-type]
            settings.pop("key", party.key),  # type: ignore[arg-type]
            extensions=(p.list_number(1), *extensions) if settings.pop("numbered", True) else extensions,
            **settings,  # type: ignore[arg-type]
        )
        self.lists.append(made)
        return made

    def evidence(self) -> signing.Evidence:
        usual = [
            p.revocation_list(
                party.name, party.key, start=LISTED, entries=self.revoked.get(party.der, ()),
                extensions=(p.list_number(1),),
            )
            for party in self.listing.values()
        ]  # fmt: skip
        return signing.Evidence(crls=(*self.lists, *usual))

    def check(self, leaf: Party, *, at: datetime = NOW, policy: Policy = RFC5280, **changes: object) -> PathResult:
        CACHE.clear()
        return check_certificate(
            leaf.der, chain=tuple(self.pool), trust=signing.TrustStore.of(self.root.der), evidence=self.evidence(),
            at=at, policy=replace(policy, **changes) if changes else policy,  # type: ignore[arg-type]
        )  # fmt: skip
