"""How often a stranger asked lately, counted for all processes together."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import case, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from workflow.store.models import Asking
from workflow.store.portions import PORTION, delete_some


def times(session: Session, subject: str, *, since: dt.datetime) -> int:
    """Questions of the present count; 0 where it began before `since`."""
    query = select(Asking.times).where(Asking.subject == subject, Asking.since > since)
    return session.scalar(query) or 0


def count(session: Session, subject: str, *, now: dt.datetime, since: dt.datetime) -> int:
    """One more question; a count that began before `since` starts anew. The only write that a look-up causes."""
    insert = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgresql_insert
    over = Asking.since <= since
    query = (
        insert(Asking)
        .values(subject=subject, since=now, times=1)
        .on_conflict_do_update(
            index_elements=["subject"],
            set_={"times": case((over, 1), else_=Asking.times + 1), "since": case((over, now), else_=Asking.since)},
        )
        .returning(Asking.times)
    )
    return int(session.execute(query).scalar_one())


def forget(session: Session, *, before: dt.datetime, limit: int = PORTION) -> int:
    """Delete counts that are over."""
    return len(delete_some(session, Asking.subject, Asking.since < before, limit=limit))
