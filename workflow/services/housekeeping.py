"""What the night clears away. Nothing of a document, its history, its journal or its verdicts is ever touched."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection

from workflow.adapters.blobs import Blobs
from workflow.store import clock, outbox
from workflow.store import housekeeping as store
from workflow.store.session import Engine, UnitOfWork, unit_of_work

SESSIONS_KEPT = dt.timedelta(days=30)
"""An ended session is listed for its owner so long ("logged in from …")."""

INVITATIONS_KEPT = dt.timedelta(days=30)
DELAYS_KEPT = dt.timedelta(days=2)
RUNS_KEPT = dt.timedelta(days=2)
MESSAGES_KEPT = dt.timedelta(days=400)
ORPHAN_AGE = dt.timedelta(days=2)
"""A file is written before the row that names it; within two days the row came or never will."""


def clear_rows(uow: UnitOfWork, *, now: dt.datetime, frequent_jobs: Collection[str]) -> dict[str, int]:
    """Delete or release what has run out, in the open unit of work."""
    uow.begin_write()
    session = uow.session
    return {
        "prepared": store.release_prepared(session, now=now),
        "sessions": store.delete_sessions(session, before=now - SESSIONS_KEPT),
        "invitations": store.delete_invitations(session, before=now - INVITATIONS_KEPT),
        "login_delays": store.delete_login_delays(session, before=now - DELAYS_KEPT),
        "runs": clock.forget(session, frequent_jobs, before=now - RUNS_KEPT),
        "messages": outbox.forget(session, before=now - MESSAGES_KEPT),
    }


def delete_orphans(
    engine: Engine, blobs: Blobs, *, now: dt.datetime, stopping: Callable[[], bool] = lambda: False
) -> int:
    """Delete files that no row names and that are old enough; asks once more for each just before."""

    def named(hashes: Collection[str]) -> set[str]:
        with unit_of_work(engine) as uow:
            return store.named_blobs(uow.session, hashes)

    deleted = 0
    for sha256 in blobs.orphans(named, older_than=now - ORPHAN_AGE):
        if stopping():
            break
        if not named((sha256,)):
            blobs.delete_orphan(sha256)
            deleted += 1
    return deleted
