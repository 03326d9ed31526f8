"""Outgoing documents: the row with its state, its files, its planned fields and its append-only history."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Date, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from workflow.store.base import Base, Id, Sha256

AFTER_SIGNING = "'signed', 'numbered', 'sealed', 'issued', 'filed'"
AFTER_NUMBERING = "'numbered', 'sealed', 'issued', 'filed'"
LEFT_SIGNING = text("from_state = 'awaiting_signature'")


class Blob(Base):
    """A stored file, by content. The bytes are in blob storage before this row exists.

    A row with `leaving_at` names no file: it keeps others from naming one that is being cleared away, and for a
    while after (`store.blobs`).
    """

    __tablename__ = "blob"
    __table_args__ = (CheckConstraint("gone_at IS NULL OR leaving_at IS NOT NULL", name="gone_after_leaving"),)

    sha256: Mapped[str] = mapped_column(Sha256, primary_key=True)
    size: Mapped[int]
    media_type: Mapped[str] = mapped_column(String(100))
    created_at: Mapped[dt.datetime]
    leaving_at: Mapped[dt.datetime | None]
    gone_at: Mapped[dt.datetime | None]


class Outgoing(Base):
    """An outgoing document. `version` moves with every act; CHECKs tie a state to its dates and signer."""

    __tablename__ = "outgoing"
    __table_args__ = (
        CheckConstraint(
            "state IN ('draft','returned','in_review','format_check','awaiting_signature','signed','numbered',"
            "'sealed','issued','filed','cancelled')",
            name="state",
        ),
        CheckConstraint(f"(state IN ({AFTER_SIGNING})) = (signed_at IS NOT NULL)", name="signed_has_date"),
        CheckConstraint("signed_at IS NULL OR signer_id IS NOT NULL", name="signed_has_signer"),
        CheckConstraint(f"(state IN ({AFTER_NUMBERING})) = (numbered_at IS NOT NULL)", name="numbered_has_date"),
        CheckConstraint("(numbered_at IS NULL) = (number IS NULL)", name="numbered_has_number"),
        CheckConstraint(
            "(state IN ('sealed', 'issued', 'filed')) = (sealed_at IS NOT NULL)", name="sealed_has_date"
        ),
        CheckConstraint("(state IN ('issued', 'filed')) = (issued_at IS NOT NULL)", name="issued_has_date"),
        CheckConstraint(
            "(state IN ('issued', 'filed', 'cancelled')) = (closed_at IS NOT NULL)", name="closed_has_date"
        ),
        CheckConstraint("medium IN ('digital', 'ink')", name="medium"),
        CheckConstraint("NOT secret OR file_sha256 IS NULL", name="secret_holds_no_file"),
        UniqueConstraint("register_id", "year", "number"),
        UniqueConstraint("drafter_id", "once_key"),
        Index("ix_outgoing_agency", "agency_id", "id"),
        Index("ix_outgoing_unit", "unit_id", "id"),
        Index("ix_outgoing_agency_state", "agency_id", "state", "id"),
        Index(  # covers the signature rates of a period, so that they never read the rows themselves
            "ix_outgoing_issued",
            "agency_id",
            "issued_at",
            "id",
            "unit_id",
            "signer_id",
            "secret",
            "exempt_by_id",
            "medium",
            "leader_verdict",
            "seal_verdict",
            "capacity",
            "leader_kind",
            "seal_kind",
        ),
        Index("ix_outgoing_signer", "signer_id", "issued_at"),
        Index("ix_outgoing_drafter", "drafter_id", "id"),
        Index("ix_outgoing_created", "agency_id", "created_at", "id"),
        Index(
            "ix_outgoing_pressing",
            "agency_id",
            "id",
            sqlite_where=text("urgency <> 'normal'"),
            postgresql_where=text("urgency <> 'normal'"),
        ),
        Index(
            "ix_outgoing_open",
            "agency_id",
            "step_due_at",
            "id",
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    """Look-up code printed beside the QR, e.g. `7KQ4-M2XD-91`."""
    once_key: Mapped[str | None] = mapped_column(String(64))
    """The form that opened the draft, with what it said: sent twice, it opens one draft."""
    agency_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    organ_id: Mapped[int | None] = mapped_column(ForeignKey("organ.id"))
    """In whose name it is drafted; none: the agency's first organ. Once numbered its register says so."""
    register_id: Mapped[int | None] = mapped_column(ForeignKey("register.id"))
    type_code: Mapped[str] = mapped_column(ForeignKey("document_type.code"))
    subject: Mapped[str] = mapped_column(String(500))
    subject_folded: Mapped[str] = mapped_column(String(500))
    recipients: Mapped[str] = mapped_column(Text, default="")
    urgency: Mapped[str] = mapped_column(String(12), default="normal")
    secret: Mapped[bool] = mapped_column(default=False)
    medium: Mapped[str] = mapped_column(String(10), default="digital")

    state: Mapped[str] = mapped_column(String(20), default="draft")
    version: Mapped[int] = mapped_column(default=1)
    drafter_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    drafter_post_id: Mapped[int] = mapped_column(ForeignKey("post.id"))
    signer_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    """Who is to sign, and after signing who did."""
    signer_post_id: Mapped[int | None] = mapped_column(ForeignKey("post.id"))
    capacity: Mapped[str] = mapped_column(String(10), default="head")
    authority: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """Once signed: by which right, as it was asked and answered then (`services.authority`)."""
    holder_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    """The one person it waits for, where it waits for one; else everybody with the state's role."""
    actor_before_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    """Who acted last: they may still withdraw."""
    skipped_review: Mapped[bool] = mapped_column(default=False)

    mentions: Mapped[list[Any] | None] = mapped_column(JSON(none_as_null=True))
    """Papers that the file says it answers: `[{"symbol": …, "day": …}]`, read when it was uploaded."""
    not_answering: Mapped[list[Any] | None] = mapped_column(JSON(none_as_null=True))
    """Incoming documents that somebody said this one does not answer: they are not proposed again."""

    due_at: Mapped[dt.datetime | None]
    """Given by people; most documents have none."""
    step_due_at: Mapped[dt.datetime | None]
    """When the present step becomes overdue."""
    state_since: Mapped[dt.datetime]
    created_at: Mapped[dt.datetime]
    signed_at: Mapped[dt.datetime | None]
    signed_on: Mapped[dt.date | None] = mapped_column(Date)
    """The day on a paper that was signed in ink, as the clerk read it."""
    numbered_at: Mapped[dt.datetime | None]
    sealed_at: Mapped[dt.datetime | None]
    issued_at: Mapped[dt.datetime | None]
    closed_at: Mapped[dt.datetime | None]

    number: Mapped[int | None]
    year: Mapped[int | None]
    symbol: Mapped[str] = mapped_column(String(40), default="")

    exempt_reason: Mapped[str] = mapped_column(String(500), default="")
    exempt_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    """Set once the office leader approved: only then the document leaves the denominator."""
    leader_verdict: Mapped[str] = mapped_column(String(15), default="")
    seal_verdict: Mapped[str] = mapped_column(String(15), default="")
    """Conclusions of the stored verdicts at signing and at sealing; empty without such a signature."""
    leader_kind: Mapped[str] = mapped_column(String(15), default="", server_default="")
    seal_kind: Mapped[str] = mapped_column(String(15), default="", server_default="")
    """The kind of the root that each one's certificate led to then (`TrustRoot.kind`); empty without one."""

    file_sha256: Mapped[str | None] = mapped_column(ForeignKey("blob.sha256"))
    """The current file: what is shown, reviewed and signed next."""
    attached_now: Mapped[str] = mapped_column(String(64), default="", server_default="")
    """The digest of what is attached, beside the file's own hash: a list asks by both (`domain.attachments`)."""
    attached_digest: Mapped[str] = mapped_column(String(64), default="", server_default="")
    """Once signed: what was attached then (`domain.attachments.digest`); the signature covers the file only."""
    pages: Mapped[int] = mapped_column(default=0)
    chain_length: Mapped[int] = mapped_column(default=0)
    chain_head: Mapped[str] = mapped_column(Sha256, default="")


