"""The one way an incoming document changes state: rule, clocks, history, journal, in the write phase of an act."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from workflow.domain import incoming as rules
from workflow.domain.calendar import WorkingCalendar
from workflow.domain.errors import BadInput, NotPermitted
from workflow.domain.incoming import CLOSED, STEPS, Action, Part, State, holder_of
from workflow.domain.people import Actor, Role
from workflow.domain.permissions import Permission, Scope, demand
from workflow.domain.steps import Step, possible, require, step_for
from workflow.domain.terms import DueKind
from workflow.services import journal, search, urgent
from workflow.services.exchange import requests
from workflow.services.exchange.acknowledging import acknowledge
from workflow.services.exchange.requests import Standing
from workflow.services.incoming.clocks import PAUSABLE, calendar_for, end_pause, step_due_of
from workflow.store import incoming as store
from workflow.store import office, people
from workflow.store.models import Incoming, IncomingHistory, IncomingPart
from workflow.store.session import UnitOfWork

WORRYING = frozenset({"failed", "indeterminate", "malformed"})
"""Conclusions about a file with which it is registered only for a written reason."""

ASIDE = frozenset(
    {
        Action.URGE, Action.DEMAND_EXPLANATION, Action.EXPLAIN, Action.ACCEPT_EXPLANATION,
        Action.RETURN_EXPLANATION,
    }
)  # fmt: skip
"""Acts about a document that do not move its work: whoever acted before may still take their act back."""

_DATES = frozenset({Action.SET_DUE, Action.PAUSE, Action.GRANT_EXTENSION})
"""Acts that give more time. Sending a request for more is another (`_gives_time`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """What an act adds to the plain step: facts that are true besides, words, what the journal should hold.

    `confidential`: the words stand elsewhere, for fewer people; the history that everybody with a part reads goes
    without them. `fields`: columns that change with the state; set after the history line told who had it before.
    """

    remark: str = ""
    facts: frozenset[str] = frozenset()
    journal: Mapping[str, object] = field(default_factory=dict)
    fields: Mapping[str, object] = field(default_factory=dict)
    confidential: bool = False


def begin(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, incoming_id: int, version: int | None,
    permission: Permission = Permission.ACT_ON_INCOMING,
) -> Incoming:  # fmt: skip
    """Open the write phase on one document: permission, scope, row lock, version."""
    demand(actor, permission)
    uow.begin_write()
    return store.lock(scope, uow.session, incoming_id, version=version)


def true_facts(
    uow: UnitOfWork, actor: Actor, document: Incoming, parts: Sequence[IncomingPart] | None = None
) -> frozenset[str]:
    """The predicates of the state table that hold for this document and actor. `parts`: its live ones, where the
    caller has read them."""
    person, desk = actor.person_id, actor.desk_of
    parts = store.live_parts(uow.session, document.id) if parts is None else parts
    units = units_of(uow, actor)
    explained = list(store.explanation_states(uow.session, document.id))
    extension = requests.standing(uow, document)
    checks = {
        rules.FACTS_COMPLETE: bool(document.issuer and document.subject),
        rules.VERDICT_ANSWERED: document.conclusion not in WORRYING or bool(document.verdict_reason),
        rules.OFFICE_HEAD: actor.in_office and actor.agency_id == document.agency_id,
        rules.ASKED: desk is not None and document.leader_id == desk,
        rules.LEAD_UNIT: document.lead_unit_id is not None and document.lead_unit_id in units,
        rules.HANDLER: desk is not None and document.handler_id == desk and actor.agency_id == document.agency_id,
        rules.LATEST_ACT: person is not None and document.actor_before_id == person,
        rules.NOT_DIRECTED: document.lead_unit_id is None,
        rules.HAS_LEAD: document.lead_unit_id is not None,
        rules.PAUSED: document.paused_since is not None,
        rules.RUNNING: document.due_at is not None and document.paused_since is None,
        rules.HAS_DUE: document.due_at is not None,
        rules.EXTENSION_ASKED: extension is Standing.OURS,
        rules.EXTENSION_TO_SEND: extension is Standing.TO_SEND,
        rules.EXTENSION_OUT: extension is Standing.OUT,
        rules.EXTENSION_OPEN: extension is not Standing.NONE,
        rules.NO_EXTENSION_ASKED: extension is Standing.NONE,
        rules.OWES_EXPLANATION: actor.in_place_of is None
        and any(owner == person and state in {"owed", "sent_back"} for owner, state in explained),
        rules.EXPLANATION_GIVEN: any(
            state == "given" and owner not in {person, desk} for owner, state in explained
        ),
        rules.RECALL_ASKED: document.recall_asked_at is not None,
        rules.HOLDS_PART: any(
            part.part != Part.INFORM and part.ended_at is None and part.unit_id in units for part in parts
        ),
        rules.TAKES_PART: any(
            part.part == Part.COORDINATE
            and part.state in {"open", "in_progress"}
            and (part.person_id == desk or part.unit_id in units)
            for part in parts
        ),
    }
    return frozenset(name for name, true in checks.items() if true)


def own_matter_in_place(uow: UnitOfWork, actor: Actor, document: Incoming, *, lead_unit_id: int | None) -> bool:
    """Whether somebody at another's desk answers for the document in a post of their own: they handle it, asked for
    more time, or have headed the unit that leads (`lead_unit_id`) since it was directed. They give it no more time.
    """
    person = actor.person_id
    if actor.in_place_of is None or person is None:
        return False
    extension = store.asked_extension(uow.session, document.id)
    if document.handler_id == person or (extension is not None and extension.asked_by_id == person):
        return True
    since = journal.local_day(document.directed_at or document.arrived_at)
    return lead_unit_id is not None and any(
        post.role == Role.UNIT_HEAD
        and (post.valid_to is None or post.valid_to >= since)
        and lead_unit_id in {post.unit_id, *people.units_below(uow.session, post.unit_id)}
        for post, _unit, _agency in people.posts_of(uow.session, person)
    )


def _gives_time(step: Step[State, Action]) -> bool:
    return step.action in _DATES or rules.EXTENSION_TO_SEND in step.needs


def units_of(uow: UnitOfWork, actor: Actor) -> frozenset[int]:
    """The units a head answers for: their own and its parts; of everybody else only their own."""
    if actor.unit_id is None:
        return frozenset()
    below = people.units_below(uow.session, actor.unit_id) if actor.role is Role.UNIT_HEAD else ()
    return frozenset({actor.unit_id, *below})


def possible_actions(
    uow: UnitOfWork, actor: Actor, document: Incoming
) -> tuple[tuple[Step[State, Action], str], ...]:
    """Steps of the actor's role from here, each with the name of what is missing ("" where it may be taken).

    What somebody at another's desk may not decide, since it is their own matter, is not among them.
    """
    facts = true_facts(uow, actor, document)
    own = own_matter_in_place(uow, actor, document, lead_unit_id=document.lead_unit_id)
    found = []
    for step in possible(STEPS, State(document.state), actor.role):
        if own and _gives_time(step):
            continue
        missing = [name for name in step.needs if name not in facts]
        found.append((step, missing[0] if missing else ""))
    return tuple(found)


def apply(
    uow: UnitOfWork, actor: Actor, document: Incoming, action: Action, *, now: dt.datetime, move: Move | None = None
) -> Step[State, Action]:
    """Take one step of the table in the open write phase.

    Raises `WrongState`, `NotPermitted`, `Missing`, `BadInput("reason_needed")`. Fields that CHECKs tie to the new
    state (number, lead unit, handler, result) are set by the caller before.
    """
    move = move or Move()
    step = step_for(STEPS, State(document.state), action, role=actor.role)
    live = store.live_parts(uow.session, document.id)
    parts = _parts_before(live)
    require(step, true_facts(uow, actor, document, live) | move.facts)
    if _gives_time(step) and own_matter_in_place(uow, actor, document, lead_unit_id=document.lead_unit_id):
        raise NotPermitted("not_in_place", action=str(action))
    if step.reason and not move.remark.strip():
        raise BadInput("reason_needed", action=str(action))
    calendar = calendar_for(uow, document)
    source, before = State(document.state), (document.holder_id, document.lead_unit_id)
    _write_history(uow, actor, document, step, now=now, move=move, calendar=calendar)
    for name, value in move.fields.items():
        setattr(document, name, value)
    if step.target != source:
        _enter(document, step.target, now=now)
    calendar = calendar_for(uow, document)  # the lead unit may be another one now
    if document.paused_since is not None and (action is Action.RESUME or step.target not in PAUSABLE):
        end_pause(uow, document, calendar, by=actor.person_id, now=now)
    settle(uow, document, calendar, now=now)
    if action not in ASIDE:
        document.actor_before_id = actor.person_id
    document.version += 1
    _journal(uow, actor, document, action, source=source, now=now, move=move, parts=parts)
    uow.flush()
    acknowledge(uow, actor, document, action, source=source, remark=move.remark, now=now)
    if step.target in CLOSED and source not in CLOSED:
        requests.lapse(uow, actor, document, now=now)
    if step.target != source or (document.holder_id, document.lead_unit_id) != before:
        urgent.tell_incoming(uow, document, by=actor.person_id, now=now)
    search.index(uow, "in", document)
    return step


def _parts_before(live: Sequence[IncomingPart]) -> list[dict[str, object]]:
    """Coordinating parts as the act found them: a report as of an earlier moment reads it here."""
    return [
        {
            "part": part.id, "before": None if part.due_at is None else journal.utc(part.due_at),
            "person": part.person_id,
        }
        for part in live
        if part.part == Part.COORDINATE and part.ended_at is None
    ]  # fmt: skip


def _enter(document: Incoming, target: State, *, now: dt.datetime) -> None:
    document.state = target
    document.state_since = now
    if target in CLOSED:
        document.closed_at = document.closed_at or now
    else:
        document.closed_at = None
    if target in {State.DONE, State.FILED}:
        document.done_at = document.done_at or now
    else:
        document.done_at, document.result, document.result_words = None, "", ""


def settle(uow: UnitOfWork, document: Incoming, calendar: WorkingCalendar, *, now: dt.datetime) -> None:
    """Holder and clocks of the state it is in; to be called again after whatever they rest on changed."""
    document.holder_id = _holder(uow, document, now=now)
    document.step_due_at = step_due_of(document, calendar)


def _holder(uow: UnitOfWork, document: Incoming, *, now: dt.datetime) -> int | None:
    match State(document.state):
        case State.SUBMITTED if document.at_office:
            return _only(office_heads(uow, document.agency_id, now=now))
        case State.SUBMITTED:
            return document.leader_id
        case State.DIRECTED:
            return _only(unit_heads(uow, document.lead_unit_id, now=now))
        case State.ASSIGNED | State.IN_PROGRESS:
            return document.handler_id
        case _:
            return None


def _only(found: list[int]) -> int | None:
    return found[0] if len(found) == 1 else None


def unit_heads(uow: UnitOfWork, unit_id: int | None, *, now: dt.datetime) -> list[int]:
    """Heads of a unit on the day."""
    if unit_id is None:
        return []
    posts = office.holders(uow.session, role=Role.UNIT_HEAD, on=journal.local_day(now), unit_id=unit_id)
    return [post.person_id for post in posts]


def office_heads(uow: UnitOfWork, agency_id: int, *, now: dt.datetime) -> list[int]:
    """Heads of the unit that prepares an agency's directions; empty where there is none, or nobody in post."""
    return [post.person_id for post in office.office_heads(uow.session, agency_id, on=journal.local_day(now))]


def first_line(
    uow: UnitOfWork, actor: Actor, document: Incoming, *, now: dt.datetime, facts: Mapping[str, object]
) -> None:
    """The history and journal of a new row."""
    settle(uow, document, calendar_for(uow, document), now=now)
    uow.add(
        IncomingHistory(
            incoming_id=document.id, ordinal=1, at=now, action=Action.ARRIVE, from_state="",
            to_state=document.state, person_id=actor.person_id, post_id=actor.post_id,
        )
    )  # fmt: skip
    _record(uow, actor, document, tag="document:incoming:arrive", facts=facts, now=now)
    search.index(uow, "in", document)


def _write_history(
    uow: UnitOfWork, actor: Actor, document: Incoming, step: Step[State, Action], *, now: dt.datetime, move: Move,
    calendar: WorkingCalendar,
) -> None:  # fmt: skip
    """One line, with who had the document since the line before and for how long in working time."""
    last = store.last_history(uow.session, document.id)
    held = calendar.working_time_between(last.at if last else document.arrived_at, now)
    holder = holder_of(
        State(document.state), at_office=document.at_office, paused=document.paused_since is not None
    )
    in_unit = document.lead_unit_id if document.lead_unit_id and holder in _IN_UNITS else None
    uow.add(
        IncomingHistory(
            incoming_id=document.id, ordinal=(last.ordinal if last else 0) + 1, at=now, action=step.action,
            from_state=step.source, to_state=step.target, person_id=actor.person_id, post_id=actor.post_id,
            remark="" if move.confidential else move.remark, held_by=str(holder or ""),
            held_by_id=document.holder_id if holder else None,
            held_unit_id=in_unit, held_minutes=max(0, int(held / dt.timedelta(minutes=1))),
        )
    )  # fmt: skip


_IN_UNITS = frozenset({rules.Holder.UNIT_HEAD, rules.Holder.SPECIALIST})


def _journal(
    uow: UnitOfWork,
    actor: Actor,
    document: Incoming,
    action: Action,
    *,
    source: State,
    now: dt.datetime,
    move: Move,
    parts: list[dict[str, object]],
) -> None:
    facts = {
        "from": str(source),
        "to": str(document.state),
        "version": document.version,
        "remark": move.remark,
        "due": None if document.due_at is None else journal.utc(document.due_at),
        "due_kind": str(DueKind(document.due_kind)),
        **({"parts": parts} if parts else {}),
        **move.journal,
    }
    _record(uow, actor, document, tag=f"document:incoming:{action}", facts=facts, now=now)


def _record(
    uow: UnitOfWork, actor: Actor, document: Incoming, *, tag: str, facts: Mapping[str, object], now: dt.datetime
) -> None:
    journal.record_incoming(uow, document, tag=tag, facts=facts, actor=actor, now=now)
