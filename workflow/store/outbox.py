"""Messages on their way out: taken in batches under a lease, marked one by one, read in the app."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, case, delete, func, insert, or_, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from workflow.domain.errors import NotFound
from workflow.domain.permissions import Scope
from workflow.store.documents import PAGE
from workflow.store.models import Account, Outbox, Unit
from workflow.store.portions import PORTION, delete_some
from workflow.store.session import REHEARSAL

NO_SERVER = "no_mail_server"
"""The error of a message that was not mailed because no server is configured: it is read in the app."""


_KEY = 120
"""Letters of a `once_key`."""


def key_of(cause: str) -> str:
    """A cause as it is kept: of one that is too long its beginning and a digest of the whole."""
    if len(cause) <= _KEY:
        return cause
    digest = hashlib.sha256(cause.encode()).hexdigest()
    return f"{cause[: _KEY - 1 - len(digest)]}#{digest}"


def add_once(session: Session, **values: Any) -> bool:
    """A message, unless one of its `once_key` is there: of an earlier act, or of another process just now. Answers
    whether it was written."""
    values["once_key"] = key_of(values["once_key"])
    begun = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgresql_insert
    query = begun(Outbox).values(**values).on_conflict_do_nothing(index_elements=["once_key"])
    # no autoflush: what it tells of is written as its act goes on
    fresh = session.scalar(query.returning(Outbox.id), execution_options={"autoflush": False}) is not None
    told = session.info.get(REHEARSAL)
    if fresh and told is not None:
        told(values)
    return fresh


def language_of(session: Session, person_id: int) -> str:
    """The language that a person chose for their account; empty where they chose none."""
    return session.scalar(select(Account.language).where(Account.person_id == person_id)) or ""


def take(
    session: Session, *, now: dt.datetime, until: dt.datetime, limit: int, but: Collection[str] = ()
) -> list[Outbox]:
    """Waiting messages whose time has come, put off until `until` and one attempt dearer. `but`: ways to leave out.

    To be committed before anything is sent: a sender that dies leaves them to the next one after `until`.
    """
    query = (
        select(Outbox)
        .where(
            Outbox.state == "waiting",
            Outbox.next_at <= now,
            Outbox.spread_at.is_not(None),
            *([Outbox.channel.not_in([str(one) for one in but])] if but else []),
        )
        .order_by(Outbox.next_at, Outbox.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    found = list(session.scalars(query))
    for message in found:
        message.next_at = until
        message.attempts += 1
    session.flush()
    return found


def mark(session: Session, message_id: int, *, attempt: int, values: dict[str, Any]) -> bool:
    """Write what came of an attempt; False where another sender took the message over meanwhile."""
    mine = (Outbox.id == message_id, Outbox.attempts == attempt, Outbox.state == "waiting")
    query = update(Outbox).where(*mine).values(**values).returning(Outbox.id)
    return session.execute(query, execution_options={"synchronize_session": False}).one_or_none() is not None


def put_back(session: Session, messages: Sequence[Outbox], *, now: dt.datetime) -> None:
    """Give back what was taken and not tried: it is due at once, and no dearer."""
    mine = tuple_(Outbox.id, Outbox.attempts).in_([(one.id, one.attempts) for one in messages])
    query = update(Outbox).where(mine, Outbox.state == "waiting")
    changed = query.values(next_at=now, attempts=Outbox.attempts - 1)
    session.execute(changed, execution_options={"synchronize_session": False})


def counts(session: Session) -> dict[str, int]:
    """Messages by state; `here` are those that are only read in the app."""
    here = or_(Outbox.channel == "app", Outbox.error == NO_SERVER)
    shown = select(case((here, "here"), else_=Outbox.state).label("shown")).subquery()
    rows = session.execute(select(shown.c.shown, func.count()).group_by(shown.c.shown))
    return {row[0]: row[1] for row in rows}


def any_unspread(session: Session, *, copies_too: bool) -> bool:
    """Whether the ways of any message are still to be settled; with `copies_too` of those, too, whose receivers
    could not be read then.
    """
    return session.scalar(select(Outbox.id).where(*_unspread(copies_too)).limit(1)) is not None


def unspread(session: Session, *, limit: int, copies_too: bool) -> list[Outbox]:
    """Messages whose ways are to be settled, locked."""
    query = select(Outbox).where(*_unspread(copies_too)).order_by(Outbox.id).limit(limit)
    return list(session.scalars(query.with_for_update(skip_locked=True)))


def _unspread(copies_too: bool) -> tuple[ColumnElement[bool], ...]:
    waits = Outbox.spread_at.is_(None)
    return (waits,) if copies_too else (waits, Outbox.copy_of.is_(None))


def units_of(session: Session, ids: Collection[int]) -> dict[int, int]:
    """The units that messages went to, by message."""
    query = select(Outbox.id, Outbox.unit_id).where(Outbox.id.in_(ids), Outbox.unit_id.is_not(None))
    return {row.id: row.unit_id for row in session.execute(query) if row.unit_id is not None} if ids else {}


def remove(session: Session, messages: Iterable[Outbox]) -> None:
    """Delete copies that others took the place of."""
    for message in messages:
        session.delete(message)
    session.flush()


def held_back(session: Session, ways: Collection[str]) -> dict[str, int]:
    """How many messages wait for each of some ways."""
    query = select(Outbox.channel, func.count()).where(
        Outbox.state == "waiting", Outbox.channel.in_([str(one) for one in ways])
    )
    return {row[0]: row[1] for row in session.execute(query.group_by(Outbox.channel))} if ways else {}


def tried(session: Session, keys: Collection[str]) -> dict[str, Outbox]:
    """Test messages by their key."""
    query = select(Outbox).where(Outbox.once_key.in_(keys))
    return {one.once_key: one for one in session.scalars(query)} if keys else {}


def forget_tried(session: Session, once_key: str) -> None:
    """The test before, so that the next one is told from it; one that still waits stays the one that is tried."""
    over = delete(Outbox).where(Outbox.once_key == once_key, Outbox.state != "waiting")
    session.execute(over, execution_options={"synchronize_session": False})


def add_copies(session: Session, rows: list[dict[str, Any]]) -> None:
    """The other ways of messages."""
    if rows:
        session.execute(insert(Outbox), rows)


def any_waiting(session: Session) -> bool:
    """Whether anything is to be sent at all."""
    return session.scalar(select(Outbox.id).where(Outbox.state == "waiting").limit(1)) is not None


_SHOWN = (
    Outbox.id,
    Outbox.channel,
    Outbox.address,
    Outbox.unit_id,
    Outbox.person_id,
    Unit.name.label("unit_name"),
    Outbox.code,
    Outbox.params,
    Outbox.subject,
    Outbox.body,
    Outbox.link,
    Outbox.created_at,
    Outbox.next_at,
    Outbox.attempts,
    Outbox.state,
    Outbox.sent_at,
    Outbox.error,
    Outbox.read_at,
)
_LIST = select(*_SHOWN).outerjoin(Unit, Unit.id == Outbox.unit_id)


def for_person(
    session: Session, person_id: int, *, before: int | None = None, limit: int = PAGE
) -> Sequence[Row[*tuple[Any, ...]]]:
    """One's own notices, the latest first; up to `limit` + 1 rows. `before`: key of the last one shown."""
    return _page(session, Outbox.person_id == person_id, before=before, limit=limit)


