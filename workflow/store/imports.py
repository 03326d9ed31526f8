"""Queries for sheets that were brought in, their rows, and what is here already."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import Row, delete, func, insert, select
from sqlalchemy.orm import Session

from workflow.domain.errors import NotFound
from workflow.domain.permissions import Scope
from workflow.store.models import (
    Account,
    ImportRow,
    ImportRun,
    Incoming,
    Person,
    PostRow,
    Register,
    RegisterNumber,
    Series,
    Unit,
)


def registers(scope: Scope, session: Session, direction: str) -> Sequence[Row[*tuple[Any, ...]]]:
    """(id, name, agency) of the registers that lines can be brought into: no secret ones."""
    query = (
        select(Register.id, Register.name, Unit.name)
        .join(Unit, Unit.id == Register.agency_id)
        .where(
            Register.agency_id.in_(scope.agency_ids), Register.direction == direction, Register.secret.is_(False)
        )
        .order_by(Register.id)
    )
    return session.execute(query).all()


def register(scope: Scope, session: Session, register_id: int, direction: str) -> Register:
    """One of them, or `NotFound`."""
    query = select(Register).where(
        Register.id == register_id, Register.agency_id.in_(scope.agency_ids), Register.direction == direction,
        Register.secret.is_(False),
    )  # fmt: skip
    found = session.scalars(query).one_or_none()
    if found is None:
        raise NotFound("register_not_found")
    return found


def series(session: Session, register_id: int, year: int) -> Series | None:
    """A register's year, where it has begun."""
    return session.get(Series, (register_id, year))


def run(
    scope: Scope, session: Session, import_id: int, *, kinds: Iterable[str], for_update: bool = False
) -> ImportRun:
    """One import, or `NotFound`."""
    query = select(ImportRun).where(
        ImportRun.id == import_id, ImportRun.agency_id.in_(scope.agency_ids), ImportRun.kind.in_(tuple(kinds))
    )
    found = session.scalars(query.with_for_update() if for_update else query).one_or_none()
    if found is None:
        raise NotFound("import_not_found")
    return found


