"""Who may sign for whom, and who looks after whose desk: rows that are added and ended, never changed."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import CheckConstraint, Date, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from workflow.store.base import Base, Id


class MandateRow(Base):
    """A mandate as it was granted (`domain.mandates`). What changes is granted anew, and the old one revoked."""

    __tablename__ = "mandate"
    __table_args__ = (
        CheckConstraint("capacity IN ('head', 'tm', 'kt', 'tl', 'tuq', 'q')", name="capacity"),
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="dates"),
        CheckConstraint("capacity <> 'tuq' OR valid_to IS NOT NULL", name="tuq_ends"),
        CheckConstraint("parent_id IS NULL OR capacity = 'tl'", name="only_orders_pass"),
        CheckConstraint("(capacity IN ('kt', 'tl', 'tuq')) = (source_post_id IS NOT NULL)", name="source"),
        CheckConstraint("legal_symbol <> ''", name="legal_basis"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"), index=True)
    """Who may sign."""
    capacity: Mapped[str] = mapped_column(String(10))
    source_post_id: Mapped[int | None] = mapped_column(ForeignKey("post.id"), index=True)
    """In whose name: the head, or who passed an order on; none where it is an organ's own."""
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("mandate.id"))
    """The order that is passed on (Art. 13.4)."""
    type_codes: Mapped[list[Any]] = mapped_column(default=list)
    unit_ids: Mapped[list[Any]] = mapped_column(default=list)
    organs: Mapped[list[Any]] = mapped_column(default=list)
    """Empty: all. Organs by the word of their registers (`register.organ`)."""
    content: Mapped[str] = mapped_column(String(500), default="")
    """The fields or the content in words, as the granting document says."""
    valid_from: Mapped[dt.date] = mapped_column(Date)
    valid_to: Mapped[dt.date | None] = mapped_column(Date)
    legal_symbol: Mapped[str] = mapped_column(String(60))
    legal_day: Mapped[dt.date] = mapped_column(Date)
    legal_title: Mapped[str] = mapped_column(String(300), default="")
    legal_document_id: Mapped[int | None] = mapped_column(ForeignKey("outgoing.id"))
    """The granting document, where it was issued here."""
    reason: Mapped[str] = mapped_column(String(500))
    granted_at: Mapped[dt.datetime]
    granted_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    """Who put it on record."""


class MandateEnd(Base):
    """A mandate was revoked at a moment, with its reason."""

    __tablename__ = "mandate_end"

    mandate_id: Mapped[int] = mapped_column(ForeignKey("mandate.id"), primary_key=True)
    at: Mapped[dt.datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str] = mapped_column(String(500))


class AbsenceRow(Base):
    """For some days a post's desk is looked after by another post (`domain.absences`). Never signing."""

    __tablename__ = "absence"
    __table_args__ = (
        CheckConstraint("last_day >= first_day", name="dates"),
        CheckConstraint("acts IN ('reading', 'processing')", name="acts"),
        CheckConstraint("post_id <> deputy_post_id", name="two_posts"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"), index=True)
    deputy_post_id: Mapped[int] = mapped_column(ForeignKey("post.id"), index=True)
    first_day: Mapped[dt.date] = mapped_column(Date)
    last_day: Mapped[dt.date] = mapped_column(Date)
    acts: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(String(500), default="")
    made_at: Mapped[dt.datetime]
    made_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))


class AbsenceEnd(Base):
    """Somebody came back earlier, or the absence was entered wrongly."""

    __tablename__ = "absence_end"

    absence_id: Mapped[int] = mapped_column(ForeignKey("absence.id"), primary_key=True)
    at: Mapped[dt.datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str] = mapped_column(String(500), default="")
