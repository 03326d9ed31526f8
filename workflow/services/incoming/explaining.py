"""Giải trình: why something is late. Demanded of whoever had it, given in writing, accepted or sent back.

One demand for each due moment that was missed, of the document or of a coordinating part; also after it was done
too late. What a leader held is recorded as the leader's own, and nobody else is asked; nobody decides about it.
"""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from workflow.domain.calendar import WorkingCalendar
from workflow.domain.errors import BadInput, NotFound
from workflow.domain.incoming import STEPS, Action, Holder, PartState, State
from workflow.domain.journal import utc_text
from workflow.domain.notices import Kind, Told
from workflow.domain.people import SYSTEM_ACTOR, Actor, Role
from workflow.domain.permissions import Permission, Scope, demand
from workflow.domain.steps import step_for
from workflow.domain.text import clean
from workflow.services.calendar import working_calendar
from workflow.services.exchange.naming import named, open_words
from workflow.services.incoming.explanation_days import days_of
from workflow.services.incoming.holding import Answerable, answerable_at, person_for
from workflow.services.incoming.moves import Move, apply, begin
from workflow.services.journal import local_day
from workflow.services.outbox import Note, queue
from workflow.store import explanations as store
from workflow.store import incoming as documents
from workflow.store import office
from workflow.store.models import Explanation, Incoming, IncomingPart
from workflow.store.session import UnitOfWork

WORDS = 4000
ANSWER = 1000


class Cause(StrEnum):
    """W7: late for reasons of one's own, or not (another office, the sender, force majeure)."""

    SUBJECTIVE = "subjective"
    OBJECTIVE = "objective"


def demand_for_job(
    uow: UnitOfWork, *, incoming_id: int, now: dt.datetime, part_id: int | None = None
) -> Explanation | None:
    """Ask whoever had it when it became late. None where it is not late, was asked for, or nobody is found."""
    uow.begin_write()
    document = documents.for_jobs(uow.session, incoming_id, reason="lateness is asked about in every agency")
    missed, part = _missed(uow, document, part_id, now=now)
    if missed is None:
        return None
    key = utc_text(missed) if part is None else f"part:{part.id}:{utc_text(missed)}"
    if any(row[0].lateness == key for row in store.of_document(uow.session, document.id)):
        return None
    if part is None:
        who = answerable_at(uow, document, missed, now=now)
    else:
        who = person_for(uow, document, Holder.UNIT_HEAD, part.person_id, part.unit_id, now=now)
    if who is None:
        return None
    return _demand(uow, document, who, key=key, missed=missed, part=part, now=now)


def _missed(
    uow: UnitOfWork, document: Incoming, part_id: int | None, *, now: dt.datetime
) -> tuple[dt.datetime | None, IncomingPart | None]:
    """The due moment that was missed, of the document or of one of its parts."""
    if document.paused_since is not None:
        return None, None
    if part_id is None:
        ended = document.done_at or now
        late = document.due_at is not None and ended > document.due_at
        return (document.due_at if late else None), None
    part = uow.session.get(IncomingPart, part_id)
    if part is None or part.incoming_id != document.id or part.due_at is None or part.state == PartState.ENDED:
        return None, None
    return (part.due_at if (part.ended_at or now) > part.due_at else None), part


def _demand(
    uow: UnitOfWork, document: Incoming, who: Answerable, *, key: str, missed: dt.datetime,
    part: IncomingPart | None, now: dt.datetime,
) -> Explanation:  # fmt: skip
    row = Explanation(
        incoming_id=document.id, lateness=key, missed_at=missed, part_id=part.id if part else None,
        person_id=who.person_id, unit_id=who.unit_id, held_by=str(who.held_by), state="owed", demanded_at=now,
        due_at=_own_due(uow, document, now), cause="", words="", answer="",
    )  # fmt: skip
    told = {
        "person": who.person_id, "held_by": str(who.held_by), "missed": utc_text(missed),
        "until": utc_text(row.due_at), "part": row.part_id,
    }  # fmt: skip
    apply(uow, SYSTEM_ACTOR, document, Action.DEMAND_EXPLANATION, now=now, move=Move(journal=told))
    uow.add(row)
    uow.flush()
    told_them = Told.of(Kind.EXPLANATION_DEMANDED, missed=missed, until=row.due_at, **named(document))
    _tell(uow, document, row, who.person_id, told_them, step="demanded", now=now)
    return row


