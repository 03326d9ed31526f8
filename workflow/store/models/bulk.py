"""Runs over many documents: what somebody ordered, and one line for each document with what came of it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from workflow.store.base import Base, Id


class BulkRun(Base):
    """One order of one person in one post. It goes on in steps and outlives the browser it was given in."""

    __tablename__ = "bulk_run"
    __table_args__ = (
        UniqueConstraint("person_id", "once_key"),
        CheckConstraint("state IN ('running', 'done')", name="state"),
        CheckConstraint("(state = 'done') = (finished_at IS NOT NULL)", name="finished"),
        Index("ix_bulk_run_person", "person_id", "post_id", "id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"))
    act: Mapped[str] = mapped_column(String(20))
    wanted: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """What the act needs besides the document: to which unit, to whom, in which words."""
    once_key: Mapped[str] = mapped_column(String(64))
    """The form that ordered it: sent twice, it orders one run."""
    source_id: Mapped[int | None] = mapped_column(ForeignKey("outgoing.id"))
    """The approved draft of which each line makes a document of its own."""
    again_of_id: Mapped[int | None] = mapped_column(ForeignKey("bulk_run.id"), index=True)
    """The run whose refused documents are tried again here."""
    state: Mapped[str] = mapped_column(String(10), default="running")
    taken_until: Mapped[dt.datetime | None]
    """Somebody's request is at it until then; a killed one is waited for no longer."""
    created_at: Mapped[dt.datetime] = mapped_column(index=True)
    finished_at: Mapped[dt.datetime | None]


class BulkItem(Base):
    """One document of a run, in the order of the list it was ticked in."""

    __tablename__ = "bulk_item"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'done', 'refused')", name="state"),
        CheckConstraint("outgoing_id IS NULL OR incoming_id IS NULL", name="one_document"),
        CheckConstraint("(state = 'waiting') = (finished_at IS NULL)", name="finished"),
        Index("ix_bulk_item_state", "bulk_id", "state", "place"),
    )

    bulk_id: Mapped[int] = mapped_column(ForeignKey("bulk_run.id"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    outgoing_id: Mapped[int | None] = mapped_column(ForeignKey("outgoing.id"))
    incoming_id: Mapped[int | None] = mapped_column(ForeignKey("incoming.id"))
    version: Mapped[int]
    """As it stood in the list."""
    content: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Of a line that makes a document: its row of the table."""
    file_sha256: Mapped[str | None] = mapped_column(ForeignKey("blob.sha256"))
    """The file that came with it."""
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    number: Mapped[int | None]
    """The number that this run drew: what goes on to be sealed is known by it."""
    code: Mapped[str] = mapped_column(String(60), default="")
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Why it was refused."""
    finished_at: Mapped[dt.datetime | None]


class Spread(Base):
    """A document that was made of an approved draft by one row of a table; it outlives the run that made it."""

    __tablename__ = "spread"
    __table_args__ = (
        CheckConstraint("outgoing_id <> source_id", name="not_itself"),
        Index("ix_spread_source_id", "source_id", "outgoing_id"),
    )

    outgoing_id: Mapped[int] = mapped_column(ForeignKey("outgoing.id"), primary_key=True, autoincrement=False)
    source_id: Mapped[int] = mapped_column(ForeignKey("outgoing.id"))
    line: Mapped[int]
    """Which row of the table; the first one names the columns."""
