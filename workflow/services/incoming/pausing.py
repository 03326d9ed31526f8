"""The clock stands still while the office waits for somebody outside, and runs on when they have answered."""

from __future__ import annotations

import datetime as dt

from workflow.domain.errors import Refused
from workflow.domain.incoming import STEPS, Action, State
from workflow.domain.journal import utc_text
from workflow.domain.people import Actor
from workflow.domain.permissions import Scope
from workflow.domain.steps import step_for
from workflow.domain.text import clean
from workflow.services.incoming.moves import Move, apply, begin
from workflow.store.models import Incoming, Pause
from workflow.store.session import UnitOfWork

REASON = 500
"""Characters."""


def pause(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, incoming_id: int, version: int | None, remark: str,
    now: dt.datetime,
) -> Incoming:  # fmt: skip
    """Stop the clock, with the reason: whom the office waits for. Refused once it is overdue: that stays so."""
    document = begin(uow, actor, scope, incoming_id=incoming_id, version=version)
    words = clean(remark, multiline=True)[:REASON]
    step_for(STEPS, State(document.state), Action.PAUSE, role=actor.role)
    if document.due_at is not None and document.due_at < now:
        raise Refused("pause_when_overdue")
    told = {"since": utc_text(now)}
    move = Move(remark=words, journal=told, fields={"paused_since": now})
    apply(uow, actor, document, Action.PAUSE, now=now, move=move)
    uow.add(Pause(incoming_id=document.id, began_at=now, reason=words, began_by_id=actor.person_id))
    uow.flush()
    return document


def resume(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, incoming_id: int, version: int | None, now: dt.datetime,
    remark: str = "",
) -> Incoming:  # fmt: skip
    """The answer came: every due moment moves by the office time that the clock stood still."""
    document = begin(uow, actor, scope, incoming_id=incoming_id, version=version)
    began = document.paused_since
    told = {"since": utc_text(began) if began else None}
    move = Move(remark=clean(remark, multiline=True), journal=told)
    apply(uow, actor, document, Action.RESUME, now=now, move=move)
    return document
