"""Queries for file plans, their entries and the retention table."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, false, func, or_, select
from sqlalchemy.orm import Session, aliased

from workflow.domain.errors import NotFound
from workflow.domain.permissions import Scope
from workflow.store.locking import locked
from workflow.store.models import Dossier, FilePlan, Person, PlanEntry, PostRow, RetentionRule, Unit


def within(scope: Scope) -> ColumnElement[bool]:
    """Plans of whole agencies, or of the agencies that one's units belong to."""
    reach: list[ColumnElement[bool]] = []
    if scope.agency_ids:
        reach.append(FilePlan.agency_id.in_(scope.agency_ids))
    if scope.unit_ids:
        reach.append(FilePlan.agency_id.in_(select(Unit.agency_id).where(Unit.id.in_(scope.unit_ids))))
    return or_(*reach) if reach else false()


def _lines(scope: Scope) -> ColumnElement[bool]:
    """Entries of whole agencies; of others those of one's units, and in one's agency those to be made by one."""
    reach: list[ColumnElement[bool]] = []
    if scope.agency_ids:
        reach.append(FilePlan.agency_id.in_(scope.agency_ids))
    if scope.unit_ids:
        reach.append(PlanEntry.unit_id.in_(scope.unit_ids))
    if scope.own is not None:
        person, agency = scope.own
        reach.append(and_(FilePlan.agency_id == agency, PlanEntry.maker_id == person))
    return or_(*reach) if reach else false()


def plans(scope: Scope, session: Session) -> Sequence[Row[FilePlan, str, str | None]]:
    """(plan, agency, who approved it), the newest first."""
    query = (
        select(FilePlan, Unit.name, Person.full_name)
        .join(Unit, Unit.id == FilePlan.agency_id)
        .outerjoin(Person, Person.id == FilePlan.approved_by_id)
        .where(within(scope))
        .order_by(FilePlan.year.desc(), FilePlan.id)
    )
    return session.execute(query.limit(100)).all()


def plan(scope: Scope, session: Session, plan_id: int) -> FilePlan:
    """One plan, or `NotFound`."""
    found = session.scalars(select(FilePlan).where(FilePlan.id == plan_id, within(scope))).one_or_none()
    if found is None:
        raise NotFound("file_plan_not_found")
    return found


def lock_plan(scope: Scope, session: Session, plan_id: int, *, version: int | None) -> FilePlan:
    """One plan under its row lock. Raises `NotFound`, `Conflict("stale")`."""
    query = select(FilePlan).where(FilePlan.id == plan_id, within(scope))
    return locked(session, query, lacking="file_plan_not_found", version=version)


def of_year(session: Session, agency_id: int, year: int) -> FilePlan | None:
    """An agency's plan of a year."""
    query = select(FilePlan).where(FilePlan.agency_id == agency_id, FilePlan.year == year)
    return session.scalars(query).one_or_none()


def before(session: Session, agency_id: int, year: int) -> FilePlan | None:
    """The latest plan of an agency before a year: what a new one is made from."""
    query = select(FilePlan).where(FilePlan.agency_id == agency_id, FilePlan.year < year)
    return session.scalars(query.order_by(FilePlan.year.desc()).limit(1)).one_or_none()


