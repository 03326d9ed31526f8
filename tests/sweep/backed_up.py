"""Backups and drills as they end: whole, with a file missing, broken off; everything a drill can find."""

from __future__ import annotations

import datetime as dt

from tests.support.live import Town
from workflow.domain.backup import Finding, Flaw
from workflow.store.models import BackupRun
from workflow.store.session import unit_of_work


def backed_up(town: Town, *, unbroken: str) -> dict[str, object]:
    """Nothing of it has a page of its own."""
    endings = (
        ("backup", "done", ()),
        ("backup", "flawed", (Finding(Flaw.SOURCE_MISSING, "ab" * 32, "incoming_file 17"),)),
        ("backup", "failed", (Finding(Flaw.NOT_WRITTEN, "backup_not_written", "No space left on device"),)),
        ("drill", "done", ()),
        ("drill", "flawed", tuple(Finding(flaw, unbroken, "3 gap") for flaw in Flaw)),
    )
    with unit_of_work(town.engine) as uow:
        uow.begin_write()
        for hours, (kind, state, findings) in enumerate(reversed(endings), 1):
            began = town.clock() - dt.timedelta(hours=hours)
            uow.add(
                BackupRun(
                    kind=kind, state=state, name="2026-11-22T183000Z", folder="/srv/sao-luu", started_at=began,
                    finished_at=began + dt.timedelta(seconds=205), rows=1_234_567, files=89_012, copied=345,
                    size=73_000_000_000, findings=[one.as_json() for one in findings],
                )
            )  # fmt: skip
        uow.commit()
    return {}
