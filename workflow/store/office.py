"""Queries for units, posts, registers, numbers, types, the calendar and settings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import (
    CTE,
    BigInteger,
    ColumnElement,
    Date,
    Integer,
    Row,
    String,
    bindparam,
    case,
    cast,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from workflow.domain.errors import NotFound
from workflow.domain.people import Role, UnitKind
from workflow.domain.permissions import Scope
from workflow.store.models import (
    CalendarDay,
    DocumentType,
    ImportedEntry,
    Incoming,
    Journal,
    Organ,
    Person,
    PostRow,
    Register,
    RegisterNumber,
    Series,
    Setting,
    Unit,
)
from workflow.store.prepared import Prepared


def unit_names(session: Session, agency_id: int) -> list[str]:
    """Names of an agency, its parts and its superior."""
    query = select(Unit.name, Unit.superior).where(Unit.agency_id == agency_id).order_by(Unit.id)
    rows = session.execute(query).all()
    return [name for row in rows for name in (row.name, row.superior) if name]


def unit(session: Session, unit_id: int) -> Unit:
    """A unit by key."""
    found = session.get(Unit, unit_id)
    if found is None:
        raise NotFound("unit_not_found")
    return found


_UNIT = Unit.__table__.c


def upwards(unit: ColumnElement[int]) -> CTE:
    """A unit and those above it, to its agency, as rows with their `id`."""
    own = select(_UNIT.id, _UNIT.parent_id, _UNIT.agency_id).where(_UNIT.id == unit).cte(recursive=True)
    return own.union(
        select(_UNIT.id, _UNIT.parent_id, _UNIT.agency_id).where(
            _UNIT.id == own.c.parent_id, own.c.id != own.c.agency_id
        )
    )


_ABOVE = Prepared(select(upwards(bindparam("unit_id", type_=BigInteger)).c.id))


def units_above(session: Session, unit_id: int) -> frozenset[int]:
    """A unit and those above it, to its agency: what is assigned as a whole covers its parts."""
    found = frozenset(row[0] for row in _ABOVE.rows(session, {"unit_id": unit_id}))
    if not found:
        raise NotFound("unit_not_found")
    return found


def unit_by_code(session: Session, code: str) -> Unit | None:
    """A unit by its code; None where there is none."""
    return session.scalars(select(Unit).where(Unit.code == code)).one_or_none()


def lock_agency(session: Session, agency_id: int) -> None:
    """Hold an agency's row: whoever changes its own terms or settings does so one after the other. Rows that only
    name the agency are written meanwhile."""
    session.execute(select(Unit.id).where(Unit.id == agency_id).with_for_update(key_share=True))


def top_agency(session: Session, *, on: dt.date) -> int | None:
    """The agency that runs this installation: of those that stand on a day and are below no other, the first."""
    query = select(func.min(Unit.id)).where(
        Unit.kind == str(UnitKind.AGENCY),
        Unit.parent_id.is_(None),
        Unit.valid_from <= on,
        or_(Unit.valid_to.is_(None), Unit.valid_to >= on),
    )
    return session.scalar(query)


def holders(
    session: Session, *, role: Role, on: dt.date, unit_id: int | None = None, agency_id: int | None = None
) -> Sequence[PostRow]:
    """Posts of a role held on a day, in a unit or an agency."""
    query = select(PostRow).where(
        PostRow.role == str(role), PostRow.valid_from <= on, or_(PostRow.valid_to.is_(None), PostRow.valid_to >= on)
    )
    if unit_id is not None:
        query = query.where(PostRow.unit_id == unit_id)
    if agency_id is not None:
        query = query.where(PostRow.agency_id == agency_id)
    return session.scalars(query.order_by(PostRow.id)).all()


_POST = PostRow.__table__.c
_HEADS = Prepared(
    select(_POST.person_id)
    .where(
        _POST.unit_id == bindparam("unit_id"),
        _POST.role == str(Role.UNIT_HEAD),
        _POST.valid_from <= bindparam("day", type_=Date),
        or_(_POST.valid_to.is_(None), _POST.valid_to >= bindparam("day", type_=Date)),
    )
    .order_by(_POST.id)
)


def unit_heads(session: Session, unit_id: int, *, on: dt.date) -> list[int]:
    """Persons who head a unit on a day."""
    return [row[0] for row in _HEADS.rows(session, {"unit_id": unit_id, "day": on})]


def office_heads(session: Session, agency_id: int, *, on: dt.date) -> Sequence[PostRow]:
    """Heads, on a day, of the unit that prepares an agency's directions."""
    query = (
        select(PostRow)
        .join(Unit, Unit.id == PostRow.unit_id)
        .where(
            PostRow.agency_id == agency_id,
            PostRow.role == str(Role.UNIT_HEAD),
            Unit.is_office.is_(True),
            PostRow.valid_from <= on,
            or_(PostRow.valid_to.is_(None), PostRow.valid_to >= on),
        )
        .order_by(PostRow.id)
    )
    return session.scalars(query).all()


