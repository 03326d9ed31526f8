"""Closed months as they are stored: what was frozen, its adjustments, drift and recounts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Row, case, func, insert, select, update
from sqlalchemy.orm import Session, defer

from workflow.domain.people import Role
from workflow.domain.permissions import Scope
from workflow.store.documents import within
from workflow.store.incoming import within as incoming_within
from workflow.store.models import (
    FigureAdjustment,
    FigureDrift,
    FrozenMonth,
    Incoming,
    Journal,
    MonthRecount,
    Outgoing,
    PostRow,
    UnitMonth,
)

Rows = Sequence[Row[*tuple[Any, ...]]]


def closed_of(scope: Scope, session: Session, month: str) -> FrozenMonth | None:
    """The closed month of the one agency of a scope; None where it is open."""
    query = select(FrozenMonth).where(FrozenMonth.agency_id.in_(scope.agency_ids), FrozenMonth.month == month)
    return session.scalars(query).one_or_none()


def closed_by(session: Session, agency_ids: Collection[int], month: str) -> set[int]:
    """Which of these agencies have closed a month."""
    query = select(FrozenMonth.agency_id).where(
        FrozenMonth.agency_id.in_(sorted(agency_ids)), FrozenMonth.month == month
    )
    return set(session.scalars(query))


def list_closed(scope: Scope, session: Session) -> Rows:
    """Closed months of a scope, the latest first, without lists: (month, recount, standing drifts, adjustments)."""
    drifts = (
        select(func.count())
        .where(FigureDrift.frozen_id == FrozenMonth.id, FigureDrift.gone_at.is_(None))
        .correlate(FrozenMonth)
        .scalar_subquery()
    )
    changes = (
        select(func.count())
        .where(FigureAdjustment.frozen_id == FrozenMonth.id)
        .correlate(FrozenMonth)
        .scalar_subquery()
    )
    query = (
        select(FrozenMonth, MonthRecount.at, drifts.label("drifts"), changes.label("adjustments"))
        .outerjoin(MonthRecount, MonthRecount.frozen_id == FrozenMonth.id)
        .where(FrozenMonth.agency_id.in_(scope.agency_ids))
        .options(defer(FrozenMonth.body))
        .order_by(FrozenMonth.month.desc())
    )
    return session.execute(query).all()


def rows_of(session: Session, frozen_id: int) -> Rows:
    """(unit, person, population, value, number) of a closed month."""
    row = UnitMonth
    query = select(row.unit_id, row.person_id, row.population, row.value, row.number).where(
        row.frozen_id == frozen_id
    )
    return session.execute(query).all()


def adjustments_of(session: Session, frozen_id: int) -> Sequence[FigureAdjustment]:
    """In the order they were found."""
    query = select(FigureAdjustment).where(FigureAdjustment.frozen_id == frozen_id)
    return session.scalars(query.order_by(FigureAdjustment.ordinal)).all()


def adjustments_number(session: Session, frozen_id: int) -> int:
    """How many of them there are."""
    query = select(func.count()).select_from(FigureAdjustment).where(FigureAdjustment.frozen_id == frozen_id)
    return session.scalar(query) or 0


def standing_drifts(session: Session, frozen_id: int) -> Sequence[FigureDrift]:
    """What the last recount found, oldest first."""
    query = select(FigureDrift).where(FigureDrift.frozen_id == frozen_id, FigureDrift.gone_at.is_(None))
    return session.scalars(query.order_by(FigureDrift.id)).all()


def add_rows(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    """The figures of a month that is being closed."""
    if rows:
        session.execute(insert(UnitMonth), list(rows))


def mark_gone(session: Session, drift_ids: Collection[int], *, now: dt.datetime) -> None:
    """Drift that a recount did not find again."""
    if drift_ids:
        session.execute(update(FigureDrift).where(FigureDrift.id.in_(sorted(drift_ids))).values(gone_at=now))


def note_recount(session: Session, frozen_id: int, *, at: dt.datetime, adjustments: int, drifts: int) -> None:
    """When it was counted again last, and how it came out."""
    row = session.get(MonthRecount, frozen_id)
    if row is None:
        session.add(MonthRecount(frozen_id=frozen_id, at=at, adjustments=adjustments, drifts=drifts))
    else:
        row.at, row.adjustments, row.drifts = at, adjustments, drifts
    session.flush()


def for_recount(session: Session, *, newest: int) -> tuple[Rows, Rows]:
    """(id, agency, month): the newest so many of each agency, and the others, those first that wait longest."""
    place = func.row_number().over(partition_by=FrozenMonth.agency_id, order_by=FrozenMonth.month.desc())
    numbered = select(FrozenMonth.id, FrozenMonth.agency_id, FrozenMonth.month, place.label("place")).subquery()
    query = (
        select(numbered.c.id, numbered.c.agency_id, numbered.c.month, numbered.c.place)
        .outerjoin(MonthRecount, MonthRecount.frozen_id == numbered.c.id)
        .order_by(case((MonthRecount.at.is_(None), 0), else_=1), MonthRecount.at, numbered.c.id)
    )
    rows = session.execute(query).all()
    return [row for row in rows if row.place <= newest], [row for row in rows if row.place > newest]


def by_id(session: Session, frozen_id: int) -> FrozenMonth:
    """A closed month that the caller has found."""
    return session.get_one(FrozenMonth, frozen_id)


def told_of(session: Session, subject: str, tag: str) -> Sequence[Row[int, str]]:
    """(id, body) of the entries of a chain with one tag, oldest first."""
    query = select(Journal.id, Journal.body).where(Journal.subject == subject, Journal.tag == tag)
    return session.execute(query.order_by(Journal.ordinal)).all()


def administrators(session: Session, agency_id: int, *, day: dt.date) -> list[int]:
    """Who administers an agency on a day."""
    query = select(PostRow.person_id).where(
        PostRow.agency_id == agency_id, PostRow.role == str(Role.ADMIN), PostRow.valid_from <= day,
        (PostRow.valid_to.is_(None)) | (PostRow.valid_to >= day),
    )  # fmt: skip
    return sorted(set(session.scalars(query)))


def outgoing_named(reader: Scope, session: Session, keys: Collection[int]) -> dict[int, Any]:
    """What a list shows of outgoing documents; the subject only where the reader may open them."""
    readable = within(reader)
    query = select(
        Outgoing.id, Outgoing.code, Outgoing.symbol, Outgoing.type_code, Outgoing.issued_at.label("at"),
        Outgoing.secret,
        case((readable, Outgoing.subject), else_="").label("subject"),
        case((readable, 1), else_=0).label("readable"),
    ).where(Outgoing.id.in_(sorted(keys)))  # fmt: skip
    return {row.id: row for row in session.execute(query)}


def incoming_named(reader: Scope, session: Session, keys: Collection[int]) -> dict[int, Any]:
    """The same of incoming documents."""
    readable = incoming_within(reader)
    query = select(
        Incoming.id, Incoming.number, Incoming.year, Incoming.symbol, Incoming.type_code, Incoming.due_at,
        Incoming.registered_at.label("at"), Incoming.secret,
        case((readable, Incoming.subject), else_="").label("subject"),
        case((readable, Incoming.issuer), else_="").label("issuer"),
        case((readable, 1), else_=0).label("readable"),
    ).where(Incoming.id.in_(sorted(keys)))  # fmt: skip
    return {row.id: row for row in session.execute(query)}


def secret_papers(scope: Scope, session: Session) -> tuple[frozenset[int], frozenset[int]]:
    """Keys of the secret outgoing and incoming documents of the agencies in scope."""
    outgoing = select(Outgoing.id).where(Outgoing.agency_id.in_(scope.agency_ids), Outgoing.secret.is_(True))
    incoming = select(Incoming.id).where(Incoming.agency_id.in_(scope.agency_ids), Incoming.secret.is_(True))
    return frozenset(session.scalars(outgoing)), frozenset(session.scalars(incoming))
