"""The seal on an attachment: the same two phases as the document's own, on another file and with another look.

It stands at the same step as the document's seal and comes before it: a document is sealed once everything that
goes with it is (`domain.outgoing.ATTACHMENTS_SEALED`), so that half of it is never taken for whole.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from signing import Evidence, Policy, Receipt, TimeSource, TrustStore
from signing import prepare as making
from workflow.adapters import render
from workflow.domain import attachments as rules
from workflow.domain.errors import NotFound, Refused, stale
from workflow.domain.people import Actor
from workflow.services.documents.attached_files import field_at
from workflow.services.journal import record_document
from workflow.services.proofs import authority
from workflow.services.signing import trust
from workflow.services.signing.question import OwnQuestion
from workflow.store import attachments as store
from workflow.store import certificates, documents, evidence, verdicts
from workflow.store.models import Attachment, AttachmentSeal, Outgoing, SigningItem, SigningSession
from workflow.store.session import UnitOfWork

PREFIX = "attachment-"


def item_field(attachment_id: int) -> str:
    """The name of an attachment among the files of a signing session."""
    return f"{PREFIX}{attachment_id}"


def attachment_of(item_field: str) -> int | None:
    """Which attachment a file of a signing session is; None for the document itself."""
    return int(item_field.removeprefix(PREFIX)) if item_field.startswith(PREFIX) else None


def to_seal(uow: UnitOfWork, document: Outgoing, attachment_id: int) -> Attachment:
    """The attachment, where it still needs its seal.

    Raises `NotFound`, `Refused("attachment_not_sealed_kind")`, `Refused("attachment_sealed_already")`.
    """
    rows = {row.id: row for row in store.of_document(uow.session, document.id)}
    if attachment_id not in rows:
        raise NotFound("attachment_not_found")
    if rules.Kind(rows[attachment_id].kind) not in rules.SEALED:
        raise Refused("attachment_not_sealed_kind")
    if store.seal_of(uow.session, attachment_id) is not None:
        raise Refused("attachment_sealed_already")
    return rows[attachment_id]


def words(symbol: str, at: dt.datetime) -> tuple[str, str]:
    """What the seal shows: number and symbol, and the moment of signing."""
    return rules.seal_words(symbol, render.signing_time(at))


def draw(uow: UnitOfWork, document: Outgoing, row: Attachment, *, now: dt.datetime) -> bytes:
    """Its appearance, of exactly the box."""
    size = render.Size(*field_at(box_of(row)).size)
    lines = uow.compute(words, document.symbol, now)
    return uow.compute(render.attachment_stamp, size, lines, made_at=now)


def box_of(row: Attachment) -> making.Box:
    """Where the seal's words stand."""
    return row.left, row.bottom, row.right, row.top


@dataclass(frozen=True, slots=True)
class Known:
    """What every attachment of one document is judged by at one moment."""

    trust: TrustStore
    evidence: Evidence
    policy: Policy


def known(uow: UnitOfWork, document: Outgoing, *, at: dt.datetime, cited: Collection[str] = ()) -> Known:
    """Roots, lists and policy. `cited`: digests of revocation lists that earlier verdicts rested on, which stay
    evidence."""
    return known_for(uow, documents.agency_of(uow.session, document.id), at=at, cited=cited)


def known_for(uow: UnitOfWork, agency: int, *, at: dt.datetime, cited: Collection[str] = ()) -> Known:
    """The same for whatever an agency seals."""
    kept = tuple(row.der for row in verdicts.lists(uow.session, cited) if row.this_update <= at)
    answers = tuple(row.der for row in evidence.answers(uow.session, cited) if row.this_update <= at)
    about = {row.sha256 for row in certificates.of_agency(uow.session, agency)}  # seals are an agency's
    about |= authority.fingerprints(uow)
    known = trust.evidence(uow, at=at, about=about).plus(crls=kept, ocsps=answers)
    return Known(trust.trust_store(uow, agency), known, trust.policy(uow))


