"""Timestamps and lasting evidence for what was issued, from the authority in `TRINHKY_TSA_URL`."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from schedulers.job import Job, Result, Turn
from workflow.adapters.blobs import Blobs, open_blobs
from workflow.adapters.timestamps import TimestampAuthority
from workflow.domain.jobs import rule
from workflow.domain.proofs import Proof
from workflow.services.proofs import authority, extending
from workflow.services.proofs.extending import Came, Extended
from workflow.store import proofs as store
from workflow.store.proofs import File
from workflow.store.session import unit_of_work

AT_ONCE = 4
"""Requests at a time: an authority may take two minutes for one."""
A_TURN = 400
"""Files looked at in one turn."""
PATIENCE = dt.timedelta(minutes=4)
"""Nothing new is begun after that; the next turn goes on."""
ENOUGH = 3
"""Answers in a row that are none: then the authority is left alone until the next turn."""
MOST = 10_000
"""Counted no further."""


@dataclass
class _Round:
    """What one turn knows of the authority so far. `careful`: it failed the last time, so one is asked first."""

    careful: bool
    answered: tuple[bytes, ...] | None = None
    in_a_row: int = 0
    reason: str = ""
    counts: Counter[str] = field(default_factory=Counter)

    @property
    def given_up(self) -> bool:
        return self.in_a_row >= (1 if self.careful and self.answered is None else ENOUGH)

    @property
    def at_once(self) -> int:
        return 1 if self.careful and self.answered is None else AT_ONCE

    def note(self, found: Extended) -> None:
        self.counts[str(found.came)] += 1
        if found.came is Came.NO_STAMP:
            self.in_a_row, self.reason = self.in_a_row + 1, found.reason
        elif found.certificates:
            self.in_a_row, self.answered = 0, found.certificates


def run(turn: Turn) -> Result:
    """A few files at a time, each in a unit of work of its own; an authority that is dead or lies costs a few
    requests a turn, and what waits for it goes on waiting."""
    url = turn.tools.settings.tsa_url
    waiting = {"waiting": store.waiting(turn.uow.session, Proof.WAITING, most=MOST)}
    if not url:
        return {"without_authority": waiting["waiting"]}
    known = _Round(careful=authority.is_failing(turn.uow))
    due = _due(turn)
    _work(turn, iter(due), known, of=len(due))
    _tell(turn, known, host=urlsplit(url).hostname or "")
    waiting["waiting"] = store.waiting(turn.uow.session, Proof.WAITING, most=MOST)
    return {**known.counts, **waiting}


def _due(turn: Turn) -> list[File]:
    """Those without any timestamp first, then those without evidence, last those whose timestamp ends; every one is
    looked up now and asked about again when its turn comes."""
    found: list[File] = []
    for proof in Proof:
        if len(found) < A_TURN:
            found += store.due(turn.uow.session, proof, now=turn.now, limit=A_TURN - len(found))
    return found


def _work(turn: Turn, due: Iterator[File], known: _Round, *, of: int) -> None:
    blobs = open_blobs(turn.tools.settings.blob_url)
    running: set[Future[Extended]] = set()
    done = 0
    turn.uow.rollback()  # no snapshot is held through minutes of waiting
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="timestamp") as pool:
        while True:
            while len(running) < known.at_once and not _over(turn, known) and (one := next(due, None)) is not None:
                running.add(pool.submit(_file, turn, blobs, one))
            if not running:
                return
            finished, running = wait(running, return_when=FIRST_COMPLETED)
            for future in finished:
                known.note(future.result())
            done += len(finished)
            turn.progress("files", done, of)


def _over(turn: Turn, known: _Round) -> bool:
    return known.given_up or turn.stopping() or turn.tools.clock() - turn.now > PATIENCE


def _file(turn: Turn, blobs: Blobs, file: File) -> Extended:
    """Take it, so that nobody else asks for it too; then the slow part, and what came of it."""
    tools = turn.tools
    with unit_of_work(tools.engine) as uow:
        if not extending.take(uow, file, now=tools.clock()):
            return Extended(Came.OVERTAKEN)
        uow.commit()
    with unit_of_work(tools.engine) as uow:
        found = extending.extend(
            uow, file=file, authority=TimestampAuthority(tools.settings.tsa_url), blobs=blobs,
            now=tools.clock(), clock=tools.clock,
        )  # fmt: skip
        uow.commit()
    return found


def _tell(turn: Turn, known: _Round, *, host: str) -> None:
    """What administrators hear, durable with the line in the ledger."""
    if known.answered is not None:
        turn.uow.begin_write()
        authority.answered(turn.uow, known.answered, now=turn.now)
    elif known.reason:
        turn.uow.begin_write()
        authority.failed(turn.uow, reason=known.reason, host=host, now=turn.now)


JOB = Job(
    rule=rule("timestamps"),
    run=run,
    why="Certificates end and are revoked: that a signature was there before can only be shown by somebody else's "
    "clock, and that it was valid then by lists that are in the file itself.",
    lease=dt.timedelta(minutes=15),
)
