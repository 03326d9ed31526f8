"""Inspections as the people around them see them: founders, members, heads of inspected units."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from workflow.domain.errors import NotFound
from workflow.domain.inspections import Standing
from workflow.domain.people import Actor, Role
from workflow.domain.periods import midnight
from workflow.domain.permissions import Permission, Scope, allowed
from workflow.store import documents, incoming, people
from workflow.store.models import (
    Dossier,
    Incoming,
    Inspection,
    InspectionLook,
    InspectionMember,
    InspectionUnit,
    Outgoing,
    Person,
    PostRow,
    Unit,
)

PAGE = 50
_ISSUED = ("issued", "filed")


def reach(session: Session, inspection_id: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """(agencies, single units with all below them) that an inspection names."""
    query = (
        select(Unit.id, Unit.kind)
        .join(InspectionUnit, InspectionUnit.unit_id == Unit.id)
        .where(InspectionUnit.inspection_id == inspection_id)
        .order_by(Unit.id)
    )
    found = session.execute(query).all()
    agencies = tuple(row.id for row in found if row.kind == "agency")
    parts = [row.id for row in found if row.kind != "agency"]
    below = {unit for part in parts for unit in (part, *people.units_below(session, part))}
    return agencies, tuple(sorted(below))


def under(scope: Scope, session: Session, inspection_id: int, subject: str) -> int | None:
    """The inspected unit that a document or dossier within the scope belongs to; None where that is none alone."""
    kind, _colon, key = subject.partition(":")
    columns: dict[str, tuple[Any, Any, Any, ColumnElement[bool]]] = {
        "outgoing": (Outgoing.agency_id, Outgoing.unit_id, Outgoing.id, documents.within(scope)),
        "incoming": (Incoming.agency_id, Incoming.lead_unit_id, Incoming.id, incoming.within(scope)),
        "dossier": (Dossier.agency_id, Dossier.unit_id, Dossier.id, Dossier.id.is_not(None)),
    }
    if kind not in columns or not key.isdecimal():
        return None
    agency, unit, own, within = columns[kind]
    row = session.execute(select(agency, unit).where(own == int(key), within)).one_or_none()
    return None if row is None else covering(session, inspection_id, agency_id=row[0], unit_id=row[1])


def covering(session: Session, inspection_id: int, *, agency_id: int, unit_id: int | None) -> int | None:
    """The inspected unit that covers a unit: its agency, itself, or one above it."""
    named = {row.unit_id: row for row, _unit in units_of(session, inspection_id)}
    if agency_id in named:
        return agency_id
    for part in named:
        if unit_id is not None and (unit_id == part or unit_id in people.units_below(session, part)):
            return part
    return None


def units_of(session: Session, inspection_id: int) -> Sequence[Row[InspectionUnit, Unit]]:
    """The units that an inspection names, by name."""
    query = (
        select(InspectionUnit, Unit)
        .join(Unit, Unit.id == InspectionUnit.unit_id)
        .where(InspectionUnit.inspection_id == inspection_id)
        .order_by(Unit.name, Unit.id)
    )
    return session.execute(query).all()


def members_of(session: Session, inspection_id: int) -> Sequence[Row[InspectionMember, str, str, str]]:
    """(membership, name, title, unit), the head first."""
    query = (
        select(InspectionMember, Person.full_name, PostRow.title, Unit.name)
        .join(Person, Person.id == InspectionMember.person_id)
        .join(PostRow, PostRow.id == InspectionMember.post_id)
        .join(Unit, Unit.id == PostRow.unit_id)
        .where(InspectionMember.inspection_id == inspection_id)
        .order_by(InspectionMember.leads.desc(), InspectionMember.id)
    )
    return session.execute(query).all()


def _memberships(actor: Actor, today: dt.date) -> Select[InspectionMember]:
    """Those of a person in posts held today, not revoked."""
    return (
        select(InspectionMember)
        .join(PostRow, PostRow.id == InspectionMember.post_id)
        .where(
            InspectionMember.person_id == actor.person_id,
            InspectionMember.revoked_at.is_(None),
            PostRow.valid_from <= today,
            or_(PostRow.valid_to.is_(None), PostRow.valid_to >= today),
        )
    )


def memberships(actor: Actor, session: Session, *, today: dt.date) -> Sequence[Row[InspectionMember, Inspection]]:
    """Inspections that a person may enter on a day."""
    query = (
        _memberships(actor, today)
        .join(Inspection, Inspection.id == InspectionMember.inspection_id)
        .add_columns(Inspection)
        .where(
            InspectionMember.first_day <= today,
            InspectionMember.last_day >= today,
            Inspection.first_day <= today,
            Inspection.last_day >= today,
            Inspection.ended_at.is_(None),
        )
        .order_by(Inspection.id)
    )
    return session.execute(query).all()


def headed(actor: Actor) -> ColumnElement[bool]:
    """The condition on `Unit` that the actor answers for it: the leaders of an agency for it and its parts, the
    head of a part for that. Nobody answers from somebody else's desk, or while inspecting."""
    if actor.in_place_of is None and actor.role in {Role.LEADER, Role.DEPUTY}:
        return Unit.agency_id == actor.agency_id
    if actor.in_place_of is None and actor.role is Role.UNIT_HEAD:
        return Unit.id == actor.unit_id
    return Unit.id.is_(None)


