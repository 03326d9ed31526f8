"""Proof bundles that are made in the background."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from workflow.store.base import Base, Id


class BundleOrder(Base):
    """One bundle that one person asked for: what of, how far it is, and of a made one what it came to. The zip lies
    on the shelf of the store of files, under the order's number, until the order runs out."""

    __tablename__ = "bundle_order"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'making', 'ready', 'refused', 'cancelled')", name="state"),
        CheckConstraint("(finished_at IS NULL) = (state IN ('waiting', 'making'))", name="finished"),
        Index("ix_bundle_order_person_id", "person_id", "id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    held_as: Mapped[str] = mapped_column(String(60))
    """The post, desk or inspection that it was asked in: only there it is given away."""
    what: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Kind, what it is of, and the two reaches of whoever asked, as they were then."""
    shown: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """How pages call it: title, file name, where it was asked for, what the journal will say."""
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    attempt: Mapped[int] = mapped_column(default=0)
    """Who makes it holds it under this number; another one that took it over has the next."""
    lease_until: Mapped[dt.datetime | None]
    done_steps: Mapped[int] = mapped_column(default=0)
    all_steps: Mapped[int] = mapped_column(default=0)
    code: Mapped[str] = mapped_column(String(60), default="")
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Why it was refused."""
    made: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """What `proving.making.told` says of it."""
    size: Mapped[int] = mapped_column(BigInteger, default=0)
    asked_at: Mapped[dt.datetime]
    finished_at: Mapped[dt.datetime | None]
