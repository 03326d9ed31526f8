"""How many working hours a document may wait for a signature before it is backlog: an agency's own number, changed
with a reason. What held at a moment is read from the journal, so that a month counted again comes out the same."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Iterable

from workflow.domain.errors import BadInput, Conflict, Refused
from workflow.domain.people import Actor
from workflow.domain.permissions import Scope
from workflow.services.figures import own_settings
from workflow.services.figures.own_settings import subject
from workflow.store import month_stands
from workflow.store.session import UnitOfWork

NOBODY = Scope(agency_ids=())
USUAL, LEAST, MOST = 8, 1, 400
"""Working hours; eight are a working day."""


HOURS = own_settings.number(name="backlog", key="hours", tag="figures:backlog:changed", usual=USUAL)


def hours(uow: UnitOfWork, agency_id: int) -> int:
    """What holds now."""
    return HOURS.of(uow, agency_id)


def hours_at(uow: UnitOfWork, agencies: Collection[int], *, at: dt.datetime) -> dict[int, int]:
    """What held at a moment, of each agency. One query."""
    rows = month_stands.told(NOBODY, uow.session, hours_of=[subject(one) for one in agencies])
    return hours_then([(row.subject, row.at, row.body) for row in rows], agencies, at=at)


def hours_then(
    told: Iterable[tuple[str, dt.datetime, str]], agencies: Collection[int], *, at: dt.datetime
) -> dict[int, int]:
    """The same from (subject, when, body) of every change, the oldest of each agency first."""
    held = dict.fromkeys((subject(one) for one in agencies), USUAL)
    for about, when, body in told:
        if about in held and when < at:
            held[about] = int(json.loads(body)["facts"]["after"])
    return {one: held[subject(one)] for one in agencies}


def change(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, wanted: int, seen: int, reason: str, now: dt.datetime
) -> int:
    """Count the backlog of the actor's agency by another number from now on; the one that held before.

    Raises `BadInput` (`reason_needed`, `backlog_hours`), `Conflict("backlog_changed")`, `Refused("backlog_same")`.
    """
    own_settings.own_agency(actor, scope)
    return HOURS.change(
        uow, actor, wanted=wanted, seen=seen, reason=reason, now=now, check=lambda: _demand_hours(wanted),
        outrun=Conflict("backlog_changed"), same=Refused("backlog_same"),
    )  # fmt: skip


def _demand_hours(wanted: int) -> None:
    if not LEAST <= wanted <= MOST:
        raise BadInput("backlog_hours", least=LEAST, most=MOST)
