"""The agency's signature on a digital copy: the same two phases, keys and acts as any seal's, on a file of its own.

Decree 30/2020, Annex I, part II: at the top right of the first page, no picture; form of copy, agency, moment.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence

import signing as verifier
from signing import prepare as making
from workflow.adapters import render
from workflow.adapters.blobs import Blobs
from workflow.domain import copies as rules
from workflow.domain.copies import Action, Form, Medium, State
from workflow.domain.errors import Conflict, NotFound, NotPermitted, Refused, stale
from workflow.domain.key_holders import KeyHolder
from workflow.domain.people import Actor
from workflow.domain.permissions import Permission, Scope, demand
from workflow.domain.signing_acts import OF_COPIES, Manifest
from workflow.services.copies.issuer import check_seal, issuer_of
from workflow.services.copies.moves import demand_still_public, move, tell
from workflow.services.documents.files import keep
from workflow.services.journal import OFFICE_ZONE, local_day
from workflow.services.signing import acts, attached
from workflow.services.signing import preparing as road
from workflow.services.signing.certificates import digest
from workflow.services.signing.copied import box_of, field_at
from workflow.services.signing.finishing import Judged, Outcome, answer_digest, answered, embedded, judged_field
from workflow.services.signing.preparing import PreparedItem, SignaturePurpose, live_session
from workflow.store import certificates, copy_proofs, office
from workflow.store import copies as store
from workflow.store.models import CertifiedCopy, CopyItem, SigningSession
from workflow.store.session import UnitOfWork


def open_session(
    uow: UnitOfWork, actor: Actor, *, login_session_id: int | None, certificate: bytes,
    chain: tuple[bytes, ...] = (), key_holder: KeyHolder = KeyHolder.BROWSER_FILE, now: dt.datetime,
) -> str:  # fmt: skip
    """Begin an act over copies with the agency's certificate; raises what `signing.open_session` raises."""
    demand(actor, Permission.MAKE_COPIES)
    return road.open_session(
        uow, actor, purpose=OF_COPIES, login_session_id=login_session_id, certificate=certificate, chain=chain,
        key_holder=key_holder, now=now,
    )  # fmt: skip


def prepare(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, session: str, login_session_id: int | None, copy_id: int,
    version: int, blobs: Blobs, now: dt.datetime,
) -> PreparedItem:  # fmt: skip
    """Prepare one copy of a session: nothing is signed yet."""
    opened = live(uow, actor, session=session, login_session_id=login_session_id, now=now)
    if opened.fixed_at is not None:
        raise Refused("act_fixed")
    copy = store.find(scope, uow.session, copy_id)
    check_allowed(uow, actor, copy, opened.certificate_id, version=version, now=now)
    certificate = certificates.by_id(uow.session, opened.certificate_id)
    der, base = certificate.der, copy.sha256
    claims = making.Claims(name=certificate.subject_name)
    drawing = draw(uow, copy, at=now)
    data = uow.compute(blobs.get, base)
    prepared = uow.compute(
        making.prepare_signature, data, field=rules.FIELD, certificate=der, appearance_pdf=drawing,
        at=now.astimezone(OFFICE_ZONE), claims=claims,
    )  # fmt: skip
    sha256 = uow.compute(blobs.put, prepared.document)
    uow.begin_write()
    copy = store.lock(scope, uow.session, copy_id, version=version)
    check_allowed(uow, actor, copy, opened.certificate_id, version=version, now=now)
    keep(uow, sha256=sha256, size=len(prepared.document), now=now)
    place(uow, opened, copy, prepared_sha256=sha256, to_be_signed=prepared.to_be_signed, claimed_at=now)
    return PreparedItem(
        document_id=copy_id, version=version, to_be_signed=prepared.to_be_signed,
        digest=hashlib.sha256(prepared.to_be_signed).hexdigest(), byte_range=prepared.byte_range,
        prepared_sha256=sha256, original_sha256=base,
    )  # fmt: skip


def prepared_file(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, session: str, login_session_id: int | None, copy_id: int,
    blobs: Blobs, now: dt.datetime,
) -> bytes:  # fmt: skip
    """The prepared file, for the browser to check before it uses the key."""
    opened = live(uow, actor, session=session, login_session_id=login_session_id, now=now)
    store.find(scope, uow.session, copy_id)
    return uow.compute(blobs.get, store.item(uow.session, opened.id, copy_id).prepared_sha256)


def fix(
    uow: UnitOfWork, actor: Actor, *, session: str, login_session_id: int | None, nonce: str, code: str,
    order: Sequence[str] = (), now: dt.datetime,
) -> Manifest:  # fmt: skip
    """Before the key is used: the act is about exactly these copies."""
    return acts.fix(
        uow, actor, session=session, login_session_id=login_session_id, nonce=nonce, code=code, order=order,
        of_copies=True, now=now,
    )  # fmt: skip


