"""What boards read: closed months of many agencies at once, and their units with who took over from whom."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Row,
    Select,
    String,
    and_,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import QueryableAttribute, Session

from workflow.domain.boards import Node
from workflow.domain.indicators import Population
from workflow.domain.permissions import Scope
from workflow.store.models import FigureAdjustment, FrozenMonth, Journal, Unit, UnitMonth, UnitSuccession

Rows = Sequence[Row[*tuple[Any, ...]]]
TIMED = str(Population.TIMED)


def frozen(
    scope: Scope, session: Session, *, months: Collection[str], populations: Collection[str],
    timed: Collection[str], by_part: bool,
) -> Rows:  # fmt: skip
    """(agency, month, definition, unit, person, population, value, number) of closed months with their adjustments.

    One query. A closed month without any such figure has one row without a population. Times to sign, nearly a row
    for each signature, only of the months `timed`. Not `by_part`: summed over units and people, which are the
    agency and None.
    """
    lines = union_all(*_parts(scope, sorted(months), _Read(frozenset(populations), sorted(timed)))).subquery()
    who = (lines.c.unit, lines.c.person) if by_part else (lines.c.agency.label("unit"), null().label("person"))
    group = (lines.c.unit, lines.c.person) if by_part else ()
    query = select(
        lines.c.agency, lines.c.month, lines.c.definition, *who, lines.c.population, lines.c.value,
        func.sum(lines.c.number).label("number"),
    )  # fmt: skip
    parts = lines.c.agency, lines.c.month, lines.c.definition, *group, lines.c.population, lines.c.value
    return session.execute(query.group_by(*parts)).all()


@dataclass(frozen=True, slots=True)
class _Read:
    """Populations that are read, and of which months those that are not read of all."""

    populations: frozenset[str]
    timed: Sequence[str]

    def takes(self, population: QueryableAttribute[str]) -> ColumnElement[bool]:
        taken = population.in_(sorted(self.populations - {TIMED}))
        if TIMED not in self.populations:
            return taken
        return or_(taken, and_(population == TIMED, FrozenMonth.month.in_(self.timed)))


def _parts(scope: Scope, months: Sequence[str], what: _Read) -> tuple[Select[*tuple[Any, ...]], ...]:
    here = FrozenMonth.agency_id.in_(scope.agency_ids), FrozenMonth.month.in_(months)
    whose = FrozenMonth.agency_id.label("agency"), FrozenMonth.month.label("month"), FrozenMonth.definition
    closed = (
        select(
            *whose, UnitMonth.unit_id.label("unit"), UnitMonth.person_id.label("person"), UnitMonth.population,
            UnitMonth.value, UnitMonth.number,
        )
        .outerjoin(UnitMonth, and_(UnitMonth.frozen_id == FrozenMonth.id, what.takes(UnitMonth.population)))
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
        .where(*here, unit.is_not(None), what.takes(row.population))
        for unit, person, value, by in changes
    )


def nodes(
    scope: Scope, session: Session, *, agencies_only: bool, called_at: dt.datetime | None = None
) -> list[Node]:
    """Units of the agencies of a scope, dissolved ones too, with who took over from them. One query.

    `called_at`: by the names that they had at that moment: what the journal says stood there before the first
    change after it.
    """
    said = (Journal.ordinal, Journal.body) if called_at else (null().label("ordinal"), null().label("body"))
    query = (
        select(
            Unit.id, Unit.name, Unit.parent_id, Unit.agency_id, Unit.valid_from, Unit.valid_to,
            UnitSuccession.successor_id, *said,
        )
        .outerjoin(UnitSuccession, UnitSuccession.predecessor_id == Unit.id)
        .where(Unit.agency_id.in_(scope.agency_ids))
        .order_by(Unit.id, UnitSuccession.successor_id)
    )  # fmt: skip
    if called_at:
        subject = literal("unit:").concat(cast(Unit.id, String(20)))
        changed = Journal.subject == subject, Journal.tag == "unit:record:changed", Journal.at >= called_at
        query = query.outerjoin(Journal, and_(*changed)).order_by(Journal.ordinal)
    if agencies_only:
        query = query.where(Unit.kind == "agency")
    found: dict[int, Node] = {}
    called: dict[int, str] = {}
    for row in session.execute(query):
        heirs = found[row.id].heirs if row.id in found else ()
        if row.successor_id and row.successor_id not in heirs:
            heirs = (*heirs, row.successor_id)
        if row.body and "name" in (before := json.loads(row.body)["facts"]["before"]):
            called.setdefault(row.id, before["name"])
        found[row.id] = Node(row.id, row.name, row.parent_id, row.agency_id, row.valid_from, row.valid_to, heirs)
    return [_called(node, called.get(node.id, node.name)) for node in found.values()]


def _called(node: Node, name: str) -> Node:
    return node if name == node.name else replace(node, name=name, now=node.name)


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
