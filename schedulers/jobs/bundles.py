"""Make the proof bundles that people asked for and that take longer than a page may."""

from __future__ import annotations

import datetime as dt
import tempfile
import time
from collections import Counter

from schedulers.job import Job, Result, Turn
from workflow.adapters.blobs import Blobs, open_blobs, scratch_of
from workflow.domain.errors import Conflict, WorkflowError
from workflow.domain.jobs import rule
from workflow.services.proving import making, orders
from workflow.services.proving.orders import Work
from workflow.store.session import unit_of_work

PATIENCE = dt.timedelta(minutes=5)
"""After that a turn begins no other bundle."""
LOOK_AGAIN = 2.0
"""Seconds. Somebody sits before the page, so a turn without work goes on looking until the next one (one query)."""
TELL_EACH = 1.0
"""Seconds between two words about how far a bundle is."""


class _Ended(Exception):
    """This process is told to end: the order goes back."""


def run(turn: Turn) -> Result:
    """One after the other; an order is taken before it is made, and its zip lies on the shelf before it is ready:
    a process that is killed costs one beginning. What nobody wants any more is taken off the shelf first."""
    tools = turn.tools
    blobs = open_blobs(tools.settings.blob_url)
    counts: Counter[str] = Counter(made=0, refused=0, stopped=0, cleared=_clear(turn, blobs))
    while not turn.stopping() and tools.clock() - turn.now < PATIENCE:
        with unit_of_work(tools.engine) as uow:
            work = orders.take(uow, now=tools.clock())
            uow.commit()
        if work is not None:
            counts[_one(turn, blobs, work)] += 1
        elif tools.clock() - turn.now >= tools.linger or tools.stopping.wait(LOOK_AGAIN):
            break
    return dict(counts)


def _clear(turn: Turn, blobs: Blobs) -> int:
    """Zips of orders that ran out, were cancelled or never came to an end; how many. The shelf is listed before the
    orders are asked, so that one that is laid there meanwhile is not among them."""
    lying = list(blobs.shelf())
    with unit_of_work(turn.tools.engine) as uow:
        kept = orders.still_kept(uow, now=turn.tools.clock())
    gone = [one for one in lying if one not in kept]
    for name in gone:
        blobs.unshelve(name)
    return len(gone)


def _one(turn: Turn, blobs: Blobs, work: Work) -> str:
    """A bundle; what came of it, as a word of the result."""
    tools = turn.tools
    try:
        _make(turn, blobs, work)
    except _Ended:
        with unit_of_work(tools.engine) as uow:
            orders.let_go(uow, work)
            uow.commit()
        return "stopped"
    except Conflict as stopped:
        if stopped.code != "bundle_stopped":
            return _refuse(turn, work, stopped)
        return "stopped"
    except WorkflowError as refused:
        return _refuse(turn, work, refused)
    return "made"


def _refuse(turn: Turn, work: Work, error: WorkflowError) -> str:
    with unit_of_work(turn.tools.engine) as uow:
        orders.refuse(uow, work, error=error, now=turn.tools.clock())
        uow.commit()
    return "refused"


def _make(turn: Turn, blobs: Blobs, work: Work) -> None:
    tools, folder = turn.tools, scratch_of(turn.tools.settings.blob_url)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with unit_of_work(tools.engine) as uow:
        contents = orders.contents_of(uow, work, now=tools.clock())
    last = 0.0

    def tell(done: int, of: int) -> None:
        nonlocal last
        if turn.stopping():
            raise _Ended
        if done and time.monotonic() - last < TELL_EACH:
            return
        last = time.monotonic()
        with unit_of_work(tools.engine) as uow:
            orders.tell(uow, work, done=done, of=of, now=tools.clock())
            uow.commit()
        turn.progress("files", done, of)

    with tempfile.TemporaryFile(dir=folder) as file:
        written = making.packed(contents, blobs, file, tell)
        blobs.shelve(work.shelf, file)
    with unit_of_work(tools.engine) as uow:
        orders.finish(uow, work, contents=contents, written=written, now=tools.clock())
        uow.commit()


JOB = Job(
    rule=rule("bundles"),
    run=run,
    why="A bundle of hundreds of documents takes minutes: nobody waits before an empty page, and nobody's slow "
    "line holds up the next one's.",
    lease=dt.timedelta(minutes=15),
)
