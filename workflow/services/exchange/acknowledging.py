"""What the receiving agency does is told to the sender, in the transaction of the act itself.

`services.incoming.moves` calls `acknowledge` after each step, so nothing here may import it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from workflow.domain.errors import BadInput
from workflow.domain.exchange import REASON_LENGTH, WITH_REASON, Status, told
from workflow.domain.incoming import Action, Source, State
from workflow.domain.notices import Kind, Told
from workflow.domain.people import Actor
from workflow.services.exchange.naming import about, open_words
from workflow.services.journal import local_day
from workflow.services.outbox import Note, queue
from workflow.store import documents, office
from workflow.store import exchange as store
from workflow.store.models import Delivery, DeliveryStatus, Incoming
from workflow.store.session import UnitOfWork

WHY = "its sender is told what became of it"

_KINDS = {
    Status.DECLINED: Kind.DELIVERY_DECLINED,
    Status.RECALL_AGREED: Kind.RECALL_AGREED,
    Status.RECALL_REFUSED: Kind.RECALL_REFUSED,
}
"""What the sender's clerks and drafter hear of; the rest stands on the document's page."""


def acknowledge(
    uow: UnitOfWork, actor: Actor, document: Incoming, action: Action, *, source: State, remark: str,
    now: dt.datetime,
) -> Status | None:  # fmt: skip
    """Tell the sender of a step that was just taken from `source`; the status that was sent, or None.

    Raises `BadInput("exchange_reason_too_long")`: a reason is carried whole or not at all.
    """
    if document.source != Source.EXCHANGE:
        return None
    delivery = store.delivery_to(uow.session, document.id)
    if delivery is None:
        return None
    status = told(action, source, State(document.state), before=Status(delivery.status))
    if status is None:
        return None
    reason = remark if status in WITH_REASON else ""
    row = write(uow, delivery, status, person_id=actor.person_id, reason=reason, now=now)
    if status in _KINDS:
        _tell_sender(uow, delivery, row, now=now)
    return status


def write(
    uow: UnitOfWork, delivery: Delivery, status: Status, *, person_id: int | None, reason: str, now: dt.datetime
) -> DeliveryStatus:
    """Append a status to a delivery, whose row shows the newest one."""
    demand_short(reason)
    row = DeliveryStatus(delivery_id=delivery.id, code=status, at=now, person_id=person_id, reason=reason)
    uow.add(row)
    delivery.status, delivery.status_at = status, now
    uow.flush()
    return row


def demand_short(reason: str) -> None:
    """Raise `BadInput("exchange_reason_too_long")` for more than the exchange carries."""
    if len(reason) > REASON_LENGTH:
        raise BadInput("exchange_reason_too_long", limit=REASON_LENGTH, length=len(reason))


def _tell_sender(uow: UnitOfWork, delivery: Delivery, row: DeliveryStatus, *, now: dt.datetime) -> None:
    document = documents.one(uow.session, delivery.outgoing_id, reason=WHY)
    receiver = office.unit(uow.session, delivery.agency_id).name
    told_them = Told.of(
        _KINDS[Status(row.code)], symbol=document.symbol, office=receiver,
        reason=open_words(row.reason, secret=document.secret), **about(document),
    )  # fmt: skip
    clerks = store.clerks_of(uow.session, [document.agency_id], on=local_day(now)).get(document.agency_id, [])
    notify(
        uow, {*clerks, document.drafter_id}, cause=f"delivery_status:{row.id}", what=told_them,
        link=f"/outgoing/{document.id}#deliveries-title", now=now,
    )  # fmt: skip


def notify(uow: UnitOfWork, people: Iterable[int], *, cause: str, what: Told, link: str, now: dt.datetime) -> None:
    """A notice in the app for each of some people."""
    for person in sorted(set(people)):
        note = Note(cause=f"{cause}:person:{person}", what=what, link=link, person_id=person)
        queue(uow, note, now=now)
