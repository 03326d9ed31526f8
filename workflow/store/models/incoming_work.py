"""What belongs to the work on an incoming document: pauses, extensions, explanations, urging, links, phrases."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from workflow.store.base import Base, Id

OWED = text("state IN ('owed', 'sent_back')")
UNACCEPTED = text("state <> 'accepted'")
OURS = text("state = 'accepted' AND cause = 'subjective'")
"""The office's own doing, which may owe an apology."""


class Pause(Base):
    """A time in which the clock stood still: the office waited for somebody outside."""

    __tablename__ = "incoming_pause"
    __table_args__ = (
        CheckConstraint("ended_at IS NULL OR ended_at >= began_at", name="order"),
        Index("uq_incoming_pause_open", "incoming_id", unique=True, sqlite_where=text("ended_at IS NULL"),
              postgresql_where=text("ended_at IS NULL")),
        Index("ix_incoming_pause_document", "incoming_id", "id"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    incoming_id: Mapped[int] = mapped_column(ForeignKey("incoming.id"))
    began_at: Mapped[dt.datetime]
    ended_at: Mapped[dt.datetime | None]
    reason: Mapped[str] = mapped_column(String(500))
    began_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class Extension(Base):
    """Somebody asked for a later due date; a leader grants or refuses it (gia hạn)."""

    __tablename__ = "incoming_extension"
    __table_args__ = (
        CheckConstraint("state IN ('asked', 'granted', 'refused', 'withdrawn')", name="state"),
        CheckConstraint("(state = 'asked') = (decided_at IS NULL)", name="decided_has_date"),
        CheckConstraint("kind IN ('inside', 'between')", name="kind"),
        Index("ix_incoming_extension_document", "incoming_id", "id"),
        Index("ix_incoming_extension_asked_at", "asked_at"),
        Index("uq_incoming_extension_asked", "incoming_id", unique=True, sqlite_where=text("state = 'asked'"),
              postgresql_where=text("state = 'asked'")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    incoming_id: Mapped[int] = mapped_column(ForeignKey("incoming.id"))
    kind: Mapped[str] = mapped_column(String(10), default="inside")
    """`between`: another office set the date and is asked; our leader approves that it is."""
    office: Mapped[str] = mapped_column(String(200), default="")
    """The other office, where one is asked."""
    state: Mapped[str] = mapped_column(String(10), default="asked")
    due_before: Mapped[dt.datetime]
    due_wanted: Mapped[dt.datetime]
    due_granted: Mapped[dt.datetime | None]
    reason: Mapped[str] = mapped_column(String(1000))
    answer: Mapped[str] = mapped_column(String(1000), default="")
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[dt.datetime]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[dt.datetime | None]


class Explanation(Base):
    """Why something is late (giải trình): demanded of whoever held it, given in writing, accepted or sent back."""

    __tablename__ = "incoming_explanation"
    __table_args__ = (
        CheckConstraint("state IN ('owed', 'given', 'accepted', 'sent_back')", name="state"),
        CheckConstraint("cause IN ('', 'subjective', 'objective')", name="cause"),
        CheckConstraint("(state IN ('given', 'accepted')) <= (given_at IS NOT NULL)", name="given_has_date"),
        CheckConstraint("(state = 'accepted') <= (cause <> '')", name="accepted_has_cause"),
        UniqueConstraint("incoming_id", "person_id", "lateness"),
        Index("ix_incoming_explanation_owed", "person_id", "due_at", sqlite_where=OWED, postgresql_where=OWED),
        Index("ix_incoming_explanation_document", "incoming_id", "id"),
        Index("ix_incoming_explanation_ours", "decided_at", sqlite_where=OURS, postgresql_where=OURS),
        Index("ix_incoming_explanation_open", "demanded_at", sqlite_where=UNACCEPTED, postgresql_where=UNACCEPTED),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    incoming_id: Mapped[int] = mapped_column(ForeignKey("incoming.id"))
    lateness: Mapped[str] = mapped_column(String(40))
    """Which due moment was missed (ISO, UTC), after `part:12:` that of a coordinating part: a document extended and
    late again owes another one."""
    missed_at: Mapped[dt.datetime]
    """The same due moment, to be asked by."""
    part_id: Mapped[int | None] = mapped_column(ForeignKey("incoming_part.id"), index=True)
    """The coordinating part that was late; none where the document was."""
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    held_by: Mapped[str] = mapped_column(String(12))
    state: Mapped[str] = mapped_column(String(10), default="owed")
    demanded_at: Mapped[dt.datetime] = mapped_column(index=True)
    demanded_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    due_at: Mapped[dt.datetime]
    cause: Mapped[str] = mapped_column(String(12), default="")
    words: Mapped[str] = mapped_column(Text, default="")
    given_at: Mapped[dt.datetime | None] = mapped_column(index=True)
    answer: Mapped[str] = mapped_column(String(1000), default="")
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[dt.datetime | None] = mapped_column(index=True)


class Urging(Base):
    """Somebody was urged to go on (đôn đốc): by whom, with what words."""

    __tablename__ = "incoming_urging"
    __table_args__ = (Index("ix_incoming_urging_document", "incoming_id", "id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    incoming_id: Mapped[int] = mapped_column(ForeignKey("incoming.id"))
    at: Mapped[dt.datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    words: Mapped[str] = mapped_column(String(1000))
    seen_at: Mapped[dt.datetime | None]


class Reply(Base):
    """An outgoing document answers an incoming one; issued, it closes what it answers where `closes`."""

    __tablename__ = "reply"
    __table_args__ = (
        UniqueConstraint("incoming_id", "outgoing_id"),
        CheckConstraint("kind IN ('answer', 'apology')", name="kind"),
        Index("ix_reply_outgoing", "outgoing_id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    incoming_id: Mapped[int] = mapped_column(ForeignKey("incoming.id"))
    outgoing_id: Mapped[int] = mapped_column(ForeignKey("outgoing.id"))
    kind: Mapped[str] = mapped_column(String(10), default="answer")
    closes: Mapped[bool] = mapped_column(default=True)
    linked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    linked_at: Mapped[dt.datetime]


class DeadlineRule(Base):
    """An agency's own term for a type of document, perhaps in one unit only (Art. 24.2)."""

    __tablename__ = "deadline_rule"
    __table_args__ = (
        CheckConstraint("measure IN ('none', 'days', 'working_days', 'hours')", name="measure"),
        CheckConstraint("(measure = 'none') = (amount = 0)", name="amount"),
        Index("ix_deadline_rule_agency", "agency_id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    type_code: Mapped[str | None] = mapped_column(ForeignKey("document_type.code"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    measure: Mapped[str] = mapped_column(String(15))
    amount: Mapped[int] = mapped_column(default=0)
    basis: Mapped[str] = mapped_column(String(200), default="")
    """The working regulation that says so."""
    active: Mapped[bool] = mapped_column(default=True)


class Phrase(Base):
    """Words of direction that a leader uses again and again; the most used ones come first."""

    __tablename__ = "phrase"
    __table_args__ = (UniqueConstraint("person_id", "words"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    words: Mapped[str] = mapped_column(String(300))
    used: Mapped[int] = mapped_column(default=0)


class SavedView(Base):
    """A filtered list that somebody gave a name: only its address is kept."""

    __tablename__ = "saved_view"
    __table_args__ = (UniqueConstraint("person_id", "page", "name"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    page: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(60))
    query: Mapped[str] = mapped_column(String(1000))


class Handover(Base):
    """One act by which everything open in a post went to others, with its record (biên bản bàn giao)."""

    __tablename__ = "handover"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"), index=True)
    to_post_id: Mapped[int | None] = mapped_column(ForeignKey("post.id"))
    at: Mapped[dt.datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str] = mapped_column(String(500))
    body: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """`{"lines": [{"kind", "id", "words", "state", "to"}]}`: what went where. The record is drawn from it."""
