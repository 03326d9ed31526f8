"""Which register a document is entered in, what its number and symbol read there, and which date it bears."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial
from typing import Protocol

from workflow.domain.errors import Missing
from workflow.domain.numbering import Form, compose, document_date
from workflow.services.documents.organs import organ_of
from workflow.services.journal import local_day
from workflow.store import office
from workflow.store import registers as store
from workflow.store.models import Outgoing
from workflow.store.registers import Open
from workflow.store.session import UnitOfWork


class Numbered(Protocol):
    """A document, or a line of a register with the same columns."""

    numbered_at: dt.datetime | None
    year: int | None
    signed_at: dt.datetime | None
    signed_on: dt.date | None


def signed_day(row: Numbered) -> dt.date | None:
    """The day of the leader's signature: of ink as the paper says, else as the signature came."""
    if row.signed_on is not None:
        return row.signed_on
    return None if row.signed_at is None else local_day(row.signed_at)


def dated(row: Numbered) -> dt.date | None:
    """The date that a document bears; None before it is numbered."""
    if row.numbered_at is None or row.year is None:
        return None
    return document_date(row.year, numbered_on=local_day(row.numbered_at), signed_on=signed_day(row))


def expected_notation(uow: UnitOfWork, document: Outgoing) -> str:
    """What will stand behind the number's slash: `QĐ-UBND`. Raises `Missing` without a register for the type."""
    if document.symbol:
        return document.symbol.partition("/")[2]
    return symbols_of(uow, document, register_of(uow, document))(1).partition("/")[2]


def register_of(uow: UnitOfWork, document: Outgoing) -> Open:
    """The organ's register that claims the type; else its general one. Secret papers have their own.

    Registers that name no organ are the agency's first one's.
    """
    organs = store.issuers(uow.session, document.agency_id)
    first = next(iter(organs), None)
    named = document.register_id is not None or document.organ_id is not None
    organ = organ_of(uow, document) if named else first
    own = {None} if organ is None else {organ.id, None} if first and organ.id == first.id else {organ.id}
    found = [
        one for one in store.open_registers(uow.session, document.agency_id)
        if one.secret == document.secret and one.organ_id in own
    ]  # fmt: skip
    claimed = [r for r in found if document.type_code in r.type_codes]
    general = [r for r in found if not r.type_codes]
    if not (claimed or general):
        raise Missing("register_for_type", type=document.type_code, organ=organ.name if organ else "")
    return (claimed or general)[0]


def symbols_of(uow: UnitOfWork, document: Outgoing, register: Open) -> Callable[[int], str]:
    """Number → symbol: `15/QĐ-UBND` for types with an abbreviation, `15/UBND-VP` for an official letter.

    Everything that must be read is read before there is a number: a register's year is locked last.
    """
    kind, part, agency = office.abbreviations(uow.session, type_code=document.type_code, unit_id=document.unit_id)
    issuer = agency if register.abbreviation is None else register.abbreviation
    if kind:
        return partial(compose, form=Form.TYPED, agency=issuer, abbreviation=kind)
    unit = part if document.unit_id != document.agency_id else ""
    return partial(compose, form=Form.LETTER, agency=issuer, unit=unit)
