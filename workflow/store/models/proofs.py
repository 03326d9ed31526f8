"""Timestamps and lasting proof of what was issued."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from workflow.store.base import Base


class DocumentProof(Base):
    """How far the issued file of a document is proven by itself (`domain.proofs`), and when the clock tries again.

    `next_at` is empty once nothing more is to be done. `reason`: why the last try came to nothing.
    """

    __tablename__ = "document_proof"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'stamped', 'lasting')", name="state"),
        CheckConstraint("(state = 'waiting') = (stamped_at IS NULL)", name="stamped_has_time"),
        CheckConstraint("(state = 'lasting') = (lasting_at IS NOT NULL)", name="lasting_has_time"),
        Index(
            "ix_document_proof_due",
            "state",
            "next_at",
            sqlite_where=text("next_at IS NOT NULL"),
            postgresql_where=text("next_at IS NOT NULL"),
        ),
    )

    document_id: Mapped[int] = mapped_column(ForeignKey("outgoing.id"), primary_key=True, autoincrement=False)
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    since: Mapped[dt.datetime]
    """When it was issued, and began to wait."""
    next_at: Mapped[dt.datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    """Failures in a row."""
    reason: Mapped[str] = mapped_column(String(60), default="")
    stamped_at: Mapped[dt.datetime | None]
    """The time that the first timestamp says."""
    authority: Mapped[str] = mapped_column(String(200), default="")
    """The certificate of the last timestamp, by name, and when it ends."""
    until: Mapped[dt.datetime | None]
    lasting_at: Mapped[dt.datetime | None]
    """The time of the timestamp over the evidence."""
