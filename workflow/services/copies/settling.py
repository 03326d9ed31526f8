"""Signatures on copies that came while not enough was known: judged again when newer evidence is there."""

from __future__ import annotations

import datetime as dt

import signing as verifier
from workflow.adapters.blobs import Blobs
from workflow.domain.errors import Conflict, WorkflowError
from workflow.domain.key_holders import CAPABILITIES, Gives, KeyHolder
from workflow.services.copies.moves import tell
from workflow.services.copies.sealing import check_allowed, judge, settle
from workflow.services.signing.finishing import Outcome
from workflow.services.signing.settling import signer_of
from workflow.store import certificates
from workflow.store import copies as store
from workflow.store.session import UnitOfWork


def waiting(uow: UnitOfWork, *, limit: int = 200) -> list[tuple[int, int]]:
    """(session, copy) of each; the job settles each in a unit of work of its own."""
    return list(store.pending(uow.session, limit=limit))


def settle_one(uow: UnitOfWork, *, session_id: int, copy_id: int, blobs: Blobs, now: dt.datetime) -> Outcome:
    """Passed: the copy is done as if just sealed. Failed, or overtaken: set aside, to be sealed anew."""
    reason = "settling a signature that came earlier"
    item = store.item(uow.session, session_id, copy_id)
    if item.status != "pending" or item.result_sha256 is None or item.received_at is None:
        raise Conflict("signature_not_pending")
    opened = store.session_of(uow.session, session_id)
    certificate = certificates.by_id(uow.session, opened.certificate_id)
    copy = store.one(uow.session, copy_id, reason=reason)
    data = uow.compute(blobs.get, item.result_sha256)
    outside = CAPABILITIES[KeyHolder(opened.key_holder)].gives is Gives.FILE
    judged = judge(
        uow, copy, item, data, certificate_sha256=certificate.sha256, received_at=item.received_at, at=now,
        outside=outside,
    )  # fmt: skip
    uow.begin_write()
    copy = store.for_jobs(uow.session, copy_id, reason=reason)
    item = store.item(uow.session, session_id, copy_id, for_update=True)
    if item.status != "pending":
        raise Conflict("signature_not_pending")
    opened = store.session_of(uow.session, session_id)
    actor = signer_of(uow, opened)
    failed = str(judged.verdict.reason) if judged.verdict.verdict == verifier.Conclusion.FAILED else ""
    try:
        check_allowed(
            uow, actor, copy, opened.certificate_id, version=item.document_version, now=item.received_at or now
        )
    except WorkflowError as error:
        failed = error.code
    if failed:
        item.status, item.finished_at = "superseded", now
        tell(uow, actor, copy, "failed", facts={"reason": failed}, now=now)
        return Outcome(document_id=copy_id, conclusion="failed", reason=failed)
    return settle(uow, actor, copy, item, judged, opened=opened, now=now)
