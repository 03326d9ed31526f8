"""Which browsers people use, by the hash of a random cookie: whether two people share one, never who must have."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from workflow.store.models import DeviceDay, LoginSession
from workflow.store.portions import PORTION, delete_some


def used(session: Session, device_hash: str, person_id: int, *, day: dt.date) -> None:
    """Note that this person logged in there on this day; once is enough."""
    here = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgresql_insert
    values = {"device_hash": device_hash, "person_id": person_id, "day": day}
    session.execute(here(DeviceDay).values(**values).on_conflict_do_nothing())


def of_login(session: Session, login_session_id: int | None) -> str:
    """The device of a login; empty for programs and for browsers without a mark."""
    if login_session_id is None:
        return ""
    return session.scalar(select(LoginSession.device_hash).where(LoginSession.id == login_session_id)) or ""


def forget(session: Session, *, before: dt.date, limit: int = PORTION) -> int:
    """Days so long ago that nobody compares them any more. How many."""
    return len(delete_some(session, DeviceDay.id, DeviceDay.day < before, limit=limit))
