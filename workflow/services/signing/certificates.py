"""Enrolment: possession of the key is proven, a second person confirms (Decree 23/2025 Art. 13)."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from collections.abc import Mapping
from typing import Any

import signing
from signing import Purpose
from signing.prepare.possession import check_possession
from workflow.domain.certificates import names
from workflow.domain.errors import BadInput, NotFound, NotPermitted, Refused
from workflow.domain.key_holders import ALSO, SHOWN, KeyHolder
from workflow.domain.known_keys import demand_usable
from workflow.domain.people import Actor
from workflow.domain.permissions import Permission, demand
from workflow.services import journal
from workflow.services.signing import known_keys, trust
from workflow.services.signing.chains import known_issuers
from workflow.store import certificates as store
from workflow.store import office, registers
from workflow.store.models import Certificate, LoginSession, Person
from workflow.store.session import UnitOfWork

PROVEN_HERE = (KeyHolder.BROWSER_FILE, KeyHolder.TOKEN)
"""Where a key may lie whose possession is proven by a page of ours."""

DESPITE, READ = "despite", "past_read_by"
"""In the proof: why the second person believed it although it does not name the unit, and who read what is known
of its key."""

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
    knows it, of a key that is used from afar and was asked there. Raises `BadInput` where possession is not proven
    or the certificate cannot sign, `Refused` where it is somebody's already, names somebody else, or its key must
    not be used (`domain.known_keys`).
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
    row.warnings = differences(uow, actor, facts, for_agency=row.agency_id is not None)
    owner = (row.person_id, row.agency_id)
    if store.live(uow.session, facts.sha256) is not None:
        raise Refused("certificate_enrolled_already")
    demand_usable(known_keys.known(uow, facts.public_key, agency_id=actor.agency_id, now=now), owner)
    uow.begin_write()
    if store.live(uow.session, facts.sha256) is not None:
        raise Refused("certificate_enrolled_already")
    earlier = known_keys.listed(uow, facts.public_key)
    demand_usable(earlier, owner)
    login = login_of(uow, login_session_id)
    if login.challenge != challenge:
        raise Refused("challenge_expired")
    login.challenge = ""
    known_keys.mark_places(uow, row, earlier, actor=actor, now=now)
    uow.add(row)
    uow.flush()
    record(uow, row, "enrolled", actor=actor, now=now)
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
        public_key=facts.public_key,
        enrolled_by_id=actor.person_id,
        enrolled_at=now,
    )


def differences(uow: UnitOfWork, actor: Actor, facts: signing.CertificateFacts, *, for_agency: bool) -> list[str]:
    """What the second person has to judge: of a person's certificate that it names no unit of theirs.

    Raises `Refused("certificate_names_another")` where it does not name its owner: the person, or of a seal's the
    agency or one of its organs.
    """
    if actor.person_id is None or actor.agency_id is None:
        raise NotPermitted("no_post")
    units = unit_names(uow, actor.agency_id)
    parts = (facts.common_name, facts.organisation, *facts.organisational_units)
    named_unit = any(names(parts, one) for one in units)
    person = uow.session.get_one(Person, actor.person_id)
    if not (named_unit if for_agency else names((facts.common_name,), person.full_name)):
        wanted = units[0] if for_agency else person.full_name
        raise Refused("certificate_names_another", said=facts.common_name or "–", wanted=wanted)
    return [] if named_unit else ["organisation_differs"]


def unit_names(uow: UnitOfWork, agency_id: int) -> tuple[str, ...]:
    """What an agency is called in certificates: by its own name, or that of an organ it serves."""
    organs = (one.name for one in registers.organs(uow.session, agency_id))
    return (office.unit(uow.session, agency_id).name, *organs)


def record(uow: UnitOfWork, row: Certificate, verb: str, *, actor: Actor, now: dt.datetime) -> None:
    facts = {"sha256": row.sha256, "person": row.person_id, "agency": row.agency_id, "serial": row.serial,
             "holder": row.holder, "warnings": list(row.warnings), "public_key": row.public_key}  # fmt: skip
    facts |= {name: row.proof[name] for name in (SHOWN, ALSO, DESPITE, READ) if name in row.proof}
    if row.stopped_why:
        facts["why"] = row.stopped_why
    journal.record(uow, subject=f"certificate:{row.id}", tag=f"certificate:enrolment:{verb}", facts=facts,
                   actor=actor, now=now)  # fmt: skip


def digest(data: bytes) -> str:
    """SHA-256, 64 lower-case hex digits."""
    return hashlib.sha256(data).hexdigest()
