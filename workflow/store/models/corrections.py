"""What corrects, amends or replaces what."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from workflow.store.base import Base


class Correction(Base):
    """One document says that it corrects, amends or replaces an issued one of its agency (`domain.corrections`).

    It counts once that document is issued; its drafter may take it back while drafting.
    """

    __tablename__ = "correction"
    __table_args__ = (
        CheckConstraint("kind IN ('correct', 'amend', 'replace')", name="kind"),
        CheckConstraint("outgoing_id <> earlier_id", name="not_itself"),
    )

    outgoing_id: Mapped[int] = mapped_column(ForeignKey("outgoing.id"), primary_key=True, autoincrement=False)
    earlier_id: Mapped[int] = mapped_column(ForeignKey("outgoing.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(String(1000), default="")
    """What was wrong, as everybody reads it who has the earlier document."""
    made_at: Mapped[dt.datetime]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