class FileVersion(Base):
    """Each file a document ever had, by kind.

    `original` as uploaded; `draft` normalised; `ready` with its planned fields and footer, what the leader reads
    and signs; `signed`, `numbered`, `sealed` after each signature; `scan` of a paper signed in ink.
    """

    __tablename__ = "file_version"
    __table_args__ = (UniqueConstraint("document_id", "ordinal"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("outgoing.id"), index=True)
    ordinal: Mapped[int]
    kind: Mapped[str] = mapped_column(String(12))
    sha256: Mapped[str] = mapped_column(ForeignKey("blob.sha256"), index=True)
    filename: Mapped[str] = mapped_column(String(200), default="")
    note: Mapped[str] = mapped_column(String(500), default="")
    """What normalisation removed, in codes; of a draft `dots:2` where a template's dots stand on
    page 2; of an original `docx`, where it is a Word file."""
    added_at: Mapped[dt.datetime]
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class PlannedBox(Base):
    """A field of the plan of a document's current draft. Points, origin at the lower left of the page."""

    __tablename__ = "planned_box"
    __table_args__ = (UniqueConstraint("document_id", "name"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("outgoing.id"))
    name: Mapped[str] = mapped_column(String(30))
    kind: Mapped[str] = mapped_column(String(15))
    owner: Mapped[str] = mapped_column(String(15))
    page: Mapped[int]
    left: Mapped[float]
    bottom: Mapped[float]
    right: Mapped[float]
    top: Mapped[float]
    required: Mapped[bool] = mapped_column(default=True)
    drawn: Mapped[str] = mapped_column(String(10), default="whole")
    """`missing`: only what the draft does not have typed already."""
    typed: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """What was found typed in the draft (`signing.prepare.TypedBlock`, `TypedHead`); empty where nothing was."""


class RememberedBox(Base):
    """Where an agency put a field on its last draft of a type: the next one begins there."""

    __tablename__ = "remembered_box"

    agency_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    type_code: Mapped[str] = mapped_column(ForeignKey("document_type.code"), primary_key=True)
    name: Mapped[str] = mapped_column(String(30), primary_key=True)
    on_last: Mapped[bool]
    """On the last page, else on the first: what stood on another one is not remembered."""
    left: Mapped[float]
    bottom: Mapped[float]
    right: Mapped[float]
    top: Mapped[float]
    width: Mapped[float]
    height: Mapped[float]
    """Of that page; on a page of another size the box is not where it was."""
    at: Mapped[dt.datetime]


class History(Base):
    """What happened to a document, append-only; the stored state is its last line's `to_state`."""

    __tablename__ = "history"
    __table_args__ = (
        UniqueConstraint("document_id", "ordinal"),
        Index("ix_history_left_signing", "at", "document_id", sqlite_where=LEFT_SIGNING,
              postgresql_where=LEFT_SIGNING),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("outgoing.id"))
    ordinal: Mapped[int]
    at: Mapped[dt.datetime]
    action: Mapped[str] = mapped_column(String(20))
    from_state: Mapped[str] = mapped_column(String(20))
    to_state: Mapped[str] = mapped_column(String(20))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    post_id: Mapped[int | None] = mapped_column(ForeignKey("post.id"))
    remark: Mapped[str] = mapped_column(Text, default="")
    held_minutes: Mapped[int] = mapped_column(default=0)
    """Working minutes the document had waited with whoever acted now."""
    file_sha256: Mapped[str | None] = mapped_column(String(64))


class Journal(Base):
    """The hash chain, one a subject (`outgoing:12`, `certificate:3`), written with the transition."""

    __tablename__ = "journal"
    __table_args__ = (UniqueConstraint("subject", "ordinal"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    subject: Mapped[str] = mapped_column(String(40))
    ordinal: Mapped[int]
    at: Mapped[dt.datetime] = mapped_column(index=True)
    tag: Mapped[str] = mapped_column(String(60))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    post_id: Mapped[int | None] = mapped_column(ForeignKey("post.id"))
    address: Mapped[str] = mapped_column(String(60), default="")
    body: Mapped[str] = mapped_column(Text)
    """The canonical entry: exactly the text that was hashed; the columns above are for queries."""
    previous: Mapped[str] = mapped_column(Sha256)
    digest: Mapped[str] = mapped_column(Sha256)


class Look(Base):
    """Who opened a document, one row a person and day: the data of "why unsigned"."""

    __tablename__ = "look"
    __table_args__ = (
        UniqueConstraint("document_id", "person_id", "day"),
        Index("ix_look_person", "person_id", "id"),
        Index("ix_look_day", "day"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("outgoing.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    day: Mapped[str] = mapped_column(String(10))
    first_at: Mapped[dt.datetime]
