"""Which register a document is entered in, and what its number and symbol read there."""

from __future__ import annotations

from workflow.domain.errors import Missing
from workflow.domain.numbering import Form, compose
from workflow.store import office
from workflow.store.models import Outgoing, Register
from workflow.store.session import UnitOfWork


def expected_notation(uow: UnitOfWork, document: Outgoing) -> str:
    """What will stand behind the number's slash: `QĐ-UBND`. Raises `Missing` without a register for the type."""
    if document.symbol:
        return document.symbol.partition("/")[2]
    return symbol_of(uow, document, register_of(uow, document), number=1).partition("/")[2]


def register_of(uow: UnitOfWork, document: Outgoing) -> Register:
    """The register that claims the type; else the agency's general one. Secret papers have their own."""
    found = [r for r in office.registers(uow.session, document.agency_id) if r.secret == document.secret]
    claimed = [r for r in found if document.type_code in r.type_codes]
    general = [r for r in found if not r.type_codes]
    if not (claimed or general):
        raise Missing("register_for_type", type=document.type_code)
    return (claimed or general)[0]


def symbol_of(uow: UnitOfWork, document: Outgoing, register: Register, *, number: int) -> str:
    """`15/QĐ-UBND` for types with an abbreviation, `15/UBND-VP` for an official letter."""
    kind = office.document_type(uow.session, document.type_code)
    agency = office.unit(uow.session, document.agency_id)
    organ = register.organ or agency.abbreviation
    if kind.abbreviation:
        return compose(number, Form.TYPED, agency=organ, abbreviation=kind.abbreviation)
    part = office.unit(uow.session, document.unit_id)
    unit = part.abbreviation if part.id != agency.id else ""
    return compose(number, Form.LETTER, agency=organ, unit=unit)
