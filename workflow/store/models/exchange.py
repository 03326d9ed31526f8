"""Documents that travel between the agencies of this installation: to whom, what became of them, each answer."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from workflow.store.base import Base, Id


class Recipient(Base):
    """An agency of this installation that an outgoing document goes to."""

    __tablename__ = "recipient"
    __table_args__ = (UniqueConstraint("outgoing_id", "agency_id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    outgoing_id: Mapped[int] = mapped_column(ForeignKey("outgoing.id"))
    agency_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))


class Delivery(Base):
    """One document on its way to one agency. `status` is that of the newest `DeliveryStatus` (domain.exchange)."""

    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("outgoing_id", "agency_id"),
        CheckConstraint("status IN ('01','02','03','04','05','06','13','15','16')", name="status"),
        Index("ix_delivery_incoming", "incoming_id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    outgoing_id: Mapped[int] = mapped_column(ForeignKey("outgoing.id"))
    agency_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    """The receiving agency."""
    incoming_id: Mapped[int | None] = mapped_column(ForeignKey("incoming.id"))
    sent_at: Mapped[dt.datetime]
    status: Mapped[str] = mapped_column(String(2), default="01")
    status_at: Mapped[dt.datetime]


class DeliveryStatus(Base):
    """An acknowledgement, as it came back; append-only."""

    __tablename__ = "delivery_status"
    __table_args__ = (Index("ix_delivery_status_delivery", "delivery_id", "id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    delivery_id: Mapped[int] = mapped_column(ForeignKey("delivery.id"))
    code: Mapped[str] = mapped_column(String(2))
    at: Mapped[dt.datetime]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str] = mapped_column(String(1000), default="")
