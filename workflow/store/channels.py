"""Ways of messages: what people chose, who reads a unit's reports, how each way is doing, what did not arrive."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session, aliased

from workflow.store.models import ChannelHealth, NoticeChoice, Outbox, Person, Unit


@dataclass(frozen=True, slots=True)
class Wishes:
    """One person's: `phone` is empty where they want no SMS."""

    email: str
    muted_digest: bool
    phone: str


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
        select(Person.id, Person.email, Person.muted_digest, NoticeChoice.phone, NoticeChoice.by_sms)
        .outerjoin(NoticeChoice, NoticeChoice.person_id == Person.id)
        .where(Person.id.in_(people))
    )
    return {
        row.id: Wishes(row.email, row.muted_digest, (row.phone or "") if row.by_sms else "")
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
    session: Session, person_id: int, *, muted_digest: bool, phone: str, by_sms: bool, now: dt.datetime
) -> dict[str, list[object]]:
    """Write a person's choice; what changed, each as before and after."""
    person = session.get_one(Person, person_id)
    row = session.get(NoticeChoice, person_id)
    if row is None:
        row = NoticeChoice(person_id=person_id, phone="", by_sms=False, changed_at=now)
        session.add(row)
    wanted: dict[str, tuple[Any, Any]] = {
        "muted_digest": (person.muted_digest, muted_digest), "phone": (row.phone, phone),
        "by_sms": (row.by_sms, by_sms),
    }  # fmt: skip
    person.muted_digest, row.phone, row.by_sms = muted_digest, phone, by_sms
    changed = {name: [old, new] for name, (old, new) in wanted.items() if old != new}
    if changed:
        row.changed_at = now
    session.flush()
    return changed
