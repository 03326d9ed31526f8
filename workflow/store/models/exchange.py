"""Documents that travel between the agencies of this installation: to whom, what became of them, each answer."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, UniqueConstraint, text
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


ASKED = text("state = 'asked'")


class ExtensionRequest(Base):
    """A request for more time, from the agency that has to answer to the one that issued the document.

    Days, as offices write them; the moment that a day ends at is the asking agency's affair. The sender knows of
    the other agency's work what stands in this row and nothing else.
    """

    __tablename__ = "extension_request"
    __table_args__ = (
        CheckConstraint("state IN ('asked', 'granted', 'refused', 'withdrawn', 'lapsed')", name="state"),
        CheckConstraint("(state = 'asked') = (ended_at IS NULL)", name="ended_has_date"),
        CheckConstraint("(state = 'granted') = (granted_on IS NOT NULL)", name="granted_has_day"),
        CheckConstraint("state <> 'refused' OR answer <> ''", name="refused_has_reason"),
        CheckConstraint("wanted_on > due_on", name="later"),
        Index("ix_extension_request_delivery", "delivery_id", "id"),
        Index("uq_extension_request_asked", "delivery_id", unique=True, sqlite_where=ASKED, postgresql_where=ASKED),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    delivery_id: Mapped[int] = mapped_column(ForeignKey("delivery.id"))
    extension_id: Mapped[int] = mapped_column(ForeignKey("incoming_extension.id"), unique=True)
    """What it was asked for at the agency that asks."""
    state: Mapped[str] = mapped_column(String(10), default="asked")
    """`lapsed`: the document was done or given back before an answer came."""
    reason: Mapped[str] = mapped_column(String(1000))
    due_on: Mapped[dt.date] = mapped_column(Date)
    wanted_on: Mapped[dt.date] = mapped_column(Date)
    granted_on: Mapped[dt.date | None] = mapped_column(Date)
    answer: Mapped[str] = mapped_column(String(1000), default="")
    asked_at: Mapped[dt.datetime]
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    ended_at: Mapped[dt.datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
