"""What is to be done now: one look over all jobs, five questions, whatever there is.

What nobody will run any more is written into the ledger here, once, by whoever notices.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import structlog

from schedulers.job import Job, Tools
from workflow.domain import jobs as rules
from workflow.domain.calendar import WorkingCalendar
from workflow.domain.jobs import Gap, Plan
from workflow.services.calendar import working_calendar
from workflow.store import clock
from workflow.store.clock import Line
from workflow.store.session import UnitOfWork, unit_of_work

log = structlog.get_logger("schedulers")


@dataclass(slots=True)
class Work:
    """What one job has to do: periods of its schedule, then runs that people asked for."""

    periods: tuple[str, ...] = ()
    asked: list[Line] = field(default_factory=list)
    missed: tuple[Gap, ...] = ()
    dead: list[str] = field(default_factory=list)
    """Runs whose process died and whose time is over."""

    def __bool__(self) -> bool:
        return bool(self.periods or self.asked)


def look(tools: Tools, jobs: Sequence[Job]) -> dict[str, Work]:
    """Work by the name of its job, without those that have none; what was missed is noted."""
    with unit_of_work(tools.engine) as uow:
        found = _found(uow, tools, jobs)
    for job in jobs:
        if found[job.name].missed or found[job.name].dead:
            _note(tools, job)
    return {name: work for name, work in found.items() if work}


def _found(uow: UnitOfWork, tools: Tools, jobs: Sequence[Job]) -> dict[str, Work]:
    calendar, now = working_calendar(uow), tools.clock()
    named = {job.name: rules.named(job.rule, now, calendar) for job in jobs}
    database_now = clock.database_now(uow.session)
    lines: defaultdict[str, list[Line]] = defaultdict(list)
    for line in clock.lines(uow.session, named, now=database_now, moment=now):
        lines[line.job].append(line)
    latest = clock.latest(uow.session, {name: periods[-1] for name, periods in named.items() if periods})
    paused = clock.paused(uow.session, list(named))
    return {
        job.name: _work(job, lines[job.name], latest, named, tools, calendar, paused=job.name in paused)
        for job in jobs
    }


def _work(
    job: Job, lines: Sequence[Line], latest: Mapping[str, str], named: Mapping[str, tuple[str, ...]], tools: Tools,
    calendar: WorkingCalendar, *, paused: bool,
) -> Work:  # fmt: skip
    asked = sorted((one for one in lines if one.kind != "period" and one.open), key=lambda one: one.period)
    if paused:
        return Work(asked=asked)
    periods = {one.period: one.open for one in lines if one.kind == "period"}
    plan: Plan = rules.plan(job.rule, tools.clock(), calendar, latest=latest.get(job.name), lines=periods)
    present = set(named[job.name])
    dead = [one.period for one in lines if one.lapsed and (one.period not in present or not one.open)]
    dead = [period for period in dead if period not in {one.period for one in asked}]
    return Work(plan.run, asked, plan.missed, dead)


def _note(tools: Tools, job: Job) -> None:
    """Look again under the job's lock, so that two processes write one line about one stretch."""
    with unit_of_work(tools.engine) as uow:
        uow.begin_write()
        if clock.hold(uow.session, job.name):
            return
        work = _found(uow, tools, [job])[job.name]
        gaps = [(gap.last, _spans(gap)) for gap in work.missed]
        written = clock.note_missed(uow.session, job.name, gaps, now=tools.clock())
        now = clock.database_now(uow.session)
        dead = clock.give_up(uow.session, job.name, work.dead, now=now, moment=tools.clock()) if work.dead else 0
        uow.commit()
    if written or dead:
        log.warning("periods_missed", job=job.name, lines=written, died=dead)


def _spans(gap: Gap) -> dict[str, int | str]:
    return {"first": gap.first, "periods": gap.periods} if gap.periods > 1 else {}
