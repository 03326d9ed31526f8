"""Phase one of a signature: who may sign what, the prepared file, the bytes to be signed."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from dataclasses import dataclass
from enum import StrEnum

import signing
from signing import prepare as making
from workflow.adapters.blobs import Blobs
from workflow.domain.attachments import FIELD
from workflow.domain.cosigning import Place
from workflow.domain.errors import Missing, NotFound, NotPermitted, Refused, stale
from workflow.domain.key_holders import Control, KeyHolder, believed, fits
from workflow.domain.outgoing import ATTACHMENTS_SEALED, STEPS, Action, Medium, State
from workflow.domain.people import Actor
from workflow.domain.permissions import Permission, Scope, demand
from workflow.domain.signing_acts import OF_COPIES
from workflow.domain.steps import require, step_for
from workflow.domain.text import mask_personal
from workflow.services import authority
from workflow.services.documents.attachments import demand_unchanged
from workflow.services.documents.files import keep
from workflow.services.documents.moves import true_facts
from workflow.services.documents.organs import check_head, check_seal
from workflow.services.journal import OFFICE_ZONE, local_day
from workflow.services.signing import appearance, attached, trust
from workflow.services.signing.certificates import digest
from workflow.services.signing.chains import split
from workflow.services.signing.minimums import demand_control
from workflow.store import certificates as store
from workflow.store import cosigning, devices, documents, office
from workflow.store.models import Attachment, Certificate, Outgoing, SigningItem, SigningSession
from workflow.store.session import UnitOfWork

LIFETIME = dt.timedelta(minutes=15)
"""How long a prepared signature may wait for its key."""


class SignaturePurpose(StrEnum):
    """The signatures of an issued document, in the order of Decree 30/2020 Art. 14; before the leader's come those
    of who signs beside them (`domain.cosigning`)."""

    COSIGN = "cosign"
    LEADER = "leader"
    NUMBER = "number"
    SEAL = "seal"


PERSONAL = frozenset({SignaturePurpose.COSIGN, SignaturePurpose.LEADER})
"""Made with a person's own key; the others with the agency's."""

PERMISSION = {SignaturePurpose.COSIGN: Permission.CO_SIGN, SignaturePurpose.LEADER: Permission.SIGN}

ACTION = {
    SignaturePurpose.COSIGN: Action.CO_SIGN,
    SignaturePurpose.LEADER: Action.SIGN,
    SignaturePurpose.NUMBER: Action.SIGN_NUMBER,
    SignaturePurpose.SEAL: Action.SEAL,
}


def purpose_of(named: str) -> SignaturePurpose:
    """Which signature an act of this purpose makes: one over certified copies, the agency's, as a seal."""
    return SignaturePurpose.SEAL if named == OF_COPIES else SignaturePurpose(named)


def permission_of(named: str) -> Permission:
    """What whoever signs in an act of this purpose has to be allowed."""
    return Permission.MAKE_COPIES if named == OF_COPIES else PERMISSION.get(purpose_of(named), Permission.SEAL)


