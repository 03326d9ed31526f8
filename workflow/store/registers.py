"""Queries for organs, registers, their years and numbers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, Row, bindparam, func, or_, select
from sqlalchemy.orm import Session, aliased

from workflow.domain.errors import NotFound
from workflow.domain.permissions import Scope
from workflow.store.models import (
    Certificate,
    Organ,
    Outgoing,
    Person,
    PostRow,
    Register,
    RegisterNumber,
    Series,
    Unit,
)
from workflow.store.prepared import Prepared

_ORGANS = (
    select(Organ)
    .where(Organ.agency_id == bindparam("agency", type_=BigInteger), Organ.active.is_(True))
    .order_by(Organ.id)
)


def organs(session: Session, agency_id: int) -> Sequence[Organ]:
    """An agency's organs that still issue, the first one first."""
    return session.scalars(_ORGANS, {"agency": agency_id}).all()


class Issuer(NamedTuple):
    """An organ that still issues."""

    id: int
    name: str


class Open(NamedTuple):
    """A register in use for what goes out. `abbreviation`: its organ's, None where it names none."""

    id: int
    name: str
    organ_id: int | None
    type_codes: list[str]
    secret: bool
    abbreviation: str | None


_ORGAN, _REGISTER = Organ.__table__.c, Register.__table__.c
_OF_AGENCY = bindparam("agency", type_=BigInteger)
_ISSUERS = Prepared(
    select(_ORGAN.id, _ORGAN.name)
    .where(_ORGAN.agency_id == _OF_AGENCY, _ORGAN.active.is_(True))
    .order_by(_ORGAN.id),
    make=Issuer._make,
)
_OPEN = Prepared(
    select(
        _REGISTER.id, _REGISTER.name, _REGISTER.organ_id, _REGISTER.type_codes, _REGISTER.secret,
        _ORGAN.abbreviation,
    )
    .outerjoin_from(Register.__table__, Organ.__table__, _ORGAN.id == _REGISTER.organ_id)
    .where(_REGISTER.agency_id == _OF_AGENCY, _REGISTER.active.is_(True), _REGISTER.direction == "out")
    .order_by(_REGISTER.id),
    make=Open._make,
)  # fmt: skip


def issuers(session: Session, agency_id: int) -> Sequence[Issuer]:
    """What `organs` finds, for reading: whoever numbers asks."""
    return list(_ISSUERS.rows(session, {"agency": agency_id}))


def open_registers(session: Session, agency_id: int) -> Sequence[Open]:
    """An agency's registers that it numbers in, for reading likewise."""
    return list(_OPEN.rows(session, {"agency": agency_id}))


def organ_in_use(session: Session, row: Organ) -> bool:
    """Whether registers in use or documents not yet issued are an organ's; what names none is the first one's."""
    first = next(iter(organs(session, row.agency_id)), None)
    own = (row.id, None) if first is not None and first.id == row.id else (row.id,)
    registers = select(Register.organ_id).where(
        Register.agency_id == row.agency_id, Register.active.is_(True), Register.direction == "out"
    )
    under_way = select(Outgoing.organ_id).where(Outgoing.agency_id == row.agency_id, Outgoing.closed_at.is_(None))
    found = {*session.scalars(registers.distinct()), *session.scalars(under_way.distinct())}
    return not found.isdisjoint(own)


def every_organ(scope: Scope, session: Session) -> Sequence[Row[*tuple[Any, ...]]]:
    """(organ, agency's name, head's name and title, seal's subject, its last day) within reach."""
    query = (
        select(
            Organ,
            Unit.name.label("agency"),
            Person.full_name.label("head"),
            PostRow.title.label("title"),
            Certificate.subject_name.label("seal"),
            Certificate.not_after,
        )
        .join(Unit, Unit.id == Organ.agency_id)
        .outerjoin(PostRow, PostRow.id == Organ.head_post_id)
        .outerjoin(Person, Person.id == PostRow.person_id)
        .outerjoin(Certificate, Certificate.id == Organ.certificate_id)
        .where(Organ.agency_id.in_(scope.agency_ids))
        .order_by(Unit.name, Organ.id)
    )
    return session.execute(query).all()


def organ(scope: Scope, session: Session, organ_id: int) -> Organ:
    """An organ within reach, or `NotFound`."""
    found = session.scalars(
        select(Organ).where(Organ.id == organ_id, Organ.agency_id.in_(scope.agency_ids))
    ).one_or_none()
    if found is None:
        raise NotFound("organ_not_found")
    return found


def register(scope: Scope, session: Session, register_id: int) -> Register:
    """A register within reach, or `NotFound`."""
    found = session.scalars(
        select(Register).where(Register.id == register_id, Register.agency_id.in_(scope.agency_ids))
    ).one_or_none()
    if found is None:
        raise NotFound("register_not_found")
    return found


def has_numbers(session: Session, register_id: int) -> bool:
    """Whether any number was drawn in a register: then its owner is on paper."""
    return bool(
        session.scalar(select(func.count()).select_from(Series).where(Series.register_id == register_id,
                                                                      Series.last_number > 0))
    )  # fmt: skip


