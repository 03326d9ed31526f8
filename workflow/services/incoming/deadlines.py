"""Due dates of incoming documents: given, by the agency's rule, or decided to be none."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from workflow.domain.calendar import WorkingCalendar, office_time
from workflow.domain.errors import BadInput, Missing
from workflow.domain.incoming import Action
from workflow.domain.people import Actor
from workflow.domain.permissions import Scope
from workflow.domain.terms import DueKind, Measure, Term, due_on, shifted, term_end
from workflow.services.calendar import working_calendar
from workflow.services.incoming.moves import Move, apply, begin
from workflow.store import incoming as store
from workflow.store.models import DeadlineRule, Incoming
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
    """Decide when a document is due."""
    document = begin(uow, actor, scope, incoming_id=incoming_id, version=version)
    put(uow, document, choice, now=now)
    apply(uow, actor, document, Action.SET_DUE, now=now, move=Move(remark=remark, journal=told(document)))
    return document


def put(
    uow: UnitOfWork, document: Incoming, choice: DueChoice, *, now: dt.datetime, rule: int | None = None
) -> None:
    """Write a decision into the row: due moment, kind, and how it came, so that it can be counted again."""
    calendar = working_calendar(uow)
    due = _due_of(document, choice, calendar)
    if due is not None and choice.day is not None and due < now and choice.day < office_time(now).date():
        raise BadInput("due_in_the_past", day=choice.day)
    if due is None:
        document.due_kind, document.due_at, document.due_term = DueKind.NONE, None, {}
        return
    document.due_kind = DueKind.RULE if rule is not None else DueKind.GIVEN
    document.due_term = _term(document, choice, rule)
    document.due_at = due_moment(uow, document, calendar)
    document.first_due_at = document.first_due_at or document.due_at


def by_rule(uow: UnitOfWork, document: Incoming, *, now: dt.datetime, lead_unit_id: int | None = None) -> None:
    """The agency's own term for the type and, once it is known, the lead unit; only where nobody decided."""
    if document.due_kind not in {DueKind.UNDECIDED, DueKind.RULE}:
        return
    rules = store.deadline_rules(uow.session, document.agency_id)
    rule = rule_for(rules, type_code=document.type_code, unit_id=lead_unit_id or document.lead_unit_id)
    if rule is None:
        return
    put(uow, document, DueChoice(term=Term(Measure(rule.measure), rule.amount)), now=now, rule=rule.id)


def rule_for(rules: Sequence[DeadlineRule], *, type_code: str | None, unit_id: int | None) -> DeadlineRule | None:
    """The most special rule that fits: unit and type, unit, type, then the agency's own for everything."""
    fitting = [rule for rule in rules if rule.type_code in {None, type_code} and rule.unit_id in {None, unit_id}]
    return max(
        fitting, key=lambda rule: (rule.unit_id is not None, rule.type_code is not None, rule.id), default=None
    )


def due_moment(uow: UnitOfWork, document: Incoming, calendar: WorkingCalendar) -> dt.datetime | None:
    """The due moment as its term and its pauses make it under a calendar; None without a deadline."""
    term = document.due_term
    if not term:
        return None
    if "day" in term:
        base: dt.datetime | None = due_on(dt.date.fromisoformat(term["day"]), calendar)
    else:
        start = dt.datetime.fromisoformat(term["from"])
        base = term_end(Term(Measure(term["measure"]), int(term["amount"])), start, calendar)
    if base is None:
        return None
    stood = [(one.began_at, one.ended_at) for one in store.pauses_of(uow.session, document.id) if one.ended_at]
    return shifted(base, [(began, ended) for began, ended in stood if ended is not None], calendar)


def told(document: Incoming) -> dict[str, object]:
    """What the journal keeps of a decision about a due date."""
    return {"term": dict(document.due_term)}


def demand_due(document: Incoming) -> dt.datetime:
    """The due moment, or `Missing("has_due")`."""
    if document.due_at is None:
        raise Missing("has_due", action="due")
    return document.due_at


def _due_of(document: Incoming, choice: DueChoice, calendar: WorkingCalendar) -> dt.datetime | None:
    if choice.day is not None:
        return due_on(choice.day, calendar)
    assert choice.term is not None
    return term_end(choice.term, document.arrived_at, calendar)


def _term(document: Incoming, choice: DueChoice, rule: int | None) -> dict[str, object]:
    if choice.day is not None:
        return {"day": choice.day.isoformat()}
    assert choice.term is not None
    made: dict[str, object] = {
        "from": document.arrived_at.isoformat(), "measure": str(choice.term.measure), "amount": choice.term.amount,
    }  # fmt: skip
    return made if rule is None else {**made, "rule": rule}
