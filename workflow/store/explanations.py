"""Queries for explanations of lateness: owed, given, to be decided; and what was urged."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, case, func, or_, select
from sqlalchemy.orm import Session, aliased

from workflow.domain.errors import NotFound
from workflow.domain.permissions import Scope
from workflow.store.incoming import within
from workflow.store.locking import locked
from workflow.store.models import Explanation, Incoming, Person, Unit, Urging

OWED = ("owed", "sent_back")


def _reached(scope: Scope, person_id: int) -> ColumnElement[bool]:
    """What a scope reaches, and what one answers for: who explains must see what about, even afterwards. In an
    agency that one left only as long as an explanation is owed there.
    """
    mine = select(Explanation.incoming_id).where(Explanation.person_id == person_id)
    made = or_(within(scope), Incoming.id.in_(mine.where(Explanation.state.in_(OWED))))
    return made if scope.own is None else or_(made, (Incoming.agency_id == scope.own[1]) & Incoming.id.in_(mine))


def document(scope: Scope, session: Session, incoming_id: int, *, person_id: int) -> Incoming:
    """A document that somebody reaches or has to explain, or `NotFound`."""
    query = select(Incoming).where(Incoming.id == incoming_id, _reached(scope, person_id))
    found = session.scalars(query).one_or_none()
    if found is None:
        raise NotFound("incoming_not_found")
    return found


def lock(scope: Scope, session: Session, incoming_id: int, *, person_id: int, version: int | None) -> Incoming:
    """The same under its row lock, checked against the version that was seen."""
    query = select(Incoming).where(Incoming.id == incoming_id, _reached(scope, person_id))
    return locked(session, query, lacking="incoming_not_found", version=version)


def one(session: Session, explanation_id: int, *, incoming_id: int) -> Explanation:
    """An explanation of a document that was found before, or `NotFound`."""
    query = select(Explanation).where(Explanation.id == explanation_id, Explanation.incoming_id == incoming_id)
    found = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound("explanation_not_found")
    return found


def of_document(session: Session, incoming_id: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """(explanation, whose, of which unit) of a document, the oldest first."""
    query = (
        select(Explanation, Person.full_name.label("person"), Unit.name.label("unit"))
        .join(Person, Person.id == Explanation.person_id)
        .join(Unit, Unit.id == Explanation.unit_id)
        .where(Explanation.incoming_id == incoming_id)
        .order_by(Explanation.id)
    )
    return session.execute(query).all()


_Owner = aliased(Person)

_ROWS: Select[*tuple[Any, ...]] = (
    select(
        Explanation.id,
        Explanation.incoming_id,
        Explanation.state,
        Explanation.person_id,
        Explanation.held_by,
        Explanation.missed_at,
        Explanation.part_id,
        Explanation.demanded_at,
        Explanation.due_at,
        Explanation.cause,
        Explanation.words,
        Explanation.answer,
        Explanation.given_at,
        _Owner.full_name.label("person"),
        Unit.name.label("unit"),
        Incoming.symbol,
        Incoming.subject,
        Incoming.number,
        Incoming.year,
        Incoming.issuer,
        Incoming.secret,
        Incoming.state.label("document_state"),
        Incoming.version,
    )
    .join(Incoming, Incoming.id == Explanation.incoming_id)
    .join(_Owner, _Owner.id == Explanation.person_id)
    .join(Unit, Unit.id == Explanation.unit_id)
)


def owed_by(scope: Scope, session: Session, *, person_id: int, limit: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """What one person owes, the most urgent first."""
    query = _ROWS.where(_reached(scope, person_id), Explanation.person_id == person_id, Explanation.state.in_(OWED))
    return session.execute(query.order_by(Explanation.due_at, Explanation.id).limit(limit)).all()


def to_decide(scope: Scope, session: Session, *, but: int, limit: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """What waits for a leader of an agency, without what `but` gave themselves, the oldest first."""
    query = _ROWS.where(within(scope), Explanation.state == "given", Explanation.person_id != but)
    return session.execute(query.order_by(Explanation.given_at, Explanation.id).limit(limit)).all()


def listed(
    scope: Scope, session: Session, *, limit: int, unit_id: int | None = None, person_id: int | None = None
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Every explanation that is still owed within reach, the most overdue first."""
    query = _ROWS.where(within(scope), Explanation.state.in_(OWED))
    if unit_id is not None:
        query = query.where(Explanation.unit_id == unit_id)
    if person_id is not None:
        query = query.where(Explanation.person_id == person_id)
    return session.execute(query.order_by(Explanation.due_at, Explanation.id).limit(limit)).all()


def counts(scope: Scope, session: Session, *, now: dt.datetime) -> dict[str, int]:
    """How many are `owed`, of them `late`, and how many `given` ones wait for a decision."""
    late = func.sum(case((Explanation.state.in_(OWED) & (Explanation.due_at < now), 1), else_=0))
    owed = func.sum(case((Explanation.state.in_(OWED), 1), else_=0))
    given = func.sum(case((Explanation.state == "given", 1), else_=0))
    query = select(owed, late, given).join(Incoming, Incoming.id == Explanation.incoming_id).where(within(scope))
    row = session.execute(query).one()
    return {"owed": int(row[0] or 0), "late": int(row[1] or 0), "given": int(row[2] or 0)}


def urgings_for(scope: Scope, session: Session, *, person_id: int, limit: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """What somebody was urged about and is still open, the latest first: for their desk."""
    by = aliased(Person)
    query = (
        select(
            Urging.id, Urging.incoming_id, Urging.at, Urging.words, Urging.seen_at, by.full_name.label("by"),
            Incoming.symbol, Incoming.subject, Incoming.secret, Incoming.due_at,
        )
        .join(Incoming, Incoming.id == Urging.incoming_id)
        .outerjoin(by, by.id == Urging.by_id)
        .where(within(scope), Urging.person_id == person_id, Incoming.closed_at.is_(None))
        .order_by(Urging.at.desc(), Urging.id.desc())
        .limit(limit)
    )  # fmt: skip
    return session.execute(query).all()
