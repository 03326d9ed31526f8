"""Deleting or changing some rows of many at a time, so that no statement and no transaction is long."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

PORTION = 500
"""Rows in one transaction of the night: on SQLite everybody else who writes waits for it."""

_PLAIN = {"synchronize_session": False}


def delete_some(session: Session, key: InstrumentedAttribute[Any], *which: Any, limit: int = PORTION) -> list[Any]:
    """Delete at most so many rows that meet all conditions; their keys. The conditions are asked again by the
    statement that deletes: a row that changed in between stays."""
    keys = session.scalars(select(key).where(*which).limit(limit)).all()
    if not keys:
        return []
    gone = delete(key.class_).where(key.in_(keys), *which).returning(key)
    return list(session.scalars(gone, execution_options=_PLAIN).all())


def change_some(
    session: Session, key: InstrumentedAttribute[Any], *which: Any, values: Mapping[str, Any], limit: int = PORTION
) -> int:
    """Likewise change them, so that they meet the conditions no more; how many."""
    keys = session.scalars(select(key).where(*which).limit(limit)).all()
    if not keys:
        return 0
    changed = update(key.class_).where(key.in_(keys), *which).values(**values).returning(key)
    return len(session.scalars(changed, execution_options=_PLAIN).all())
