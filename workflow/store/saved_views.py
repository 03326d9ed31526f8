"""Filtered lists that somebody gave a name. Each person has their own; nobody reads another's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, delete, func, select
from sqlalchemy.orm import Session

from workflow.store.models import SavedView
from workflow.store.prepared import Prepared, Rows

_T = SavedView.__table__.c
_OF = Prepared(
    select(_T.id, _T.name, _T.query)
    .where(_T.person_id == bindparam("person"), _T.page == bindparam("page"))
    .order_by(_T.name, _T.id)
)


def of(session: Session, person_id: int, *, page: str) -> Rows[tuple[Any, ...]]:
    """(id, name, query) of a person's lists on one page, by name."""
    return _OF.rows(session, {"person": person_id, "page": page})


def by_name(session: Session, person_id: int, *, page: str, name: str) -> SavedView | None:
    """The one with this name."""
    query = select(SavedView).where(
        SavedView.person_id == person_id, SavedView.page == page, SavedView.name == name
    )
    return session.scalars(query).one_or_none()


def count(session: Session, person_id: int, *, page: str) -> int:
    """How many a person has on one page."""
    query = select(func.count()).where(SavedView.person_id == person_id, SavedView.page == page)
    return session.scalar(query) or 0


def pages_of(session: Session, person_id: int, view_id: int) -> Sequence[str]:
    """The page of one of a person's lists; empty where it is not theirs."""
    query = select(SavedView.page).where(SavedView.id == view_id, SavedView.person_id == person_id)
    return session.scalars(query).all()


def forget(session: Session, person_id: int, view_id: int) -> None:
    """Delete one of a person's own."""
    session.execute(delete(SavedView).where(SavedView.id == view_id, SavedView.person_id == person_id))