def signers(session: Session, agency_id: int, *, on: dt.date) -> Sequence[Any]:
    """Who may be named signer in an agency on a day: leader, deputies, heads of its units."""
    return _in_roles(session, agency_id, (Role.LEADER, Role.DEPUTY, Role.UNIT_HEAD), on=on)


def cosigners(session: Session, agency_id: int, *, on: dt.date) -> Sequence[Any]:
    """Who may sign beside a named signer in an agency on a day: whoever may have a key of their own here."""
    return _in_roles(session, agency_id, (Role.LEADER, Role.DEPUTY, Role.UNIT_HEAD, Role.CLERK), on=on)


def drafters(session: Session, agency_id: int, *, on: dt.date) -> Sequence[Any]:
    """Who may draft in an agency on a day."""
    return _in_roles(session, agency_id, (Role.DRAFTER, Role.UNIT_HEAD, Role.CLERK), on=on)


def _in_roles(session: Session, agency_id: int, roles: tuple[Role, ...], *, on: dt.date) -> Sequence[Any]:
    query = (
        select(PostRow, Person.full_name, Unit.name.label("unit_name"))
        .join(Person, Person.id == PostRow.person_id)
        .join(Unit, Unit.id == PostRow.unit_id)
        .where(
            PostRow.agency_id == agency_id,
            PostRow.role.in_(tuple(map(str, roles))),
            PostRow.valid_from <= on,
            or_(PostRow.valid_to.is_(None), PostRow.valid_to >= on),
        )
        .order_by(PostRow.role != str(Role.LEADER), PostRow.role != str(Role.DEPUTY), PostRow.id)
    )
    return session.execute(query).all()


def in_agency(session: Session, person_id: int, *, agency_id: int, on: dt.date) -> bool:
    """Whether a person holds a post of an agency on a day."""
    query = select(func.count()).where(
        PostRow.person_id == person_id,
        PostRow.agency_id == agency_id,
        PostRow.valid_from <= on,
        or_(PostRow.valid_to.is_(None), PostRow.valid_to >= on),
    )
    return bool(session.scalar(query))


def unit_of_person(session: Session, person_id: int, *, agency_id: int, on: dt.date) -> int | None:
    """The unit of the first post that a person holds in an agency on a day."""
    query = select(PostRow.unit_id).where(
        PostRow.person_id == person_id,
        PostRow.agency_id == agency_id,
        PostRow.valid_from <= on,
        or_(PostRow.valid_to.is_(None), PostRow.valid_to >= on),
    )
    return session.scalar(query.order_by(PostRow.id).limit(1))


def held_post(session: Session, post_id: int, *, on: dt.date) -> PostRow:
    """A post that is held on a day, or `NotFound`."""
    row = session.get(PostRow, post_id)
    if row is None or row.valid_from > on or (row.valid_to is not None and row.valid_to < on):
        raise NotFound("post_not_held")
    return row


def document_types(session: Session) -> Sequence[DocumentType]:
    """Active types in the order of the decree."""
    query = select(DocumentType).where(DocumentType.active.is_(True)).order_by(DocumentType.position)
    return session.scalars(query).all()


def document_type(session: Session, code: str) -> DocumentType:
    """One type, or `NotFound`."""
    found = session.get(DocumentType, code)
    if found is None:
        raise NotFound("type_not_found")
    return found


_TYPE, _ISSUING = DocumentType.__table__.c, Unit.__table__.alias().c
_ABBREVIATIONS = Prepared(
    select(_TYPE.abbreviation, _UNIT.abbreviation, _ISSUING.abbreviation).where(
        _TYPE.code == bindparam("type_code", type_=String),
        _UNIT.id == bindparam("unit", type_=BigInteger),
        _ISSUING.id == _UNIT.agency_id,
    )
)


def abbreviations(session: Session, *, type_code: str, unit_id: int) -> tuple[str, str, str]:
    """What a symbol is made of: that of a type of documents ("" where its symbols name the unit), of the drafting
    unit, of its agency."""
    ((kind, unit, agency),) = _ABBREVIATIONS.rows(session, {"type_code": type_code, "unit": unit_id})
    return kind or "", unit, agency


def registers(session: Session, agency_id: int, *, direction: str = "out") -> Sequence[Register]:
    """An agency's active registers: of what goes `out`, or of what comes `in`."""
    query = select(Register).where(
        Register.agency_id == agency_id, Register.active.is_(True), Register.direction == direction
    )
    return session.scalars(query.order_by(Register.id)).all()


def every_type(session: Session) -> Sequence[DocumentType]:
    """All types, those no longer offered too, in the order of the decree."""
    return session.scalars(select(DocumentType).order_by(DocumentType.position)).all()


