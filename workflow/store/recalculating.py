"""Open incoming documents whose due moments a change of calendar, hours or rules may move, and the writing.

Three queries whatever their number, and writes in batches: a province may have ten thousand open at once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, insert, or_, select, update
from sqlalchemy.orm import Session, aliased

from workflow.store.models import Incoming, IncomingPart, Journal, Pause, Unit

BATCH = 1000

_Agency, _Lead, _Part = aliased(Unit), aliased(Unit), aliased(IncomingPart)

_ROWS: Select[*tuple[Any, ...]] = (
    select(
        Incoming.id,
        Incoming.agency_id,
        Incoming.lead_unit_id,
        Incoming.type_code,
        Incoming.number,
        Incoming.year,
        Incoming.symbol,
        Incoming.subject,
        Incoming.state,
        Incoming.state_since,
        Incoming.urgency,
        Incoming.arrived_at,
        Incoming.due_kind,
        Incoming.due_at,
        Incoming.due_term,
        Incoming.first_due_at,
        Incoming.extensions,
        Incoming.paused_since,
        Incoming.step_due_at,
        Incoming.chain_length,
        Incoming.chain_head,
        _Agency.name.label("agency"),
        _Agency.saturday.label("agency_saturday"),
        _Lead.saturday.label("lead_saturday"),
    )
    .join(_Agency, _Agency.id == Incoming.agency_id)
    .outerjoin(_Lead, _Lead.id == Incoming.lead_unit_id)
)


def _touched(start: dt.datetime, unit_id: int | None) -> list[ColumnElement[bool]]:
    dated = select(_Part.incoming_id).where(_Part.ended_at.is_(None), _Part.due_at >= start)
    if unit_id is None:
        spans = or_(Incoming.due_at >= start, Incoming.step_due_at >= start, Incoming.id.in_(dated))
        return [Incoming.closed_at.is_(None), spans]
    own = or_(
        Incoming.lead_unit_id == unit_id, Incoming.lead_unit_id.is_(None) & (Incoming.agency_id == unit_id)
    ) & or_(Incoming.due_at >= start, Incoming.step_due_at >= start)
    return [Incoming.closed_at.is_(None), or_(own, Incoming.id.in_(dated.where(_Part.unit_id == unit_id)))]


def touched(
    session: Session, start: dt.datetime, *, reason: str, unit_id: int | None = None, lock: bool = False
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Everything open that is due at `start` or later, or has a step or a part that is; of a unit only its own."""
    if not reason:
        raise ValueError("who reads without a scope says why")
    query = _ROWS.where(*_touched(start, unit_id)).order_by(Incoming.due_at, Incoming.id)
    return session.execute(query.with_for_update(of=Incoming) if lock else query).all()


def under_rules(
    session: Session, agency_id: int, *, reason: str, lock: bool = False
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Registered documents of an agency whose due moment a rule of its own made, or could make."""
    if not reason:
        raise ValueError("who reads without a scope says why")
    query = _ROWS.where(
        Incoming.agency_id == agency_id, Incoming.closed_at.is_(None), Incoming.number.is_not(None),
        Incoming.due_kind.in_(("undecided", "rule")),
    ).order_by(Incoming.due_at, Incoming.id)  # fmt: skip
    return session.execute(query.with_for_update(of=Incoming) if lock else query).all()


def pauses(
    session: Session, start: dt.datetime, *, reason: str, unit_id: int | None = None
) -> Sequence[Row[int, dt.datetime, dt.datetime]]:
    """(document, from, to) of the ended pauses of the same documents."""
    if not reason:
        raise ValueError("who reads without a scope says why")
    query = (
        select(Pause.incoming_id, Pause.began_at, Pause.ended_at)
        .join(Incoming, Incoming.id == Pause.incoming_id)
        .where(*_touched(start, unit_id), Pause.ended_at.is_not(None))
    )
    return session.execute(query).all()  # type: ignore[return-value]


def pauses_of_agency(session: Session, agency_id: int, *, reason: str) -> Sequence[Row[*tuple[Any, ...]]]:
    """(document, from, to) of the ended pauses of an agency's open documents."""
    if not reason:
        raise ValueError("who reads without a scope says why")
    query = (
        select(Pause.incoming_id, Pause.began_at, Pause.ended_at)
        .join(Incoming, Incoming.id == Pause.incoming_id)
        .where(Incoming.agency_id == agency_id, Incoming.closed_at.is_(None), Pause.ended_at.is_not(None))
    )
    return session.execute(query).all()


def parts(
    session: Session, start: dt.datetime, *, reason: str, unit_id: int | None = None
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Open parts with a date of their own at `start` or later, with their unit's name and Saturdays."""
    if not reason:
        raise ValueError("who reads without a scope says why")
    query = (
        select(
            IncomingPart.id, IncomingPart.incoming_id, IncomingPart.unit_id, IncomingPart.due_at,
            Unit.name.label("unit"), Unit.saturday,
        )
        .join(Incoming, Incoming.id == IncomingPart.incoming_id)
        .join(Unit, Unit.id == IncomingPart.unit_id)
        .where(*_touched(start, unit_id), IncomingPart.ended_at.is_(None), IncomingPart.due_at >= start)
        .order_by(IncomingPart.id)
    )  # fmt: skip
    return session.execute(query).all()


def write(
    session: Session, *, documents: Sequence[dict[str, Any]], parts_due: Sequence[dict[str, Any]],
    entries: Sequence[dict[str, Any]], reason: str,
) -> None:  # fmt: skip
    """Due moments by key, and the journal's entries; what the session knew of these rows is forgotten."""
    if not reason:
        raise ValueError("who writes without a scope says why")
    session.flush()
    for statement, rows in (
        (update(Incoming), documents), (update(IncomingPart), parts_due), (insert(Journal), entries),
    ):  # fmt: skip
        for first in range(0, len(rows), BATCH):
            session.execute(statement, list(rows[first : first + BATCH]))
    session.expire_all()
