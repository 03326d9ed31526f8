"""Certificates, trust, evidence, signing sessions, signatures and their verdicts."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from workflow.store.base import Base, Id, Sha256


class Certificate(Base):
    """A certificate enrolled to one person (to sign) or one agency (to number and seal)."""

    __tablename__ = "certificate"
    __table_args__ = (
        CheckConstraint("(person_id IS NULL) <> (agency_id IS NULL)", name="one_owner"),
        CheckConstraint("status IN ('pending', 'confirmed', 'retired', 'refused')", name="status"),
        CheckConstraint(
            "status <> 'confirmed' OR (confirmed_by_id IS NOT NULL AND confirmed_by_id <> enrolled_by_id)",
            name="second_person",
        ),
        Index(
            "uq_certificate_live",
            "sha256",
            unique=True,
            sqlite_where=text("status IN ('pending', 'confirmed')"),
            postgresql_where=text("status IN ('pending', 'confirmed')"),
        ),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    sha256: Mapped[str] = mapped_column(Sha256)
    der: Mapped[bytes] = mapped_column(LargeBinary)
    chain: Mapped[bytes] = mapped_column(LargeBinary, default=b"")
    """Intermediate certificates, DER, concatenated."""
    subject_name: Mapped[str] = mapped_column(String(200))
    organisation: Mapped[str] = mapped_column(String(200), default="")
    title: Mapped[str] = mapped_column(String(100), default="")
    issuer_name: Mapped[str] = mapped_column(String(200))
    serial: Mapped[str] = mapped_column(String(64))
    not_before: Mapped[dt.datetime]
    not_after: Mapped[dt.datetime] = mapped_column(index=True)
    key_kind: Mapped[str] = mapped_column(String(20))
    public_key: Mapped[str] = mapped_column(String(64), default="", server_default="", index=True)
    """SHA-256 of its SubjectPublicKeyInfo: what is known of a key goes with it, whatever its certificate."""
    holder: Mapped[str] = mapped_column(String(20), default="pkcs12_browser")
    """Where the key lies: a word of `domain.key_holders.KeyHolder`."""
    held: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """How its holder knows it (provider, name of the credential …), for keys that are used from afar."""
    status: Mapped[str] = mapped_column(String(10), default="pending")
    warnings: Mapped[list[Any]] = mapped_column(default=list)
    enrolled_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    enrolled_at: Mapped[dt.datetime]
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    confirmed_at: Mapped[dt.datetime | None]
    retired_at: Mapped[dt.datetime | None]
    stopped_why: Mapped[str] = mapped_column(String(15), default="", server_default="")
    """Why it was retired: a word of `domain.certificates.Stop`; empty where nobody was asked."""
    proof: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Challenge, signature and algorithm that proved possession of the key."""


