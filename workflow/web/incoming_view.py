"""What the page of one incoming document shows: road, holder, actions, recipients, verdict, history, relations."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from workflow.domain import incoming as rules
from workflow.domain.calendar import WorkingCalendar
from workflow.domain.incoming import STEPS, Action, Part, State, holder_of
from workflow.domain.people import Role
from workflow.domain.steps import possible
from workflow.domain.terms import DueKind, Measure
from workflow.services.incoming.moves import possible_actions, unit_heads, units_of
from workflow.store.models import Incoming, Person
from workflow.web import format
from workflow.web.clocks import Clock, clock
from workflow.web.context import Current
from workflow.web.i18n import _, ngettext
from workflow.web.incoming_offers import (
    AT_OFFICE,
    DONE_ELSEWHERE,
    HELD_BY,
    OFFERS,
    PAGES,
    PAUSED,
    PEOPLE,
    QUIET,
    ROAD,
    SHOWN_WITHOUT,
    WAITS_FOR,
    WHY_NOT,
)
from workflow.web.incoming_targets import Target, targets
from workflow.web.labels import label
from workflow.web.navigation import page_exists
from workflow.web.offers import Kind, Offer


@dataclass(frozen=True, slots=True)
class Milestone:
    """A state on the road: `stage` is `done`, `now` or `coming`."""

    state: State
    stage: str
    who: str = ""
    at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Offered:
    """An action for this person now. `will` names whom it goes to; `why_not` is empty where it can be taken."""

    action: Action
    offer: Offer
    reason: bool
    why_not: str
    will: str
    address: str
    quiet: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the history."""

    at: dt.datetime
    who: str
    action: Action
    remark: str
    held_minutes: int
    machine: bool
    note: str = ""
    word: str = ""
    """As of outgoing documents, which say some acts in other words; here the action's own name always does."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who takes part, as what, until when, and whether they have read it."""

    part: Any
    unit: str
    person: str
    reader: str
    clock: Clock
    mine: bool


def milestones(document: Incoming, history: Sequence[Any]) -> list[Milestone]:
    """The straight road with what was done on it. What left the road stands where it left."""
    state = State(document.state)
    left: dict[str, tuple[str, dt.datetime]] = {}
    for line, name in history:
        if line.from_state and line.from_state != line.to_state:
            left[line.from_state] = (name or _("the machine"), line.at)
    here = ROAD.index(state) if state in ROAD else 0
    road = []
    for place, step in enumerate(ROAD):
        if place < here and step in left:
            road.append(Milestone(step, "done", *left[step]))
        elif place == here and state in ROAD:
            road.append(Milestone(state, "now"))
        elif place > here:
            road.append(Milestone(step, "coming"))
    if state not in ROAD:
        road.insert(0, Milestone(state, "now"))
    return road


def offered(here: Current, document: Incoming) -> list[Offered]:
    """The actions of the acting post: the step forward first, then what else can be taken, then what waits."""
    found: dict[Action, Offered] = {}
    for step, missing in possible_actions(here.uow, here.actor, document):
        offer = OFFERS[step.action]
        if step.action in DONE_ELSEWHERE or (missing and missing not in SHOWN_WITHOUT):
            continue
        address = PAGES[step.action].format(document.id) if step.action in PAGES else ""
        if address and not page_exists(address):
            continue
        before = found.get(step.action)
        if before is None or before.why_not:
            why_not = _(WHY_NOT[missing]) if missing else ""
            will = _(offer.will) if missing else will_go(here, document, step.action)
            quiet = step.action in QUIET or (step.action is Action.DIRECT and step.reason)
            found[step.action] = Offered(step.action, offer, step.reason, why_not, will, address, quiet)
    if Action.CHECK in found and Action.REGISTER in found:
        del found[Action.CHECK]
    return sorted(found.values(), key=lambda one: (one.quiet, bool(one.why_not), _TONES.index(one.offer.tone)))


_TONES = ("primary", "outline-primary", "outline-danger")


def will_go(here: Current, document: Incoming, action: Action) -> str:
    """What will happen, with the name of whoever has it next where there is one."""
    general, names = _(OFFERS[action].will), _next_holders(here, document, action)
    return _("Goes to %(name)s.", name=names) if names else general


