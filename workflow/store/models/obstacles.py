"""What stood in the way of a signature, recorded as it happened: with looks the data of "why unsigned"."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from workflow.store.base import Base, Id


class SigningObstacle(Base):
    """One kind of obstacle, met by one person before one document on one day since one step: `counted_from` is when
    the document came to the signer, or when it was last prepared for their key.

    What is met again only counts up: a script that reports without end adds no rows, and what a report of a past
    moment rests on (`first_at`) never changes. `holder` and `device` are of the last time, and are forgotten after
    a year (`services.housekeeping`).
    """

    __tablename__ = "signing_obstacle"
    __table_args__ = (
        UniqueConstraint("document_id", "person_id", "day", "kind", "counted_from"),
        Index("ix_signing_obstacle_person", "person_id", "id"),
        Index("ix_signing_obstacle_last", "last_at"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("outgoing.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"))
    kind: Mapped[str] = mapped_column(String(30))
    day: Mapped[str] = mapped_column(String(10))
    counted_from: Mapped[dt.datetime]
    first_at: Mapped[dt.datetime]
    last_at: Mapped[dt.datetime]
    times: Mapped[int]
    holder: Mapped[str] = mapped_column(String(30))
    """Who held the key, as in signatures; empty where nobody said."""
    device: Mapped[str] = mapped_column(String(10))
    """`pc` or `phone`; empty where it is forgotten."""
