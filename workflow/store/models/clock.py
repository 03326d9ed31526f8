"""What the clock leaves behind: the ledger of runs, stored reports, the outbox and notices in the app."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from workflow.store.base import Base, Id


class JobRun(Base):
    """One period of one job. Claimed by insert; an expired lease may be stolen, `attempt` is the fence."""

    __tablename__ = "job_run"
    __table_args__ = (
        UniqueConstraint("job", "period"),
        CheckConstraint("state IN ('running', 'done', 'failed', 'missed')", name="state"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    job: Mapped[str] = mapped_column(String(40))
    period: Mapped[str] = mapped_column(String(30))
    """From the schedule, never from the clock: `2026-11-23`, `2026-11-23T07`."""
    state: Mapped[str] = mapped_column(String(10))
    attempt: Mapped[int] = mapped_column(default=1)
    worker: Mapped[str] = mapped_column(String(80), default="")
    lease_until: Mapped[dt.datetime]
    started_at: Mapped[dt.datetime]
    finished_at: Mapped[dt.datetime | None]
    result: Mapped[dict[str, Any]] = mapped_column(default=dict)
    error: Mapped[str] = mapped_column(Text, default="")


class Report(Base):
    """A stored report: reproducible for its cut-off."""

    __tablename__ = "report"
    __table_args__ = (UniqueConstraint("kind", "period", "unit_id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    kind: Mapped[str] = mapped_column(String(30))
    period: Mapped[str] = mapped_column(String(30))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    cut_off: Mapped[dt.datetime]
    made_at: Mapped[dt.datetime]
    body: Mapped[dict[str, Any]]
    digest: Mapped[str] = mapped_column(String(64))


class Outbox(Base):
    """A message to be sent. Written in the transaction of its cause, delivered at least once afterwards."""

    __tablename__ = "outbox"
    __table_args__ = (
        UniqueConstraint("once_key"),
        CheckConstraint("state IN ('waiting', 'sent', 'failed')", name="state"),
        Index(
            "ix_outbox_waiting",
            "next_at",
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    once_key: Mapped[str] = mapped_column(String(120))
    """Same cause, same key: nothing is queued twice."""
    channel: Mapped[str] = mapped_column(String(10), default="mail")
    address: Mapped[str] = mapped_column(String(200), default="")
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    code: Mapped[str | None] = mapped_column(String(40))
    """What happened (`domain.notices.Kind`); None of what was written before kinds were kept."""
    params: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """Its facts, to be said in the reader's language."""
    subject: Mapped[str] = mapped_column(String(300))
    """The finished words that mail uses, as `body`."""
    body: Mapped[str] = mapped_column(Text)
    link: Mapped[str] = mapped_column(String(300), default="")
    created_at: Mapped[dt.datetime]
    next_at: Mapped[dt.datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    sent_at: Mapped[dt.datetime | None]
    error: Mapped[str] = mapped_column(String(300), default="")
    read_at: Mapped[dt.datetime | None]
