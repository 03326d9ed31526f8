"""What a team drew, found and was promised; of an inspection that the caller has found."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from workflow.domain.inspections import Tally
from workflow.store.models import Commitment, Finding, InspectionUnit


@dataclass(frozen=True, slots=True)
class Standing:
    """Findings by state; `late` of those still open."""

    findings: int
    open: int
    corrected: int
    accepted: int
    late: int


def standing(session: Session, inspection_id: int, *, today: dt.date) -> Standing:
    """How many findings stand where."""
    state = Finding.state
    counts = [
        func.count(),
        *(func.sum(case((state == word, 1), else_=0)) for word in ("open", "corrected", "accepted")),
        func.sum(case(((state == "open") & (Finding.due_on < today), 1), else_=0)),
    ]
    row = session.execute(select(*counts).where(Finding.inspection_id == inspection_id)).one()
    return Standing(*(int(value or 0) for value in row))


def tallies(session: Session, inspection_id: int) -> dict[str, Tally]:
    """`commitment`, `plan`: done of all; `units`: inspected of all."""
    done = func.sum(case((Commitment.state == "done", 1), else_=0))
    query = select(Commitment.kind, done, func.count()).where(Commitment.inspection_id == inspection_id)
    made = {
        kind: Tally(int(some or 0), whole) for kind, some, whole in session.execute(query.group_by(Commitment.kind))
    }
    visited = func.count(InspectionUnit.inspected_on)
    row = session.execute(select(visited, func.count()).where(InspectionUnit.inspection_id == inspection_id)).one()
    none = Tally(0, 0)
    return {"commitment": none, "plan": none, **made, "units": Tally(row[0], row[1])}
