"""Signatures that came while not enough was known: judged again when newer evidence is there."""

from __future__ import annotations

import datetime as dt

import signing
from workflow.adapters.blobs import Blobs
from workflow.domain.errors import Conflict, WorkflowError
from workflow.domain.key_holders import CAPABILITIES, Gives, KeyHolder
from workflow.domain.people import Actor, Post, Role
from workflow.services.journal import record_document
from workflow.services.signing.finishing import Outcome, judge, recheck, settle_item
from workflow.services.signing.preparing import SignaturePurpose
from workflow.store import certificates as store
from workflow.store import documents
from workflow.store.models import PostRow, SigningItem, SigningSession
from workflow.store.session import UnitOfWork


def settle(uow: UnitOfWork, *, limit: int = 200) -> list[tuple[int, int, str]]:
    """(session, document, field) of every pending signature; the job settles each in a unit of work of its own."""
    return [
        (item.session_id, item.document_id, item.field) for item in store.pending_items(uow.session, limit=limit)
    ]


def settle_one(
    uow: UnitOfWork, *, session_id: int, document_id: int, field: str, blobs: Blobs, now: dt.datetime
) -> Outcome:
    """Judge one pending signature again. Passed: the document moves as if just signed, by whoever signed.

    Failed, or overtaken by another act: the item is set aside, the document stays with its signer.
    """
    item = store.item(uow.session, session_id, document_id, field=field)
    if item.status != "pending" or item.result_sha256 is None or item.received_at is None:
        raise Conflict("signature_not_pending")
    received = item.received_at
    data = uow.compute(blobs.get, item.result_sha256)
    opened = uow.session.get_one(SigningSession, item.session_id)
    purpose = SignaturePurpose(opened.purpose)
    certificate = store.by_id(uow.session, opened.certificate_id)
    outside = CAPABILITIES[KeyHolder(opened.key_holder)].gives is Gives.FILE
    judged = judge(
        uow, item, data, certificate_sha256=certificate.sha256, received_at=received, at=now, outside=outside
    )
    uow.begin_write()
    document = documents.for_jobs(uow.session, document_id, reason="settling a signature that came earlier")
    item = store.item(uow.session, session_id, document_id, field=field, for_update=True)
    if item.status != "pending":
        raise Conflict("signature_not_pending")
    actor = signer_of(uow, opened)
    try:
        recheck(uow, actor, document, item, certificate.id, purpose=purpose, now=now)
    except WorkflowError as error:
        return _set_aside(
            uow, item, Outcome(document_id=document_id, conclusion="failed", reason=error.code), now=now
        )
    if judged.verdict.verdict == signing.Conclusion.FAILED:
        facts = {"field": item.field, "reason": str(judged.verdict.reason)}
        record_document(uow, document, tag="document:signature:failed", facts=facts, actor=actor, now=now)
        return _set_aside(
            uow, item,
            Outcome(document_id=document_id, conclusion="failed", reason=str(judged.verdict.reason)), now=now,
        )  # fmt: skip
    return settle_item(uow, actor, document, item, judged, opened=opened, now=now)


def _set_aside(uow: UnitOfWork, item: SigningItem, outcome: Outcome, *, now: dt.datetime) -> Outcome:
    item.status, item.finished_at = "superseded", now
    uow.flush()
    return outcome


def signer_of(uow: UnitOfWork, opened: SigningSession) -> Actor:
    """The person who signed, in the post they signed in."""
    row = uow.session.get_one(PostRow, opened.post_id)
    post = Post(row.id, row.person_id, row.unit_id, row.agency_id, Role(row.role), row.title, row.valid_from,
                row.valid_to)  # fmt: skip
    return Actor.of(post)
