"""A signer agrees with what the slip proposes, in one tap while reading: a mark, and no signature.

The road knows no such step: what decides is the signature, and nothing waits for this. It says who read which text
with which slip, ticks the document for the signature that follows, and is void with any later act on the document.
"""

from __future__ import annotations

import datetime as dt

from workflow.domain.errors import Conflict, NotPermitted, WrongState
from workflow.domain.outgoing import SIGNATURE_GIVEN, STEPS, Action, State
from workflow.domain.people import Actor
from workflow.domain.permissions import Permission, Scope
from workflow.domain.steps import require, step_for
from workflow.services.documents.moves import begin, true_facts
from workflow.services.journal import record_document
from workflow.store import agreements as store
from workflow.store import documents
from workflow.store import opinions as slips
from workflow.store.models import Outgoing, ProposalAgreement
from workflow.store.session import UnitOfWork


def agree(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, document_id: int, version: int, now: dt.datetime
) -> ProposalAgreement:
    """Agree for the version that was read; said twice, it is said once.

    Raises `WrongState` and `NotPermitted` as signing does, `Conflict` for another version.
    """
    document = begin(
        uow, actor, scope, document_id=document_id, version=version, permission=Permission.ACT_ON_DOCUMENT
    )
    person_id = _demand_signer(uow, actor, document)
    before = store.standing(uow.session, document.id, version=document.version, person_id=person_id)
    if before is not None:
        return before
    laid, file = slips.slips_of(uow.session, document.id), _present_file(uow, document)
    row = ProposalAgreement(
        document_id=document.id, version=document.version, ordinal=file, slip=laid[-1].ordinal if laid else 0,
        person_id=person_id, post_id=actor.post_id, agreed_at=now,
    )  # fmt: skip
    uow.add(row)
    uow.flush()
    told = {"agreement": row.id, "version": row.version, "file": file, "slip": row.slip}
    record_document(uow, document, tag="document:proposal:agreed", facts=told, actor=actor, now=now)
    return row


def take_back(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, document_id: int, version: int, now: dt.datetime
) -> None:
    """Agree no longer; nothing where nothing stands."""
    document = begin(
        uow, actor, scope, document_id=document_id, version=version, permission=Permission.ACT_ON_DOCUMENT
    )
    person_id = _demand_signer(uow, actor, document)
    row = store.standing(uow.session, document.id, version=document.version, person_id=person_id)
    if row is None:
        return
    row.withdrawn_at = now
    uow.flush()
    told = {"agreement": row.id}
    record_document(uow, document, tag="document:proposal:taken_back", facts=told, actor=actor, now=now)


def holds(document: Outgoing, row: ProposalAgreement) -> bool:
    """Whether an agreement is still about what lies before the signer."""
    waiting = document.state == State.AWAITING_SIGNATURE
    return row.withdrawn_at is None and waiting and row.version == document.version


def _demand_signer(uow: UnitOfWork, actor: Actor, document: Outgoing) -> int:
    """Whoever may sign it may say so; a secret paper is read on paper."""
    step = step_for(STEPS, State(document.state), Action.SIGN, role=actor.role)
    require(step, true_facts(uow, actor, document, step=step) | {SIGNATURE_GIVEN})
    if actor.person_id is None:
        raise NotPermitted("no_post")
    if document.secret:
        raise WrongState("agreement_on_paper")
    return actor.person_id


def _present_file(uow: UnitOfWork, document: Outgoing) -> int:
    found = [one for one in documents.files_of(uow.session, document.id) if one.sha256 == document.file_sha256]
    if not found:
        raise Conflict("stale")
    return found[-1].ordinal
