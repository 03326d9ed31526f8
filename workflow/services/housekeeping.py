"""What the night clears away. Nothing of a document, its history, its journal or its verdicts is ever touched."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence

from workflow.domain.bulk import KEPT
from workflow.services.journal import local_day
from workflow.services.signing.acts import end_abandoned
from workflow.store import asking, bulk, clock, devices, obstacles, outbox, push_devices, remote_signing, returned
from workflow.store import blobs as files
from workflow.store import housekeeping as store
from workflow.store.session import UnitOfWork

SESSIONS_KEPT = dt.timedelta(days=30)
"""An ended session is listed for its owner so long ("logged in from …")."""

REQUESTS_KEPT = dt.timedelta(days=30)
"""So long whoever asks why a remote signature failed finds with which account it was asked for."""

TICKETS_KEPT = dt.timedelta(days=1)
INVITATIONS_KEPT = dt.timedelta(days=30)
DELAYS_KEPT = dt.timedelta(days=2)
RUNS_KEPT = dt.timedelta(days=2)
MISSED_KEPT = dt.timedelta(days=180)
"""Stretches of which nobody ran a job: looked at when somebody asks why a half-year is what it is."""

DRY_LISTS_KEPT = dt.timedelta(days=7)
"""Whom a dry run would have told is read when it was asked for; its counts stay."""

DEVICE_DAYS_KEPT = dt.timedelta(days=400)
"""So long it can be asked who used the device on which something was signed."""

MESSAGES_KEPT = dt.timedelta(days=400)
OBSTACLES_KEPT = dt.timedelta(days=400)
"""How long with what key, and on what device, somebody could not sign is known. That they could not stays: reports
are made again from it, as from looks."""

ORPHAN_AGE = dt.timedelta(days=2)
"""A file is written before the row that names it; within two days the row came or never will."""

MARKS_KEPT = dt.timedelta(days=1)
"""No request takes so long: none that put its bytes before a file went can still want to name it."""


def clear_rows(uow: UnitOfWork, *, now: dt.datetime, frequent_jobs: Collection[str]) -> dict[str, int]:
    """Delete or release what has run out, in the open unit of work."""
    uow.begin_write()
    session = uow.session
    return {
        "acts": end_abandoned(uow, now=now),
        "prepared": store.release_prepared(session, now=now),
        "devices": push_devices.forget_idle(session, before=now - SESSIONS_KEPT),
        "remote_requests": remote_signing.forget_details(session, before=now - REQUESTS_KEPT),
        "tickets": returned.forget_tickets(session, before=now - TICKETS_KEPT),
        "sessions": store.delete_sessions(session, before=now - SESSIONS_KEPT),
        "invitations": store.delete_invitations(session, before=now - INVITATIONS_KEPT),
        "login_delays": store.delete_login_delays(session, before=now - DELAYS_KEPT),
        "askings": asking.forget(session, before=now - DELAYS_KEPT),
        "marks": files.forget_gone(session, before=now - MARKS_KEPT),
        "runs": clock.forget(session, frequent_jobs, before=now - RUNS_KEPT, missed_before=now - MISSED_KEPT),
        "dry_lists": clock.forget_lists(session, before=now - DRY_LISTS_KEPT),
        "bulk_runs": bulk.forget(session, before=now - KEPT),
        "obstacles": obstacles.forget_details(session, before=now - OBSTACLES_KEPT),
        "device_days": devices.forget(session, before=local_day(now - DEVICE_DAYS_KEPT)),
        "messages": outbox.forget(session, before=now - MESSAGES_KEPT),
    }


def named_files(uow: UnitOfWork, hashes: Collection[str]) -> set[str]:
    """Of some files those that a row names: they stay for ever."""
    return files.named(uow.session, hashes)


def interrupted_files(uow: UnitOfWork) -> Sequence[str]:
    """Files that an earlier night began to clear away and did not finish."""
    return files.interrupted(uow.session)


def left_files(uow: UnitOfWork, *, now: dt.datetime) -> Sequence[str]:
    """Files that came with a table so long ago that its run is cleared, and that made no document."""
    return bulk.left_files(uow.session, before=now - KEPT)


def let_go(uow: UnitOfWork, hashes: Collection[str], *, now: dt.datetime) -> Sequence[str]:
    """Old lines of tables name these files no more; which of them nothing else names, and nobody can from now on.
    What somebody is naming at this moment waits for the next night. The door commits, then deletes the files."""
    uow.begin_write()
    held = files.hold(uow.session, hashes)
    bulk.let_go(uow.session, held, before=now - KEPT, now=now)
    return files.release(uow.session, held, now=now)


def take_leave(uow: UnitOfWork, sha256: str, *, now: dt.datetime) -> bool:
    """From now on nobody can name this file; False where a row does. The door commits, then deletes the file."""
    uow.begin_write()
    return files.take_leave(uow.session, sha256, now=now)


def note_gone(uow: UnitOfWork, sha256: str, *, now: dt.datetime) -> None:
    """The file is deleted: whoever puts it again from now on may name it."""
    uow.begin_write()
    files.note_gone(uow.session, sha256, now=now)


def stay(uow: UnitOfWork, sha256: str) -> None:
    """The file was put again meanwhile: it stays."""
    uow.begin_write()
    files.stay(uow.session, sha256)
