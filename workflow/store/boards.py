"""What boards read: closed months of many agencies at once, and their units with who took over from whom."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Integer, Row, Select, and_, func, literal, null, select, union_all
from sqlalchemy.orm import Session

from workflow.domain.boards import Node
from workflow.domain.permissions import Scope
from workflow.store.models import FigureAdjustment, FrozenMonth, Journal, Unit, UnitMonth, UnitSuccession

Rows = Sequence[Row[*tuple[Any, ...]]]


def frozen(
    scope: Scope, session: Session, *, months: Collection[str], populations: Collection[str], by_part: bool
) -> Rows:
    """(agency, month, definition, unit, person, population, value, number) of closed months with their adjustments.

    One query. A closed month without any such figure has one row without a population. Not `by_part`: summed over
    units and people, which are the agency and None.
    """
    lines = union_all(*_parts(scope, sorted(months), sorted(populations))).subquery()
    who = (lines.c.unit, lines.c.person) if by_part else (lines.c.agency.label("unit"), null().label("person"))
    group = (lines.c.unit, lines.c.person) if by_part else ()
    query = select(
        lines.c.agency, lines.c.month, lines.c.definition, *who, lines.c.population, lines.c.value,
        func.sum(lines.c.number).label("number"),
    )  # fmt: skip
    parts = lines.c.agency, lines.c.month, lines.c.definition, *group, lines.c.population, lines.c.value
    return session.execute(query.group_by(*parts)).all()


def _parts(scope: Scope, months: Sequence[str], populations: Sequence[str]) -> tuple[Select[*tuple[Any, ...]], ...]:
    here = FrozenMonth.agency_id.in_(scope.agency_ids), FrozenMonth.month.in_(months)
    whose = FrozenMonth.agency_id.label("agency"), FrozenMonth.month.label("month"), FrozenMonth.definition
    closed = (
        select(
            *whose, UnitMonth.unit_id.label("unit"), UnitMonth.person_id.label("person"), UnitMonth.population,
            UnitMonth.value, UnitMonth.number,
        )
        .outerjoin(
            UnitMonth, and_(UnitMonth.frozen_id == FrozenMonth.id, UnitMonth.population.in_(populations))
        )
        .where(*here)
    )  # fmt: skip
    row = FigureAdjustment
    changes = (
        (row.unit_before, row.person_before, row.value_before, -1),
        (row.unit_after, row.person_after, row.value_after, 1),
    )
    return closed, *(
        select(*whose, unit, person, row.population, value, literal(by, Integer))
        .join(row, row.frozen_id == FrozenMonth.id)
        .where(*here, unit.is_not(None), row.population.in_(populations))
        for unit, person, value, by in changes
    )


def nodes(scope: Scope, session: Session, *, agencies_only: bool) -> list[Node]:
    """Units of the agencies of a scope, dissolved ones too, with who took over from them. One query."""
    query = (
        select(
            Unit.id, Unit.name, Unit.parent_id, Unit.agency_id, Unit.valid_from, Unit.valid_to,
            UnitSuccession.successor_id,
        )
        .outerjoin(UnitSuccession, UnitSuccession.predecessor_id == Unit.id)
        .where(Unit.agency_id.in_(scope.agency_ids))
        .order_by(Unit.id, UnitSuccession.successor_id)
    )  # fmt: skip
    if agencies_only:
        query = query.where(Unit.kind == "agency")
    found: dict[int, Node] = {}
    for row in session.execute(query):
        known = found[row.id].heirs if row.id in found else ()
        heirs = (*known, row.successor_id) if row.successor_id else known
        found[row.id] = Node(row.id, row.name, row.parent_id, row.agency_id, row.valid_from, row.valid_to, heirs)
    return list(found.values())


def names_at(session: Session, units: Collection[int], *, at: dt.datetime) -> dict[int, str]:
    """What units were called at a moment, of those that were renamed since: what the journal says stood there
    before the first change after it."""
    subjects = {f"unit:{one}": one for one in units}
    query = select(Journal.subject, Journal.body).where(
        Journal.subject.in_(sorted(subjects)), Journal.tag == "unit:record:changed", Journal.at >= at
    )
    found: dict[int, str] = {}
    for subject, body in session.execute(query.order_by(Journal.id)):
        before = json.loads(body)["facts"]["before"]
        if "name" in before:
            found.setdefault(subjects[subject], before["name"])
    return found


def frozen_months(scope: Scope, session: Session, *, months: Collection[str]) -> Sequence[FrozenMonth]:
    """Closed months of the one agency of a scope with their lists, the oldest first."""
    query = select(FrozenMonth).where(
        FrozenMonth.agency_id.in_(scope.agency_ids), FrozenMonth.month.in_(sorted(months))
    )
    return session.scalars(query.order_by(FrozenMonth.month)).all()


def adjustments(session: Session, frozen_ids: Collection[int]) -> Sequence[FigureAdjustment]:
    """Those of some closed months, in the order they were found."""
    query = select(FigureAdjustment).where(FigureAdjustment.frozen_id.in_(sorted(frozen_ids)))
    return session.scalars(query.order_by(FigureAdjustment.frozen_id, FigureAdjustment.ordinal)).all()
