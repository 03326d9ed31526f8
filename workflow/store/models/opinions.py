"""Opinions asked for and given on a draft, initials, and the submission slips that were laid before a signer."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import CheckConstraint, Date, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from workflow.domain.attachments import text_key
from workflow.store.base import Base, Id, Sha256


class OpinionRequest(Base):
    """One person or unit that is asked about one draft (`domain.opinions`). Where it stands follows from its
    answers and the present file."""

    __tablename__ = "opinion_request"
    __table_args__ = (
        CheckConstraint("kind IN ('opinion', 'initials')", name="kind"),
        CheckConstraint("(unit_id IS NULL) <> (person_id IS NULL)", name="one_addressee"),
        CheckConstraint("(person_id IS NULL) = (post_id IS NULL)", name="person_in_a_post"),
        CheckConstraint("kind <> 'initials' OR unit_id IS NOT NULL", name="units_initial"),
        CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_reason = '')", name="withdrawn_with_reason"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("outgoing.id"), index=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    kind: Mapped[str] = mapped_column(String(10))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    """A unit is asked through whoever heads it on the day of the answer, so that no post closes over it."""
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    post_id: Mapped[int | None] = mapped_column(ForeignKey("post.id"), index=True)
    """In which post the person is asked; a handover moves both."""
    question: Mapped[str] = mapped_column(Text, default="")
    due_on: Mapped[dt.date | None] = mapped_column(Date)
    asked_at: Mapped[dt.datetime]
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    file_sha256: Mapped[str] = mapped_column(Sha256)
    """The draft as it was when it was asked about."""
    withdrawn_at: Mapped[dt.datetime | None]
    withdrawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    withdrawn_reason: Mapped[str] = mapped_column(String(500), default="")


class Opinion(Base):
    """An answer, append-only. It belongs to the file that it was given on."""

    __tablename__ = "opinion"
    __table_args__ = (
        UniqueConstraint("request_id", "ordinal"),
        CheckConstraint("verdict IN ('agree', 'agree_with_remarks', 'disagree', 'no_opinion')", name="verdict"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("opinion_request.id"))
    ordinal: Mapped[int]
    at: Mapped[dt.datetime]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    """Who really answered."""
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"))
    in_place_of_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    verdict: Mapped[str] = mapped_column(String(20))
    words: Mapped[str] = mapped_column(Text, default="")
    file_sha256: Mapped[str] = mapped_column(Sha256)
    file_ordinal: Mapped[int]
    """Its place among the document's files."""
    attached_digest: Mapped[str] = mapped_column(String(64), default="", server_default="")
    """What was attached to it then (`domain.attachments.digest`)."""

    @property
    def text(self) -> str:
        """What it was said of: the file and what was attached."""
        return text_key(self.file_sha256, self.attached_digest)


class SlipWords(Base):
    """What the drafter wrote for the next submission slip; empty words are proposed from what is known."""

    __tablename__ = "slip_words"

    document_id: Mapped[int] = mapped_column(ForeignKey("outgoing.id"), primary_key=True)
    basis: Mapped[str] = mapped_column(Text, default="")
    proposal: Mapped[str] = mapped_column(Text, default="")


class SubmissionSlip(Base):
    """A Phiếu trình as it went with one submission, append-only; its hash stands in the document's journal."""

    __tablename__ = "submission_slip"
    __table_args__ = (UniqueConstraint("document_id", "ordinal"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("outgoing.id"))
    ordinal: Mapped[int]
    at: Mapped[dt.datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    to_state: Mapped[str] = mapped_column(String(20))
    """Before whom it was laid."""
    body: Mapped[dict[str, Any]]
    digest: Mapped[str] = mapped_column(Sha256)
