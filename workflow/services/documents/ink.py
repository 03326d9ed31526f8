"""Signed in ink: an action too. It counts in the denominator of the signature rate, never in the numerator."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from workflow.domain.errors import BadInput
from workflow.domain.outgoing import Action, Medium
from workflow.domain.people import SIGNING_ROLES, Actor, Capacity, Role
from workflow.domain.permissions import Permission, Scope
from workflow.domain.text import clean
from workflow.services import authority
from workflow.services.documents.attachments import told_of
from workflow.services.documents.moves import Move, apply, begin
from workflow.services.documents.organs import check_head
from workflow.services.exchange import correcting
from workflow.services.journal import local_day
from workflow.store import attachments, cosigning, documents, office
from workflow.store.models import Outgoing
from workflow.store.session import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class InkSignature:
    """What the clerk reads off the paper: who signed, in which capacity, on which day, and why not digitally."""

    signer_post_id: int
    capacity: Capacity
    signed_on: dt.date
    reason: str


def record_ink(
    uow: UnitOfWork,
    actor: Actor,
    scope: Scope,
    *,
    document_id: int,
    version: int | None,
    ink: InkSignature,
    now: dt.datetime,
) -> Outgoing:
    """Record that the leader signed the paper by hand."""
    document = begin(
        uow, actor, scope, document_id=document_id, version=version, permission=Permission.ACT_ON_DOCUMENT
    )
    post = office.held_post(uow.session, ink.signer_post_id, on=ink.signed_on)
    if post.agency_id != document.agency_id or Role(post.role) not in SIGNING_ROLES:
        raise BadInput("not_a_signer")
    if not local_day(document.created_at) <= ink.signed_on <= local_day(now):
        raise BadInput("signed_on_impossible", day=ink.signed_on.isoformat())
    # the clerk records it later: the day of the signature counts, with what is on record by now
    right = authority.demand_choice(uow, document, post, ink.capacity, day=ink.signed_on, at=now)
    document.signer_id, document.signer_post_id, document.capacity = post.person_id, post.id, ink.capacity
    document.authority = authority.kept(uow, document, right)
    document.medium, document.signed_at, document.signed_on = Medium.INK, now, ink.signed_on
    told = told_of(uow, document) if document.attached_now else []
    document.attached_digest = attachments.digest_of(uow.session, document.id) if told else ""
    check_head(uow, document, on=ink.signed_on)
    beside = cosigning.standing(uow.session, document.id)
    for signature in beside:  # on paper they sign again, all of them
        signature.withdrawn_at = now
    ready = documents.latest_file(uow.session, document.id, "ready") if beside else None
    if ready is not None:
        document.file_sha256 = ready.sha256
    facts = {
        "signer": post.person_id, "signed_on": ink.signed_on.isoformat(), "medium": "ink",
        "authority": document.authority, "attachments": told, **correcting.signed_with(uow, document),
    }  # fmt: skip
    move = Move(remark=clean(ink.reason, multiline=True), journal=facts)
    apply(uow, actor, document, Action.RECORD_INK, now=now, move=move)
    return document
