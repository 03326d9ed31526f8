"""Registers, numbers, document types, the calendar and settings: what an office keeps as rows, not as code."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Date, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from workflow.store.base import Base, Id


class DocumentType(Base):
    """One of the types of Decree 30/2020 Art. 7, or one that the office added."""

    __tablename__ = "document_type"

    code: Mapped[str] = mapped_column(String(20), primary_key=True)
    """Stable key, e.g. `decision`, `letter`."""
    abbreviation: Mapped[str] = mapped_column(String(10), default="")
    """As written in the symbol (`QĐ`, `TTr`); empty for types that have none."""
    name_vi: Mapped[str] = mapped_column(String(60))
    name_en: Mapped[str] = mapped_column(String(60))
    position: Mapped[int]
    active: Mapped[bool] = mapped_column(default=True)


class KeyMinimum(Base):
    """How well a leader alone must control the key that signs a type of document; no row: nothing is asked for."""

    __tablename__ = "key_minimum"
    __table_args__ = (CheckConstraint("control BETWEEN 2 AND 4", name="control"),)

    agency_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    type_code: Mapped[str] = mapped_column(ForeignKey("document_type.code"), primary_key=True)
    control: Mapped[int]
    """One of `domain.key_minimums.CHOICES`."""


class Organ(Base):
    """A body that issues in its own name: one agency's clerk may serve several (HĐND, Thường trực HĐND, UBND).

    Each has its own registers, its own seal and its own head. The first one is meant where a draft names none.
    """

    __tablename__ = "organ"
    __table_args__ = (UniqueConstraint("agency_id", "code"), UniqueConstraint("certificate_id"))

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    code: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(200))
    abbreviation: Mapped[str] = mapped_column(String(30))
    """As drawn in the symbol (`UBND`, `HĐND`)."""
    head_post_id: Mapped[int | None] = mapped_column(ForeignKey("post.id"))
    """Whose signature as head or on behalf of the collective counts; none: whoever leads the agency."""
    certificate_id: Mapped[int | None] = mapped_column(ForeignKey("certificate.id"))
    """The seal. None: any of the agency's that no other organ has."""
    active: Mapped[bool] = mapped_column(default=True)


class Register(Base):
    """A register of an agency. One gap-free series a year runs through it (Art. 15)."""

    __tablename__ = "register"
    __table_args__ = (
        UniqueConstraint("agency_id", "code"),
        CheckConstraint("direction IN ('out', 'in')", name="direction"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    code: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(100))
    organ_id: Mapped[int | None] = mapped_column(ForeignKey("organ.id"))
    """Whose register it is; none: the agency's own, under its own abbreviation."""
    type_codes: Mapped[list[Any]] = mapped_column(default=list)
    """Document types numbered here; empty: all that no other register of the agency claims."""
    secret: Mapped[bool] = mapped_column(default=False)
    active: Mapped[bool] = mapped_column(default=True)
    direction: Mapped[str] = mapped_column(String(3), default="out")
    """`out`: of documents that we issue; `in`: of those that arrive (Art. 22)."""


class Series(Base):
    """A register's year: the row whose lock serialises the drawing of numbers."""

    __tablename__ = "series"
    __table_args__ = (CheckConstraint("last_number >= 0", name="last_number"),)

    register_id: Mapped[int] = mapped_column(ForeignKey("register.id"), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last_number: Mapped[int] = mapped_column(default=0)
    closed_at: Mapped[dt.datetime | None]
    """From then on the year takes no number, not even for a late paper."""
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    closed_reason: Mapped[str] = mapped_column(String(500), default="")


class RegisterNumber(Base):
    """A number that was drawn. It is never deleted and never given again.

    A cancelled one keeps the document that had it; a document has at most one number that is in use.
    """

    __tablename__ = "register_number"
    __table_args__ = (
        UniqueConstraint("register_id", "year", "number"),
        Index(
            "uq_register_number_document",
            "document_id",
            unique=True,
            sqlite_where=text("status = 'used'"),
            postgresql_where=text("status = 'used'"),
        ),
        Index(
            "ix_register_number_held",
            "held_until",
            sqlite_where=text("status = 'held'"),
            postgresql_where=text("status = 'held'"),
        ),
        CheckConstraint("status <> 'held' OR document_id IS NULL", name="held_has_no_document"),
        CheckConstraint("status IN ('used', 'held', 'cancelled')", name="status"),
        CheckConstraint("number > 0", name="positive"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    register_id: Mapped[int] = mapped_column(ForeignKey("register.id"))
    year: Mapped[int]
    number: Mapped[int]
    document_id: Mapped[int | None] = mapped_column(ForeignKey("outgoing.id"))
    symbol: Mapped[str] = mapped_column(String(40), default="")
    """As the document bore it; it stays when the number is cancelled and the document bears another."""
    status: Mapped[str] = mapped_column(String(10), default="used")
    reason: Mapped[str] = mapped_column(String(500), default="")
    """Why it was held, why it went to the year before, or why it was cancelled."""
    drawn_at: Mapped[dt.datetime]
    drawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    held_for_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    held_until: Mapped[dt.date | None] = mapped_column(Date)
    """The last day; from the next one on somebody must use it or cancel it."""
    entry: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """The line as the register had it when the number was cancelled: its document is changed and goes on."""
    cancelled_at: Mapped[dt.datetime | None]
    cancelled_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class CalendarDay(Base):
    """A day that differs from the ordinary week: a holiday, a swap, a made-up Saturday, with its decree."""

    __tablename__ = "calendar_day"
    __table_args__ = (UniqueConstraint("day"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    day: Mapped[dt.date] = mapped_column(Date)
    working: Mapped[bool]
    name_vi: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str] = mapped_column(String(200), default="")
    decree: Mapped[str] = mapped_column(String(200), default="")
    seeded: Mapped[bool] = mapped_column(default=False)


class Setting(Base):
    """A named value of this installation, e.g. the mark that says "demo"."""

    __tablename__ = "setting"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    value: Mapped[dict[str, Any]]
