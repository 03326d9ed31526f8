"""Phase two: the signature comes back, is checked, embedded, verified whole, and only then the state moves."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Protocol

import signing
from signing import prepare as making
from workflow.adapters.blobs import Blobs
from workflow.domain.attachments import FIELD
from workflow.domain.errors import BadInput, Conflict, NotFound, NotPermitted, Refused, stale
from workflow.domain.key_holders import CAPABILITIES, Gives, KeyHolder
from workflow.domain.people import Actor
from workflow.domain.permissions import Scope
from workflow.services import authority
from workflow.services.documents.attachments import told_of
from workflow.services.documents.files import add_version, keep
from workflow.services.documents.moves import Move, apply, passed_on
from workflow.services.exchange import correcting
from workflow.services.journal import record_document
from workflow.services.signing import attached
from workflow.services.signing.acts import end_if_done, fix_by_itself
from workflow.services.signing.certificates import digest
from workflow.services.signing.chains import split
from workflow.services.signing.minimums import demand_control
from workflow.services.signing.preparing import (
    ACTION,
    GIVEN,
    PERSONAL,
    SignaturePurpose,
    check_allowed,
    check_now,
    check_own_seal,
    item_field,
    live_session,
)
from workflow.services.signing.question import own_question
from workflow.store import attachments, documents, returned
from workflow.store import certificates as store
from workflow.store.models import Certificate, Outgoing, Signature, SigningItem, SigningSession, VerdictRow
from workflow.store.session import UnitOfWork

KIND = {
    SignaturePurpose.COSIGN: "cosigned",
    SignaturePurpose.LEADER: "signed",
    SignaturePurpose.NUMBER: "numbered",
    SignaturePurpose.SEAL: "sealed",
}
OCCASION = {
    SignaturePurpose.COSIGN: "cosigning",
    SignaturePurpose.LEADER: "signing",
    SignaturePurpose.NUMBER: "numbering",
    SignaturePurpose.SEAL: "sealing",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of one signature. `conclusion` passed: the document moved on. Indeterminate: it stays, kept."""

    document_id: int
    conclusion: str
    reason: str = ""
    attachment_id: int | None = None
    """Which attachment's seal it is; None: the document's own signature."""
    again: bool = False
    """The same signature had been accepted before; nothing was done twice."""


class Prepared(Protocol):
    """A file of an act, as it was prepared and answered: a document's, or a certified copy."""

    prepared_sha256: str
    to_be_signed: bytes
    status: str
    answer_sha256: str

    @property
    def document_id(self) -> int: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A signed file and what the verifier says of the signature in question, with the facts it stands on."""

    data: bytes
    sha256: str
    verdict: signing.SignatureVerdict
    whole: str
    """The document's whole verdict as JSON: what is stored."""
    trust_digest: str


def finish(
    uow: UnitOfWork,
    actor: Actor,
    scope: Scope,
    *,
    session: str,
    login_session_id: int | None,
    document_id: int,
    signature: bytes,
    blobs: Blobs,
    now: dt.datetime,
    attachment_id: int | None = None,
) -> Outcome:
    """Accept a signature over exactly what was prepared. Sending the same one again gives the same answer.

    Raises `BadInput("signature_does_not_fit")` for any other bytes, `Conflict("signature_differs")` for other
    bytes after one was accepted, `Conflict("signature_withdrawn")` for an accepted one that was taken back since,
    and what `prepare` raises where the world moved on in between.
    """
    opened = live_session(uow, actor, session=session, login_session_id=login_session_id, now=now)
    return finish_opened(
        uow, actor, scope, opened=opened, document_id=document_id, signature=signature, blobs=blobs, now=now,
        attachment_id=attachment_id,
    )  # fmt: skip


