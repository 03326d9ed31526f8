"""Who looked at access and at personal numbers, and whose data was to be erased."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from workflow.store.base import Base, Id, Sha256

_OPEN = "decision = ''"


class AccessReview(Base):
    """An administrator went through who could see or sign what in an agency on a day."""

    __tablename__ = "access_review"
    __table_args__ = (Index("ix_access_review_agency", "agency_id", "id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    day: Mapped[dt.date] = mapped_column(Date)
    """The day that was looked at."""
    at: Mapped[dt.datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    posts: Mapped[int]
    """How many lines there were."""
    digest: Mapped[str] = mapped_column(Sha256)
    """Of those lines (`services.access.standing.digest`): what was looked at can be recognised."""
    withdraw: Mapped[list[Any]] = mapped_column(default=list)
    """Posts whose access is to be withdrawn; all others are to be kept."""
    remark: Mapped[str] = mapped_column(String(1000), default="")
    next_due: Mapped[dt.date] = mapped_column(Date)


class NumberLook(Base):
    """Somebody uncovered a personal number. Written before it is shown; the journal has it too."""

    __tablename__ = "number_look"
    __table_args__ = (
        Index("ix_number_look_about", "about_id", "id"),
        Index("ix_number_look_agency", "agency_id", "id"),
        Index("ix_number_look_at", "at"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    at: Mapped[dt.datetime]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    """Who looked."""
    post_id: Mapped[int | None] = mapped_column(ForeignKey("post.id"))
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    """Of the post in which they looked."""
    about_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    """Whose number it is."""
    kind: Mapped[str] = mapped_column(String(20))
    """A word of `domain.personal_data.Number`."""
    purpose: Mapped[str] = mapped_column(String(500))
    address: Mapped[str] = mapped_column(String(60), default="")


class Erasure(Base):
    """A person's data is to be erased: asked by one, decided by another."""

    __tablename__ = "erasure"
    __table_args__ = (
        CheckConstraint("decision IN ('', 'done', 'refused')", name="decision"),
        CheckConstraint("(decided_at IS NULL) = (decision = '')", name="decided"),
        CheckConstraint("(decided_by_id IS NULL) = (decision = '')", name="decided_by"),
        CheckConstraint(
            "decided_by_id IS NULL OR (decided_by_id <> asked_by_id AND decided_by_id <> person_id)",
            name="second_person",
        ),
        Index("uq_erasure_open", "person_id", unique=True, sqlite_where=text(_OPEN), postgresql_where=text(_OPEN)),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[dt.datetime]
    reason: Mapped[str] = mapped_column(String(500))
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[dt.datetime | None]
    decision: Mapped[str] = mapped_column(String(10), default="")
    remark: Mapped[str] = mapped_column(String(500), default="")
    erased: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """How many of each class were erased, never what."""
