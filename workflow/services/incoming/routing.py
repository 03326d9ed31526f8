"""Routing: submitted to the chief of office or a leader, directed to units, assigned to a person, given back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from workflow.domain.errors import BadInput, Missing, NotPermitted
from workflow.domain.incoming import STEPS, Action, Part, PartState, State
from workflow.domain.people import Actor, Role, UnitKind
from workflow.domain.permissions import Scope
from workflow.domain.steps import step_for
from workflow.domain.terms import Measure, Term
from workflow.domain.text import clean
from workflow.services import urgent
from workflow.services.incoming import deadlines
from workflow.services.incoming.deadlines import DueChoice, own_due
from workflow.services.incoming.moves import Move, apply, begin, office_heads, own_matter_in_place
from workflow.services.journal import local_day
from workflow.store import incoming as store
from workflow.store import office, people
from workflow.store.models import Incoming, IncomingPart
from workflow.store.session import UnitOfWork

WORDS = 2000
"""Characters of a direction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class To:
    """One recipient: a unit, perhaps a person of it, what they do, their own due day and words."""

    part: Part
    unit_id: int
    person_id: int | None = None
    due: dt.date | None = None
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Direction:
    """Ý kiến chỉ đạo: recipients with exactly one lead, words, and when the document is due (None: as it is)."""

    to: tuple[To, ...]
    words: str = ""
    due: DueChoice | None = None


def submit(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, incoming_id: int, version: int | None, now: dt.datetime,
    leader_post_id: int | None = None, remark: str = "",
) -> Incoming:  # fmt: skip
    """Submit for direction: to the chief of office, or straight to the leader or deputy of a post.

    Raises `Missing("office_head_in_post")` where there is no chief and no leader was named, `BadInput`.
    """
    document = begin(uow, actor, scope, incoming_id=incoming_id, version=version)
    if leader_post_id is None:
        if not office_heads(uow, document.agency_id, now=now):
            raise Missing("office_head_in_post", action=str(Action.SUBMIT))
        document.at_office, document.leader_id = True, None
    else:
        document.at_office = False
        document.leader_id = _leader(uow, document, leader_post_id, now=now)
    told = {"leader": document.leader_id, "at_office": document.at_office}
    apply(
        uow, actor, document, Action.SUBMIT, now=now, move=Move(remark=clean(remark, multiline=True), journal=told)
    )
    return document


def propose(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, incoming_id: int, version: int | None, direction: Direction,
    leader_post_id: int, now: dt.datetime,
) -> Incoming:  # fmt: skip
    """The chief of office proposes a direction and passes the document on to a leader or deputy."""
    document = begin(uow, actor, scope, incoming_id=incoming_id, version=version)
    _check(uow, document, direction, now=now)
    move = Move(remark=clean(direction.words, multiline=True), journal={"proposal": to_json(direction)})
    leader = _leader(uow, document, leader_post_id, now=now)
    apply(uow, actor, document, Action.PROPOSE, now=now, move=move)
    document.proposal, document.at_office, document.leader_id = to_json(direction), False, leader
    document.holder_id = leader
    uow.flush()
    return document


def pass_on(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, incoming_id: int, version: int | None, leader_post_id: int,
    now: dt.datetime, remark: str = "",
) -> Incoming:  # fmt: skip
    """A leader passes it to a deputy (or back)."""
    document = begin(uow, actor, scope, incoming_id=incoming_id, version=version)
    leader = _leader(uow, document, leader_post_id, now=now)
    move = Move(remark=clean(remark, multiline=True), journal={"leader": leader})
    apply(uow, actor, document, Action.PASS, now=now, move=move)
    document.leader_id, document.at_office, document.holder_id = leader, False, leader
    uow.flush()
    return document


