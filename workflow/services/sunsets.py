"""Ends of algorithms: one administrator proposes a day, another puts it in force; the signatures it concerns.

From that day on a signature that uses the algorithm is decided only where a timestamp proves that it is older.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import signing
from signing import DocumentVerdict, TimeSource, TrustStore
from signing.path.sunsets import NAMES, names_of
from workflow.domain.attachments import FIELD
from workflow.domain.errors import BadInput, NotPermitted, Refused
from workflow.domain.notices import Kind, Told
from workflow.domain.people import Actor, Role
from workflow.domain.permissions import Permission, demand
from workflow.domain.proofs import AHEAD, IMPRINT
from workflow.services import journal, outbox
from workflow.services.journal import local_day
from workflow.services.proofs import authority
from workflow.services.signing.chains import split
from workflow.services.signing.roots import standing
from workflow.store import office, proofs
from workflow.store import sunsets as store
from workflow.store.models import AlgorithmSunset
from workflow.store.session import UnitOfWork

THRESHOLDS = (180, 60, 7)
PAGE = "/admin/trust/sunsets"
SHORT = {
    "sha256": "SHA-256", "sha384": "SHA-384", "sha512": "SHA-512", "shake256": "SHAKE256",
    "rsa_below_3072": "RSA (< 3072 bit)", "rsa_below_4096": "RSA (< 4096 bit)", "secp256r1": "ECDSA P-256",
    "secp384r1": "ECDSA P-384", "secp521r1": "ECDSA P-521", "ed25519": "Ed25519", "ed448": "Ed448",
}  # fmt: skip
"""Names that are the same in every language."""
WHY = "an algorithm ends for every agency's signatures"
BATCH = 500
PROOFS = frozenset({TimeSource.TIMESTAMP, TimeSource.ANCHORED_RECEIPT})
"""What proves a time to others too; a receipt of ours alone does not."""


@dataclass(frozen=True, slots=True)
class Concerned:
    """A signature that uses an algorithm, or a seal on an attachment. `id`: its place among both. `proven_at`:
    since when somebody else's clock proves it, if that is before the algorithm's end and does not end with it."""

    id: int
    symbol: str
    agency: str
    field: str
    received_at: dt.datetime
    proven_at: dt.datetime | None
    place: int | None = None
    """Which attachment."""


def propose(
    uow: UnitOfWork, actor: Actor, *, algorithm: str, until: dt.datetime, source: str, reason: str,
    now: dt.datetime,
) -> AlgorithmSunset:  # fmt: skip
    """Propose a day. Raises `BadInput` (`sunset_algorithm`, `sunset_past`), `Refused("sunset_listed_already")`."""
    demand(actor, Permission.MANAGE_TRUST)
    if algorithm not in NAMES:
        raise BadInput("sunset_algorithm")
    if until <= now:
        raise BadInput("sunset_past")
    uow.begin_write()
    if any(row.algorithm == algorithm for row in store.standing(uow.session)):
        raise Refused("sunset_listed_already")
    row = AlgorithmSunset(
        algorithm=algorithm,
        until=until,
        source=source,
        reason=reason,
        proposed_by_id=_person(actor),
        proposed_at=now,
    )
    uow.add(row)
    uow.flush()
    _record(uow, actor, row, "proposed", now=now)
    return row


def confirm(uow: UnitOfWork, actor: Actor, *, sunset_id: int, now: dt.datetime) -> None:
    """Put one in force that somebody else proposed."""
    row = _held(uow, actor, sunset_id)
    if row.confirmed_at is not None:
        raise Refused("sunset_decided_already")
    if row.proposed_by_id == actor.person_id:
        raise Refused("trust_second_person")
    if row.until <= now:
        raise BadInput("sunset_past")
    row.confirmed_by_id, row.confirmed_at = _person(actor), now
    uow.flush()
    _record(uow, actor, row, "confirmed", now=now)


def remove(uow: UnitOfWork, actor: Actor, *, sunset_id: int, now: dt.datetime) -> None:
    """Take one away: what is only proposed at once, what is in force when a second administrator asks too."""
    row = _held(uow, actor, sunset_id)
    if row.confirmed_at is not None and row.removal_by_id is None:
        row.removal_by_id = _person(actor)
        uow.flush()
        _record(uow, actor, row, "removal_asked", now=now)
        return
    if row.removal_by_id == actor.person_id:
        raise Refused("trust_second_person")
    row.removed_by_id, row.removed_at = _person(actor), now
    uow.flush()
    _record(uow, actor, row, "removed", now=now)


def _held(uow: UnitOfWork, actor: Actor, sunset_id: int) -> AlgorithmSunset:
    demand(actor, Permission.MANAGE_TRUST)
    uow.begin_write()
    return store.by_id(uow.session, sunset_id, for_update=True)


def _person(actor: Actor) -> int:
    if actor.person_id is None:
        raise NotPermitted("no_post")
    return actor.person_id


def _record(uow: UnitOfWork, actor: Actor, row: AlgorithmSunset, verb: str, *, now: dt.datetime) -> None:
    facts = {"id": row.id, "algorithm": row.algorithm, "until": row.until.isoformat(), "source": row.source,
             "reason": row.reason}  # fmt: skip
    journal.record(uow, subject="trust:algorithms", tag=f"trust:sunset:{verb}", facts=facts, actor=actor, now=now)


def concerned(
    uow: UnitOfWork, row: AlgorithmSunset, *, after: int = 0, limit: int | None = None
) -> list[Concerned]:
    """Signatures and seals that use its algorithm behind one, in order."""
    algorithm, until = row.algorithm, row.until
    users, usual = _users(uow, algorithm), _usual(uow)
    signatures = store.concerned(uow.session, users, reason=WHY, after=after // 2, limit=limit)
    seals = store.seals_concerned(uow.session, users, reason=WHY, after=(after - 1) // 2, limit=limit)
    found = uow.compute(_one_by_one, signatures, seals, algorithm, until, usual)
    return found[:limit]


def _usual(uow: UnitOfWork) -> frozenset[str]:
    """What timestamps rest on of which nobody wrote it down: whatever those of the last authority do."""
    chains = authority.chains(uow)
    return frozenset({IMPRINT}) | (uow.compute(_rests, chains[0]) if chains else frozenset())


def _rests(chain: Sequence[bytes]) -> frozenset[str]:
    return names_of(chain)


def _users(uow: UnitOfWork, algorithm: str) -> list[int]:
    """Certificates with which an algorithm is used, by themselves or by their chain."""
    roots = TrustStore(tuple(one.anchor for one in standing(uow).roots))
    rows = store.signing_certificates(uow.session)
    return uow.compute(_using, rows, roots, algorithm)


def _using(rows: Sequence[Any], roots: TrustStore, algorithm: str) -> list[int]:
    anchors = tuple(sorted(anchor.certificate for anchor in roots.anchors))
    return [row.id for row in rows if algorithm in _names(row.der, row.chain, anchors)]


@lru_cache(maxsize=4096)
def _names(der: bytes, chain: bytes, anchors: tuple[bytes, ...]) -> frozenset[str]:
    """Where no root is listed for it any more, what the certificate and its chain use."""
    given, roots = split(chain), TrustStore(tuple(signing.TrustAnchor(one) for one in anchors))
    begun = signing.inspect_certificate(der).not_before
    path = signing.check_certificate(der, chain=given, trust=roots, evidence=signing.Evidence(), at=begun)
    known = {hashlib.sha256(one).hexdigest(): one for one in (*given, *anchors)}
    return names_of((der, *(known[name] for name in path.chain[1:] if name in known)))


def _one_by_one(
    signatures: Sequence[Any], seals: Sequence[Any], algorithm: str, until: dt.datetime, usual: frozenset[str]
) -> list[Concerned]:
    """Even places are signatures, odd ones seals: each table is read on from the place of the last line."""
    found = [(2 * row.id, row.field, None, row) for row in signatures]
    found += [(2 * row.id + 1, FIELD, row.place, row) for row in seals]
    found.sort(key=lambda one: one[0])
    return [
        Concerned(
            key, row.symbol, row.agency, field, row.received_at, _proven(row, field, algorithm, until, usual), place
        )
        for key, field, place, row in found
    ]


def _proven(row: Any, field: str, algorithm: str, until: dt.datetime, usual: frozenset[str]) -> dt.datetime | None:
    """By the timestamp over the issued file too: that comes after the verdicts, and where nothing else changed none
    is stored anew. A timestamp that rests on the algorithm itself ends with it, and proves nothing afterwards."""
    if algorithm in (frozenset((row.rests or "").split()) or usual):
        return None
    verdict = DocumentVerdict.from_json(row.body)
    told = verdict.signature(field)
    moments = [told.times.best] if told is not None and told.times.source in PROOFS else []
    if row.stamped_at is not None:
        moments.append(row.stamped_at)
    return min((one for one in moments if one < until), default=None)


Counts = Mapping[int, tuple[int, int]]
"""Sunset → (signatures concerned, proven older)."""


def count(uow: UnitOfWork) -> Counts:
    """All of them, in batches; nothing is written."""
    found: dict[int, tuple[int, int]] = {}
    for key in [row.id for row in store.standing(uow.session)]:
        many = proven = after = 0
        while batch := concerned(uow, store.by_id(uow.session, key), after=after, limit=BATCH):
            many, after = many + len(batch), batch[-1].id
            proven += sum(one.proven_at is not None for one in batch)
        found[key] = (many, proven)
    return found


def tell(uow: UnitOfWork, counts: Counts, *, cut_off: dt.datetime, now: dt.datetime) -> int:
    """Keep the counts, let timestamps end with the algorithms that they rest on, and tell the administrators of the
    top agency 180, 60 and 7 days ahead, once each."""
    uow.begin_write()
    today = local_day(cut_off)
    top = office.top_agency(uow.session, on=today)
    admins = office.holders(uow.session, role=Role.ADMIN, on=today, agency_id=top) if top else ()
    told = 0
    for row in store.standing(uow.session):
        if row.id not in counts:
            continue
        row.concerned, row.proven = counts[row.id]
        row.counted_at = now
        if row.confirmed_at is not None and row.until > now:
            ask_at = max(now, row.until - AHEAD)
            proofs.end_earlier(uow.session, row.algorithm, until=row.until, ask_at=ask_at)
        left = (local_day(row.until) - today).days
        reached = [one for one in THRESHOLDS if 0 <= left <= one]
        if not reached:
            continue
        what = Told.of(
            Kind.ALGORITHM_ENDS, algorithm=SHORT.get(row.algorithm, row.algorithm), day=local_day(row.until),
            count=row.concerned - row.proven,
        )  # fmt: skip
        for person in sorted({post.person_id for post in admins}):
            cause = f"sunset:{row.id}:{min(reached)}:{person}"
            told += outbox.queue(
                uow, outbox.Note(cause=cause, person_id=person, link=f"{PAGE}/{row.id}", what=what), now=now
            )
    uow.flush()
    return told
