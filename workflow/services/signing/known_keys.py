"""What is known here of a key: every enrolment of the same public key, whatever its certificate."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable

from workflow.domain.key_holders import ALSO
from workflow.domain.known_keys import Earlier, other_places
from workflow.domain.people import Actor
from workflow.services import journal
from workflow.services.signing import revoked
from workflow.store import certificates as store
from workflow.store.models import Certificate
from workflow.store.session import UnitOfWork


def listed(uow: UnitOfWork, public_key: str, *, but: int | None = None) -> tuple[Earlier, ...]:
    """The oldest first; `but`: the enrolment that is asked about. Revocation is not looked at."""
    return tuple(earlier_of(row) for row in store.of_key(uow.session, public_key) if row.id != but)


def known(
    uow: UnitOfWork, public_key: str, *, agency_id: int | None, now: dt.datetime, but: int | None = None
) -> tuple[Earlier, ...]:
    """The same, with what the revocation lists that are here say of those certificates."""
    rows = [row for row in store.of_key(uow.session, public_key) if row.id != but]
    if not rows:
        return ()
    ids = [row.id for row in rows]
    gone = revoked.revoked_among(
        uow, revoked.known(uow, now=now), [(row, agency_id) for row in rows], ended=True
    )  # fmt: skip
    return tuple(earlier_of(row, gone) for row in store.of_key(uow.session, public_key) if row.id in ids)


def earlier_of(row: Certificate, gone: Collection[int] = ()) -> Earlier:
    """A row as the rules ask about it."""
    return Earlier(
        id=row.id, owner=(row.person_id, row.agency_id), place=row.holder, status=row.status,
        enrolled_at=row.enrolled_at, believed=row.confirmed_at is not None, ended_at=row.retired_at,
        why=row.stopped_why, revoked=row.id in gone,
    )  # fmt: skip


def mark_places(
    uow: UnitOfWork, row: Certificate, earlier: Iterable[Earlier], *, actor: Actor, now: dt.datetime
) -> None:
    """Write down where else the key lay: of the new enrolment, and of those of the same key that go on. What a key
    gave away once it cannot have back, so no later place makes an earlier one better, either."""
    known = tuple(earlier)
    places = other_places(known, row.holder)
    if places:
        row.proof = {**row.proof, ALSO: " ".join(places)}
    if not earlier_of(row).tells_place:
        return
    for one in known:
        if one.place == row.holder or one.status not in revoked.LIVE:
            continue
        other = store.by_id(uow.session, one.id)
        named = sorted({*str(other.proof.get(ALSO, "")).split(), row.holder})
        if other.proof.get(ALSO) == " ".join(named):
            continue
        other.proof = {**other.proof, ALSO: " ".join(named)}
        facts = {"sha256": other.sha256, "holder": other.holder, ALSO: other.proof[ALSO]}
        journal.record(uow, subject=f"certificate:{other.id}", tag="certificate:enrolment:also", facts=facts,
                       actor=actor, now=now)  # fmt: skip
