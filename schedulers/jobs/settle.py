"""Judge again the signatures and received files about which not enough was known when they came."""

from __future__ import annotations

import datetime as dt

from schedulers.job import Job, Result, Turn
from workflow.adapters.blobs import Blobs, open_blobs
from workflow.domain.errors import WorkflowError
from workflow.domain.jobs import rule
from workflow.services import intake
from workflow.services.copies import settling
from workflow.services.signing import settle, settle_one
from workflow.store.session import unit_of_work


def run(turn: Turn) -> Result:
    """One unit of work a signature or file, so that one that cannot be settled holds up no other."""
    blobs = open_blobs(turn.tools.settings.blob_url)
    return {**_signatures(turn, blobs), **_received(turn, blobs)}


def _signatures(turn: Turn, blobs: Blobs) -> dict[str, int]:
    tools = turn.tools
    counts = {"passed": 0, "indeterminate": 0, "failed": 0, "overtaken": 0}
    waiting = settle(turn.uow)
    for done, (session_id, document_id, field) in enumerate(waiting):
        turn.progress("signatures", done, len(waiting))
        if turn.stopping():
            break
        with unit_of_work(tools.engine) as uow:
            try:
                outcome = settle_one(
                    uow, session_id=session_id, document_id=document_id, field=field, blobs=blobs, now=turn.now
                )
            except WorkflowError:
                counts["overtaken"] += 1
                continue
            uow.commit()
        counts[outcome.conclusion] += 1
    return _copies(turn, blobs, counts)


def _copies(turn: Turn, blobs: Blobs, counts: dict[str, int]) -> dict[str, int]:
    """The agency's signatures on certified copies, counted with the others."""
    for session_id, copy_id in settling.waiting(turn.uow):
        if turn.stopping():
            break
        with unit_of_work(turn.tools.engine) as uow:
            try:
                outcome = settling.settle_one(
                    uow, session_id=session_id, copy_id=copy_id, blobs=blobs, now=turn.now
                )
            except WorkflowError:
                counts["overtaken"] += 1
                continue
            uow.commit()
        counts[outcome.conclusion] += 1
    return counts


def _received(turn: Turn, blobs: Blobs) -> dict[str, int]:
    """Received files whose verdict is provisional; `files_settled` are decided now or given up waiting for."""
    tools = turn.tools
    counts = {"files_checked": 0, "files_settled": 0, "files_lost": 0}
    waiting = intake.provisional(turn.uow, now=turn.now)
    for done, intake_id in enumerate(waiting):
        turn.progress("files", done, len(waiting))
        if turn.stopping():
            break
        with unit_of_work(tools.engine) as uow:
            try:
                row = intake.settle_one(uow, intake_id=intake_id, blobs=blobs, now=turn.now)
            except WorkflowError:
                counts["files_lost"] += 1
                continue
            settled = row.next_check_at is None
            uow.commit()
        counts["files_checked"] += 1
        counts["files_settled"] += settled
    return counts


JOB = Job(
    rule=rule("settle"),
    run=run,
    why="A signature whose certificate could not be checked yet waits with its document, a received file with a "
    "provisional verdict; the next revocation list decides them, and nobody should have to ask.",
    lease=dt.timedelta(minutes=15),
)