def _next_holders(here: Current, document: Incoming, action: Action) -> str:
    """Names of those to whom an action hands the document; empty where that is chosen or nobody in particular."""
    session, state = here.uow.session, State(document.state)
    if action is not Action.SEND_BACK:
        return ""
    keys: list[int] = []
    match state:
        case State.ASSIGNED | State.IN_PROGRESS:
            keys = unit_heads(here.uow, document.lead_unit_id, now=here.now)
        case State.DIRECTED:
            keys = [document.leader_id] if document.leader_id else []
        case State.SUBMITTED:
            return _("the clerk, who submits it anew")
    names = [person.full_name for key in keys if (person := session.get(Person, key)) is not None]
    return ", ".join(names)


def submit_targets(here: Current, found: Sequence[Offered]) -> list[Target]:
    """Whom it can be submitted to, where that is offered at all."""
    return targets(here) if any(one.action is Action.SUBMIT and not one.why_not for one in found) else []


def what_others_may(document: Incoming, own: Role, found: Sequence[Offered]) -> list[tuple[str, str]]:
    """(action, who) of the steps from here that are other people's: an action that is missing explains itself.

    What stands among the reader's own buttons (`found`) is not missing.
    """
    missing = {one for one in OFFERS if OFFERS[one].kind is not Kind.MACHINE} - QUIET
    missing -= {one.action for one in found}
    others: dict[Action, list[str]] = {}
    for role in PEOPLE:
        for step in possible(STEPS, State(document.state), role):
            if role is not own and step.action in missing:
                others.setdefault(step.action, []).append(_who(role, step.needs))
    return [(label(action), ", ".join(dict.fromkeys(who))) for action, who in others.items()]


def _who(role: Role, needs: Sequence[str]) -> str:
    if rules.OFFICE_HEAD in needs:
        return _("the chief of office")
    if rules.HANDLER in needs:
        return _("the handler")
    if rules.LEAD_UNIT in needs:
        return _("the head of the lead unit")
    return label(role)


def waits(document: Incoming) -> str:
    """What the document waits for, as the second half of a sentence."""
    if document.paused_since is not None:
        return _(PAUSED)
    if document.state == State.SUBMITTED and document.at_office:
        return _(AT_OFFICE)
    return _(WAITS_FOR[State(document.state)])


def holder(here: Current, document: Incoming) -> str:
    """Who has it now, by name where one person does; empty once it is closed."""
    if document.holder_id is not None:
        person = here.uow.session.get(Person, document.holder_id)
        return person.full_name if person else ""
    found = holder_of(State(document.state), at_office=document.at_office, paused=document.paused_since is not None)
    return _(HELD_BY[found]) if found else ""


def waits_for_me(document: Incoming, here: Current) -> bool:
    """Whether it lies on the desk of the person who looks."""
    state, role, person = State(document.state), here.post.role, here.desk_of
    match state:
        case State.ARRIVED | State.CHECKED | State.REGISTERED:
            return role is Role.CLERK
        case State.ANOMALY:
            return role is Role.LEADER
        case State.SUBMITTED if document.at_office:
            return role is Role.UNIT_HEAD and here.actor.in_office
        case State.SUBMITTED:
            return document.leader_id == person
        case State.DIRECTED:
            return role is Role.UNIT_HEAD and document.lead_unit_id in here.scope.unit_ids
        case State.ASSIGNED | State.IN_PROGRESS:
            return document.handler_id == person
    return False


def recipients(here: Current, rows: Sequence[Any], calendar: WorkingCalendar) -> list[Recipient]:
    """Everybody who takes part now, the lead first."""
    units = units_of(here.uow, here.actor)
    made = []
    for part, unit, person, reader in rows:
        own = part.person_id == here.desk_of or (part.person_id is None and part.unit_id in units)
        told = clock(part.due_at, here.now, calendar) if part.ended_at is None else clock(None, here.now, calendar)
        made.append(Recipient(part, unit, person or "", reader or "", told, own))
    return made


