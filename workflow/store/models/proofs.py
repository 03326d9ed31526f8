"""Timestamps and lasting proof of what was issued: of documents, of attachments under seals of their own, and of
certified copies."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from workflow.store.base import Base, Id

DUE = text("next_at IS NOT NULL")


class Proven:
    """How far one issued file is proven by itself (`domain.proofs`), and when the clock tries again.

    `next_at` is empty once nothing more is to be done. `reason`: why the last try came to nothing.
    """

    state: Mapped[str] = mapped_column(String(10), default="waiting")
    since: Mapped[dt.datetime]
    """When it was issued, and began to wait."""
    next_at: Mapped[dt.datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    """Failures in a row."""
    reason: Mapped[str] = mapped_column(String(60), default="")
    stamped_at: Mapped[dt.datetime | None]
    """The time that the first timestamp says."""
    authority: Mapped[str] = mapped_column(String(200), default="")
    """The certificate of the last timestamp, by name."""
    until: Mapped[dt.datetime | None]
    """When the last timestamp ends: with its certificate, or earlier with an algorithm that it rests on."""
    lasting_at: Mapped[dt.datetime | None]
    """The time of the first timestamp over the evidence."""
    renewals: Mapped[int] = mapped_column(default=0)
    """How often it was stamped again since."""
    renewed_at: Mapped[dt.datetime | None]
    """The time of the last of these timestamps."""
    rests: Mapped[str] = mapped_column(String(200), default="")
    """Algorithms that the last timestamp rests on (`signing.path.sunsets`), joined by blanks; empty: unknown."""


def _rules(table: str) -> tuple[Any, ...]:
    return (
        CheckConstraint("state IN ('waiting', 'stamped', 'lasting')", name="state"),
        CheckConstraint("(state = 'waiting') = (stamped_at IS NULL)", name="stamped_has_time"),
        CheckConstraint("(state = 'lasting') = (lasting_at IS NOT NULL)", name="lasting_has_time"),
        CheckConstraint("(renewals > 0) = (renewed_at IS NOT NULL)", name="renewed_has_time"),
        Index(f"ix_{table}_due", "state", "next_at", sqlite_where=DUE, postgresql_where=DUE),
    )


class DocumentProof(Proven, Base):
    """Of a document; its present file is the document's."""

    __tablename__ = "document_proof"
    __table_args__ = _rules("document_proof")

    document_id: Mapped[int] = mapped_column(ForeignKey("outgoing.id"), primary_key=True, autoincrement=False)


class AttachmentProof(Proven, Base):
    """Of an attachment that bears a seal of its own."""

    __tablename__ = "attachment_proof"
    __table_args__ = _rules("attachment_proof")

    seal_id: Mapped[int] = mapped_column(ForeignKey("attachment_seal.id"), primary_key=True, autoincrement=False)
    sha256: Mapped[str] = mapped_column(ForeignKey("blob.sha256"))
    """The present file: the sealed one, or a longer one."""


class AttachmentFile(Base):
    """A longer file that the clock made of a sealed attachment; the sealed one is named by its seal. Only added."""

    __tablename__ = "attachment_file"
    __table_args__ = (
        CheckConstraint("kind IN ('stamped', 'lasting', 'renewed')", name="kind"),
        Index("ix_attachment_file_seal", "seal_id", "id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    seal_id: Mapped[int] = mapped_column(ForeignKey("attachment_seal.id"))
    kind: Mapped[str] = mapped_column(String(10))
    sha256: Mapped[str] = mapped_column(ForeignKey("blob.sha256"), index=True)
    at: Mapped[dt.datetime]


class CopyProof(Proven, Base):
    """Of a certified copy that bears the agency's signature."""

    __tablename__ = "copy_proof"
    __table_args__ = _rules("copy_proof")

    copy_id: Mapped[int] = mapped_column(ForeignKey("certified_copy.id"), primary_key=True, autoincrement=False)
    sha256: Mapped[str] = mapped_column(ForeignKey("blob.sha256"))
    """The present file: the sealed one, or a longer one."""


class CopyFile(Base):
    """A longer file that the clock made of a sealed copy; the sealed one is named by the copy. Only added."""

    __tablename__ = "copy_file"
    __table_args__ = (
        CheckConstraint("kind IN ('stamped', 'lasting', 'renewed')", name="kind"),
        Index("ix_copy_file_copy", "copy_id", "id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    copy_id: Mapped[int] = mapped_column(ForeignKey("certified_copy.id"))
    kind: Mapped[str] = mapped_column(String(10))
    sha256: Mapped[str] = mapped_column(ForeignKey("blob.sha256"), index=True)
    at: Mapped[dt.datetime]