def answered_for(actor: Actor, session: Session, inspection_id: int) -> frozenset[int]:
    """The inspected units that the actor answers for."""
    query = (
        select(Unit.id)
        .join(InspectionUnit, InspectionUnit.unit_id == Unit.id)
        .where(InspectionUnit.inspection_id == inspection_id, headed(actor))
    )
    return frozenset(session.scalars(query))


def _founded(actor: Actor) -> ColumnElement[bool]:
    if not allowed(actor.role, Permission.FOUND_INSPECTION) or actor.in_place_of is not None:
        return Inspection.id.is_(None)
    if actor.role is Role.ADMIN:
        return and_(Inspection.agency_id == actor.agency_id, Inspection.id.is_not(None) if actor.at_top else
                    Inspection.founded_by_id == actor.person_id)  # fmt: skip
    return and_(Inspection.agency_id == actor.agency_id, Inspection.founded_by_id == actor.person_id)


def seen_by(actor: Actor, *, today: dt.date) -> ColumnElement[bool]:
    """The condition that an actor sees an inspection at all; in one, that one alone."""
    if actor.inspection_id is not None:
        return Inspection.id == actor.inspection_id
    mine = _memberships(actor, today).with_only_columns(InspectionMember.inspection_id)
    inspected = (
        select(InspectionUnit.inspection_id).join(Unit, Unit.id == InspectionUnit.unit_id).where(headed(actor))
    )
    return or_(_founded(actor), Inspection.id.in_(mine), Inspection.id.in_(inspected))


STATES = ("running", "coming", "over")
"""What the list of inspections is narrowed to."""


def listed(
    actor: Actor, session: Session, *, today: dt.date, state: str = "", oldest: bool = False,
    before: int | None = None, limit: int = PAGE,
) -> Sequence[Row[*tuple[Any, ...]]]:  # fmt: skip
    """Up to `limit` + 1 inspections that the actor sees, by keyset: with agency and number of units."""
    count = (
        select(func.count())
        .where(InspectionUnit.inspection_id == Inspection.id)
        .correlate(Inspection)
        .scalar_subquery()
    )
    query = (
        select(Inspection, Unit.name.label("agency"), count.label("units"))
        .join(Unit, Unit.id == Inspection.agency_id)
        .where(seen_by(actor, today=today))
    )
    if state in STATES:
        over = or_(Inspection.ended_at.is_not(None), Inspection.last_day < today)
        coming = and_(Inspection.ended_at.is_(None), Inspection.first_day > today)
        query = query.where({"over": over, "coming": coming, "running": ~or_(over, coming)}[state])
    if before is not None:
        query = query.where(Inspection.id > before if oldest else Inspection.id < before)
    order = Inspection.id if oldest else Inspection.id.desc()
    return session.execute(query.order_by(order).limit(limit + 1)).all()


def find(actor: Actor, session: Session, inspection_id: int, *, today: dt.date) -> Inspection:
    """An inspection that the actor sees, or `NotFound`: the same for a foreign one and for none."""
    query = select(Inspection).where(Inspection.id == inspection_id, seen_by(actor, today=today))
    found = session.scalars(query).one_or_none()
    if found is None:
        raise NotFound("inspection_not_found")
    return found


def lock(actor: Actor, session: Session, inspection_id: int, *, today: dt.date) -> Inspection:
    """The same under its row lock: whatever an inspection's chain tells of is written one after the other."""
    query = select(Inspection).where(Inspection.id == inspection_id, seen_by(actor, today=today))
    found = session.scalars(query.with_for_update(of=Inspection, key_share=True)).one_or_none()
    if found is None:
        raise NotFound("inspection_not_found")
    return found


def standings(actor: Actor, session: Session, inspection: Inspection, *, today: dt.date) -> frozenset[Standing]:
    """What the actor is to an inspection that they see. Whoever is of the team answers nothing for a unit."""
    made: set[Standing] = set()
    query = _memberships(actor, today).where(InspectionMember.inspection_id == inspection.id)
    for member in session.scalars(query):
        made |= {Standing.MEMBER, Standing.HEAD} if member.leads else {Standing.MEMBER}
    if actor.inspection_id is not None:
        return frozenset(made)
    founded = session.scalar(select(Inspection.id).where(Inspection.id == inspection.id, _founded(actor)))
    made |= {Standing.FOUNDER} if founded is not None else set()
    if Standing.MEMBER not in made and answered_for(actor, session, inspection.id):
        made.add(Standing.UNIT)
    return frozenset(made)


