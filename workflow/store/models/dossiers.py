"""Dossiers: retention, the yearly file plan, dossiers with documents and history, what went to the archive."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from workflow.store.base import Base, Id

TERM = "({column} BETWEEN 1 AND 70 OR {column} = 1000)"
"""`domain.retention.is_term`."""
LIVES = text("state <> 'cancelled'")
WAITS = text("state = 'closed' AND due_on IS NOT NULL")


class RetentionRule(Base):
    """A line of the retention table: which papers are kept how long, and where that is written."""

    __tablename__ = "retention_rule"
    __table_args__ = (CheckConstraint(TERM.format(column="years"), name="years"), UniqueConstraint("title"))

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    title: Mapped[str] = mapped_column(String(300))
    years: Mapped[int]
    """`domain.retention.PERMANENT` for ever."""
    basis: Mapped[str] = mapped_column(String(200))
    example: Mapped[bool] = mapped_column(default=False)
    """Came with the program to show the form: no line of a circular."""
    active: Mapped[bool] = mapped_column(default=True)


class FilePlan(Base):
    """An agency's file plan of a year (Danh mục hồ sơ, Decree 30/2020, Art. 28)."""

    __tablename__ = "file_plan"
    __table_args__ = (
        UniqueConstraint("agency_id", "year"),
        CheckConstraint("state IN ('draft', 'submitted', 'approved')", name="state"),
        CheckConstraint("(state = 'approved') = (approved_at IS NOT NULL)", name="approved_has_date"),
        CheckConstraint("(approved_at IS NULL) = (approved_by_id IS NULL)", name="approved_has_person"),
        CheckConstraint("digital_term IN ('general', 'digital')", name="digital_term"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    year: Mapped[int]
    state: Mapped[str] = mapped_column(String(10), default="draft")
    version: Mapped[int] = mapped_column(default=1)
    digital_term: Mapped[str] = mapped_column(String(12), default="digital")
    """When digital dossiers of the year go to the archive: the head decides it with the plan."""
    remark: Mapped[str] = mapped_column(String(500), default="")
    """Why it was returned or is revised."""
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[dt.datetime]
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    approved_at: Mapped[dt.datetime | None]


class PlanEntry(Base):
    """A line of a file plan: the dossier that somebody is going to make."""

    __tablename__ = "plan_entry"
    __table_args__ = (
        UniqueConstraint("plan_id", "notation"),
        CheckConstraint(TERM.format(column="years"), name="years"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("file_plan.id"))
    notation: Mapped[str] = mapped_column(String(20))
    """`01.TCCB`."""
    title: Mapped[str] = mapped_column(String(500))
    years: Mapped[int]
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    maker_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    """Who is to make it; everybody of the unit where nobody is named."""
    note: Mapped[str] = mapped_column(String(200), default="")


class Dossier(Base):
    """A dossier. `version` moves with every act; CHECKs tie a state to its dates."""

    __tablename__ = "dossier"
    __table_args__ = (
        CheckConstraint("state IN ('open', 'closed', 'transferred', 'cancelled')", name="state"),
        CheckConstraint("(state IN ('closed', 'transferred')) = (ended_on IS NOT NULL)", name="closed_has_end"),
        CheckConstraint("(state = 'transferred') = (transfer_id IS NOT NULL)", name="transferred_has_list"),
        CheckConstraint("ended_on IS NULL OR ended_on >= started_on", name="dates"),
        CheckConstraint("(entry_id IS NULL) = (outside_reason <> '')", name="outside_has_reason"),
        CheckConstraint(TERM.format(column="years"), name="years"),
        CheckConstraint(TERM.format(column="own_years"), name="own_years"),
        CheckConstraint("years >= own_years", name="longest"),
        CheckConstraint("(kept_until IS NULL) = (consent = '')", name="kept_has_consent"),
        CheckConstraint("kept_until IS NULL OR due_on IS NOT NULL", name="kept_was_due"),
        CheckConstraint("term IN ('general', 'construction', 'digital')", name="term"),
        Index("uq_dossier_notation", "agency_id", "year", "notation", unique=True, sqlite_where=LIVES,
              postgresql_where=LIVES),
        Index("uq_dossier_entry", "entry_id", unique=True, sqlite_where=LIVES, postgresql_where=LIVES),
        UniqueConstraint("maker_id", "once_key"),
        Index("ix_dossier_agency", "agency_id", "id"),
        Index("ix_dossier_unit", "unit_id", "id"),
        Index("ix_dossier_maker", "maker_id", "state", "id"),
        Index("ix_dossier_waits", "agency_id", "due_on", "id", sqlite_where=WAITS, postgresql_where=WAITS),
        Index("ix_dossier_transfer", "transfer_id"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    once_key: Mapped[str | None] = mapped_column(String(64))
    """The form that opened it: sent twice, it opens one."""
    agency_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    maker_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    """Người lập."""
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("plan_entry.id"))
    outside_reason: Mapped[str] = mapped_column(String(500), default="")
    """Why it stands in no file plan."""
    year: Mapped[int]
    notation: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(500))
    title_folded: Mapped[str] = mapped_column(String(500))
    description: Mapped[str] = mapped_column(String(500), default="")

    own_years: Mapped[int]
    """The retention that people fixed."""
    years: Mapped[int]
    """The longest of that and of its documents' (Law on Archives, Art. 15.4)."""
    term: Mapped[str] = mapped_column(String(12))
    """`domain.retention.HandOverTerm`."""

    state: Mapped[str] = mapped_column(String(12), default="open")
    version: Mapped[int] = mapped_column(default=1)
    state_since: Mapped[dt.datetime]
    started_on: Mapped[dt.date] = mapped_column(Date)
    ended_on: Mapped[dt.date | None] = mapped_column(Date)
    """The day the work ended: what retention and the hand-over term count from."""
    due_on: Mapped[dt.date | None] = mapped_column(Date)
    """The last day to hand it to the archive, consent to keep it counted in; empty where it stays in the unit."""
    kept_until: Mapped[dt.date | None] = mapped_column(Date)
    consent: Mapped[str] = mapped_column(String(300), default="")
    """Number, symbol and day of the written consent."""
    transfer_id: Mapped[int | None] = mapped_column(ForeignKey("archive_transfer.id"))


class DossierDocument(Base):
    """A document in a dossier, in its place; it may stand in several dossiers (Decree 30/2020, Annex VI)."""

    __tablename__ = "dossier_document"
    __table_args__ = (
        CheckConstraint("(outgoing_id IS NULL) <> (incoming_id IS NULL)", name="one_document"),
        CheckConstraint(f"years IS NULL OR {TERM.format(column='years')}", name="years"),
        UniqueConstraint("dossier_id", "ordinal"),
        UniqueConstraint("dossier_id", "outgoing_id"),
        UniqueConstraint("dossier_id", "incoming_id"),
        Index("ix_dossier_document_outgoing", "outgoing_id"),
        Index("ix_dossier_document_incoming", "incoming_id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    dossier_id: Mapped[int] = mapped_column(ForeignKey("dossier.id"))
    ordinal: Mapped[int]
    outgoing_id: Mapped[int | None] = mapped_column(ForeignKey("outgoing.id"))
    incoming_id: Mapped[int | None] = mapped_column(ForeignKey("incoming.id"))
    years: Mapped[int | None]
    """Its own retention, where it is known to differ from the dossier's."""
    note: Mapped[str] = mapped_column(String(200), default="")
    added_at: Mapped[dt.datetime]
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class DossierHistory(Base):
    """What happened to a dossier, append-only; the stored state is its last line's `to_state`.

    A line about a document names it by key only: whoever may not see the document is not shown the line.
    """

    __tablename__ = "dossier_history"
    __table_args__ = (UniqueConstraint("dossier_id", "ordinal"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    dossier_id: Mapped[int] = mapped_column(ForeignKey("dossier.id"))
    ordinal: Mapped[int]
    at: Mapped[dt.datetime]
    action: Mapped[str] = mapped_column(String(12))
    from_state: Mapped[str] = mapped_column(String(12))
    to_state: Mapped[str] = mapped_column(String(12))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    post_id: Mapped[int | None] = mapped_column(ForeignKey("post.id"))
    outgoing_id: Mapped[int | None] = mapped_column(ForeignKey("outgoing.id"))
    incoming_id: Mapped[int | None] = mapped_column(ForeignKey("incoming.id"))
    remark: Mapped[str] = mapped_column(Text, default="")


class ArchiveTransfer(Base):
    """One hand-over of dossiers to the agency's archive, append-only: what went there, as it stood that day."""

    __tablename__ = "archive_transfer"
    __table_args__ = (UniqueConstraint("agency_id", "year", "number"), CheckConstraint("number > 0", name="number"))

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    year: Mapped[int]
    number: Mapped[int]
    at: Mapped[dt.datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    receiver: Mapped[str] = mapped_column(String(200))
    """Who took the dossiers over for the archive."""
    words: Mapped[str] = mapped_column(String(500), default="")
    body: Mapped[dict[str, Any]]
    """`{"dossiers": [{"id", "notation", "title", "from", "to", "years", "pages", "note", "documents": [{"symbol",
    "day", "subject", "author", "pages", "note"}]}]}`: both lists are drawn from it."""
