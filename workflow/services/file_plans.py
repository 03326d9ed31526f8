"""The yearly file plan (Danh mục hồ sơ, Decree 30/2020, Art. 28): made by the clerk, approved by the head."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from workflow.domain import retention
from workflow.domain.dossiers import HAS_ENTRIES, PLAN_STEPS, PlanAction, PlanState, of_year, split_notation
from workflow.domain.errors import BadInput, NotFound
from workflow.domain.people import Actor
from workflow.domain.permissions import Permission, Scope, demand
from workflow.domain.retention import HandOverTerm
from workflow.domain.steps import Step, require, step_for
from workflow.domain.text import clean
from workflow.services.journal import local_day, record
from workflow.store import file_plans as store
from workflow.store.models import FilePlan, PlanEntry
from workflow.store.session import UnitOfWork

PERMISSIONS = {
    PlanAction.APPROVE: Permission.APPROVE_FILE_PLAN,
    PlanAction.RETURN: Permission.APPROVE_FILE_PLAN,
}
"""The others belong to whoever plans."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryFacts:
    """A line of the plan: number and symbol, title, retention, who makes it, a note."""

    notation: str
    title: str
    years: int
    unit_id: int
    maker_id: int | None = None
    note: str = ""


def make(
    uow: UnitOfWork, actor: Actor, *, year: int, now: dt.datetime, from_last: bool = True,
    digital_term: HandOverTerm = HandOverTerm.DIGITAL,
) -> FilePlan:  # fmt: skip
    """Begin a year's plan, with the lines of the one before it whose units still exist.

    Raises `BadInput` (`plan_year`, `plan_exists`).
    """
    demand(actor, Permission.PLAN_FILES)
    today = local_day(now)
    if year not in {today.year, today.year + 1}:
        raise BadInput("plan_year", year=year)
    uow.begin_write()
    agency_id = actor.agency_id or 0
    if store.of_year(uow.session, agency_id, year) is not None:
        raise BadInput("plan_exists", year=year)
    plan = FilePlan(
        agency_id=agency_id, year=year, state=PlanState.DRAFT, version=1, digital_term=_digital(digital_term),
        remark="", made_by_id=actor.person_id, made_at=now,
    )  # fmt: skip
    uow.add(plan)
    uow.flush()
    last = store.before(uow.session, agency_id, year) if from_last else None
    if last is not None:
        for line in store.copied(uow.session, last.id, on=today):
            uow.add(
                PlanEntry(
                    plan_id=plan.id, notation=line.notation, title=of_year(line.title, last.year, year),
                    years=line.years, unit_id=line.unit_id, maker_id=line.maker_id, note=line.note,
                )
            )  # fmt: skip
    uow.flush()
    _note(uow, actor, plan, "made", {"year": year, "from": last.year if last else None}, now=now)
    return plan


def put_entry(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, plan_id: int, facts: EntryFacts, now: dt.datetime,
    entry_id: int | None = None,
) -> PlanEntry:  # fmt: skip
    """Add a line to a draft, or change one. Raises `BadInput` (`plan_notation`, `plan_notation_taken`, `plan_unit`,
    `plan_maker`, `dossier_title`, `retention_years`)."""
    plan, _step = _begin(uow, actor, scope, plan_id, PlanAction.EDIT, version=None)
    good = _good(uow, plan, facts, now=now)
    row = PlanEntry(plan_id=plan.id) if entry_id is None else _entry(uow, scope, plan, entry_id)
    if row.notation != good.notation:
        if good.notation in store.notations(uow.session, plan.id):
            raise BadInput("plan_notation_taken", notation=good.notation)
        if entry_id is not None and store.is_used(uow.session, entry_id, reason="its dossier has the number"):
            raise BadInput("plan_entry_used", notation=row.notation)
    row.notation, row.title, row.years = good.notation, good.title, good.years
    row.unit_id, row.maker_id, row.note = good.unit_id, good.maker_id, good.note
    uow.add(row)
    uow.flush()
    told = {"entry": row.id, "notation": row.notation, "title": row.title, "years": row.years}
    _note(uow, actor, plan, "entry", told, now=now)
    return row


