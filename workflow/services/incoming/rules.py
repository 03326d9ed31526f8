"""An agency's own terms by type and unit, each citing its regulation (Decree 30/2020, Art. 24.2).

A change shows first which open documents it moves, like a change of the calendar.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from workflow.domain.errors import BadInput, NotPermitted, Refused
from workflow.domain.people import Actor
from workflow.domain.permissions import Permission, demand
from workflow.domain.terms import Measure, Term
from workflow.domain.text import clean
from workflow.services import journal
from workflow.services.calendar import calendars_by_hours, days_kept
from workflow.services.incoming.deadlines import rule_for
from workflow.services.recalculating import Flip, Moved, Rule, by_rules, write
from workflow.store import incoming as store
from workflow.store import office
from workflow.store.models import DeadlineRule
from workflow.store.session import UnitOfWork

NEW = 2**53
"""Stands for the key that a new rule will get, while it is only shown: the newest one speaks last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleFacts:
    """A term: for a type or for all, in a unit or in the whole agency, and the regulation that says so."""

    type_code: str | None
    unit_id: int | None
    term: Term
    basis: str


def preview(
    uow: UnitOfWork, actor: Actor, *, rule_id: int | None, facts: RuleFacts | None, now: dt.datetime
) -> list[Flip]:
    """Which open documents a rule would move. `rule_id` None: a new one; `facts` None: the rule ends."""
    agency = _demand(actor)
    _check(uow, agency, facts, rule_id=rule_id)
    moved = _moved(uow, agency, rule_id, facts, lock=False)
    return [flip for one in moved for flip in one.flips()]


def save(
    uow: UnitOfWork, actor: Actor, *, rule_id: int | None, facts: RuleFacts | None, reason: str, now: dt.datetime
) -> int:
    """Add, change or retire a rule and move what it moves; how many open documents moved."""
    agency = _demand(actor)
    words = clean(reason, multiline=True)
    if not words:
        raise BadInput("reason_needed", action="rule")
    uow.begin_write()
    office.lock_agency(uow.session, agency)  # two at once would each find no rule like theirs
    _check(uow, agency, facts, rule_id=rule_id)
    row = None if rule_id is None else store.rule_of(uow.session, agency, rule_id)
    before = None if row is None else told(row)
    if row is not None and not row.active:
        raise Refused("rule_retired")
    if row is None:
        if facts is None:
            raise BadInput("rule_facts_needed")
        row = DeadlineRule(agency_id=agency, active=True)
        _take(row, facts)
        uow.add(row)
    elif facts is None:
        row.active = False
    else:
        _take(row, facts)
    uow.flush()
    moved = _moved(uow, agency, row.id, facts, lock=True)
    after = None if facts is None else told(row)
    entry = {"rule": row.id, "before": before, "after": after, "reason": words, "moved": len(moved)}
    journal.record(
        uow, subject=f"unit:{agency}", tag="unit:deadline_rule:changed", facts=entry, actor=actor, now=now
    )
    write(uow, actor, moved, because={"rule": row.id, "basis": row.basis, "reason": words}, now=now)
    return len(moved)


def told(row: DeadlineRule) -> dict[str, object]:
    """A rule as the journal keeps it."""
    return {
        "type": row.type_code, "unit": row.unit_id, "measure": row.measure, "amount": row.amount,
        "basis": row.basis,
    }  # fmt: skip


def _take(row: DeadlineRule, facts: RuleFacts) -> None:
    row.type_code, row.unit_id = facts.type_code, facts.unit_id
    row.measure, row.amount, row.basis = facts.term.measure, facts.term.amount, clean(facts.basis)[:200]


def _demand(actor: Actor) -> int:
    demand(actor, Permission.MANAGE_SETTINGS)
    if actor.agency_id is None:
        raise NotPermitted("no_post")
    return actor.agency_id


def _check(uow: UnitOfWork, agency: int, facts: RuleFacts | None, *, rule_id: int | None) -> None:
    if facts is None:
        return
    if not clean(facts.basis):
        raise BadInput("rule_basis_needed")
    if facts.type_code is not None:
        office.document_type(uow.session, facts.type_code)
    if facts.unit_id is not None and office.unit(uow.session, facts.unit_id).agency_id != agency:
        raise BadInput("rule_unit")
    for row in store.deadline_rules(uow.session, agency):
        if row.id != rule_id and (row.type_code, row.unit_id) == (facts.type_code, facts.unit_id):
            raise Refused("rule_twice")


def _moved(
    uow: UnitOfWork, agency: int, rule_id: int | None, facts: RuleFacts | None, *, lock: bool
) -> list[Moved]:
    rows = [_plain(row) for row in store.deadline_rules(uow.session, agency) if row.id != rule_id]
    if facts is not None:
        term = facts.term
        rows.append(Rule(rule_id or NEW, facts.type_code, facts.unit_id, str(term.measure), term.amount))

    def best(kind: str | None, unit: int | None) -> Rule | None:
        return rule_for(rows, type_code=kind, unit_id=unit)

    return by_rules(uow, agency, best, calendars_by_hours(days_kept(uow)), lock=lock)


def _plain(row: DeadlineRule) -> Rule:
    return Rule(row.id, row.type_code, row.unit_id, row.measure, row.amount)


def term_of(measure: Measure, amount: int | None) -> Term:
    """A term as a form gives it: no number where there is no deadline."""
    return Term(measure, 0 if measure is Measure.NONE else amount or 0)
