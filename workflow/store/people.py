"""Queries for units, persons and posts. Lists for administrators take their `Scope` first."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow.store.models import Unit


def units_below(session: Session, unit_id: int) -> tuple[int, ...]:
    """A unit's parts, their parts and so on, inside its agency; without the unit itself."""
    root = select(Unit.id, Unit.agency_id).where(Unit.id == unit_id).cte("below", recursive=True)
    parts = select(Unit.id, Unit.agency_id).join(
        root, (Unit.parent_id == root.c.id) & (Unit.agency_id == root.c.agency_id)
    )
    below = root.union(parts)
    return tuple(session.scalars(select(below.c.id).where(below.c.id != unit_id).order_by(below.c.id)))


def agencies_below(session: Session, agency_id: int) -> tuple[int, ...]:
    """The agencies under an agency at any depth, dissolved ones included; without the agency itself."""
    root = select(Unit.id).where(Unit.id == agency_id).cte("below", recursive=True)
    below = root.union(select(Unit.id).join(root, Unit.parent_id == root.c.id))
    query = (
        select(Unit.id)
        .join(below, below.c.id == Unit.id)
        .where(Unit.kind == "agency", Unit.id != agency_id)
        .order_by(Unit.id)
    )
    return tuple(session.scalars(query))