GIVEN = {
    SignaturePurpose.COSIGN: "signature_given",
    SignaturePurpose.LEADER: "signature_given",
    SignaturePurpose.SEAL: "seal_given",
}
"""The predicate that the signature itself makes true."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedItem:
    """What the key holder needs for one document. `original_sha256` is the version that was read."""

    document_id: int
    version: int
    to_be_signed: bytes
    digest: str
    byte_range: tuple[int, int, int, int]
    prepared_sha256: str
    original_sha256: str


def open_session(
    uow: UnitOfWork,
    actor: Actor,
    *,
    purpose: str,
    login_session_id: int | None,
    certificate: bytes,
    chain: tuple[bytes, ...] = (),
    key_holder: KeyHolder = KeyHolder.BROWSER_FILE,
    control: Control | None = None,
    now: dt.datetime,
) -> str:
    """Begin an act of signing with one certificate; the answer is the secret name of the session.

    `purpose`: a `SignaturePurpose`, or certified copies, which bear the agency's signature as a seal does.
    `key_holder`: by which way it is signed; `control` where its adapter knows more of it than the table does.
    Raises `NotPermitted` where the certificate is not the actor's (or, for number and seal, the agency's),
    `Refused("certificate_…")` where it may not sign now, `Refused("key_not_held_there")` where its key lies
    elsewhere.
    """
    wanted = purpose_of(purpose)
    demand(actor, permission_of(purpose))
    row = own_certificate(uow, actor, certificate, purpose=wanted)
    check_now(uow, actor, row, purpose=wanted, now=now)
    if not fits(row.holder, key_holder):
        raise Refused("key_not_held_there")
    held = believed(key_holder, lies=row.holder, proof=row.proof, told=control)
    token = secrets.token_urlsafe(32)
    uow.begin_write()
    uow.add(
        SigningSession(
            id_hash=digest(token.encode()), person_id=actor.person_id, post_id=actor.post_id,
            login_session_id=login_session_id, certificate_id=row.id, purpose=purpose, created_at=now,
            expires_at=now + LIFETIME, key_holder=key_holder, control=held,
            device_hash=devices.of_login(uow.session, login_session_id),
        )
    )  # fmt: skip
    uow.flush()
    return token


def own_certificate(uow: UnitOfWork, actor: Actor, der: bytes, *, purpose: SignaturePurpose) -> Certificate:
    """The confirmed enrolment of exactly this certificate to this actor (or their agency)."""
    row = store.live(uow.session, digest(der))
    if row is None:
        raise NotPermitted("certificate_not_enrolled", **_named(uow, der))
    owner = row.person_id == actor.person_id and row.person_id is not None
    if purpose not in PERSONAL:
        owner = row.agency_id == actor.agency_id and row.agency_id is not None
    if not owner:
        raise NotPermitted("certificate_of_somebody_else", **_named(uow, der))
    if row.status != "confirmed":
        raise NotPermitted("certificate_not_confirmed")
    return row


def _named(uow: UnitOfWork, der: bytes) -> dict[str, str]:
    """Whose certificate it says it is, personal numbers masked: who took the wrong file sees it."""
    try:
        facts = uow.compute(signing.inspect_certificate, der)
    except signing.SigningError:
        return {}
    return {"subject": mask_personal(facts.common_name), "serial": facts.serial}


def check_now(
    uow: UnitOfWork, actor: Actor, row: Certificate, *, purpose: SignaturePurpose, now: dt.datetime
) -> None:
    """Decree 23/2025 Art. 15: the signer's certificate and its issuer's are looked at before signing."""
    kind = signing.Purpose.PERSON if purpose in PERSONAL else signing.Purpose.SEAL
    result = uow.compute(
        signing.check_certificate, row.der, chain=split(row.chain), trust=trust.trust_store(uow, actor.agency_id),
        evidence=trust.evidence(uow, at=now, about=(row.sha256,)), at=now, purpose=kind, policy=trust.policy(uow),
    )  # fmt: skip
    if result.verdict == signing.Conclusion.FAILED:
        raise Refused(f"certificate_{result.reason}", expires=row.not_after.isoformat())


def prepare(
    uow: UnitOfWork,
    actor: Actor,
    scope: Scope,
    *,
    session: str,
    login_session_id: int | None,
    document_id: int,
    version: int,
    blobs: Blobs,
    now: dt.datetime,
    attachment_id: int | None = None,
) -> PreparedItem:
    """Prepare one document of a session, or one attachment of it for its seal: nothing is signed yet, nothing
    changes but the item.

    Raises what the state table raises (`WrongState`, `NotPermitted`, `Missing`), `Conflict("stale")`, and
    `NotFound` for a session that is not this login's.
    """
    opened = live_session(uow, actor, session=session, login_session_id=login_session_id, now=now)
    if opened.fixed_at is not None:
        raise Refused("act_fixed")
    purpose = SignaturePurpose(opened.purpose)
    document = documents.find(scope, uow.session, document_id)
    check_allowed(uow, actor, document, purpose=purpose, version=version, now=now)
    demand_control(uow, document, purpose=purpose, control=opened.control)
    certificate = store.by_id(uow.session, opened.certificate_id)
    if certificate.status != "confirmed":
        raise NotPermitted("certificate_not_confirmed")
    check_own_seal(uow, document, certificate, purpose=purpose)
    wanted = wanted_of(uow, actor, document, purpose=purpose, attachment_id=attachment_id)
    base, der = wanted.base, certificate.der
    drawing = drawing_of(uow, actor, document, wanted, now=now)
    data = uow.compute(blobs.get, base)
    claims = making.Claims(name=certificate.subject_name)
    prepared = uow.compute(
        making.prepare_signature, data, field=wanted.field, certificate=der, appearance_pdf=drawing,
        at=now.astimezone(OFFICE_ZONE),
        claims=claims,
    )  # fmt: skip
    prepared_sha256 = uow.compute(blobs.put, prepared.document)
    uow.begin_write()
    document = documents.lock(scope, uow.session, document_id, version=version)
    demand_same(uow, document, wanted)
    keep(uow, sha256=prepared_sha256, size=len(prepared.document), now=now)
    place_item(
        uow, opened, document, field=wanted.item, base=base, prepared_sha256=prepared_sha256,
        to_be_signed=prepared.to_be_signed, now=now,
    )  # fmt: skip
    return PreparedItem(
        document_id=document_id,
        version=version,
        to_be_signed=prepared.to_be_signed,
        digest=hashlib.sha256(prepared.to_be_signed).hexdigest(),
        byte_range=prepared.byte_range,
        prepared_sha256=prepared_sha256,
        original_sha256=base,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """The file that is signed: its hash, the field in it, its name in the session, and which attachment it is."""

    base: str
    field: str
    item: str
    attachment: Attachment | None = None


def wanted_of(
    uow: UnitOfWork, actor: Actor, document: Outgoing, *, purpose: SignaturePurpose, attachment_id: int | None
) -> Wanted:
    """The document itself, or one attachment of it where that needs its seal."""
    if attachment_id is None:
        field = field_of(uow, actor, document.id, purpose=purpose)
        return Wanted(base=base_file(document), field=field, item=field)
    if purpose is not SignaturePurpose.SEAL:
        raise Refused("attachment_not_sealed_kind")
    row = attached.to_seal(uow, document, attachment_id)
    return Wanted(base=row.sha256, field=FIELD, item=attached.item_field(attachment_id), attachment=row)


def drawing_of(uow: UnitOfWork, actor: Actor, document: Outgoing, wanted: Wanted, *, now: dt.datetime) -> bytes:
    """How its signature looks, signed at this moment: a one-page PDF of exactly its box."""
    if wanted.attachment is not None:
        return attached.draw(uow, document, wanted.attachment, now=now)
    return appearance.draw(uow, actor, document, purpose=wanted.field, now=now)


def demand_same(uow: UnitOfWork, document: Outgoing, wanted: Wanted) -> None:
    """In the write phase: an attachment is still the one that was looked at."""
    if wanted.attachment is not None:
        attached.demand_same(attached.to_seal(uow, document, wanted.attachment.id), document, wanted.base)


def field_of(uow: UnitOfWork, actor: Actor, document_id: int, *, purpose: SignaturePurpose) -> str:
    """The field in the document's file that the actor's signature belongs in.

    Raises `NotPermitted("cosigners_turn")` where the document does not name them.
    """
    if purpose is not SignaturePurpose.COSIGN:
        return str(purpose)
    return own_place(uow, actor, document_id).field


def item_field(
    uow: UnitOfWork, actor: Actor, opened: SigningSession, document_id: int, attachment_id: int | None
) -> str:
    """How a file of a session is named in it."""
    if attachment_id is not None:
        return attached.item_field(attachment_id)
    return field_of(uow, actor, document_id, purpose=SignaturePurpose(opened.purpose))


def own_place(uow: UnitOfWork, actor: Actor, document_id: int) -> Place:
    """The actor among those who sign beside the signer, in the post they act in."""
    named = cosigning.places(uow.session, document_id)
    for one in named:
        if one.person_id == actor.person_id and one.post_id == actor.post_id:
            return one
    raise NotPermitted(
        "cosigner_post" if any(one.person_id == actor.person_id for one in named) else "cosigners_turn"
    )


def live_session(
    uow: UnitOfWork, actor: Actor, *, session: str, login_session_id: int | None, now: dt.datetime,
    of_copies: bool = False,
) -> SigningSession:  # fmt: skip
    """The session, if it is this person's, in this post and login, and not 15 minutes old. `of_copies`: one that
    seals certified copies; no other door takes those, and theirs takes no other."""
    found = store.session_by_token(uow.session, digest(session.encode()))
    same = (found.person_id, found.post_id, found.login_session_id)
    if same != (actor.person_id, actor.post_id, login_session_id):
        raise NotFound("signing_session_not_found")
    if (found.purpose == OF_COPIES) is not of_copies:
        raise NotFound("signing_session_not_found")
    if now > found.expires_at:
        raise Refused("signing_session_expired")
    return found


def way_of(uow: UnitOfWork, actor: Actor, *, session: str) -> str:
    """By which way one's own act is signed, also one that ran out. Raises `NotFound`."""
    found = store.session_by_token(uow.session, digest(session.encode()))
    if found.person_id != actor.person_id:
        raise NotFound("signing_session_not_found")
    return found.key_holder


