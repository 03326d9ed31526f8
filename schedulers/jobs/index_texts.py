"""Read files whose text search does not know, and write the rows of documents that wait for it."""

from __future__ import annotations

import datetime as dt
from collections import Counter

from schedulers.job import Job, Result, Turn
from workflow.adapters.blobs import Blobs, open_blobs
from workflow.domain.jobs import rule
from workflow.services import search
from workflow.store.session import unit_of_work

PATIENCE = dt.timedelta(minutes=4)
"""Of one turn; the next one goes on where it stopped."""
BATCH = 200


def run(turn: Turn) -> Result:
    """A document is taken before it is worked on, so that no other process reads its files too; a file's text is
    kept at once, so that a process that ends costs one file."""
    tools = turn.tools
    blobs = open_blobs(tools.settings.blob_url)
    counts: Counter[str] = Counter(documents=0, read=0, empty=0, unreadable=0, lost=0)
    while not _over(turn):
        with unit_of_work(tools.engine) as uow:
            batch = search.next_waiting(uow, now=tools.clock(), limit=BATCH)
        for key, kind, document_id in batch:
            if _over(turn):
                break
            _document(turn, blobs, key, kind, document_id, counts)
        if len(batch) < BATCH:
            break
    return dict(counts)


def _over(turn: Turn) -> bool:
    return turn.stopping() or turn.tools.clock() - turn.now > PATIENCE


def _document(turn: Turn, blobs: Blobs, key: int, kind: str, document_id: int, counts: Counter[str]) -> None:
    tools = turn.tools
    with unit_of_work(tools.engine) as uow:
        if not search.take(uow, key, now=tools.clock()):
            return
        uow.commit()
    with unit_of_work(tools.engine) as uow:
        unread = search.unread_files(uow, kind, document_id)
    for sha256 in unread:
        with unit_of_work(tools.engine) as uow:
            counts[search.read_file(uow, sha256, blobs=blobs, now=tools.clock())] += 1
            uow.commit()
    with unit_of_work(tools.engine) as uow:
        search.finish(uow, kind, document_id)
        uow.commit()
    counts["documents"] += 1
    turn.progress("documents", counts["documents"])


JOB = Job(
    rule=rule("index_texts"),
    run=run,
    why="What a paper says is found by its words, but reading a file takes longer than the clerk who received it "
    "should wait.",
    lease=dt.timedelta(minutes=15),
)
