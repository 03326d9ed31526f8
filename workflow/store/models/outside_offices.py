"""Offices outside this installation that an agency writes to, and every name they are known by."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from workflow.store.base import Base, Id


class OutsideOffice(Base):
    """One entry of an agency's catalogue (`domain.outside_offices`). A double that was merged stays as a trace and
    names the entry that has its names now."""

    __tablename__ = "outside_office"
    __table_args__ = (
        CheckConstraint("channel IN ('', 'post', 'hand', 'mail')", name="channel"),
        CheckConstraint("channel <> 'mail' OR email <> ''", name="mail_has_email"),
        CheckConstraint("channel <> 'post' OR address <> ''", name="post_has_address"),
        CheckConstraint("merged_into_id IS NULL OR ended_at IS NOT NULL", name="merged_has_ended"),
        CheckConstraint("merged_into_id <> id", name="not_itself"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    name: Mapped[str] = mapped_column(String(300))
    short_name: Mapped[str] = mapped_column(String(100), default="")
    code: Mapped[str] = mapped_column(String(35), default="")
    address: Mapped[str] = mapped_column(String(500), default="")
    email: Mapped[str] = mapped_column(String(200), default="")
    channel: Mapped[str] = mapped_column(String(10), default="")
    """How copies go there as a rule; empty where nothing was decided."""
    note: Mapped[str] = mapped_column(String(1000), default="")
    ended_at: Mapped[dt.datetime | None]
    """Since when it is not offered any more."""
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("outside_office.id"))
    changed_at: Mapped[dt.datetime]
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class OfficeName(Base):
    """A name by which papers call an office: its own, its short one, others. One office's within an agency."""

    __tablename__ = "outside_office_name"
    __table_args__ = (UniqueConstraint("agency_id", "key"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("outside_office.id"), index=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    key: Mapped[str] = mapped_column(String(300))
    """`domain.outside_offices.key_of` of the words."""
    words: Mapped[str] = mapped_column(String(300))
    alias: Mapped[bool]
    """Whether it is an other name: neither the name nor the short one."""
