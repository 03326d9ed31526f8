"""Queries for what is late and what will be: documents, parts, histories, explanations owed.

Every list takes the `Scope` first; the number of queries never depends on the number of documents.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, case, func, or_, select
from sqlalchemy.orm import Session, aliased

from workflow.domain.permissions import Scope
from workflow.store.incoming import within
from workflow.store.models import Explanation, Incoming, IncomingHistory, IncomingPart, Person, Unit, Urging
from workflow.store.month_facts import afterwards

LATE_STATES = ("registered", "submitted", "directed", "assigned", "in_progress", "done", "filed")
"""Registered: before that there is no deadline to answer for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrow:
    """What a list is narrowed to."""

    unit_id: int | None = None
    person_id: int | None = None


_Holder, _Lead = aliased(Person), aliased(Unit)

_ROWS: Select[*tuple[Any, ...]] = (
    select(
        Incoming.id,
        Incoming.version,
        Incoming.state,
        Incoming.number,
        Incoming.year,
        Incoming.issuer,
        Incoming.symbol,
        Incoming.subject,
        Incoming.urgency,
        Incoming.secret,
        Incoming.due_kind,
        Incoming.due_at,
        Incoming.step_due_at,
        Incoming.state_since,
        Incoming.arrived_at,
        Incoming.paused_since,
        Incoming.at_office,
        Incoming.agency_id,
        Incoming.lead_unit_id,
        Incoming.holder_id,
        _Holder.full_name.label("holder"),
        _Lead.name.label("unit"),
    )
    .outerjoin(_Holder, _Holder.id == Incoming.holder_id)
    .outerjoin(_Lead, _Lead.id == Incoming.lead_unit_id)
)


def _narrowed(narrow: Narrow) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if narrow.unit_id is not None:
        found.append(Incoming.lead_unit_id == narrow.unit_id)
    if narrow.person_id is not None:
        found.append(Incoming.holder_id == narrow.person_id)
    return found


def _late(now: dt.datetime) -> tuple[ColumnElement[bool], ...]:
    """The document's own due moment has passed and nothing stops the clock."""
    return (Incoming.closed_at.is_(None), Incoming.due_at < now, Incoming.paused_since.is_(None))


def overdue(
    scope: Scope, session: Session, *, now: dt.datetime, narrow: Narrow, limit: int
) -> Sequence[Row[*tuple[Any, ...]]]:
    """What is overdue now, the worst first; up to `limit` + 1 rows."""
    query = _ROWS.where(within(scope), *_late(now), *_narrowed(narrow))
    return session.execute(query.order_by(Incoming.due_at, Incoming.id).limit(limit + 1)).all()


def more_than(scope: Scope, session: Session, *, now: dt.datetime, narrow: Narrow, most: int) -> bool:
    """Whether more than so many are overdue."""
    query = select(Incoming.id).where(within(scope), *_late(now), *_narrowed(narrow))
    return session.execute(query.order_by(Incoming.due_at, Incoming.id).offset(most).limit(1)).first() is not None


