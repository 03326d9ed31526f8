"""What the clock leaves behind: the ledger of runs, stored reports, the outbox and notices in the app."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from workflow.store.base import Base, Id

UNDELIVERED = "(state = 'failed' OR state = 'bounced') AND error <> 'no_mail_server'"


class JobRun(Base):
    """One period of one job, or a run that a person asked for. A period is claimed by insert, an asked run lies
    waiting; an expired lease may be stolen, `attempt` is the fence."""

    __tablename__ = "job_run"
    __table_args__ = (
        UniqueConstraint("job", "period"),
        CheckConstraint("state IN ('waiting', 'running', 'done', 'failed', 'missed', 'stopped')", name="state"),
        CheckConstraint("kind IN ('period', 'asked', 'dry')", name="kind"),
        CheckConstraint("(kind = 'period') = (asked_by_id IS NULL)", name="asked"),
        Index("ix_job_run_job_id", "job", "id"),
        Index(
            "ix_job_run_open",
            "job",
            sqlite_where=text("state IN ('waiting', 'running')"),
            postgresql_where=text("state IN ('waiting', 'running')"),
        ),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    job: Mapped[str] = mapped_column(String(40))
    period: Mapped[str] = mapped_column(String(30))
    """From the schedule, never from the clock: `2026-11-23`, `2026-11-23T07:15`; of an asked run the moment of
    asking, with seconds."""
    kind: Mapped[str] = mapped_column(String(10), default="period")
    state: Mapped[str] = mapped_column(String(10))
    attempt: Mapped[int] = mapped_column(default=1)
    worker: Mapped[str] = mapped_column(String(80), default="")
    lease_until: Mapped[dt.datetime]
    started_at: Mapped[dt.datetime]
    finished_at: Mapped[dt.datetime | None]
    result: Mapped[dict[str, Any]] = mapped_column(default=dict)
    error: Mapped[str] = mapped_column(Text, default="")
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    doing: Mapped[str] = mapped_column(String(40), default="")
    """What it counts its steps in; a word of the job, shown in the reader's language."""
    done_steps: Mapped[int | None]
    all_steps: Mapped[int | None]
    told_at: Mapped[dt.datetime | None]
    """When it last said how far it is."""
    stop_asked_at: Mapped[dt.datetime | None]
    stop_asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class JobControl(Base):
    """What administrators decided about a job; also the row that is locked while missed periods are noted."""

    __tablename__ = "job_control"
    __table_args__ = (CheckConstraint("(paused_at IS NULL) = (paused_by_id IS NULL)", name="paused"),)

    job: Mapped[str] = mapped_column(String(40), primary_key=True)
    paused_at: Mapped[dt.datetime | None]
    paused_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str] = mapped_column(Text, default="")


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
    """Of the body alone."""
    words: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default=text("'{}'"))
    """What its keys were called when it was made (`services.report_words`), so that its files come out the same
    later; empty of reports that an older version made."""


class Outbox(Base):
    """A message to be sent. Written in the transaction of its cause, delivered at least once afterwards."""

    __tablename__ = "outbox"
    __table_args__ = (
        UniqueConstraint("once_key"),
        CheckConstraint("state IN ('waiting', 'sent', 'failed', 'bounced')", name="state"),
        Index(
            "ix_outbox_waiting",
            "next_at",
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
        Index(
            "ix_outbox_unspread",
            "id",
            sqlite_where=text("spread_at IS NULL"),
            postgresql_where=text("spread_at IS NULL"),
        ),
        Index(
            "ix_outbox_undelivered",
            "id",
            sqlite_where=text(UNDELIVERED),
            postgresql_where=text(UNDELIVERED),
        ),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    once_key: Mapped[str] = mapped_column(String(120))
    """Same cause, same key: nothing is queued twice."""
    sort: Mapped[str] = mapped_column(String(20), default="notice")
    """What it is, as far as its way depends on it (`domain.channels.Sort`)."""
    copy_of: Mapped[int | None] = mapped_column(ForeignKey("outbox.id", ondelete="CASCADE"), index=True)
    """The message that this row carries on another way. It belongs to nobody by itself, so lists leave it out."""
    spread_at: Mapped[dt.datetime | None]
    """When the other ways of a message were settled; before that it is not sent at all."""
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
