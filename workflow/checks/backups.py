"""Checks on backups: that there are any, that the last one and its drill keep their rule, where they lie."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator
from pathlib import Path

from workflow.checks import Finding, Installation, fine, warn
from workflow.checks.database import ask
from workflow.domain.backup import Kind, State
from workflow.services.backup.records import Standing, standing
from workflow.store.session import Engine, unit_of_work

ABOUT = "backups"


def age(at: Installation) -> Iterator[Finding]:
    """A missing backup is noticed the next morning, not on the day it is needed."""
    stands: Standing | None = ask(at, _standing)
    if stands is None:
        return
    if not at.settings.backup and stands.backup_since is None:
        yield warn(
            ABOUT, "none is made: set TRINHKY_BACKUP to a folder on another disk, or run `trinhky backup DIR`"
        )
        return
    yield from _told(stands)


def _told(stands: Standing) -> Iterator[Finding]:
    for kind, since, late, rule, again in (
        (Kind.BACKUP, stands.backup_since, stands.backup_late, "one is due every night", "trinhky backup"),
        (Kind.DRILL, stands.drill_since, stands.drill_late, "one is due every week", "trinhky drill"),
    ):
        last = f"the last {kind} was made on {since:%d/%m/%Y %H:%M} UTC" if since else f"no {kind} was made so far"
        yield warn(ABOUT, f"{last}: {rule}, run `{again}`") if late else fine(ABOUT, last)
    for run in (*stands.backups[:1], *stands.drills[:1]):
        if run.state == State.FAILED:
            yield warn(ABOUT, f"the last {run.kind} was broken off: Administration → Backups says why")
        elif run.state == State.FLAWED:
            count = len(run.findings)
            yield warn(
                ABOUT, f"the last {run.kind} tells of {count} thing(s) wrong: Administration → Backups says what"
            )


def place(at: Installation) -> Iterator[Finding]:
    """On a disk of its own, and nobody else's to read."""
    if not at.settings.backup:
        return
    folder = Path(at.settings.backup)
    if not folder.is_dir():
        yield warn(ABOUT, f"the folder {folder} is not there: the first backup makes it, where it may")
        return
    found = folder.stat()
    if found.st_mode & 0o077:
        yield warn(ABOUT, f"the folder {folder} is open to others: chmod 700")
    if not at.settings.blob_url.startswith("s3://") and _device(Path(at.settings.blob_url)) == found.st_dev:
        yield warn(ABOUT, f"the folder {folder} lies on the disk that the files lie on: one that fails takes both")


def _standing(engine: Engine) -> Standing:
    with unit_of_work(engine) as uow:
        return standing(uow, now=dt.datetime.now(dt.UTC), limit=1)


def _device(folder: Path) -> int | None:
    try:
        return os.stat(folder).st_dev
    except OSError:
        return None
