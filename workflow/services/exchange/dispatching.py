"""What leaves by post, by hand or by mail: a line for every recipient outside the system, kept by the clerk."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from workflow.domain.dispatch import NAME_LENGTH, RECORDING, DispatchState, demand_change, outside_of
from workflow.domain.errors import BadInput, Conflict, NotPermitted, WrongState
from workflow.domain.outgoing import State
from workflow.domain.people import Actor
from workflow.domain.permissions import Permission, Scope, demand
from workflow.domain.text import clean
from workflow.services.exchange import offices, recipients
from workflow.services.exchange.recalling import ISSUED
from workflow.services.journal import local_day, record_document
from workflow.store import deliveries as store
from workflow.store import documents
from workflow.store.fates import fate_of
from workflow.store.models import Dispatch, Outgoing
from workflow.store.session import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class Particulars:
    """What the clerk writes down of one copy."""

    state: DispatchState
    channel: str = ""
    sent_on: dt.date | None = None
    tracking: str = ""
    received_on: dt.date | None = None
    receipt: str = ""
    note: str = ""


def lay_out(
    uow: UnitOfWork, document: Outgoing, reached: Sequence[recipients.Reached], *, inside: Sequence[str] = (),
    now: dt.datetime,
) -> None:  # fmt: skip
    """A document is being issued: whoever it names and no delivery reaches waits to be sent a copy.

    `reached`: the agencies that it names, today. `inside`: names of own units that have it. What the catalogue
    knows of the others is proposed to the clerk: how it goes there and the address for the envelope.
    """
    delivered = [one.named.name for one in reached if one.agency is not None]
    names = outside_of(document.recipients, without=[*delivered, *inside])
    known = offices.found(uow, document.agency_id, names)
    for name in names:
        row = Dispatch(outgoing_id=document.id, name=name, changed_at=now)
        if (office := known.get(name)) is not None:
            row.office_id, row.wanted_channel = office.id, office.channel
            row.address, row.email = office.address, office.email
        uow.add(row)
    uow.flush()


def add(
    uow: UnitOfWork,
    actor: Actor,
    scope: Scope,
    *,
    document_id: int,
    recipient: str,
    facts: Particulars,
    now: dt.datetime,
) -> Dispatch:
    """Write down a copy that the document's lines do not name, a paper copy beside a delivery too.

    Raises as `record`, and `BadInput` with `dispatch_name` or `dispatch_known`.
    """
    document = _begin(uow, actor, scope, document_id)
    words = clean(recipient)[:NAME_LENGTH]
    if not words:
        raise BadInput("dispatch_name")
    if store.named(uow.session, document.id, words) is not None:
        raise BadInput("dispatch_known", name=words)
    fate = fate_of(uow.session, document.id, reason="what left before a recall is recalled with it")
    row = Dispatch(
        outgoing_id=document.id, name=words, state=DispatchState.TO_SEND, changed_at=now,
        recalled_at=fate.at if fate is not None else None,
    )  # fmt: skip
    _change(uow, actor, document, row, facts, now=now)
    return row


def record(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, document_id: int, dispatch_id: int, seen: str,
    facts: Particulars, now: dt.datetime,
) -> Dispatch:  # fmt: skip
    """Write down that a copy left, arrived or came back.

    `seen`: the mark (`mark_of`) of the copy as its form showed it; another one by now is stale, unless the
    same person sent the same twice.

    Raises `NotPermitted("role_may_not")`, `WrongState` with `dispatch_unissued` or `dispatch_order`, `BadInput` as
    `domain.dispatch.demand_change`, `NotFound("dispatch_not_found")`, `Conflict("stale")`.
    """
    document = _begin(uow, actor, scope, document_id)
    row = store.dispatch_of(scope, uow.session, document_id, dispatch_id=dispatch_id)
    if mark_of(row) != seen:
        wanted = _columns(facts)
        if row.changed_by_id == actor.person_id and wanted == {name: getattr(row, name) for name in wanted}:
            return row
        raise Conflict("stale", state=document.state, version=document.version)
    _change(uow, actor, document, row, facts, now=now)
    return row


def mark_of(row: Dispatch) -> str:
    """What a form hands back of the copy that it showed."""
    return row.changed_at.isoformat()


def _begin(uow: UnitOfWork, actor: Actor, scope: Scope, document_id: int) -> Outgoing:
    demand(actor, Permission.ACT_ON_DOCUMENT)
    if actor.role not in RECORDING:
        raise NotPermitted("role_may_not", action="dispatch", role=str(actor.role))
    uow.begin_write()
    document = documents.lock(scope, uow.session, document_id, version=None)
    if State(document.state) not in ISSUED:
        raise WrongState("dispatch_unissued", state=document.state)
    return document


def _change(
    uow: UnitOfWork, actor: Actor, document: Outgoing, row: Dispatch, facts: Particulars, *, now: dt.datetime
) -> None:
    wanted = _columns(facts)
    demand_change(
        DispatchState(row.state), facts.state, channel=facts.channel, sent_on=facts.sent_on,
        received_on=facts.received_on, note=wanted["note"], today=local_day(now),
    )  # fmt: skip
    for name, value in wanted.items():
        setattr(row, name, value)
    row.changed_at, row.changed_by_id = now, actor.person_id
    uow.add(row)
    told = {
        "name": row.name, "state": str(row.state), "channel": row.channel, "tracking": row.tracking,
        "sent": row.sent_on.isoformat() if row.sent_on else None,
        "received": row.received_on.isoformat() if row.received_on else None, "receipt": row.receipt,
        "note": row.note,
    }  # fmt: skip
    record_document(uow, document, tag="document:outgoing:dispatch", facts=told, actor=actor, now=now)
    uow.flush()


def _columns(facts: Particulars) -> dict[str, Any]:
    """The particulars as they are stored."""
    return {
        "state": facts.state, "channel": facts.channel, "sent_on": facts.sent_on, "tracking": clean(facts.tracking),
        "received_on": facts.received_on if facts.state is DispatchState.RECEIVED else None,
        "receipt": clean(facts.receipt), "note": clean(facts.note, multiline=True),
    }  # fmt: skip
