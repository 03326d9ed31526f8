"""What is to be read by OCR and what was read, by content; which documents wait for it. No text of a file leaves
here but to jobs: people meet it by their documents only."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, exists, or_, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from workflow.domain.permissions import Scope
from workflow.store.incoming import within
from workflow.store.models import Incoming, IncomingReading, ScanPage, ScanReading

KNOWN = ("read", "unreadable")
"""Of `ScanReading.facts`: nothing more will come."""


def ask(session: Session, sha256: str, *, facts: bool, now: dt.datetime) -> ScanReading:
    """Want a file read, for its facts or for its words only; the row, locked until this act ends, so that whoever
    finishes the reading meets the document that waits for it. What is known already is not read again, unless there
    was no OCR then."""
    insert = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgresql_insert
    values: dict[str, Any] = {
        "sha256": sha256, "facts": "waiting" if facts else "unasked", "trouble": "", "proposals": [],
        "is_left": True, "asked_at": now, "taken_until": None, "attempts": 0,
    }  # fmt: skip
    session.execute(insert(ScanReading).values(**values).on_conflict_do_nothing())
    row = session.get_one(ScanReading, sha256, with_for_update=True, populate_existing=True)
    if facts and (row.facts == "unasked" or row.trouble == "ocr_missing"):
        row.facts, row.trouble, row.is_left, row.asked_at, row.attempts = "waiting", "", True, now, 0
        session.flush()
    return row


def of(session: Session, sha256: str) -> ScanReading | None:
    """How far a file was read; locked where this act writes already."""
    return session.get(ScanReading, sha256, populate_existing=True, with_for_update=True)


def next_left(session: Session, *, now: dt.datetime, facts_only: bool) -> str | None:
    """The file to go on with: facts that somebody waits for first, each the longest waiting first."""
    query = select(ScanReading.sha256).where(ScanReading.is_left, _free(now))
    if facts_only:
        query = query.where(ScanReading.facts == "waiting")
    order = (ScanReading.facts != "waiting", ScanReading.asked_at, ScanReading.sha256)
    return session.scalars(query.order_by(*order).limit(1)).one_or_none()


def take(session: Session, sha256: str, *, now: dt.datetime, until: dt.datetime) -> ScanReading | None:
    """Read a file; None where another process does, or did."""
    mine = (
        update(ScanReading)
        .where(ScanReading.sha256 == sha256, ScanReading.is_left, _free(now))
        .values(taken_until=until, attempts=ScanReading.attempts + 1)
        .returning(ScanReading.sha256)
        .execution_options(synchronize_session=False)
    )
    if session.execute(mine).one_or_none() is None:
        return None
    return session.get_one(ScanReading, sha256, populate_existing=True)


def _free(now: dt.datetime) -> ColumnElement[bool]:
    return or_(ScanReading.taken_until.is_(None), ScanReading.taken_until < now)


def pages(session: Session, sha256: str) -> Sequence[ScanPage]:
    """What was read of a file so far."""
    return session.scalars(select(ScanPage).where(ScanPage.sha256 == sha256).order_by(ScanPage.number)).all()


def keep_page(
    session: Session, sha256: str, number: int, *, words: Mapping[str, Any], text: str, until: dt.datetime
) -> None:
    """One page; the file stays with this process until a moment."""
    insert = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgresql_insert
    values = {"sha256": sha256, "number": number, "words": dict(words), "text": text}
    session.execute(insert(ScanPage).values(**values).on_conflict_do_nothing())
    change(session, sha256, attempts=0, taken_until=until)


def change(session: Session, sha256: str, **values: Any) -> None:
    """Note how a reading stands."""
    session.execute(
        update(ScanReading)
        .where(ScanReading.sha256 == sha256)
        .values(**values)
        .execution_options(synchronize_session=False)
    )


def forget_pages(session: Session, sha256: str) -> None:
    """The file was read to its end."""
    session.execute(delete(ScanPage).where(ScanPage.sha256 == sha256))


def note(
    session: Session, incoming_id: int, *, ordinal: int, sha256: str, waiting: bool, trouble: str, now: dt.datetime
) -> IncomingReading:
    """From which file a document's facts are read. The caller holds the document's lock."""
    row = session.get(IncomingReading, incoming_id)
    if row is None:
        row = IncomingReading(incoming_id=incoming_id)
        session.add(row)
    row.ordinal, row.sha256, row.waiting, row.trouble, row.asked_at = ordinal, sha256, waiting, trouble, now
    row.differs = False
    session.flush()
    return row


def of_document(session: Session, incoming_id: int) -> IncomingReading | None:
    """How the reading of a document stands that the caller has found."""
    return session.get(IncomingReading, incoming_id)


def ready(session: Session) -> Sequence[int]:
    """Documents that wait for what is known by now, for the job that tells them."""
    known = exists().where(ScanReading.sha256 == IncomingReading.sha256, ScanReading.facts.in_(KNOWN))
    query = select(IncomingReading.incoming_id).where(IncomingReading.waiting, known)
    return session.scalars(query.order_by(IncomingReading.incoming_id)).all()


def states(scope: Scope, session: Session, ids: Collection[int]) -> Sequence[Row[int, str, dt.datetime]]:
    """(document, `Incoming.reading`, since when it was asked for) of those within the scope among these."""
    query = (
        select(Incoming.id, Incoming.reading, IncomingReading.asked_at)
        .join(IncomingReading, IncomingReading.incoming_id == Incoming.id)
        .where(within(scope), Incoming.id.in_(ids))
    )
    return session.execute(query.order_by(Incoming.id)).all()


def differing(scope: Scope, session: Session, *, limit: int) -> Sequence[Incoming]:
    """Registered documents whose file says something else, the newest first; one more than `limit`."""
    query = (
        select(Incoming)
        .join(IncomingReading, IncomingReading.incoming_id == Incoming.id)
        .where(IncomingReading.differs, within(scope), Incoming.state != "recalled")
    )
    return session.scalars(query.order_by(Incoming.id.desc()).limit(limit + 1)).all()