def runs(scope: Scope, session: Session, *, kinds: Iterable[str], limit: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """(import, who brought it), the newest first."""
    query = (
        select(ImportRun, Person.full_name)
        .join(Person, Person.id == ImportRun.created_by_id)
        .where(ImportRun.agency_id.in_(scope.agency_ids), ImportRun.kind.in_(tuple(kinds)))
        .order_by(ImportRun.id.desc())
        .limit(limit)
    )
    return session.execute(query).all()


def counts(session: Session, import_ids: Sequence[int]) -> dict[int, dict[str, int]]:
    """Import → state → rows, of imports that the caller has found."""
    query = (
        select(ImportRow.import_id, ImportRow.state, func.count())
        .where(ImportRow.import_id.in_(import_ids))
        .group_by(ImportRow.import_id, ImportRow.state)
    )
    found: dict[int, dict[str, int]] = {key: {} for key in import_ids}
    for key, state, count in session.execute(query):
        found[key][state] = count
    return found


def rows(
    session: Session, import_id: int, *, states: Sequence[str] = (), after: int = 0, limit: int | None = None
) -> Sequence[ImportRow]:
    """Rows of an import that the caller has found, as the sheet has them."""
    query = select(ImportRow).where(ImportRow.import_id == import_id, ImportRow.row_no > after)
    if states:
        query = query.where(ImportRow.state.in_(states))
    query = query.order_by(ImportRow.row_no)
    return session.scalars(query.limit(limit) if limit else query).all()


def ready(session: Session, import_id: int, *, limit: int) -> Sequence[ImportRow]:
    """The next rows to take in, in their order."""
    query = (
        select(ImportRow)
        .where(ImportRow.import_id == import_id, ImportRow.state == "ready")
        .order_by(ImportRow.place, ImportRow.row_no)
        .limit(limit)
    )
    return session.scalars(query).all()


def add_rows(session: Session, made: Iterable[dict[str, Any]]) -> None:
    """All rows of a sheet, so many at a time: a large one need not stand in memory twice."""
    left = iter(made)
    while batch := list(islice(left, 500)):
        session.execute(insert(ImportRow), batch)


def drop_rows(session: Session, import_id: int) -> None:
    """Forget the rows of an import that was discarded."""
    session.execute(delete(ImportRow).where(ImportRow.import_id == import_id))


def taken_numbers(scope: Scope, session: Session, *, register_id: int, year: int) -> set[int]:
    """Numbers of a register's year that were drawn here."""
    drawn = select(RegisterNumber.number).join(Register, Register.id == RegisterNumber.register_id).where(
        RegisterNumber.register_id == register_id, RegisterNumber.year == year,
        Register.agency_id.in_(scope.agency_ids),
    )  # fmt: skip
    arrived = select(Incoming.number).where(
        Incoming.register_id == register_id, Incoming.year == year, Incoming.agency_id.in_(scope.agency_ids),
        Incoming.number.is_not(None),
    )  # fmt: skip
    return set(session.scalars(drawn)) | {number for number in session.scalars(arrived) if number is not None}


def person_at(scope: Scope, session: Session, *, email: str, name: str) -> int | None:
    """The person within reach who has a mail address and a name."""
    if not email:
        return None
    mine = select(PostRow.person_id).where(PostRow.agency_id.in_(scope.agency_ids))
    query = select(Person.id).where(
        func.lower(Person.email) == email.lower(), Person.full_name == name, Person.id.in_(mine)
    )
    return session.scalars(query.order_by(Person.id).limit(1)).one_or_none()


def holders_of(
    scope: Scope, session: Session, *, unit_id: int, role: str, since: dt.date
) -> Sequence[Row[int, str, str]]:
    """(person, name, title) of posts of a unit within reach that began on a day in a role."""
    query = (
        select(Person.id, Person.full_name, PostRow.title)
        .join(PostRow, PostRow.person_id == Person.id)
        .where(
            PostRow.agency_id.in_(scope.agency_ids), PostRow.unit_id == unit_id, PostRow.role == role,
            PostRow.valid_from == since,
        )
    )  # fmt: skip
    return session.execute(query).all()


def unit_codes_elsewhere(scope: Scope, session: Session, codes: Iterable[str]) -> frozenset[str]:
    """Of some codes those of units beyond reach."""
    query = select(Unit.code).where(Unit.code.in_(tuple(codes)), Unit.agency_id.not_in(scope.agency_ids))
    return frozenset(session.scalars(query))


def posts(scope: Scope, session: Session) -> Sequence[Row[*tuple[Any, ...]]]:
    """(person, name, login, address, unit, role, title, first day, last day) of every post within reach."""
    query = (
        select(
            Person.id, Person.full_name, Account.username, Person.email, PostRow.unit_id, PostRow.role,
            PostRow.title, PostRow.valid_from, PostRow.valid_to,
        )
        .join(PostRow, PostRow.person_id == Person.id)
        .outerjoin(Account, Account.person_id == Person.id)
        .where(PostRow.agency_id.in_(scope.agency_ids))
        .order_by(Person.id, PostRow.id)
    )  # fmt: skip
    return session.execute(query).all()


def logins_elsewhere(scope: Scope, session: Session, logins: Iterable[str]) -> frozenset[str]:
    """Of some login names those of people who hold no post within reach."""
    mine = select(PostRow.person_id).where(PostRow.agency_id.in_(scope.agency_ids))
    query = select(Account.username).where(Account.username.in_(tuple(logins)), Account.person_id.not_in(mine))
    return frozenset(session.scalars(query))


def finish(row: ImportRun, now: dt.datetime) -> None:
    """Nothing is left to take in."""
    row.state, row.finished_at = "done", now
