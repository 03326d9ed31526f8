"""Which enrolled certificates are revoked, by the lists that are here: told before somebody tries to sign.

The same question that signing asks (Decree 23/2025, Art. 15), with the same evidence and the same trust; nothing is
fetched. The answer changes only with the lists and the roots, so it is kept for as long as these are the same.
"""

from __future__ import annotations

import datetime as dt
from collections import OrderedDict
from collections.abc import Sequence
from threading import Lock

import signing
from workflow.services.signing import trust
from workflow.services.signing.preparing import split
from workflow.store import certificates as store
from workflow.store.evidence import answers_about
from workflow.store.models import Certificate
from workflow.store.session import UnitOfWork

MOST = 4096
"""Answers kept; a moment each."""
LIVE = frozenset({"pending", "confirmed"})

_Key = tuple[str, str, str, str, tuple[str, ...], dt.date]
_kept: OrderedDict[_Key, dt.datetime | None] = OrderedDict()
_lock = Lock()


def revoked_since(
    uow: UnitOfWork, rows: Sequence[Certificate], *, agency_id: int | None, now: dt.datetime
) -> dict[int, dt.datetime]:
    """Enrolment → since when its certificate is revoked, of those that are still in use; others are not in it."""
    live = [row for row in rows if row.status in LIVE]
    if not live:
        return {}
    roots, policy = trust.trust_store(uow, agency_id), trust.policy(uow)
    lists = tuple(sorted(store.newest_lists(uow.session, until=now)))
    answers = answers_about(uow.session, {row.sha256 for row in live}, until=now)
    lists += tuple(row.sha256 for row in answers)
    keys = {row.id: (row.sha256, _purpose(row), roots.digest, policy.digest, lists, now.date()) for row in live}
    with _lock:
        found = {row.id: _kept[keys[row.id]] for row in live if keys[row.id] in _kept}
    # taken out of their rows, which the computing has read anew each time
    missing = [(row.id, row.der, row.chain, _purpose(row)) for row in live if row.id not in found]
    if missing:
        evidence = trust.evidence(uow, at=now).plus(ocsps=tuple(row.der for row in answers))
        for key, der, chain, purpose in missing:
            found[key] = uow.compute(_look_in_lists, der, chain, purpose, roots, policy, evidence, now)
        with _lock:
            for key, *_rest in missing:
                _kept[keys[key]] = found[key]
            while len(_kept) > MOST:
                _kept.popitem(last=False)
    return {key: since for key, since in found.items() if since is not None}


def _purpose(row: Certificate) -> str:
    return str(signing.Purpose.PERSON if row.person_id is not None else signing.Purpose.SEAL)


def _look_in_lists(
    der: bytes,
    chain: bytes,
    purpose: str,
    roots: signing.TrustStore,
    policy: signing.Policy,
    evidence: signing.Evidence,
    now: dt.datetime,
) -> dt.datetime | None:
    result = signing.check_certificate(
        der, chain=split(chain), trust=roots, evidence=evidence, at=now, purpose=signing.Purpose(purpose),
        policy=policy,
    )  # fmt: skip
    return result.revoked_at if str(result.revocation) == "revoked" else None
