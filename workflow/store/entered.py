"""Entered indicators and figures with their corrections, and targets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from workflow.domain.errors import NotFound
from workflow.domain.permissions import Scope
from workflow.store.models import EnteredFigure, EnteredIndicator, FigureTarget, Person, Unit

Rows = Sequence[Row[*tuple[Any, ...]]]


def indicators(scope: Scope, session: Session) -> Sequence[EnteredIndicator]:
    """Of the agencies of a scope, by name."""
    query = select(EnteredIndicator).where(EnteredIndicator.agency_id.in_(scope.agency_ids))
    return session.scalars(query.order_by(EnteredIndicator.name, EnteredIndicator.id)).all()


def indicator(scope: Scope, session: Session, key: int) -> EnteredIndicator:
    """One of them."""
    query = select(EnteredIndicator).where(
        EnteredIndicator.agency_id.in_(scope.agency_ids), EnteredIndicator.id == key
    )
    found = session.scalar(query)
    if found is None:
        raise NotFound("figure_not_found")
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrowed:
    """A list narrowed to an indicator (its key; of targets its name) and a unit; the newest first or the oldest.
    `place`: key of the last row shown."""

    indicator: str = ""
    unit_id: int | None = None
    oldest: bool = False
    place: int | None = None
    limit: int | None = None


EVERYTHING = Narrowed()


def _in_order(query: Any, key: Any, wanted: Narrowed) -> Any:
    if wanted.place is not None:
        query = query.where(key > wanted.place if wanted.oldest else key < wanted.place)
    return query.order_by(key if wanted.oldest else key.desc()).limit(wanted.limit)


def units_entered(scope: Scope, session: Session) -> Rows:
    """(id, name) of the units that have entered figures."""
    row = EnteredFigure
    query = select(Unit.id, Unit.name).where(
        Unit.agency_id.in_(scope.agency_ids),
        exists().where(row.unit_id == Unit.id, row.agency_id == Unit.agency_id),
    )
    return session.execute(query.order_by(Unit.name, Unit.id)).all()


def standing(scope: Scope, session: Session, *, wanted: Narrowed) -> Rows:
    """(figure, indicator, unit's name, who) of what stands, by keyset."""
    later = aliased(EnteredFigure)
    query = (
        select(EnteredFigure, EnteredIndicator, Unit.name.label("unit"), Person.full_name.label("who"))
        .join(EnteredIndicator, EnteredIndicator.id == EnteredFigure.indicator_id)
        .join(Unit, Unit.id == EnteredFigure.unit_id)
        .join(Person, Person.id == EnteredFigure.entered_by_id)
        .where(
            EnteredFigure.agency_id.in_(scope.agency_ids), ~exists().where(later.replaces_id == EnteredFigure.id)
        )
    )
    if wanted.indicator:
        query = query.where(EnteredFigure.indicator_id == int(wanted.indicator))
    if wanted.unit_id is not None:
        query = query.where(EnteredFigure.unit_id == wanted.unit_id)
    return session.execute(_in_order(query, EnteredFigure.id, wanted)).all()


def line(scope: Scope, session: Session, key: int) -> Rows:
    """(figure, who) of a figure and its corrections, the newest first. `key`: that of the first one."""
    query = (
        select(EnteredFigure, Person.full_name.label("who"))
        .join(Person, Person.id == EnteredFigure.entered_by_id)
        .where(
            EnteredFigure.agency_id.in_(scope.agency_ids),
            or_(EnteredFigure.id == key, EnteredFigure.first_id == key),
        )
        .order_by(EnteredFigure.id.desc())
    )
    found = session.execute(query).all()
    if not found or found[-1][0].id != key:
        raise NotFound("figure_not_found")
    return found


def entered_for(
    scope: Scope, session: Session, *, indicator_id: int, unit_id: int, period: str
) -> EnteredFigure | None:
    """The first row for a unit and period, where there is one."""
    query = select(EnteredFigure).where(
        EnteredFigure.agency_id.in_(scope.agency_ids), EnteredFigure.indicator_id == indicator_id,
        EnteredFigure.unit_id == unit_id, EnteredFigure.period == period, EnteredFigure.replaces_id.is_(None),
    )  # fmt: skip
    return session.scalar(query)


def every_standing(scope: Scope, session: Session) -> dict[tuple[int, int, str], str]:
    """(indicator, unit, period) → the figure that stands."""
    later = aliased(EnteredFigure)
    row = EnteredFigure
    query = select(row.indicator_id, row.unit_id, row.period, row.figure).where(
        row.agency_id.in_(scope.agency_ids), ~exists().where(later.replaces_id == row.id)
    )
    return {(one[0], one[1], one[2]): one[3] for one in session.execute(query)}


def unit_in(scope: Scope, session: Session, unit_id: int) -> Unit:
    """A unit of the scope's agencies."""
    found = session.scalar(select(Unit).where(Unit.agency_id.in_(scope.agency_ids), Unit.id == unit_id))
    if found is None:
        raise NotFound("unit_not_found")
    return found


def units(scope: Scope, session: Session) -> Rows:
    """(id, name, code, parent) of the units of the scope's agencies, the agency itself first."""
    query = select(Unit.id, Unit.name, Unit.code, Unit.parent_id).where(
        Unit.agency_id.in_(scope.agency_ids), Unit.valid_to.is_(None)
    )
    return session.execute(query.order_by(Unit.kind, Unit.name, Unit.id)).all()


def targets(session: Session, agencies: Sequence[int], *, wanted: Narrowed = EVERYTHING) -> Rows:
    """(target, unit's name, who) that these agencies ever set, by keyset. Those above are among them: what
    they ask of everybody below them is no secret to these."""
    query = (
        select(FigureTarget, Unit.name.label("unit"), Person.full_name.label("who"))
        .join(Unit, Unit.id == FigureTarget.unit_id)
        .join(Person, Person.id == FigureTarget.set_by_id)
        .where(FigureTarget.agency_id.in_(agencies))
    )
    if wanted.indicator:
        query = query.where(FigureTarget.indicator == wanted.indicator)
    if wanted.unit_id is not None:
        query = query.where(FigureTarget.unit_id == wanted.unit_id)
    return session.execute(_in_order(query, FigureTarget.id, wanted)).all()


def units_aimed(session: Session, agencies: Sequence[int]) -> Rows:
    """(id, name) of the units that these agencies set targets for."""
    aimed = exists().where(FigureTarget.unit_id == Unit.id, FigureTarget.agency_id.in_(agencies))
    return session.execute(select(Unit.id, Unit.name).where(aimed).order_by(Unit.name, Unit.id)).all()


def newest_target(scope: Scope, session: Session) -> int:
    """The key of the newest target of a scope; 0 without one."""
    query = select(func.max(FigureTarget.id)).where(FigureTarget.agency_id.in_(scope.agency_ids))
    return session.scalar(query) or 0


def aims(session: Session, agencies: Sequence[int], *, month: str) -> Rows:
    """(unit, the one above it, indicator, goal) of these agencies and those above any of them: every target that
    covers a month, the newest first; a unit without one comes once. One query."""
    target = FigureTarget
    own = select(Unit.id, Unit.parent_id).where(Unit.id.in_(agencies)).cte("above", recursive=True)
    above = own.union(select(Unit.id, Unit.parent_id).join(own, Unit.id == own.c.parent_id))
    covers = target.first_month <= month, or_(target.last_month == "", target.last_month >= month)
    query = (
        select(Unit.id, Unit.parent_id, target.indicator, target.goal)
        .outerjoin(target, and_(target.agency_id == Unit.agency_id, target.unit_id == Unit.id, *covers))
        .where(Unit.agency_id.in_(select(above.c.id)))
    )
    return session.execute(query.order_by(target.id.desc())).all()
