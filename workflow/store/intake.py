"""Queries for received files and their verdicts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow.domain.errors import NotFound
from workflow.domain.permissions import Scope
from workflow.store.models import Intake, IntakeVerdict


def known(scope: Scope, session: Session, *, agency_id: int, sha256: str, content_sha256: str) -> Intake | None:
    """The same file, received before by the same agency."""
    query = select(Intake).where(
        Intake.agency_id == agency_id,
        Intake.agency_id.in_(scope.agency_ids),
        Intake.sha256 == sha256,
        Intake.content_sha256 == content_sha256,
    )
    return session.scalars(query).one_or_none()


def held_by(session: Session, agency_id: int, *, sha256: str) -> Intake | None:
    """The same file, received before by an agency; for what another agency sends it."""
    query = select(Intake).where(
        Intake.agency_id == agency_id, Intake.sha256 == sha256, Intake.content_sha256 == ""
    )
    return session.scalars(query).one_or_none()


def find(scope: Scope, session: Session, intake_id: int) -> Intake:
    """A received file of the scope's agencies, or `NotFound`: the same for a foreign one and for none."""
    query = select(Intake).where(Intake.id == intake_id, Intake.agency_id.in_(scope.agency_ids))
    found = session.scalars(query).one_or_none()
    if found is None:
        raise NotFound("intake_not_found")
    return found


def for_jobs(session: Session, intake_id: int, *, reason: str, for_update: bool = False) -> Intake:
    """The only way round a scope, for jobs; `reason` stands in the caller's code for the reader."""
    if not reason:
        raise ValueError("a job says why it reads without a scope")
    found = session.get(Intake, intake_id, with_for_update=for_update, populate_existing=for_update)
    if found is None:
        raise NotFound("intake_not_found")
    return found


def verdicts_of(session: Session, intake_id: int) -> Sequence[IntakeVerdict]:
    """Every stored verdict of a received file, oldest first."""
    query = select(IntakeVerdict).where(IntakeVerdict.intake_id == intake_id).order_by(IntakeVerdict.id)
    return session.scalars(query).all()


def newest_verdict(session: Session, intake_id: int) -> IntakeVerdict:
    """The last one; there is always one."""
    query = select(IntakeVerdict).where(IntakeVerdict.intake_id == intake_id)
    return session.scalars(query.order_by(IntakeVerdict.id.desc()).limit(1)).one()


def provisional(session: Session, *, now: dt.datetime, limit: int) -> Sequence[int]:
    """Received files whose next look is due, the longest due first."""
    query = select(Intake.id).where(Intake.next_check_at <= now).order_by(Intake.next_check_at, Intake.id)
    return session.scalars(query.limit(limit)).all()