class TrustRoot(Base):
    """A root we believe, for purposes: `person`, `seal`, `tsa`. One that was retired may be listed anew."""

    __tablename__ = "trust_root"
    __table_args__ = (
        Index(
            "uq_trust_root_live",
            "sha256",
            unique=True,
            sqlite_where=text("retired_at IS NULL"),
            postgresql_where=text("retired_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    sha256: Mapped[str] = mapped_column(Sha256)
    der: Mapped[bytes] = mapped_column(LargeBinary)
    label: Mapped[str] = mapped_column(String(200))
    purposes: Mapped[list[Any]]
    kind: Mapped[str] = mapped_column(String(20), default="unknown")
    """`public_service` (chuyên dùng công vụ), `public`, `dedicated`, `foreign`, `unknown`, `demo`."""
    scope: Mapped[list[Any]] = mapped_column(default=list)
    """Agencies for whose papers, and those of agencies below them, it is believed; empty: everywhere."""
    trusted_until: Mapped[dt.datetime | None]
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    """The second administrator; empty for a root that was listed by the shell."""
    added_at: Mapped[dt.datetime]
    retired_at: Mapped[dt.datetime | None]


class Crl(Base):
    """A certificate revocation list. Older ones stay: a verdict may cite them."""

    __tablename__ = "crl"
    __table_args__ = (Index("ix_crl_issuer", "issuer_key", "this_update"),)

    sha256: Mapped[str] = mapped_column(Sha256, primary_key=True)
    issuer_key: Mapped[str] = mapped_column(String(64))
    """The series of lists it belongs to, by the issuer's name and public key: two authorities may bear one name."""
    issuer_name: Mapped[str] = mapped_column(String(200))
    number: Mapped[str] = mapped_column(String(64), default="")
    this_update: Mapped[dt.datetime]
    next_update: Mapped[dt.datetime | None]
    der: Mapped[bytes] = mapped_column(LargeBinary)
    entries: Mapped[int] = mapped_column(default=0)
    source: Mapped[str] = mapped_column(String(200), default="")
    received_at: Mapped[dt.datetime]


class SigningSession(Base):
    """Phase one of a signing: what was prepared, for whom, until when. The id is kept as a hash only."""

    __tablename__ = "signing_session"
    __table_args__ = (
        Index("ix_signing_session_person", "person_id", "created_at"),
        Index(
            "ix_signing_session_open",
            "expires_at",
            sqlite_where=text("fixed_at IS NOT NULL AND ended_at IS NULL"),
            postgresql_where=text("fixed_at IS NOT NULL AND ended_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    id_hash: Mapped[str] = mapped_column(Sha256, unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"))
    login_session_id: Mapped[int | None] = mapped_column(ForeignKey("login_session.id"))
    device_hash: Mapped[str] = mapped_column(String(64), default="", server_default="")
    """The browser in which the act was begun, as its login knew it."""
    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificate.id"))
    purpose: Mapped[str] = mapped_column(String(10))
    """`leader`, `cosign`, `number` or `seal`."""
    key_holder: Mapped[str] = mapped_column(String(20), default="pkcs12_browser")
    """By which way it is signed: a word of `domain.key_holders.KeyHolder`."""
    control: Mapped[int] = mapped_column(default=3)
    """How much its owner alone controls the key (`domain.key_holders.Control`)."""
    created_at: Mapped[dt.datetime]
    expires_at: Mapped[dt.datetime]
    nonce: Mapped[str] = mapped_column(String(64), default="")
    manifest: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """What the act is about (`domain.signing_acts`), from when it was fixed; empty before."""
    manifest_code: Mapped[str] = mapped_column(String(10), default="")
    fixed_at: Mapped[dt.datetime | None]
    ended_at: Mapped[dt.datetime | None]
    """When its end was told in the journal: with its last signature, or by the night after it ran out."""


class SigningItem(Base):
    """One file of a signing session: exactly what was prepared and, once finished, what came of it.

    `field` is the signature's field in the document's file, or names the attachment whose seal it is.
    """

    __tablename__ = "signing_item"
    __table_args__ = (
        UniqueConstraint("session_id", "document_id", "field"),
        CheckConstraint("status IN ('prepared', 'pending', 'done', 'superseded')", name="status"),
        Index(
            "uq_signing_item_live",
            "document_id",
            "field",
            unique=True,
            sqlite_where=text("status IN ('prepared', 'pending')"),
            postgresql_where=text("status IN ('prepared', 'pending')"),
        ),
        Index("ix_signing_item_document", "document_id"),
        Index(
            "ix_signing_item_pending",
            "id",
            sqlite_where=text("status = 'pending'"),
            postgresql_where=text("status = 'pending'"),
        ),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("signing_session.id"))
    document_id: Mapped[int] = mapped_column(ForeignKey("outgoing.id"))
    document_version: Mapped[int]
    field: Mapped[str] = mapped_column(String(30))
    capacity: Mapped[str] = mapped_column(String(10), default="")
    base_sha256: Mapped[str] = mapped_column(Sha256)
    prepared_sha256: Mapped[str] = mapped_column(ForeignKey("blob.sha256"))
    to_be_signed: Mapped[bytes] = mapped_column(LargeBinary)
    status: Mapped[str] = mapped_column(String(12), default="prepared")
    """`pending`: the signature came, its verdict is indeterminate; the document stays and a job tries again."""
    claimed_at: Mapped[dt.datetime]
    key_holder: Mapped[str] = mapped_column(String(20), default="")
    """Whose key made the signature that came; empty before."""
    answer_sha256: Mapped[str] = mapped_column(String(64), default="")
    """Of the bytes to be signed and the signature that came: the same answer sent again is known by it."""
    result_sha256: Mapped[str | None] = mapped_column(String(64))
    verdict: Mapped[str] = mapped_column(Text, default="")
    """The latest verdict (JSON) while pending."""
    received_at: Mapped[dt.datetime | None]
    finished_at: Mapped[dt.datetime | None]


class Signature(Base):
    """A signature that we embedded."""

    __tablename__ = "signature"
    __table_args__ = (
        CheckConstraint("purpose IN ('leader', 'cosigner', 'initials', 'number', 'seal')", name="purpose"),
        Index(
            "uq_signature_live",
            "document_id",
            "field",
            unique=True,
            sqlite_where=text("withdrawn_at IS NULL"),
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
        Index(
            "ix_signature_checked",
            "checked_at",
            "document_id",
            sqlite_where=text("withdrawn_at IS NULL"),
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("outgoing.id"), index=True)
    field: Mapped[str] = mapped_column(String(30))
    purpose: Mapped[str] = mapped_column(String(10))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    """Who made it: the leader, or the clerk who used the agency's key."""
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"))
    capacity: Mapped[str] = mapped_column(String(10), default="")
    mandate_id: Mapped[int | None] = mapped_column(ForeignKey("mandate.id"))
    authority: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """Of a leader's signature: by which right, as it was asked and answered when it was accepted."""
    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificate.id"))
    key_holder: Mapped[str] = mapped_column(String(20))
    control: Mapped[int] = mapped_column(default=3)
    """How much its owner alone controlled the key (`domain.key_holders.Control`), as it was known then."""
    act_id: Mapped[int | None] = mapped_column(ForeignKey("signing_session.id"), index=True)
    """The act of signing it was made in; empty for those of before acts were recorded."""
    claimed_at: Mapped[dt.datetime]
    received_at: Mapped[dt.datetime]
    file_sha256: Mapped[str] = mapped_column(ForeignKey("blob.sha256"))
    address: Mapped[str] = mapped_column(String(60), default="")
    withdrawn_at: Mapped[dt.datetime | None]
    checked_at: Mapped[dt.datetime | None]
    """When its file was last verified whole, whether or not the answer had changed."""


class VerdictRow(Base):
    """What `signing.verify` said of one signature, whole, with what it rested on. Only ever added."""

    __tablename__ = "verdict"
    __table_args__ = (
        CheckConstraint("conclusion IN ('passed', 'indeterminate', 'failed')", name="conclusion"),
        Index("ix_verdict_signature", "signature_id", "at"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("outgoing.id"), index=True)
    signature_id: Mapped[int] = mapped_column(ForeignKey("signature.id"))
    occasion: Mapped[str] = mapped_column(String(15))
    """`signing`, `cosigning`, `numbering`, `sealing`, `recheck`."""
    at: Mapped[dt.datetime]
    conclusion: Mapped[str] = mapped_column(String(15))
    reason: Mapped[str] = mapped_column(String(60), default="")
    cause: Mapped[str] = mapped_column(String(60), default="", server_default="")
    """Why it differs from the one before (`services.verification.causes`), words joined by blanks; empty for the
    first."""
    body: Mapped[str] = mapped_column(Text)
    """The verdict as JSON with all facets and digests of evidence, trust and policy."""
    trust_digest: Mapped[str] = mapped_column(Sha256)
    file_sha256: Mapped[str] = mapped_column(Sha256)