def finish_opened(
    uow: UnitOfWork,
    actor: Actor,
    scope: Scope,
    *,
    opened: SigningSession,
    document_id: int,
    signature: bytes,
    blobs: Blobs,
    now: dt.datetime,
    attachment_id: int | None = None,
) -> Outcome:
    """The same for an act that the caller knows to be the actor's: a remote service answers when nobody is logged
    in any more. What was accepted before is told again, to who may see the document; nothing else is taken after
    15 minutes.
    """
    document = documents.find(scope, uow.session, document_id)
    field = item_field(uow, actor, opened, document_id, attachment_id)
    item = store.item(uow.session, opened.id, document_id, field=field)
    answer = answer_digest(item, signature)
    if (before := told_before(uow, item, answer)) is not None:
        return before
    if now > opened.expires_at:
        raise Refused("signing_session_expired")
    purpose = SignaturePurpose(opened.purpose)
    certificate = store.by_id(uow.session, opened.certificate_id)
    check_allowed(uow, actor, document, purpose=purpose, version=item.document_version, now=now)
    check_now(uow, actor, certificate, purpose=purpose, now=now)
    data = embedded(uow, item, certificate, signature=signature, blobs=blobs)
    judged = judge(uow, item, data, certificate_sha256=certificate.sha256, received_at=now, at=now)
    if judged.verdict.verdict == signing.Conclusion.FAILED:
        raise Refused("signature_failed", reason=str(judged.verdict.reason))
    return close_item(uow, actor, scope, opened, item, judged, answer=answer, blobs=blobs, now=now)


def close_item(
    uow: UnitOfWork, actor: Actor, scope: Scope, opened: SigningSession, item: SigningItem, judged: Judged, *,
    answer: str, blobs: Blobs, now: dt.datetime,
) -> Outcome:  # fmt: skip
    """The one door for what was signed and judged, however it came: keep the file, ask everything once more in
    the write phase, settle. `answer`: by what the same answer is known when it comes again."""
    uow.compute(blobs.put, judged.data)
    uow.begin_write()
    document = documents.lock(scope, uow.session, item.document_id, version=None)  # `recheck` asks for the version
    item = store.item(uow.session, opened.id, item.document_id, field=item.field, for_update=True)
    if (before := told_before(uow, item, answer)) is not None:
        return before
    purpose = SignaturePurpose(opened.purpose)
    recheck(uow, actor, document, item, opened.certificate_id, purpose=purpose, now=now)
    fix_by_itself(uow, actor, opened, now=now)
    item.answer_sha256 = answer
    outcome = settle_item(uow, actor, document, item, judged, opened=opened, now=now)
    end_if_done(uow, actor, opened, now=now)
    return outcome


def told_before(uow: UnitOfWork, item: SigningItem, answer: str) -> Outcome | None:
    """The same for a file of a document, whose signature may have been taken back since: "accepted" would be read
    as "signed". Raises `Conflict("signature_withdrawn")`.
    """
    before = answered(item, answer)
    if before is not None and returned.was_withdrawn(uow.session, item, attached.attachment_of(item.field)):
        raise Conflict("signature_withdrawn")
    return before


def answered(item: Prepared, answer: str) -> Outcome | None:
    """What was said to the same answer before; None while none came. Other bytes are another answer, whatever
    their worth: saying "accepted" to them would say it of a signature that nobody looked at.
    """
    if item.status == "prepared":
        return None
    if item.status == "superseded":
        raise Conflict("signature_superseded")
    if item.answer_sha256 != answer:
        raise Conflict("signature_differs", done=item.status == "done")
    conclusion = "passed" if item.status == "done" else "indeterminate"
    return Outcome(document_id=item.document_id, conclusion=conclusion, again=True)


def answer_digest(item: Prepared, signature: bytes) -> str:
    """The bytes to be signed go in by their hash, whose length is fixed: no two pairs run together."""
    return digest(bytes.fromhex(digest(item.to_be_signed)) + signature)


def embedded(uow: UnitOfWork, item: Prepared, certificate: Certificate, *, signature: bytes, blobs: Blobs) -> bytes:
    """The prepared file with the signature in it. Raises `BadInput("signature_does_not_fit")`."""
    to_be_signed, der, chain = item.to_be_signed, certificate.der, split(certificate.chain)
    prepared = uow.compute(blobs.get, item.prepared_sha256)
    try:
        return uow.compute(
            making.embed, prepared, to_be_signed=to_be_signed, signature=signature, certificate=der, chain=chain,
        )  # fmt: skip
    except signing.SigningError as error:
        raise BadInput("signature_does_not_fit", cause=error.code) from error


