"""A newcomer finds an inspection going on, targets, and figures that people entered."""

from __future__ import annotations

from sqlalchemy import func, select

from workflow.store.models import (
    Commitment,
    EnteredFigure,
    FigureAdjustment,
    FigureTarget,
    Finding,
    Inspection,
    InspectionLook,
    InspectionMember,
    InspectionSample,
    InspectionSampleItem,
)
from workflow.store.session import UnitOfWork


def test_an_inspection_goes_on_and_figures_have_their_source(uow: UnitOfWork) -> None:
    """One team of two with a sample, a finding due and a promise; months were closed with what was entered."""
    row = uow.session.scalars(select(Inspection)).one()
    assert row.ended_at is None
    for table, number in (
        (InspectionMember, 2), (InspectionSample, 1), (InspectionSampleItem, 10), (Finding, 1), (Commitment, 1),
        (InspectionLook, 1), (FigureTarget, 8), (EnteredFigure, 6),
    ):  # fmt: skip
        assert uow.session.scalar(select(func.count()).select_from(table)) == number, table
    assert uow.session.scalar(select(func.min(EnteredFigure.source)))
    late = select(func.count()).where(FigureAdjustment.population == "entered")
    assert uow.session.scalar(late) == 0, "entered before their months were closed"
