"""Taking back what was issued (Decree 30/2020, Art. 18.4): at once before the receiver registered it, after that by
asking; and the receiver's answer, with the words that were typed on either side."""

from __future__ import annotations

import datetime as dt

from workflow.domain.corrections import BY_KIND, Kind
from workflow.domain.errors import BadInput, Missing, NotPermitted, WrongState
from workflow.domain.exchange import Status, pending_recall
from workflow.domain.incoming import BEFORE_REGISTER, Action, PartState
from workflow.domain.incoming import State as InState
from workflow.domain.outgoing import State
from workflow.domain.people import SYSTEM_ACTOR, Actor
from workflow.domain.permissions import Permission, Scope, demand
from workflow.domain.text import clean
from workflow.services.exchange import recall_outside, unit_copies
from workflow.services.exchange.acknowledging import demand_short, notify, write
from workflow.services.exchange.naming import about, because
from workflow.services.incoming.moves import Move, apply, begin
from workflow.services.journal import local_day, record_document
from workflow.store import deliveries as dispatches
from workflow.store import documents, incoming, office
from workflow.store import exchange as store
from workflow.store import unit_copies as copies
from workflow.store.models import Delivery, Incoming, Outgoing
from workflow.store.session import UnitOfWork

WHY = "the sender takes back what it sent"
ISSUED = frozenset({State.ISSUED, State.FILED})
AT_ONCE = BEFORE_REGISTER | {InState.RETURNED}


def ask_recall(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, document_id: int, reason: str, now: dt.datetime
) -> int:
    """Take an issued document back from everybody who has it; how many were reached.

    Who has not registered it loses it now, units of the own agency too; the other agencies are asked; offices
    outside are marked as to be told (`recall_outside`). Raises `WrongState("not_issued")`, `Missing("deliveries")`
    where it went to nobody on record, `WrongState("recalled_already")` where everybody was asked or has agreed.
    """
    demand_may_recall(actor)
    words = _reason(reason)
    uow.begin_write()
    document = documents.lock(scope, uow.session, document_id, version=None)
    if State(document.state) not in ISSUED:
        raise WrongState("not_issued", state=document.state)
    deliveries = store.deliveries_to_change(uow.session, document.id, reason=WHY)
    inside = copies.given(uow.session, document.id, reason=WHY)
    outside = dispatches.copies_of(uow.session, document.id)
    if not deliveries and not inside and not outside:
        raise Missing("deliveries", action=str(Action.ASK_RECALL))
    taken = [one.agency_id for one in deliveries if take_back(uow, actor, document, one, reason=words, now=now)]
    units = [row.unit_id for row in inside if row.recalled_at is None]
    for row in inside:
        row.recalled_at = row.recalled_at or now
    stopped, to_tell = recall_outside.mark(uow, document, now=now)
    if not taken and not units and not stopped:
        raise WrongState("recalled_already", action=str(Action.ASK_RECALL))
    facts = {"reason": words, "agencies": taken, "units": units, "outside": to_tell}
    record_document(uow, document, tag=copies.RECALLED, facts=facts, actor=actor, now=now)
    if units:
        title = "Nơi gửi đã thu hồi"
        body = f"{title} văn bản {document.symbol}; {unit_copies.NOT_USED}."
        body += because(words, secret=document.secret)
        unit_copies.tell_again(uow, document, title=title, body=body, cause=f"recall:{document.id}", now=now)
    return len(taken) + len(units) + stopped


def demand_may_recall(actor: Actor) -> None:
    """The agency's clerk or one of its leaders, or `NotPermitted`."""
    demand(actor, Permission.ACT_ON_DOCUMENT)
    if actor.role not in BY_KIND[Kind.RECALL].roles:
        raise NotPermitted("role_may_not", action=str(Action.ASK_RECALL), role=str(actor.role))


