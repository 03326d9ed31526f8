"""A document's signatures judged again: by hand on its page, by the night's job. Only changes are stored."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

import signing
from signing import DocumentVerdict
from workflow.adapters.blobs import Blobs
from workflow.domain.errors import Missing, stale
from workflow.domain.people import SYSTEM_ACTOR, Actor
from workflow.domain.permissions import Permission, Scope, demand
from workflow.services.journal import record_document
from workflow.services.signing.question import own_question
from workflow.services.verification import rechecking_attached
from workflow.services.verification.answers import UNANSWERED, answer_about
from workflow.services.verification.rechecking_attached import NOTHING, Attached
from workflow.store import documents, proofs, verdicts
from workflow.store.models import Outgoing, Signature, VerdictRow
from workflow.store.session import UnitOfWork

AGAIN = dt.timedelta(minutes=1)
"""Whoever presses the button twice is shown the answer of a moment ago."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rechecked:
    """`answered`: the verifier came to an end. `changed`: how many signatures have another answer than before.
    `attached`: the same of what goes with the document, where that was asked. `thorough`: the file was read
    carefully too, whatever the strict reading said; answered and not so, that reading came to its limits."""

    document_id: int
    answered: bool
    changed: int
    attached: Attached = NOTHING
    thorough: bool = False


def recheck(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, document_id: int, blobs: Blobs, now: dt.datetime
) -> Rechecked:
    """Judge the present file's signatures, and what goes with it, by what is known now.

    Raises `Missing("signature")` where there is none, `Conflict("stale")` where the file was signed meanwhile.
    """
    demand(actor, Permission.READ_DOCUMENT)
    document = documents.find(scope, uow.session, document_id)
    held = verdicts.standing(uow.session, document_id)
    if held and all(row.checked_at is not None and now - row.checked_at < AGAIN for row in held):
        return Rechecked(document_id=document_id, answered=True, changed=0)
    whole, file = _judged(uow, document, blobs=blobs, now=now)
    looks = rechecking_attached.look(uow, document, blobs=blobs, now=now)
    uow.begin_write()
    # found in their scope above: whoever only reads may ask what holds today; the document itself does not change
    locked = documents.lock(replace(scope, no_secrets=False), uow.session, document_id, version=None)
    found = _store(uow, actor, locked, whole, file=file, now=now)
    return replace(found, attached=rechecking_attached.keep(uow, actor, locked, looks, now=now))


def longest_unchecked(uow: UnitOfWork, *, limit: int) -> list[int]:
    """Documents whose signatures were judged longest ago, for the job."""
    return verdicts.longest_unchecked(uow.session, limit=limit)


def recheck_for_job(uow: UnitOfWork, *, document_id: int, blobs: Blobs, now: dt.datetime) -> Rechecked:
    """The same of the document's own file by the clock, whoever's it is (`rechecking_attached` does the rest)."""
    why = "signatures are judged again on a rolling schedule"
    document = documents.one(uow.session, document_id, reason=why)
    whole, file = _judged(uow, document, blobs=blobs, now=now)
    uow.begin_write()
    locked = documents.for_jobs(uow.session, document_id, reason=why)
    return _store(uow, SYSTEM_ACTOR, locked, whole, file=file, now=now)


def _judged(uow: UnitOfWork, document: Outgoing, *, blobs: Blobs, now: dt.datetime) -> tuple[DocumentVerdict, str]:
    file = document.file_sha256
    newest = verdicts.newest_of(uow.session, document.id)
    if file is None or not newest:
        raise Missing("signature")
    cited = {digest for row in newest.values() for digest in DocumentVerdict.from_json(row.body).evidence}
    asked = own_question(uow, document.id, at=now, cited=cited)
    data = uow.compute(blobs.get, file)
    whole = uow.compute(
        signing.verify_in_jail, data, trust=asked.trust, at=now, evidence=asked.evidence, policy=asked.policy,
        plan=asked.plan, owners=asked.owners, texts=asked.texts, both=True,
    )  # fmt: skip
    return whole, file


def _store(
    uow: UnitOfWork, actor: Actor, document: Outgoing, whole: DocumentVerdict, *, file: str, now: dt.datetime
) -> Rechecked:
    if document.file_sha256 != file:
        raise stale(document)
    answered = bool(whole.signatures) or whole.reason not in UNANSWERED
    before = verdicts.newest_of(uow.session, document.id)
    issued = proofs.issued_files(uow.session, document.id)
    told: list[dict[str, object]] = []
    for signature in verdicts.standing(uow.session, document.id):
        signature.checked_at = now
        row = before.get(signature.id)
        if not answered or row is None:
            continue
        if (line := _line(uow, signature, row, whole, issued=issued, now=now)) is not None:
            told.append(line)
    if told:
        digest = hashlib.sha256(whole.to_json().encode()).hexdigest()
        facts: Mapping[str, object] = {"changes": told, "verdict_digest": digest}
        record_document(uow, document, tag="document:signature:rechecked", facts=facts, actor=actor, now=now)
    uow.flush()
    thorough = answered and whole.basis != "fast"
    return Rechecked(document_id=document.id, answered=answered, changed=len(told), thorough=thorough)


def _line(
    uow: UnitOfWork,
    signature: Signature,
    row: VerdictRow,
    whole: DocumentVerdict,
    *,
    issued: Collection[str],
    now: dt.datetime,
) -> dict[str, object] | None:
    """Store the answer about one signature where it differs, and say so for the journal."""
    answer = answer_about(signature.field, row.body, row.conclusion, whole, issued=issued)
    if answer is None:
        return None
    uow.add(
        VerdictRow(
            document_id=signature.document_id, signature_id=signature.id, occasion="recheck", at=now,
            conclusion=answer.conclusion, reason=answer.reason, cause=answer.cause, body=whole.to_json(),
            trust_digest=whole.trust_digest, file_sha256=whole.sha256,
        )
    )  # fmt: skip
    return {
        "field": signature.field,
        "before": row.conclusion,
        "after": answer.conclusion,
        "reason": answer.reason,
        "cause": answer.cause,
    }
