"""Commitments and tasks of the plan: what a unit owes until when, and done, or not done with the reason."""

from __future__ import annotations

import datetime as dt

from workflow.domain.errors import BadInput, NotPermitted, stale
from workflow.domain.inspections import Act, CommitmentKind, CommitmentState, Standing
from workflow.domain.people import Actor
from workflow.domain.text import clean
from workflow.services.inspections.ground import begin, tell
from workflow.store import inspection_work as store
from workflow.store import inspections
from workflow.store.models import Commitment
from workflow.store.session import UnitOfWork


def promise(
    uow: UnitOfWork, actor: Actor, *, inspection_id: int, unit_id: int, kind: str, words: str, due_on: dt.date,
    now: dt.datetime,
) -> Commitment:  # fmt: skip
    """Put one on record, by the team or the unit itself."""
    row, mine = begin(uow, actor, inspection_id, Act.PROMISE, now=now)
    if kind not in set(CommitmentKind):
        raise BadInput("commitment_kind")
    known = {one.unit_id for one, _unit in inspections.units_of(uow.session, row.id)}
    if Standing.MEMBER not in mine:
        known &= inspections.answered_for(actor, uow.session, row.id)
    if unit_id not in known:
        raise BadInput("finding_unit")
    made = Commitment(
        inspection_id=row.id, number=store.next_number(uow.session, row.id, Commitment), unit_id=unit_id, kind=kind,
        words=clean(words, multiline=True), due_on=due_on, state=CommitmentState.OPEN, version=1,
        noted_by_id=actor.person_id or 0, noted_at=now,
    )  # fmt: skip
    uow.add(made)
    uow.flush()
    told = {
        "commitment": made.id, "unit": unit_id, "kind": kind, "words": made.words, "due": due_on.isoformat(),
    }  # fmt: skip
    tell(uow, actor, row.id, "inspection:commitment:noted", told, now=now)
    return made


def say(
    uow: UnitOfWork, actor: Actor, *, inspection_id: int, commitment_id: int, version: int, state: str, reason: str,
    now: dt.datetime,
) -> Commitment:  # fmt: skip
    """What came of one, by the unit's head or the head of the team; a later word takes its place."""
    row, mine = begin(uow, actor, inspection_id, Act.TELL, now=now)
    found = store.commitment(uow.session, row.id, commitment_id)
    if Standing.HEAD not in mine and found.unit_id not in inspections.answered_for(actor, uow.session, row.id):
        raise NotPermitted("inspection_act", act=str(Act.TELL))
    if found.version != version:
        raise stale(found)
    if state not in {CommitmentState.DONE, CommitmentState.NOT_DONE}:
        raise BadInput("commitment_state")
    why = clean(reason)
    if state == CommitmentState.NOT_DONE and not why:
        raise BadInput("commitment_reason")
    before, found.state, found.reason = found.state, state, why
    found.told_by_id, found.told_at, found.version = actor.person_id, now, found.version + 1
    uow.flush()
    told = {"commitment": found.id, "unit": found.unit_id, "before": before, "state": state, "reason": why}
    tell(uow, actor, row.id, "inspection:commitment:told", told, now=now)
    return found
