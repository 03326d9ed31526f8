"""Jobs with something on each of their pages: one paused, a dry run with its list, a run with its progress."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import update

from schedulers.job import Tools
from schedulers.runner import run_due
from schedulers.table import job
from tests.support.anchored import anchor, write
from tests.support.live import Town
from tests.sweep.shown import shown_on
from workflow.domain.audit import Finding, Flaw
from workflow.domain.people import Actor
from workflow.services import jobs
from workflow.store.models import AnchorToken, AuditRun, JobRun
from workflow.store.session import unit_of_work

CLOCK_PAGES = (
    *shown_on("/admin/jobs", ("admin", "/admin/jobs"), ("drafter", "/admin/jobs", 403)),
    *shown_on(
        "/admin/journal",
        ("admin", "/admin/journal"),
        ("inspector", "/admin/journal"),
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
    anchored(town)
    return {"dry_run": dry_run, "asked_run": asked}


def anchored(town: Town) -> None:
    """Two anchors, one of them stamped, an entry after them, and a pass that found something of each kind."""
    now = town.clock()
    for period in ("h1", "h2"):
        anchor(town.engine, period, now=now)
    write(town.engine, "unit:900", now=now)
    findings = [Finding(flaw, "outgoing:1", "2-5 14") for flaw in Flaw]
    findings.append(Finding(Flaw.VERDICT_CHANGED, "outgoing:1", "ab" * 32))
    with unit_of_work(town.engine) as uow:
        uow.add(
            AnchorToken(
                anchor=1, authority="Tổ chức cấp dấu thời gian " * 5, stamped_at=now, fetched_at=now, token=b"0"
            ),
            AuditRun(
                state="flawed", started_at=now, finished_at=now, chains=812, entries=20_812, anchors=2,
                open_entries=1, findings=[one.as_json() for one in findings],
            ),
        )  # fmt: skip
        uow.commit()
