"""Gia hạn between two offices of this installation: the one that has to answer asks the one that set the date.

Our handler asks, our leader sends; at the other office a leader, a deputy or who signed the document grants it, for
the day that was asked for or another, or refuses it with a reason. The answer is written into both offices' books
in one transaction. Until it comes the old date holds. What is done, given back or recalled needs no answer.

Locks: the sender's document, then the asking agency's, as for a recall. Who asks locks their own document only.
"""

from __future__ import annotations

import datetime as dt

from workflow.domain.calendar import office_time
from workflow.domain.errors import BadInput, Missing, NotPermitted, WrongState
from workflow.domain.incoming import STEPS, Action, State
from workflow.domain.journal import utc_text
from workflow.domain.notices import Kind, Told
from workflow.domain.people import SYSTEM_ACTOR, Actor, Role
from workflow.domain.permissions import Permission, Scope, demand
from workflow.domain.steps import step_for
from workflow.domain.terms import due_on
from workflow.domain.text import clean
from workflow.services.exchange import requests
from workflow.services.exchange.acknowledging import demand_short, notify
from workflow.services.exchange.naming import about, open_words
from workflow.services.exchange.requests import WHY, Standing
from workflow.services.incoming.clocks import calendar_for
from workflow.services.incoming.deadlines import DueChoice, demand_due, put
from workflow.services.incoming.moves import Move, apply, begin
from workflow.services.journal import local_day, record_document
from workflow.store import documents, incoming, office
from workflow.store import exchange as store
from workflow.store.models import Extension, ExtensionRequest, Incoming, Outgoing
from workflow.store.session import UnitOfWork


def send(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, incoming_id: int, version: int | None, until: dt.date,
    remark: str, now: dt.datetime,
) -> ExtensionRequest:  # fmt: skip
    """Our leader asks the office that issued the document for more time, in the words and until the day given."""
    document = begin(uow, actor, scope, incoming_id=incoming_id, version=version)
    step_for(STEPS, State(document.state), Action.ASK_EXTENSION, role=actor.role)
    asked, delivery = incoming.asked_extension(uow.session, document.id), None
    if asked is not None and requests.standing(uow, document) is Standing.TO_SEND:
        delivery = requests.way_back(uow, document)
    if asked is None or delivery is None:
        raise Missing("extension_to_send", action=str(Action.ASK_EXTENSION))
    words = clean(remark, multiline=True)
    demand_short(words)
    due = office_time(demand_due(document)).date()
    wanted = due_on(until, calendar_for(uow, document))
    if until <= due:
        raise BadInput("extension_not_later", day=due)
    told = {"from": utc_text(demand_due(document)), "wanted": utc_text(wanted), "office": asked.office}
    apply(uow, actor, document, Action.ASK_EXTENSION, now=now, move=Move(remark=words, journal=told))
    asked.due_wanted = wanted
    request = ExtensionRequest(
        delivery_id=delivery.id, extension_id=asked.id, state="asked", reason=words, due_on=due, wanted_on=until,
        asked_at=now, asked_by_id=actor.person_id,
    )  # fmt: skip
    uow.add(request)
    uow.flush()
    requests.journal(uow, actor, request, "extension_asked", {"reason": words}, now=now)
    requests.tell_sender(uow, document, request, Kind.EXTENSION_ASKED, words, now=now)
    return request


def may_answer(actor: Actor, document: Outgoing) -> bool:
    """The agency's leader or a deputy, or who signed the document (a head by order): it was their date.
    Never from the desk of somebody absent."""
    if actor.in_place_of is not None or actor.agency_id != document.agency_id:
        return False
    return actor.role in {Role.LEADER, Role.DEPUTY} or (
        actor.role is Role.UNIT_HEAD and document.signer_id == actor.person_id
    )


