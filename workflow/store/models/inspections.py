"""Inspection teams: what founded them, who is in them, which units they look at, what they looked at and found."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from workflow.store.base import Base, Id, Sha256


class Inspection(Base):
    """An inspection as its founding decision says. Its team reads from `first_day` to `last_day` and no longer."""

    __tablename__ = "inspection"
    __table_args__ = (
        CheckConstraint("last_day >= first_day", name="dates"),
        CheckConstraint("period_to >= period_from", name="period"),
        CheckConstraint("decision_symbol <> ''", name="decision"),
        CheckConstraint("(ended_at IS NULL) = (end_reason = '')", name="end_has_reason"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    """Whose inspection it is."""
    decision_symbol: Mapped[str] = mapped_column(String(60))
    decision_day: Mapped[dt.date] = mapped_column(Date)
    decision_agency: Mapped[str] = mapped_column(String(200))
    """Who issued the decision."""
    decision_id: Mapped[int | None] = mapped_column(ForeignKey("outgoing.id"))
    """The decision, where it was issued here."""
    purpose: Mapped[str] = mapped_column(String(500))
    period_from: Mapped[dt.date] = mapped_column(Date)
    period_to: Mapped[dt.date] = mapped_column(Date)
    """The period that is looked at."""
    first_day: Mapped[dt.date] = mapped_column(Date)
    last_day: Mapped[dt.date] = mapped_column(Date)
    founded_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    founded_at: Mapped[dt.datetime]
    ended_at: Mapped[dt.datetime | None]
    """Ended before its last day."""
    end_reason: Mapped[str] = mapped_column(String(500), default="")
    report_id: Mapped[int | None] = mapped_column(ForeignKey("outgoing.id"))
    """The draft of the report on its results."""


class InspectionMember(Base):
    """Somebody of a team, in a post; out of it with the post, the last day, or a revocation."""

    __tablename__ = "inspection_member"
    __table_args__ = (
        CheckConstraint("last_day >= first_day", name="dates"),
        CheckConstraint("(revoked_at IS NULL) = (revoke_reason = '')", name="revocation_has_reason"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    inspection_id: Mapped[int] = mapped_column(ForeignKey("inspection.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"))
    leads: Mapped[bool] = mapped_column(default=False)
    first_day: Mapped[dt.date] = mapped_column(Date)
    last_day: Mapped[dt.date] = mapped_column(Date)
    granted_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    granted_at: Mapped[dt.datetime]
    revoked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    revoked_at: Mapped[dt.datetime | None]
    revoke_reason: Mapped[str] = mapped_column(String(500), default="")


class InspectionUnit(Base):
    """A unit that the decision names: an agency with all its parts, or one part with what lies below it."""

    __tablename__ = "inspection_unit"
    __table_args__ = (UniqueConstraint("inspection_id", "unit_id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    inspection_id: Mapped[int] = mapped_column(ForeignKey("inspection.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    inspected_on: Mapped[dt.date | None] = mapped_column(Date)
    """When the team was done there; none: still planned."""


class InspectionLook(Base):
    """One look of a member at an inspected unit's papers; the journal has it too."""

    __tablename__ = "inspection_look"
    __table_args__ = (
        Index("ix_inspection_look_inspection", "inspection_id", "id"),
        Index("ix_inspection_look_under", "under_id", "id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    inspection_id: Mapped[int] = mapped_column(ForeignKey("inspection.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("inspection_member.id"))
    at: Mapped[dt.datetime]
    kind: Mapped[str] = mapped_column(String(20))
    subject: Mapped[str] = mapped_column(String(40), default="")
    """`outgoing:17`, `incoming:4`, `dossier:2`; empty for a list."""
    page: Mapped[str] = mapped_column(String(300))
    """The address that was opened."""
    under_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    """The inspected unit whose papers they were; none: a list over all units of the inspection."""


class StandingLook(Base):
    """One look in a standing post of an inspector, written before it was shown; the journal has it too."""

    __tablename__ = "standing_look"
    __table_args__ = (
        Index("ix_standing_look_agency", "agency_id", "id"),
        Index("ix_standing_look_of", "of_id", "id"),
        Index("ix_standing_look_post", "post_id", "id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    """Who looked: the holder of the post, or who looks after their desk."""
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"))
    of_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    """The agency of the post."""
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    """Whose papers or figures; none: a list over all that the post reaches."""
    at: Mapped[dt.datetime]
    kind: Mapped[str] = mapped_column(String(20))
    subject: Mapped[str] = mapped_column(String(40), default="")
    page: Mapped[str] = mapped_column(String(300))


class InspectionSample(Base):
    """A random sample: what it was drawn from, with which seed. Never changed, never drawn again instead."""

    __tablename__ = "inspection_sample"
    __table_args__ = (
        CheckConstraint("kind IN ('outgoing', 'incoming')", name="kind"),
        CheckConstraint("size > 0", name="size"),
        Index("ix_inspection_sample_inspection", "inspection_id", "id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    inspection_id: Mapped[int] = mapped_column(ForeignKey("inspection.id"))
    kind: Mapped[str] = mapped_column(String(10))
    unit_ids: Mapped[list[Any]]
    """Inspected units whose documents were drawn from."""
    first: Mapped[dt.date] = mapped_column(Date)
    last: Mapped[dt.date] = mapped_column(Date)
    cut_off: Mapped[dt.datetime]
    """What was issued or registered later is not in the population."""
    seed: Mapped[str] = mapped_column(String(64))
    seed_drawn: Mapped[bool]
    """Drawn by the program; else chosen by the member."""
    size: Mapped[int]
    per_unit: Mapped[bool]
    """`size` from each unit, else from all together."""
    population: Mapped[int]
    list_hash: Mapped[str] = mapped_column(Sha256)
    drawn_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    drawn_at: Mapped[dt.datetime]


class InspectionSampleItem(Base):
    """One document of a sample, in the order in which it was drawn."""

    __tablename__ = "inspection_sample_item"
    __table_args__ = (UniqueConstraint("sample_id", "place"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    sample_id: Mapped[int] = mapped_column(ForeignKey("inspection_sample.id"))
    place: Mapped[int]
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    document_id: Mapped[int] = mapped_column(Id)
    """Of `outgoing` or `incoming`, as the sample's kind says."""
    code: Mapped[str] = mapped_column(String(60))
    sort_key: Mapped[str] = mapped_column(Sha256)


class Finding(Base):
    """What is wrong, by which rule, what is demanded until when; answered by the unit, accepted by the team."""

    __tablename__ = "finding"
    __table_args__ = (
        CheckConstraint("state IN ('open', 'corrected', 'accepted')", name="state"),
        CheckConstraint("(state = 'open') OR (answer <> '')", name="corrected_has_answer"),
        CheckConstraint("(state = 'accepted') = (accepted_at IS NOT NULL)", name="accepted_has_date"),
        UniqueConstraint("inspection_id", "number"),
        Index("ix_finding_unit", "unit_id", "id"),
        Index("ix_finding_due", "due_on", "state"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    inspection_id: Mapped[int] = mapped_column(ForeignKey("inspection.id"))
    number: Mapped[int]
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    documents: Mapped[list[Any]]
    """`[{"subject": "outgoing:17", "name": "15/QĐ-UBND"}]`, as it read then."""
    wrong: Mapped[str] = mapped_column(Text)
    basis: Mapped[str] = mapped_column(String(500))
    demand: Mapped[str] = mapped_column(Text)
    due_on: Mapped[dt.date] = mapped_column(Date)
    state: Mapped[str] = mapped_column(String(10), default="open")
    version: Mapped[int] = mapped_column(default=1)
    noted_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    noted_at: Mapped[dt.datetime]
    answer: Mapped[str] = mapped_column(Text, default="")
    evidence: Mapped[str] = mapped_column(String(500), default="")
    late_reason: Mapped[str] = mapped_column(String(500), default="")
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[dt.datetime | None]
    remark: Mapped[str] = mapped_column(String(500), default="")
    """Why the team's head did not accept the last answer."""
    accepted_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    accepted_at: Mapped[dt.datetime | None]


class Commitment(Base):
    """What a unit promised or planned, until when, and what came of it: done, or not done with the reason."""

    __tablename__ = "commitment"
    __table_args__ = (
        CheckConstraint("state IN ('open', 'done', 'not_done')", name="state"),
        CheckConstraint("kind IN ('commitment', 'plan')", name="kind"),
        CheckConstraint("state <> 'not_done' OR reason <> ''", name="not_done_has_reason"),
        UniqueConstraint("inspection_id", "number"),
        Index("ix_commitment_unit", "unit_id", "id"),
        Index("ix_commitment_due", "due_on", "state"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    inspection_id: Mapped[int] = mapped_column(ForeignKey("inspection.id"))
    number: Mapped[int]
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    words: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(String(12), default="commitment")
    """`plan`: a task of the unit's plan that the inspection counts, no promise made to it."""
    due_on: Mapped[dt.date] = mapped_column(Date)
    state: Mapped[str] = mapped_column(String(10), default="open")
    version: Mapped[int] = mapped_column(default=1)
    reason: Mapped[str] = mapped_column(String(500), default="")
    noted_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    noted_at: Mapped[dt.datetime]
    told_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    told_at: Mapped[dt.datetime | None]
