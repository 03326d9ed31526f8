"""Queries for changes of the working calendar: what is open, and what the journal says of earlier days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from workflow.store.models import CalendarDay, Journal, Outgoing, Unit

SUBJECT = "calendar:days"
"""The chain of the journal that every change of a day is written to."""


def day(session: Session, wanted: dt.date) -> CalendarDay | None:
    """What is written down for one day; None where it follows the ordinary week."""
    return session.scalars(select(CalendarDay).where(CalendarDay.day == wanted)).one_or_none()


def years(session: Session) -> list[int]:
    """The years that have exceptional days."""
    return sorted({found.year for found in session.scalars(select(CalendarDay.day))})


def days_of(session: Session, year: int) -> Sequence[CalendarDay]:
    """One year's exceptional days, in order."""
    first, last = dt.date(year, 1, 1), dt.date(year, 12, 31)
    query = select(CalendarDay).where(CalendarDay.day.between(first, last)).order_by(CalendarDay.day)
    return session.scalars(query).all()


def due_from(session: Session, start: dt.datetime, *, reason: str) -> Sequence[Row[*tuple[Any, ...]]]:
    """(document, agency's name) of everything open whose step is due at `start` or later, whoever's it is.

    The calendar is one for the whole installation; `reason` stands in the caller's code for the reader.
    """
    if not reason:
        raise ValueError("who reads without a scope says why")
    query = (
        select(Outgoing, Unit.name.label("agency"))
        .join(Unit, Unit.id == Outgoing.agency_id)
        .where(Outgoing.closed_at.is_(None), Outgoing.step_due_at >= start)
        .order_by(Outgoing.step_due_at, Outgoing.id)
    )
    return session.execute(query).all()


def changes_since(session: Session, moment: dt.datetime) -> Sequence[str]:
    """The journal's bodies of changes after a moment, the latest first."""
    query = select(Journal.body).where(Journal.subject == SUBJECT, Journal.at > moment)
    return session.scalars(query.order_by(Journal.ordinal.desc())).all()


def changes(session: Session, *, limit: int) -> Sequence[Journal]:
    """The latest changes, the newest first."""
    query = select(Journal).where(Journal.subject == SUBJECT)
    return session.scalars(query.order_by(Journal.ordinal.desc()).limit(limit)).all()
