"""An outgoing document names the issued one that it replaces (Decree 30/2020, Art. 18.3)."""

from __future__ import annotations

import datetime as dt

from workflow.domain.errors import BadInput, NotPermitted, WrongState
from workflow.domain.outgoing import State
from workflow.domain.people import Actor, Role
from workflow.domain.permissions import Permission, Scope, demand
from workflow.services.exchange.recalling import ISSUED
from workflow.services.journal import record_document
from workflow.store import documents as store
from workflow.store.models import Outgoing
from workflow.store.session import UnitOfWork

OPEN = frozenset(State) - ISSUED - {State.CANCELLED}


def demand_may_link(actor: Actor, document: Outgoing) -> None:
    """What a document replaces or answers is said by its drafter, or by the clerk, until it is issued."""
    demand(actor, Permission.DRAFT_DOCUMENT)
    if State(document.state) not in OPEN:
        raise WrongState("links_fixed", state=document.state)
    if document.drafter_id != actor.person_id and actor.role is not Role.CLERK:
        raise NotPermitted("own_draft")


def name_replaced(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, document_id: int, replaces_id: int | None, now: dt.datetime
) -> Outgoing:
    """Say which issued document of the same agency this one replaces; None takes that back.

    Raises `BadInput("replaces_unissued")`.
    """
    uow.begin_write()
    document = store.lock(scope, uow.session, document_id, version=None)
    demand_may_link(actor, document)
    if replaces_id is not None:
        earlier = store.find(scope, uow.session, replaces_id)
        if State(earlier.state) not in ISSUED or earlier.agency_id != document.agency_id:
            raise BadInput("replaces_unissued")
    if document.replaces_id == replaces_id:
        return document
    document.replaces_id = replaces_id
    facts = {"replaces": replaces_id}
    record_document(uow, document, tag="document:outgoing:replaces", facts=facts, actor=actor, now=now)
    uow.flush()
    return document
