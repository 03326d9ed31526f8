"""The signer of a copy approves it, or says why not (Decree 30/2020, Art. 27)."""

from __future__ import annotations

import datetime as dt

from workflow.domain import copies as rules
from workflow.domain.copies import Action
from workflow.domain.errors import NotPermitted
from workflow.domain.people import Actor
from workflow.domain.permissions import Permission, Scope
from workflow.services.copies import notices
from workflow.services.copies.moves import begin, move, reason_of
from workflow.services.journal import local_day
from workflow.store import copies as store
from workflow.store.models import CertifiedCopy
from workflow.store.session import UnitOfWork


def approve(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, copy_id: int, version: int | None, now: dt.datetime
) -> CertifiedCopy:
    """It may be numbered. Raises `NotPermitted`: `copy_signer_other` for anybody but whom it names,
    `copy_signer_not_named` where the head took that back since."""
    copy = begin(uow, actor, scope, copy_id=copy_id, version=version, action=Action.APPROVE,
                 permission=Permission.SIGN_COPIES)  # fmt: skip
    _demand_named(uow, actor, copy, now=now)
    copy.approved_at = now
    move(uow, actor, copy, Action.APPROVE, facts={"file": copy.sha256, "capacity": copy.capacity}, now=now)
    notices.decided(uow, actor, copy, now=now)
    return copy


def decline(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, copy_id: int, version: int | None, reason: str, now: dt.datetime
) -> CertifiedCopy:
    """It is not made."""
    words = reason_of(reason, Action.DECLINE)
    copy = begin(uow, actor, scope, copy_id=copy_id, version=version, action=Action.DECLINE,
                 permission=Permission.SIGN_COPIES)  # fmt: skip
    _demand_named(uow, actor, copy, now=now)
    copy.closed_at, copy.closed_by_id, copy.reason = now, actor.person_id, words
    move(uow, actor, copy, Action.DECLINE, facts={"reason": words}, now=now)
    notices.decided(uow, actor, copy, now=now)
    return copy


def _demand_named(uow: UnitOfWork, actor: Actor, copy: CertifiedCopy, *, now: dt.datetime) -> None:
    if (copy.signer_id, copy.signer_post_id) != (actor.person_id, actor.post_id):
        raise NotPermitted("copy_signer_other")
    named = {one.post_id for one, _post, _name in store.named(uow.session, copy.agency_id, on=local_day(now))}
    rules.demand_signer(post_id=copy.signer_post_id, role=actor.role, named=named)
