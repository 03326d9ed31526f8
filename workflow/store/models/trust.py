"""Changes of what is believed: proposed by one administrator, counted over the verdicts, decided by another."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from workflow.store.base import Base, Id, Sha256

OPEN = "state IN ('counting', 'waiting')"


class TrustChange(Base):
    """One proposed change: a root to add, retire or amend, or how strictly signatures are judged."""

    __tablename__ = "trust_change"
    __table_args__ = (
        CheckConstraint("kind IN ('add', 'retire', 'amend', 'policy')", name="kind"),
        CheckConstraint("state IN ('counting', 'waiting', 'done', 'refused', 'withdrawn')", name="state"),
        CheckConstraint("decided_by_id IS NULL OR decided_by_id <> proposed_by_id", name="second_person"),
        CheckConstraint(
            "state NOT IN ('done', 'refused') OR (decided_by_id IS NOT NULL AND decided_at IS NOT NULL)",
            name="decided",
        ),
        CheckConstraint("state NOT IN ('waiting', 'done') OR counted_at IS NOT NULL", name="counted"),
        Index(
            "uq_trust_change_open",
            "subject",
            unique=True,
            sqlite_where=text(OPEN),
            postgresql_where=text(OPEN),
        ),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(10), default="counting")
    subject: Mapped[str] = mapped_column(Sha256)
    """The root's fingerprint, or `policy`: at most one open change of each."""
    root_id: Mapped[int | None] = mapped_column(ForeignKey("trust_root.id"))
    """The root to retire or amend; for one that was added, the row that came of it."""
    der: Mapped[bytes] = mapped_column(LargeBinary, default=b"")
    """The certificate to add."""
    wanted: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """What shall stand afterwards: `label`, `purposes`, `kind`, `scope`, `trusted_until` of a root; `name` of a
    policy."""
    before: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """The same as it stood when the change was proposed; empty for a root to add."""
    reason: Mapped[str] = mapped_column(String(500))
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    proposed_at: Mapped[dt.datetime]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[dt.datetime | None]
    """Also when it was withdrawn, which is the proposer's own and has no second person."""
    decision: Mapped[str] = mapped_column(String(500), default="")
    """Why it was refused."""
    judged_at: Mapped[dt.datetime | None]
    """The moment as of which both lists are asked, the same for every signature of one count."""
    counted_digest: Mapped[str] = mapped_column(String(64), default="")
    """Digest of the list and policy that it is counted against."""
    counted_at: Mapped[dt.datetime | None]
    """When the count came to its end; empty before."""
    last_signature_id: Mapped[int] = mapped_column(Id, default=0)
    """The count goes on behind this signature."""
    last_seal_id: Mapped[int] = mapped_column(Id, default=0, server_default="0")
    """Once those are through, behind this seal on an attachment."""
    last_intake_id: Mapped[int] = mapped_column(Id, default=0)
    """And at last behind this received file."""
    checked: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    unread: Mapped[int] = mapped_column(default=0)
    """Signatures whose file could not be read: nothing is known of them."""
    flips: Mapped[int] = mapped_column(default=0)


class TrustFlip(Base):
    """One signature, one seal on an attachment, or one received file, about which the changed list would say
    something else."""

    __tablename__ = "trust_flip"
    __table_args__ = (
        CheckConstraint(
            "CASE WHEN signature_id IS NULL THEN 0 ELSE 1 END + CASE WHEN intake_id IS NULL THEN 0 ELSE 1 END "
            "+ CASE WHEN attachment_seal_id IS NULL THEN 0 ELSE 1 END = 1 "
            "AND (intake_id IS NULL) <> (document_id IS NULL)",
            name="about_one",
        ),
        Index("uq_trust_flip_signature", "change_id", "signature_id", unique=True),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    change_id: Mapped[int] = mapped_column(ForeignKey("trust_change.id"))
    document_id: Mapped[int | None] = mapped_column(ForeignKey("outgoing.id"))
    signature_id: Mapped[int | None] = mapped_column(ForeignKey("signature.id"))
    attachment_seal_id: Mapped[int | None] = mapped_column(ForeignKey("attachment_seal.id"))
    intake_id: Mapped[int | None] = mapped_column(ForeignKey("intake.id"))
    before_conclusion: Mapped[str] = mapped_column(String(15))
    before_reason: Mapped[str] = mapped_column(String(60), default="")
    after_conclusion: Mapped[str] = mapped_column(String(15))
    after_reason: Mapped[str] = mapped_column(String(60), default="")
