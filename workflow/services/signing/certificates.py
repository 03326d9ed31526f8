"""Enrolment: possession of the key is proven, a second person confirms (Decree 23/2025 Art. 13)."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from collections.abc import Mapping, Sequence
from typing import Any

import signing
from signing import Purpose
from signing.prepare.possession import check_possession
from workflow.domain.errors import BadInput, NotFound, NotPermitted, Refused
from workflow.domain.key_holders import SHOWN, KeyHolder
from workflow.domain.notices import Kind, Told
from workflow.domain.people import Actor, Role
from workflow.domain.permissions import Permission, demand
from workflow.domain.text import fold
from workflow.services import journal, outbox
from workflow.services.signing import trust
from workflow.services.signing.chains import known_issuers
from workflow.store import certificates as store
from workflow.store import office, people
from workflow.store.models import Certificate, LoginSession, Person
from workflow.store.session import UnitOfWork

PROVEN_HERE = (KeyHolder.BROWSER_FILE, KeyHolder.TOKEN)
"""Where a key may lie whose possession is proven by a page of ours."""

CHALLENGE_PREFIX = b"trinhky-enrol-v1\0"
"""Never DER, so that a signed challenge can never pass for signed attributes of a document."""


def challenge_bytes(*, origin: str, user: str, nonce: str) -> bytes:
    """What the browser builds and signs: prefix, then origin, user and nonce, each after a NUL."""
    return CHALLENGE_PREFIX + b"\0".join(part.encode() for part in (origin, user, nonce))


def challenge(uow: UnitOfWork, actor: Actor, *, login_session_id: int, now: dt.datetime) -> str:
    """A fresh nonce, bound to this login session; a new one replaces the old."""
    demand(actor, Permission.ENROL_CERTIFICATE)
    uow.begin_write()
    login = login_of(uow, login_session_id)
    login.challenge = f"enrol:{secrets.token_urlsafe(24)}"
    uow.flush()
    return login.challenge


def login_of(uow: UnitOfWork, login_session_id: int) -> LoginSession:
    """The login whose challenge is asked for."""
    login = uow.session.get(LoginSession, login_session_id)
    if login is None:
        raise NotFound("login_session_not_found")
    return login


def enrol(
    uow: UnitOfWork,
    actor: Actor,
    *,
    login_session_id: int,
    certificate: bytes,
    chain: tuple[bytes, ...],
    nonce: str,
    signature: bytes,
    algorithm: str,
    origin: str,
    for_agency: bool,
    now: dt.datetime,
    holder: KeyHolder = KeyHolder.BROWSER_FILE,
    held: Mapping[str, Any] | None = None,
) -> Certificate:
    """Enrol a certificate to the actor, or (a clerk, for the seal) to the actor's agency.

    `holder`: where its key lies, as its owner says; the second person looks at that too. `held`: how that place
    knows it, of a key that is used from afar and was asked there. Raises `BadInput` where
    possession is not proven or the certificate cannot sign, `Refused` where it is somebody's already.
    """
    if holder not in PROVEN_HERE and not held:
        raise BadInput("request_malformed")
    demand(actor, Permission.ENROL_CERTIFICATE)
    if for_agency:
        demand(actor, Permission.SEAL)
    signed = challenge_bytes(origin=origin, user=str(actor.person_id), nonce=nonce)
    repeated = store.live(uow.session, digest(certificate))
    if repeated is not None and repeated.proof.get("challenge") == signed.hex():
        return repeated  # browsers send a POST again when a kept connection dies
    if not nonce or login_of(uow, login_session_id).challenge != nonce:
        raise Refused("challenge_expired")
    facts = facts_of(uow, certificate)
    _check_possession(uow, certificate, signed=signed, signature=signature)
    purpose = Purpose.SEAL if for_agency else Purpose.PERSON
    if holder is KeyHolder.TOKEN:  # tokens hand out no more than the certificate itself
        chain = (*chain, *known_issuers(uow))
    chain = useful_chain(uow, actor, certificate, chain=chain, purpose=purpose, now=now)
    row = new_row(actor, facts, certificate=certificate, chain=chain, for_agency=for_agency, now=now)
    row.holder, row.held = holder, dict(held or {})
    row.proof = {"challenge": signed.hex(), "signature": signature.hex(), "algorithm": algorithm}
    return enter(uow, actor, facts, row, challenge=nonce, login_session_id=login_session_id, now=now)


def enter(
    uow: UnitOfWork, actor: Actor, facts: signing.CertificateFacts, row: Certificate, *, challenge: str,
    login_session_id: int, now: dt.datetime,
) -> Certificate:  # fmt: skip
    """The enrolment of a certificate whose key was proven against the login's challenge, which is used up."""
    for_agency = row.agency_id is not None
    uow.begin_write()
    if store.live(uow.session, facts.sha256) is not None:
        raise Refused("certificate_enrolled_already")
    login = login_of(uow, login_session_id)
    if login.challenge != challenge:
        raise Refused("challenge_expired")
    login.challenge = ""
    row.warnings = list(warnings(uow, actor, facts, for_agency=for_agency))
    uow.add(row)
    uow.flush()
    _record(uow, row, "enrolled", actor=actor, now=now)
    return row


