"""A recall reaches offices outside by a letter: which copies are with them, who was told, what came back.

The law asks the same of paper as of files (Decree 30/2020, Art. 18.4a): who receives the notice of recall sends the
document back. Nothing of it goes through the system, so that the clerk writes it down.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from workflow.domain.dispatch import LEFT, RECORDING, DispatchState, Recall, demand_told, recall_of
from workflow.domain.errors import Conflict, NotPermitted, WrongState
from workflow.domain.people import Actor
from workflow.domain.permissions import Permission, Scope, demand
from workflow.domain.text import clean
from workflow.services.journal import local_day, record_document
from workflow.store import deliveries as store
from workflow.store import documents
from workflow.store.models import Dispatch, Outgoing
from workflow.store.session import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the clerk writes down: when and how somebody was told, when the copy came back."""

    told_on: dt.date | None
    how: str = ""
    back_on: dt.date | None = None


def mark(uow: UnitOfWork, document: Outgoing, *, now: dt.datetime) -> tuple[int, list[str]]:
    """Its copies outside are recalled or replaced with it; (how many were not yet, who of them has one and is to be
    told). The caller holds the document's lock."""
    copies = [one for one in store.copies_of(uow.session, document.id) if one.recalled_at is None]
    for one in copies:
        one.recalled_at = now
    uow.flush()
    return len(copies), [one.name for one in copies if one.state in LEFT]


def record(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, document_id: int, dispatch_id: int, seen: str, facts: Told,
    now: dt.datetime,
) -> Dispatch:  # fmt: skip
    """Write down that an office outside was told, or gave its copy back.

    Raises `NotPermitted("role_may_not")`, `NotFound("dispatch_not_found")`, `WrongState("recall_not_asked")`,
    `Conflict("stale")`, and `BadInput` as `domain.dispatch.demand_told`.
    """
    demand(actor, Permission.ACT_ON_DOCUMENT)
    if actor.role not in RECORDING:
        raise NotPermitted("role_may_not", action="dispatch", role=str(actor.role))
    uow.begin_write()
    document = documents.lock(scope, uow.session, document_id, version=None)
    row = store.dispatch_of(scope, uow.session, document_id, dispatch_id=dispatch_id)
    if row.recalled_at is None or row.state not in LEFT:
        raise WrongState("recall_not_asked")
    wanted = {"told_on": facts.told_on, "told_how": clean(facts.how), "back_on": facts.back_on}
    if row.changed_at.isoformat() != seen:
        if row.changed_by_id == actor.person_id and all(getattr(row, name) == one for name, one in wanted.items()):
            return row  # the same form, sent twice
        raise Conflict("stale", state=document.state, version=document.version)
    demand_told(
        told_on=facts.told_on, how=clean(facts.how), back_on=facts.back_on, recalled_on=local_day(row.recalled_at),
        today=local_day(now),
    )  # fmt: skip
    for name, value in wanted.items():
        setattr(row, name, value)
    row.changed_at, row.changed_by_id = now, actor.person_id
    told = {
        "name": row.name, "how": row.told_how, "told": row.told_on.isoformat() if row.told_on else None,
        "back": row.back_on.isoformat() if row.back_on else None,
    }  # fmt: skip
    record_document(uow, document, tag="document:outgoing:recall_told", facts=told, actor=actor, now=now)
    uow.flush()
    return row


def stand(row: Dispatch) -> Recall | None:
    """Where the recall stands with a copy."""
    return recall_of(
        DispatchState(row.state), recalled=row.recalled_at is not None, told_on=row.told_on, back_on=row.back_on
    )
