"""What people, units and documents of a report are called, read in pieces that every database takes."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow.store.models import DocumentType, Incoming, Outgoing, Person, Unit

PIECE = 5000
"""Keys of one query."""


def _pieces(keys: Collection[int]) -> Iterator[tuple[int, ...]]:
    every = sorted(set(keys))
    return (tuple(every[start : start + PIECE]) for start in range(0, len(every), PIECE))


def people(session: Session, keys: Collection[int]) -> dict[int, str]:
    """Full names."""
    found: dict[int, str] = {}
    for piece in _pieces(keys):
        query = select(Person.id, Person.full_name).where(Person.id.in_(piece))
        found.update((row.id, row.full_name) for row in session.execute(query))
    return found


def units_with_agencies(session: Session, keys: Collection[int]) -> dict[int, Unit]:
    """Units and the agencies they belong to."""
    agencies = select(Unit.agency_id).where(Unit.id.in_(sorted(keys)), Unit.agency_id.is_not(None))
    query = select(Unit).where(Unit.id.in_(sorted(keys)) | Unit.id.in_(agencies))
    return {unit.id: unit for unit in session.scalars(query)}


def outgoing(session: Session, keys: Collection[int], *, reason: str) -> dict[int, dict[str, str]]:
    """Code, symbol, type and subject; of a secret document no subject."""
    _said(reason)
    found: dict[int, dict[str, str]] = {}
    for piece in _pieces(keys):
        query = (
            select(
                Outgoing.id, Outgoing.code, Outgoing.symbol, DocumentType.name_vi, Outgoing.subject, Outgoing.secret
            )
            .join(DocumentType, DocumentType.code == Outgoing.type_code)
            .where(Outgoing.id.in_(piece))
        )
        for row in session.execute(query):
            found[row.id] = {
                "code": row.code, "symbol": row.symbol, "type": row.name_vi,
                "subject": "" if row.secret else row.subject, "secret": "1" if row.secret else "",
            }  # fmt: skip
    return found


def incoming(session: Session, keys: Collection[int], *, reason: str) -> dict[int, dict[str, str]]:
    """Arrival number, symbol, sender and subject; of a secret document neither sender nor subject."""
    _said(reason)
    found: dict[int, dict[str, str]] = {}
    for piece in _pieces(keys):
        query = select(
            Incoming.id, Incoming.number, Incoming.year, Incoming.symbol, Incoming.issuer, Incoming.subject,
            Incoming.secret,
        ).where(Incoming.id.in_(piece))  # fmt: skip
        for row in session.execute(query):
            found[row.id] = {
                "number": f"{row.number}/{row.year}" if row.number else "", "symbol": row.symbol,
                "issuer": "" if row.secret else row.issuer, "subject": "" if row.secret else row.subject,
                "secret": "1" if row.secret else "",
            }  # fmt: skip
    return found


def _said(reason: str) -> None:
    if not reason:
        raise ValueError("who reads without a scope says why")