def judge(
    uow: UnitOfWork,
    item: SigningItem,
    data: bytes,
    *,
    certificate_sha256: str,
    received_at: dt.datetime,
    at: dt.datetime,
    outside: bool = False,
) -> Judged:
    """Verify the whole file and take the verdict of one field. Every signature before it must still hold.

    Earlier ones are judged at the time we received them, each box only with its owner's certificate. `outside`:
    another program wrote the file; it is read in the jail, by both readings.
    """
    field = item.field
    if (attachment := attached.attachment_of(field)) is not None:
        asked = attached.question(
            uow, item, attachment, certificate_sha256=certificate_sha256, received_at=received_at, at=at
        )
        field = FIELD
    else:
        asked = own_question(
            uow, item.document_id, at=at, received_at=received_at, arriving={field: certificate_sha256}
        )
    if outside:
        whole = uow.compute(
            signing.verify_in_jail, data, trust=asked.trust, at=at, evidence=asked.evidence, policy=asked.policy,
            plan=asked.plan, owners=asked.owners, texts=asked.texts, both=True,
        )  # fmt: skip
    else:
        whole = uow.compute(
            signing.verify, data, trust=asked.trust, at=at, evidence=asked.evidence, policy=asked.policy,
            plan=asked.plan, owners=asked.owners, texts=asked.texts,
            careful=False,  # what we prepared ourselves the strict reading explains, or it is not ours
        )  # fmt: skip
    return judged_field(whole, data, field)


def judged_field(whole: signing.DocumentVerdict, data: bytes, field: str) -> Judged:
    """What a whole verdict says of the signature in one field; of another that failed, where one did."""
    wanted = [found for found in whole.signatures if found.field == field]
    if len(wanted) != 1:
        raise Refused("signature_failed", reason=str(whole.reason or "signature_not_found"))
    spoilt = [found for found in whole.signatures if found.verdict == signing.Conclusion.FAILED]
    verdict = spoilt[0] if spoilt else wanted[0]
    return Judged(data=data, sha256=digest(data), verdict=verdict, whole=whole.to_json(),
                  trust_digest=whole.trust_digest)  # fmt: skip


def recheck(
    uow: UnitOfWork,
    actor: Actor,
    document: Outgoing,
    item: SigningItem,
    certificate_id: int,
    *,
    purpose: SignaturePurpose,
    now: dt.datetime,
) -> None:
    """Inside the transaction that embeds: authority, state and enrolment once more."""
    check_allowed(uow, actor, document, purpose=purpose, version=item.document_version, now=now,
                  given_at=item.received_at)  # fmt: skip
    if item.received_at is None:  # one that was kept waiting is judged by what was asked when it came
        opened = uow.session.get_one(SigningSession, item.session_id)
        demand_control(uow, document, purpose=purpose, control=opened.control)
    if (attachment := attached.attachment_of(item.field)) is not None:
        attached.demand_same(attached.to_seal(uow, document, attachment), document, item.base_sha256)
    elif document.file_sha256 != item.base_sha256:
        raise stale(document)
    certificate = store.by_id(uow.session, certificate_id)
    if certificate.status != "confirmed":
        raise NotPermitted("certificate_not_confirmed")
    check_own_seal(uow, document, certificate, purpose=purpose)


def settle_item(
    uow: UnitOfWork,
    actor: Actor,
    document: Outgoing,
    item: SigningItem,
    judged: Judged,
    *,
    opened: SigningSession,
    now: dt.datetime,
) -> Outcome:
    """In the open write phase: keep the file; passed moves the document, indeterminate leaves it waiting."""
    keep(uow, sha256=judged.sha256, size=len(judged.data), now=now)
    conclusion, reason = str(judged.verdict.verdict), str(judged.verdict.reason or "")
    item.result_sha256, item.verdict = judged.sha256, judged.whole
    item.received_at, item.key_holder = item.received_at or now, opened.key_holder
    if judged.verdict.verdict != signing.Conclusion.PASSED:
        item.status = "pending"
        facts = {"field": item.field, "file": judged.sha256, "reason": reason}
        record_document(uow, document, tag="document:signature:pending", facts=facts, actor=actor, now=now)
        uow.flush()
        return Outcome(
            document_id=document.id,
            conclusion=conclusion,
            reason=reason,
            attachment_id=attached.attachment_of(item.field),
        )
    item.status, item.finished_at = "done", now
    _accept(uow, actor, document, item, judged, opened=opened, now=now)
    return Outcome(
        document_id=document.id,
        conclusion=conclusion,
        reason=reason,
        attachment_id=attached.attachment_of(item.field),
    )


