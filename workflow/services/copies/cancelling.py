"""A copy that is not to be used: its number stays in the register, with the reason."""

from __future__ import annotations

import datetime as dt

from workflow.domain.copies import Action
from workflow.domain.people import Actor
from workflow.domain.permissions import Permission, Scope
from workflow.services.copies.moves import begin, move, reason_of
from workflow.store import copies as store
from workflow.store import copy_proofs
from workflow.store.models import CertifiedCopy
from workflow.store.session import UnitOfWork


def cancel(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, copy_id: int, version: int | None, reason: str, now: dt.datetime
) -> CertifiedCopy:
    """What was prepared for the key is set aside; what was sealed is kept and said to be cancelled."""
    words = reason_of(reason, Action.CANCEL)
    copy = begin(uow, actor, scope, copy_id=copy_id, version=version, action=Action.CANCEL,
                 permission=Permission.MAKE_COPIES)  # fmt: skip
    for item in store.live_items(uow.session, copy.id):
        item.status, item.finished_at = "superseded", now
    if (proof := copy_proofs.proof(uow.session, copy.id, for_update=True)) is not None:
        proof.next_at = None  # what is not to be used needs no more timestamps
    copy.closed_at, copy.closed_by_id, copy.reason = now, actor.person_id, words
    move(uow, actor, copy, Action.CANCEL, facts={"reason": words, "symbol": copy.symbol}, now=now)
    return copy
