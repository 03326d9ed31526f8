"""Signs of irregularity: which devices people log in on, and what was said about a sign that was found."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from workflow.store.base import Base, Id, Sha256


class DeviceDay(Base):
    """Somebody logged in on a device, one row a person and day: it shows who uses it, also long after the login was
    forgotten. The device is the hash of a random cookie, no more is known of it."""

    __tablename__ = "device_day"
    __table_args__ = (UniqueConstraint("device_hash", "day", "person_id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    device_hash: Mapped[str] = mapped_column(Sha256)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    day: Mapped[dt.date] = mapped_column(Date)


class AnomalyRemark(Base):
    """What was said about one sign: it was looked at and has a reason, or somebody whom it names comments on it.
    Only ever added; the sign stays."""

    __tablename__ = "anomaly_remark"
    __table_args__ = (
        CheckConstraint("kind IN ('reviewed', 'comment')", name="kind"),
        Index("ix_anomaly_remark_item", "agency_id", "sign", "item"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    sign: Mapped[str] = mapped_column(String(30))
    """A word of `domain.anomalies.Sign`."""
    item: Mapped[int] = mapped_column(Id)
    """What the sign is about: its signature, document or request, as the sign counts."""
    kind: Mapped[str] = mapped_column(String(10))
    words: Mapped[str] = mapped_column(String(1000))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[dt.datetime]
