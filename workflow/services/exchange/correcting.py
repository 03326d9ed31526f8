"""An outgoing document says that it corrects, amends or replaces an issued one; issued, it takes effect on both
sides (Decree 30/2020, Art. 18.3). The rules are the table of `domain.corrections`."""

from __future__ import annotations

import datetime as dt

from workflow.domain import corrections as rules
from workflow.domain.corrections import Kind, Standing
from workflow.domain.errors import BadInput, NotPermitted, WrongState
from workflow.domain.exchange import Status
from workflow.domain.outgoing import State
from workflow.domain.people import Actor, Role
from workflow.domain.permissions import Permission, Scope, demand
from workflow.domain.text import clean
from workflow.services.documents.organs import organ_of
from workflow.services.documents.symbols import dated
from workflow.services.exchange import recalling, unit_copies
from workflow.services.exchange.acknowledging import demand_short, notify
from workflow.services.exchange.naming import about
from workflow.services.exchange.recalling import ISSUED
from workflow.services.journal import local_day, record_document
from workflow.store import corrections as store
from workflow.store import documents, incoming, office, registers
from workflow.store import exchange as deliveries
from workflow.store.models import Correction, Delivery, Outgoing
from workflow.store.session import UnitOfWork

WHY = "a correction concerns everybody who has the earlier document"
OPEN = frozenset(State) - ISSUED - {State.CANCELLED}

DONE = {Kind.CORRECT: "Đã được đính chính", Kind.AMEND: "Đã được sửa đổi, bổ sung",
        Kind.REPLACE: "Đã được thay thế"}  # fmt: skip
"""What recipients are told; what offices write to each other is Vietnamese."""


def demand_may_link(actor: Actor, document: Outgoing) -> None:
    """What a document corrects or answers is said by its drafter, or by the clerk, until it is issued."""
    demand(actor, Permission.DRAFT_DOCUMENT)
    if State(document.state) not in OPEN:
        raise WrongState("links_fixed", state=document.state)
    if document.drafter_id != actor.person_id and actor.role is not Role.CLERK:
        raise NotPermitted("own_draft")


def standing(uow: UnitOfWork, document: Outgoing) -> Standing:
    """How an earlier document stands today."""
    if State(document.state) not in ISSUED:
        return Standing.UNISSUED
    later = store.in_effect(uow.session, document.id, reason=WHY)
    if any(one.kind == Kind.REPLACE for one, _by in later):
        return Standing.REPLACED
    sent = deliveries.deliveries_to_change(uow.session, document.id, reason=WHY)
    if sent and all(one.status == Status.RECALL_AGREED for one in sent):
        return Standing.RECALLED
    return Standing.IN_FORCE


def name_corrected(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, document_id: int, kind: Kind, earlier_id: int, reason: str,
    now: dt.datetime,
) -> Correction:  # fmt: skip
    """Say which issued document of the same agency and organ this one corrects, amends or replaces, and why.

    Said again, the later words stand. Raises `NotFound` out of scope, `WrongState` with what `domain.corrections`
    refuses, `BadInput` with `reason_needed`, `correction_by_letter`, `correction_same_form` or `correction_organ`.
    """
    uow.begin_write()
    document = documents.lock(scope, uow.session, document_id, version=None)
    demand_may_link(actor, document)
    earlier = documents.find(scope, uow.session, earlier_id)
    if earlier.agency_id != document.agency_id or earlier.id == document.id:
        raise WrongState("correction_unissued", action=str(kind))
    demand_possible(
        uow, actor, earlier, kind=kind, type_code=document.type_code, organ_id=document.organ_id, reason=reason
    )  # fmt: skip
    store.drop(uow.session, document.id)
    row = Correction(
        outgoing_id=document.id, earlier_id=earlier.id, kind=kind, reason=clean(reason, multiline=True),
        made_at=now, made_by_id=actor.person_id,
    )  # fmt: skip
    uow.add(row)
    facts = {"kind": str(kind), "earlier": earlier.id, "reason": row.reason}
    record_document(uow, document, tag="document:outgoing:corrects", facts=facts, actor=actor, now=now)
    uow.flush()
    return row


def name_none(uow: UnitOfWork, actor: Actor, scope: Scope, *, document_id: int, now: dt.datetime) -> Outgoing:
    """Take back that a draft corrects, amends or replaces another one."""
    uow.begin_write()
    document = documents.lock(scope, uow.session, document_id, version=None)
    demand_may_link(actor, document)
    if store.of(uow.session, document.id) is not None:
        store.drop(uow.session, document.id)
        facts = {"kind": "", "earlier": None, "reason": ""}
        record_document(uow, document, tag="document:outgoing:corrects", facts=facts, actor=actor, now=now)
        uow.flush()
    return document


