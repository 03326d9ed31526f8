"""After how many working hours whom an agency has told of lateness: its own hours, changed with a reason."""

from __future__ import annotations

import datetime as dt

from workflow.domain.errors import BadInput, Conflict, NotPermitted, Refused
from workflow.domain.escalation import Ladders, check, facts, ladders_of, mark
from workflow.domain.people import Actor
from workflow.domain.permissions import Permission, demand
from workflow.domain.text import clean
from workflow.services import journal
from workflow.store import office
from workflow.store.escalation import SETTING
from workflow.store.models import Setting
from workflow.store.session import UnitOfWork


def hours_of(uow: UnitOfWork, agency_id: int) -> Ladders:
    """What holds in an agency."""
    return ladders_of(office.setting(uow.session, f"{SETTING}{agency_id}"))


def change(uow: UnitOfWork, actor: Actor, *, ladders: Ladders, seen: str, reason: str, now: dt.datetime) -> Ladders:
    """Give the actor's own agency other hours, from now on; what held before.

    What was told stays told. `seen`: the `mark` of what held when the page was made. Raises `BadInput`
    (`reason_needed`, those of `escalation.check`), `Conflict("escalation_changed")`, `Refused("escalation_same")`.
    """
    demand(actor, Permission.MANAGE_SETTINGS)
    if actor.agency_id is None:
        raise NotPermitted("no_post")
    words = clean(reason, multiline=True)
    if not words:
        raise BadInput("reason_needed", action="rule")
    check(ladders)
    uow.begin_write()
    office.lock_agency(uow.session, actor.agency_id)
    before = hours_of(uow, actor.agency_id)
    if mark(before) != seen:
        raise Conflict("escalation_changed")
    if before == ladders:
        raise Refused("escalation_same")
    name = f"{SETTING}{actor.agency_id}"
    row = uow.session.get(Setting, name)
    if row is None:
        uow.add(Setting(name=name, value=facts(ladders)))
    else:
        row.value = facts(ladders)
    uow.flush()
    told = {"before": facts(before), "after": facts(ladders), "reason": words}
    journal.record(
        uow, subject=f"unit:{actor.agency_id}", tag="unit:escalation:changed", facts=told, actor=actor, now=now
    )
    return before
