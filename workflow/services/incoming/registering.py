"""Receiving: checked, entered in the register of arrivals under the next number; or sent back, or reported."""

from __future__ import annotations

import datetime as dt

from workflow.domain.errors import Missing, Refused
from workflow.domain.incoming import STEPS, Action, State
from workflow.domain.people import Actor
from workflow.domain.permissions import Permission, Scope
from workflow.domain.steps import step_for
from workflow.domain.text import clean
from workflow.services.incoming import deadlines, differences
from workflow.services.incoming.arriving import Facts, correct
from workflow.services.incoming.deadlines import DueChoice
from workflow.services.incoming.moves import Move, apply, begin
from workflow.services.journal import local_day
from workflow.store import incoming as store
from workflow.store import office
from workflow.store.models import Incoming
from workflow.store.session import UnitOfWork


def register(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, incoming_id: int, version: int | None, now: dt.datetime,
    facts: Facts | None = None, due: DueChoice | None = None, verdict_reason: str = "", saw: str = "read",
) -> Incoming:  # fmt: skip
    """Check and register in one act: facts as the clerk confirmed them, the verdict answered, the next number.

    `saw`: how the reading of its file stood on the form (`Incoming.reading`). What was read by then is answered by
    the act; what was read while the form lay open, or is read after it, will be compared with the register.

    Two steps of the table and two lines of history where it was not checked yet. Raises `Missing`
    (`facts_complete`, `verdict_answered`), `Refused("series_closed")`.
    """
    document = begin(
        uow, actor, scope, incoming_id=incoming_id, version=version, permission=Permission.RECEIVE_DOCUMENT
    )
    if facts is not None:
        correct(uow, actor, scope, incoming_id=incoming_id, version=None, facts=facts, now=now)
    if verdict_reason.strip():
        document.verdict_reason = clean(verdict_reason)[:500]
    if due is not None:
        deadlines.put(uow, document, due, now=now)
    else:
        deadlines.by_rule(uow, document, now=now)
    if document.state == State.ARRIVED:
        apply(uow, actor, document, Action.CHECK, now=now)
    step_for(STEPS, State(document.state), Action.REGISTER, role=actor.role)  # before a number is drawn
    _enter(uow, actor, document, now=now)
    told = {
        "number": document.number, "year": document.year, "conclusion": document.conclusion,
        "verdict_reason": document.verdict_reason, "warnings": list(document.warnings),
        **deadlines.told(document),
    }  # fmt: skip
    apply(uow, actor, document, Action.REGISTER, now=now, move=Move(remark=document.verdict_reason, journal=told))
    if saw != "waiting" or document.reading == "waiting":
        differences.answer(document, "seen")
    differences.settle(uow, document)
    return document


def _enter(uow: UnitOfWork, actor: Actor, document: Incoming, *, now: dt.datetime) -> None:
    """Draw the next number of the year; a paper that has one (it came back to us) keeps it (Art. 22.2)."""
    if document.number is None:
        book = store.arrival_register(uow.session, document.agency_id, secret=document.secret)
        if book is None:
            raise Missing("register_for_arrivals", action=str(Action.REGISTER))
        year = local_day(now).year
        series = office.lock_series(uow.session, book.id, year)
        if series.closed_at is not None:
            raise Refused("series_closed", register=book.name, year=year)
        series.last_number += 1
        document.register_id, document.year, document.number = book.id, year, series.last_number
    document.registered_at, document.registered_by_id = now, actor.person_id


def decline(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, incoming_id: int, version: int | None, remark: str,
    now: dt.datetime,
) -> Incoming:  # fmt: skip
    """Send it back: wrong address, or not authentic (Art. 21.2b). The number it may have stays in the register."""
    document = begin(uow, actor, scope, incoming_id=incoming_id, version=version)
    apply(uow, actor, document, Action.DECLINE, now=now, move=Move(remark=clean(remark, multiline=True)))
    return document
