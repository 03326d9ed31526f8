"""Revocation evidence that is asked for by the clock: OCSP answers, addresses, and how each authority stands."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from workflow.store.base import Base, Sha256


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