def drop_entry(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, plan_id: int, entry_id: int, now: dt.datetime
) -> FilePlan:
    """Take a line out of a draft, unless a dossier was opened from it. Raises `BadInput("plan_entry_used")`."""
    plan, _step = _begin(uow, actor, scope, plan_id, PlanAction.EDIT, version=None)
    row = _entry(uow, scope, plan, entry_id)
    if store.is_used(uow.session, row.id, reason="its dossier has the number"):
        raise BadInput("plan_entry_used", notation=row.notation)
    told = {"entry": row.id, "notation": row.notation}
    uow.session.delete(row)
    uow.flush()
    _note(uow, actor, plan, "entry_dropped", told, now=now)
    return plan


def choose_term(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, plan_id: int, digital_term: HandOverTerm, now: dt.datetime
) -> FilePlan:
    """Which rule digital dossiers of the year follow: 60 days (Circular 05/2025) or one year (Decree 30, 30.2)."""
    plan, _step = _begin(uow, actor, scope, plan_id, PlanAction.EDIT, version=None)
    plan.digital_term = _digital(digital_term)
    uow.flush()
    _note(uow, actor, plan, "term", {"digital": str(plan.digital_term)}, now=now)
    return plan


def act(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, plan_id: int, action: PlanAction, version: int | None,
    now: dt.datetime, remark: str = "",
) -> FilePlan:  # fmt: skip
    """Submit, take back, approve, return or revise a plan. Raises `WrongState`, `NotPermitted`, `Missing`."""
    plan, step = _begin(uow, actor, scope, plan_id, action, version=version)
    words = clean(remark, multiline=True)[:500]
    if step.reason and not words:
        raise BadInput("reason_needed", action=str(action))
    plan.state, plan.remark = step.target, words
    plan.version += 1
    approved = step.target is PlanState.APPROVED
    plan.approved_by_id, plan.approved_at = (actor.person_id, now) if approved else (None, None)
    uow.flush()
    _note(uow, actor, plan, str(action), {"to": str(plan.state), "remark": words}, now=now)
    return plan


def _begin(
    uow: UnitOfWork, actor: Actor, scope: Scope, plan_id: int, action: PlanAction, *, version: int | None
) -> tuple[FilePlan, Step[PlanState, PlanAction]]:
    demand(actor, PERMISSIONS.get(action, Permission.PLAN_FILES))
    uow.begin_write()
    plan = store.lock_plan(scope, uow.session, plan_id, version=version)
    if plan.agency_id != actor.agency_id:
        raise NotFound("file_plan_not_found")
    step = step_for(PLAN_STEPS, PlanState(plan.state), action, role=actor.role)
    require(step, frozenset({HAS_ENTRIES}) if store.size(uow.session, plan.id) else frozenset())
    return plan, step


def _entry(uow: UnitOfWork, scope: Scope, plan: FilePlan, entry_id: int) -> PlanEntry:
    row, of_plan = store.entry(scope, uow.session, entry_id)
    if of_plan.id != plan.id:
        raise NotFound("plan_entry_not_found")
    return row


def _good(uow: UnitOfWork, plan: FilePlan, facts: EntryFacts, *, now: dt.datetime) -> EntryFacts:
    notation, title, today = clean(facts.notation), clean(facts.title), local_day(now)
    if split_notation(notation) is None:
        raise BadInput("plan_notation", notation=notation)
    if not title or len(title) > 500:
        raise BadInput("dossier_title", limit=500)
    if facts.unit_id not in {unit.id for unit in store.units_of(uow.session, plan.agency_id, on=today)}:
        raise BadInput("plan_unit")
    makers = {key for key, _name, _unit in store.makers_of(uow.session, plan.agency_id, on=today)}
    if facts.maker_id is not None and facts.maker_id not in makers:
        raise BadInput("plan_maker")
    return EntryFacts(
        notation=notation, title=title, years=retention.demand_term(facts.years), unit_id=facts.unit_id,
        maker_id=facts.maker_id, note=clean(facts.note)[:200],
    )  # fmt: skip


def _digital(term: HandOverTerm) -> HandOverTerm:
    if term is HandOverTerm.CONSTRUCTION:
        raise BadInput("plan_digital_term")
    return term


def _note(
    uow: UnitOfWork, actor: Actor, plan: FilePlan, action: str, facts: dict[str, object], *, now: dt.datetime
) -> None:
    record(
        uow, subject=f"file_plan:{plan.id}", tag=f"office:file_plan:{action}", facts={**facts}, actor=actor, now=now
    )
