"""By which ways people and units want their messages, and how each way is doing."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from workflow.store.base import Base


class NoticeChoice(Base):
    """What a person chose beside muting their digest (`person.muted_digest`)."""

    __tablename__ = "notice_choice"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, autoincrement=False)
    phone: Mapped[str] = mapped_column(String(20), default="")
    """A mobile number as `84912345678`."""
    by_sms: Mapped[bool] = mapped_column(default=False)
    changed_at: Mapped[dt.datetime]


class ReportReader(Base):
    """Somebody who gets a unit's reports beside its head and its official address."""

    __tablename__ = "report_reader"

    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True, autoincrement=False)
    person_id: Mapped[int] = mapped_column(
        ForeignKey("person.id"), primary_key=True, autoincrement=False, index=True
    )


class ChannelHealth(Base):
    """The last success and the last failure of a way out: `mail`, `sms`, `webhook:so-nv`."""

    __tablename__ = "channel_health"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    sent_at: Mapped[dt.datetime | None]
    failed_at: Mapped[dt.datetime | None]
    error: Mapped[str] = mapped_column(String(300), default="")
