"""What the night clears away. Nothing of a document, its history, its journal or its verdicts is ever touched."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence

from workflow.domain.bulk import KEPT
from workflow.domain.keeping import Trace, over_before
from workflow.services.journal import local_day
from workflow.services.keeping import kept_days
from workflow.services.signing.acts import end_abandoned
from workflow.store import (
    asking,
    bulk,
    bundle_orders,
    clock,
    devices,
    obstacles,
    outbox,
    push_devices,
    remote_signing,
    returned,
)
from workflow.store import blobs as files
from workflow.store import housekeeping as store
from workflow.store.session import UnitOfWork

DEVICES_IDLE = dt.timedelta(days=30)
"""Notices go no longer to a browser in which nobody logged in for so long."""

ORPHAN_AGE = dt.timedelta(days=2)
"""A file is written before the row that names it; within two days the row came or never will."""


def clear_rows(uow: UnitOfWork, *, now: dt.datetime, frequent_jobs: Collection[str]) -> dict[str, int]:
    """Delete or release what has run out, in the open unit of work, by the rules of `domain.keeping`.

    Of obstacles only with what key and on what device is forgotten: that they were stays, since reports are made
    again from it.
    """
    uow.begin_write()
    session, kept = uow.session, kept_days(uow)

    def old(trace: Trace) -> dt.datetime:
        return over_before(kept, trace, now)

    return {
        "acts": end_abandoned(uow, now=now),
        "prepared": store.release_prepared(session, now=now),
        "devices": push_devices.forget_idle(session, before=now - DEVICES_IDLE),
        "remote_requests": remote_signing.forget_details(session, before=old(Trace.REMOTE_REQUESTS)),
        "tickets": returned.forget_tickets(session, before=old(Trace.TICKETS)),
        "sessions": store.delete_sessions(session, before=old(Trace.SESSIONS)),
        "invitations": store.delete_invitations(session, before=old(Trace.INVITATIONS)),
        "login_delays": store.delete_login_delays(session, before=old(Trace.LOGIN_DELAYS)),
        "askings": asking.forget(session, before=old(Trace.ASKINGS)),
        "marks": files.forget_gone(session, before=old(Trace.MARKS)),
        "runs": clock.forget(
            session, frequent_jobs, before=old(Trace.RUNS), missed_before=old(Trace.MISSED_RUNS)
        ),
        "dry_lists": clock.forget_lists(session, before=old(Trace.DRY_LISTS)),
        "bundles": bundle_orders.forget(session, before=old(Trace.BUNDLES)),
        "bulk_runs": bulk.forget(session, before=old(Trace.ACTS_ON_MANY)),
        "obstacles": obstacles.forget_details(session, before=old(Trace.OBSTACLES)),
        "device_days": devices.forget(session, before=local_day(old(Trace.DEVICE_DAYS))),
        "messages": outbox.forget(session, before=old(Trace.MESSAGES)),
        "looks": store.delete_looks(session, before=local_day(old(Trace.LOOKS))),
        "number_looks": store.delete_number_looks(session, before=old(Trace.NUMBER_LOOKS)),
    }  # fmt: skip


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
