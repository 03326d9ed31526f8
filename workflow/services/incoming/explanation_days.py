"""How many working days an agency gives to explain a lateness: its own number, changed with a reason.

No law fixes it, so the agency's working regulation does; explanations that were demanded keep the date they got.
"""

from __future__ import annotations

import datetime as dt

from workflow.domain.errors import BadInput, Conflict, NotPermitted, Refused
from workflow.domain.people import Actor
from workflow.domain.permissions import Permission, demand
from workflow.domain.text import clean
from workflow.services import journal
from workflow.store import office
from workflow.store.models import Setting
from workflow.store.session import UnitOfWork

USUAL = 2
"""Where an agency has said nothing."""
LEAST, MOST = 1, 30


def days_of(uow: UnitOfWork, agency_id: int) -> int:
    """Working days to explain in; the installation's setting `explanations` speaks where the agency has not."""
    own = office.setting(uow.session, _name(agency_id)) or office.setting(uow.session, "explanations") or {}
    return int(own.get("days", USUAL))


def change(uow: UnitOfWork, actor: Actor, *, days: int, seen: int, reason: str, now: dt.datetime) -> int:
    """Give the actor's own agency another number, from the next demand on; the number that held before.

    `seen`: what held when the page was made. Raises `BadInput` (`explanation_days`, `reason_needed`),
    `Conflict("explanation_days_changed")`, `Refused("explanation_days_same")`.
    """
    demand(actor, Permission.MANAGE_SETTINGS)
    if actor.agency_id is None:
        raise NotPermitted("no_post")
    words = clean(reason, multiline=True)
    if not words:
        raise BadInput("reason_needed", action="rule")
    if not LEAST <= days <= MOST:
        raise BadInput("explanation_days", least=LEAST, most=MOST)
    uow.begin_write()
    office.lock_agency(uow.session, actor.agency_id)
    before = days_of(uow, actor.agency_id)
    if before != seen:
        raise Conflict("explanation_days_changed")
    if before == days:
        raise Refused("explanation_days_same")
    _put(uow, actor.agency_id, days)
    facts = {"before": before, "after": days, "reason": words}
    journal.record(
        uow, subject=f"unit:{actor.agency_id}", tag="unit:explanation_days:changed", facts=facts, actor=actor,
        now=now,
    )  # fmt: skip
    return before


def _put(uow: UnitOfWork, agency_id: int, days: int) -> None:
    row = uow.session.get(Setting, _name(agency_id))
    if row is None:
        uow.add(Setting(name=_name(agency_id), value={"days": days}))
    else:
        row.value = {"days": days}
    uow.flush()


def _name(agency_id: int) -> str:
    return f"explanations:{agency_id}"
