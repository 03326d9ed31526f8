"""How backups and drills went."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from workflow.store.base import Base, Id


class BackupRun(Base):
    """One backup that was made, or one drill with it, from the shell or by the clock.

    `name`: the backup's own, `2026-11-23T180000Z`; of a drill, of the one that was tried.
    """

    __tablename__ = "backup_run"
    __table_args__ = (
        CheckConstraint("kind IN ('backup', 'drill')", name="kind"),
        CheckConstraint("state IN ('done', 'flawed', 'failed')", name="state"),
        Index("ix_backup_run_latest", "kind", "started_at"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(10))
    name: Mapped[str] = mapped_column(String(30), default="")
    folder: Mapped[str] = mapped_column(Text)
    started_at: Mapped[dt.datetime]
    finished_at: Mapped[dt.datetime]
    rows: Mapped[int] = mapped_column(BigInteger, default=0)
    files: Mapped[int] = mapped_column(BigInteger, default=0)
    copied: Mapped[int] = mapped_column(BigInteger, default=0)
    """Stored files that were not in the folder before."""
    size: Mapped[int] = mapped_column(BigInteger, default=0)
    """Bytes of the tables and of every stored file they name."""
    findings: Mapped[list[Any]] = mapped_column(default=list)
    """`flaw`, `what`, `detail` (`domain.backup.Finding`)."""
