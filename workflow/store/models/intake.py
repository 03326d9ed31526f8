"""Files that came from outside, as they came, and every verdict about them."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from workflow.store.base import Base, Id, Sha256

CONCLUSIONS = "'passed', 'indeterminate', 'failed', 'unsigned', 'malformed'"


class Intake(Base):
    """One file that one agency received: kept by hash, judged before anybody registers it.

    `conclusion` is that of the newest `IntakeVerdict`. `next_check_at` is set while it is provisional: something is
    missing that may still come (a revocation list from after the signature); a job looks again then.
    """

    __tablename__ = "intake"
    __table_args__ = (
        UniqueConstraint("agency_id", "sha256", "content_sha256"),
        CheckConstraint(f"conclusion IN ({CONCLUSIONS})", name="conclusion"),
        CheckConstraint("next_check_at IS NULL OR conclusion = 'indeterminate'", name="only_open_ones_wait"),
        Index(
            "ix_intake_next_check",
            "next_check_at",
            "id",
            sqlite_where=text("next_check_at IS NOT NULL"),
            postgresql_where=text("next_check_at IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    sha256: Mapped[str] = mapped_column(ForeignKey("blob.sha256"))
    content_sha256: Mapped[str] = mapped_column(String(64), default="")
    """Of the file beside a detached signature (`.p7s`); empty without one. It is kept like the other."""
    filename: Mapped[str] = mapped_column(String(200))
    source: Mapped[str] = mapped_column(String(20))
    """How it came: `upload`, `scan`, `folder`, `mail`, `exchange`."""
    received_at: Mapped[dt.datetime]
    received_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    conclusion: Mapped[str] = mapped_column(String(15))
    reason: Mapped[str] = mapped_column(String(60), default="")
    checked_at: Mapped[dt.datetime]
    next_check_at: Mapped[dt.datetime | None]


class IntakeVerdict(Base):
    """What `signing` said of a received file, whole. Only ever added, and only where something changed."""

    __tablename__ = "intake_verdict"
    __table_args__ = (
        CheckConstraint(f"conclusion IN ({CONCLUSIONS})", name="conclusion"),
        Index("ix_intake_verdict_intake", "intake_id", "id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    intake_id: Mapped[int] = mapped_column(ForeignKey("intake.id"))
    occasion: Mapped[str] = mapped_column(String(15))
    """`intake` or `recheck`."""
    at: Mapped[dt.datetime]
    conclusion: Mapped[str] = mapped_column(String(15))
    reason: Mapped[str] = mapped_column(String(60), default="")
    cause: Mapped[str] = mapped_column(String(60), default="")
    """Why it differs from the one before (`services.verification.causes`), words joined by blanks."""
    body: Mapped[str] = mapped_column(Text)
    trust_digest: Mapped[str] = mapped_column(Sha256)
