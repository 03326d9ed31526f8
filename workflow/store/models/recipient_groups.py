"""Named groups of recipients that an agency writes to again and again."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from workflow.store.base import Base, Id


class RecipientGroup(Base):
    """A name for some recipients. Choosing it fills a draft; the draft keeps the members, never the group."""

    __tablename__ = "recipient_group"
    __table_args__ = (UniqueConstraint("agency_id", "name"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    name: Mapped[str] = mapped_column(String(100))
    ended_at: Mapped[dt.datetime | None]
    """Since when it is out of use."""
    changed_at: Mapped[dt.datetime]
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class GroupMember(Base):
    """An agency of this installation, or an office outside it by its name or its entry in the catalogue."""

    __tablename__ = "recipient_group_member"
    __table_args__ = (
        UniqueConstraint("group_id", "name"),
        CheckConstraint("agency_id IS NULL OR office_id IS NULL", name="one_of_both"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("recipient_group.id"))
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    office_id: Mapped[int | None] = mapped_column(ForeignKey("outside_office.id"))
    """Its entry in the catalogue, whose name counts wherever it is filled in."""
    name: Mapped[str] = mapped_column(String(300))
