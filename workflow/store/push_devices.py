"""Browsers that take notices: whose they are, which login they hang on, when they are gone."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.orm import Session

from workflow.domain.channels import Way
from workflow.store.models import Account, LoginSession, Outbox, Person, PushDevice
from workflow.store.portions import PORTION

ADDRESS = "device:"
"""How a message names one: its key follows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A browser as it comes in."""

    mark_hash: str
    endpoint: str
    public_key: bytes
    secret: bytes = field(repr=False)
    sender: str
    browser: str


def address_of(device_id: int) -> str:
    """A device as the address of a message."""
    return f"{ADDRESS}{device_id}"


def id_in(address: str) -> int:
    """The key in such an address; 0 where it is none."""
    number = address.removeprefix(ADDRESS)
    return int(number) if address.startswith(ADDRESS) and number.isdecimal() else 0


def of_person(session: Session, person_id: int) -> Sequence[PushDevice]:
    """A person's, the latest first."""
    query = select(PushDevice).where(PushDevice.person_id == person_id).order_by(PushDevice.id.desc())
    return session.scalars(query).all()


def of_people(session: Session, people: Collection[int], *, sender: str) -> dict[int, list[int]]:
    """Person → keys of the devices that know our key; without one (it cannot be read just now) all of them."""
    if not people:
        return {}
    query = select(PushDevice.person_id, PushDevice.id).where(PushDevice.person_id.in_(people))
    if sender:
        query = query.where(PushDevice.sender == sender)
    found: dict[int, list[int]] = {}
    for person_id, device_id in session.execute(query.order_by(PushDevice.id)):
        found.setdefault(person_id, []).append(device_id)
    return found


def by_id(session: Session, ids: Collection[int]) -> dict[int, PushDevice]:
    """Devices by key."""
    return {one.id: one for one in session.scalars(select(PushDevice).where(PushDevice.id.in_(ids)))} if ids else {}


def put(session: Session, person_id: int, session_id: int, wanted: Wanted, *, now: dt.datetime) -> PushDevice:
    """Keep a browser for a person; whoever had it before, in this browser or under this address, has it no more."""
    session.execute(select(Person.id).where(Person.id == person_id).with_for_update())  # a button pressed twice
    hashed = hashlib.sha256(wanted.endpoint.encode()).hexdigest()
    remove(session, (PushDevice.mark_hash == wanted.mark_hash) | (PushDevice.endpoint_hash == hashed))
    row = PushDevice(
        person_id=person_id, session_id=session_id, mark_hash=wanted.mark_hash, endpoint=wanted.endpoint,
        endpoint_hash=hashed, public_key=wanted.public_key, secret=wanted.secret, sender=wanted.sender,
        browser=wanted.browser, created_at=now, used_at=None,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def count(session: Session, person_id: int) -> int:
    """How many a person has."""
    return session.scalar(select(func.count()).where(PushDevice.person_id == person_id)) or 0


def at_login(session: Session, person_id: int, session_id: int, mark_hash: str) -> None:
    """Somebody logged in in a marked browser: it hangs on this login now, or, being somebody else's, is gone."""
    mine = PushDevice.mark_hash == mark_hash
    remove(session, mine & (PushDevice.person_id != person_id))
    session.execute(update(PushDevice).where(mine).values(session_id=session_id))


def end_with_session(session: Session, session_id: int) -> None:
    """A login was ended: the browser it was made in is told nothing more."""
    remove(session, PushDevice.session_id == session_id)


def end_with_account(session: Session, account_id: int, *, but: int | None) -> None:
    """All of an account's were, but one."""
    mine = PushDevice.person_id.in_(select(Account.person_id).where(Account.id == account_id))
    remove(session, mine if but is None else mine & (PushDevice.session_id != but))


def end_all(session: Session) -> None:
    """Every one, after a restore: people may have turned theirs off since the backup."""
    remove(session, PushDevice.id.is_not(None))


def remove(session: Session, which: ColumnElement[bool]) -> int:
    """Forget devices and what still waits for them; it stands in the program all the same. How many."""
    quietly = {"synchronize_session": False}
    gone = session.scalars(
        delete(PushDevice).where(which).returning(PushDevice.id), execution_options=quietly
    ).all()
    if gone:
        waiting = delete(Outbox).where(
            Outbox.state == "waiting", Outbox.channel == str(Way.PUSH), Outbox.address.in_(map(address_of, gone))
        )
        session.execute(waiting, execution_options=quietly)
    return len(gone)


def remove_own(session: Session, person_id: int, device_id: int) -> int:
    """One of a person's own."""
    return remove(session, (PushDevice.id == device_id) & (PushDevice.person_id == person_id))


def forget_idle(session: Session, *, before: dt.datetime, limit: int = PORTION) -> int:
    """Devices where nobody logged in since a moment. How many."""
    idle = select(LoginSession.id).where(LoginSession.seen_at < before)
    some = session.scalars(select(PushDevice.id).where(PushDevice.session_id.in_(idle)).limit(limit)).all()
    return remove(session, PushDevice.id.in_(some)) if some else 0


def remove_gone(session: Session, device_id: int) -> int:
    """One that its push service no longer knows."""
    return remove(session, PushDevice.id == device_id)


def used(session: Session, device_id: int, *, now: dt.datetime) -> None:
    """Its push service took a message."""
    session.execute(update(PushDevice).where(PushDevice.id == device_id).values(used_at=now))
