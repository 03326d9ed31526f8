"""Incoming documents: the row with its state, its files, recipients and append-only history."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from workflow.store.base import Base, Id, Sha256

REGISTERED = "'registered', 'submitted', 'directed', 'assigned', 'in_progress', 'done', 'filed'"
CLOSED = "'done', 'filed', 'returned', 'recalled'"
OPEN = text("closed_at IS NULL")
REOPENED = text("from_state IN ('done', 'filed') AND to_state NOT IN ('done', 'filed')")


class Incoming(Base):
    """An incoming document. `version` moves with every act; CHECKs tie a state to its number, people and dates."""

    __tablename__ = "incoming"
    __table_args__ = (
        CheckConstraint(
            "state IN ('arrived','checked','anomaly','registered','submitted','directed','assigned','in_progress',"
            "'done','filed','returned','recalled')",
            name="state",
        ),
        CheckConstraint(
            f"state NOT IN ({REGISTERED}) OR (number IS NOT NULL AND registered_at IS NOT NULL)",
            name="registered_has_number",
        ),
        CheckConstraint("(number IS NULL) = (register_id IS NULL)", name="number_has_register"),
        CheckConstraint("(number IS NULL) = (year IS NULL)", name="number_has_year"),
        CheckConstraint(
            "state NOT IN ('directed', 'assigned', 'in_progress') OR lead_unit_id IS NOT NULL",
            name="directed_has_lead",
        ),
        CheckConstraint("state NOT IN ('assigned', 'in_progress') OR handler_id IS NOT NULL", name="has_handler"),
        CheckConstraint("(state IN ('done', 'filed')) = (done_at IS NOT NULL)", name="done_has_date"),
        CheckConstraint("(done_at IS NULL) = (result = '')", name="done_has_result"),
        CheckConstraint(f"(state IN ({CLOSED})) = (closed_at IS NOT NULL)", name="closed_has_date"),
        CheckConstraint("due_kind IN ('none', 'given', 'rule', 'undecided')", name="due_kind"),
        CheckConstraint("(due_kind IN ('given', 'rule')) = (due_at IS NOT NULL)", name="due_has_moment"),
        CheckConstraint("medium IN ('electronic', 'paper')", name="medium"),
        UniqueConstraint("register_id", "year", "number"),
        UniqueConstraint("agency_id", "once_key"),
        Index("ix_incoming_agency", "agency_id", "id"),
        Index("ix_incoming_agency_state", "agency_id", "state", "id"),
        Index("ix_incoming_same", "agency_id", "symbol_key", "issued_on"),
        Index("ix_incoming_handler", "handler_id", "id"),
        Index("ix_incoming_lead_unit", "lead_unit_id", "id"),
        Index("ix_incoming_number", "agency_id", "year", "number", "id"),
        Index("ix_incoming_arrived", "agency_id", "arrived_at"),
        Index("ix_incoming_open", "agency_id", "step_due_at", "id", sqlite_where=OPEN, postgresql_where=OPEN),
        Index("ix_incoming_due", "agency_id", "due_at", "id", sqlite_where=OPEN, postgresql_where=OPEN),
        Index("ix_incoming_overdue", "due_at", "id", sqlite_where=OPEN, postgresql_where=OPEN),
        Index("ix_incoming_done", "agency_id", "done_at", "id", "lead_unit_id", "due_at", "result"),
        Index("ix_incoming_late", "due_at"),
        Index("ix_incoming_registered", "agency_id", "registered_at", "id"),
        Index("ix_incoming_closed", "agency_id", "closed_at", "id"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    once_key: Mapped[str | None] = mapped_column(String(64))
    """The form, delivery or file that made the row: arriving twice, it makes one."""
    agency_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    source: Mapped[str] = mapped_column(String(10))
    medium: Mapped[str] = mapped_column(String(10), default="electronic")

    issuer: Mapped[str] = mapped_column(String(200), default="")
    issuer_folded: Mapped[str] = mapped_column(String(200), default="")
    issuer_agency_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    """Set where the sender is an agency of this installation."""
    issuer_kind: Mapped[str] = mapped_column(String(12), default="agency")
    """`agency`, `organisation` or `citizen`: to the last two a late answer may owe an apology."""
    symbol: Mapped[str] = mapped_column(String(60), default="")
    symbol_key: Mapped[str] = mapped_column(String(60), default="")
    """Number and symbol folded and without blanks: equal for equal papers, however they were typed."""
    issued_on: Mapped[dt.date | None] = mapped_column(Date)
    type_code: Mapped[str | None] = mapped_column(ForeignKey("document_type.code"))
    subject: Mapped[str] = mapped_column(String(500), default="")
    subject_folded: Mapped[str] = mapped_column(String(500), default="")
    signer: Mapped[str] = mapped_column(String(100), default="")
    signer_title: Mapped[str] = mapped_column(String(100), default="")
    urgency: Mapped[str] = mapped_column(String(12), default="normal")
    secret: Mapped[bool] = mapped_column(default=False)
    copies: Mapped[int] = mapped_column(default=1)
    pages: Mapped[int] = mapped_column(default=0)
    envelope_on: Mapped[dt.date | None] = mapped_column(Date)
    """The post office's date on the envelope of a paper."""
    note: Mapped[str] = mapped_column(String(500), default="")

    state: Mapped[str] = mapped_column(String(20), default="arrived")
    version: Mapped[int] = mapped_column(default=1)
    state_since: Mapped[dt.datetime]
    arrived_at: Mapped[dt.datetime]
    actor_before_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    """Who acted last: they may still withdraw."""

    register_id: Mapped[int | None] = mapped_column(ForeignKey("register.id"))
    year: Mapped[int | None]
    number: Mapped[int | None]
    """The arrival number (số đến)."""
    registered_at: Mapped[dt.datetime | None]
    registered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    conclusion: Mapped[str] = mapped_column(String(15), default="")
    """Of the main file's verdict when it was last looked at; empty for paper and for files without signatures to
    check."""
    verdict_reason: Mapped[str] = mapped_column(String(500), default="")
    """Why it was registered although the signatures did not pass."""
    quarantined: Mapped[bool] = mapped_column(default=False)
    warnings: Mapped[list[Any]] = mapped_column(default=list)
    """Codes of `domain.file_warnings` of all its files."""
    reading: Mapped[str] = mapped_column(String(12), default="none")
    """`none`, `waiting` (a job will read the scan), `read`, `unreadable`."""
    proposals: Mapped[list[Any]] = mapped_column(default=list)
    """What was read from the file: field, value, confidence, page, box."""

    leader_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    """To whom it was submitted or passed."""
    at_office: Mapped[bool] = mapped_column(default=False)
    """Submitted, and the chief of office has not proposed a direction yet."""
    proposal: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """The direction that the chief of office proposes: recipients, words, due date."""
    direction: Mapped[str] = mapped_column(Text, default="")
    """The leader's words (bút phê)."""
    directed_at: Mapped[dt.datetime | None]
    lead_unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    handler_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    holder_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    """The one person it waits for, where it waits for one; else everybody with the state's role."""

    due_kind: Mapped[str] = mapped_column(String(10), default="undecided")
    """`none` is a decision (không có thời hạn); `undecided` only before somebody has said."""
    due_at: Mapped[dt.datetime | None]
    due_term: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """How `due_at` came: `{"from": moment, "amount": n, "measure": "working_days", "rule": id}`, or
    `{"day": date, "since": moment of the decision}`: only pauses after the decision move it."""
    first_due_at: Mapped[dt.datetime | None]
    """Before any extension: figures may ask for both."""
    paused_since: Mapped[dt.datetime | None]
    step_due_at: Mapped[dt.datetime | None]
    """When the present step becomes overdue (Art. 4.2c, 23.1)."""
    extensions: Mapped[int] = mapped_column(default=0)

    done_at: Mapped[dt.datetime | None]
    result: Mapped[str] = mapped_column(String(20), default="")
    result_words: Mapped[str] = mapped_column(Text, default="")
    closed_at: Mapped[dt.datetime | None]

    recall_asked_at: Mapped[dt.datetime | None]
    recall_reason: Mapped[str] = mapped_column(String(1000), default="")

    chain_length: Mapped[int] = mapped_column(default=0)
    chain_head: Mapped[str] = mapped_column(Sha256, default="")


