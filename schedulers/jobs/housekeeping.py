"""Clear away what has run out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from schedulers.job import Job, Result, Tools, Turn
from schedulers.watch import NOBODY, Watch
from workflow.adapters.blobs import Blobs, open_blobs
from workflow.domain.jobs import FREQUENT, rule
from workflow.services import housekeeping
from workflow.services.housekeeping import ORPHAN_AGE, clear_rows
from workflow.store.session import unit_of_work

TOGETHER = 100
"""Files of tables asked about in one transaction: a third of a second with a hundred thousand documents."""


def run(turn: Turn) -> Result:
    """Files first, outside of the write transaction; then the rows, a portion at a time."""
    tools = turn.tools
    blobs = open_blobs(tools.settings.blob_url)
    for sha256 in housekeeping.interrupted_files(turn.uow):
        _delete(tools, blobs, sha256)
    before = turn.now - ORPHAN_AGE
    files = clear_files(tools, blobs, before=before, watch=turn.watch)
    files += clear_tables(tools, blobs, now=turn.now, before=before, watch=turn.watch)
    return {"files": files, **clear_portions(tools, now=turn.now, watch=turn.watch)}


def rehearse(turn: Turn) -> Result:
    """Rows only: files lie outside of the database."""
    return clear_rows(turn.uow, now=turn.now, frequent_jobs=FREQUENT)


def clear_portions(tools: Tools, *, now: dt.datetime, watch: Watch = NOBODY) -> dict[str, int]:
    """Every class of rows, each portion in a short transaction of its own; how many of each. Told to stop, it
    does so between two portions, and the next night goes on."""
    made: dict[str, int] = {}
    with unit_of_work(tools.engine) as uow:
        night = housekeeping.night_of(uow, now=now, frequent_jobs=FREQUENT)
    for step in housekeeping.STEPS:
        full = True
        while full and not (tools.stopping.is_set() or watch.stop_asked()):
            with unit_of_work(tools.engine) as uow:
                count = housekeeping.clear_some(uow, step, night)
                uow.commit()
            made[step.name] = made.get(step.name, 0) + count
            full = count >= step.portion
            watch.tell("rows", sum(made.values()), None)
    return made


def clear_files(tools: Tools, blobs: Blobs, *, before: dt.datetime, watch: Watch = NOBODY) -> int:
    """Delete files that no row names and that were last put before a moment; how many (see `store.blobs`)."""

    def named(hashes: Collection[str]) -> set[str]:
        with unit_of_work(tools.engine) as uow:
            return housekeeping.named_files(uow, hashes)

    deleted = 0
    for sha256 in blobs.orphans(named, older_than=before):
        if tools.stopping.is_set() or watch.stop_asked():
            break
        with unit_of_work(tools.engine) as uow:
            if not housekeeping.take_leave(uow, sha256, now=tools.clock()):
                continue
            uow.commit()
        deleted += _delete_old(tools, blobs, sha256, before=before)
        watch.tell("files", deleted, None)
    return deleted


def clear_tables(
    tools: Tools, blobs: Blobs, *, now: dt.datetime, before: dt.datetime, watch: Watch = NOBODY
) -> int:
    """Delete files that came with tables long ago, made no document and are named by nothing else; how many. Their
    runs go after them, so that a night that was cut short is made up for by the next one."""
    with unit_of_work(tools.engine) as uow:
        left = housekeeping.left_files(uow, now=now)
    deleted = 0
    for first in range(0, len(left), TOGETHER):
        if tools.stopping.is_set() or watch.stop_asked():
            break
        with unit_of_work(tools.engine) as uow:
            leaving = housekeeping.let_go(uow, left[first : first + TOGETHER], now=now)
            uow.commit()
        deleted += sum(_delete_old(tools, blobs, sha256, before=before) for sha256 in leaving)
        watch.tell("files", deleted, None)
    return deleted


def _delete_old(tools: Tools, blobs: Blobs, sha256: str, *, before: dt.datetime) -> int:
    """A marked file, unless somebody put it again meanwhile."""
    if not blobs.older_than(sha256, before):
        _keep(tools, sha256)
        return 0
    _delete(tools, blobs, sha256)
    return 1


def _delete(tools: Tools, blobs: Blobs, sha256: str) -> None:
    blobs.delete_orphan(sha256)
    with unit_of_work(tools.engine) as uow:
        housekeeping.note_gone(uow, sha256, now=tools.clock())
        uow.commit()


def _keep(tools: Tools, sha256: str) -> None:
    with unit_of_work(tools.engine) as uow:
        housekeeping.stay(uow, sha256)
        uow.commit()


JOB = Job(
    rule=rule("housekeeping"),
    run=run,
    rehearse=rehearse,
    why="Dead sessions, used-up links and files of interrupted uploads would pile up; a prepared signature that "
    "nobody finished would block its document.",
    lease=dt.timedelta(minutes=30),
)
