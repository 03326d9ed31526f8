"""Queries for what was handed to the archive."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from workflow.domain.errors import NotFound
from workflow.domain.permissions import Scope
from workflow.store.models import ArchiveTransfer, Person, Unit


def transfers(
    scope: Scope, session: Session, *, limit: int = 200
) -> Sequence[Row[ArchiveTransfer, str, str | None]]:
    """(list, agency, who handed over) of whole agencies within reach, the newest first."""
    query = (
        select(ArchiveTransfer, Unit.name, Person.full_name)
        .join(Unit, Unit.id == ArchiveTransfer.agency_id)
        .outerjoin(Person, Person.id == ArchiveTransfer.by_id)
        .where(ArchiveTransfer.agency_id.in_(scope.agency_ids))
        .order_by(ArchiveTransfer.id.desc())
        .limit(limit)
    )
    return session.execute(query).all()


def transfer(scope: Scope, session: Session, transfer_id: int) -> ArchiveTransfer:
    """One list, or `NotFound`: only for who sees the whole agency, since it names every document."""
    query = select(ArchiveTransfer).where(
        ArchiveTransfer.id == transfer_id, ArchiveTransfer.agency_id.in_(scope.agency_ids)
    )
    found = session.scalars(query).one_or_none()
    if found is None:
        raise NotFound("transfer_not_found")
    return found


def next_number(session: Session, agency_id: int, year: int) -> int:
    """The next number of a year's lists; who gives it out holds `dossiers.lock_numbers`."""
    query = select(func.max(ArchiveTransfer.number)).where(
        ArchiveTransfer.agency_id == agency_id, ArchiveTransfer.year == year
    )
    return (session.scalar(query) or 0) + 1
