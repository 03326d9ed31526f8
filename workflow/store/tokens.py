"""Queries for personal tokens of the API."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from workflow.store.models import ApiToken, PostRow, Unit


def live_tokens(session: Session, account_id: int, *, now: dt.datetime) -> Sequence[Row[*tuple[Any, ...]]]:
    """An account's tokens that still work, with their post's title and unit, the newest first."""
    query = (
        select(ApiToken.id, ApiToken.label, ApiToken.created_at, ApiToken.expires_at, PostRow.title, Unit.name)
        .join(PostRow, PostRow.id == ApiToken.post_id)
        .join(Unit, Unit.id == PostRow.unit_id)
        .where(*_live(account_id, now))
        .order_by(ApiToken.id.desc())
    )
    return session.execute(query).all()


def count_live(session: Session, account_id: int, *, now: dt.datetime) -> int:
    """How many of them there are."""
    return session.scalar(select(func.count()).select_from(ApiToken).where(*_live(account_id, now))) or 0


def own_token(session: Session, account_id: int, token_id: int) -> ApiToken | None:
    """One of an account's tokens, whatever became of it."""
    query = select(ApiToken).where(ApiToken.id == token_id, ApiToken.account_id == account_id)
    return session.scalars(query.with_for_update()).one_or_none()


def _live(account_id: int, now: dt.datetime) -> tuple[Any, ...]:
    return ApiToken.account_id == account_id, ApiToken.revoked_at.is_(None), ApiToken.expires_at > now
