"""The listed roots as one value: as they stand, and as a proposed change would leave them."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

from signing import Purpose, SignatureKind, TrustAnchor, TrustStore
from workflow.store import certificates as store
from workflow.store import office, trust_changes
from workflow.store.models import TrustChange, TrustRoot
from workflow.store.session import UnitOfWork

POLICY = "verification_policy"
"""Name of the setting that says how strictly signatures are judged."""
USUAL = "daily"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is believed of a root. `scope`: agencies for whose papers it is believed, and for those below them;
    empty: everywhere. `trusted_until`: nothing is believed that is proven to exist only later."""

    label: str
    purposes: frozenset[str]
    kind: str
    scope: tuple[int, ...] = ()
    trusted_until: dt.datetime | None = None

    @classmethod
    def of(cls, row: TrustRoot) -> Wanted:
        """As it stands."""
        return cls(label=row.label, purposes=frozenset(row.purposes), kind=row.kind, scope=tuple(row.scope),
                   trusted_until=row.trusted_until)  # fmt: skip

    @classmethod
    def from_json(cls, told: dict[str, Any]) -> Wanted:
        """Back from a proposal."""
        until = dt.datetime.fromisoformat(told["trusted_until"]) if told["trusted_until"] else None
        return cls(label=told["label"], purposes=frozenset(told["purposes"]), kind=told["kind"],
                   scope=tuple(told["scope"]), trusted_until=until)  # fmt: skip

    def to_json(self) -> dict[str, Any]:
        """Plain values, the same for the same wish."""
        until = self.trusted_until.astimezone(dt.UTC).isoformat() if self.trusted_until else None
        return {"label": self.label, "purposes": sorted(self.purposes), "kind": self.kind,
                "scope": sorted(self.scope), "trusted_until": until}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Listed:
    """One root of the list."""

    der: bytes
    wanted: Wanted

    @property
    def anchor(self) -> TrustAnchor:
        """As the verifier takes it; a kind that is ours alone (`demo`) is unknown to it."""
        known = set(SignatureKind)
        return TrustAnchor(
            certificate=self.der,
            label=self.wanted.label,
            purposes=frozenset(Purpose(name) for name in self.wanted.purposes),
            kind=SignatureKind(self.wanted.kind) if self.wanted.kind in known else SignatureKind.UNKNOWN,
            trusted_until=self.wanted.trusted_until,
        )


@dataclass(frozen=True, slots=True)
class TrustList:
    """Every listed root with its scope, and the name of the policy."""

    roots: tuple[Listed, ...]
    policy: str

    @property
    def has_scopes(self) -> bool:
        """Whether it makes a difference whose papers are judged."""
        return any(one.wanted.scope for one in self.roots)

    @property
    def digest(self) -> str:
        """SHA-256 (hex) over all that a verdict may depend on: roots, purposes, kinds, dates, scopes, policy."""
        scopes = sorted([one.anchor.fingerprint, sorted(one.wanted.scope)] for one in self.roots)
        told = [TrustStore(tuple(one.anchor for one in self.roots)).digest, scopes, self.policy]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()

    def store_for(self, agencies: Collection[int]) -> TrustStore:
        """What is believed for papers of an agency: `agencies` are it and those above it."""
        held = frozenset(agencies)
        return TrustStore(
            tuple(one.anchor for one in self.roots if not one.wanted.scope or held & set(one.wanted.scope))
        )


def standing(uow: UnitOfWork) -> TrustList:
    """The list of now."""
    chosen = office.setting(uow.session, POLICY) or {}
    rows = store.roots(uow.session)
    return TrustList(tuple(Listed(row.der, Wanted.of(row)) for row in rows), str(chosen.get("name", USUAL)))


def changed(listed: TrustList, change: TrustChange) -> TrustList:
    """The same list after a proposed change. One that has no more object leaves it as it is."""
    if change.kind == "policy":
        return replace(listed, policy=str(change.wanted["name"]))
    others = tuple(one for one in listed.roots if one.anchor.fingerprint != change.subject)
    if change.kind == "retire":
        return replace(listed, roots=others)
    wanted = Wanted.from_json(change.wanted)
    if change.kind == "add":
        return replace(listed, roots=(*others, Listed(change.der, wanted)))
    kept = tuple(
        replace(one, wanted=wanted) if one.anchor.fingerprint == change.subject else one for one in listed.roots
    )
    return replace(listed, roots=kept)


def believed_for(uow: UnitOfWork, listed: TrustList, agency_id: int | None) -> TrustStore:
    """The part of a list that counts for an agency's papers; without one, what is believed everywhere."""
    if agency_id is None or not listed.has_scopes:
        return listed.store_for(())
    return listed.store_for(trust_changes.agencies_above(uow.session, agency_id))
