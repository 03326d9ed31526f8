"""How many working hours a document may wait for a signature before it is backlog: an agency's own number, changed
with a reason. What held at a moment is read from the journal, so that a month counted again comes out the same."""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Collection
from typing import Any

from workflow.domain.errors import BadInput, Conflict, NotPermitted, Refused
from workflow.domain.people import Actor
from workflow.domain.permissions import Permission, Scope, demand
from workflow.domain.text import clean
from workflow.services import journal
from workflow.store import month_facts, office
from workflow.store.models import Setting
from workflow.store.session import UnitOfWork

USUAL, LEAST, MOST = 8, 1, 400
"""Working hours; eight are a working day."""
WORDS = 500


def hours(uow: UnitOfWork, agency_id: int) -> int:
    """What holds now."""
    own = office.setting(uow.session, _name(agency_id)) or {}
    return int(own.get("hours", USUAL))


def hours_at(uow: UnitOfWork, agencies: Collection[int], *, at: dt.datetime) -> dict[int, int]:
    """What held at a moment, of each agency. One query."""
    told: defaultdict[str, list[tuple[dt.datetime, dict[str, Any]]]] = defaultdict(list)
    for about, when, body in month_facts.backlog_hours_told(uow.session, [_subject(one) for one in agencies]):
        told[about].append((when, json.loads(body)["facts"]))
    found = {}
    for agency in agencies:
        held = USUAL
        for when, facts in told[_subject(agency)]:
            held = int(facts["after"]) if when < at else held
        found[agency] = held
    return found


def change(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, wanted: int, seen: int, reason: str, now: dt.datetime
) -> int:
    """Count the backlog of the actor's agency by another number from now on; the one that held before.

    Raises `BadInput` (`reason_needed`, `backlog_hours`), `Conflict("backlog_changed")`, `Refused("backlog_same")`.
    """
    demand(actor, Permission.MANAGE_SETTINGS)
    agency_id = actor.agency_id
    if agency_id is None or agency_id not in scope.agency_ids:
        raise NotPermitted("no_post")
    words = clean(reason, multiline=True)
    if not words:
        raise BadInput("reason_needed", action="month")
    if not LEAST <= wanted <= MOST:
        raise BadInput("backlog_hours", least=LEAST, most=MOST)
    uow.begin_write()
    office.lock_agency(uow.session, agency_id)
    before = hours(uow, agency_id)
    if before != seen:
        raise Conflict("backlog_changed")
    if before == wanted:
        raise Refused("backlog_same")
    row = uow.session.get(Setting, _name(agency_id))
    if row is None:
        uow.add(Setting(name=_name(agency_id), value={"hours": wanted}))
    else:
        row.value = {"hours": wanted}
    facts = {"before": before, "after": wanted, "reason": words[:WORDS]}
    journal.record(
        uow, subject=_subject(agency_id), tag="figures:backlog:changed", facts=facts, actor=actor, now=now
    )
    return before


def _subject(agency_id: int) -> str:
    """The chain of the agency's figures (`closing.subject`)."""
    return f"figures:{agency_id}"


def _name(agency_id: int) -> str:
    return f"backlog:{agency_id}"
