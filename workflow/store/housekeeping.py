"""Clearing away what has run out: sessions, invitations, prepared signatures nobody finished."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Delete, Update, delete, exists, or_, select, update
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


def delete_sessions(session: Session, *, before: dt.datetime) -> int:
    """Login sessions that ended, or were last seen, before a moment; those that prepared a signature stay."""
    over = or_(LoginSession.ended_at < before, LoginSession.seen_at < before)
    named = exists().where(SigningSession.login_session_id == LoginSession.id)
    asked = exists().where(RemoteRequest.login_session_id == LoginSession.id)
    return _count(session, delete(LoginSession).where(over, ~named, ~asked).returning(LoginSession.id))


def delete_invitations(session: Session, *, before: dt.datetime) -> int:
    """Links that ran out before a moment, used or not."""
    return _count(session, delete(Invitation).where(Invitation.expires_at < before).returning(Invitation.id))


def delete_login_delays(session: Session, *, before: dt.datetime) -> int:
    """Failed logins so long ago that they slow nobody any more."""
    return _count(session, delete(LoginDelay).where(LoginDelay.last_at < before).returning(LoginDelay.subject))


def delete_looks(session: Session, *, before: dt.date) -> int:
    """Who opened a document on days before one."""
    return _count(session, delete(Look).where(Look.day < before.isoformat()).returning(Look.id))


def delete_number_looks(session: Session, *, before: dt.datetime) -> int:
    """Who uncovered a personal number before a moment; the journal keeps that they did."""
    return _count(session, delete(NumberLook).where(NumberLook.at < before).returning(NumberLook.id))


def release_prepared(session: Session, *, now: dt.datetime) -> int:
    """Prepared items of signing sessions that ran out: the document is free to be prepared again."""
    over = select(SigningSession.id).where(SigningSession.expires_at < now)
    query = (
        update(SigningItem)
        .where(SigningItem.status == "prepared", SigningItem.session_id.in_(over))
        .values(status="superseded", finished_at=now)
        .returning(SigningItem.id)
    )
    copies = (
        update(CopyItem)
        .where(CopyItem.status == "prepared", CopyItem.session_id.in_(over))
        .values(status="superseded", finished_at=now)
        .returning(CopyItem.id)
    )
    return _count(session, query) + _count(session, copies)


def _count(session: Session, query: Delete | Update) -> int:
    """How many rows a statement that returns their keys met."""
    return len(session.execute(query, execution_options={"synchronize_session": False}).all())
