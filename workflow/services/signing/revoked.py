"""Which enrolled certificates are revoked, by the lists that are here: told before somebody tries to sign.

The same question that signing asks (Decree 23/2025, Art. 15), with the same evidence and the same trust; nothing is
fetched. The answer changes only with the lists and the roots, so it is kept for as long as these are the same.
"""

from __future__ import annotations

import datetime as dt
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock

import signing
from workflow.services.signing import trust
from workflow.services.signing.chains import split
from workflow.services.signing.roots import TrustList, believed_for, standing
from workflow.store import certificates as store
from workflow.store import trust_changes
from workflow.store.evidence import answers_about
from workflow.store.models import Certificate
from workflow.store.session import UnitOfWork

MOST = 4096
"""Answers kept; a moment each."""
LIVE = frozenset({"pending", "confirmed"})

_Key = tuple[str, str, str, str, tuple[str, ...], dt.date]
_kept: OrderedDict[_Key, dt.datetime | None] = OrderedDict()
_lock = Lock()


@dataclass(slots=True)
class Known:
    """What is the same for every certificate that is asked about at one moment, read once. `above`: agency → itself
    and those above it, where many agencies are asked for; `believed`: agency → its roots, as they come up."""

    now: dt.datetime
    listed: TrustList
    policy: signing.Policy
    lists: tuple[str, ...]
    above: Mapping[int, tuple[int, ...]] | None = None
    believed: dict[int | None, signing.TrustStore] = field(default_factory=dict)
    evidence: signing.Evidence | None = None

    def roots(self, uow: UnitOfWork, agency_id: int | None) -> signing.TrustStore:
        """Those that count for an agency's papers."""
        if agency_id not in self.believed:
            if self.above is None or agency_id is None:
                self.believed[agency_id] = believed_for(uow, self.listed, agency_id)
            else:
                self.believed[agency_id] = self.listed.store_for(self.above.get(agency_id, ()))
        return self.believed[agency_id]


@dataclass(frozen=True, slots=True)
class _Asked:
    """One certificate, taken out of its row, which the computing has read anew each time."""

    id: int
    key: _Key
    der: bytes
    chain: bytes
    purpose: str
    roots: signing.TrustStore
    answers: tuple[bytes, ...]


def known(uow: UnitOfWork, *, now: dt.datetime, every_agency: bool = False) -> Known:
    """Of this moment; `every_agency`: it is used for many of them."""
    listed = standing(uow)
    above = trust_changes.above_each(uow.session) if every_agency and listed.has_scopes else None
    lists = tuple(sorted(store.newest_lists(uow.session, until=now)))
    return Known(now, listed, trust.policy(uow), lists, above)


def revoked_since(
    uow: UnitOfWork, rows: Sequence[Certificate], *, agency_id: int | None, now: dt.datetime
) -> dict[int, dt.datetime]:
    """Enrolment → since when its certificate is revoked, of those that are still in use; others are not in it."""
    if not any(row.status in LIVE for row in rows):
        return {}
    return revoked_among(uow, known(uow, now=now), [(row, agency_id) for row in rows])


def revoked_among(
    uow: UnitOfWork, known: Known, rows: Iterable[tuple[Certificate, int | None]], *, ended: bool = False
) -> dict[int, dt.datetime]:
    """The same of certificates of several agencies, each by what that agency believes. `ended`: also of those that
    are used no more."""
    asked = _asked(uow, known, [(row, agency) for row, agency in rows if ended or row.status in LIVE])
    with _lock:
        found = {one.id: _kept[one.key] for one in asked if one.key in _kept}
    missing = [one for one in asked if one.id not in found]
    if missing:
        if known.evidence is None:
            known.evidence = trust.evidence(uow, at=known.now)
        new = uow.compute(_look_at_each, missing, known.policy, known.evidence, known.now)
        found |= new
        with _lock:
            _kept.update((one.key, new[one.id]) for one in missing)
            while len(_kept) > MOST:
                _kept.popitem(last=False)
    return {key: since for key, since in found.items() if since is not None}


def _asked(uow: UnitOfWork, known: Known, live: Sequence[tuple[Certificate, int | None]]) -> list[_Asked]:
    answers: dict[str, list[tuple[str, bytes]]] = {}
    for told in answers_about(uow.session, {row.sha256 for row, _agency in live}, until=known.now):
        answers.setdefault(told.about, []).append((told.sha256, told.der))
    asked = []
    for row, agency in live:
        own, purpose, roots = answers.get(row.sha256, []), _purpose(row), known.roots(uow, agency)
        rests_on = known.lists + tuple(sha256 for sha256, _der in own)
        key = (row.sha256, purpose, roots.digest, known.policy.digest, rests_on, known.now.date())
        asked.append(_Asked(row.id, key, row.der, row.chain, purpose, roots, tuple(der for _sha256, der in own)))
    return asked


def _purpose(row: Certificate) -> str:
    return str(signing.Purpose.PERSON if row.person_id is not None else signing.Purpose.SEAL)


def _look_at_each(
    asked: Sequence[_Asked], policy: signing.Policy, evidence: signing.Evidence, now: dt.datetime
) -> dict[int, dt.datetime | None]:
    found: dict[int, dt.datetime | None] = {}
    for one in asked:
        result = signing.check_certificate(
            one.der, chain=split(one.chain), trust=one.roots, evidence=evidence.plus(ocsps=one.answers), at=now,
            purpose=signing.Purpose(one.purpose), policy=policy,
        )  # fmt: skip
        found[one.id] = result.revoked_at if str(result.revocation) == "revoked" else None
    return found
