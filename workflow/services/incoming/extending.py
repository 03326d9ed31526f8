"""Gia hạn: a later due date is asked for with a reason; a leader grants or refuses it.

*Inside*: our own leader set the date. *Between* offices: another office set it. Where the document came from an
agency of this installation, our leader sends the request and that agency answers (`services.exchange.extensions`);
another office answers by a paper, which our leader names when they write its answer down.
"""

from __future__ import annotations

import datetime as dt

from workflow.domain.calendar import office_time
from workflow.domain.errors import BadInput, Missing
from workflow.domain.incoming import STEPS, Action, State
from workflow.domain.journal import utc_text
from workflow.domain.notices import Kind, Told
from workflow.domain.people import Actor
from workflow.domain.permissions import Scope
from workflow.domain.steps import step_for
from workflow.domain.terms import due_on
from workflow.domain.text import clean
from workflow.services.exchange import requests
from workflow.services.exchange.naming import named, open_words
from workflow.services.exchange.requests import Standing
from workflow.services.incoming.clocks import calendar_for
from workflow.services.incoming.deadlines import DueChoice, demand_due, put
from workflow.services.incoming.moves import Move, apply, begin
from workflow.services.outbox import Note, queue
from workflow.store import exchange
from workflow.store import incoming as store
from workflow.store.models import Extension, Incoming
from workflow.store.session import UnitOfWork

WORDS = 1000
"""Characters of a reason or an answer."""


def ask(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, incoming_id: int, version: int | None, until: dt.date,
    remark: str, now: dt.datetime, between: bool = False, other_office: str = "",
) -> Incoming:  # fmt: skip
    """Ask for a later date. `other_office`: who set it, where it was not our leader; the sender where not said."""
    document = begin(uow, actor, scope, incoming_id=incoming_id, version=version)
    step_for(STEPS, State(document.state), Action.ASK_EXTENSION, role=actor.role)
    before = demand_due(document)
    wanted = _later(uow, document, until)
    words = clean(remark, multiline=True)[:WORDS]
    other = (clean(other_office)[:200] or document.issuer) if between else ""
    told = {
        "from": utc_text(before), "wanted": utc_text(wanted), "kind": "between" if between else "inside",
        "office": other,
    }  # fmt: skip
    apply(uow, actor, document, Action.ASK_EXTENSION, now=now, move=Move(remark=words, journal=told))
    uow.add(
        Extension(
            incoming_id=document.id, kind=told["kind"], office=other, state="asked", due_before=before,
            due_wanted=wanted, reason=words, asked_by_id=actor.person_id, asked_at=now,
        )
    )  # fmt: skip
    uow.flush()
    return document


def grant(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, incoming_id: int, version: int | None, now: dt.datetime,
    until: dt.date | None = None, remark: str = "",
) -> Incoming:  # fmt: skip
    """The later date holds: the one that was asked for, or another that the leader names.

    Of an office outside `remark` names the paper by which it granted the date, or
    `BadInput("extension_paper_needed")`.
    """
    document = begin(uow, actor, scope, incoming_id=incoming_id, version=version)
    asked = _asked(uow, document, Action.GRANT_EXTENSION, actor)
    words = clean(remark, multiline=True)[:WORDS]
    if asked.kind == "between" and not words:
        raise BadInput("extension_paper_needed", office=asked.office)
    day = until or office_time(asked.due_wanted).date()
    _later(uow, document, day)
    before = demand_due(document)
    put(uow, document, DueChoice(day=day), now=now)
    document.extensions += 1
    told = {
        "from": utc_text(before),
        "until": utc_text(demand_due(document)),
        "kind": asked.kind,
        "office": asked.office,
    }
    apply(uow, actor, document, Action.GRANT_EXTENSION, now=now, move=Move(remark=words, journal=told))
    asked.state, asked.due_granted, asked.answer = "granted", document.due_at, words
    asked.decided_by_id, asked.decided_at = actor.person_id, now
    _tell_asker(uow, document, asked, day, now=now)
    uow.flush()
    return document


def refuse(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, incoming_id: int, version: int | None, remark: str,
    now: dt.datetime,
) -> Incoming:  # fmt: skip
    """The date stays, with the reason; of another office that was asked already the request is called back."""
    document = begin(uow, actor, scope, incoming_id=incoming_id, version=version)
    asked = _asked(uow, document, Action.REFUSE_EXTENSION, actor)
    words = clean(remark, multiline=True)[:WORDS]
    apply(uow, actor, document, Action.REFUSE_EXTENSION, now=now, move=Move(remark=words))
    asked.state, asked.answer = "refused", words
    asked.decided_by_id, asked.decided_at = actor.person_id, now
    if (request := exchange.request_for(uow.session, asked.id)) is not None:
        requests.end(uow, actor, document, request, state="withdrawn", reason=words, now=now)
    _tell_asker(uow, document, asked, None, now=now)
    uow.flush()
    return document


def _asked(uow: UnitOfWork, document: Incoming, action: Action, actor: Actor) -> Extension:
    step_for(STEPS, State(document.state), action, role=actor.role)
    found = store.asked_extension(uow.session, document.id)
    if found is None:
        missing = "extension_asked" if action is Action.GRANT_EXTENSION else "extension_open"
        raise Missing(missing, action=str(action))
    if action is Action.GRANT_EXTENSION and requests.standing(uow, document) is not Standing.OURS:
        raise Missing("extension_asked", action=str(action))
    return found


def _later(uow: UnitOfWork, document: Incoming, day: dt.date) -> dt.datetime:
    wanted = due_on(day, calendar_for(uow, document))
    if wanted <= demand_due(document):
        raise BadInput("extension_not_later", day=office_time(demand_due(document)).date())
    return wanted


def _tell_asker(
    uow: UnitOfWork, document: Incoming, asked: Extension, day: dt.date | None, *, now: dt.datetime
) -> None:
    if asked.asked_by_id is None:
        return
    facts = {"words": open_words(asked.answer, secret=document.secret), **named(document)}
    told = Told.of(Kind.EXTENSION_GRANTED, day=day, **facts) if day else Told.of(Kind.EXTENSION_REFUSED, **facts)
    cause = f"incoming:{document.id}:extension:{asked.id}:{asked.state}"
    note = Note(cause=cause, what=told, link=f"/incoming/{document.id}", person_id=asked.asked_by_id)
    queue(uow, note, now=now)
