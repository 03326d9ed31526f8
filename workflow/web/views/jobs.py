"""Administration of the clock: what ran, what failed and why, what waits in the outbox. Nothing is changed here."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from flask import Blueprint, render_template

from workflow.domain.permissions import Permission
from workflow.store import clock as store
from workflow.store import outbox
from workflow.web import job_words, report_words
from workflow.web.context import current
from workflow.web.guards import allows

bp = Blueprint("jobs", __name__)

SHOWN = 10
"""Lines of each job."""


@bp.get("/admin/jobs")
@allows(Permission.MANAGE_SETTINGS)
def index() -> str:
    """One line a job, then the latest periods of each."""
    session = current().uow.session
    jobs: defaultdict[str, dict[str, Any]] = defaultdict(lambda: {"states": {}, "last": None, "period": ""})
    for job, state, runs, period, finished in store.states(session):
        jobs[job]["states"][state] = runs
        if state == "done":
            jobs[job] |= {"last": finished, "period": period}
    return render_template(
        "jobs/index.html",
        jobs=dict(jobs),
        lines=store.ledger(session, each=SHOWN),
        messages=outbox.counts(session),
        words=report_words,
        jobs_in=job_words,
    )
