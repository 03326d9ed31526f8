"""Closed months: what was frozen, what was adjusted since, what the nightly recount found; figures that people
enter, and targets."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    text,
)
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


class EnteredIndicator(Base):
    """An indicator whose figures people enter: what it means, how it is read, which way it is good."""

    __tablename__ = "entered_indicator"
    __table_args__ = (
        CheckConstraint("shape IN ('share', 'parts', 'value', 'rank')", name="shape"),
        CheckConstraint("better IN ('higher', 'lower', 'neither')", name="better"),
        Index("ix_entered_indicator_agency", "agency_id", "id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    name: Mapped[str] = mapped_column(String(120))
    name_en: Mapped[str] = mapped_column(String(120), default="")
    about: Mapped[str] = mapped_column(String(1000))
    """What counts and what does not, in the words of the paper that asks for it."""
    about_en: Mapped[str] = mapped_column(String(1000), default="")
    shape: Mapped[str] = mapped_column(String(10))
    """`domain.entered.Shape`."""
    parts: Mapped[list[Any]] = mapped_column(default=list)
    """Of one in parts: what they are called."""
    better: Mapped[str] = mapped_column(String(10), default="higher")
    decimals: Mapped[int] = mapped_column(default=2)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[dt.datetime]


class EnteredFigure(Base):
    """One figure of a unit and period with its source. A correction is a row that replaces another; both stay."""

    __tablename__ = "entered_figure"
    __table_args__ = (
        UniqueConstraint("replaces_id"),
        Index("uq_entered_figure_first", "indicator_id", "unit_id", "period", unique=True,
              sqlite_where=text("replaces_id IS NULL"), postgresql_where=text("replaces_id IS NULL")),
        Index("ix_entered_figure_ends", "agency_id", "ends", "id"),
        Index("ix_entered_figure_first", "first_id", "id"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    indicator_id: Mapped[int] = mapped_column(ForeignKey("entered_indicator.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    period: Mapped[str] = mapped_column(String(24))
    """A key of `domain.periods`."""
    ends: Mapped[dt.date] = mapped_column(Date)
    """Its last day: with the month of this day it is frozen."""
    figure: Mapped[str] = mapped_column(String(20))
    """As `domain.entered` writes it: `3350/3351`, `36+114/156`, `97.75`, `r11/15~8`."""
    source: Mapped[str] = mapped_column(String(500))
    """The paper or system it was taken from."""
    link: Mapped[str] = mapped_column(String(300), default="")
    """Where that is: an address of ours or of the outside."""
    by_file: Mapped[bool] = mapped_column(default=False)
    entered_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    entered_at: Mapped[dt.datetime]
    reason: Mapped[str] = mapped_column(String(500), default="")
    """Why it was corrected."""
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("entered_figure.id"))
    first_id: Mapped[int | None] = mapped_column(ForeignKey("entered_figure.id"))
    """The first one of its line; empty for that one itself."""


class FigureTarget(Base):
    """A target of an indicator for a unit and what is below it, from a month on. The newest row that covers a month
    counts; rows are only added, and one without a percentage takes the target away."""

    __tablename__ = "figure_target"
    __table_args__ = (Index("ix_figure_target_agency", "agency_id", "indicator", "id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    indicator: Mapped[str] = mapped_column(String(30))
    """A name of `domain.indicators`, or `entered:12`."""
    goal: Mapped[str] = mapped_column(String(20))
    """A decimal number; empty: there is no target in that time."""
    first_month: Mapped[str] = mapped_column(String(7))
    last_month: Mapped[str] = mapped_column(String(7), default="")
    """Empty: until another one is set."""
    reason: Mapped[str] = mapped_column(String(500))
    set_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    set_at: Mapped[dt.datetime]
