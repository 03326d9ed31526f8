"""A minimum of control over the key, by type of document: who may ask for it, and where it is asked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from workflow.domain.errors import BadInput, Conflict
from workflow.domain.key_minimums import CHOICES, demand
from workflow.domain.people import Actor
from workflow.domain.permissions import Permission
from workflow.domain.permissions import demand as demand_permission
from workflow.domain.text import clean
from workflow.services import journal
from workflow.store import key_minimums as store
from workflow.store import office
from workflow.store.models import Outgoing
from workflow.store.session import UnitOfWork

LEADER = "leader"


def demand_control(uow: UnitOfWork, document: Outgoing, *, purpose: str, control: int) -> None:
    """Of a leader's signature: that its key is controlled as well as the document's agency asks for this type.

    Raises `Refused("control_below_…")`.
    """
    if purpose == LEADER:
        demand(control, minimum=store.of_type(uow.session, document.agency_id, document.type_code))


def choose(
    uow: UnitOfWork, actor: Actor, *, wanted: Mapping[str, int], seen: Mapping[str, int], reason: str,
    now: dt.datetime,
) -> None:  # fmt: skip
    """What the actor's agency asks for from now on, by type; 0 or left out: nothing. Signatures that were given
    stay what they are.

    `seen`: what stood on the page it was chosen on. Raises `BadInput`: `reason_needed`,
    `control_unknown`; `NotFound("type_not_found")`; `Conflict("key_minimums_changed")` where somebody was faster.
    """
    demand_permission(actor, Permission.MANAGE_SETTINGS)
    words = clean(reason, multiline=True)[:500]
    if not words:
        raise BadInput("reason_needed")
    asked = {code: control for code, control in wanted.items() if control}
    if not set(asked.values()) <= {int(one) for one in CHOICES}:
        raise BadInput("control_unknown")
    uow.begin_write()
    agency_id = actor.agency_id or 0
    office.lock_agency(uow.session, agency_id)
    before = store.of_agency(uow.session, agency_id)
    if before == asked:
        return
    if before != {code: control for code, control in seen.items() if control}:
        raise Conflict("key_minimums_changed")
    for code in asked:
        office.document_type(uow.session, code)
    store.replace(uow.session, agency_id, asked)
    facts: dict[str, object] = {"before": before, "after": asked, "reason": words}
    journal.record(
        uow, subject=f"unit:{agency_id}", tag="unit:key_minimums:changed", facts=facts, actor=actor, now=now
    )
