"""Looks of standing inspectors: whose papers they were, and who is told of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, or_, select
from sqlalchemy.orm import Session, aliased

from workflow.domain.people import Actor, Role
from workflow.domain.periods import midnight
from workflow.domain.permissions import Scope
from workflow.store import documents, incoming
from workflow.store.access import agencies_above
from workflow.store.models import Dossier, Incoming, Outgoing, Person, StandingLook, Unit

PAGE = 50


def lock(session: Session, agency_id: int) -> None:
    """The agency's row: what its chain of looks tells of is written one after the other."""
    query = select(Unit.id).where(Unit.id == agency_id)
    session.execute(query.with_for_update(of=Unit, key_share=True)).one()


def agency_of(scope: Scope, session: Session, subject: str) -> int | None:
    """The agency within the scope that `outgoing:17`, `incoming:4`, `dossier:2` or `unit:3` belongs to."""
    kind, _colon, key = subject.partition(":")
    columns: dict[str, tuple[Any, Any, ColumnElement[bool]]] = {
        "outgoing": (Outgoing.agency_id, Outgoing.id, documents.within(scope)),
        "incoming": (Incoming.agency_id, Incoming.id, incoming.within(scope)),
        "dossier": (Dossier.agency_id, Dossier.id, Dossier.agency_id.in_(scope.agency_ids)),
        "unit": (Unit.agency_id, Unit.id, Unit.agency_id.in_(scope.agency_ids)),
    }
    if kind not in columns or not key.isdecimal():
        return None
    agency, own, within = columns[kind]
    found: int | None = session.scalar(select(agency).where(own == int(key), within))
    return found


def looked_lately(session: Session, actor: Actor, *, page: str, since: dt.datetime) -> bool:
    """Whether they opened the very same file since a moment: a browser asks for one in many pieces."""
    query = select(StandingLook.id).where(
        StandingLook.post_id == actor.post_id, StandingLook.person_id == actor.person_id, StandingLook.page == page,
        StandingLook.at > since,
    )  # fmt: skip
    return session.scalar(query.limit(1)) is not None


def told_to(actor: Actor, session: Session) -> ColumnElement[bool] | None:
    """The looks that an actor is told of; None for whoever is told of none.

    Leaders and deputies: those at their agency, and the lists over all that lie above it. Administrators: those of
    their agency's inspectors.
    """
    if actor.in_place_of is not None or actor.inspection_id is not None or actor.agency_id is None:
        return None
    if actor.role is Role.ADMIN:
        return StandingLook.of_id == actor.agency_id
    if actor.role not in {Role.LEADER, Role.DEPUTY}:
        return None
    over = (actor.agency_id, *agencies_above(session, actor.agency_id))
    lists = and_(StandingLook.agency_id.is_(None), StandingLook.subject == "", StandingLook.of_id.in_(over))
    return or_(StandingLook.agency_id == actor.agency_id, lists)


def listed(
    told: ColumnElement[bool], session: Session, *, kind: str = "", since: dt.date | None = None,
    until: dt.date | None = None, oldest: bool = False, before: int | None = None, limit: int = PAGE,
) -> Sequence[Row[*tuple[Any, ...]]]:  # fmt: skip
    """(look, who, agency) of those that one is told of, by keyset: `limit` + 1 rows."""
    looked = aliased(Unit)
    query = (
        select(StandingLook, Person.full_name.label("who"), looked.name.label("agency"))
        .join(Person, Person.id == StandingLook.person_id)
        .outerjoin(looked, looked.id == StandingLook.agency_id)
        .where(told)
    )
    if kind:
        query = query.where(StandingLook.kind == kind)
    if since is not None:
        query = query.where(StandingLook.at >= midnight(since))
    if until is not None:
        query = query.where(StandingLook.at < midnight(until + dt.timedelta(days=1)))
    if before is not None:
        query = query.where(StandingLook.id > before if oldest else StandingLook.id < before)
    order = StandingLook.id if oldest else StandingLook.id.desc()
    return session.execute(query.order_by(order).limit(limit + 1)).all()
