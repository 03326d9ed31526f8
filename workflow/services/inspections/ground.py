"""What every act on an inspection begins with: the row under its lock, and whether the actor may."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from workflow.domain.errors import NotPermitted
from workflow.domain.inspections import Act, Standing, may
from workflow.domain.people import Actor
from workflow.services.journal import local_day, record
from workflow.store import inspections as store
from workflow.store.models import Inspection
from workflow.store.session import UnitOfWork


def begin(
    uow: UnitOfWork, actor: Actor, inspection_id: int, act: Act, *, now: dt.datetime
) -> tuple[Inspection, frozenset[Standing]]:
    """The inspection, locked, and what the actor is to it.

    Raises `NotFound` for one that the actor does not see, `NotPermitted("inspection_act")` for another's act.
    """
    uow.begin_write()
    today = local_day(now)
    inspection = store.lock(actor, uow.session, inspection_id, today=today)
    found = store.standings(actor, uow.session, inspection, today=today)
    if not may(found, act):
        raise NotPermitted("inspection_act", act=str(act))
    return inspection, found


def tell(
    uow: UnitOfWork, actor: Actor, inspection_id: int, tag: str, facts: Mapping[str, object], *, now: dt.datetime
) -> None:
    """An entry in the inspection's own chain; its row is locked."""
    record(uow, subject=f"inspection:{inspection_id}", tag=tag, facts=facts, actor=actor, now=now)