def question(
    uow: UnitOfWork, item: SigningItem, attachment_id: int, *, certificate_sha256: str, received_at: dt.datetime,
    at: dt.datetime,
) -> OwnQuestion:  # fmt: skip
    """What the verifier is asked about an attachment that was just sealed with this certificate."""
    row = uow.session.get_one(Attachment, attachment_id)
    document = uow.session.get_one(Outgoing, item.document_id)
    text = " ".join(uow.compute(words, document.symbol, item.claimed_at))
    field = field_at(box_of(row), words=text)
    return asked(known(uow, document, at=at), field, owner=certificate_sha256, received_at=received_at)


def standing_question(uow: UnitOfWork, document: Outgoing, held: store.Held, *, at: dt.datetime) -> OwnQuestion:
    """The same about one whose seal stands, or that bears none."""
    seal = held.seal
    owner = store.sealed_by(uow.session, seal)[1] if seal is not None else ""
    return asked_again(uow, known(uow, document, at=at), held, owner=owner)


def asked_again(uow: UnitOfWork, given: Known, held: store.Held, *, owner: str) -> OwnQuestion:
    """The same where roots and lists are known already. `owner`: the certificate of the seal that stands; what came
    when it did is the file that it closed, not what the clock put behind that."""
    seal = held.seal
    if seal is None:
        return asked(given, field_at(box_of(held.row)), owner="", received_at=None)
    text = " ".join(uow.compute(words, seal.symbol, seal.claimed_at))
    field = field_at(box_of(held.row), words=text)
    found = asked(given, field, owner=owner, received_at=None)
    sealed = Receipt(seal.received_at, TimeSource.RECEIPT, size=held.size, sha256=seal.sha256)
    return dataclasses.replace(found, evidence=dataclasses.replace(found.evidence, older_receipts=(sealed,)))


def asked(given: Known, field: making.PlannedField, *, owner: str, received_at: dt.datetime | None) -> OwnQuestion:
    """The question about one seal in its planned box; without an owner none is planned."""
    receipt = Receipt(received_at, TimeSource.RECEIPT) if received_at is not None else None
    text = field.expected_text
    return OwnQuestion(
        trust=given.trust,
        evidence=dataclasses.replace(given.evidence, receipt=receipt),
        policy=given.policy,
        plan=(field,) if owner else (),
        owners={field.name: frozenset({owner})} if owner else {},
        texts={field.name: text} if text else {},
    )


def demand_same(row: Attachment, document: Outgoing, base: str) -> None:
    """The file that was prepared is the one that is attached now."""
    if row.sha256 != base:
        raise stale(document)


def accept(
    uow: UnitOfWork, actor: Actor, document: Outgoing, item: SigningItem, attachment_id: int, *, sha256: str,
    conclusion: str, whole: str, trust_digest: str, verdict_digest: str, key_holder: str, now: dt.datetime,
) -> AttachmentSeal:  # fmt: skip
    """In the open write phase: the seal stands. The document stays where it is until its own seal."""
    opened = uow.session.get_one(SigningSession, item.session_id)
    if actor.person_id is None:
        raise NotFound("signing_session_not_found")
    seal = AttachmentSeal(
        attachment_id=attachment_id, document_id=document.id, person_id=actor.person_id, post_id=opened.post_id,
        certificate_id=opened.certificate_id, key_holder=key_holder, symbol=document.symbol,
        claimed_at=item.claimed_at, received_at=item.received_at or now, sha256=sha256, conclusion=conclusion,
        reason="", body=whole, trust_digest=trust_digest, address=actor.address,
    )  # fmt: skip
    uow.add(seal)
    uow.flush()
    told = {
        "attachment": attachment_id, "base": item.base_sha256, "file": sha256, "verdict": conclusion,
        "verdict_digest": verdict_digest, "certificate": opened.certificate_id, "key_holder": key_holder,
        "act": opened.manifest_code,
    }  # fmt: skip
    record_document(uow, document, tag="document:attachment:sealed", facts=told, actor=actor, now=now)
    uow.flush()
    return seal