class IncomingFile(Base):
    """A file of an incoming document, as it was received. Never written to."""

    __tablename__ = "incoming_file"
    __table_args__ = (
        UniqueConstraint("incoming_id", "ordinal"),
        CheckConstraint("kind IN ('main', 'attachment', 'scan', 'envelope', 'work')", name="kind"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    incoming_id: Mapped[int] = mapped_column(ForeignKey("incoming.id"))
    ordinal: Mapped[int]
    kind: Mapped[str] = mapped_column(String(12))
    intake_id: Mapped[int | None] = mapped_column(ForeignKey("intake.id"), index=True)
    """The received file with its verdicts; none for files of our own (`work`)."""
    sha256: Mapped[str] = mapped_column(ForeignKey("blob.sha256"), index=True)
    filename: Mapped[str] = mapped_column(String(200), default="")
    media_type: Mapped[str] = mapped_column(String(100), default="")
    pages: Mapped[int] = mapped_column(default=0)
    quarantined: Mapped[bool] = mapped_column(default=False)
    warnings: Mapped[list[Any]] = mapped_column(default=list)
    added_at: Mapped[dt.datetime]
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class IncomingPart(Base):
    """A recipient of an incoming document: a unit, or a person of one, with what they have to do and until when."""

    __tablename__ = "incoming_part"
    __table_args__ = (
        CheckConstraint("part IN ('lead', 'coordinate', 'inform')", name="part"),
        CheckConstraint("state IN ('open', 'in_progress', 'done', 'ended')", name="state"),
        CheckConstraint("(state IN ('done', 'ended')) = (ended_at IS NOT NULL)", name="ended_has_date"),
        Index(
            "uq_incoming_part_lead",
            "incoming_id",
            unique=True,
            sqlite_where=text("part = 'lead' AND state <> 'ended'"),
            postgresql_where=text("part = 'lead' AND state <> 'ended'"),
        ),
        Index("ix_incoming_part_unit", "unit_id", "incoming_id"),
        Index("ix_incoming_part_person", "person_id", "agency_id", "incoming_id"),
        Index("ix_incoming_part_unit_number", "unit_id", "year", "number", "incoming_id"),
        Index("ix_incoming_part_person_number", "person_id", "agency_id", "year", "number", "incoming_id"),
        Index("ix_incoming_part_document", "incoming_id", "id"),
        Index("ix_incoming_part_late", "due_at"),
        Index("ix_incoming_part_open", "unit_id", "due_at", "id", sqlite_where=text("ended_at IS NULL"),
              postgresql_where=text("ended_at IS NULL")),
        Index("ix_incoming_part_overdue", "agency_id", "due_at", "id", sqlite_where=text("ended_at IS NULL"),
              postgresql_where=text("ended_at IS NULL")),
        Index("ix_incoming_part_mine", "person_id", "id", sqlite_where=text("ended_at IS NULL"),
              postgresql_where=text("ended_at IS NULL")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    incoming_id: Mapped[int] = mapped_column(ForeignKey("incoming.id"))
    agency_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    year: Mapped[int | None]
    number: Mapped[int | None]
    """Agency and arrival number of the document, which do not change once it has parts: lists of a unit or a person
    are read along an index of their parts, whichever of the orders they are in."""
    part: Mapped[str] = mapped_column(String(12))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    """A person where one is named: the lead's handler, a coordinating specialist, who shall know."""
    state: Mapped[str] = mapped_column(String(12), default="open")
    words: Mapped[str] = mapped_column(String(500), default="")
    due_at: Mapped[dt.datetime | None]
    given_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    given_at: Mapped[dt.datetime]
    read_at: Mapped[dt.datetime | None]
    """Read receipt: when the person, or the first of the unit, said that they had read it."""
    read_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    result_words: Mapped[str] = mapped_column(Text, default="")
    ended_at: Mapped[dt.datetime | None]


class IncomingHistory(Base):
    """What happened to an incoming document, append-only; the stored state is its last line's `to_state`."""

    __tablename__ = "incoming_history"
    __table_args__ = (
        UniqueConstraint("incoming_id", "ordinal"),
        Index(
            "ix_incoming_history_reopened", "at", "incoming_id", sqlite_where=REOPENED, postgresql_where=REOPENED
        ),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    incoming_id: Mapped[int] = mapped_column(ForeignKey("incoming.id"))
    ordinal: Mapped[int]
    at: Mapped[dt.datetime]
    action: Mapped[str] = mapped_column(String(20))
    from_state: Mapped[str] = mapped_column(String(20))
    to_state: Mapped[str] = mapped_column(String(20))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    post_id: Mapped[int | None] = mapped_column(ForeignKey("post.id"))
    remark: Mapped[str] = mapped_column(Text, default="")
    held_by: Mapped[str] = mapped_column(String(12), default="")
    """`domain.incoming.Holder` who had it since the line before."""
    held_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    held_unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    held_minutes: Mapped[int] = mapped_column(default=0)
    """Working minutes since the line before."""
