"""The end of a dossier in its unit: closed, reopened, kept longer with consent, cancelled."""

from __future__ import annotations

import datetime as dt

from workflow.domain import retention
from workflow.domain.dossiers import NO_DUPLICATES, Action
from workflow.domain.errors import BadInput
from workflow.domain.people import Actor
from workflow.domain.permissions import Scope
from workflow.domain.retention import HandOverTerm
from workflow.domain.text import clean
from workflow.services.dossiers.moves import Move, begin, demand_step, finish, set_retention
from workflow.services.journal import local_day
from workflow.store.models import Dossier
from workflow.store.session import UnitOfWork


def close(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, dossier_id: int, version: int | None, ended_on: dt.date,
    now: dt.datetime, years: int | None = None, duplicates_kept: bool = False, remark: str = "",
) -> Dossier:  # fmt: skip
    """Close it: the work ended on a day, the retention is fixed anew, the day for the archive is worked out.

    Refused while drafts or work that is not done stand in it, or the same file twice unless `duplicates_kept`.
    Raises `Missing`, `BadInput` (`dossier_days`, `retention_years`).
    """
    dossier = begin(uow, actor, scope, dossier_id=dossier_id, version=version)
    facts = frozenset({NO_DUPLICATES}) if duplicates_kept else frozenset()
    move = Move(remark=clean(remark, multiline=True), facts=facts, journal={"ended": ended_on.isoformat()})
    step = demand_step(uow, actor, scope, dossier, Action.CLOSE, move=move)
    if not dossier.started_on <= ended_on <= local_day(now):
        raise BadInput("dossier_days")
    set_retention(uow, dossier, own_years=years)
    dossier.ended_on = ended_on
    dossier.due_on = due_day(dossier)
    finish(uow, actor, dossier, step, now=now, move=move)
    return dossier


def reopen(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, dossier_id: int, version: int | None, reason: str,
    now: dt.datetime,
) -> Dossier:  # fmt: skip
    """Open a closed one again, with the reason, as long as it has not gone to the archive."""
    dossier = begin(uow, actor, scope, dossier_id=dossier_id, version=version)
    move = Move(remark=clean(reason, multiline=True))
    step = demand_step(uow, actor, scope, dossier, Action.REOPEN, move=move)
    dossier.ended_on = dossier.due_on = dossier.kept_until = None
    dossier.consent = ""
    finish(uow, actor, dossier, step, now=now, move=move)
    return dossier


def keep_longer(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, dossier_id: int, version: int | None, until: dt.date,
    consent: str, now: dt.datetime,
) -> Dossier:  # fmt: skip
    """Keep it in the unit beyond its day, with written consent, at most two years (Decree 30/2020, Art. 31.3d).

    `consent`: number, symbol and day of the paper. Raises `BadInput` (`reason_needed`, `dossier_kept_too_long`).
    """
    dossier = begin(uow, actor, scope, dossier_id=dossier_id, version=version)
    words = clean(consent)
    move = Move(remark=words, journal={"until": until.isoformat()})
    step = demand_step(uow, actor, scope, dossier, Action.KEEP, move=move)
    due = due_day(dossier)
    if due is None or not due < until <= retention.latest_keeping(due):
        raise BadInput("dossier_kept_too_long", day=due and due.strftime("%d/%m/%Y"))
    dossier.kept_until = dossier.due_on = until
    dossier.consent = words[:300]
    finish(uow, actor, dossier, step, now=now, move=move)
    return dossier


def cancel(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, dossier_id: int, version: int | None, reason: str,
    now: dt.datetime,
) -> Dossier:  # fmt: skip
    """Take back an empty dossier that was opened by mistake; its number is not given again."""
    dossier = begin(uow, actor, scope, dossier_id=dossier_id, version=version)
    move = Move(remark=clean(reason, multiline=True))
    step = demand_step(uow, actor, scope, dossier, Action.CANCEL, move=move)
    finish(uow, actor, dossier, step, now=now, move=move)
    return dossier


def due_day(dossier: Dossier) -> dt.date | None:
    """The last day for the archive by the rules alone; None while it is open and where it stays in the unit."""
    if dossier.ended_on is None:
        return None
    return retention.due_on(dossier.ended_on, dossier.years, HandOverTerm(dossier.term))
