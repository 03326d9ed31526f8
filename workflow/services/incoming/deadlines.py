"""Due dates of incoming documents: given, by the agency's rule, or decided to be none."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from workflow.domain.calendar import office_time
from workflow.domain.errors import BadInput, Missing, NotFound
from workflow.domain.incoming import Action, Part
from workflow.domain.journal import utc_text
from workflow.domain.people import Actor
from workflow.domain.permissions import Scope
from workflow.domain.terms import DueKind, Measure, Term, due_on
from workflow.domain.text import clean
from workflow.services.calendar import working_calendar
from workflow.services.incoming.clocks import due_moment
from workflow.services.incoming.moves import Move, apply, begin, units_of
from workflow.store import incoming as store
from workflow.store.models import Incoming, IncomingPart
from workflow.store.session import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class DueChoice:
    """What somebody decides: a day, a term from the day of receipt, or `Term(NONE)`; exactly one of both."""

    day: dt.date | None = None
    term: Term | None = None

    def __post_init__(self) -> None:
        if (self.day is None) == (self.term is None):
            raise BadInput("due_choice")


NO_DEADLINE = DueChoice(term=Term(Measure.NONE))


def set_due(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, incoming_id: int, version: int | None, choice: DueChoice,
    now: dt.datetime, remark: str = "",
) -> Incoming:  # fmt: skip
    """Decide when a document is due. Parts whose own date would lie after it get the document's."""
    document = begin(uow, actor, scope, incoming_id=incoming_id, version=version)
    before = document.due_at
    put(uow, document, choice, now=now)
    move = Move(remark=clean(remark, multiline=True), journal={**told(document), "before": _iso(before)})
    apply(uow, actor, document, Action.SET_DUE, now=now, move=move)
    clip_parts(uow, document)
    return document


def set_internal_due(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, incoming_id: int, version: int | None, part_id: int,
    day: dt.date | None, now: dt.datetime,
) -> Incoming:  # fmt: skip
    """A unit head sets the own date of their unit's part, never after the document's; None takes it away."""
    document = begin(uow, actor, scope, incoming_id=incoming_id, version=version)
    part = _part_of(uow, actor, document, part_id)
    due = None if day is None else own_due(uow, document, day, unit_id=part.unit_id)
    if due is not None and due < now:
        raise BadInput("due_in_the_past", day=day)
    told_ = {"part": part.id, "before": _iso(part.due_at), "after": _iso(due)}
    apply(uow, actor, document, Action.SET_INTERNAL_DUE, now=now, move=Move(journal=told_))
    part.due_at = due
    uow.flush()
    return document


def own_due(uow: UnitOfWork, document: Incoming, day: dt.date, *, unit_id: int) -> dt.datetime:
    """A recipient's own date as a moment, under its own office hours; never after the document's."""
    due = due_on(day, working_calendar(uow, unit_id=unit_id))
    if document.due_at is None or due <= document.due_at:
        return due
    if office_time(document.due_at).date() == day:
        return document.due_at  # a document due at noon: its parts are due at noon too
    raise BadInput("due_after_document", day=office_time(document.due_at).date())


def clip_parts(uow: UnitOfWork, document: Incoming) -> None:
    """No open part is due after its document."""
    if document.due_at is None:
        return
    for part in store.live_parts(uow.session, document.id):
        if part.ended_at is None and part.due_at is not None and part.due_at > document.due_at:
            part.due_at = document.due_at
    uow.flush()


def put(
    uow: UnitOfWork, document: Incoming, choice: DueChoice, *, now: dt.datetime, rule: int | None = None,
    unit_id: int | None = None,
) -> None:  # fmt: skip
    """Write a decision into the row: due moment, kind, and how it came, so that it can be counted again.

    `unit_id`: the unit that will lead, where the row does not say so yet.
    """
    calendar = working_calendar(uow, unit_id=unit_id or document.lead_unit_id or document.agency_id)
    if choice.term is not None and choice.term.measure is Measure.NONE:
        document.due_kind, document.due_at, document.due_term = DueKind.NONE, None, {}
        return
    if choice.day is not None and due_on(choice.day, calendar) < now and choice.day < office_time(now).date():
        raise BadInput("due_in_the_past", day=choice.day)
    document.due_kind = DueKind.RULE if rule is not None else DueKind.GIVEN
    document.due_term = _term(document, choice, rule, now=now)
    document.due_at = due_moment(uow, document, calendar)
    document.first_due_at = document.first_due_at or document.due_at


def count_again(uow: UnitOfWork, document: Incoming, *, unit_id: int) -> None:
    """The due moment under the office hours of another unit: it leads now, or no unit leads any more."""
    if document.due_term:
        document.due_at = due_moment(uow, document, working_calendar(uow, unit_id=unit_id))


def by_rule(uow: UnitOfWork, document: Incoming, *, now: dt.datetime, lead_unit_id: int | None = None) -> None:
    """The agency's own term for the type and, once it is known, the lead unit; only where nobody decided."""
    if document.due_kind not in {DueKind.UNDECIDED, DueKind.RULE}:
        return
    rules = store.deadline_rules(uow.session, document.agency_id)
    unit = lead_unit_id or document.lead_unit_id
    rule = rule_for(rules, type_code=document.type_code, unit_id=unit)
    if rule is None:
        return
    term = Term(Measure(rule.measure), rule.amount)
    put(uow, document, DueChoice(term=term), now=now, rule=rule.id, unit_id=unit)


class RuleLike(Protocol):
    """What the choice between rules asks of one."""

    @property
    def id(self) -> int:
        """The later one speaks where two are equally special."""

    @property
    def type_code(self) -> str | None:
        """None: every type."""

    @property
    def unit_id(self) -> int | None:
        """None: every unit."""


R = TypeVar("R", bound=RuleLike)


def rule_for(rules: Sequence[R], *, type_code: str | None, unit_id: int | None) -> R | None:
    """The most special rule that fits: unit and type, unit, type, then the agency's own for everything."""
    fitting = [rule for rule in rules if rule.type_code in {None, type_code} and rule.unit_id in {None, unit_id}]
    return max(
        fitting, key=lambda rule: (rule.unit_id is not None, rule.type_code is not None, rule.id), default=None
    )


def told(document: Incoming) -> dict[str, object]:
    """What the journal keeps of a decision about a due date."""
    return {"term": dict(document.due_term)}


def demand_due(document: Incoming) -> dt.datetime:
    """The due moment, or `Missing("has_due")`."""
    if document.due_at is None:
        raise Missing("has_due", action="due")
    return document.due_at


def _part_of(uow: UnitOfWork, actor: Actor, document: Incoming, part_id: int) -> IncomingPart:
    units = units_of(uow, actor)
    for part in store.live_parts(uow.session, document.id):
        if part.id == part_id and part.part != Part.INFORM and part.ended_at is None and part.unit_id in units:
            return part
    raise NotFound("part_not_found")


def _term(document: Incoming, choice: DueChoice, rule: int | None, *, now: dt.datetime) -> dict[str, object]:
    if choice.day is not None:
        return {"day": choice.day.isoformat(), "since": now.isoformat()}
    assert choice.term is not None
    made: dict[str, object] = {
        "from": document.arrived_at.isoformat(), "measure": str(choice.term.measure), "amount": choice.term.amount,
    }  # fmt: skip
    return made if rule is None else {**made, "rule": rule}


def _iso(moment: dt.datetime | None) -> str | None:
    return None if moment is None else utc_text(moment)
