"""Registers, units, people, offices outside from former systems: what came in a sheet, and lines of registers."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from workflow.store.base import Base, Id, Sha256


class ImportRun(Base):
    """One sheet: read, looked through, and then taken in row by row or discarded."""

    __tablename__ = "import_run"
    __table_args__ = (
        CheckConstraint("kind IN ('outgoing', 'incoming', 'units', 'people', 'outside')", name="kind"),
        CheckConstraint("state IN ('checked', 'running', 'done', 'discarded')", name="state"),
        CheckConstraint(
            "(kind IN ('outgoing', 'incoming')) = (register_id IS NOT NULL AND year IS NOT NULL)", name="register"
        ),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    register_id: Mapped[int | None] = mapped_column(ForeignKey("register.id"))
    year: Mapped[int | None]
    filename: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(Sha256)
    basis: Mapped[str] = mapped_column(String(200), default="")
    """Legal basis of units and posts whose row names none."""
    headings: Mapped[list[Any]] = mapped_column(default=list)
    """The sheet's own headings, in its order."""
    columns: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Our field → place of the sheet's column."""
    gaps: Mapped[list[Any]] = mapped_column(default=list)
    """Numbers that the register will lack, as [first, last]."""
    state: Mapped[str] = mapped_column(String(10), default="checked")
    created_at: Mapped[dt.datetime]
    created_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    finished_at: Mapped[dt.datetime | None]


class ImportRow(Base):
    """One row of a sheet and what came of it."""

    __tablename__ = "import_row"
    __table_args__ = (
        CheckConstraint("state IN ('bad', 'ready', 'done', 'known', 'refused')", name="state"),
        Index("ix_import_row_state", "import_id", "state", "place"),
    )

    import_id: Mapped[int] = mapped_column(ForeignKey("import_run.id"), primary_key=True)
    row_no: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """As the spreadsheet counts: the headings' row is one of them."""
    place: Mapped[int]
    """Order of taking in: a unit after the one it belongs under."""
    state: Mapped[str] = mapped_column(String(10))
    """`known`: it was here already; `refused`: it was good and could not be taken in any more."""
    cells: Mapped[list[Any]] = mapped_column(default=list)
    """As they were read, so that a bad row can be given back as it came."""
    content: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Our field → what it means, dates as 2026-11-23."""
    problems: Mapped[list[Any]] = mapped_column(default=list)


class ImportedEntry(Base):
    """A line of a register that another system, or a book of paper, kept. It has no document here."""

    __tablename__ = "imported_entry"
    __table_args__ = (
        UniqueConstraint("register_id", "year", "number", "suffix"),
        CheckConstraint("status IN ('used', 'held', 'cancelled')", name="status"),
        CheckConstraint("status = 'used' OR reason <> ''", name="reason"),
        CheckConstraint("number > 0", name="positive"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    register_id: Mapped[int] = mapped_column(ForeignKey("register.id"))
    year: Mapped[int]
    number: Mapped[int]
    suffix: Mapped[str] = mapped_column(String(2), default="")
    """The letter of a number that was squeezed in (`12a`)."""
    status: Mapped[str] = mapped_column(String(10), default="used")
    reason: Mapped[str] = mapped_column(String(500), default="")
    symbol: Mapped[str] = mapped_column(String(60), default="")
    document_date: Mapped[dt.date | None] = mapped_column(Date)
    type_name: Mapped[str] = mapped_column(String(60), default="")
    """As the law names it, or as the issuer did; empty where the sheet said nothing."""
    subject: Mapped[str] = mapped_column(String(2000), default="")
    issuer: Mapped[str] = mapped_column(String(300), default="")
    signer: Mapped[str] = mapped_column(String(200), default="")
    parties: Mapped[str] = mapped_column(String(2000), default="")
    """Recipients of what went out; the unit or person who received what arrived."""
    keeper: Mapped[str] = mapped_column(String(300), default="")
    copies: Mapped[str] = mapped_column(String(60), default="")
    arrived_on: Mapped[dt.date | None] = mapped_column(Date)
    moved_on: Mapped[dt.date | None] = mapped_column(Date)
    """Day of dispatch or of transfer."""
    receipt: Mapped[str] = mapped_column(String(300), default="")
    remarks: Mapped[str] = mapped_column(String(1000), default="")
    time_limit: Mapped[str] = mapped_column(String(60), default="")
    progress: Mapped[str] = mapped_column(String(200), default="")
    answers: Mapped[str] = mapped_column(String(300), default="")
    follow_up_remarks: Mapped[str] = mapped_column(String(1000), default="")
    import_id: Mapped[int] = mapped_column(ForeignKey("import_run.id"))
    row_no: Mapped[int]
