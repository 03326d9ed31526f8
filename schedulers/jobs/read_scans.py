"""Read the scans that came: their facts for the clerk who waits for them, then all their words for search."""

from __future__ import annotations

import datetime as dt
from collections import Counter

from schedulers.job import Job, Result, Turn
from workflow.adapters.blobs import Blobs, open_blobs
from workflow.domain.jobs import rule
from workflow.services import scans
from workflow.services.incoming import being_read
from workflow.services.scans import Work
from workflow.store.session import unit_of_work

PATIENCE = dt.timedelta(minutes=5)
"""Of one turn, in the middle of work; the next one goes on where it stopped."""
LOOK_AGAIN = 2.0
"""Seconds. A clerk sits before the form, so a turn without work goes on looking until the next one (one query)."""


def run(turn: Turn) -> Result:
    """A file is taken before it is read, so that no other process reads it too; each page is kept at once, so that
    a process that ends costs one page. Documents are told one by one, also those that a killed process left."""
    tools = turn.tools
    blobs = open_blobs(tools.settings.blob_url)
    counts: Counter[str] = Counter(pages=0, files=0, told=0)
    _tell(turn, counts)
    while not _over(turn):
        with unit_of_work(tools.engine) as uow:
            able = scans.available(uow)
            sha256 = scans.next_file(uow, now=tools.clock(), facts_only=not able)
        if sha256 is not None:
            _file(turn, blobs, sha256, counts)
        elif tools.clock() - turn.now >= tools.linger or tools.stopping.wait(LOOK_AGAIN):
            break
    return dict(counts)


def _over(turn: Turn) -> bool:
    return turn.stopping() or turn.tools.clock() - turn.now > PATIENCE


def _tell(turn: Turn, counts: Counter[str]) -> None:
    """Documents whose file is known by now."""
    with unit_of_work(turn.tools.engine) as uow:
        waiting = being_read.ready(uow)
    for incoming_id in waiting:
        with unit_of_work(turn.tools.engine) as uow:
            told = being_read.deliver(uow, incoming_id=incoming_id, now=turn.tools.clock())
            uow.commit()
        counts["told"] += bool(told)


def _file(turn: Turn, blobs: Blobs, sha256: str, counts: Counter[str]) -> None:
    tools = turn.tools
    with unit_of_work(tools.engine) as uow:
        work = scans.take(uow, sha256, now=tools.clock())
        uow.commit()
    if work is None:
        return
    with unit_of_work(tools.engine) as uow:
        scans.begin(uow, work, blobs=blobs)
    while not _over(turn):
        if _step(turn, work, counts):
            counts["files"] += 1
            return
        turn.progress("pages", counts["pages"])
        if not work.for_facts and _somebody_waits(turn):
            break
    with unit_of_work(tools.engine) as uow:
        scans.release(uow, work)
        uow.commit()


def _step(turn: Turn, work: Work, counts: Counter[str]) -> bool:
    """One page, or the end of a stage; whether that was all."""
    tools, number = turn.tools, work.next_page()
    with unit_of_work(tools.engine) as uow:
        done = False
        if number is not None:
            scans.read_page(uow, work, number, now=tools.clock())
            counts["pages"] += 1
        else:
            done = scans.finish_stage(uow, work, now=tools.clock())
        uow.commit()
    if number is None:
        _tell(turn, counts)
    return done


def _somebody_waits(turn: Turn) -> bool:
    """A clerk's facts go before words that only search wants."""
    with unit_of_work(turn.tools.engine) as uow:
        return scans.next_file(uow, now=turn.tools.clock(), facts_only=True) is not None


JOB = Job(
    rule=rule("read_scans"),
    run=run,
    why="OCR takes seconds a page: neither the clerk who brings a scan nor a request waits for it, and what a scan "
    "says is proposed, compared with the register and found by its words all the same.",
    lease=dt.timedelta(minutes=10),
)
