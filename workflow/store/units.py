"""Units found by what is written about them; for the shell, which has no scope."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow.store.models import Unit


def by_code(session: Session, code: str) -> Unit | None:
    """The unit with this agency code; codes are unique over all of them."""
    return session.scalar(select(Unit).where(Unit.code == code))
