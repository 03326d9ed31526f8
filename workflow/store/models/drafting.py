"""Drafting: an office's own templates, the words a draft was set from, and remarks on its versions."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from workflow.store.base import Base, Id


class DraftTemplate(Base):
    """A template of an agency. Its words do not change: a better one is added, the old one put out of use."""

    __tablename__ = "draft_template"
    __table_args__ = (
        CheckConstraint("(ended_at IS NULL) = (ended_by_id IS NULL)", name="ended_by"),
        Index("ix_draft_template_agency", "agency_id", "type_code", "id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    type_code: Mapped[str] = mapped_column(ForeignKey("document_type.code"))
    name: Mapped[str] = mapped_column(String(100))
    basis: Mapped[str] = mapped_column(Text, default="")
    body: Mapped[str] = mapped_column(Text)
    added_at: Mapped[dt.datetime]
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    ended_at: Mapped[dt.datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class DraftText(Base):
    """The words that one version of a draft was set from, append-only; the next version starts from the last."""

    __tablename__ = "draft_text"
    __table_args__ = (UniqueConstraint("document_id", "ordinal"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("outgoing.id"))
    ordinal: Mapped[int]
    """Of the draft's file (`file_version`)."""
    template: Mapped[str] = mapped_column(String(40), default="")
    """What it began from: `built:reply`, `own:12`."""
    basis: Mapped[str] = mapped_column(Text, default="")
    body: Mapped[str] = mapped_column(Text)
    written_at: Mapped[dt.datetime]
    written_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class DraftComment(Base):
    """A remark on one version of a draft, perhaps on one page, or an answer to it. Words are never changed."""

    __tablename__ = "draft_comment"
    __table_args__ = (
        CheckConstraint("page IS NULL OR page > 0", name="page"),
        CheckConstraint("(settled_at IS NULL) = (settled_by_id IS NULL)", name="settled_by"),
        CheckConstraint("parent_id IS NULL OR settled_at IS NULL", name="threads_settle"),
        Index("ix_draft_comment_document", "document_id", "id"),
        Index(
            "ix_draft_comment_open", "document_id",
            sqlite_where=text("parent_id IS NULL AND settled_at IS NULL"),
            postgresql_where=text("parent_id IS NULL AND settled_at IS NULL"),
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("outgoing.id"))
    ordinal: Mapped[int]
    """Of the file it speaks of (`file_version`)."""
    page: Mapped[int | None]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("draft_comment.id"))
    """The remark it answers; threads are one deep."""
    words: Mapped[str] = mapped_column(Text)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    post_id: Mapped[int | None] = mapped_column(ForeignKey("post.id"))
    written_at: Mapped[dt.datetime]
    settled_at: Mapped[dt.datetime | None]
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class PinnedRemark(Base):
    """Where on its page a remark points, in points from the lower left corner; it shares the remark's fate."""

    __tablename__ = "pinned_remark"
    __table_args__ = (CheckConstraint("x >= 0 AND y >= 0", name="on_the_page"),)

    comment_id: Mapped[int] = mapped_column(ForeignKey("draft_comment.id"), primary_key=True)
    x: Mapped[float]
    y: Mapped[float]


class ProposalAgreement(Base):
    """A signer read the slip and agrees with what it proposes, for one version of the document; not a signature."""

    __tablename__ = "proposal_agreement"
    __table_args__ = (
        Index("ix_proposal_agreement_document", "document_id", "id"),
        Index(
            "uq_proposal_agreement_standing", "document_id", "version", "person_id", unique=True,
            sqlite_where=text("withdrawn_at IS NULL"), postgresql_where=text("withdrawn_at IS NULL"),
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("outgoing.id"))
    version: Mapped[int]
    """Of the document: any later act makes it void."""
    ordinal: Mapped[int]
    """Of the file that was read."""
    slip: Mapped[int]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    post_id: Mapped[int | None] = mapped_column(ForeignKey("post.id"))
    agreed_at: Mapped[dt.datetime]
    withdrawn_at: Mapped[dt.datetime | None]
