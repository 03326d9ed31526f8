"""Ways of messages: what people chose, who reads a unit's reports, how each way is doing, what did not arrive."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, case, delete, exists, func, insert, literal_column, or_, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session, aliased

from workflow.domain.channels import Sort, chosen
from workflow.domain.people import UnitKind
from workflow.domain.permissions import ALLOWED, Permission, Scope
from workflow.store.documents import PAGE
from workflow.store.models import (
    Account,
    ChannelHealth,
    NoticeChoice,
    Outbox,
    Person,
    PhoneCode,
    PostRow,
    ReportReader,
    Unit,
)
from workflow.store.outbox import NO_SERVER


@dataclass(frozen=True, slots=True)
class Wishes:
    """One person's: `phone` is empty where they want no SMS, or did not prove that it is theirs. `inside`: they
    have an account that is open; to somebody without one nothing leaves the program.
    """

    email: str
    muted_digest: bool
    phone: str
    inside: bool
    language: str
    """The one that they chose for their screens; empty where none."""
    pushed: frozenset[Sort] = frozenset()


@dataclass(frozen=True, slots=True)
class Office:
    """A unit by its code, and its agency's."""

    code: str
    agency: str


def of_people(session: Session, people: Collection[int]) -> dict[int, Wishes]:
    """What each of them has and wants."""
    if not people:
        return {}
    query = (
        select(
            Person.id,
            Person.email,
            Person.muted_digest,
            NoticeChoice.phone,
            NoticeChoice.by_sms,
            NoticeChoice.proven_at,
            NoticeChoice.pushed,
            Account.active,
            Account.language,
        )
        .outerjoin(NoticeChoice, NoticeChoice.person_id == Person.id)
        .outerjoin(Account, Account.person_id == Person.id)
        .where(Person.id.in_(people))
    )
    return {
        row.id: Wishes(
            row.email,
            row.muted_digest,
            (row.phone or "") if row.by_sms and row.proven_at is not None else "",
            bool(row.active),
            row.language or "",
            chosen(row.pushed or ""),
        )
        for row in session.execute(query)
    }


def offices(session: Session, units: Collection[int]) -> dict[int, Office]:
    """Units by key."""
    if not units:
        return {}
    agency = aliased(Unit)
    query = (
        select(Unit.id, Unit.code, agency.code.label("agency"))
        .outerjoin(agency, agency.id == Unit.agency_id)
        .where(Unit.id.in_(units))
    )
    return {row.id: Office(row.code, row.agency or row.code) for row in session.execute(query)}


def unit_codes(session: Session, copies: Mapping[int, int]) -> dict[int, str]:
    """Codes of the units that messages (`copies`: key → key of what it is a copy of) are about."""
    query = select(Outbox.id, Unit.code).join(Unit, Unit.id == Outbox.unit_id).where(Outbox.id.in_(copies.values()))
    codes = {row.id: row.code for row in session.execute(query)}
    return {copy: codes.get(of, "") for copy, of in copies.items()}


def note_health(session: Session, name: str, *, error: str, now: dt.datetime) -> None:
    """The last success, or with `error` the last failure, of a way."""
    begun = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgresql_insert
    changed: dict[str, Any] = {"failed_at": now, "error": error} if error else {"sent_at": now}
    row = {"name": name, "sent_at": None, "failed_at": None, "error": "", **changed}
    query = begun(ChannelHealth).values(**row).on_conflict_do_update(index_elements=["name"], set_=changed)
    session.execute(query)


def health(session: Session) -> dict[str, ChannelHealth]:
    """Every way that was ever used."""
    return {row.name: row for row in session.scalars(select(ChannelHealth))}


def choice_of(session: Session, person_id: int) -> NoticeChoice | None:
    """What a person wrote down beside muting; None where nothing."""
    return session.get(NoticeChoice, person_id)


def keep_choice(
    session: Session, person_id: int, *, muted_digest: bool, phone: str, by_sms: bool, pushed: str, now: dt.datetime
) -> dict[str, list[object]]:
    """Write a person's choice; what changed, each as before and after. Another number is not proven."""
    person = session.get_one(Person, person_id)
    row = session.get(NoticeChoice, person_id)
    if row is None:
        row = NoticeChoice(person_id=person_id, phone="", by_sms=False, pushed="", changed_at=now)
        session.add(row)
    wanted: dict[str, tuple[Any, Any]] = {
        "muted_digest": (person.muted_digest, muted_digest), "phone": (row.phone, phone),
        "by_sms": (row.by_sms, by_sms), "pushed": (row.pushed, pushed),
    }  # fmt: skip
    if row.phone != phone:
        row.proven_at = None
        session.execute(delete(PhoneCode).where(PhoneCode.person_id == person_id))
    person.muted_digest, row.phone, row.by_sms, row.pushed = muted_digest, phone, by_sms, pushed
    changed = {name: [old, new] for name, (old, new) in wanted.items() if old != new}
    if changed:
        row.changed_at = now
    session.flush()
    return changed


