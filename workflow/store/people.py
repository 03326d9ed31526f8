"""Queries for units, persons and posts. Those for administrators take their `Scope` first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from workflow.domain.errors import NotFound
from workflow.domain.people import Role
from workflow.domain.permissions import Scope
from workflow.store.models import Account, Outgoing, Passkey, Person, PostRow, Unit, UnitSuccession


def units_below(session: Session, unit_id: int) -> tuple[int, ...]:
    """A unit's parts, their parts and so on, inside its agency; without the unit itself."""
    root = select(Unit.id, Unit.agency_id).where(Unit.id == unit_id).cte("below", recursive=True)
    parts = select(Unit.id, Unit.agency_id).join(
        root, (Unit.parent_id == root.c.id) & (Unit.agency_id == root.c.agency_id)
    )
    below = root.union(parts)
    return tuple(session.scalars(select(below.c.id).where(below.c.id != unit_id).order_by(below.c.id)))


def agencies_below(session: Session, agency_id: int) -> tuple[int, ...]:
    """The agencies under an agency at any depth, dissolved ones included; without the agency itself."""
    root = select(Unit.id).where(Unit.id == agency_id).cte("below", recursive=True)
    below = root.union(select(Unit.id).join(root, Unit.parent_id == root.c.id))
    query = (
        select(Unit.id)
        .join(below, below.c.id == Unit.id)
        .where(Unit.kind == "agency", Unit.id != agency_id)
        .order_by(Unit.id)
    )
    return tuple(session.scalars(query))


def _of(scope: Scope) -> ColumnElement[bool]:
    return Unit.agency_id.in_(scope.agency_ids)


def units(scope: Scope, session: Session) -> Sequence[Unit]:
    """Every unit an administrator looks after, dissolved ones too; by code, so that parts follow their whole."""
    return session.scalars(select(Unit).where(_of(scope)).order_by(Unit.code)).all()


def unit(scope: Scope, session: Session, unit_id: int) -> Unit:
    """One of them, or `NotFound`."""
    found = session.scalars(select(Unit).where(Unit.id == unit_id, _of(scope))).one_or_none()
    if found is None:
        raise NotFound("unit_not_found")
    return found


def code_taken(session: Session, code: str) -> bool:
    """Whether any unit anywhere has this code."""
    return session.scalar(select(func.count()).where(Unit.code == code)) == 1


def predecessors(session: Session, unit_id: int) -> list[tuple[Unit, dt.date, str]]:
    """Whom a unit took over from, when and by which decree."""
    query = (
        select(Unit, UnitSuccession.happened_on, UnitSuccession.decree)
        .join(UnitSuccession, UnitSuccession.predecessor_id == Unit.id)
        .where(UnitSuccession.successor_id == unit_id)
        .order_by(UnitSuccession.happened_on, Unit.code)
    )
    return [(row[0], row[1], row[2]) for row in session.execute(query)]


def successors(session: Session, unit_id: int) -> list[tuple[Unit, dt.date, str]]:
    """Who took over from a unit."""
    query = (
        select(Unit, UnitSuccession.happened_on, UnitSuccession.decree)
        .join(UnitSuccession, UnitSuccession.successor_id == Unit.id)
        .where(UnitSuccession.predecessor_id == unit_id)
        .order_by(UnitSuccession.happened_on, Unit.code)
    )
    return [(row[0], row[1], row[2]) for row in session.execute(query)]


@dataclass(frozen=True, slots=True)
class Ending:
    """What a unit's dissolution would touch: its parts, posts that end with it, what has to be settled before."""

    part_ids: tuple[int, ...]
    posts: int
    agencies_left: int
    open_documents: int


def ending_of(session: Session, found: Unit, last_day: dt.date) -> Ending:
    """The facts for dissolving a unit on a day."""
    parts = units_below(session, found.id)
    gone = (found.id, *parts)
    agencies = agencies_below(session, found.id) if found.kind == "agency" else ()
    return Ending(
        part_ids=parts,
        posts=_count(session, PostRow.unit_id.in_(gone), _lasting(PostRow.valid_to, last_day)),
        agencies_left=_count(session, Unit.id.in_(agencies), _lasting(Unit.valid_to, last_day)),
        open_documents=_count(session, Outgoing.unit_id.in_(gone), Outgoing.closed_at.is_(None)),
    )


def _lasting(column: InstrumentedAttribute[dt.date | None], last_day: dt.date) -> ColumnElement[bool]:
    return or_(column.is_(None), column > last_day)


def _count(session: Session, *conditions: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count()).where(*conditions)) or 0


