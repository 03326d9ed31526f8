"""The latest backups and drills."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow.domain.backup import Kind, State
from workflow.store.models import BackupRun


def latest(session: Session, kind: Kind, *, limit: int) -> Sequence[BackupRun]:
    """Of one kind, however they ended, the latest first."""
    query = select(BackupRun).where(BackupRun.kind == kind)
    return session.scalars(query.order_by(BackupRun.started_at.desc(), BackupRun.id.desc()).limit(limit)).all()


def last_whole(session: Session, kind: Kind) -> BackupRun | None:
    """The latest that was not broken off."""
    query = select(BackupRun).where(BackupRun.kind == kind, BackupRun.state != State.FAILED)
    return session.scalars(query.order_by(BackupRun.started_at.desc(), BackupRun.id.desc()).limit(1)).first()
