"""Deliveries of issued documents as one list: what the system delivered, what left by post, by hand, by mail, and
what units of the own agency got."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, Subquery, and_, case, func, literal, select, tuple_, union_all
from sqlalchemy.orm import Session

from workflow.domain.dispatch import LEFT, DispatchState, Recall, Unsent
from workflow.domain.errors import NotFound
from workflow.domain.permissions import Scope
from workflow.store import documents
from workflow.store.base import Instant
from workflow.store.fates import GONE_AT, RECALLED_AT, REPLACED_AT
from workflow.store.models import Delivery, Dispatch, Outgoing, Unit, UnitCopy

PAGE = 50
SORTS = {"newest": ("issued_at", True), "oldest": ("issued_at", False), "waiting": ("since", False)}
"""Column and whether it falls. `waiting`: what has stood longest as it stands."""

UNREGISTERED = "01"
"""Arrived, not registered yet."""


@dataclass(frozen=True, slots=True)
class Filter:
    """What a list is narrowed to. `unregistered_since`: only what arrived before it and is not registered."""

    states: tuple[str, ...] = ()
    recipient: str = ""
    issued_from: dt.datetime | None = None
    issued_before: dt.datetime | None = None
    unregistered_since: dt.datetime | None = None


Place = tuple[dt.datetime, str, int]
"""The last row shown: its sort value, its kind, its key."""


def page(
    scope: Scope, session: Session, *, wanted: Filter, sort: str = "newest", after: Place | None = None,
    limit: int = PAGE,
) -> Sequence[Row[*tuple[Any, ...]]]:  # fmt: skip
    """One page by keyset: up to `limit` + 1 rows, so that the caller knows whether there is a next one."""
    rows = _rows(scope, wanted)
    column, falling = SORTS[sort]
    order = (rows.c[column], rows.c.kind, rows.c.id)
    query = select(rows).where(*_conditions(rows, wanted))
    if after is not None:
        here, last = tuple_(*order), tuple_(literal(after[0], Instant()), literal(after[1]), literal(after[2]))
        query = query.where(here < last if falling else here > last)
    return session.execute(
        query.order_by(*(one.desc() if falling else one for one in order)).limit(limit + 1)
    ).all()


def count(scope: Scope, session: Session, *, wanted: Filter, cap: int) -> int:
    """How many a list would hold; counting stops one above `cap`."""
    rows = _rows(scope, wanted)
    some = select(rows.c.id).where(*_conditions(rows, wanted)).limit(cap + 1).subquery()
    return session.scalars(select(func.count()).select_from(some)).one()


def recipients(scope: Scope, session: Session, *, limit: int = 500) -> list[str]:
    """Names of recipients within reach, for the filter."""
    rows = _rows(scope)
    return list(session.scalars(select(rows.c.name).distinct().order_by(rows.c.name).limit(limit)))


_INSIDE = case(
    (UnitCopy.recalled_at.is_not(None), "recalled"), (UnitCopy.seen_at.is_(None), "unseen"), else_="seen"
)

_WAITS = Dispatch.state == DispatchState.TO_SEND
_BACK = and_(Dispatch.recalled_at.is_not(None), Dispatch.state.in_(LEFT))
_OUTSIDE = case(
    (and_(_WAITS, REPLACED_AT.is_not(None)), literal(str(Unsent.REPLACED))),
    (and_(_WAITS, RECALLED_AT.is_not(None)), literal(str(Unsent.RECALLED))),
    (and_(_BACK, Dispatch.back_on.is_not(None)), literal(str(Recall.BACK))),
    (and_(_BACK, Dispatch.told_on.is_not(None)), literal(str(Recall.TOLD))),
    (_BACK, literal(str(Recall.TO_TELL))),
    else_=Dispatch.state,
)
"""A copy of what was recalled or replaced meanwhile does not wait to be sent any more; of one that left before its
recipient has to be told (`domain.dispatch.recall_of`)."""
_OUTSIDE_SINCE = case(
    (_WAITS, func.coalesce(GONE_AT, Dispatch.changed_at)),
    (and_(_BACK, Dispatch.told_on.is_(None), Dispatch.back_on.is_(None)), Dispatch.recalled_at),
    else_=Dispatch.changed_at,
)


def _rows(scope: Scope, wanted: Filter | None = None) -> Subquery:
    """Every kind of copy. `wanted`: arms of which nothing can be wanted are left out, since a clerk's desk asks."""
    issued = and_(Outgoing.issued_at.is_not(None), documents.within(scope))
    about = (Outgoing.symbol, Outgoing.type_code, Outgoing.subject, Outgoing.secret, Outgoing.issued_at)
    here: Select[*tuple[Any, ...]] = (
        select(
            literal("delivery").label("kind"), Delivery.id, Delivery.outgoing_id, Unit.name,
            Delivery.status.label("state"), Delivery.status_at.label("since"), literal("").label("channel"),
            literal("").label("tracking"), *about,
        )
        .join(Outgoing, Outgoing.id == Delivery.outgoing_id)
        .join(Unit, Unit.id == Delivery.agency_id)
        .where(issued)
    )  # fmt: skip
    outside: Select[*tuple[Any, ...]] = (
        select(
            literal("dispatch").label("kind"), Dispatch.id, Dispatch.outgoing_id, Dispatch.name,
            _OUTSIDE.label("state"), _OUTSIDE_SINCE.label("since"), Dispatch.channel, Dispatch.tracking, *about,
        )
        .join(Outgoing, Outgoing.id == Dispatch.outgoing_id)
        .where(issued)
    )  # fmt: skip
    inside: Select[*tuple[Any, ...]] = (
        select(
            literal("unit").label("kind"), UnitCopy.id, UnitCopy.outgoing_id, Unit.name,
            _INSIDE.label("state"),
            func.coalesce(UnitCopy.recalled_at, UnitCopy.seen_at, UnitCopy.given_at).label("since"),
            literal("").label("channel"), literal("").label("tracking"), *about,
        )
        .join(Outgoing, Outgoing.id == UnitCopy.outgoing_id)
        .join(Unit, Unit.id == UnitCopy.unit_id)
        .where(issued, UnitCopy.given_at.is_not(None))
    )  # fmt: skip
    if wanted is not None and wanted.unregistered_since is not None:
        return here.subquery("sent")
    if wanted is not None and wanted.states:
        held = {str(DispatchState.TO_SEND) if one in set(Unsent) else str(one) for one in wanted.states}
        held |= {str(one) for one in LEFT} if held & set(Recall) else set()
        outside = outside.where(Dispatch.state.in_(held))
    return union_all(here, outside, inside).subquery("sent")


