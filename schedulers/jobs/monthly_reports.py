"""Draft the reports that end with the month before (its own, the quarter's, half-year's, year's), for agencies that
said who drafts them, once their months are closed."""

from __future__ import annotations

import datetime as dt

from schedulers.job import Job, Result, Turn
from workflow.adapters.blobs import open_blobs
from workflow.domain.calendar import office_time
from workflow.domain.errors import WorkflowError
from workflow.domain.jobs import rule
from workflow.domain.periods import month
from workflow.domain.permissions import Scope
from workflow.services.figures import upward
from workflow.services.figures.reported import reported
from workflow.services.figures.upward import Due
from workflow.store.session import unit_of_work


def run(turn: Turn) -> Result:
    """Opened in one unit of work, its words set in another: what was opened and not written is written next time.
    One that cannot be drafted (its signer left, say) is counted and does not stop the others."""
    counts = {"drafted": 0, "refused": 0}
    period = month(office_time(turn.cut_off).date()).before.key
    waiting = upward.to_draft(turn.uow, period, day=office_time(turn.now).date())
    for done, one in enumerate(waiting):
        turn.progress("agencies", done, len(waiting))
        if turn.stopping():
            break
        try:
            _draft(turn, one)
        except WorkflowError:
            counts["refused"] += 1
            continue
        counts["drafted"] += 1
    return counts


def _draft(turn: Turn, one: Due) -> None:
    tools = turn.tools
    now, blobs = tools.clock(), open_blobs(tools.settings.blob_url)
    with unit_of_work(tools.engine) as uow:
        report = reported(uow, Scope(agency_ids=(one.agency_id,)), key=one.period, agency_id=one.agency_id, now=now)
        document = upward.open_draft(
            uow, one.actor, report=report, signer=one.plan.signer, recipients=one.plan.recipients, now=now
        )
        uow.commit()
        key = document.id
    with unit_of_work(tools.engine) as uow:
        upward.write_draft(uow, one.actor, one.scope, document_id=key, report=report, blobs=blobs, now=now)
        uow.commit()


JOB = Job(
    rule=rule("monthly_reports"),
    run=run,
    why="Figures that are typed by hand are late and differ from the lists; the closed month has them all, and "
    "people keep the causes, the checking and the signature.",
    lease=dt.timedelta(minutes=15),
)