def answer(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, document_id: int, request_id: int, grant: bool, remark: str,
    now: dt.datetime, until: dt.date | None = None,
) -> ExtensionRequest:  # fmt: skip
    """Grant or refuse what another office asked for. `until`: another day than the one that was asked for.

    Raises `NotFound`, `NotPermitted`, `WrongState("extension_request_ended")`, `BadInput` (`extension_not_later`,
    `due_in_the_past`, `reason_needed`, `exchange_reason_too_long`).
    """
    demand(actor, Permission.ACT_ON_DOCUMENT)
    uow.begin_write()
    document = documents.lock(scope, uow.session, document_id, version=None)
    request, delivery = store.request_of(scope, uow.session, document.id, request_id=request_id)
    if not may_answer(actor, document):
        raise NotPermitted("extension_not_yours", action=str(Action.GRANT_EXTENSION))
    words = clean(remark, multiline=True)
    demand_short(words)
    if not grant and not words:
        raise BadInput("reason_needed", action=str(Action.REFUSE_EXTENSION))
    row = incoming.for_jobs(uow.session, delivery.incoming_id or 0, reason=WHY)
    uow.session.refresh(request)  # what the asking agency did before we had its lock
    if request.state != "asked":
        raise WrongState("extension_request_ended", state=request.state)
    day = (until or request.wanted_on) if grant else None
    _close(request, day, words, actor, now=now)
    _write_there(uow, row, request, now=now)
    facts: dict[str, object] = {
        "agency": row.agency_id,
        "request": request.id,
        "until": day.isoformat() if day else None,
    }
    tag = f"document:outgoing:extension_{request.state}"
    record_document(uow, document, tag=tag, facts={**facts, "words": words}, actor=actor, now=now)
    told: dict[str, object] = {"until": facts["until"], "words": words}
    requests.journal(uow, actor, request, f"extension_{request.state}", told, now=now)
    return request


def _close(request: ExtensionRequest, day: dt.date | None, words: str, actor: Actor, *, now: dt.datetime) -> None:
    if day is not None and day <= request.due_on:
        raise BadInput("extension_not_later", day=request.due_on)
    if day is not None and day < local_day(now):
        raise BadInput("due_in_the_past", day=day)
    request.state, request.granted_on, request.answer = "granted" if day else "refused", day, words
    request.ended_at, request.answered_by_id = now, actor.person_id


def _write_there(uow: UnitOfWork, row: Incoming, request: ExtensionRequest, *, now: dt.datetime) -> None:
    """The answer in the asking agency's book. A date only ever moves later: where its own leader has meanwhile set
    a later one or none, that one stands.
    """
    asked = uow.session.get_one(Extension, request.extension_id)
    before, day = row.due_at, request.granted_on
    told = {"from": utc_text(before) if before else None, "kind": "between", "office": asked.office}
    if day is not None and before is not None and due_on(day, calendar_for(uow, row)) > before:
        put(uow, row, DueChoice(day=day), now=now)
        row.extensions += 1
    told["until"] = utc_text(row.due_at) if row.due_at else None
    action = Action.GRANT_EXTENSION if day else Action.REFUSE_EXTENSION
    request_open = frozenset({"extension_out"})  # it was until this moment
    move = Move(remark=request.answer, journal=told, facts=request_open)
    apply(uow, SYSTEM_ACTOR, row, action, now=now, move=move)
    asked.state, asked.decided_at, asked.answer = request.state, now, request.answer
    asked.due_granted = row.due_at if day else None
    uow.flush()
    _tell_asker(uow, row, asked, request, now=now)


def _tell_asker(
    uow: UnitOfWork, row: Incoming, asked: Extension, request: ExtensionRequest, *, now: dt.datetime
) -> None:
    day = request.granted_on
    facts = {
        "symbol": row.symbol, "office": asked.office, **about(row),
        "words": open_words(request.answer, secret=row.secret),
    }  # fmt: skip
    what = Told.of(Kind.EXTENSION_ANSWERED, day=day, **facts) if day else Told.of(Kind.EXTENSION_DENIED, **facts)
    told = {one for one in (asked.asked_by_id, request.asked_by_id, row.handler_id) if one is not None}
    today = local_day(now)
    here = {one for one in told if office.in_agency(uow.session, one, agency_id=row.agency_id, on=today)}
    notify(
        uow, here, cause=f"extension_request:{request.id}:answer", what=what, link=f"/incoming/{row.id}", now=now,
    )  # fmt: skip
