"""Queries for absences: whose desk is looked after by whom today."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import BigInteger, ColumnElement, Date, String, bindparam, exists, func, or_, select, tuple_
from sqlalchemy.orm import Session, aliased

from workflow.domain.errors import NotFound
from workflow.domain.people import Role
from workflow.domain.permissions import Scope
from workflow.store.models import AbsenceEnd, AbsenceRow, Person, PostRow, Unit
from workflow.store.prepared import Prepared

_ENDED = select(AbsenceEnd.absence_id)


@dataclass(frozen=True, slots=True)
class Listed:
    """An absence with names; `ended_at` where it was ended before its last day."""

    row: AbsenceRow
    post: PostRow
    absent: str
    deputy: str
    deputy_title: str
    unit: str
    is_office: bool
    ended_at: dt.datetime | None

    def when(self, today: dt.date) -> str:
        """`now`, `future` or `past`."""
        if self.ended_at is not None or self.row.last_day < today:
            return "past"
        return "future" if self.row.first_day > today else "now"


def _listed(session: Session, *conditions: ColumnElement[bool], limit: int | None = None) -> list[Listed]:
    deputy_post, absent, deputy = aliased(PostRow), aliased(Person), aliased(Person)
    query = (
        select(
            AbsenceRow, PostRow, absent.full_name, deputy.full_name, deputy_post.title, Unit.name, Unit.is_office,
            AbsenceEnd.at,
        )
        .join(PostRow, PostRow.id == AbsenceRow.post_id)
        .join(Unit, Unit.id == PostRow.unit_id)
        .join(absent, absent.id == PostRow.person_id)
        .join(deputy_post, deputy_post.id == AbsenceRow.deputy_post_id)
        .join(deputy, deputy.id == deputy_post.person_id)
        .outerjoin(AbsenceEnd, AbsenceEnd.absence_id == AbsenceRow.id)
        .where(*conditions)
        .order_by(AbsenceRow.first_day.desc(), AbsenceRow.id.desc())
        .limit(limit)
    )  # fmt: skip
    return [Listed(*row) for row in session.execute(query)]


def of_post(session: Session, post_id: int) -> list[Listed]:
    """All absences of one post."""
    return _listed(session, AbsenceRow.post_id == post_id)


def of_agencies(
    scope: Scope, session: Session, *, after: tuple[dt.date, int] | None = None, limit: int | None = None
) -> list[Listed]:
    """Those of the agencies an administrator looks after, the latest first. `after`: (first day, key) of the last
    one shown."""
    place = [] if after is None else [tuple_(AbsenceRow.first_day, AbsenceRow.id) < after]
    return _listed(session, AbsenceRow.agency_id.in_(scope.agency_ids), *place, limit=limit)


def count_of_agencies(scope: Scope, session: Session) -> int:
    """How many there are."""
    query = select(func.count()).select_from(AbsenceRow).where(AbsenceRow.agency_id.in_(scope.agency_ids))
    return session.scalar(query) or 0


def desks_for(session: Session, person_id: int, *, today: dt.date) -> list[Listed]:
    """The desks that a person looks after today, in one of the posts they hold."""
    held = select(PostRow.id).where(
        PostRow.person_id == person_id,
        PostRow.valid_from <= today,
        (PostRow.valid_to.is_(None)) | (PostRow.valid_to >= today),
    )
    still = (PostRow.valid_from <= today) & ((PostRow.valid_to.is_(None)) | (PostRow.valid_to >= today))
    return _listed(
        session, AbsenceRow.deputy_post_id.in_(held), AbsenceRow.first_day <= today, AbsenceRow.last_day >= today,
        AbsenceRow.id.not_in(_ENDED), still,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a post on a day. `away`: on record as absent, and not back."""

    post_id: int
    person_id: int
    away: bool


