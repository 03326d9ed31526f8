"""What the forms of routing offer: leaders, units, people, phrases; and what a document is related to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, or_, select
from sqlalchemy.orm import Session, aliased

from workflow.domain.people import Role, UnitKind
from workflow.domain.permissions import Scope
from workflow.store import documents
from workflow.store.models import IncomingPart, Outgoing, Person, Phrase, PostRow, Reply, Unit

Rows = Sequence[Row[*tuple[Any, ...]]]


def _held(on: dt.date) -> ColumnElement[bool]:
    return (PostRow.valid_from <= on) & or_(PostRow.valid_to.is_(None), PostRow.valid_to >= on)


def leaders(session: Session, agency_id: int, *, on: dt.date) -> Rows:
    """(post, person, name, title, role) of those who may direct in an agency, its head first."""
    roles = (str(Role.LEADER), str(Role.DEPUTY))
    query = (
        select(PostRow.id, PostRow.person_id, Person.full_name, PostRow.title, PostRow.role)
        .join(Person, Person.id == PostRow.person_id)
        .where(PostRow.agency_id == agency_id, PostRow.role.in_(roles), _held(on))
        .order_by(PostRow.role != str(Role.LEADER), PostRow.id)
    )
    return session.execute(query).all()


def units(session: Session, agency_id: int, *, on: dt.date) -> Rows:
    """(unit, name, abbreviation) of the parts of an agency that stand on a day."""
    query = select(Unit.id, Unit.name, Unit.abbreviation).where(
        Unit.agency_id == agency_id,
        Unit.kind == str(UnitKind.PART),
        Unit.valid_from <= on,
        or_(Unit.valid_to.is_(None), Unit.valid_to >= on),
    )
    return session.execute(query.order_by(Unit.is_office, Unit.id)).all()


def people(session: Session, agency_id: int, *, on: dt.date) -> Rows:
    """(person, unit, name, title) of everybody in post in an agency who reads incoming documents, unit by unit."""
    roles = tuple(str(role) for role in (Role.DRAFTER, Role.UNIT_HEAD, Role.CLERK, Role.LEADER, Role.DEPUTY))
    query = (
        select(PostRow.person_id, PostRow.unit_id, Person.full_name, PostRow.title)
        .join(Person, Person.id == PostRow.person_id)
        .where(PostRow.agency_id == agency_id, PostRow.role.in_(roles), _held(on))
        .order_by(PostRow.unit_id, PostRow.id)
    )
    return session.execute(query).all()


def handlers(session: Session, unit_ids: Sequence[int], *, on: dt.date) -> Rows:
    """(post, person, name, title, unit's name) of whoever can handle documents in these units."""
    roles = tuple(str(role) for role in (Role.DRAFTER, Role.UNIT_HEAD, Role.CLERK))
    query = (
        select(PostRow.id, PostRow.person_id, Person.full_name, PostRow.title, Unit.name.label("unit"))
        .join(Person, Person.id == PostRow.person_id)
        .join(Unit, Unit.id == PostRow.unit_id)
        .where(PostRow.unit_id.in_(unit_ids), PostRow.role.in_(roles), _held(on))
        .order_by(PostRow.role == str(Role.UNIT_HEAD), PostRow.unit_id, PostRow.id)
    )
    return session.execute(query).all()


def handlers_within(scope: Scope, session: Session, *, agency_id: int, on: dt.date) -> Rows:
    """(person, name) of those in post who can be handlers within reach, for a list to choose from."""
    roles = tuple(str(role) for role in (Role.DRAFTER, Role.UNIT_HEAD, Role.CLERK))
    whole = agency_id in {*scope.agency_ids, *scope.office_of}
    reach = PostRow.agency_id == agency_id if whole else PostRow.unit_id.in_(scope.unit_ids)
    query = (
        select(Person.id, Person.full_name)
        .where(Person.id.in_(select(PostRow.person_id).where(reach, PostRow.role.in_(roles), _held(on))))
        .order_by(Person.full_name, Person.id)
    )
    return session.execute(query).all()


def units_within(scope: Scope, session: Session, *, agency_id: int) -> Rows:
    """(unit, name) of the units that may lead documents within reach."""
    whole = agency_id in {*scope.agency_ids, *scope.office_of}
    reach = Unit.agency_id == agency_id if whole else Unit.id.in_(scope.unit_ids)
    query = select(Unit.id, Unit.name).where(reach, Unit.kind == str(UnitKind.PART))
    return session.execute(query.order_by(Unit.id)).all()


def phrases(session: Session, person_id: int, *, limit: int) -> list[str]:
    """A leader's words of direction, the most used first."""
    query = select(Phrase.words).where(Phrase.person_id == person_id).order_by(Phrase.used.desc(), Phrase.id)
    return list(session.scalars(query.limit(limit)))


def phrase_rows(session: Session, person_id: int) -> Sequence[Phrase]:
    """Every phrase of a leader, to be counted up."""
    return session.scalars(select(Phrase).where(Phrase.person_id == person_id)).all()


def parts_with_names(session: Session, incoming_id: int) -> Rows:
    """(part, unit's name, person's name, who read it) of the recipients that stand, the lead first."""
    reader = aliased(Person)
    query = (
        select(
            IncomingPart,
            Unit.name.label("unit"),
            Person.full_name.label("person"),
            reader.full_name.label("reader"),
        )
        .join(Unit, Unit.id == IncomingPart.unit_id)
        .outerjoin(Person, Person.id == IncomingPart.person_id)
        .outerjoin(reader, reader.id == IncomingPart.read_by_id)
        .where(IncomingPart.incoming_id == incoming_id, IncomingPart.state != "ended")
        .order_by(IncomingPart.part != "lead", IncomingPart.part, IncomingPart.id)
    )
    return session.execute(query).all()


def answers(scope: Scope, session: Session, incoming_id: int) -> Rows:
    """(reply, symbol, subject, state, issued) of the outgoing documents within reach that answer one."""
    query = (
        select(Outgoing.id, Reply.kind, Reply.closes, Outgoing.symbol, Outgoing.subject, Outgoing.state,
               Outgoing.issued_at)
        .join(Reply, Reply.outgoing_id == Outgoing.id)
        .where(Reply.incoming_id == incoming_id, documents.within(scope))
        .order_by(Reply.id)
    )  # fmt: skip
    return session.execute(query).all()
