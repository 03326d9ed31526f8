"""Units of the own agency that a document goes to: they get it when it is issued; when they first saw it."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from workflow.store.base import Base, Id


class UnitCopy(Base):
    """One unit under *Nơi nhận*. Until the issue it is a wish and opens nothing."""

    __tablename__ = "unit_copy"
    __table_args__ = (
        UniqueConstraint("outgoing_id", "unit_id"),
        CheckConstraint("seen_at IS NULL OR given_at IS NOT NULL", name="seen_after_given"),
        CheckConstraint("(seen_at IS NULL) = (seen_by_id IS NULL)", name="seen_by_somebody"),
        CheckConstraint("recalled_at IS NULL OR given_at IS NOT NULL", name="recalled_after_given"),
        Index("ix_unit_copy_unit", "unit_id", "given_at"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    outgoing_id: Mapped[int] = mapped_column(ForeignKey("outgoing.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    given_at: Mapped[dt.datetime | None]
    """The moment of the issue."""
    seen_at: Mapped[dt.datetime | None]
    seen_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    """Who opened it first, for the unit."""
    recalled_at: Mapped[dt.datetime | None]
    """When the sender took it back; the words are in the document's journal."""
