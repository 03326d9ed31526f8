"""Which stored files rows name, and the rule by which a file that nobody names may be cleared away.

Files are written before the rows that name them, outside of any transaction, so somebody may put a forgotten
file's content again just while it is being cleared away. Both sides therefore meet at one row, the file's own
(its key is unique, on every database, whatever the store of files can do):

1. The collector inserts the row, marked `leaving_at`; where the file is named already, nothing is inserted and
   the file stays. 2. It deletes the file. 3. It notes `gone_at`.

A file that came with a table and made no document is named by its line only. When the line lets it go, the
collector holds the file's row, sees that nothing else refers to it, and marks it (`release`); then 2. and 3. Many
such files are asked about at once: most columns that name files have no index, since one more on each table of
documents would cost every act, and a night reads each column once for a batch.

Whoever wants to name a file that is leaving, or left later than the request began (its bytes may have been "there
already" when they were put), is refused and puts them again. The mark is forgotten after a day.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Column, delete, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from workflow.domain.errors import Conflict
from workflow.store.models import Blob
from workflow.store.portions import PORTION, delete_some

OWN_KEY = "blob.sha256"
KEYLESS = frozenset({("intake", "content_sha256")})
"""Names a file without a foreign key, since it may be empty. Every other hash without one (of a verdict, a line of
history, an opinion) is that of a file which its document's list of files names."""

MARGIN = dt.timedelta(minutes=1)
"""How far the clocks of two machines may differ."""


def name(session: Session, sha256: str, *, size: int, media_type: str, now: dt.datetime) -> None:
    """Name a file whose bytes were put after `now`, when the act began; once for each content.

    Raises `Conflict("file_leaving")` where they may have been cleared away meanwhile.
    """
    if _insert(session, sha256, size=size, media_type=media_type, now=now):
        return
    row = session.get_one(Blob, sha256, with_for_update=True, populate_existing=True)
    if row.leaving_at is None:
        return
    if row.gone_at is None or now <= row.gone_at + MARGIN:
        raise Conflict("file_leaving")
    row.leaving_at = row.gone_at = None
    row.size, row.media_type, row.created_at = size, media_type, now
    session.flush()


def take_leave(session: Session, sha256: str, *, now: dt.datetime) -> bool:
    """Mark a file as leaving; False where a row names it."""
    if _insert(session, sha256, size=0, media_type="", now=now, leaving_at=now):
        return True
    again = (
        update(Blob)
        .where(Blob.sha256 == sha256, Blob.leaving_at.is_not(None))
        .values(leaving_at=now, gone_at=None)
        .returning(Blob.sha256)
    )
    return session.execute(again, execution_options=_PLAIN).one_or_none() is not None


def hold(session: Session, hashes: Collection[str]) -> Sequence[str]:
    """Of some files those that nobody else names until the commit. One that somebody is just naming is not among
    them: whoever holds many must not wait for one."""
    query = select(Blob.sha256).where(Blob.sha256.in_(hashes)).with_for_update(skip_locked=True)
    return session.scalars(query).all()


def release(session: Session, hashes: Collection[str], *, now: dt.datetime) -> Sequence[str]:
    """Mark held files as leaving, but for those that a row refers to or that are leaving already; which ones."""
    query = (
        update(Blob)
        .where(Blob.sha256.in_(set(hashes) - _referred_to(session, hashes)), Blob.leaving_at.is_(None))
        .values(leaving_at=now, gone_at=None)
        .returning(Blob.sha256)
    )
    return session.scalars(query, execution_options=_PLAIN).all()


def _referred_to(session: Session, hashes: Collection[str]) -> set[str]:
    """By any column that names files; those with an index first, since they answer for most without being read."""
    found: set[str] = set()
    for column in sorted(naming(), key=lambda column: not column.index):
        asked = set(hashes) - found
        if not asked:
            break
        found |= set(session.scalars(select(column).where(column.in_(asked)).distinct()))
    return found


def naming() -> list[Column[Any]]:
    """Every column that names files."""
    return [
        column
        for table in Blob.metadata.sorted_tables
        for column in table.columns
        if (table.name, column.name) in KEYLESS
        or any(key.target_fullname == OWN_KEY for key in column.foreign_keys)
    ]


def note_gone(session: Session, sha256: str, *, now: dt.datetime) -> None:
    """The file that was leaving is deleted."""
    query = update(Blob).where(Blob.sha256 == sha256, Blob.leaving_at.is_not(None)).values(gone_at=now)
    session.execute(query, execution_options=_PLAIN)


def stay(session: Session, sha256: str) -> None:
    """It was put again before anything was deleted: as if it had never been marked."""
    query = delete(Blob).where(Blob.sha256 == sha256, Blob.leaving_at.is_not(None))
    session.execute(query, execution_options=_PLAIN)


def interrupted(session: Session) -> Sequence[str]:
    """Files whose collector was killed between marking them and noting that they are gone."""
    return session.scalars(select(Blob.sha256).where(Blob.leaving_at.is_not(None), Blob.gone_at.is_(None))).all()


def forget_gone(session: Session, *, before: dt.datetime, limit: int = PORTION) -> int:
    """Forget marks older than any request."""
    return len(delete_some(session, Blob.sha256, Blob.gone_at < before, limit=limit))


def named(session: Session, hashes: Collection[str]) -> set[str]:
    """Of some hashes those that a row names."""
    return set(session.scalars(select(Blob.sha256).where(Blob.sha256.in_(hashes), Blob.leaving_at.is_(None))))


_PLAIN = {"synchronize_session": False}


def _insert(
    session: Session,
    sha256: str,
    *,
    size: int,
    media_type: str,
    now: dt.datetime,
    leaving_at: dt.datetime | None = None,
) -> bool:
    """Waits for whoever inserts the same at this moment, then says whether the row is ours."""
    insert = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgresql_insert
    values = {"sha256": sha256, "size": size, "media_type": media_type, "created_at": now, "leaving_at": leaving_at}
    query = insert(Blob).values(**values).on_conflict_do_nothing().returning(Blob.sha256)
    return session.execute(query).one_or_none() is not None
