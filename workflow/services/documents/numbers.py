"""Numbers: drawn last, in a short transaction, gap-free, never given twice (Decree 30/2020 Art. 15)."""

from __future__ import annotations

import datetime as dt

from workflow.domain.errors import Refused
from workflow.domain.outgoing import STEPS, Action, State
from workflow.domain.people import Actor
from workflow.domain.permissions import Permission, Scope
from workflow.domain.steps import step_for
from workflow.services.documents.comparing import compared
from workflow.services.documents.moves import Move, apply, begin
from workflow.services.documents.symbols import register_of, symbol_of
from workflow.services.journal import local_day
from workflow.store import office
from workflow.store.models import Outgoing, RegisterNumber
from workflow.store.session import UnitOfWork


def number(
    uow: UnitOfWork,
    actor: Actor,
    scope: Scope,
    *,
    document_id: int,
    version: int | None,
    now: dt.datetime,
    accepted: bool = False,
) -> Outgoing:
    """Draw the next number of the document's register for this year: that enters it in the register.

    The number is committed with the transition; putting it on the paper is a second, repeatable step.

    Raises `Refused("typed_differs")` where the draft says otherwise and the clerk did not accept that, now or at
    the format check.
    """
    document = begin(
        uow, actor, scope, document_id=document_id, version=version, permission=Permission.ACT_ON_DOCUMENT
    )
    step_for(STEPS, State(document.state), Action.NUMBER, role=actor.role)  # before anything else is asked
    answer = compared(uow, document, accepted=accepted, now=now)
    register = register_of(uow, document)
    year = local_day(now).year
    series = office.lock_series(uow.session, register.id, year)
    if series.closed_at is not None:
        raise Refused("series_closed", register=register.name, year=year)
    drawn = series.last_number + 1
    symbol = symbol_of(uow, document, register, number=drawn)
    document.number, document.year, document.symbol = drawn, year, symbol
    document.register_id, document.numbered_at = register.id, now
    facts = {"number": drawn, "symbol": symbol, **answer.journal}
    apply(uow, actor, document, Action.NUMBER, now=now, move=Move(remark=answer.remark, journal=facts))
    series.last_number = drawn
    uow.add(
        RegisterNumber(
            register_id=register.id, year=year, number=drawn, document_id=document.id,
            drawn_at=now, drawn_by_id=actor.person_id,
        )
    )  # fmt: skip
    uow.flush()
    return document
