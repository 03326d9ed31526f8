"""What the night clears away. Nothing of a document, its history, its journal or its verdicts is ever touched."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from workflow.domain.bulk import KEPT
from workflow.domain.keeping import Trace, over_before
from workflow.services.journal import local_day
from workflow.services.keeping import kept_days, note_cleared
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
from workflow.store.portions import PORTION
from workflow.store.session import UnitOfWork

DEVICES_IDLE = dt.timedelta(days=30)
"""Notices go no longer to a browser in which nobody logged in for so long."""

ORPHAN_AGE = dt.timedelta(days=2)
"""A file is written before the row that names it; within two days the row came or never will."""


@dataclass(frozen=True, slots=True)
class Night:
    """What a night clears by: its moment, the rules as they are chosen, which jobs run every few minutes."""

    now: dt.datetime
    kept: Mapping[str, object]
    frequent_jobs: Collection[str]

    def old(self, trace: Trace) -> dt.datetime:
        """What is older has run out."""
        return over_before(self.kept, trace, self.now)


@dataclass(frozen=True, slots=True)
class Step:
    """One class of rows. `act` clears at most `portion` of them and says how many it met: fewer, and it is done."""

    name: str
    act: Callable[[UnitOfWork, Night, int], int]
    portion: int = PORTION
    trace: Trace | None = None
    """Traces by which people are judged: since when they are whole is remembered (`keeping.note_cleared`)."""


def _of(name: str, trace: Trace, forget: Callable[..., int], *, days: bool = False, judged: bool = False) -> Step:
    def act(uow: UnitOfWork, night: Night, limit: int) -> int:
        before = night.old(trace)
        return forget(uow.session, before=local_day(before) if days else before, limit=limit)

    return Step(name, act, trace=trace if judged else None)


def _runs(uow: UnitOfWork, night: Night, limit: int) -> int:
    return clock.forget(
        uow.session, night.frequent_jobs, before=night.old(Trace.RUNS), missed_before=night.old(Trace.MISSED_RUNS),
        limit=limit,
    )  # fmt: skip


STEPS = (
    Step("acts", lambda uow, night, limit: end_abandoned(uow, now=night.now, limit=limit), portion=100),
    Step("prepared", lambda uow, night, limit: store.release_prepared(uow.session, now=night.now, limit=limit)),
    Step("devices", lambda uow, night, limit: push_devices.forget_idle(
        uow.session, before=night.now - DEVICES_IDLE, limit=limit)),
    _of("remote_requests", Trace.REMOTE_REQUESTS, remote_signing.forget_details),
    _of("tickets", Trace.TICKETS, returned.forget_tickets),
    _of("sessions", Trace.SESSIONS, store.delete_sessions),
    _of("invitations", Trace.INVITATIONS, store.delete_invitations),
    _of("login_delays", Trace.LOGIN_DELAYS, store.delete_login_delays),
    _of("askings", Trace.ASKINGS, asking.forget),
    _of("marks", Trace.MARKS, files.forget_gone),
    Step("runs", _runs),
    _of("dry_lists", Trace.DRY_LISTS, clock.forget_lists),
    _of("bundles", Trace.BUNDLES, bundle_orders.forget),
    Step("bulk_runs", lambda uow, night, limit: bulk.forget(
        uow.session, before=night.old(Trace.ACTS_ON_MANY), limit=limit), portion=5),
    _of("obstacles", Trace.OBSTACLES, obstacles.forget_details),
    _of("device_days", Trace.DEVICE_DAYS, devices.forget, days=True, judged=True),
    _of("messages", Trace.MESSAGES, outbox.forget),
    _of("looks", Trace.LOOKS, store.delete_looks, days=True, judged=True),
    _of("number_looks", Trace.NUMBER_LOOKS, store.delete_number_looks),
)  # fmt: skip
"""In this order: what holds other rows goes first. Of obstacles only with what key and on what device is forgotten:
that they were stays, since reports are made again from it. An act on many has up to some hundred lines, so few go
at a time."""


def night_of(uow: UnitOfWork, *, now: dt.datetime, frequent_jobs: Collection[str]) -> Night:
    """The rules of `domain.keeping` as they are chosen now."""
    return Night(now, kept_days(uow), frequent_jobs)


def clear_some(uow: UnitOfWork, step: Step, night: Night, *, portion: int | None = None) -> int:
    """One portion of a step, in the open unit of work: the door commits it and comes again as long as it was a full
    one. Broken off anywhere, the next night goes on, since what is left still meets the same conditions."""
    uow.begin_write()
    count = step.act(uow, night, portion or step.portion)
    if count and step.trace is not None:
        note_cleared(uow, step.trace, before=local_day(night.old(step.trace)))
    return count


def clear_rows(uow: UnitOfWork, *, now: dt.datetime, frequent_jobs: Collection[str]) -> dict[str, int]:
    """All steps to their end in one unit of work, for a rehearsal: it is rolled back."""
    night, made = night_of(uow, now=now, frequent_jobs=frequent_jobs), dict[str, int]()
    for step in STEPS:
        made[step.name] = count = clear_some(uow, step, night)
        while count >= step.portion:
            count = clear_some(uow, step, night)
            made[step.name] += count
    return made


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
