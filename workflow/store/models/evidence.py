"""What verification rests on beside roots and lists: OCSP answers, where they come from, ends of algorithms."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from workflow.store.base import Base, Id, Sha256


class OcspAnswer(Base):
    """A checked OCSP response about one certificate. Older ones stay: a verdict may cite them."""

    __tablename__ = "ocsp_answer"
    __table_args__ = (Index("ix_ocsp_answer_about", "certificate_sha256", "this_update"),)

    sha256: Mapped[str] = mapped_column(Sha256, primary_key=True)
    certificate_sha256: Mapped[str] = mapped_column(Sha256)
    issuer_name: Mapped[str] = mapped_column(String(200))
    status: Mapped[str] = mapped_column(String(10))
    this_update: Mapped[dt.datetime]
    next_update: Mapped[dt.datetime | None]
    der: Mapped[bytes] = mapped_column(LargeBinary)
    source: Mapped[str] = mapped_column(String(200), default="")
    received_at: Mapped[dt.datetime]


class EvidencePlace(Base):
    """An address that certificates in use name for a list, or for answers about one certificate."""

    __tablename__ = "evidence_place"

    key: Mapped[str] = mapped_column(Sha256, primary_key=True)
    """Of kind, address, issuer and subject."""
    kind: Mapped[str] = mapped_column(String(4))
    url: Mapped[str] = mapped_column(Text)
    issuer_name: Mapped[str] = mapped_column(String(200))
    issuer_key_id: Mapped[str] = mapped_column(String(64), default="")
    subject: Mapped[str] = mapped_column(String(200), default="")
    """The certificate's name, of an address for answers about one."""
    tried_at: Mapped[dt.datetime | None]
    fetched_at: Mapped[dt.datetime | None]
    """When it last gave something good."""
    result: Mapped[str] = mapped_column(String(40), default="")
    """`workflow.domain.evidence.Came`, or a reason of `signing.fetch`; empty: not asked yet."""
    failures: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[dt.datetime]


class EvidenceWatch(Base):
    """How an authority's evidence stood when somebody was last told."""

    __tablename__ = "evidence_watch"

    issuer_name: Mapped[str] = mapped_column(String(200), primary_key=True)
    issuer_key_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    standing: Mapped[str] = mapped_column(String(10))
    since: Mapped[dt.datetime]


class AlgorithmSunset(Base):
    """The day from which an algorithm proves nothing new: proposed by one administrator, in force by another."""

    __tablename__ = "algorithm_sunset"
    __table_args__ = (
        CheckConstraint("confirmed_by_id IS NULL OR confirmed_by_id <> proposed_by_id", name="second_person"),
        CheckConstraint(
            "confirmed_by_id IS NULL OR removed_by_id IS NULL OR removed_by_id <> removal_by_id",
            name="second_person_removes",
        ),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    algorithm: Mapped[str] = mapped_column(String(20))
    """One of `signing.path.sunsets.NAMES`."""
    until: Mapped[dt.datetime]
    """The first moment of the day."""
    source: Mapped[str] = mapped_column(String(300))
    """The document that it rests on."""
    reason: Mapped[str] = mapped_column(String(500))
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    proposed_at: Mapped[dt.datetime]
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    confirmed_at: Mapped[dt.datetime | None]
    removal_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    """Who asked to take one that is in force away."""
    removed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    removed_at: Mapped[dt.datetime | None]
    counted_at: Mapped[dt.datetime | None]
    concerned: Mapped[int] = mapped_column(default=0)
    """Standing signatures that use it, at the last count."""
    proven: Mapped[int] = mapped_column(default=0)
    """Of them those that a timestamp proves to be older."""