def facts_of(uow: UnitOfWork, certificate: bytes) -> signing.CertificateFacts:
    """What a certificate says. Raises `BadInput("certificate_unreadable")`."""
    try:
        return uow.compute(signing.inspect_certificate, certificate)
    except signing.SigningError as error:
        raise BadInput("certificate_unreadable") from error


def _check_possession(uow: UnitOfWork, certificate: bytes, *, signed: bytes, signature: bytes) -> None:
    try:
        uow.compute(check_possession, certificate, signed, signature=signature)
    except signing.SigningError as error:
        raise BadInput("possession_not_proven", cause=error.code) from error


def useful_chain(
    uow: UnitOfWork,
    actor: Actor,
    certificate: bytes,
    *,
    chain: tuple[bytes, ...],
    purpose: Purpose,
    now: dt.datetime,
) -> tuple[bytes, ...]:
    """Decree 23/2025 Art. 15: own and issuer's status first. A failing certificate is refused here, not later.

    Of what the browser sent along, the part that leads to a listed root: revocation lists are taken in on the word
    of stored authorities, so nobody gets to store one that only bears an authority's name.
    """
    result = uow.compute(
        signing.check_certificate, certificate, chain=chain, trust=trust.trust_store(uow, actor.agency_id),
        evidence=trust.evidence(uow, at=now), at=now, purpose=purpose, policy=trust.policy(uow),
    )  # fmt: skip
    if result.verdict == signing.Conclusion.FAILED or str(result.path) != "trusted":
        raise BadInput("certificate_not_usable", cause=str(result.reason or result.path))
    return tuple(one for one in dict.fromkeys(chain) if digest(one) in result.chain)


def new_row(
    actor: Actor,
    facts: signing.CertificateFacts,
    *,
    certificate: bytes,
    chain: tuple[bytes, ...],
    for_agency: bool,
    now: dt.datetime,
) -> Certificate:
    """The enrolment to be entered: waiting for the second person."""
    if actor.person_id is None:
        raise NotPermitted("no_post")
    return Certificate(
        person_id=None if for_agency else actor.person_id,
        agency_id=actor.agency_id if for_agency else None,
        sha256=facts.sha256,
        der=certificate,
        chain=b"".join(chain),
        subject_name=facts.common_name[:200],
        organisation=facts.organisation[:200],
        title=facts.title[:100],
        issuer_name=facts.issuer_name[:200],
        serial=facts.serial,
        not_before=facts.not_before,
        not_after=facts.not_after,
        key_kind=f"{facts.key_kind} {facts.key_bits}",
        enrolled_by_id=actor.person_id,
        enrolled_at=now,
    )


def warnings(uow: UnitOfWork, actor: Actor, facts: signing.CertificateFacts, *, for_agency: bool) -> Sequence[str]:
    """What the second person should look at: the subject does not name the owner, or is not of this office."""
    if actor.person_id is None or actor.agency_id is None:
        return ()
    person = uow.session.get(Person, actor.person_id)
    agency = office.unit(uow.session, actor.agency_id)
    named = agency.name if for_agency else (person.full_name if person else "")
    found = []
    if fold(named) not in fold(facts.common_name):
        found.append("name_differs")
    if not for_agency and fold(agency.name) not in fold(facts.organisation):
        found.append("organisation_differs")
    return found


