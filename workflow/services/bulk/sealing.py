"""Numbered documents of a run on their way to the seal, where the agency's head let the server hold the key.

The seal process makes each signature in transactions of its own (`docs/decisions/10-seal-process.md`), so what is
still owed is read from the document: a run that was killed between number and seal goes on where it stands.
"""

from __future__ import annotations

import datetime as dt

from workflow.domain.bulk import ItemState
from workflow.domain.errors import stale
from workflow.domain.outgoing import State
from workflow.domain.people import Actor
from workflow.domain.permissions import Scope
from workflow.services.bulk.running import key_of
from workflow.store import bulk as store
from workflow.store import documents
from workflow.store.session import UnitOfWork


def owed(uow: UnitOfWork, actor: Actor, scope: Scope, *, run_id: int, place: int) -> tuple[str, int, int] | None:
    """(purpose, document, version) of the next signature that a numbered document needs; None once it is sealed.

    Raises `Conflict("stale")` where it lost the number that this run gave it.
    """
    run = store.run(uow.session, actor, run_id)
    row = store.item(uow.session, run.id, place)
    if row.state != ItemState.WAITING:
        return None
    document = documents.find(scope, uow.session, key_of(row))
    if document.number != row.number:
        raise stale(document)
    if document.state != State.NUMBERED:
        return None
    signed = documents.live_signature(uow.session, document.id, "number") is not None
    return ("seal" if signed else "number"), document.id, document.version


def note_sealed(uow: UnitOfWork, actor: Actor, *, run_id: int, place: int, now: dt.datetime) -> None:
    """It is sealed, or went on from there."""
    uow.begin_write()
    run = store.run(uow.session, actor, run_id)
    row = store.item(uow.session, run.id, place, for_update=True)
    if row.state == ItemState.WAITING:
        row.state, row.finished_at = ItemState.DONE, now
    uow.flush()