def take_back(
    uow: UnitOfWork, actor: Actor, document: Outgoing, delivery: Delivery, *, reason: str, now: dt.datetime
) -> bool:
    """Take one delivery back or ask for it; False where that was done before."""
    if delivery.incoming_id is None:
        return False
    row = incoming.for_jobs(uow.session, delivery.incoming_id, reason=WHY)
    uow.session.refresh(delivery)  # what the receiver did before we had the lock
    codes = tuple(Status(code) for code in store.codes_of(uow.session, delivery.id))
    if delivery.status == Status.RECALL_AGREED or (pending_recall(codes) and row.recall_asked_at is not None):
        return False
    write(uow, delivery, Status.RECALL_ASKED, person_id=actor.person_id, reason=reason, now=now)
    at_once = InState(row.state) in AT_ONCE
    move = Move(remark=reason, fields={"recall_asked_at": now, "recall_reason": reason})
    apply(uow, SYSTEM_ACTOR, row, Action.AGREE_RECALL if at_once else Action.ASK_RECALL, now=now, move=move)
    _tell_receiver(uow, document, row, reason=reason, at_once=at_once, now=now)
    return True


def agree_recall(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, incoming_id: int, version: int | None, now: dt.datetime,
    remark: str = "",
) -> Incoming:  # fmt: skip
    """Give it back: nobody works on it any more, units no longer see it, its row and history stay as the trace."""
    row = begin(uow, actor, scope, incoming_id=incoming_id, version=version)
    words = clean(remark, multiline=True)
    demand_short(words)
    apply(uow, actor, row, Action.AGREE_RECALL, now=now, move=Move(remark=words))
    _lay_down(uow, actor, row, now=now)
    return row


def refuse_recall(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, incoming_id: int, version: int | None, remark: str,
    now: dt.datetime,
) -> Incoming:  # fmt: skip
    """Keep it, with a written reason; the sender may ask again."""
    row = begin(uow, actor, scope, incoming_id=incoming_id, version=version)
    words = clean(remark, multiline=True)
    demand_short(words)
    move = Move(remark=words, fields={"recall_asked_at": None, "recall_reason": ""})
    apply(uow, actor, row, Action.REFUSE_RECALL, now=now, move=move)
    return row


def _lay_down(uow: UnitOfWork, actor: Actor, row: Incoming, *, now: dt.datetime) -> None:
    """What was open about it ends with it."""
    for part in incoming.live_parts(uow.session, row.id):
        if part.ended_at is None or part.state == PartState.DONE:
            part.state, part.ended_at = PartState.ENDED, part.ended_at or now
    if (pause := incoming.open_pause(uow.session, row.id)) is not None:
        pause.ended_at, pause.ended_by_id, row.paused_since = now, actor.person_id, None
    uow.flush()


def _reason(text: str) -> str:
    words = clean(text, multiline=True)
    if not words:
        raise BadInput("reason_needed", action=str(Action.ASK_RECALL))
    demand_short(words)
    return words


def _tell_receiver(
    uow: UnitOfWork, document: Outgoing, row: Incoming, *, reason: str, at_once: bool, now: dt.datetime
) -> None:
    sender = office.unit(uow.session, document.agency_id).name
    people = set(store.clerks_of(uow.session, [row.agency_id], on=local_day(now)).get(row.agency_id, []))
    if row.handler_id is not None:
        people.add(row.handler_id)
    title = "Nơi gửi đã thu hồi" if at_once else "Nơi gửi đề nghị thu hồi"
    ask = "" if at_once else "\nVăn thư hoặc lãnh đạo trả lời đồng ý hoặc không đồng ý trên trang của văn bản."
    why = because(reason, secret=document.secret or row.secret)
    body = f"{title} văn bản {row.symbol}, {about(row)}.{why}{ask}"
    notify(
        uow, people, cause=f"recall:{row.id}:{row.version}", subject=f"{title}: {row.symbol}, {sender}",
        body=body, link=f"/incoming/{row.id}", now=now,
    )  # fmt: skip
