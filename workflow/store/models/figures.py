"""Closed months: what was frozen, what was adjusted since, and what the nightly recount found."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from workflow.store.base import Base, Id, Sha256


class FrozenMonth(Base):
    """The figures of an agency's month as they were closed (Chốt số liệu). Never changed, never reopened."""

    __tablename__ = "frozen_month"
    __table_args__ = (UniqueConstraint("agency_id", "month"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    month: Mapped[str] = mapped_column(String(7))
    cut_off: Mapped[dt.datetime]
    """When it was counted: what was done later is an adjustment."""
    definition: Mapped[str] = mapped_column(String(20))
    things: Mapped[int]
    """How many facts the list has."""
    body: Mapped[bytes] = mapped_column(LargeBinary)
    """The canonical content (`domain.freezing.content`), compressed."""
    digest: Mapped[str] = mapped_column(Sha256)
    """SHA-256 of the content before compression; the journal names it too."""
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    """Who closed it by hand; None: the clock did."""
    reason: Mapped[str] = mapped_column(String(500), default="")


class UnitMonth(Base):
    """A row of a frozen month: so many things of a unit and person in a population, with one value."""

    __tablename__ = "unit_month"
    __table_args__ = (
        CheckConstraint("number > 0", name="number"),
        Index("ix_unit_month_frozen", "frozen_id", "id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    frozen_id: Mapped[int] = mapped_column(ForeignKey("frozen_month.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    population: Mapped[str] = mapped_column(String(15))
    value: Mapped[str] = mapped_column(String(30))
    number: Mapped[int]


class FigureAdjustment(Base):
    """A lawful change of a closed month: which thing, from what to what, by which act, when it was found."""

    __tablename__ = "figure_adjustment"
    __table_args__ = (
        UniqueConstraint("frozen_id", "ordinal"),
        CheckConstraint("value_before <> '' OR value_after <> ''", name="something"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    frozen_id: Mapped[int] = mapped_column(ForeignKey("frozen_month.id"))
    ordinal: Mapped[int]
    population: Mapped[str] = mapped_column(String(15))
    item: Mapped[int]
    unit_before: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    person_before: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    value_before: Mapped[str] = mapped_column(String(30), default="")
    """Empty: it was not counted there at all."""
    unit_after: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    person_after: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    value_after: Mapped[str] = mapped_column(String(30), default="")
    cause: Mapped[str] = mapped_column(String(15))
    journal_id: Mapped[int] = mapped_column(ForeignKey("journal.id"))
    """The entry that tells of the act."""
    acted_at: Mapped[dt.datetime]
    found_at: Mapped[dt.datetime]


class FigureDrift(Base):
    """A difference that no act explains. `gone_at`: a later recount did not find it any more."""

    __tablename__ = "figure_drift"
    __table_args__ = (Index("ix_figure_drift_frozen", "frozen_id", "id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    frozen_id: Mapped[int] = mapped_column(ForeignKey("frozen_month.id"))
    population: Mapped[str] = mapped_column(String(15), default="")
    item: Mapped[int] = mapped_column(default=0)
    broken: Mapped[str] = mapped_column(String(15), default="")
    """`domain.freezing.Broken`, where the frozen rows themselves are not as they were."""
    expected: Mapped[str] = mapped_column(Text, default="")
    found: Mapped[str] = mapped_column(Text, default="")
    """`unit:person:value`, empty where it is not counted."""
    found_at: Mapped[dt.datetime]
    gone_at: Mapped[dt.datetime | None]


class MonthRecount(Base):
    """When a closed month was counted again last, and how it came out."""

    __tablename__ = "month_recount"

    frozen_id: Mapped[int] = mapped_column(ForeignKey("frozen_month.id"), primary_key=True)
    at: Mapped[dt.datetime] = mapped_column(index=True)
    adjustments: Mapped[int] = mapped_column(default=0)
    drifts: Mapped[int] = mapped_column(default=0)