def check_allowed(
    uow: UnitOfWork, actor: Actor, document: Outgoing, *, purpose: SignaturePurpose, version: int, now: dt.datetime,
    given_at: dt.datetime | None = None,
) -> None:  # fmt: skip
    """The same questions before and after the key was used: version, state, role, signer, post, and by which right
    the signer signs (`given_at`: when a signature that was kept waiting had come)."""
    if document.version != version:
        raise stale(document)
    if purpose is SignaturePurpose.NUMBER and documents.live_signature(uow.session, document.id, "number"):
        raise Refused("number_signed_already")
    step = step_for(STEPS, State(document.state), ACTION[purpose], role=actor.role)
    facts = true_facts(uow, actor, document)
    given = {GIVEN[purpose]} if purpose in GIVEN else set()
    if purpose is SignaturePurpose.SEAL:  # what is attached is sealed in the same act; the step itself asks again
        demand_unchanged(uow, document)
        given.add(ATTACHMENTS_SEALED)
    require(step, facts | given)
    if document.file_sha256 is None or document.secret:
        raise Missing("has_file")
    if document.medium != Medium.DIGITAL and purpose is not SignaturePurpose.SEAL:
        raise Refused("signed_in_ink")
    if actor.post_id is not None:
        post = office.held_post(uow.session, actor.post_id, on=local_day(now))
        if purpose is SignaturePurpose.COSIGN:
            own_place(uow, actor, document.id)
        if purpose is SignaturePurpose.LEADER:
            check_head(uow, document, on=local_day(now))
            if document.signer_post_id != post.id:
                raise NotPermitted("capacity_not_allowed", capacity=document.capacity)
            authority.demand_signer(uow, document, now=now, given_at=given_at)