def _conditions(rows: Subquery, wanted: Filter) -> list[ColumnElement[bool]]:
    made: list[ColumnElement[bool]] = []
    if wanted.states:
        made.append(rows.c.state.in_(wanted.states))
    if wanted.recipient:
        made.append(rows.c.name.icontains(wanted.recipient, autoescape=True))
    if wanted.issued_from is not None:
        made.append(rows.c.issued_at >= wanted.issued_from)
    if wanted.issued_before is not None:
        made.append(rows.c.issued_at < wanted.issued_before)
    if wanted.unregistered_since is not None:
        made += [rows.c.state == UNREGISTERED, rows.c.since < wanted.unregistered_since]
    return made


def to_send(scope: Scope, session: Session, *, wanted: Filter, limit: int) -> Sequence[Row[Dispatch, Outgoing]]:
    """(copy, document) of what waits to leave in an envelope, by recipient: nothing that goes by mail, nothing that
    was recalled or replaced, and no secret paper, whose envelopes have rules of their own. Nothing where the list
    shows only what is elsewhere."""
    if wanted.unregistered_since is not None or (wanted.states and "to_send" not in wanted.states):
        return []
    query = (
        select(Dispatch, Outgoing)
        .join(Outgoing, Outgoing.id == Dispatch.outgoing_id)
        .where(
            documents.within(scope), Dispatch.state == "to_send", Dispatch.wanted_channel != "mail",
            Outgoing.secret.is_(False), GONE_AT.is_(None),
        )
    )  # fmt: skip
    if wanted.recipient:
        query = query.where(Dispatch.name.icontains(wanted.recipient, autoescape=True))
    if wanted.issued_from is not None:
        query = query.where(Outgoing.issued_at >= wanted.issued_from)
    if wanted.issued_before is not None:
        query = query.where(Outgoing.issued_at < wanted.issued_before)
    return session.execute(query.order_by(Dispatch.name, Dispatch.id).limit(limit)).all()


def to_tell(scope: Scope, session: Session, *, cap: int) -> int:
    """How many copies are with somebody outside who has to be told that the document is recalled or replaced;
    counting stops one above `cap`."""
    some = (
        select(Dispatch.id)
        .join(Outgoing, Outgoing.id == Dispatch.outgoing_id)
        .where(
            Dispatch.recalled_at.is_not(None), Dispatch.told_on.is_(None), Dispatch.back_on.is_(None),
            Dispatch.state.in_(LEFT), documents.within(scope),
        )
        .limit(cap + 1)
        .subquery()
    )  # fmt: skip
    return session.scalars(select(func.count()).select_from(some)).one()


def copies_of(session: Session, outgoing_id: int) -> Sequence[Dispatch]:
    """Every copy outside the system of a document whose lock the caller holds, by name."""
    query = select(Dispatch).where(Dispatch.outgoing_id == outgoing_id)
    return session.scalars(query.order_by(Dispatch.name, Dispatch.id)).all()


def dispatches_of(scope: Scope, session: Session, outgoing_id: int) -> Sequence[Dispatch]:
    """Every copy outside the system of a document in scope, by name."""
    query = (
        select(Dispatch)
        .join(Outgoing, Outgoing.id == Dispatch.outgoing_id)
        .where(Dispatch.outgoing_id == outgoing_id, documents.within(scope))
    )
    return session.scalars(query.order_by(Dispatch.name, Dispatch.id)).all()


def dispatch_of(scope: Scope, session: Session, outgoing_id: int, *, dispatch_id: int) -> Dispatch:
    """One of them, or `NotFound`."""
    found = next((one for one in dispatches_of(scope, session, outgoing_id) if one.id == dispatch_id), None)
    if found is None:
        raise NotFound("dispatch_not_found")
    return found


def named(session: Session, outgoing_id: int, name: str) -> Dispatch | None:
    """The copy of that name; the caller holds the document's lock."""
    query = select(Dispatch).where(Dispatch.outgoing_id == outgoing_id, Dispatch.name == name)
    return session.scalars(query).one_or_none()


def known_offices(scope: Scope, session: Session, *, limit: int = 300) -> list[str]:
    """Offices outside that documents within reach went to, those of late first: other units' are not told."""
    query = (
        select(func.max(Dispatch.name))
        .join(Outgoing, Outgoing.id == Dispatch.outgoing_id)
        .where(documents.within(scope))
        .group_by(func.lower(Dispatch.name))
        .order_by(func.max(Dispatch.id).desc())
    )
    return list(session.scalars(query.limit(limit)))
