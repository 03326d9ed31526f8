"""How backups and drills went: kept for the administrators' page and the daily check."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from workflow.domain.backup import BackupError, Finding, Flaw, Kind, State, is_late
from workflow.services.backup.drilling import Drilled
from workflow.services.backup.making import Made
from workflow.store import backup_runs as store
from workflow.store.models import BackupRun
from workflow.store.session import UnitOfWork


@dataclass(frozen=True, slots=True)
class Span:
    """From when to when; measured by the door."""

    started: dt.datetime
    finished: dt.datetime


def record_backup(uow: UnitOfWork, made: Made, *, folder: str, span: Span) -> None:
    """A backup that can be used; flawed where the program itself had lost a file."""
    manifest = made.manifest
    uow.begin_write()
    uow.add(
        BackupRun(
            kind=Kind.BACKUP, state=State.FLAWED if manifest.lacking else State.DONE, name=manifest.name,
            folder=folder,
            started_at=span.started, finished_at=span.finished, rows=manifest.rows, files=manifest.files.rows,
            copied=made.copied, size=manifest.size, findings=[one.as_json() for one in manifest.lacking],
        )
    )  # fmt: skip


def record_drill(uow: UnitOfWork, drilled: Drilled, *, folder: str, span: Span) -> None:
    """What a drill came to."""
    manifest = drilled.manifest
    uow.begin_write()
    uow.add(
        BackupRun(
            kind=Kind.DRILL, state=State.FLAWED if drilled.findings else State.DONE, name=drilled.name,
            folder=folder,
            started_at=span.started, finished_at=span.finished, rows=manifest.rows if manifest else 0,
            files=manifest.files.rows if manifest else 0, copied=0, size=manifest.size if manifest else 0,
            findings=[one.as_json() for one in drilled.findings],
        )
    )  # fmt: skip


def record_failure(uow: UnitOfWork, kind: Kind, error: BackupError, *, folder: str, span: Span) -> None:
    """One that was broken off, and why."""
    words = " ".join(str(value) for key, value in error.details.items() if key != "folder")
    finding = Finding(Flaw.NOT_WRITTEN, error.code, words)
    uow.begin_write()
    uow.add(
        BackupRun(
            kind=kind, state=State.FAILED, name="", folder=folder,
            started_at=span.started, finished_at=span.finished,
            rows=0, files=0, copied=0, size=0, findings=[finding.as_json()],
        )
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Standing:
    """How things stand. `since`: when the newest usable backup, and the last drill, began."""

    backups: tuple[BackupRun, ...]
    drills: tuple[BackupRun, ...]
    backup_since: dt.datetime | None
    drill_since: dt.datetime | None
    backup_late: bool
    drill_late: bool


def standing(uow: UnitOfWork, *, now: dt.datetime, limit: int = 10) -> Standing:
    """The latest of both kinds, and whether the last good one is older than its rule."""
    since = {}
    for kind in Kind:
        last = store.last_whole(uow.session, kind)
        since[kind] = last.started_at if last is not None else None
    return Standing(
        backups=tuple(store.latest(uow.session, Kind.BACKUP, limit=limit)),
        drills=tuple(store.latest(uow.session, Kind.DRILL, limit=limit)),
        backup_since=since[Kind.BACKUP],
        drill_since=since[Kind.DRILL],
        backup_late=is_late(Kind.BACKUP, since[Kind.BACKUP], now=now),
        drill_late=is_late(Kind.DRILL, since[Kind.DRILL], now=now),
    )
