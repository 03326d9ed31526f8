"""When a team was done at a unit."""

from __future__ import annotations

import datetime as dt

from workflow.domain.errors import BadInput, NotFound
from workflow.domain.inspections import Act
from workflow.domain.people import Actor
from workflow.services.inspections.ground import begin, tell
from workflow.services.journal import local_day
from workflow.store import inspections as store
from workflow.store.models import InspectionUnit
from workflow.store.session import UnitOfWork


def inspected(
    uow: UnitOfWork, actor: Actor, *, inspection_id: int, unit_id: int, inspected_on: dt.date, now: dt.datetime
) -> InspectionUnit:
    """Put it on record: a day of the inspection that is not to come."""
    row, _standings = begin(uow, actor, inspection_id, Act.VISIT, now=now)
    found = [one for one, _unit in store.units_of(uow.session, row.id) if one.unit_id == unit_id]
    if not found:
        raise NotFound("inspection_unit_not_found")
    if not row.first_day <= inspected_on <= min(row.last_day, local_day(now)):
        raise BadInput("inspection_visit_day")
    before = found[0].inspected_on
    found[0].inspected_on = inspected_on
    uow.flush()
    told = {"unit": unit_id, "before": before.isoformat() if before else None, "on": inspected_on.isoformat()}
    tell(uow, actor, row.id, "inspection:unit:inspected", told, now=now)
    return found[0]
