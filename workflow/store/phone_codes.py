"""Codes on their way to telephones."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from workflow.store.models import NoticeChoice, Outbox, PhoneCode


def code_of(session: Session, person_id: int, *, locked: bool = False) -> PhoneCode | None:
    """The latest of a person."""
    query = select(PhoneCode).where(PhoneCode.person_id == person_id)
    if locked:
        query = query.with_for_update().execution_options(populate_existing=True)
    return session.scalars(query).one_or_none()


def replace(session: Session, person_id: int, *, phone: str, once_key: str, now: dt.datetime) -> None:
    """A new one; the one before is worth nothing, and leaves no more."""
    quietly = {"synchronize_session": False}
    before = session.scalar(select(PhoneCode.once_key).where(PhoneCode.person_id == person_id))
    if before is not None:
        waiting = delete(Outbox).where(Outbox.once_key == before, Outbox.state == "waiting")
        session.execute(waiting, execution_options=quietly)
        session.execute(delete(PhoneCode).where(PhoneCode.person_id == person_id), execution_options=quietly)
        session.expire_all()
    session.add(PhoneCode(person_id=person_id, phone=phone, once_key=once_key, made_at=now, tries=0))
    session.flush()


def prove(session: Session, person_id: int, phone: str, *, now: dt.datetime) -> bool:
    """The code came back: the number is theirs, if it still is the one written down."""
    mine = (NoticeChoice.person_id == person_id, NoticeChoice.phone == phone)
    query = update(NoticeChoice).where(*mine).values(proven_at=now).returning(NoticeChoice.person_id)
    found = session.scalars(query, execution_options={"synchronize_session": "fetch"}).all()
    session.execute(delete(PhoneCode).where(PhoneCode.person_id == person_id))
    return bool(found)


def message_of(session: Session, once_key: str) -> Outbox | None:
    """How its message is doing."""
    return session.scalars(select(Outbox).where(Outbox.once_key == once_key)).one_or_none()
