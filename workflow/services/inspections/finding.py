"""Findings: noted by the team, answered by the unit, accepted or opened again by the head of the team."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from workflow.domain.errors import BadInput, NotPermitted, Refused, stale
from workflow.domain.inspections import Act, FindingState
from workflow.domain.people import Actor
from workflow.domain.permissions import Scope
from workflow.domain.text import clean
from workflow.services.inspections.ground import begin, tell
from workflow.services.journal import local_day
from workflow.store import desk, incoming_list, inspections
from workflow.store import inspection_work as store
from workflow.store.models import Finding
from workflow.store.session import UnitOfWork

MOST_DOCUMENTS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is wrong, by which rule, what is demanded until when. `documents`: `outgoing:17 incoming:4`."""

    unit_id: int
    documents: str
    wrong: str
    basis: str
    demand: str
    due_on: dt.date


def note(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, inspection_id: int, facts: Facts, now: dt.datetime
) -> Finding:
    """Put a finding on record. Documents are named only while reading in the inspection: they lie within it."""
    named = _documents(uow, actor, scope, inspection_id, facts.documents)
    row, _standings = begin(uow, actor, inspection_id, Act.FIND, now=now)
    if facts.unit_id not in {one.unit_id for one, _unit in inspections.units_of(uow.session, row.id)}:
        raise BadInput("finding_unit")
    if facts.due_on < local_day(now):
        raise BadInput("finding_due")
    made = Finding(
        inspection_id=row.id, number=store.next_number(uow.session, row.id, Finding), unit_id=facts.unit_id,
        documents=named, wrong=clean(facts.wrong, multiline=True), basis=clean(facts.basis),
        demand=clean(facts.demand, multiline=True), due_on=facts.due_on, state=FindingState.OPEN, version=1,
        noted_by_id=actor.person_id or 0, noted_at=now,
    )  # fmt: skip
    uow.add(made)
    uow.flush()
    told = {
        "finding": made.id, "unit": made.unit_id, "documents": [one["subject"] for one in named],
        "wrong": made.wrong, "basis": made.basis, "demand": made.demand, "due": made.due_on.isoformat(),
    }  # fmt: skip
    tell(uow, actor, row.id, "inspection:finding:noted", told, now=now)
    return made


def _documents(uow: UnitOfWork, actor: Actor, scope: Scope, inspection_id: int, words: str) -> list[dict[str, str]]:
    wanted = words.split()[:MOST_DOCUMENTS]
    if not wanted:
        return []
    if actor.inspection_id != inspection_id:
        raise NotPermitted("inspection_enter_first")
    keys = [subject.partition(":") for subject in wanted]
    if not all(kind in {"outgoing", "incoming"} and key.isdecimal() and len(key) < 16 for kind, _c, key in keys):
        raise BadInput("finding_documents")
    out = desk.chosen(scope, uow.session, [int(key) for kind, _c, key in keys if kind == "outgoing"])
    came = incoming_list.chosen(scope, uow.session, [int(key) for kind, _c, key in keys if kind == "incoming"])
    names = {f"outgoing:{row.id}": row.symbol or row.subject for row in out}
    names |= {f"incoming:{row.id}": row.symbol or row.subject for row in came}
    if set(wanted) - names.keys():
        raise BadInput("finding_documents")
    return [{"subject": subject, "name": names[subject]} for subject in dict.fromkeys(wanted)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the unit did, what proves it, and why late where it is late."""

    version: int
    answer: str
    evidence: str = ""
    late_reason: str = ""


def answer(
    uow: UnitOfWork, actor: Actor, *, inspection_id: int, finding_id: int, given: Answer, now: dt.datetime
) -> Finding:
    """By who heads the unit. After the last day it needs a reason."""
    row, _standings = begin(uow, actor, inspection_id, Act.ANSWER, now=now)
    found = _seen(uow, row.id, finding_id, given.version, FindingState.OPEN)
    if found.unit_id not in inspections.answered_for(actor, uow.session, row.id):
        raise NotPermitted("inspection_act", act=str(Act.ANSWER))
    if local_day(now) > found.due_on and not given.late_reason.strip():
        raise BadInput("finding_late_reason")
    found.state, found.answer = FindingState.CORRECTED, clean(given.answer, multiline=True)
    found.evidence, found.late_reason = clean(given.evidence), clean(given.late_reason)
    found.answered_by_id, found.answered_at = actor.person_id, now
    return _moved(
        uow, actor, found, "answered", now=now, answer=found.answer, evidence=found.evidence,
        late_reason=found.late_reason,
    )  # fmt: skip


def decide(
    uow: UnitOfWork, actor: Actor, *, inspection_id: int, finding_id: int, version: int, remark: str,
    now: dt.datetime,
) -> Finding:  # fmt: skip
    """By the head of the team: accepted, or with a remark open again. Nobody accepts their own answer."""
    row, _standings = begin(uow, actor, inspection_id, Act.ACCEPT, now=now)
    found = _seen(uow, row.id, finding_id, version, FindingState.CORRECTED)
    found.remark = clean(remark)
    if found.remark:
        found.state = FindingState.OPEN
        return _moved(uow, actor, found, "returned", now=now, remark=found.remark)
    if found.answered_by_id == actor.person_id:
        raise NotPermitted("finding_own_answer")
    found.state, found.accepted_by_id, found.accepted_at = FindingState.ACCEPTED, actor.person_id, now
    return _moved(uow, actor, found, "accepted", now=now)


def _seen(uow: UnitOfWork, inspection_id: int, finding_id: int, version: int, state: FindingState) -> Finding:
    found = store.finding(uow.session, inspection_id, finding_id)
    if found.version != version:
        raise stale(found)
    if found.state != state:
        raise Refused("finding_state")
    return found


def _moved(uow: UnitOfWork, actor: Actor, found: Finding, what: str, *, now: dt.datetime, **facts: str) -> Finding:
    found.version += 1
    uow.flush()
    told = {"finding": found.id, "unit": found.unit_id, **facts}
    tell(uow, actor, found.inspection_id, f"inspection:finding:{what}", told, now=now)
    return found