def check_own_seal(
    uow: UnitOfWork, document: Outgoing, certificate: Certificate, *, purpose: SignaturePurpose
) -> None:
    """Number and seal are signed with the key of the organ whose register it is: before and after it was used."""
    if purpose not in PERSONAL:
        check_seal(uow, document, certificate)


def base_file(document: Outgoing) -> str:
    """The file that is read and signed next."""
    if document.file_sha256 is None:
        raise Missing("has_file")
    return document.file_sha256


def place_item(
    uow: UnitOfWork, opened: SigningSession, document: Outgoing, *, field: str, base: str, prepared_sha256: str,
    to_be_signed: bytes, now: dt.datetime,
) -> None:  # fmt: skip
    """One live item per document and field: a newer prepare supersedes an older one that was never finished."""
    for older in store.live_items(uow.session, document.id, field):
        if older.status == "pending":
            raise Refused("signature_pending")
        older.status = "superseded"
    uow.flush()
    values = {
        "document_version": document.version, "field": field, "capacity": document.capacity,
        "base_sha256": base, "prepared_sha256": prepared_sha256, "to_be_signed": to_be_signed,
        "status": "prepared", "claimed_at": now,
    }  # fmt: skip
    try:
        item = store.item(uow.session, opened.id, document.id, field=field, for_update=True)
    except NotFound:
        uow.add(SigningItem(session_id=opened.id, document_id=document.id, **values))
    else:
        if item.status == "done":
            raise Refused("signed_already")
        for name, value in values.items():
            setattr(item, name, value)
    uow.flush()


def prepared_file(
    uow: UnitOfWork,
    actor: Actor,
    *,
    session: str,
    login_session_id: int | None,
    document_id: int,
    blobs: Blobs,
    now: dt.datetime,
    attachment_id: int | None = None,
) -> bytes:
    """The prepared file of one item, for the browser to check before it uses the key."""
    opened = live_session(uow, actor, session=session, login_session_id=login_session_id, now=now)
    field = item_field(uow, actor, opened, document_id, attachment_id)
    item = store.item(uow.session, opened.id, document_id, field=field)
    return uow.compute(blobs.get, item.prepared_sha256)