def parts_overdue(
    scope: Scope, session: Session, *, now: dt.datetime, narrow: Narrow, limit: int
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Coordinating parts that are overdue by their own date: (part, document's columns)."""
    query = (
        select(
            IncomingPart.id.label("part_id"), IncomingPart.unit_id, IncomingPart.person_id,
            IncomingPart.due_at.label("part_due"), Incoming.id, Incoming.symbol, Incoming.subject, Incoming.number,
            Incoming.year, Incoming.issuer, Incoming.secret, Incoming.agency_id, Incoming.version, Incoming.state,
            Unit.name.label("unit"), Person.full_name.label("person"),
        )
        .join(Incoming, Incoming.id == IncomingPart.incoming_id)
        .join(Unit, Unit.id == IncomingPart.unit_id)
        .outerjoin(Person, Person.id == IncomingPart.person_id)
        .where(_parts_within(scope), *_part_late(now))
    )  # fmt: skip
    if narrow.unit_id is not None:
        query = query.where(IncomingPart.unit_id == narrow.unit_id)
    if narrow.person_id is not None:
        query = query.where(IncomingPart.person_id == narrow.person_id)
    return session.execute(query.order_by(IncomingPart.due_at, IncomingPart.id).limit(limit)).all()


def _parts_within(scope: Scope) -> ColumnElement[bool]:
    """`within`, where whole agencies are looked at, in the words of the index of open parts."""
    if scope.unit_ids or scope.own is not None:
        return within(scope)
    mine = IncomingPart.agency_id.in_(sorted({*scope.agency_ids, *scope.office_of}))
    return and_(mine, Incoming.secret.is_(False)) if scope.no_secrets else mine


def _part_late(now: dt.datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        IncomingPart.part == "coordinate", IncomingPart.ended_at.is_(None), IncomingPart.due_at < now,
        Incoming.paused_since.is_(None), afterwards(Incoming.state).in_(LATE_STATES),
    )  # fmt: skip


def due_between(
    scope: Scope, session: Session, *, start: dt.datetime, end: dt.datetime, narrow: Narrow, limit: int
) -> Sequence[Row[*tuple[Any, ...]]]:
    """What becomes overdue between two moments unless somebody acts, the earliest first; up to `limit` + 1 rows."""
    query = _ROWS.where(
        within(scope), Incoming.closed_at.is_(None), Incoming.paused_since.is_(None), Incoming.due_at >= start,
        Incoming.due_at < end, *_narrowed(narrow),
    )  # fmt: skip
    return session.execute(query.order_by(Incoming.due_at, Incoming.id).limit(limit + 1)).all()


def due_by_person(
    scope: Scope, session: Session, *, start: dt.datetime, end: dt.datetime
) -> Sequence[Row[*tuple[Any, ...]]]:
    """(holder, name, how many, the earliest) of what becomes overdue between two moments."""
    query = (
        select(Incoming.holder_id, Person.full_name, func.count().label("many"), func.min(Incoming.due_at))
        .outerjoin(Person, Person.id == Incoming.holder_id)
        .where(
            within(scope), Incoming.closed_at.is_(None), Incoming.paused_since.is_(None), Incoming.due_at >= start,
            Incoming.due_at < end,
        )
        .group_by(Incoming.holder_id, Person.full_name)
        .order_by(func.count().desc(), Person.full_name)
    )  # fmt: skip
    return session.execute(query).all()


def without_deadline(scope: Scope, session: Session, *, now: dt.datetime) -> dict[str, int]:
    """Open documents of which somebody decided that they have no deadline, by age: up to 5, 15, 30 days, older."""
    edges = ((5, "d5"), (15, "d15"), (30, "d30"))
    age = case(*((Incoming.arrived_at > now - dt.timedelta(days=n), name) for n, name in edges), else_="older")
    query = (
        select(age.label("age"), func.count())
        .where(
            within(scope), Incoming.closed_at.is_(None), Incoming.due_kind == "none",
            Incoming.state.in_(LATE_STATES),
        )
        .group_by("age")
    )  # fmt: skip
    return {row[0]: row[1] for row in session.execute(query)}


def histories(scope: Scope, session: Session, ids: Sequence[int]) -> Sequence[Row[*tuple[Any, ...]]]:
    """The lines of these documents that the split of time is made from, each document's in order. One query."""
    if not ids:
        return []
    line = IncomingHistory
    query = (
        select(
            line.incoming_id, line.at, line.action, line.held_by, line.held_by_id, line.held_unit_id, line.person_id
        )
        .join(Incoming, Incoming.id == line.incoming_id)
        .where(within(scope), line.incoming_id.in_(ids))
        .order_by(line.incoming_id, line.ordinal)
    )
    return session.execute(query).all()


def urged(scope: Scope, session: Session, ids: Sequence[int]) -> dict[int, tuple[int, dt.datetime]]:
    """How often each of these documents was urged, and when last."""
    if not ids:
        return {}
    query = (
        select(Urging.incoming_id, func.count(), func.max(Urging.at))
        .join(Incoming, Incoming.id == Urging.incoming_id)
        .where(within(scope), Urging.incoming_id.in_(ids))
        .group_by(Urging.incoming_id)
    )
    return {row[0]: (row[1], row[2]) for row in session.execute(query)}


def newly_late(
    session: Session, *, now: dt.datetime, since: dt.datetime, limit: int, reason: str
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Documents of every agency that passed their due moment, open or done too late, and were not asked about.

    `since`: lateness before it is not asked about any more (papers of before this machine).
    """
    if not reason:
        raise ValueError("a job says why it reads without a scope")
    asked = select(Explanation.id).where(
        Explanation.incoming_id == Incoming.id,
        Explanation.missed_at == Incoming.due_at,
        Explanation.part_id.is_(None),
    )
    open_late = and_(*_late(now), Incoming.state.in_(LATE_STATES))
    done_late = and_(
        Incoming.state.in_(("done", "filed")), Incoming.done_at > Incoming.due_at, Incoming.done_at >= since
    )
    query = (
        select(Incoming.id)
        .where(Incoming.due_at >= since, or_(open_late, done_late), ~asked.exists())
        .order_by(Incoming.due_at, Incoming.id)
        .limit(limit)
    )
    return session.execute(query).all()


def newly_late_parts(
    session: Session, *, now: dt.datetime, since: dt.datetime, limit: int, reason: str
) -> Sequence[Row[int, int]]:
    """(part, document) of coordinating parts that passed their own due moment and have no explanation for it."""
    if not reason:
        raise ValueError("a job says why it reads without a scope")
    asked = select(Explanation.id).where(
        Explanation.part_id == IncomingPart.id, Explanation.missed_at == IncomingPart.due_at
    )
    late_end = and_(IncomingPart.state == "done", IncomingPart.ended_at > IncomingPart.due_at)
    query = (
        select(IncomingPart.id, IncomingPart.incoming_id)
        .join(Incoming, Incoming.id == IncomingPart.incoming_id)
        .where(
            IncomingPart.part == "coordinate", IncomingPart.due_at >= since, IncomingPart.due_at < now,
            Incoming.paused_since.is_(None), Incoming.state.in_(LATE_STATES),
            or_(IncomingPart.ended_at.is_(None), late_end), ~asked.exists(),
        )
        .order_by(IncomingPart.due_at, IncomingPart.id)
        .limit(limit)
    )  # fmt: skip
    return session.execute(query).all()
