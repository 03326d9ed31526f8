"""The work itself: started, contributed to, finished, closed without an answer, filed; and every way back."""

from __future__ import annotations

import datetime as dt

from workflow.domain.errors import BadInput, Missing, WrongState
from workflow.domain.incoming import STEPS, Action, Part, PartState, Result, State
from workflow.domain.people import SYSTEM_ACTOR, Actor
from workflow.domain.permissions import Permission, Scope, demand
from workflow.domain.steps import step_for
from workflow.domain.text import clean
from workflow.services.incoming import deadlines
from workflow.services.incoming.moves import Move, apply, begin, units_of
from workflow.store import incoming as store
from workflow.store.models import Incoming, IncomingPart
from workflow.store.session import UnitOfWork

PLAIN = frozenset(
    {
        Action.REPORT_ANOMALY, Action.CLEAR_ANOMALY, Action.SEND_BACK, Action.WITHDRAW, Action.START, Action.FILE,
        Action.REOPEN,
    }
)  # fmt: skip
"""Actions that need nothing but the document, the actor and perhaps a written reason."""


def act(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, incoming_id: int, action: Action, version: int | None,
    now: dt.datetime, remark: str = "",
) -> Incoming:  # fmt: skip
    """Take a plain action on a document as it stood at `version`."""
    if action not in PLAIN:
        raise WrongState("not_a_plain_action", action=str(action))
    document = begin(uow, actor, scope, incoming_id=incoming_id, version=version)
    step = step_for(STEPS, State(document.state), action, role=actor.role)
    move = Move(remark=clean(remark, multiline=True))
    apply(uow, actor, document, action, now=now, move=move)
    _after(uow, document, step.target, now=now)
    return document


def _after(uow: UnitOfWork, document: Incoming, target: State, *, now: dt.datetime) -> None:
    """Nobody handles a document that went back to its unit, no unit one that went back to the leader."""
    if target in {State.REGISTERED, State.SUBMITTED}:
        _end_parts(uow, document, now=now)
        document.lead_unit_id = document.handler_id = document.directed_at = None
        deadlines.count_again(uow, document, unit_id=document.agency_id)
        if target is State.REGISTERED:
            document.leader_id, document.at_office, document.proposal = None, False, {}
    elif target is State.DIRECTED:
        document.handler_id = None
        _lead_part(uow, document, person_id=None, state=PartState.OPEN)
    elif target is State.IN_PROGRESS:
        _lead_part(uow, document, person_id=document.handler_id, state=PartState.IN_PROGRESS)
    uow.flush()


def finish(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, incoming_id: int, version: int | None, result: Result,
    words: str, now: dt.datetime,
) -> Incoming:  # fmt: skip
    """The handler says how it was settled."""
    document = begin(uow, actor, scope, incoming_id=incoming_id, version=version)
    _done(uow, actor, document, Action.FINISH, result=result, words=clean(words, multiline=True), now=now)
    return document


def close(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, incoming_id: int, version: int | None, now: dt.datetime,
    words: str = "",
) -> Incoming:  # fmt: skip
    """*Kết thúc (lưu, không phải trả lời)*. Where a deadline stands it needs words why nothing is answered."""
    document = begin(uow, actor, scope, incoming_id=incoming_id, version=version)
    told = clean(words, multiline=True)
    if document.due_at is not None and not told:
        raise BadInput("reason_needed", action=str(Action.CLOSE))
    _done(uow, actor, document, Action.CLOSE, result=Result.NO_ANSWER_NEEDED, words=told, now=now)
    return document


def answered(
    uow: UnitOfWork, *, incoming_id: int, outgoing_id: int, symbol: str, now: dt.datetime
) -> Incoming | None:
    """A reply was issued: it closes what it answers. None where that was closed already."""
    document = store.for_jobs(uow.session, incoming_id, reason="the reply that closes it was issued by its office")
    if State(document.state) not in {step.source for step in STEPS if step.action is Action.ANSWER}:
        return None
    _done(
        uow, SYSTEM_ACTOR, document, Action.ANSWER, result=Result.ANSWERED, words=symbol, now=now,
        journal={"outgoing": outgoing_id},
    )  # fmt: skip
    return document


def _done(
    uow: UnitOfWork, actor: Actor, document: Incoming, action: Action, *, result: Result, words: str,
    now: dt.datetime, journal: dict[str, object] | None = None,
) -> None:  # fmt: skip
    step_for(STEPS, State(document.state), action, role=actor.role)
    document.done_at, document.result, document.result_words = now, result, words
    told = {"result": str(result), **(journal or {})}
    apply(uow, actor, document, action, now=now, move=Move(remark=words, journal=told))
    _lead_part(uow, document, person_id=document.handler_id, state=PartState.DONE, ended_at=now)
    uow.flush()


def contribute(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, incoming_id: int, part_id: int, words: str, now: dt.datetime
) -> Incoming:
    """A coordinating unit or person has done its part; the document goes its own way."""
    document = begin(uow, actor, scope, incoming_id=incoming_id, version=None)
    part = _own_part(uow, actor, document, part_id)
    told = clean(words, multiline=True)
    if not told:
        raise BadInput("reason_needed", action=str(Action.CONTRIBUTE))
    move = Move(remark=told, journal={"part": part.id})
    apply(uow, actor, document, Action.CONTRIBUTE, now=now, move=move)
    part.state, part.ended_at, part.result_words = PartState.DONE, now, told
    uow.flush()
    return document


def read(uow: UnitOfWork, actor: Actor, scope: Scope, *, incoming_id: int, now: dt.datetime) -> bool:
    """A read receipt for what this person or unit was given to know; whether one was due. Who only reads
    at the desk of somebody absent gives none: they have not read it."""
    demand(actor, Permission.READ_INCOMING)
    if actor.reading_only:
        return False
    uow.begin_write()
    document = store.lock(scope, uow.session, incoming_id, version=None)
    units, marked = units_of(uow, actor), False
    for part in store.live_parts(uow.session, document.id):
        mine = part.person_id == actor.desk_of or (part.person_id is None and part.unit_id in units)
        if mine and part.read_at is None:
            part.read_at, part.read_by_id, marked = now, actor.person_id, True
            if part.part == Part.INFORM:
                part.state, part.ended_at = PartState.DONE, now
    uow.flush()
    return marked


def _own_part(uow: UnitOfWork, actor: Actor, document: Incoming, part_id: int) -> IncomingPart:
    units = units_of(uow, actor)
    for part in store.live_parts(uow.session, document.id):
        mine = part.person_id == actor.desk_of or part.unit_id in units
        if part.id == part_id and part.part == Part.COORDINATE and mine and part.ended_at is None:
            return part
    raise Missing("takes_part", action=str(Action.CONTRIBUTE))


def _end_parts(uow: UnitOfWork, document: Incoming, *, now: dt.datetime) -> None:
    for part in store.live_parts(uow.session, document.id):
        part.state, part.ended_at = PartState.ENDED, now


def _lead_part(
    uow: UnitOfWork, document: Incoming, *, person_id: int | None, state: PartState,
    ended_at: dt.datetime | None = None,
) -> None:  # fmt: skip
    for part in store.live_parts(uow.session, document.id):
        if part.part == Part.LEAD:
            part.person_id, part.state, part.ended_at = person_id, state, ended_at