def confirm(
    uow: UnitOfWork, actor: Actor, *, certificate_id: int, shown: bool = False, now: dt.datetime
) -> Certificate:
    """A second person confirms; from now on the certificate may sign. `shown`: they say that the token was shown to
    them, which nothing in the certificate tells. Raises `Refused("token_not_shown")` where it has to be."""
    row = _decide(uow, actor, certificate_id, now=now)
    if row.enrolled_by_id == actor.person_id:
        raise Refused("second_person_needed")
    if row.holder == KeyHolder.TOKEN:
        if not shown:
            raise Refused("token_not_shown")
        row.proof = {**row.proof, SHOWN: actor.person_id}
    row.status, row.confirmed_by_id, row.confirmed_at = "confirmed", actor.person_id, now
    uow.flush()
    _record(uow, row, "confirmed", actor=actor, now=now)
    _tell_confirmed(uow, actor, row, now=now)
    return row


def _tell_confirmed(uow: UnitOfWork, actor: Actor, row: Certificate, *, now: dt.datetime) -> None:
    """Whose it is, and of an agency's the head: whoever signs in their name without their knowledge is found."""
    readers = {row.person_id} if row.person_id is not None else set()
    if row.agency_id is not None:
        today = journal.local_day(now)
        heads = office.holders(uow.session, role=Role.LEADER, on=today, agency_id=row.agency_id)
        readers = {post.person_id for post in heads}
    what = Told.of(
        Kind.CERTIFICATE_CONFIRMED, name=row.subject_name, serial=row.serial, who=actor.name,
        day=journal.local_day(row.not_after),
    )  # fmt: skip
    for reader in sorted(readers):
        cause = f"certificate:{row.id}:confirmed:{reader}"
        outbox.queue(uow, outbox.Note(cause=cause, person_id=reader, link="/certificates", what=what), now=now)


def refuse(uow: UnitOfWork, actor: Actor, *, certificate_id: int, now: dt.datetime) -> Certificate:
    """The second person does not believe it."""
    row = _decide(uow, actor, certificate_id, now=now)
    row.status = "refused"
    _record(uow, row, "refused", actor=actor, now=now)
    return row


def _decide(uow: UnitOfWork, actor: Actor, certificate_id: int, *, now: dt.datetime) -> Certificate:
    demand(actor, Permission.CONFIRM_CERTIFICATE)
    uow.begin_write()
    row = store.by_id(uow.session, certificate_id, for_update=True)
    if not _looks_after(uow, actor, row, now=now):
        raise NotFound("certificate_not_found")
    if row.status != "pending":
        raise Refused("certificate_not_pending", status=row.status)
    return row


def _looks_after(uow: UnitOfWork, actor: Actor, row: Certificate, *, now: dt.datetime) -> bool:
    """An administrator, of what is enrolled in their agency and those below it, as their queue shows it: a
    department has no administrator of its own, and its certificates would wait for ever."""
    if actor.role is not Role.ADMIN or actor.agency_id is None:
        return False
    agencies = store.agencies_of(uow.session, row, on=journal.local_day(now))
    if actor.agency_id in agencies:
        return True
    return not agencies.isdisjoint(people.agencies_below(uow.session, actor.agency_id))


def retire(uow: UnitOfWork, actor: Actor, *, certificate_id: int, now: dt.datetime) -> Certificate:
    """End an enrolment: by its owner, by a clerk for the agency's, or by an administrator of it or above."""
    uow.begin_write()
    row = store.by_id(uow.session, certificate_id, for_update=True)
    own = row.person_id is not None and row.person_id == actor.person_id
    seal = row.agency_id is not None and row.agency_id == actor.agency_id and actor.role is Role.CLERK
    if not (own or seal or _looks_after(uow, actor, row, now=now)):
        raise NotFound("certificate_not_found")
    if row.status not in {"pending", "confirmed"}:
        raise Refused("certificate_ended_already", status=row.status)
    row.status, row.retired_at = "retired", now
    _record(uow, row, "retired", actor=actor, now=now)
    return row


def _record(uow: UnitOfWork, row: Certificate, verb: str, *, actor: Actor, now: dt.datetime) -> None:
    facts = {"sha256": row.sha256, "person": row.person_id, "agency": row.agency_id, "serial": row.serial,
             "holder": row.holder, "warnings": list(row.warnings)}  # fmt: skip
    if SHOWN in row.proof:
        facts[SHOWN] = row.proof[SHOWN]
    journal.record(uow, subject=f"certificate:{row.id}", tag=f"certificate:enrolment:{verb}", facts=facts,
                   actor=actor, now=now)  # fmt: skip


def digest(data: bytes) -> str:
    """SHA-256, 64 lower-case hex digits."""
    return hashlib.sha256(data).hexdigest()
