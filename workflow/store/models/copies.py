"""Certified copies of documents, who may sign them, their series of numbers, and the signing of digital ones."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, Date, Double, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from workflow.store.base import Base, Id, Sha256

LIVE = sql("ended_at IS NULL")
OPEN_ITEM = sql("status IN ('prepared', 'pending')")


class CertifiedCopy(Base):
    """A copy that an agency makes of a document it issued or received. A number once drawn stays.

    What the original is called is kept as it was then: the copy names it whatever becomes of its row.
    """

    __tablename__ = "certified_copy"
    __table_args__ = (
        CheckConstraint("form IN ('true_copy', 'recopy', 'extract')", name="form"),
        CheckConstraint("medium IN ('digital', 'paper') AND source_medium IN ('digital', 'paper')", name="medium"),
        CheckConstraint(
            "state IN ('asked', 'approved', 'numbered', 'done', 'declined', 'cancelled')", name="state"
        ),
        CheckConstraint("(outgoing_id IS NULL) <> (incoming_id IS NULL)", name="one_source"),
        CheckConstraint("(number IS NULL) = (symbol = '')", name="number_has_symbol"),
        CheckConstraint("(number IS NULL) = (numbered_at IS NULL)", name="number_has_moment"),
        CheckConstraint("state NOT IN ('numbered', 'done') OR number IS NOT NULL", name="numbered_has_number"),
        CheckConstraint("state <> 'done' OR done_at IS NOT NULL", name="done_has_moment"),
        CheckConstraint(
            "state <> 'done' OR medium <> 'digital' OR sealed_sha256 IS NOT NULL", name="digital_is_sealed"
        ),
        CheckConstraint(
            "state NOT IN ('declined', 'cancelled') OR (closed_at IS NOT NULL AND reason <> '')",
            name="closed_has_reason",
        ),
        UniqueConstraint("agency_id", "year", "number"),
        Index("ix_certified_copy_agency", "agency_id", "id"),
        Index("ix_certified_copy_signer", "signer_id", "id"),
        Index("ix_certified_copy_sealed", "sealed_sha256"),
        Index("ix_certified_copy_checked", "checked_at", "id"),
        Index("ix_certified_copy_outgoing", "outgoing_id"),
        Index("ix_certified_copy_incoming", "incoming_id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    form: Mapped[str] = mapped_column(String(10))
    source_medium: Mapped[str] = mapped_column(String(8))
    medium: Mapped[str] = mapped_column(String(8))
    outgoing_id: Mapped[int | None] = mapped_column(ForeignKey("outgoing.id"))
    incoming_id: Mapped[int | None] = mapped_column(ForeignKey("incoming.id"))
    source_issuer: Mapped[str] = mapped_column(String(200), default="")
    source_symbol: Mapped[str] = mapped_column(String(60), default="")
    source_dated: Mapped[dt.date | None] = mapped_column(Date)
    source_type: Mapped[str | None] = mapped_column(ForeignKey("document_type.code"))
    source_subject: Mapped[str] = mapped_column(String(500), default="")
    source_folded: Mapped[str] = mapped_column(String(600), default="")
    """Symbol, issuer and subject folded: what the register is searched by."""
    source_sha256: Mapped[str] = mapped_column(ForeignKey("blob.sha256"))
    """What it is a copy of: the scan of the paper, or the file of the electronic original."""
    filename: Mapped[str] = mapped_column(String(200), default="")
    """Of a scan that was uploaded for the copy; empty where the document's own file was taken."""
    chosen: Mapped[str] = mapped_column(String(200), default="")
    """Pages of the original that an extract shows; empty: all."""
    pages: Mapped[int]
    sha256: Mapped[str] = mapped_column(ForeignKey("blob.sha256"))
    """The copy's pages: of a digital copy with the empty field of the agency's signature."""
    left: Mapped[float] = mapped_column(Double, default=0.0)
    bottom: Mapped[float] = mapped_column(Double, default=0.0)
    right: Mapped[float] = mapped_column(Double, default=0.0)
    top: Mapped[float] = mapped_column(Double, default=0.0)
    copies: Mapped[int] = mapped_column(default=1)
    recipients: Mapped[str] = mapped_column(Text, default="")
    signer_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    signer_post_id: Mapped[int] = mapped_column(ForeignKey("post.id"))
    capacity: Mapped[str] = mapped_column(String(10))

    state: Mapped[str] = mapped_column(String(10), default="asked")
    version: Mapped[int] = mapped_column(default=1)
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[dt.datetime]
    approved_at: Mapped[dt.datetime | None]
    year: Mapped[int | None]
    number: Mapped[int | None]
    symbol: Mapped[str] = mapped_column(String(60), default="")
    numbered_at: Mapped[dt.datetime | None]
    numbered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    done_at: Mapped[dt.datetime | None]
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    closed_at: Mapped[dt.datetime | None]
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str] = mapped_column(String(500), default="")

    sealed_sha256: Mapped[str | None] = mapped_column(ForeignKey("blob.sha256"))
    certificate_id: Mapped[int | None] = mapped_column(ForeignKey("certificate.id"))
    key_holder: Mapped[str] = mapped_column(String(20), default="")
    claimed_at: Mapped[dt.datetime | None]
    received_at: Mapped[dt.datetime | None]
    conclusion: Mapped[str] = mapped_column(String(15), default="")
    verdict: Mapped[str] = mapped_column(Text, default="")
    """What `signing.verify` said of the sealed file when it was sealed, whole, as JSON; a later answer that differs
    is a `CopyVerdict`."""
    trust_digest: Mapped[str] = mapped_column(Sha256, default="")
    shown: Mapped[str] = mapped_column(Text, default="")
    """The words that the signature shows, whatever the agency is called since."""
    checked_at: Mapped[dt.datetime | None]
    """When it was last judged again, whether or not the answer had changed."""


