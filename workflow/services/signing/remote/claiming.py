"""Who works on a request: one at a time, known by a number, and what an older number brings is not written down."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from workflow.adapters.remote_signing import Answer, Provider, Said
from workflow.domain.errors import NotPermitted, WorkflowError
from workflow.domain.obstacle_codes import OBSTACLE_OF
from workflow.domain.people import Actor, Role
from workflow.domain.permissions import Scope, scope_of
from workflow.domain.remote_signing import (
    BY_THEMSELVES,
    LIVE,
    PIN_LOCKED,
    WRONG_PIN,
    ItemStanding,
    Standing,
    may_move,
)
from workflow.domain.signing_acts import OF_COPIES
from workflow.domain.unsigned_reasons import Obstacle
from workflow.services import journal
from workflow.services.signing import obstacles
from workflow.services.signing.remote.services import Services
from workflow.store import accounts, office, people
from workflow.store import remote_signing as store
from workflow.store.models import Person, PostRow, RemoteRequest, SigningSession
from workflow.store.session import UnitOfWork

PROOF = "proof"
"""The name of the one hash of an enrolment."""

LEASE = dt.timedelta(seconds=150)
"""Longer than a service may take to answer (`adapters.remote_signing.csc.APPROVAL`, and twice a usual answer)."""

ENDS: Mapping[Said, Standing] = {
    Said.REFUSED: Standing.REFUSED, Said.EXPIRED: Standing.EXPIRED, Said.UNKNOWN: Standing.UNREACHABLE,
    Said.FAILED: Standing.FAILED,
}  # fmt: skip


MET: Mapping[Standing, Obstacle] = {
    Standing.REFUSED: Obstacle.CANCELLED, Standing.EXPIRED: Obstacle.TIMED_OUT,
    Standing.UNREACHABLE: Obstacle.PROVIDER_UNREACHABLE, Standing.FAILED: Obstacle.AGENT_FAILED,
}  # fmt: skip
"""Ends that stand in the way of a signature, as reports name them; one that was taken back here is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One turn at one request, and what it stood at."""

    request_id: int
    number: int
    state: Standing
    service: Provider
    reference: str


def take(uow: UnitOfWork, request_id: int, services: Services, *, now: dt.datetime) -> Claim | None:
    """Claim what is to be done next of an act (the one part that is live); None where nothing is, where somebody
    else is at it, or where its time has run out, which is written down."""
    uow.begin_write()
    row = _live(uow, request_id)
    if row is None or (row.claimed_until is not None and row.claimed_until > now):
        return None
    before = Standing(row.state)
    if before is not Standing.APPROVED and now > row.expires_at:
        end(uow, row, Standing.EXPIRED, reason="time_is_over", now=now)
        return None
    service = services.get(row.provider)
    if service is None:
        row.trouble = "remote_service_gone"
        return None
    if before is Standing.ASKING and not _recovered(uow, row, service, now=now):
        return None
    if before is Standing.READY:
        row.state, row.asked_at = Standing.ASKING, now
        row.expires_at = min(row.expires_at, now + dt.timedelta(seconds=service.capabilities.seconds))
        _tell(uow, row, "asked", {"provider": row.provider, "name": row.name, "code": row.code}, now=now)
    row.claim += 1
    row.claimed_until = now + LEASE
    uow.flush()
    return Claim(
        request_id=row.id, number=row.claim, state=Standing(row.state), service=service, reference=row.reference
    )


def _live(uow: UnitOfWork, request_id: int) -> RemoteRequest | None:
    asked = store.lock(uow.session, request_id)
    for part in store.parts_of(uow.session, asked):
        if part.state in LIVE:
            return part if part.id == asked.id else store.lock(uow.session, part.id)
    return None


def _recovered(uow: UnitOfWork, row: RemoteRequest, service: Provider, *, now: dt.datetime) -> bool:
    """Whoever sent it was broken off before the answer was written down. Where the service knows it by our name it
    is asked; else nobody can tell, and nothing was signed here."""
    if service.capabilities.named:
        row.state = Standing.WAITING
        return True
    end(uow, row, Standing.UNREACHABLE, reason="broken_off", now=now)
    return False


def held(uow: UnitOfWork, claim: Claim) -> RemoteRequest | None:
    """In the write phase: the request, if the claim is still the newest and nobody ended it meanwhile."""
    uow.begin_write()
    row = store.lock(uow.session, claim.request_id)
    return row if row.claim == claim.number and row.state in LIVE else None


def keep_answer(
    uow: UnitOfWork, claim: Claim, answer: Answer, *, trouble: str = "", now: dt.datetime
) -> Standing | None:
    """Write down what the service said; the answer is where it stands now, None where that came too late."""
    row = held(uow, claim)
    if row is None:
        return None
    row.trouble, row.claimed_until = trouble, None
    if answer.reference:
        row.reference = answer.reference
    if answer.said is Said.WAITING:
        row.state = Standing.WAITING
    elif answer.said is Said.APPROVED:
        _keep_signatures(row, answer.signatures)
        row.state, row.claimed_until = Standing.APPROVED, now + LEASE
    else:
        end(uow, row, ENDS[answer.said], reason=answer.code or str(answer.said), now=now)
    uow.flush()
    return Standing(row.state)


def _keep_signatures(row: RemoteRequest, signatures: Mapping[str, bytes]) -> None:
    """By the name that each hash was given; what nobody asked for is left lying."""
    if row.kind == "enrol":
        row.about = {**row.about, "signature": signatures.get(PROOF, b"").hex()}
        return
    row.items = [_with(one, signatures.get(str(one["item"]))) for one in row.items]


def _with(item: Mapping[str, Any], signature: bytes | None) -> dict[str, Any]:
    if signature is None:
        return {**item, "state": ItemStanding.FAILED, "code": "remote_signature_missing"}
    return {**item, "signature": signature.hex()}


def end(uow: UnitOfWork, row: RemoteRequest, state: Standing, *, reason: str, now: dt.datetime) -> None:
    """In the write phase: it ended, and what waited behind it goes on or ends with it."""
    if not may_move(row.state, state):
        return
    row.state, row.reason, row.ended_at, row.claimed_until = state, reason[:60], now, None
    row.reference = ""
    uow.flush()
    _tell(uow, row, "ended", {"state": str(state), "reason": reason, "name": row.name}, now=now)
    _obstacle(uow, row, state, now=now)
    following = store.following(uow.session, row)
    if state is Standing.DONE:
        for part in following[:1]:
            part.state = Standing.READY
    else:
        for part in following:
            part.state, part.reason, part.ended_at = Standing.CANCELLED, "earlier_part", now
    if reason in BY_THEMSELVES:
        for part in store.parts_of(uow.session, row):
            part.told_at = now
    uow.flush()


def _obstacle(uow: UnitOfWork, row: RemoteRequest, state: Standing, *, now: dt.datetime) -> None:
    """Why what was to be signed is not: of an end that came from afar. Who is in no post any more signs nothing."""
    if row.kind == "enrol" or state not in MET:
        return
    documents = {int(one["document"]) for one in row.items}
    kind = OBSTACLE_OF[row.reason] if row.reason in {WRONG_PIN, PIN_LOCKED} else MET[state]
    met(uow, row, kind, documents, now=now)


def of_copies(uow: UnitOfWork, row: RemoteRequest) -> bool:
    """Whether a request is about certified copies: its items name those, and no document of the same key."""
    return row.act_id is not None and uow.session.get_one(SigningSession, row.act_id).purpose == OF_COPIES


def met(uow: UnitOfWork, row: RemoteRequest, kind: Obstacle, documents: set[int], *, now: dt.datetime) -> None:
    """Record what stood in the way of documents of a request, as it happens; why a copy has no seal yet is asked
    by nobody."""
    if of_copies(uow, row):
        return
    try:
        actor, scope = person(uow, row, now=now)
    except WorkflowError:
        return
    obstacles.note(uow, actor, scope, document_ids=documents, kind=kind, holder=_holder(uow, row), now=now)


def _holder(uow: UnitOfWork, row: RemoteRequest) -> str:
    return uow.session.get_one(SigningSession, row.act_id).key_holder


def _tell(uow: UnitOfWork, row: RemoteRequest, verb: str, facts: Mapping[str, object], *, now: dt.datetime) -> None:
    subject = f"signing_act:{row.act_id}" if row.act_id is not None else f"remote_request:{row.id}"
    facts = {**facts, "part": row.part, "parts": row.parts}
    journal.record(
        uow, subject=subject, tag=f"signing:request:{verb}", facts=facts, actor=_named(uow, row), now=now
    )


def _named(uow: UnitOfWork, row: RemoteRequest) -> Actor:
    post = replace(accounts.post_of(uow.session.get_one(PostRow, row.post_id)), person_id=row.person_id)
    return Actor.of(post, address=row.address)


def person(uow: UnitOfWork, row: RemoteRequest, *, now: dt.datetime) -> tuple[Actor, Scope]:
    """Who asked, with what they reach today: nobody may be logged in when the answer comes.

    Raises `NotFound("post_not_held")` for a post that ended, `NotPermitted("no_post")` for an account that is shut.
    """
    found = office.held_post(uow.session, row.post_id, on=journal.local_day(now))
    account = accounts.account_of(uow.session, row.person_id)
    if found.person_id != row.person_id or account is None or not account.active:
        raise NotPermitted("no_post")
    post = accounts.post_of(found)
    units = people.units_below(uow.session, post.unit_id) if post.role is Role.UNIT_HEAD else ()
    name = uow.session.get_one(Person, row.person_id).full_name
    return Actor.of(post, name=name, address=row.address), scope_of(post, units_below=units)