def demand_possible(
    uow: UnitOfWork, actor: Actor, earlier: Outgoing, *, kind: Kind, type_code: str, organ_id: int | None,
    reason: str,
) -> None:  # fmt: skip
    """Whether a document of a type, in the name of an organ (None: the agency's first), may do this to an issued
    one; what was wrong is said in writing, since everybody reads it who has the earlier document. Raises as
    `name_corrected`.
    """
    rules.demand(kind, standing(uow, earlier), role=actor.role)
    rules.demand_form(kind, type_code=type_code, earlier=earlier.type_code)
    words = clean(reason, multiline=True)
    if not words:
        raise BadInput("reason_needed", action=str(kind))
    demand_short(words)
    _demand_organ(uow, organ_id, earlier)


def demand_still_fits(uow: UnitOfWork, actor: Actor, document: Outgoing) -> None:
    """Asked when a draft is submitted: the earlier document may have been replaced, the draft's type changed."""
    row = store.of(uow.session, document.id) if store.corrects(uow.session, document.id) else None
    if row is None:
        return
    earlier = documents.one(uow.session, row.earlier_id, reason=WHY)
    rules.demand(Kind(row.kind), standing(uow, earlier), role=actor.role)
    rules.demand_form(Kind(row.kind), type_code=document.type_code, earlier=earlier.type_code)
    _demand_organ(uow, document.organ_id, earlier)


def _demand_organ(uow: UnitOfWork, organ_id: int | None, earlier: Outgoing) -> None:
    theirs = organ_of(uow, earlier)
    ours = organ_id or next((one.id for one in registers.organs(uow.session, earlier.agency_id)), None)
    if ours is not None and theirs is not None and ours != theirs.id:
        raise BadInput("correction_organ", organ=theirs.name)


def take_effect(uow: UnitOfWork, actor: Actor, document: Outgoing, *, now: dt.datetime) -> None:
    """A document is being issued: what it corrects, amends or replaces bears the mark, its recipients are told.

    A replaced paper travels back like a recalled one. Locks: the issued document, then the earlier one, then the
    receivers' rows by agency.
    """
    row = store.of(uow.session, document.id) if store.corrects(uow.session, document.id) else None
    if row is None:
        return
    earlier = documents.for_jobs(uow.session, row.earlier_id, reason=WHY)
    facts = {"kind": row.kind, "by": document.id, "symbol": document.symbol, "reason": row.reason}
    record_document(uow, earlier, tag="document:outgoing:corrected", facts=facts, actor=actor, now=now)
    if row.kind == Kind.REPLACE:
        _replace(uow, actor, document, earlier, now=now)
    else:
        _tell(uow, document, earlier, row, now=now)
    _tell_units(uow, document, earlier, row, now=now)
    uow.flush()


def _replace(uow: UnitOfWork, actor: Actor, document: Outgoing, earlier: Outgoing, *, now: dt.datetime) -> None:
    reason = f"Được thay thế bằng văn bản số {document.symbol}"
    for delivery in _sent(uow, earlier):
        recalling.take_back(uow, actor, earlier, delivery, reason=reason, now=now)


def _tell(uow: UnitOfWork, document: Outgoing, earlier: Outgoing, row: Correction, *, now: dt.datetime) -> None:
    """Clerks and handlers of everybody who has the earlier document, whether or not the later one goes there."""
    sent = [one for one in _sent(uow, earlier) if one.status != Status.RECALL_AGREED and one.incoming_id]
    clerks = deliveries.clerks_of(uow.session, [one.agency_id for one in sent], on=local_day(now))
    sender = office.unit(uow.session, earlier.agency_id).name
    title, by = DONE[Kind(row.kind)], office.document_type(uow.session, document.type_code).name_vi
    day = f" ngày {found:%d/%m/%Y}" if (found := dated(document)) else ""
    for one in sent:
        theirs = incoming.for_jobs(uow.session, one.incoming_id or 0, reason=WHY)
        people = {*clerks.get(one.agency_id, []), *([theirs.handler_id] if theirs.handler_id is not None else [])}
        body = f"{title} bởi {by} số {document.symbol}{day}: văn bản {earlier.symbol}, {about(theirs)}."
        body += f"\nNội dung: {row.reason}" if row.reason and not (document.secret or earlier.secret) else ""
        notify(
            uow, people, cause=f"correction:{document.id}:{theirs.id}",
            subject=f"{title}: {earlier.symbol}, {sender}", body=body, link=f"/incoming/{theirs.id}", now=now,
        )  # fmt: skip


def _tell_units(
    uow: UnitOfWork, document: Outgoing, earlier: Outgoing, row: Correction, *, now: dt.datetime
) -> None:
    """Units inside the agency that have the earlier one; of secret ones no words."""
    title = DONE[Kind(row.kind)]
    body = f"{title} bởi văn bản số {document.symbol}."
    body += f"\nNội dung: {row.reason}" if row.reason and not (document.secret or earlier.secret) else ""
    unit_copies.tell_again(uow, earlier, title=title, body=body, cause=f"correction:{document.id}", now=now)


def _sent(uow: UnitOfWork, document: Outgoing) -> list[Delivery]:
    return list(deliveries.deliveries_to_change(uow.session, document.id, reason=WHY))
