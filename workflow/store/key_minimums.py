"""Which control of the signing key agencies ask for, by type of document."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from workflow.store.models import KeyMinimum


def of_agency(session: Session, agency_id: int) -> dict[str, int]:
    """Type → what is asked for; types that nothing is asked for are not in it."""
    query = select(KeyMinimum.type_code, KeyMinimum.control).where(KeyMinimum.agency_id == agency_id)
    return {row.type_code: row.control for row in session.execute(query)}


def of_type(session: Session, agency_id: int, type_code: str) -> int:
    """What is asked for of one type; 0: nothing."""
    query = select(KeyMinimum.control).where(KeyMinimum.agency_id == agency_id, KeyMinimum.type_code == type_code)
    return session.scalar(query) or 0


def replace(session: Session, agency_id: int, wanted: Mapping[str, int]) -> None:
    """From now on these; 0 asks for nothing."""
    session.execute(delete(KeyMinimum).where(KeyMinimum.agency_id == agency_id))
    session.add_all(
        KeyMinimum(agency_id=agency_id, type_code=code, control=control)
        for code, control in sorted(wanted.items())
        if control
    )
    session.flush()
