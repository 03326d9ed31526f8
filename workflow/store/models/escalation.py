"""What was told of lateness: one row for each level of each missed due moment, written once."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from workflow.store.base import Base, Id


class Escalation(Base):
    """A level that was told (`domain.escalation`). The unique key is what makes it happen once: whoever comes
    second with the same paper, step, due moment and level tells nobody."""

    __tablename__ = "escalation"
    __table_args__ = (
        CheckConstraint("kind IN ('outgoing', 'incoming', 'part', 'explanation')", name="kind"),
        CheckConstraint("level IN ('early', 'holder', 'head', 'leader')", name="level"),
        CheckConstraint("silence IN ('', 'vacant', 'same', 'unread')", name="silence"),
        CheckConstraint("(outgoing_id IS NULL) <> (incoming_id IS NULL)", name="one_document"),
        UniqueConstraint("kind", "item_id", "step", "due_at", "level"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    kind: Mapped[str] = mapped_column(String(12))
    item_id: Mapped[int] = mapped_column(Id)
    """The document's key; of a part and of an explanation their own."""
    step: Mapped[str] = mapped_column(String(20))
    due_at: Mapped[dt.datetime]
    level: Mapped[str] = mapped_column(String(10))
    outgoing_id: Mapped[int | None] = mapped_column(ForeignKey("outgoing.id"), index=True)
    incoming_id: Mapped[int | None] = mapped_column(ForeignKey("incoming.id"), index=True)
    told_at: Mapped[dt.datetime]
    persons: Mapped[list[Any]] = mapped_column(default=list)
    """Keys of the persons who were told."""
    silence: Mapped[str] = mapped_column(String(10), default="")
    """Why nobody was."""
