"""Papers that are read after they came: what is to be read, what was read of it so far, whose facts wait for it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from workflow.store.base import Base, Sha256


class ScanReading(Base):
    """A file with pages that only OCR can read, by content: read once, wherever it lies and whoever got it.

    `facts`: what it proposes for a register, if a document waits for that (`unasked` where only search wants its
    words). `left`: something is still to be read, the facts first, then the other pages' words for search.
    """

    __tablename__ = "scan_reading"
    __table_args__ = (
        CheckConstraint("facts IN ('unasked', 'waiting', 'read', 'unreadable')", name="facts"),
        CheckConstraint("facts <> 'waiting' OR is_left", name="waiting_is_left"),
        Index("ix_scan_reading_left", "asked_at", "sha256", sqlite_where=text("is_left"),
              postgresql_where=text("is_left")),
    )  # fmt: skip

    sha256: Mapped[str] = mapped_column(Sha256, primary_key=True)
    facts: Mapped[str] = mapped_column(String(12))
    trouble: Mapped[str] = mapped_column(String(20), default="")
    """Why nothing, or not all, was read: a code of `services.reading.Reading`."""
    proposals: Mapped[list[Any]] = mapped_column(default=list)
    """Field, value, confidence, page, box; without the name of any document."""
    is_left: Mapped[bool] = mapped_column(default=True)
    asked_at: Mapped[dt.datetime]
    taken_until: Mapped[dt.datetime | None]
    """Some process reads it until then."""
    attempts: Mapped[int] = mapped_column(default=0)
    """How often it was taken since a page of it was last kept: a file that ends processes is given up."""


class ScanPage(Base):
    """One page as OCR read it, kept at once, so that a process that ends costs one page. Deleted when the whole
    file was read: its words are in `file_text` then, its facts in `scan_reading`."""

    __tablename__ = "scan_page"
    __table_args__ = (CheckConstraint("number > 0", name="number"),)

    sha256: Mapped[str] = mapped_column(ForeignKey("scan_reading.sha256"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    words: Mapped[dict[str, Any]]
    """As `adapters.ocr.read` gives it; empty where the page could not be read."""
    text: Mapped[str] = mapped_column(Text, default="")


class IncomingReading(Base):
    """Which file an incoming document's facts are read from, and how that stands."""

    __tablename__ = "incoming_reading"
    __table_args__ = (
        Index("ix_incoming_reading_waiting", "sha256", sqlite_where=text("waiting"),
              postgresql_where=text("waiting")),
        Index("ix_incoming_reading_differs", "incoming_id", sqlite_where=text("differs"),
              postgresql_where=text("differs")),
    )  # fmt: skip

    incoming_id: Mapped[int] = mapped_column(ForeignKey("incoming.id"), primary_key=True, autoincrement=False)
    ordinal: Mapped[int]
    """Of the file among the document's own."""
    sha256: Mapped[str] = mapped_column(Sha256)
    waiting: Mapped[bool]
    asked_at: Mapped[dt.datetime]
    trouble: Mapped[str] = mapped_column(String(20), default="")
    differs: Mapped[bool] = mapped_column(default=False)
    """It was registered with other facts than the file says, and nobody has answered that yet."""