def for_units(
    scope: Scope, session: Session, *, before: int | None = None, limit: int = PAGE
) -> Sequence[Row[*tuple[Any, ...]]]:
    """What was sent to the official addresses of the units in a scope, readable here too."""
    return _page(session, _addressed_to(scope), before=before, limit=limit)


def _addressed_to(scope: Scope) -> ColumnElement[bool]:
    mine = select(Unit.id).where(or_(Unit.agency_id.in_(scope.agency_ids), Unit.id.in_(scope.unit_ids)))
    return Outbox.unit_id.in_(mine) & Outbox.person_id.is_(None)


def _page(
    session: Session, condition: ColumnElement[bool], *, before: int | None, limit: int
) -> Sequence[Row[*tuple[Any, ...]]]:
    query = _LIST.where(condition)
    if before is not None:
        query = query.where(Outbox.id < before)
    return session.execute(query.order_by(Outbox.id.desc()).limit(limit + 1)).all()


def own(session: Session, person_id: int, notice_id: int) -> Outbox:
    """One of a person's notices, or `NotFound`."""
    query = select(Outbox).where(Outbox.id == notice_id, Outbox.person_id == person_id)
    found = session.scalars(query).one_or_none()
    if found is None:
        raise NotFound("notice_not_found")
    return found


def unread_kinds(session: Session, person_id: int, codes: Collection[str], *, limit: int) -> Sequence[Outbox]:
    """A person's unread notices of some kinds, the latest first."""
    query = select(Outbox).where(
        Outbox.person_id == person_id, Outbox.read_at.is_(None), Outbox.code.in_(sorted(codes))
    )
    return session.scalars(query.order_by(Outbox.id.desc()).limit(limit)).all()


def unread_of(session: Session, person_id: int, *, cause: str, since: dt.datetime) -> Outbox | None:
    """A person's newest unread notice whose cause begins so, locked, so that more can be told in it."""
    query = select(Outbox).where(
        Outbox.person_id == person_id,
        Outbox.read_at.is_(None),
        Outbox.created_at >= since,
        Outbox.once_key.startswith(cause, autoescape=True),
    )
    return session.scalars(query.order_by(Outbox.id.desc()).limit(1).with_for_update()).one_or_none()


def read_all(session: Session, person_id: int, *, now: dt.datetime) -> int:
    """Mark every notice of a person read."""
    query = update(Outbox).where(Outbox.person_id == person_id, Outbox.read_at.is_(None)).values(read_at=now)
    found = session.scalars(query.returning(Outbox.id), execution_options={"synchronize_session": False})
    return len(found.all())


def forget(session: Session, *, before: dt.datetime, limit: int = PORTION) -> int:
    """Delete what was delivered long ago."""
    over = Outbox.state != "waiting", Outbox.created_at < before
    return len(delete_some(session, Outbox.id, *over, limit=limit))


def mailed(session: Session, message_id: int) -> Outbox | None:
    """A message that left by mail, locked; also one that was tried and still is: a server may take it and fall
    silent.
    """
    query = select(Outbox).where(
        Outbox.id == message_id, Outbox.channel == "mail", Outbox.state != "failed", Outbox.attempts > 0
    )
    return session.scalars(query.with_for_update()).one_or_none()
