"""Clearing away what has run out, some rows at a time: sessions, links, prepared signatures nobody finished."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from workflow.store.models import (
    CopyItem,
    Invitation,
    LoginDelay,
    LoginSession,
    Look,
    NumberLook,
    RemoteRequest,
    SigningItem,
    SigningSession,
)
from workflow.store.portions import PORTION, change_some, delete_some


def delete_sessions(session: Session, *, before: dt.datetime, limit: int = PORTION) -> int:
    """Login sessions that ended, or were last seen, before a moment; those that prepared a signature stay."""
    over = or_(LoginSession.ended_at < before, LoginSession.seen_at < before)
    named = exists().where(SigningSession.login_session_id == LoginSession.id)
    asked = exists().where(RemoteRequest.login_session_id == LoginSession.id)
    return len(delete_some(session, LoginSession.id, over, ~named, ~asked, limit=limit))


def delete_invitations(session: Session, *, before: dt.datetime, limit: int = PORTION) -> int:
    """Links that ran out before a moment, used or not."""
    return len(delete_some(session, Invitation.id, Invitation.expires_at < before, limit=limit))


def delete_login_delays(session: Session, *, before: dt.datetime, limit: int = PORTION) -> int:
    """Failed logins so long ago that they slow nobody any more."""
    return len(delete_some(session, LoginDelay.subject, LoginDelay.last_at < before, limit=limit))


def delete_looks(session: Session, *, before: dt.date, limit: int = PORTION) -> int:
    """Who opened a document on days before one."""
    return len(delete_some(session, Look.id, Look.day < before.isoformat(), limit=limit))


def delete_number_looks(session: Session, *, before: dt.datetime, limit: int = PORTION) -> int:
    """Who uncovered a personal number before a moment; the journal keeps that they did."""
    return len(delete_some(session, NumberLook.id, NumberLook.at < before, limit=limit))


def release_prepared(session: Session, *, now: dt.datetime, limit: int = PORTION) -> int:
    """Prepared items of signing sessions that ran out: the document is free to be prepared again."""
    over = select(SigningSession.id).where(SigningSession.expires_at < now)
    values = {"status": "superseded", "finished_at": now}
    items = SigningItem.status == "prepared", SigningItem.session_id.in_(over)
    copies = CopyItem.status == "prepared", CopyItem.session_id.in_(over)
    return change_some(session, SigningItem.id, *items, values=values, limit=limit) + change_some(
        session, CopyItem.id, *copies, values=values, limit=limit
    )