def entries(scope: Scope, session: Session, plan_id: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """(entry, unit, maker, key of its dossier or None) within reach, by unit and notation."""
    maker, opened = aliased(Person), aliased(Dossier)
    query = (
        select(PlanEntry, Unit.name.label("unit"), maker.full_name.label("maker"), opened.id.label("dossier"))
        .join(FilePlan, FilePlan.id == PlanEntry.plan_id)
        .join(Unit, Unit.id == PlanEntry.unit_id)
        .outerjoin(maker, maker.id == PlanEntry.maker_id)
        .outerjoin(opened, (opened.entry_id == PlanEntry.id) & (opened.state != "cancelled"))
        .where(PlanEntry.plan_id == plan_id, _lines(scope))
        .order_by(Unit.id, PlanEntry.notation)
    )
    return session.execute(query).all()


def entry(scope: Scope, session: Session, entry_id: int) -> Row[PlanEntry, FilePlan]:
    """(entry, plan), or `NotFound`."""
    query = (
        select(PlanEntry, FilePlan)
        .join(FilePlan, FilePlan.id == PlanEntry.plan_id)
        .where(PlanEntry.id == entry_id, _lines(scope))
    )
    found = session.execute(query).one_or_none()
    if found is None:
        raise NotFound("plan_entry_not_found")
    return found


def copied(session: Session, plan_id: int, *, on: dt.date) -> Sequence[PlanEntry]:
    """Entries of a plan whose unit still exists on a day."""
    query = (
        select(PlanEntry)
        .join(Unit, Unit.id == PlanEntry.unit_id)
        .where(PlanEntry.plan_id == plan_id, or_(Unit.valid_to.is_(None), Unit.valid_to >= on))
    )
    return session.scalars(query.order_by(PlanEntry.notation)).all()


def notations(session: Session, plan_id: int) -> list[str]:
    """Every notation of a plan."""
    return list(session.scalars(select(PlanEntry.notation).where(PlanEntry.plan_id == plan_id)))


def size(session: Session, plan_id: int) -> int:
    """How many entries a plan has."""
    return session.scalar(select(func.count()).where(PlanEntry.plan_id == plan_id)) or 0


def is_used(session: Session, entry_id: int, *, reason: str) -> bool:
    """Whether a dossier was ever opened from an entry; only its maker and the clerk know which."""
    if not reason:
        raise ValueError("a query without a scope says why")
    return session.scalar(select(Dossier.id).where(Dossier.entry_id == entry_id).limit(1)) is not None


def is_open(session: Session, entry_id: int, *, reason: str) -> bool:
    """Whether a dossier that was not cancelled stands for an entry."""
    if not reason:
        raise ValueError("a query without a scope says why")
    query = select(Dossier.id).where(Dossier.entry_id == entry_id, Dossier.state != "cancelled")
    return session.scalar(query.limit(1)) is not None


def to_open(scope: Scope, session: Session, *, agency_id: int) -> Sequence[Row[PlanEntry, FilePlan]]:
    """Entries of an agency's approved plans from which no dossier was opened yet, the newest year first."""
    opened = select(Dossier.entry_id).where(Dossier.entry_id.is_not(None), Dossier.state != "cancelled")
    query = (
        select(PlanEntry, FilePlan)
        .join(FilePlan, FilePlan.id == PlanEntry.plan_id)
        .where(
            _lines(scope),
            FilePlan.agency_id == agency_id,
            FilePlan.state == "approved",
            PlanEntry.id.not_in(opened),
        )
        .order_by(FilePlan.year.desc(), PlanEntry.notation)
    )
    return session.execute(query.limit(500)).all()


def units_of(session: Session, agency_id: int, *, on: dt.date) -> Sequence[Unit]:
    """The agency and its parts on a day."""
    query = select(Unit).where(
        Unit.agency_id == agency_id, Unit.valid_from <= on, or_(Unit.valid_to.is_(None), Unit.valid_to >= on)
    )
    return session.scalars(query.order_by(Unit.id)).all()


def makers_of(session: Session, agency_id: int, *, on: dt.date) -> Sequence[Row[int, str, int]]:
    """(person, name, unit) of those in post in an agency on a day who may keep dossiers."""
    query = (
        select(Person.id, Person.full_name, PostRow.unit_id)
        .join(PostRow, PostRow.person_id == Person.id)
        .where(
            PostRow.agency_id == agency_id, PostRow.valid_from <= on,
            or_(PostRow.valid_to.is_(None), PostRow.valid_to >= on), PostRow.role.not_in(("admin", "inspector")),
        )
        .order_by(Person.full_name)
    )  # fmt: skip
    return session.execute(query).all()


def retention_rules(session: Session, *, active: bool = True) -> Sequence[RetentionRule]:
    """The retention table, the longest first."""
    query = select(RetentionRule).order_by(RetentionRule.years.desc(), RetentionRule.id)
    return session.scalars(query.where(RetentionRule.active.is_(True)) if active else query).all()


def retention_rule(session: Session, *, title: str) -> RetentionRule | None:
    """The line of the table with this title."""
    return session.scalars(select(RetentionRule).where(RetentionRule.title == title)).one_or_none()
