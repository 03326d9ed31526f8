"""What every act on a copy does: find it under its lock, ask the rules, move its version, tell the journal."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping

from workflow.domain import copies as rules
from workflow.domain.copies import Action, Medium, State
from workflow.domain.errors import BadInput
from workflow.domain.people import Actor
from workflow.domain.permissions import Permission, Scope, demand
from workflow.domain.text import clean
from workflow.services import journal
from workflow.store import copies as store
from workflow.store import documents
from workflow.store.models import CertifiedCopy
from workflow.store.session import UnitOfWork

MADE = {
    Action.APPROVE: State.APPROVED, Action.DECLINE: State.DECLINED, Action.NUMBER: State.NUMBERED,
    Action.SEAL: State.DONE, Action.GIVE_OUT: State.DONE, Action.CANCEL: State.CANCELLED,
}  # fmt: skip
"""Action → the state that it leads to."""


def subject_of(copy_id: int) -> str:
    """Under which name the journal has a copy."""
    return f"copy:{copy_id}"


def begin(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, copy_id: int, version: int | None, action: Action,
    permission: Permission,
) -> CertifiedCopy:  # fmt: skip
    """In the write phase: the copy under its lock, at this version, where the action may be done to it."""
    demand(actor, permission)
    uow.begin_write()
    copy = store.lock(scope, uow.session, copy_id, version=version)
    rules.demand_step(action, State(copy.state), Medium(copy.medium))
    demand_still_public(uow, copy, action)
    return copy


def demand_still_public(uow: UnitOfWork, copy: CertifiedCopy, action: Action) -> None:
    """A paper that became secret since the copy was asked for is copied no further; to decline or cancel it stays
    open. Raises `Refused("copy_secret")`."""
    if action not in rules.ENDING:
        rules.demand_public(secret=store.of_a_secret(uow.session, copy))


def move(
    uow: UnitOfWork, actor: Actor, copy: CertifiedCopy, action: Action, *, facts: Mapping[str, object],
    now: dt.datetime,
) -> None:  # fmt: skip
    """The copy's new state, and its line in the journal."""
    copy.state, copy.version = MADE[action], copy.version + 1
    tell(uow, actor, copy, str(action), facts={**facts, "version": copy.version}, now=now)


def done_before(uow: UnitOfWork, actor: Actor, scope: Scope, *, copy_id: int, action: Action, version: int) -> bool:
    """Whether this very form was taken already: the same person took the same action from the same version."""
    copy = store.find(scope, uow.session, copy_id)
    for row in documents.entries_of(uow.session, subject_of(copy.id)):
        if (row.tag, row.person_id) == (f"document:copy:{action}", actor.person_id):
            facts = json.loads(row.body)["facts"]
            if (facts.get("version"), facts["post"]) == (version + 1, actor.post_id):
                return True
    return False


def tell(
    uow: UnitOfWork, actor: Actor, copy: CertifiedCopy, verb: str, *, facts: Mapping[str, object], now: dt.datetime
) -> None:
    """A line of a copy's own chain."""
    journal.record(
        uow, subject=subject_of(copy.id), tag=f"document:copy:{verb}", facts=facts, actor=actor, now=now
    )  # fmt: skip


def reason_of(text: str, action: Action) -> str:
    """Words why, which are kept. Raises `BadInput("reason_needed")`."""
    words = clean(text, multiline=True)[:500]
    if not words:
        raise BadInput("reason_needed", action=str(action))
    return words