def finish(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, session: str, login_session_id: int | None, copy_id: int,
    signature: bytes, blobs: Blobs, now: dt.datetime,
) -> Outcome:  # fmt: skip
    """Accept a signature over exactly what was prepared: judged first, then the copy is done. Sending the same one
    again gives the same answer. Raises what `signing.finish` raises."""
    opened = live(uow, actor, session=session, login_session_id=login_session_id, now=now)
    return finish_opened(
        uow, actor, scope, opened=opened, copy_id=copy_id, signature=signature, blobs=blobs, now=now
    )


def finish_opened(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, opened: SigningSession, copy_id: int, signature: bytes,
    blobs: Blobs, now: dt.datetime,
) -> Outcome:  # fmt: skip
    """The same for an act that the caller knows to be the actor's (`signing.finish_opened`): nothing new is taken
    after 15 minutes."""
    copy = store.find(scope, uow.session, copy_id)
    item = store.item(uow.session, opened.id, copy_id)
    answer = answer_digest(item, signature)
    if (before := told_before(copy, item, answer)) is not None:
        return before
    if now > opened.expires_at:
        raise Refused("signing_session_expired")
    certificate = certificates.by_id(uow.session, opened.certificate_id)
    check_allowed(uow, actor, copy, certificate.id, version=item.document_version, now=now)
    road.check_now(uow, actor, certificate, purpose=SignaturePurpose.SEAL, now=now)
    data = embedded(uow, item, certificate, signature=signature, blobs=blobs)
    judged = judge(uow, copy, item, data, certificate_sha256=certificate.sha256, received_at=now, at=now)
    if judged.verdict.verdict == verifier.Conclusion.FAILED:
        raise Refused("signature_failed", reason=str(judged.verdict.reason))
    return close_item(uow, actor, scope, opened, copy_id, judged, answer=answer, blobs=blobs, now=now)


def close_item(
    uow: UnitOfWork, actor: Actor, scope: Scope, opened: SigningSession, copy_id: int, judged: Judged, *,
    answer: str, blobs: Blobs, now: dt.datetime,
) -> Outcome:  # fmt: skip
    """The one door for what was signed and judged, however it came: everything is asked once more under the lock.
    `answer`: by what the same answer is known when it comes again."""
    uow.compute(blobs.put, judged.data)
    uow.begin_write()
    copy = store.lock(scope, uow.session, copy_id, version=None)  # `check_allowed` asks for the version
    item = store.item(uow.session, opened.id, copy_id, for_update=True)
    if (before := told_before(copy, item, answer)) is not None:
        return before
    check_allowed(uow, actor, copy, opened.certificate_id, version=item.document_version, now=now)
    acts.fix_by_itself(uow, actor, opened, now=now)
    item.answer_sha256 = answer
    outcome = settle(uow, actor, copy, item, judged, opened=opened, now=now)
    acts.end_if_done(uow, actor, opened, now=now)
    return outcome


def told_before(copy: CertifiedCopy, item: CopyItem, answer: str) -> Outcome | None:
    """What was said to the same answer before. Raises `Conflict`: `copy_sealed_otherwise` for other bytes,
    `copy_cancelled` where the copy that was sealed then is not to be used any more."""
    try:
        before = answered(item, answer)
    except Conflict as refused:
        if refused.code == "signature_differs":
            raise Conflict("copy_sealed_otherwise", **refused.details) from refused
        raise
    if before is not None and copy.state == State.CANCELLED:
        raise Conflict("copy_cancelled")
    return before


def check_allowed(
    uow: UnitOfWork, actor: Actor, copy: CertifiedCopy, certificate_id: int, *, version: int, now: dt.datetime
) -> None:
    """The same questions before and after the key was used: who, in a post of that day, which version, state, and
    whose seal. `now`: of a signature that was kept waiting, when it had come."""
    demand(actor, Permission.MAKE_COPIES)
    if actor.post_id is not None:
        office.held_post(uow.session, actor.post_id, on=local_day(now))
    if copy.version != version:
        raise stale(copy, "copy_stale")
    rules.demand_step(Action.SEAL, State(copy.state), Medium(copy.medium))
    demand_still_public(uow, copy, Action.SEAL)
    certificate = certificates.by_id(uow.session, certificate_id)
    if certificate.agency_id != copy.agency_id:
        raise NotPermitted("certificate_of_somebody_else")
    if certificate.status != "confirmed":
        raise NotPermitted("certificate_not_confirmed")
    check_seal(uow, copy.agency_id, certificate)


