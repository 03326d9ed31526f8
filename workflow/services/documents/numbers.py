"""Numbers: drawn last, in a short transaction, gap-free, never given twice (Decree 30/2020 Art. 15)."""

from __future__ import annotations

import datetime as dt

from workflow.domain.errors import Missing, Refused
from workflow.domain.numbering import Form, compose
from workflow.domain.outgoing import Action
from workflow.domain.people import Actor
from workflow.domain.permissions import Permission, Scope
from workflow.services.documents.moves import Move, apply, begin
from workflow.services.journal import local_day
from workflow.store import office
from workflow.store.models import Outgoing, Register, RegisterNumber
from workflow.store.session import UnitOfWork


def number(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, document_id: int, version: int | None, now: dt.datetime
) -> Outgoing:
    """Draw the next number of the document's register for this year: that enters it in the register.

    The number is committed with the transition; putting it on the paper is a second, repeatable step.
    """
    document = begin(
        uow, actor, scope, document_id=document_id, version=version, permission=Permission.ACT_ON_DOCUMENT
    )
    register = _register(uow, document)
    year = local_day(now).year
    series = office.lock_series(uow.session, register.id, year)
    if series.closed_at is not None:
        raise Refused("series_closed", register=register.name, year=year)
    drawn = series.last_number + 1
    symbol = _symbol(uow, document, register, number=drawn)
    document.number, document.year, document.symbol = drawn, year, symbol
    document.register_id, document.numbered_at = register.id, now
    apply(uow, actor, document, Action.NUMBER, now=now, move=Move(journal={"number": drawn, "symbol": symbol}))
    series.last_number = drawn
    uow.add(
        RegisterNumber(
            register_id=register.id, year=year, number=drawn, document_id=document.id,
            drawn_at=now, drawn_by_id=actor.person_id,
        )
    )  # fmt: skip
    uow.flush()
    return document


def expected_notation(uow: UnitOfWork, document: Outgoing) -> str:
    """What will stand behind the number's slash: `QĐ-UBND`. Raises `Missing` without a register for the type."""
    if document.symbol:
        return document.symbol.partition("/")[2]
    return _symbol(uow, document, _register(uow, document), number=1).partition("/")[2]


def _register(uow: UnitOfWork, document: Outgoing) -> Register:
    """The register that claims the type; else the agency's general one. Secret papers have their own."""
    found = [r for r in office.registers(uow.session, document.agency_id) if r.secret == document.secret]
    claimed = [r for r in found if document.type_code in r.type_codes]
    general = [r for r in found if not r.type_codes]
    if not (claimed or general):
        raise Missing("register_for_type", type=document.type_code)
    return (claimed or general)[0]


def _symbol(uow: UnitOfWork, document: Outgoing, register: Register, *, number: int) -> str:
    """`15/QĐ-UBND` for types with an abbreviation, `15/UBND-VP` for an official letter."""
    kind = office.document_type(uow.session, document.type_code)
    agency = office.unit(uow.session, document.agency_id)
    organ = register.organ or agency.abbreviation
    if kind.abbreviation:
        return compose(number, Form.TYPED, agency=organ, abbreviation=kind.abbreviation)
    part = office.unit(uow.session, document.unit_id)
    unit = part.abbreviation if part.id != agency.id else ""
    return compose(number, Form.LETTER, agency=organ, unit=unit)
