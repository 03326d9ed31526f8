"""Attachments of an outgoing document, the seals that they bear, and what was said of those later."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from workflow.store.base import Base, Id, Sha256

STANDS = text("withdrawn_at IS NULL")


class Attachment(Base):
    """A file of its own that goes with a document. One that was taken off stays as a row, with who took it off."""

    __tablename__ = "attachment"
    __table_args__ = (
        CheckConstraint("kind IN ('pdf', 'sheet')", name="kind"),
        CheckConstraint("removed_at IS NULL OR removed_by_id IS NOT NULL", name="removed_by_somebody"),
        CheckConstraint("name <> ''", name="named"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("outgoing.id"), index=True)
    place: Mapped[int]
    """Its place among the attachments, from 1."""
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(10))
    original_sha256: Mapped[str] = mapped_column(ForeignKey("blob.sha256"))
    """As it was added."""
    filename: Mapped[str] = mapped_column(String(200), default="")
    note: Mapped[str] = mapped_column(String(500), default="")
    """What normalisation removed, in codes."""
    sha256: Mapped[str] = mapped_column(ForeignKey("blob.sha256"), index=True)
    """What is read, submitted and sealed: a PDF with the empty field of its seal; a sheet as it came."""
    media_type: Mapped[str] = mapped_column(String(100))
    pages: Mapped[int] = mapped_column(default=0)
    left: Mapped[float] = mapped_column(default=0.0)
    bottom: Mapped[float] = mapped_column(default=0.0)
    right: Mapped[float] = mapped_column(default=0.0)
    top: Mapped[float] = mapped_column(default=0.0)
    """Where the seal's words stand on page 1, in points; nothing on a sheet."""
    added_at: Mapped[dt.datetime]
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    removed_at: Mapped[dt.datetime | None]
    removed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class AttachmentSeal(Base):
    """The organisation's seal on an attachment, with its verdict. Withdrawn with the number that it shows."""

    __tablename__ = "attachment_seal"
    __table_args__ = (
        CheckConstraint("conclusion IN ('passed', 'indeterminate', 'failed')", name="conclusion"),
        Index(
            "uq_attachment_seal_standing",
            "attachment_id",
            unique=True,
            sqlite_where=STANDS,
            postgresql_where=STANDS,
        ),
        Index("ix_attachment_seal_document", "document_id", "id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    attachment_id: Mapped[int] = mapped_column(ForeignKey("attachment.id"))
    document_id: Mapped[int] = mapped_column(ForeignKey("outgoing.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    """The clerk who used the agency's key."""
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"))
    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificate.id"))
    key_holder: Mapped[str] = mapped_column(String(20))
    symbol: Mapped[str] = mapped_column(String(40))
    """Number and symbol as it shows them."""
    claimed_at: Mapped[dt.datetime]
    """The moment that it shows."""
    received_at: Mapped[dt.datetime]
    sha256: Mapped[str] = mapped_column(ForeignKey("blob.sha256"), index=True)
    """The sealed file."""
    conclusion: Mapped[str] = mapped_column(String(15))
    """When it was sealed; a later answer that differs is an `AttachmentVerdict`."""
    reason: Mapped[str] = mapped_column(String(60), default="")
    body: Mapped[str] = mapped_column(Text)
    """The verdict as JSON with all facets and digests of evidence, trust and policy."""
    trust_digest: Mapped[str] = mapped_column(Sha256)
    address: Mapped[str] = mapped_column(String(60), default="")
    withdrawn_at: Mapped[dt.datetime | None]
    checked_at: Mapped[dt.datetime | None]
    """When it was last judged again, whether or not the answer had changed."""


class AttachmentVerdict(Base):
    """What the verifier said later of a seal on an attachment, where it was not what it had said before. Only ever
    added; the first verdict stands with the seal."""

    __tablename__ = "attachment_verdict"
    __table_args__ = (
        CheckConstraint("conclusion IN ('passed', 'indeterminate', 'failed')", name="conclusion"),
        Index("ix_attachment_verdict_seal", "seal_id", "id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    seal_id: Mapped[int] = mapped_column(ForeignKey("attachment_seal.id"))
    at: Mapped[dt.datetime]
    conclusion: Mapped[str] = mapped_column(String(15))
    reason: Mapped[str] = mapped_column(String(60), default="")
    cause: Mapped[str] = mapped_column(String(60), default="")
    """Why it differs from the one before (`services.verification.causes`), words joined by blanks."""
    body: Mapped[str] = mapped_column(Text)
    trust_digest: Mapped[str] = mapped_column(Sha256)
