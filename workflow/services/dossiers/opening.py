"""Opening a dossier from the file plan or outside it, and changing what it says about itself."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from workflow.domain import retention
from workflow.domain.dossiers import Action, PlanState, State, next_notation
from workflow.domain.errors import BadInput, Missing
from workflow.domain.people import Actor
from workflow.domain.permissions import Permission, Scope, demand
from workflow.domain.retention import HandOverTerm
from workflow.domain.text import clean, fold
from workflow.services.dossiers.moves import Move, begin, demand_step, finish, set_retention, write_down
from workflow.services.journal import local_day
from workflow.store import dossiers as store
from workflow.store import file_plans, office
from workflow.store.models import Dossier
from workflow.store.session import UnitOfWork

LONGEST_TITLE = 500
"""Annex VI."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a dossier says about itself. `term` None: as the file plan of the year says for digital dossiers."""

    title: str
    years: int
    term: HandOverTerm | None = None
    description: str = ""
    started_on: dt.date | None = None


def open_from_plan(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, entry_id: int, now: dt.datetime,
    term: HandOverTerm | None = None, once_key: str | None = None,
) -> Dossier:  # fmt: skip
    """Open the dossier of an entry of an approved file plan: number, title and retention come from there."""
    person_id, _unit_id, agency_id = _keeper(actor)
    uow.begin_write()
    if (known := _once(uow, scope, person_id, once_key)) is not None:
        return known
    store.lock_numbers(uow.session, agency_id)
    entry, plan = file_plans.entry(scope, uow.session, entry_id)
    if plan.agency_id != agency_id:
        raise BadInput("dossier_other_agency")
    if plan.state != PlanState.APPROVED:
        raise Missing("plan_not_approved", year=plan.year)
    if file_plans.is_open(uow.session, entry.id, reason="one entry, one dossier, whoever opened it"):
        raise BadInput("plan_entry_taken", notation=entry.notation)
    dossier = _new(
        uow, agency_id=agency_id, unit_id=entry.unit_id, maker_id=entry.maker_id or person_id,
        year=plan.year, notation=entry.notation, once_key=once_key,
        facts=Facts(title=entry.title, years=entry.years, term=term), now=now,
    )  # fmt: skip
    dossier.entry_id = entry.id
    _opened(uow, actor, dossier, remark="", now=now)
    return dossier


def open_outside(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, facts: Facts, reason: str, now: dt.datetime,
    once_key: str | None = None,
) -> Dossier:  # fmt: skip
    """Open a dossier that no file plan foresaw; its number is the next one of the unit's letters."""
    person_id, unit_id, agency_id = _keeper(actor)
    words = clean(reason, multiline=True)
    if not words:
        raise BadInput("reason_needed", action=str(Action.OPEN))
    uow.begin_write()
    if (known := _once(uow, scope, person_id, once_key)) is not None:
        return known
    store.lock_numbers(uow.session, agency_id)
    year = local_day(now).year
    taken = store.notations(uow.session, agency_id=agency_id, year=year, reason="numbers are not given twice")
    plan = file_plans.of_year(uow.session, agency_id, year)
    planned = file_plans.notations(uow.session, plan.id) if plan else []
    notation = next_notation([*taken, *planned], letters(office.unit(uow.session, unit_id).abbreviation))
    dossier = _new(
        uow, agency_id=agency_id, unit_id=unit_id, maker_id=person_id, year=year, notation=notation,
        once_key=once_key, facts=facts, now=now,
    )  # fmt: skip
    dossier.outside_reason = words[:500]
    _opened(uow, actor, dossier, remark=words, now=now)
    return dossier


def change(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, dossier_id: int, version: int | None, facts: Facts,
    now: dt.datetime, maker_id: int | None = None,
) -> Dossier:  # fmt: skip
    """Change title, description, retention, term or maker. What its documents ask for stays the least."""
    dossier = begin(uow, actor, scope, dossier_id=dossier_id, version=version)
    move = Move(journal={"title": facts.title, "maker": maker_id or dossier.maker_id})
    step = demand_step(uow, actor, scope, dossier, Action.CHANGE, move=move)
    _say(dossier, facts, now=now)
    if maker_id is not None and maker_id != dossier.maker_id:
        today = local_day(now)
        fit = {key for key, _name, _unit in file_plans.makers_of(uow.session, dossier.agency_id, on=today)}
        if maker_id not in fit:
            raise BadInput("dossier_maker")
        dossier.maker_id = maker_id
    if facts.term is not None:
        dossier.term = facts.term
    set_retention(uow, dossier, own_years=facts.years)
    finish(uow, actor, dossier, step, now=now, move=move)
    return dossier


def letters(abbreviation: str) -> str:
    """The letters of a unit in a notation: `VP HĐND-UBND` becomes `VPHĐND-UBND`."""
    found = re.sub(r"[^\w-]|_", "", abbreviation).strip("-")[:15]
    return found if found and found[0].isalpha() else f"HS{found}"[:15]


def _keeper(actor: Actor) -> tuple[int, int, int]:
    demand(actor, Permission.KEEP_DOSSIER)
    if actor.person_id is None or actor.unit_id is None or actor.agency_id is None:
        raise BadInput("dossier_other_agency")
    return actor.person_id, actor.unit_id, actor.agency_id


def _once(uow: UnitOfWork, scope: Scope, person_id: int, once_key: str | None) -> Dossier | None:
    return store.once(scope, uow.session, maker_id=person_id, once_key=once_key) if once_key else None


def _new(
    uow: UnitOfWork, *, agency_id: int, unit_id: int, maker_id: int, year: int, notation: str,
    once_key: str | None, facts: Facts, now: dt.datetime,
) -> Dossier:  # fmt: skip
    plan = file_plans.of_year(uow.session, agency_id, year)
    usual = HandOverTerm(plan.digital_term) if plan else HandOverTerm.DIGITAL
    dossier = Dossier(
        once_key=once_key, agency_id=agency_id, unit_id=unit_id, maker_id=maker_id, year=year, notation=notation,
        outside_reason="", own_years=retention.demand_term(facts.years), years=facts.years,
        term=facts.term or usual, state=State.OPEN, version=1, state_since=now, started_on=local_day(now),
        consent="",
    )  # fmt: skip
    _say(dossier, facts, now=now)
    return dossier


def _say(dossier: Dossier, facts: Facts, *, now: dt.datetime) -> None:
    title = clean(facts.title)
    if not title or len(title) > LONGEST_TITLE:
        raise BadInput("dossier_title", limit=LONGEST_TITLE)
    dossier.title, dossier.title_folded = title, fold(title)[:LONGEST_TITLE]
    dossier.description = clean(facts.description, multiline=True)[:500]
    if facts.started_on is not None:
        if facts.started_on > local_day(now):
            raise BadInput("dossier_days")
        dossier.started_on = facts.started_on


def _opened(uow: UnitOfWork, actor: Actor, dossier: Dossier, *, remark: str, now: dt.datetime) -> None:
    uow.add(dossier)
    uow.flush()
    told = {"notation": dossier.notation, "year": dossier.year, "title": dossier.title}
    move = Move(remark=remark, journal=told)
    write_down(uow, actor, dossier, Action.OPEN, source=State.OPEN, now=now, move=move)
