"""Enrol a key that a remote service holds: the account is named, a certificate chosen, and the key signs our
challenge there. A second person confirms as for every other certificate.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from dataclasses import dataclass

import signing
from workflow.adapters.remote_signing import Credential
from workflow.domain.errors import BadInput, NotFound, NotPermitted, Refused
from workflow.domain.key_holders import KeyHolder
from workflow.domain.people import Actor
from workflow.domain.permissions import Permission, demand
from workflow.domain.remote_signing import Standing, code_of
from workflow.domain.text import clean
from workflow.services.signing.certificates import challenge, challenge_bytes, differences, digest, enrol
from workflow.services.signing.remote.claiming import Claim, end, person
from workflow.services.signing.remote.services import Doing, Services, credential_now
from workflow.store import certificates as certificate_store
from workflow.store import remote_signing as requests
from workflow.store.models import Certificate, RemoteRequest
from workflow.store.session import UnitOfWork

LIFETIME = dt.timedelta(minutes=15)
CODE_LENGTH = 10
LONGEST_ACCOUNT = 100


@dataclass(frozen=True, slots=True)
class Offered:
    """A key of an account: how the service calls it, and what its certificate says. `enrolled`: here already."""

    id: str
    facts: signing.CertificateFacts
    enrolled: bool


def offered(
    uow: UnitOfWork, actor: Actor, *, provider: str, account: str, services: Services
) -> tuple[Offered, ...]:
    """The keys of an account at a configured service, as it tells of them now. Raises what the adapter raises, and
    `BadInput("remote_account_needed")`, `BadInput("remote_no_keys")`."""
    demand(actor, Permission.ENROL_CERTIFICATE)
    service, named = services.get(provider), _account(account)
    if service is None:
        raise NotFound("remote_service_gone")
    found = uow.compute(service.credentials, named)
    told = [(one, facts) for one in found if (facts := uow.compute(_told_by, one)) is not None]
    if not told:
        raise BadInput("remote_no_keys")
    return tuple(
        Offered(one.id, facts, certificate_store.live(uow.session, facts.sha256) is not None) for one, facts in told
    )


def _account(given: str) -> str:
    words = clean(given)
    if not words or len(words) > LONGEST_ACCOUNT:
        raise BadInput("remote_account_needed")
    return words


def _told_by(one: Credential) -> signing.CertificateFacts | None:
    try:
        return signing.inspect_certificate(one.certificate)
    except signing.SigningError:
        return None


def begin_enrolment(
    do: Doing, actor: Actor, *, provider: str, account: str, credential: str, for_agency: bool,
    login_session_id: int, origin: str, services: Services, now: dt.datetime,
) -> int:  # fmt: skip
    """Draw a challenge for the key; its request is sent next. The answer is the request."""
    demand(actor, Permission.ENROL_CERTIFICATE)
    if for_agency:
        demand(actor, Permission.SEAL)
    if actor.in_place_of is not None:
        raise NotPermitted("remote_not_in_place")
    service, named = services.get(provider), _account(account)
    if service is None:
        raise NotFound("remote_service_gone")
    held = do(lambda uow: credential_now(uow, service, account=named, credential=credential))
    if not for_agency:
        do(lambda uow: _demand_own_name(uow, actor, held))
    nonce = do(lambda uow: challenge(uow, actor, login_session_id=login_session_id, now=now))
    about = {
        "certificate": held.certificate.hex(), "chain": [one.hex() for one in held.chain], "nonce": nonce,
        "origin": origin, "for_agency": for_agency, "way": str(service.capabilities.way),
    }  # fmt: skip
    row = RemoteRequest(
        kind="enrol", person_id=actor.person_id, post_id=actor.post_id, login_session_id=login_session_id,
        address=actor.address, provider=service.name, account=named, credential=held.id, name=secrets.token_hex(16),
        code="", state=Standing.READY, about=about, created_at=now, expires_at=now + LIFETIME,
    )  # fmt: skip
    proof = hashlib.sha256(message_of(row)).hexdigest()
    row.code = code_of(proof, part=1, length=service.capabilities.code or CODE_LENGTH)
    return do(lambda uow: _add(uow, row))


def _demand_own_name(uow: UnitOfWork, actor: Actor, held: Credential) -> None:
    """Before anything is sent: no stranger's telephone rings."""
    facts = uow.compute(_told_by, held)
    try:
        if facts is not None:
            differences(uow, actor, facts, for_agency=False)
            return
    except Refused as refused:
        raise Refused("remote_name_differs") from refused
    raise Refused("remote_name_differs")


def _add(uow: UnitOfWork, row: RemoteRequest) -> int:
    uow.begin_write()
    if certificate_store.live(uow.session, digest(bytes.fromhex(row.about["certificate"]))) is not None:
        raise Refused("certificate_enrolled_already")
    for older in requests.live_of(uow.session, row.person_id, kind="enrol"):
        if older.state != Standing.APPROVED:
            older.claim += 1
            end(uow, older, Standing.CANCELLED, reason="begun_anew", now=row.created_at)
    uow.add(row)
    uow.flush()
    return row.id


def message_of(row: RemoteRequest) -> bytes:
    """What the key signs: never a document."""
    return challenge_bytes(origin=row.about["origin"], user=str(row.person_id), nonce=row.about["nonce"])


def enrol_proven(uow: UnitOfWork, claim: Claim, *, now: dt.datetime) -> Certificate:
    """The signature came: from here it is an enrolment like every other."""
    row = uow.session.get_one(RemoteRequest, claim.request_id)
    actor, _scope = person(uow, row, now=now)
    about = row.about
    return enrol(
        uow, actor, login_session_id=row.login_session_id or 0, certificate=bytes.fromhex(about["certificate"]),
        chain=tuple(bytes.fromhex(one) for one in about["chain"]), nonce=about["nonce"],
        signature=bytes.fromhex(about["signature"]), algorithm="", origin=about["origin"],
        for_agency=about["for_agency"], now=now, holder=KeyHolder(about["way"]),
        held={"provider": row.provider, "account": row.account, "credential": row.credential},
    )  # fmt: skip