def direct(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, incoming_id: int, version: int | None, direction: Direction,
    now: dt.datetime, remark: str = "",
) -> Incoming:  # fmt: skip
    """The leader directs: exactly one lead, any number of others, words, a due date (Art. 23).

    A changed direction ends the parts that it no longer names; `remark` says why it was changed.
    """
    document = begin(uow, actor, scope, incoming_id=incoming_id, version=version)
    step_for(STEPS, State(document.state), Action.DIRECT, role=actor.role)
    _check(uow, document, direction, now=now)
    lead = next(one for one in direction.to if one.part is Part.LEAD)
    words = clean(direction.words, multiline=True)[:WORDS]
    if direction.due is not None:
        _put(uow, actor, document, direction.due, lead.unit_id, now=now)
    else:
        deadlines.by_rule(uow, document, now=now, lead_unit_id=lead.unit_id)
        deadlines.count_again(uow, document, unit_id=lead.unit_id)
    fields = {
        "handler_id": None, "lead_unit_id": lead.unit_id, "direction": words, "directed_at": now,
        "at_office": False, "leader_id": document.leader_id or actor.desk_of,
    }  # fmt: skip
    told = {"direction": to_json(direction), **deadlines.told(document)}
    move = Move(remark=clean(remark, multiline=True) or words, journal=told, fields=fields)
    apply(uow, actor, document, Action.DIRECT, now=now, move=move)
    _set_parts(uow, actor, document, direction.to, now=now)
    return document


def _put(
    uow: UnitOfWork, actor: Actor, document: Incoming, due: DueChoice, lead_unit_id: int, *, now: dt.datetime
) -> None:
    """The date of a direction; one that stands is not put off by whoever answers for it, at another's desk."""
    before = document.due_at
    leads = {document.lead_unit_id, lead_unit_id}
    own = any(own_matter_in_place(uow, actor, document, lead_unit_id=unit) for unit in leads)
    deadlines.put(uow, document, due, now=now, unit_id=lead_unit_id)
    if own and before is not None and (document.due_at is None or document.due_at > before):
        raise NotPermitted("not_in_place", action=str(Action.DIRECT))


def accept_proposal(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, incoming_id: int, version: int | None, now: dt.datetime
) -> Incoming:
    """One tap: the direction as the chief of office proposed it."""
    document = store.find(scope, uow.session, incoming_id)
    if not document.proposal:
        raise Missing("proposal_made", action=str(Action.DIRECT))
    given = from_json(document.proposal)
    return direct(uow, actor, scope, incoming_id=incoming_id, version=version, direction=given, now=now)


def assign(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, incoming_id: int, version: int | None, handler_post_id: int,
    now: dt.datetime, due: dt.date | None = None, remark: str = "",
) -> Incoming:  # fmt: skip
    """Name the one who handles it in the lead unit, perhaps with an earlier date of the unit's own."""
    document = begin(uow, actor, scope, incoming_id=incoming_id, version=version)
    step_for(STEPS, State(document.state), Action.ASSIGN, role=actor.role)
    post = office.held_post(uow.session, handler_post_id, on=local_day(now))
    if post.agency_id != document.agency_id or Role(post.role) not in {Role.DRAFTER, Role.UNIT_HEAD, Role.CLERK}:
        raise BadInput("not_a_handler")
    lead = _lead(uow, document)
    if post.unit_id not in _unit_and_below(uow, lead.unit_id):
        raise BadInput("handler_of_other_unit")
    lead.person_id = post.person_id
    if due is not None:
        lead.due_at = own_due(uow, document, due, unit_id=lead.unit_id)
    told = {"handler": post.person_id, "unit_due": due.isoformat() if due else None}
    fields = {"handler_id": post.person_id}
    move = Move(remark=clean(remark, multiline=True), journal=told, fields=fields)
    apply(uow, actor, document, Action.ASSIGN, now=now, move=move)
    return document


def to_json(direction: Direction) -> dict[str, Any]:
    """A direction as it is stored for a proposal and in the journal."""
    due: dict[str, Any] | None = None
    if direction.due is not None:
        term = direction.due.term
        due = {"day": direction.due.day.isoformat()} if direction.due.day else {}
        due |= {"measure": str(term.measure), "amount": term.amount} if term else {}
    listed = [
        {
            "part": str(one.part), "unit": one.unit_id, "person": one.person_id,
            "due": one.due.isoformat() if one.due else None, "words": one.words,
        }
        for one in direction.to
    ]  # fmt: skip
    return {"to": listed, "words": direction.words, "due": due}