def member(session: Session, inspection_id: int, member_id: int) -> InspectionMember:
    """A membership of an inspection that the caller has found, or `NotFound`."""
    found = session.get(InspectionMember, member_id)
    if found is None or found.inspection_id != inspection_id:
        raise NotFound("inspection_member_not_found")
    return found


def choosable(session: Session, agency_id: int, *, on: dt.date) -> Sequence[Unit]:
    """Units that an agency may send a team to: its own and those of the agencies below, agencies first."""
    agencies = (agency_id, *people.agencies_below(session, agency_id))
    query = select(Unit).where(
        Unit.agency_id.in_(agencies), Unit.valid_from <= on, or_(Unit.valid_to.is_(None), Unit.valid_to >= on)
    )
    return session.scalars(query.order_by(Unit.kind, Unit.name, Unit.id)).all()


def could_join(session: Session, agency_id: int, *, on: dt.date) -> Sequence[Row[int, str, str, str]]:
    """(post, name, title, unit) of everybody in post in an agency and those below, by name."""
    agencies = (agency_id, *people.agencies_below(session, agency_id))
    query = (
        select(PostRow.id, Person.full_name, PostRow.title, Unit.name)
        .join(Person, Person.id == PostRow.person_id)
        .join(Unit, Unit.id == PostRow.unit_id)
        .where(
            PostRow.agency_id.in_(agencies),
            PostRow.valid_from <= on,
            or_(PostRow.valid_to.is_(None), PostRow.valid_to >= on),
        )
        .order_by(Person.full_name, PostRow.id)
    )
    return session.execute(query).all()


def posts_held(session: Session, person_id: int, *, on: dt.date) -> Sequence[PostRow]:
    """Every post of a person on a day, in whatever agency."""
    query = select(PostRow).where(
        PostRow.person_id == person_id,
        PostRow.valid_from <= on,
        or_(PostRow.valid_to.is_(None), PostRow.valid_to >= on),
    )
    return session.scalars(query.order_by(PostRow.id)).all()


def decision(session: Session, *, agency_id: int, symbol: str, day: dt.date, reason: str) -> Outgoing | None:
    """The decision of an agency with this number and symbol, issued here on that day."""
    if not reason:
        raise ValueError("a query without a scope says why")
    query = select(Outgoing).where(
        Outgoing.agency_id == agency_id,
        Outgoing.symbol == symbol,
        Outgoing.type_code == "decision",
        Outgoing.issued_at >= midnight(day),
        Outgoing.issued_at < midnight(day + dt.timedelta(days=1)),
        Outgoing.state.in_(_ISSUED),
        Outgoing.secret.is_(False),
    )
    return session.scalars(query.order_by(Outgoing.id.desc()).limit(1)).one_or_none()


def looked_lately(session: Session, member_id: int, *, page: str, since: dt.datetime) -> bool:
    """Whether a member opened the very same file since a moment: a browser asks for one in many pieces."""
    query = select(InspectionLook.id).where(
        InspectionLook.member_id == member_id, InspectionLook.page == page, InspectionLook.at > since
    )
    return session.scalar(query.limit(1)) is not None


def looks(
    session: Session, inspection_id: int, *, under_ids: frozenset[int] | None, before: int | None = None,
    limit: int | None = PAGE,
) -> Sequence[Row[*tuple[Any, ...]]]:  # fmt: skip
    """(look, who, unit) of an inspection that the caller has found, the latest first: `limit` + 1 rows.

    `under_ids`: whose papers; lists over all units always belong to them. None: everybody's.
    """
    looked = aliased(Unit)
    query = (
        select(InspectionLook, Person.full_name.label("who"), looked.name.label("unit"))
        .join(InspectionMember, InspectionMember.id == InspectionLook.member_id)
        .join(Person, Person.id == InspectionMember.person_id)
        .outerjoin(looked, looked.id == InspectionLook.under_id)
        .where(InspectionLook.inspection_id == inspection_id)
    )
    if under_ids is not None:
        own = InspectionLook.under_id.in_(sorted(under_ids))
        query = query.where(or_(own, and_(InspectionLook.under_id.is_(None), InspectionLook.subject == "")))
    if before is not None:
        query = query.where(InspectionLook.id < before)
    query = query.order_by(InspectionLook.id.desc())
    return session.execute(query if limit is None else query.limit(limit + 1)).all()