def judge(
    uow: UnitOfWork, copy: CertifiedCopy, item: CopyItem, data: bytes, *, certificate_sha256: str,
    received_at: dt.datetime, at: dt.datetime, outside: bool = False,
) -> Judged:  # fmt: skip
    """Verify the whole file and take the verdict of the one field: its place, its owner and its words are asked.
    `outside`: another program wrote the file; it is read in the jail, by both readings."""
    field = field_at(box_of(copy), words=" ".join(shown(uow, copy, at=item.claimed_at)))
    known = attached.known_for(uow, copy.agency_id, at=at)
    asked = attached.asked(known, field, owner=certificate_sha256, received_at=received_at)
    if outside:
        whole = uow.compute(
            verifier.verify_in_jail, data, trust=asked.trust, at=at, evidence=asked.evidence, policy=asked.policy,
            plan=asked.plan, owners=asked.owners, texts=asked.texts, both=True,
        )  # fmt: skip
    else:
        whole = uow.compute(
            verifier.verify, data, trust=asked.trust, at=at, evidence=asked.evidence, policy=asked.policy,
            plan=asked.plan, owners=asked.owners, texts=asked.texts, careful=False,  # we prepared it ourselves
        )  # fmt: skip
    return judged_field(whole, data, rules.FIELD)


def settle(
    uow: UnitOfWork, actor: Actor, copy: CertifiedCopy, item: CopyItem, judged: Judged, *, opened: SigningSession,
    now: dt.datetime,
) -> Outcome:  # fmt: skip
    """In the open write phase: passed, the copy is done; indeterminate, it waits and what came is kept."""
    keep(uow, sha256=judged.sha256, size=len(judged.data), now=now)
    uow.flush()
    conclusion, reason = str(judged.verdict.verdict), str(judged.verdict.reason or "")
    item.result_sha256, item.received_at = judged.sha256, item.received_at or now
    outcome = Outcome(document_id=copy.id, conclusion=conclusion, reason=reason)
    if judged.verdict.verdict != verifier.Conclusion.PASSED:
        item.status = "pending"
        tell(uow, actor, copy, "pending", facts={"file": judged.sha256, "reason": reason}, now=now)
        return outcome
    item.status, item.finished_at = "done", now
    copy.sealed_sha256, copy.done_at, copy.done_by_id = judged.sha256, now, opened.person_id
    copy.certificate_id, copy.key_holder = opened.certificate_id, opened.key_holder
    copy.claimed_at, copy.received_at = item.claimed_at, item.received_at
    copy.conclusion, copy.verdict, copy.trust_digest = conclusion, judged.whole, judged.trust_digest
    copy.shown = " ".join(shown(uow, copy, at=item.claimed_at))
    copy_proofs.expect(uow.session, copy, now=now)
    facts = {
        "base": item.base_sha256, "file": judged.sha256, "verdict": conclusion,
        "verdict_digest": digest(judged.whole.encode()), "certificate": opened.certificate_id,
        "key_holder": opened.key_holder, "control": opened.control, "act": opened.manifest_code,
    }  # fmt: skip
    move(uow, actor, copy, Action.SEAL, facts=facts, now=now)
    return outcome


def shown(uow: UnitOfWork, copy: CertifiedCopy, *, at: dt.datetime) -> tuple[str, ...]:
    """What the signature shows."""
    return rules.seal_words(Form(copy.form), issuer_of(uow, copy.agency_id).name, signing_time(at))


def draw(uow: UnitOfWork, copy: CertifiedCopy, *, at: dt.datetime) -> bytes:
    """How it looks, signed at this moment: a one-page PDF of exactly its box."""
    lines, size = shown(uow, copy, at=at), render.Size(*field_at(box_of(copy)).size)
    return uow.compute(render.attachment_stamp, size, lines, made_at=at)


def signing_time(at: dt.datetime) -> str:
    """`2026-11-22T16:59:49+07:00`."""
    return at.astimezone(OFFICE_ZONE).isoformat(timespec="seconds")


def live(
    uow: UnitOfWork, actor: Actor, *, session: str, login_session_id: int | None, now: dt.datetime
) -> SigningSession:
    """An act over copies, of this person, post and login."""
    return live_session(uow, actor, session=session, login_session_id=login_session_id, now=now, of_copies=True)


def place(
    uow: UnitOfWork, opened: SigningSession, copy: CertifiedCopy, *, prepared_sha256: str, to_be_signed: bytes,
    claimed_at: dt.datetime,
) -> None:  # fmt: skip
    """One live item a copy: a newer prepare supersedes an older one that was never finished. `claimed_at`: the
    moment that its words show."""
    for older in store.live_items(uow.session, copy.id):
        if older.status == "pending":
            raise Refused("signature_pending")
        older.status = "superseded"
    uow.flush()
    values = {
        "document_version": copy.version, "base_sha256": copy.sha256, "prepared_sha256": prepared_sha256,
        "to_be_signed": to_be_signed, "status": "prepared", "claimed_at": claimed_at,
    }  # fmt: skip
    try:
        item = store.item(uow.session, opened.id, copy.id, for_update=True)
    except NotFound:
        uow.add(CopyItem(session_id=opened.id, copy_id=copy.id, **values))
    else:
        if item.status == "done":
            raise Refused("copy_sealed_already")
        for name, value in values.items():
            setattr(item, name, value)
    uow.flush()
