"""What administrators decide about the jobs of the clock: pause, have one run or tried, ask one to stop.

Jobs are the whole installation's, so the top agency's administrators decide. Nothing runs here: an asked run is a
line that any scheduler process takes like a period.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from workflow.domain.errors import BadInput, Conflict, NotFound, Refused
from workflow.domain.jobs import JobRule, rule
from workflow.domain.people import Actor
from workflow.domain.permissions import Permission, demand
from workflow.domain.schedules import name_of_asking
from workflow.domain.text import clean
from workflow.services import journal
from workflow.store import clock
from workflow.store import job_ledger as store
from workflow.store.session import UnitOfWork

SECONDS = 3
"""What is asked for is named by its second; where another run has that name already, by one of the next."""


def pause(uow: UnitOfWork, actor: Actor, *, job: str, reason: str, now: dt.datetime) -> None:
    """No period of it begins any more; one that runs goes on to its end. Raises `BadInput("reason_needed")`,
    `Conflict("job_paused_already")`.
    """
    found, words = _demanded(actor, job), clean(reason, multiline=True)
    if not words:
        raise BadInput("reason_needed", action="jobs")
    uow.begin_write()
    if clock.hold(uow.session, found.name):
        raise Conflict("job_paused_already")
    store.pause(uow.session, found.name, by=actor.person_id, reason=words, now=now)
    _record(uow, actor, found, "job:pause:begun", {"reason": words}, now=now)


def resume(uow: UnitOfWork, actor: Actor, *, job: str, now: dt.datetime) -> None:
    """From the next look on it is due again; what it missed follows its rule. Raises
    `Conflict("job_not_paused")`.
    """
    found = _demanded(actor, job)
    uow.begin_write()
    if not clock.hold(uow.session, found.name):
        raise Conflict("job_not_paused")
    store.pause(uow.session, found.name, by=None, reason="", now=None)
    _record(uow, actor, found, "job:pause:ended", {}, now=now)


def ask_run(uow: UnitOfWork, actor: Actor, *, job: str, now: dt.datetime) -> int:
    """Have it run now, once, also while it is paused; answers the line to look at. Raises
    `Conflict("job_asked_already")` where such a run waits or goes on.
    """
    return _ask(uow, actor, job, "asked", now=now)


def ask_dry_run(uow: UnitOfWork, actor: Actor, *, job: str, now: dt.datetime) -> int:
    """Have it say what it would do now, and leave nothing else. Raises `Refused("job_has_no_dry_run")` too."""
    return _ask(uow, actor, job, "dry", now=now)


def _ask(uow: UnitOfWork, actor: Actor, job: str, kind: str, *, now: dt.datetime) -> int:
    found = _demanded(actor, job)
    if kind == "dry" and not found.dry:
        raise Refused("job_has_no_dry_run")
    uow.begin_write()
    clock.hold(uow.session, found.name)
    if store.asked_already(uow.session, found.name, kind):
        raise Conflict("job_asked_already")
    for later in range(SECONDS):
        period = name_of_asking(now + dt.timedelta(seconds=later))
        line = store.ask(uow.session, found.name, period, kind=kind, by=_person(actor), now=now)
        if line is not None:
            break
    else:
        raise Conflict("job_asked_already")
    tag = "job:run:asked" if kind == "asked" else "job:dry_run:asked"
    _record(uow, actor, found, tag, {"period": period}, now=now)
    return line


def ask_to_stop(uow: UnitOfWork, actor: Actor, *, job: str, line_id: int, now: dt.datetime) -> None:
    """Have a run end after its present step; one that only waits never begins. Raises `Refused("job_stops_not")`,
    `Conflict("job_ended_already")`.
    """
    found = _demanded(actor, job)
    uow.begin_write()
    line = store.hold_line(uow.session, found.name, line_id)  # a scheduler may be taking it at this moment
    if line is None:
        raise NotFound("job_not_found")
    if line.state not in {"waiting", "running"}:
        raise Conflict("job_ended_already")
    if not found.stops and line.state == "running":
        raise Refused("job_stops_not")
    store.ask_to_stop(uow.session, line_id, waits=line.state == "waiting", by=_person(actor), now=now)
    facts = {"period": line.period, "state": line.state}
    _record(uow, actor, found, "job:run:stop_asked", facts, now=now)


def _demanded(actor: Actor, job: str) -> JobRule:
    demand(actor, Permission.RUN_JOBS)
    return rule(job)


def _person(actor: Actor) -> int:
    if actor.person_id is None:
        raise NotFound("job_not_found")
    return actor.person_id


def _record(
    uow: UnitOfWork, actor: Actor, found: JobRule, tag: str, facts: Mapping[str, object], *, now: dt.datetime
) -> None:
    journal.record(uow, subject=f"job:{found.name}", tag=tag, facts=facts, actor=actor, now=now)
