"""Go on with what is asked of remote signing services, whoever closed which page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial
from typing import TypeVar

from schedulers.job import Job, Result, Turn
from workflow.adapters.blobs import open_blobs
from workflow.config import Settings
from workflow.domain.errors import WorkflowError
from workflow.domain.jobs import rule
from workflow.services.signing import remote
from workflow.store import remote_signing as store
from workflow.store.session import UnitOfWork, unit_of_work

R = TypeVar("R")


def run(turn: Turn) -> Result:
    """Each open request by itself, so that one that is stuck holds up no other. Raises
    `BadInput("remote_signing_unreadable")` where the setting is broken and something waits."""
    tools = turn.tools
    waiting = store.open_now(turn.uow.session)
    untold = remote.untold(turn.uow, now=tools.clock())
    services = remote.services(tools.settings) if waiting else {}
    turn.uow.rollback()
    blobs = open_blobs(tools.settings.blob_url)
    counts = {"looked_at": 0, "ended": 0, "troubled": 0, "told": 0}

    def do(work: Callable[[UnitOfWork], R]) -> R:
        with unit_of_work(tools.engine) as uow:
            result = work(uow)
            uow.commit()
        return result

    for done, request_id in enumerate(waiting):
        turn.progress("signatures", done, len(waiting))
        if turn.stopping():
            break
        try:
            remote.advance(do, request_id=request_id, services=services, blobs=blobs, clock=tools.clock)
        except WorkflowError:
            counts["troubled"] += 1
        else:
            counts["looked_at"] += 1
    titles = _titles(tools.settings) if untold else {}
    for request_id in untold:  # what ended before this turn: a page that is open has had its time to show it
        counts["told"] += do(partial(remote.tell, request_id=request_id, titles=titles, now=tools.clock()))
    turn.uow.rollback()
    counts["ended"] = len(waiting) - len(set(waiting) & set(store.open_now(turn.uow.session)))
    return counts


def _titles(settings: Settings) -> dict[str, str]:
    """How services are called on pages; a setting that cannot be read leaves their names."""
    try:
        return {name: one.title for name, one in remote.services(settings).items()}
    except WorkflowError:
        return {}


JOB = Job(
    rule=rule("remote_signatures"),
    run=run,
    why="Whoever approved on the telephone has signed, whether or not their page was still open or the line held.",
    lease=dt.timedelta(minutes=5),
)