def end_posts(session: Session, unit_ids: Sequence[int], last_day: dt.date) -> list[tuple[int, int]]:
    """End every post of some units on a day, unless it ends earlier; (post, its person) of those it concerns."""
    concerned = (PostRow.unit_id.in_(unit_ids), or_(PostRow.valid_to.is_(None), PostRow.valid_to > last_day))
    rows = session.execute(select(PostRow.id, PostRow.person_id).where(*concerned).order_by(PostRow.id)).all()
    session.execute(update(PostRow).where(*concerned, PostRow.valid_from <= last_day).values(valid_to=last_day))
    return [(row.id, row.person_id) for row in rows]


def posts_begin_after(session: Session, unit_ids: Sequence[int], day: dt.date) -> int:
    """How many posts of some units begin after a day."""
    return _count(session, PostRow.unit_id.in_(unit_ids), PostRow.valid_from > day)


@dataclass(frozen=True, slots=True)
class Listed:
    """A line of the list of people: one post of one person."""

    person_id: int
    full_name: str
    unit_name: str
    unit_id: int
    title: str
    role: Role
    valid_from: dt.date
    valid_to: dt.date | None
    username: str
    account: str
    """`none`, `invited`, `active` or `closed`."""
    second_factor: bool


def people(scope: Scope, session: Session) -> list[Listed]:
    """All posts, past, present and future, in the agencies an administrator looks after.

    Thousands at most: filters by words and Vietnamese name order are worked out on these tuples.
    """
    passkey = exists().where(Passkey.account_id == Account.id)
    query = (
        select(
            Person.id, Person.full_name, Unit.name, Unit.id, PostRow.title, PostRow.role, PostRow.valid_from,
            PostRow.valid_to, Account.username, Account.active, Account.password_hash,
            or_(Account.totp_secret != "", passkey),
        )
        .join(PostRow, PostRow.person_id == Person.id)
        .join(Unit, Unit.id == PostRow.unit_id)
        .outerjoin(Account, Account.person_id == Person.id)
        .where(PostRow.agency_id.in_(scope.agency_ids))
    )  # fmt: skip
    return [
        Listed(
            row[0], row[1], row[2], row[3], row[4], Role(row[5]), row[6], row[7], row[8] or "",
            _account_state(row[8], active=row[9], password_hash=row[10]), bool(row[11]),
        )
        for row in session.execute(query)
    ]  # fmt: skip


def _account_state(username: str | None, *, active: bool | None, password_hash: str | None) -> str:
    if username is None:
        return "none"
    if not active:
        return "closed"
    return "active" if password_hash else "invited"


def person(scope: Scope, session: Session, person_id: int) -> Person:
    """A person who holds, held or will hold a post in the scope's agencies, or `NotFound`."""
    mine = exists().where(and_(PostRow.person_id == Person.id, PostRow.agency_id.in_(scope.agency_ids)))
    found = session.scalars(select(Person).where(Person.id == person_id, mine)).one_or_none()
    if found is None:
        raise NotFound("person_not_found")
    return found


def names_in_agency(session: Session, agency_id: int) -> list[str]:
    """Full names of everybody who has or had a post in an agency, to know them in what a stranger wrote."""
    held = select(PostRow.person_id).where(PostRow.agency_id == agency_id)
    query = select(Person.full_name).where(Person.id.in_(held)).distinct().order_by(Person.full_name)
    return list(session.scalars(query))


def names(session: Session, person_ids: Sequence[int]) -> dict[int, str]:
    """Names by key."""
    rows = session.execute(select(Person.id, Person.full_name).where(Person.id.in_(person_ids)))
    return {row[0]: row[1] for row in rows}


def posts_of(session: Session, person_id: int) -> list[tuple[PostRow, Unit, Unit]]:
    """All posts of a person with unit and agency, the latest first."""
    agency = aliased(Unit)
    query = (
        select(PostRow, Unit, agency)
        .join(Unit, Unit.id == PostRow.unit_id)
        .join(agency, agency.id == PostRow.agency_id)
        .where(PostRow.person_id == person_id)
        .order_by(PostRow.valid_from.desc(), PostRow.id.desc())
    )
    return [(row[0], row[1], row[2]) for row in session.execute(query)]


def post(scope: Scope, session: Session, post_id: int) -> PostRow:
    """A post in the scope's agencies, or `NotFound`."""
    found = session.scalars(
        select(PostRow).where(PostRow.id == post_id, PostRow.agency_id.in_(scope.agency_ids))
    ).one_or_none()
    if found is None:
        raise NotFound("post_not_found")
    return found


def posts_elsewhere(scope: Scope, session: Session, person_id: int, today: dt.date) -> int:
    """How many present or future posts a person has outside the scope: then their account is not ours alone."""
    return _count(
        session,
        PostRow.person_id == person_id,
        PostRow.agency_id.not_in(scope.agency_ids),
        or_(PostRow.valid_to.is_(None), PostRow.valid_to >= today),
    )