NO_NUMBER = 2**31 - 1
"""Larger than any number that was drawn: no line is there."""


def registers_with_series(scope: Scope, session: Session, *, year: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """(register, agency, symbol, last number, held, cancelled, closed, first number kept here) of a year."""
    drawn = (
        select(
            RegisterNumber.register_id,
            func.sum(case((RegisterNumber.status == "held", 1), else_=0)).label("held"),
            func.sum(case((RegisterNumber.status == "cancelled", 1), else_=0)).label("cancelled"),
        )
        .where(RegisterNumber.year == year)
        .group_by(RegisterNumber.register_id)
        .subquery()
    )
    lowest = [  # each the first entry of an index, not the lines of a year
        select(func.min(model.number)).where(model.register_id == Register.id, model.year == year).scalar_subquery()
        for model in (RegisterNumber, Incoming, ImportedEntry)
    ]
    last = func.coalesce(Series.last_number, 0)
    smaller = [func.coalesce(one, NO_NUMBER) for one in lowest]
    first = case((smaller[0] <= smaller[1], smaller[0]), else_=smaller[1])
    first = case((first <= smaller[2], first), else_=smaller[2])
    query = (
        select(
            Register,
            Unit.name.label("agency"),
            func.coalesce(Organ.abbreviation, Unit.abbreviation).label("abbreviation"),
            last.label("last_number"),
            func.coalesce(drawn.c.held, 0).label("held"),
            func.coalesce(drawn.c.cancelled, 0).label("cancelled"),
            Series.closed_at,
            case((first < NO_NUMBER, first), else_=last + 1).label("first_number"),
        )
        .join(Unit, Unit.id == Register.agency_id)
        .outerjoin(Organ, Organ.id == Register.organ_id)
        .outerjoin(Series, (Series.register_id == Register.id) & (Series.year == year))
        .outerjoin(drawn, drawn.c.register_id == Register.id)
        .where(Register.agency_id.in_(scope.agency_ids))
        .order_by(Unit.name, Register.secret, Register.id)
    )
    return session.execute(query).all()


def server_seal_leave(session: Session, agency_id: int, *, until: dt.datetime) -> tuple[str, dt.datetime] | None:
    """Who allowed the server's key for an agency, and when: the last leave before a moment."""
    query = (
        select(Person.full_name, Journal.at)
        .join(Person, Person.id == Journal.person_id)
        .where(
            Journal.subject == f"unit:{agency_id}", Journal.tag == "unit:server_seal:allowed", Journal.at <= until
        )
        .order_by(Journal.ordinal.desc())
        .limit(1)
    )
    row = session.execute(query).one_or_none()
    return None if row is None else (row.full_name, row.at)


_SERIES = (
    select(Series)
    .where(
        Series.register_id == bindparam("register", type_=BigInteger),
        Series.year == bindparam("of_year", type_=Integer),
    )
    .with_for_update()
    .execution_options(populate_existing=True)
)


def lock_series(session: Session, register_id: int, year: int) -> Series:
    """The register's year under its row lock; opened at 0 when the year is new."""
    wanted = {"register": register_id, "of_year": year}
    if (found := session.scalars(_SERIES, wanted).one_or_none()) is not None:
        return found
    insert = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgresql_insert
    session.execute(
        insert(Series).values(register_id=register_id, year=year, last_number=0).on_conflict_do_nothing()
    )
    return session.scalars(_SERIES, wanted).one()


def calendar_days(session: Session) -> Sequence[CalendarDay]:
    """Every exceptional day, in order."""
    return session.scalars(select(CalendarDay).order_by(CalendarDay.day)).all()


_DAYS = CalendarDay.__table__.c
_CALENDAR_MARK = Prepared(
    select(func.aggregate_strings(cast(_DAYS.day, String) + literal("=") + cast(_DAYS.working, String), ","))
)


def calendar_mark(session: Session) -> str:
    """A text that changes whenever the exceptional days do: asking for it costs far less than the days."""
    ((mark,),) = _CALENDAR_MARK.rows(session, {})
    return mark or ""


_SATURDAY = Prepared(select(Unit.__table__.c.saturday).where(Unit.__table__.c.id == bindparam("unit_id")))


def saturday_of(session: Session, unit_id: int) -> str:
    """A unit's Saturdays as they are stored; empty where they are off, and where there is no such unit."""
    rows = _SATURDAY.rows(session, {"unit_id": unit_id})
    return rows[0][0] if rows else ""


def setting(session: Session, name: str) -> dict[str, Any] | None:
    """A setting's value, or None."""
    row = session.get(Setting, name)
    return None if row is None else row.value


def settings_named(session: Session, names: Collection[str]) -> dict[str, dict[str, Any]]:
    """The values of those that are there."""
    query = select(Setting.name, Setting.value).where(Setting.name.in_(sorted(names)))
    return {row[0]: row[1] for row in session.execute(query)}