def _accept(
    uow: UnitOfWork,
    actor: Actor,
    document: Outgoing,
    item: SigningItem,
    judged: Judged,
    *,
    opened: SigningSession,
    now: dt.datetime,
) -> None:
    verdict_digest = digest(judged.whole.encode())
    if (attachment := attached.attachment_of(item.field)) is not None:
        attached.accept(
            uow, actor, document, item, attachment, sha256=judged.sha256, conclusion=str(judged.verdict.verdict),
            whole=judged.whole, trust_digest=judged.trust_digest, verdict_digest=verdict_digest,
            key_holder=opened.key_holder, now=now,
        )  # fmt: skip
        return
    purpose = SignaturePurpose(opened.purpose)
    signature = _signature_row(uow, actor, document, item, judged, opened=opened, now=now)
    add_version(uow, document, kind=KIND[purpose], sha256=judged.sha256, actor=actor, now=now)
    facts = frozenset({GIVEN[purpose]}) if purpose in GIVEN else frozenset()
    told: dict[str, object] = {"certificate": signature.certificate_id, "verdict": str(judged.verdict.verdict),
            "verdict_digest": verdict_digest, "key_holder": opened.key_holder, "control": opened.control,
            "act": opened.manifest_code}  # fmt: skip
    if CAPABILITIES[KeyHolder(opened.key_holder)].gives is Gives.FILE:
        told["drawn"] = "outside" if purpose in PERSONAL else "given"  # by its program, or by us for its program
    if purpose is SignaturePurpose.LEADER:
        document.signed_at, document.leader_verdict = now, str(judged.verdict.verdict)
        document.leader_kind = str(judged.verdict.signature_kind)
        told["authority"] = _keep_authority(uow, document, signature, now=now)
        document.attached_digest = attachments.digest_of(uow.session, document.id)
        told |= _attached(uow, document) | correcting.signed_with(uow, document)
    elif purpose is SignaturePurpose.SEAL:
        document.sealed_at, document.seal_verdict = now, str(judged.verdict.verdict)
        document.seal_kind = str(judged.verdict.signature_kind)
        told |= _attached(uow, document)
    document.file_sha256 = judged.sha256
    apply(uow, actor, document, ACTION[purpose], now=now, move=Move(facts=facts, journal=told))
    uow.add(signature)
    uow.flush()
    if purpose is SignaturePurpose.COSIGN:
        passed_on(uow, document, by=actor.person_id, now=now)
    uow.add(
        VerdictRow(
            document_id=document.id, signature_id=signature.id, occasion=OCCASION[purpose], at=now,
            conclusion=str(judged.verdict.verdict), reason=str(judged.verdict.reason or ""),
            body=judged.whole, trust_digest=judged.trust_digest, file_sha256=judged.sha256,
        )
    )  # fmt: skip


def _attached(uow: UnitOfWork, document: Outgoing) -> dict[str, object]:
    """What a signature that covers the document's file only was given beside."""
    listed = told_of(uow, document) if document.attached_now else []
    return {"attachments": listed, "attached": document.attached_digest} if listed else {}


def _keep_authority(
    uow: UnitOfWork, document: Outgoing, signature: Signature, *, now: dt.datetime
) -> dict[str, Any]:
    """By which right it was signed, as answered at this moment; for the signature, the document and the journal."""
    at = signature.received_at
    right = authority.hold_right(uow, document, now=now, given_at=at)
    told = authority.kept(uow, document, right)
    signature.authority = document.authority = told
    signature.mandate_id = right.mandate.id if right.mandate is not None else None
    return told


def _signature_row(
    uow: UnitOfWork,
    actor: Actor,
    document: Outgoing,
    item: SigningItem,
    judged: Judged,
    *,
    opened: SigningSession,
    now: dt.datetime,
) -> Signature:
    if actor.person_id is None:
        raise NotFound("signing_session_not_found")
    return Signature(
        document_id=document.id, field=item.field, purpose=item.field.partition("-")[0], person_id=actor.person_id,
        post_id=opened.post_id, capacity=item.capacity if item.field == "leader" else "",
        certificate_id=opened.certificate_id, key_holder=opened.key_holder, control=opened.control,
        act_id=opened.id, claimed_at=item.claimed_at,
        received_at=item.received_at or now, file_sha256=judged.sha256, address=actor.address, checked_at=now,
    )  # fmt: skip
