"""Answers: which incoming documents an outgoing one answers, proposed from its words, closing them when issued."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from workflow.domain.errors import NotFound, NotPermitted, WrongState
from workflow.domain.outgoing import State
from workflow.domain.people import Actor, Role
from workflow.domain.permissions import Permission, Scope, demand
from workflow.domain.references import Reference, answered_in
from workflow.services.exchange.correcting import SAID_IN
from workflow.services.incoming import working
from workflow.services.incoming.arriving import symbol_key
from workflow.services.incoming.moves import units_of
from workflow.services.journal import record_document
from workflow.store import documents
from workflow.store import exchange as store
from workflow.store import incoming as arrivals
from workflow.store.models import Incoming, Outgoing, Reply
from workflow.store.session import UnitOfWork

GONE = frozenset({"returned", "recalled"})
"""What went back to its sender is not answered."""
CLERKS = SAID_IN | {State.IN_REVIEW, State.FORMAT_CHECK}
"""Where the clerk still says what a draft answers: the slip that lies before its signer is laid after that."""


def may_link(actor: Actor, document: Outgoing) -> bool:
    """Whether somebody may say now what a document answers: its drafter while drafting, the clerk until the format
    is confirmed."""
    clerk = actor.role is Role.CLERK
    own = clerk or document.drafter_id == actor.person_id
    return own and State(document.state) in (CLERKS if clerk else SAID_IN)


def _begin(uow: UnitOfWork, actor: Actor, scope: Scope, document_id: int) -> Outgoing:
    demand(actor, Permission.DRAFT_DOCUMENT)
    uow.begin_write()
    document = documents.lock(scope, uow.session, document_id, version=None)
    if may_link(actor, document):
        return document
    if actor.role is not Role.CLERK and document.drafter_id != actor.person_id:
        raise NotPermitted("own_draft")
    raise WrongState("links_fixed", state=document.state)


def link(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, document_id: int, incoming_id: int, now: dt.datetime,
    closes: bool = True,
) -> Reply:  # fmt: skip
    """Say that a document answers one that arrived at the same agency and lies in the actor's scope.

    `closes`: issuing it ends the work on what it answers. Said twice, it is one link. It moves the version: who
    decides on the draft meanwhile has read another slip. Raises `NotPermitted("own_draft")`,
    `WrongState("links_fixed")`.
    """
    document = _begin(uow, actor, scope, document_id)
    answered = arrivals.find(scope, uow.session, incoming_id)
    if answered.agency_id != document.agency_id:
        raise NotFound("incoming_not_found")
    for one in store.answers_of(uow.session, document.id):
        if one.incoming_id == incoming_id:
            return one
    closes = closes and _may_close(uow, actor, answered)
    row = Reply(
        incoming_id=incoming_id, outgoing_id=document.id, kind="answer", closes=closes,
        linked_by_id=actor.person_id, linked_at=now,
    )  # fmt: skip
    uow.add(row)
    document.not_answering = [one for one in document.not_answering or [] if one != incoming_id] or None
    _record(uow, actor, document, {"answers": incoming_id, "closes": closes}, now=now)
    return row


def _may_close(uow: UnitOfWork, actor: Actor, document: Incoming) -> bool:
    """Whose answer ends the work: the clerk's, the handler's, the lead unit's; not of who was only informed."""
    if actor.role in {Role.CLERK, Role.LEADER, Role.DEPUTY} or document.lead_unit_id is None:
        return True
    return document.handler_id == actor.person_id or document.lead_unit_id in units_of(uow, actor)


def unlink(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, document_id: int, incoming_id: int, now: dt.datetime
) -> Outgoing:
    """Say that it does not answer it: a link ends, and a proposal is not made again. Raises as `link`."""
    document = _begin(uow, actor, scope, document_id)
    arrivals.find(scope, uow.session, incoming_id)
    store.drop_answer(uow.session, outgoing_id=document.id, incoming_id=incoming_id)
    document.not_answering = sorted({*(document.not_answering or []), incoming_id})
    _record(uow, actor, document, {"answers_not": incoming_id}, now=now)
    return document


def proposals(uow: UnitOfWork, scope: Scope, document: Outgoing) -> Sequence[Incoming]:
    """What its subject or its file says it answers, where that arrived here and the reader may see it."""
    said = [*answered_in(document.subject), *(Reference.from_json(one) for one in document.mentions or [])]
    days: dict[str, set[dt.date | None]] = {}
    for one in said:
        days.setdefault(symbol_key(one.symbol), set()).add(one.day)
    known = {one.incoming_id for one in store.answers_of(uow.session, document.id)} | set(
        document.not_answering or []
    )
    return [
        row
        for row in store.named(scope, uow.session, days.keys(), agency_id=document.agency_id)
        if row.id not in known and row.state not in GONE and _same_day(row, days[row.symbol_key])
    ]


def _same_day(row: Incoming, days: set[dt.date | None]) -> bool:
    return None in days or row.issued_on is None or row.issued_on in days


def close_answered(uow: UnitOfWork, document: Outgoing, *, now: dt.datetime) -> Sequence[Incoming]:
    """A document is issued: what it answers, and is still open, is done by it."""
    closed = []
    for one in store.answers_of(uow.session, document.id):
        if not one.closes:
            continue
        row = working.answered(
            uow, incoming_id=one.incoming_id, outgoing_id=document.id, symbol=document.symbol, now=now
        )
        if row is not None:
            closed.append(row)
    return closed


def _record(
    uow: UnitOfWork, actor: Actor, document: Outgoing, facts: dict[str, object], *, now: dt.datetime
) -> None:
    document.version += 1
    uow.flush()
    record_document(uow, document, tag="document:outgoing:answers", facts=facts, actor=actor, now=now)
