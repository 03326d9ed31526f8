"""An agency's own templates as a list: what stands in a row, and the words of those that are shown."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from workflow.store.models import DraftTemplate


def rows(
    session: Session, agency_id: int, *, in_use: bool | None = True, type_code: str = ""
) -> Sequence[Row[int, str, str, dt.datetime, dt.datetime | None]]:
    """(key, type, name, when added, when ended) of an agency's templates, without their words. `in_use`: None for
    all."""
    query = select(
        DraftTemplate.id,
        DraftTemplate.type_code,
        DraftTemplate.name,
        DraftTemplate.added_at,
        DraftTemplate.ended_at,
    ).where(DraftTemplate.agency_id == agency_id)
    if in_use is not None:
        ended = DraftTemplate.ended_at
        query = query.where(ended.is_(None) if in_use else ended.is_not(None))
    if type_code:
        query = query.where(DraftTemplate.type_code == type_code)
    return session.execute(query.order_by(DraftTemplate.id)).all()


def words(session: Session, agency_id: int, *, keys: Collection[int] | None = None) -> dict[int, tuple[str, str]]:
    """Key → (legal bases, body) of some of them, at most a page; of all for None."""
    query = select(DraftTemplate.id, DraftTemplate.basis, DraftTemplate.body)
    query = query.where(DraftTemplate.agency_id == agency_id)
    if keys is not None:
        query = query.where(DraftTemplate.id.in_(keys))
    return {key: (basis, body) for key, basis, body in session.execute(query)}