def explain(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, incoming_id: int, version: int | None, explanation_id: int,
    cause: Cause, words: str, now: dt.datetime,
) -> Explanation:  # fmt: skip
    """Whoever owes it says why, and for which kind of cause; in a post of their own, not at another's desk."""
    demand(actor, Permission.ACT_ON_INCOMING)
    uow.begin_write()
    document = store.lock(scope, uow.session, incoming_id, person_id=actor.person_id or 0, version=version)
    row = store.one(uow.session, explanation_id, incoming_id=document.id)
    text = clean(words, multiline=True)
    if row.person_id != actor.person_id or row.state not in store.OWED:
        raise NotFound("explanation_not_found")  # as if there were none: who else owes one is not told
    if len(text) > WORDS:
        raise BadInput("explanation_too_long", limit=WORDS, length=len(text))
    told = {"explanation": row.id, "cause": str(cause), "late": now > row.due_at}
    apply(uow, actor, document, Action.EXPLAIN, now=now, move=Move(remark=text, journal=told, confidential=True))
    row.state, row.cause, row.words, row.given_at = "given", str(cause), text, now
    if actor.role is Role.LEADER and actor.agency_id == document.agency_id:
        row.state, row.decided_at = "accepted", now
    else:
        shown = open_words(text, secret=document.secret)
        given = Told.of(Kind.EXPLANATION_GIVEN, who=actor.name, words=shown, **named(document))
        for leader in _deciders(uow, document, now=now):
            _tell(uow, document, row, leader, given, step="given", now=now)
    uow.flush()
    return row


def accept(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, incoming_id: int, version: int | None, explanation_id: int,
    now: dt.datetime, remark: str = "",
) -> Explanation:  # fmt: skip
    """The leader, or a deputy, takes it as it is."""
    document = begin(uow, actor, scope, incoming_id=incoming_id, version=version)
    row = _given(uow, actor, document, explanation_id, Action.ACCEPT_EXPLANATION)
    words = clean(remark, multiline=True)[:ANSWER]
    told = {"explanation": row.id, "cause": row.cause}
    apply(
        uow,
        actor,
        document,
        Action.ACCEPT_EXPLANATION,
        now=now,
        move=Move(remark=words, journal=told, confidential=True),
    )
    row.state, row.answer, row.decided_by_id, row.decided_at = "accepted", words, actor.person_id, now
    apology = row.cause == Cause.SUBJECTIVE and document.issuer_kind != "agency"
    kind = Kind.EXPLANATION_ACCEPTED_APOLOGY if apology else Kind.EXPLANATION_ACCEPTED
    _tell(uow, document, row, row.person_id, Told.of(kind, **named(document)), step="accepted", now=now)
    uow.flush()
    return row


def send_back(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, incoming_id: int, version: int | None, explanation_id: int,
    remark: str, now: dt.datetime,
) -> Explanation:  # fmt: skip
    """Not enough: it is owed anew, with the reason and a new deadline of its own."""
    document = begin(uow, actor, scope, incoming_id=incoming_id, version=version)
    row = _given(uow, actor, document, explanation_id, Action.RETURN_EXPLANATION)
    words = clean(remark, multiline=True)[:ANSWER]
    due = _own_due(uow, document, now)
    told = {"explanation": row.id, "until": utc_text(due)}
    apply(
        uow,
        actor,
        document,
        Action.RETURN_EXPLANATION,
        now=now,
        move=Move(remark=words, journal=told, confidential=True),
    )
    row.state, row.answer, row.due_at = "sent_back", words, due
    row.decided_by_id, row.decided_at = actor.person_id, now
    shown = open_words(words, secret=document.secret)
    back = Told.of(Kind.EXPLANATION_SENT_BACK, words=shown, **named(document))
    _tell(uow, document, row, row.person_id, back, step="sent_back", now=now)
    uow.flush()
    return row


def _given(uow: UnitOfWork, actor: Actor, document: Incoming, explanation_id: int, action: Action) -> Explanation:
    step_for(STEPS, State(document.state), action, role=actor.role)  # who may not decide learns of no explanation
    row = store.one(uow.session, explanation_id, incoming_id=document.id)
    if row.state != "given" or row.person_id in {actor.person_id, actor.desk_of}:
        raise NotFound("explanation_not_found")
    return row


def _own_due(uow: UnitOfWork, document: Incoming, now: dt.datetime) -> dt.datetime:
    calendar: WorkingCalendar = working_calendar(uow)
    return calendar.closing(calendar.add_working_days(local_day(now), days_of(uow, document.agency_id)))


def _deciders(uow: UnitOfWork, document: Incoming, *, now: dt.datetime) -> list[int]:
    if document.leader_id is not None:
        return [document.leader_id]
    posts = office.holders(uow.session, role=Role.LEADER, on=local_day(now), agency_id=document.agency_id)
    return [post.person_id for post in posts]


def _tell(
    uow: UnitOfWork, document: Incoming, row: Explanation, person_id: int, what: Told, *, step: str,
    now: dt.datetime,
) -> None:  # fmt: skip
    link = "/incoming/explanations" if step == "given" else f"/incoming/{document.id}/explain"
    cause = f"explanation:{row.id}:{step}:{document.version}:{person_id}"
    note = Note(cause=cause, what=what, link=link, person_id=person_id)
    queue(uow, note, now=now)