def unread(found: Sequence[Recipient]) -> bool:
    """Whether a read receipt of the person who looks is due."""
    return any(one.mine and one.part.read_at is None for one in found)


def own_part(here: Current, found: Sequence[Recipient]) -> Recipient | None:
    """The part that the person who looks coordinates and has not finished."""
    units = units_of(here.uow, here.actor)
    return next(
        (
            one
            for one in found
            if one.part.part == Part.COORDINATE
            and one.part.ended_at is None
            and (one.part.person_id == here.desk_of or one.part.unit_id in units)
        ),
        None,
    )


def why_due(document: Incoming) -> str:
    """Where the due date comes from, in words."""
    term = document.due_term or {}
    match DueKind(document.due_kind):
        case DueKind.NONE:
            return _("decided: no deadline")
        case DueKind.UNDECIDED:
            return _("not decided yet")
    counted = "" if "day" in term else _counted(term)
    if document.due_kind == DueKind.RULE:
        return _("by the working regulation: %(term)s", term=counted)
    return _("given: %(term)s", term=counted) if counted else _("a day that was given")


def _counted(term: dict[str, Any]) -> str:
    if "measure" not in term:
        return ""
    measure, n = Measure(term["measure"]), int(term["amount"])
    day = format.day(dt.datetime.fromisoformat(term["from"])) if "from" in term else ""
    match measure:
        case Measure.WORKING_DAYS:
            told = ngettext("%(n)s working day", "%(n)s working days", n)
        case Measure.HOURS:
            told = ngettext("%(n)s office hour", "%(n)s office hours", n)
        case _:
            told = ngettext("%(n)s day", "%(n)s days", n)
    return _("%(term)s from %(day)s", term=told, day=day) if day else told


def lines(history: Sequence[Any]) -> list[Line]:
    """The history, newest first."""
    return [
        Line(
            at=line.at, who=name or _("the machine"), action=Action(line.action), remark=line.remark,
            held_minutes=line.held_minutes, machine=line.person_id is None,
        )
        for line, name in reversed(history)
    ]  # fmt: skip


BROUGHT_BACK = frozenset({Action.SEND_BACK, Action.REOPEN, Action.CLEAR_ANOMALY})
"""Acts by which somebody has a document again, with a reason."""


def came_back(history: Sequence[Any]) -> Line | None:
    """The line by which whoever has it now has it again: who gave it back, when and why."""
    moves = [(line, name) for line, name in history if line.from_state != line.to_state]
    return lines(moves[-1:])[0] if moves and moves[-1][0].action in BROUGHT_BACK else None


def director(document: Incoming, history: Sequence[Any], leader: str) -> str:
    """Who gave the direction that stands: the leader, or whoever looked after the leader's desk, and for whom."""
    given = next(((line, name) for line, name in reversed(history) if line.action == Action.DIRECT), None)
    if given is None or not given[1] or given[0].person_id == document.leader_id:
        return leader
    return _("%(name)s, in place of %(leader)s", name=given[1], leader=leader) if leader else str(given[1])


def proposal(document: Incoming, units: dict[int, str]) -> list[tuple[str, str]]:
    """The proposed direction as (title, words); empty where none was made."""
    stored = document.proposal
    if not stored:
        return []
    made = []
    for part in Part:
        names = [units.get(one["unit"], "?") for one in stored["to"] if one["part"] == part]
        if names:
            made.append((label(part), "; ".join(dict.fromkeys(names))))
    if stored.get("words"):
        made.append((_("Opinion"), str(stored["words"])))
    if (due := stored.get("due")) is not None:
        made.append((_("Due"), proposed_due(due)))
    return made


def proposed_due(due: dict[str, Any]) -> str:
    """A proposed due date in words."""
    if "day" in due:
        return format.day(dt.date.fromisoformat(due["day"]))
    return _("no deadline") if due["measure"] == Measure.NONE else _counted(due)


def proposed_units(documents: Sequence[Any]) -> list[int]:
    """Keys of the units that the proposals of several documents name."""
    return sorted({one["unit"] for row in documents if row.proposal for one in row.proposal["to"]})