def from_json(stored: dict[str, Any]) -> Direction:
    """Read `to_json` back."""
    due: DueChoice | None = None
    if (told := stored.get("due")) is not None:
        if "day" in told:
            due = DueChoice(day=dt.date.fromisoformat(told["day"]))
        else:
            due = DueChoice(term=Term(Measure(told["measure"]), int(told["amount"])))
    to = tuple(
        To(
            part=Part(one["part"]), unit_id=one["unit"], person_id=one["person"],
            due=dt.date.fromisoformat(one["due"]) if one["due"] else None, words=one["words"],
        )
        for one in stored["to"]
    )  # fmt: skip
    return Direction(to=to, words=stored["words"], due=due)


def _check(uow: UnitOfWork, document: Incoming, direction: Direction, *, now: dt.datetime) -> None:
    leads = [one for one in direction.to if one.part is Part.LEAD]
    if len(leads) != 1:
        raise BadInput("one_lead", count=len(leads))
    keys = [(one.unit_id, one.person_id) for one in direction.to]
    if len(set(keys)) != len(keys) or any(
        one.unit_id == leads[0].unit_id for one in direction.to if one.part is Part.COORDINATE
    ):
        raise BadInput("recipient_twice")
    today = local_day(now)
    for one in direction.to:
        unit = office.unit(uow.session, one.unit_id)
        gone = unit.valid_to is not None and unit.valid_to < today
        if unit.agency_id != document.agency_id or gone or (unit.kind != UnitKind.PART and one.part is Part.LEAD):
            raise BadInput("recipient_unit", unit=one.unit_id)
        if one.person_id is not None and not office.in_agency(
            uow.session, one.person_id, agency_id=document.agency_id, on=today
        ):
            raise BadInput("recipient_person", person=one.person_id)


def _set_parts(uow: UnitOfWork, actor: Actor, document: Incoming, to: Sequence[To], *, now: dt.datetime) -> None:
    """Parts that stay keep their state; others end; the lead ends first, since there is never more than one."""
    wanted = {(one.part, one.unit_id, one.person_id): one for one in to}
    for part in store.live_parts(uow.session, document.id):
        key = (Part(part.part), part.unit_id, None if part.part == Part.LEAD else part.person_id)
        kept = wanted.pop(key, None)
        if kept is None:
            part.state, part.ended_at = PartState.ENDED, now
            continue
        part.words, part.due_at = clean(kept.words)[:500], _own_due(uow, document, kept)
        if part.part == Part.LEAD:
            part.person_id, part.state, part.ended_at = None, PartState.OPEN, None
    uow.flush()
    made = [
        IncomingPart(
            incoming_id=document.id, agency_id=document.agency_id, year=document.year, number=document.number,
            part=one.part, unit_id=one.unit_id, person_id=None if one.part is Part.LEAD else one.person_id,
            state=PartState.OPEN, words=clean(one.words)[:500], due_at=_own_due(uow, document, one),
            given_by_id=actor.person_id, given_at=now,
        )
        for one in wanted.values()
    ]  # fmt: skip
    for part in made:
        uow.add(part)
    uow.flush()
    for part in made:
        urgent.tell_part(uow, document, part, by=actor.person_id, now=now)
    uow.flush()


def _own_due(uow: UnitOfWork, document: Incoming, one: To) -> dt.datetime | None:
    return None if one.due is None else own_due(uow, document, one.due, unit_id=one.unit_id)


def _lead(uow: UnitOfWork, document: Incoming) -> IncomingPart:
    return next(part for part in store.live_parts(uow.session, document.id) if part.part == Part.LEAD)


def _unit_and_below(uow: UnitOfWork, unit_id: int) -> frozenset[int]:
    return frozenset({unit_id, *people.units_below(uow.session, unit_id)})


def _leader(uow: UnitOfWork, document: Incoming, post_id: int, *, now: dt.datetime) -> int:
    post = office.held_post(uow.session, post_id, on=local_day(now))
    if post.agency_id != document.agency_id or Role(post.role) not in {Role.LEADER, Role.DEPUTY}:
        raise BadInput("not_a_leader")
    return post.person_id