_POST, _ABSENCE, _END = (model.__table__.c for model in (PostRow, AbsenceRow, AbsenceEnd))
_DAY = bindparam("day", type_=Date)
_HELD = (
    select(
        _POST.id,
        _POST.person_id,
        exists().where(
            _ABSENCE.post_id == _POST.id, _ABSENCE.first_day <= _DAY, _ABSENCE.last_day >= _DAY,
            ~exists().where(_END.absence_id == _ABSENCE.id),
        ),
    )
    .where(_POST.valid_from <= _DAY, or_(_POST.valid_to.is_(None), _POST.valid_to >= _DAY))
    .order_by(_POST.id)
)  # fmt: skip


def _held(*which: ColumnElement[bool]) -> Prepared[Holder]:
    return Prepared(_HELD.where(*which), make=lambda values: Holder(values[0], values[1], bool(values[2])))


_ROLE = _POST.role == bindparam("role", type_=String)
_IN_UNIT = _held(_POST.unit_id == bindparam("place", type_=BigInteger), _ROLE)
_IN_AGENCY = _held(_POST.agency_id == bindparam("place", type_=BigInteger), _ROLE)
_OF_POST = _held(_POST.id == bindparam("post", type_=BigInteger))


def holders_in_unit(session: Session, unit_id: int, *, role: Role, on: dt.date) -> list[Holder]:
    """Who holds a post of a role in a unit on a day."""
    return list(_IN_UNIT.rows(session, {"place": unit_id, "role": str(role), "day": on}))


def holders_in_agency(session: Session, agency_id: int, *, role: Role, on: dt.date) -> list[Holder]:
    """Who holds one in an agency, whatever the unit."""
    return list(_IN_AGENCY.rows(session, {"place": agency_id, "role": str(role), "day": on}))


def holders_of_post(session: Session, post_id: int | None, *, on: dt.date) -> list[Holder]:
    """Who holds a post on a day: one person or nobody."""
    return [] if post_id is None else list(_OF_POST.rows(session, {"post": post_id, "day": on}))


def running(session: Session, post_ids: Collection[int], *, on: dt.date) -> list[int]:
    """The keys of the absences of some posts that run on a day."""
    query = select(AbsenceRow.id).where(
        AbsenceRow.post_id.in_(post_ids), AbsenceRow.first_day <= on, AbsenceRow.last_day >= on,
        AbsenceRow.id.not_in(_ENDED),
    )  # fmt: skip
    return list(session.scalars(query.order_by(AbsenceRow.id)))


def away_until(session: Session, post_ids: Collection[int], *, on: dt.date) -> dict[int, dt.date]:
    """Of these posts those whose holder is away on a day: the last day of it."""
    query = (
        select(AbsenceRow.post_id, func.max(AbsenceRow.last_day))
        .where(
            AbsenceRow.post_id.in_(post_ids), AbsenceRow.first_day <= on, AbsenceRow.last_day >= on,
            AbsenceRow.id.not_in(_ENDED),
        )
        .group_by(AbsenceRow.post_id)
    )  # fmt: skip
    return {row[0]: row[1] for row in session.execute(query)}


def overlapping(session: Session, post_id: int, *, first: dt.date, last: dt.date) -> Sequence[AbsenceRow]:
    """Absences of a post that run on some of these days."""
    query = select(AbsenceRow).where(
        AbsenceRow.post_id == post_id, AbsenceRow.first_day <= last, AbsenceRow.last_day >= first,
        AbsenceRow.id.not_in(_ENDED),
    )  # fmt: skip
    return session.scalars(query).all()


def lock_post(session: Session, post_id: int) -> None:
    """Hold a post: two absences of it are entered one after the other."""
    session.execute(select(PostRow.id).where(PostRow.id == post_id).with_for_update(key_share=True))


def by_id(session: Session, absence_id: int) -> tuple[AbsenceRow, AbsenceEnd | None]:
    """An absence and its early end, or `NotFound`."""
    found = session.get(AbsenceRow, absence_id)
    if found is None:
        raise NotFound("absence_not_found")
    return found, session.get(AbsenceEnd, absence_id)
