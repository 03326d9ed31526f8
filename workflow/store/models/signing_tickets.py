"""One-time addresses by which a program on the signer's computer fetches a file and brings it back."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from workflow.store.base import Base, Id, Sha256


class SigningTicket(Base):
    """Opens one file of one act, once. The secret itself is kept as a hash only."""

    __tablename__ = "signing_ticket"
    __table_args__ = (
        CheckConstraint("way IN ('fetch', 'bring')", name="way"),
        CheckConstraint("(document_id IS NULL) <> (copy_id IS NULL)", name="one_paper"),
        CheckConstraint("file_sha256 IS NULL OR (way = 'bring' AND used_at IS NOT NULL)", name="brought"),
        Index("ix_signing_ticket_session_id", "session_id", "document_id"),
        Index("ix_signing_ticket_expires_at", "expires_at"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ticket_hash: Mapped[str] = mapped_column(Sha256, unique=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("signing_session.id"))
    document_id: Mapped[int | None] = mapped_column(ForeignKey("outgoing.id"))
    copy_id: Mapped[int | None] = mapped_column(ForeignKey("certified_copy.id"))
    field: Mapped[str] = mapped_column(String(40))
    """Which file of the act, as `SigningItem.field` names it."""
    way: Mapped[str] = mapped_column(String(5))
    """`fetch` or `bring`."""
    most: Mapped[int]
    """Bytes that may be brought by it."""
    created_at: Mapped[dt.datetime]
    expires_at: Mapped[dt.datetime]
    used_at: Mapped[dt.datetime | None]
    file_sha256: Mapped[str | None] = mapped_column(Sha256)
    """What was brought, not judged yet. No row names the file before it is taken: one that never is goes with the
    forgotten files."""