class CopyVerdict(Base):
    """What the verifier said later of a copy, where it was not what it had said before. Only ever added."""

    __tablename__ = "copy_verdict"
    __table_args__ = (
        CheckConstraint("conclusion IN ('passed', 'indeterminate', 'failed')", name="conclusion"),
        Index("ix_copy_verdict_copy", "copy_id", "id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    copy_id: Mapped[int] = mapped_column(ForeignKey("certified_copy.id"))
    at: Mapped[dt.datetime]
    conclusion: Mapped[str] = mapped_column(String(15))
    reason: Mapped[str] = mapped_column(String(60), default="")
    cause: Mapped[str] = mapped_column(String(60), default="")
    """Why it differs from the one before (`services.verification.causes`), words joined by blanks."""
    body: Mapped[str] = mapped_column(Text)
    trust_digest: Mapped[str] = mapped_column(Sha256)


class CopySeries(Base):
    """An agency's year of copies: the row whose lock serialises the drawing of their numbers."""

    __tablename__ = "copy_series"
    __table_args__ = (CheckConstraint("last_number >= 0", name="last_number"),)

    agency_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last_number: Mapped[int] = mapped_column(default=0)


class CopySigner(Base):
    """Whom a head named to sign copies (Decree 30/2020, Art. 27). A name that was taken back stays on record."""

    __tablename__ = "copy_signer"
    __table_args__ = (
        Index("uq_copy_signer_live", "post_id", unique=True, sqlite_where=LIVE, postgresql_where=LIVE),
        Index("ix_copy_signer_agency", "agency_id", "id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"))
    capacity: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(String(500))
    named_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    named_at: Mapped[dt.datetime]
    ended_at: Mapped[dt.datetime | None]


class CopyItem(Base):
    """The agency's signature on a digital copy, as it was prepared in one session, and what came of it."""

    __tablename__ = "copy_item"
    __table_args__ = (
        UniqueConstraint("session_id", "copy_id"),
        CheckConstraint("status IN ('prepared', 'pending', 'done', 'superseded')", name="status"),
        Index("uq_copy_item_live", "copy_id", unique=True, sqlite_where=OPEN_ITEM, postgresql_where=OPEN_ITEM),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("signing_session.id"))
    copy_id: Mapped[int] = mapped_column(ForeignKey("certified_copy.id"))
    document_version: Mapped[int]
    base_sha256: Mapped[str] = mapped_column(Sha256)
    prepared_sha256: Mapped[str] = mapped_column(ForeignKey("blob.sha256"))
    to_be_signed: Mapped[bytes] = mapped_column(LargeBinary)
    status: Mapped[str] = mapped_column(String(12), default="prepared")
    claimed_at: Mapped[dt.datetime]
    answer_sha256: Mapped[str] = mapped_column(String(64), default="")
    result_sha256: Mapped[str | None] = mapped_column(ForeignKey("blob.sha256"))
    received_at: Mapped[dt.datetime | None]
    finished_at: Mapped[dt.datetime | None]

    @property
    def document_id(self) -> int:
        """Of which copy, by the name that acts of signing have for what they sign."""
        return self.copy_id