def number(scope: Scope, session: Session, number_id: int) -> RegisterNumber:
    """A drawn number of a register within reach, or `NotFound`. Whoever changes it holds its series."""
    query = (
        select(RegisterNumber)
        .join(Register, Register.id == RegisterNumber.register_id)
        .where(RegisterNumber.id == number_id, Register.agency_id.in_(scope.agency_ids))
    )
    found = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound("number_not_found")
    return found


def number_of(session: Session, document_id: int) -> RegisterNumber:
    """The number that a document uses, or `NotFound`."""
    query = select(RegisterNumber).where(RegisterNumber.document_id == document_id, RegisterNumber.status == "used")
    found = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound("number_not_found")
    return found


def held(session: Session, register_id: int) -> Sequence[Row[RegisterNumber, str | None]]:
    """(number, for whom) held in a register, the oldest first."""
    query = (
        select(RegisterNumber, Person.full_name)
        .outerjoin(Person, Person.id == RegisterNumber.held_for_id)
        .where(RegisterNumber.register_id == register_id, RegisterNumber.status == "held")
        .order_by(RegisterNumber.year, RegisterNumber.number)
    )
    return session.execute(query).all()


def expiring(session: Session, *, until: dt.date, reason: str) -> Sequence[Row[*tuple[Any, ...]]]:
    """(number, register, for whom) held until a day or less, in every agency; `reason` for the reader."""
    if not reason:
        raise ValueError("a query without a scope says why")
    query = (
        select(RegisterNumber, Register, Person.full_name)
        .join(Register, Register.id == RegisterNumber.register_id)
        .outerjoin(Person, Person.id == RegisterNumber.held_for_id)
        .where(RegisterNumber.status == "held", RegisterNumber.held_until <= until)
        .order_by(RegisterNumber.id)
    )
    return session.execute(query).all()


def open_in_year(session: Session, register_id: int, year: int, *, reason: str) -> tuple[int, int]:
    """(numbers held, documents numbered but not issued) of a register's year."""
    if not reason:
        raise ValueError("a query without a scope says why")
    where = (RegisterNumber.register_id == register_id, RegisterNumber.year == year)
    waiting = select(func.count()).select_from(RegisterNumber).where(*where, RegisterNumber.status == "held")
    unissued = (
        select(func.count())
        .select_from(RegisterNumber)
        .join(Outgoing, Outgoing.id == RegisterNumber.document_id)
        .where(*where, RegisterNumber.status == "used", Outgoing.issued_at.is_(None))
    )
    return session.scalar(waiting) or 0, session.scalar(unissued) or 0


_Closer = aliased(Person)


def year_row(session: Session, register_id: int, year: int) -> Row[Series, str | None] | None:
    """(series, who closed it) of a register's year; None before its first number."""
    query = (
        select(Series, _Closer.full_name)
        .outerjoin(_Closer, _Closer.id == Series.closed_by_id)
        .where(Series.register_id == register_id, Series.year == year)
    )
    return session.execute(query).one_or_none()


def name_of(session: Session, person_id: int | None) -> str:
    """A person's name; empty where there is none."""
    found = session.get(Person, person_id) if person_id else None
    return found.full_name if found else ""


def every_register(session: Session, agency_id: int) -> Sequence[Register]:
    """All of an agency's registers, those no longer in use and those of arrivals too."""
    return session.scalars(select(Register).where(Register.agency_id == agency_id).order_by(Register.id)).all()


def most_used_types(
    session: Session, agency_id: int, *, since: dt.datetime, limit: int, reason: str
) -> tuple[str, ...]:
    """Kinds of documents that an agency drafted most since a moment, the most used first."""
    if not reason:
        raise ValueError("a query without a scope says why")
    query = (
        select(Outgoing.type_code)
        .where(Outgoing.agency_id == agency_id, Outgoing.created_at >= since)
        .group_by(Outgoing.type_code)
        .order_by(func.count().desc(), Outgoing.type_code)
        .limit(limit)
    )
    return tuple(session.scalars(query))


def people_in_post(session: Session, agency_id: int, *, on: dt.date) -> list[tuple[int, str, str]]:
    """(person, name, title) of everybody in a post of an agency on a day, each once, by name."""
    query = (
        select(PostRow.person_id, Person.full_name, func.min(PostRow.title))
        .join(Person, Person.id == PostRow.person_id)
        .where(
            PostRow.agency_id == agency_id,
            PostRow.valid_from <= on,
            or_(PostRow.valid_to.is_(None), PostRow.valid_to >= on),
        )
        .group_by(PostRow.person_id, Person.full_name)
        .order_by(Person.full_name, PostRow.person_id)
    )
    return [(key, name, title) for key, name, title in session.execute(query)]


def seals(session: Session, agency_id: int) -> Sequence[Certificate]:
    """An agency's confirmed certificates for numbers and seals, the newest first."""
    query = select(Certificate).where(Certificate.agency_id == agency_id, Certificate.status == "confirmed")
    return session.scalars(query.order_by(Certificate.id.desc())).all()
