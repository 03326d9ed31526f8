"""Jobs with something on each of their pages: one paused, a dry run with its list, a run with its progress."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import update

from schedulers.job import Tools
from schedulers.runner import run_due
from schedulers.table import job
from tests.support.live import Town
from tests.sweep.shown import shown_on
from workflow.domain.people import Actor
from workflow.services import jobs
from workflow.store.models import JobRun
from workflow.store.session import unit_of_work

CLOCK_PAGES = (
    *shown_on("/admin/jobs", ("admin", "/admin/jobs"), ("drafter", "/admin/jobs", 403)),
    *shown_on(
        "/admin/journal",
        ("admin", "/admin/journal"),
        ("inspector", "/admin/journal", 403),
        ("leader", "/admin/journal", 403),
    ),
    *shown_on(
        "/admin/jobs/<name>",
        ("admin", "/admin/jobs/unsigned"),
        ("admin", "/admin/jobs/recheck"),
        ("admin", "/admin/jobs/outbox?state=missed"),
        ("far_admin", "/admin/jobs/unsigned"),
        ("admin", "/admin/jobs/nothing", 404),
    ),
    *shown_on(
        "/admin/jobs/<name>/lines/<int:line_id>",
        ("admin", "/admin/jobs/unsigned/lines/1"),
        ("admin", "/admin/jobs/unsigned/lines/{dry_run}"),
        ("admin", "/admin/jobs/recheck/lines/{asked_run}"),
        ("admin", "/admin/jobs/unsigned/lines/999999", 404),
    ),
)

NO_CLOCK_PAGES = {
    "/admin/journal/root.json": ("admin", "/admin/journal/root.json", "application/json"),
    "/admin/jobs/<name>/ledger.csv": ("admin", "/admin/jobs/unsigned/ledger.csv", "text/csv"),
    "/admin/jobs/<name>/ledger.xlsx": (
        "admin",
        "/admin/jobs/unsigned/ledger.xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
}


def jobs_asked(town: Town, *, long: str) -> dict[str, object]:
    """What paths may use: a dry run, and a run at work."""
    admin = Actor.of(town.office.posts["admin"], address="127.0.0.1", at_top=True)
    with unit_of_work(town.engine) as uow:
        jobs.pause(uow, admin, job="held_numbers", reason=long, now=town.clock())
        dry_run = jobs.ask_dry_run(uow, admin, job="unsigned", now=town.clock())
        uow.commit()
    run_due(Tools(town.engine, town.settings, town.clock), job("unsigned"))
    with unit_of_work(town.engine) as uow:
        asked = jobs.ask_run(uow, admin, job="recheck", now=town.clock())
        told = {"state": "running", "doing": "documents", "done_steps": 812, "all_steps": 2000, "attempt": 1}
        lease = town.clock() + dt.timedelta(days=3650)
        uow.session.execute(
            update(JobRun).where(JobRun.id == asked).values(**told, told_at=town.clock(), lease_until=lease)
        )
        uow.commit()
    return {"dry_run": dry_run, "asked_run": asked}