def may_read_reports(session: Session, unit: Unit, *, today: dt.date) -> Sequence[Row[*tuple[Any, ...]]]:
    """(person_id, full_name, title) of posts in a unit's agency, or in the agency it is, that may see reports."""
    agency = unit.id if unit.kind == UnitKind.AGENCY else unit.agency_id
    query = (
        select(PostRow.person_id, Person.full_name, PostRow.title)
        .join(Person, Person.id == PostRow.person_id)
        .where(
            PostRow.agency_id == agency,
            _may_see_reports(),
            _held_on(today),
        )
        .order_by(Person.full_name, PostRow.id)
    )
    return session.execute(query).all()


def _may_see_reports() -> ColumnElement[bool]:
    return PostRow.role.in_([str(role) for role in ALLOWED[Permission.SEE_REPORTS]])


def _held_on(day: dt.date) -> ColumnElement[bool]:
    return and_(PostRow.valid_from <= day, or_(PostRow.valid_to.is_(None), PostRow.valid_to >= day))


def lock_readers(session: Session, unit_id: int) -> None:
    """Whoever else names a unit's readers waits until this transaction is over: also where there are none yet."""
    session.execute(select(Unit.id).where(Unit.id == unit_id).with_for_update(key_share=True))


def readers_of(session: Session, unit_id: int) -> set[int]:
    """People who get a unit's reports."""
    return set(session.scalars(select(ReportReader.person_id).where(ReportReader.unit_id == unit_id)))


def readers_on(session: Session, day: dt.date) -> dict[int, tuple[int, ...]]:
    """The same of every unit, those who on a day hold a post in its agency that may see reports: what was asked
    when they were named is asked again.
    """
    own = case((Unit.kind == UnitKind.AGENCY, Unit.id), else_=Unit.agency_id) == PostRow.agency_id
    query = (
        select(ReportReader.unit_id, ReportReader.person_id)
        .join(Unit, Unit.id == ReportReader.unit_id)
        .where(exists().where(PostRow.person_id == ReportReader.person_id, own, _may_see_reports(), _held_on(day)))
        .order_by(ReportReader.unit_id, ReportReader.person_id)
    )
    found: dict[int, tuple[int, ...]] = {}
    for unit_id, person_id in session.execute(query):
        found[unit_id] = (*found.get(unit_id, ()), person_id)
    return found


def set_readers(session: Session, unit_id: int, people: Collection[int]) -> None:
    """Exactly these."""
    session.execute(delete(ReportReader).where(ReportReader.unit_id == unit_id))
    if people:
        session.execute(insert(ReportReader), [{"unit_id": unit_id, "person_id": one} for one in sorted(people)])


def undelivered(
    scope: Scope, session: Session, *, today: dt.date, before: int | None = None, limit: int = PAGE
) -> Sequence[Row[*tuple[Any, ...]]]:
    """What came back or was given up, to units in a scope and to people who have a post there; the latest first."""
    whole = aliased(Outbox)
    person_id = func.coalesce(Outbox.person_id, whole.person_id)
    unit_id = func.coalesce(Outbox.unit_id, whole.unit_id)
    failed: ColumnElement[str] = literal_column("'failed'")  # words of the index, which no parameter would meet
    bounced: ColumnElement[str] = literal_column("'bounced'")
    mine = select(Unit.id).where(or_(Unit.agency_id.in_(scope.agency_ids), Unit.id.in_(scope.unit_ids)))
    here = or_(PostRow.agency_id.in_(scope.agency_ids), PostRow.unit_id.in_(scope.unit_ids))
    query = (
        select(
            Outbox.id, Outbox.channel, Outbox.address, Outbox.sort, Outbox.state, Outbox.error, Outbox.attempts,
            Outbox.created_at, Unit.name.label("unit_name"), Person.full_name,
        )
        .outerjoin(whole, whole.id == Outbox.copy_of)
        .outerjoin(Unit, Unit.id == unit_id)
        .outerjoin(Person, Person.id == person_id)
        .where(
            or_(Outbox.state == failed, Outbox.state == bounced),
            Outbox.error != literal_column(f"'{NO_SERVER}'"),
            or_(
                and_(person_id.is_(None), unit_id.in_(mine)),
                exists().where(PostRow.person_id == person_id, here, _held_on(today)),
            ),
        )
    )  # fmt: skip
    if before is not None:
        query = query.where(Outbox.id < before)
    return session.execute(query.order_by(Outbox.id.desc()).limit(limit + 1)).all()
