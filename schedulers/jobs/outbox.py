"""Deliver what waits in the outbox."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable

from schedulers.job import Job, Result, Turn
from workflow.adapters.channels import Enclosure
from workflow.domain.errors import BadInput
from workflow.domain.jobs import rule
from workflow.services import posting
from workflow.services.channels import delivery
from workflow.services.enclosing import Enclosing
from workflow.services.posting import BATCH, LEASE, SPREAD, Delivery
from workflow.store.session import Engine, unit_of_work


def run(turn: Turn) -> Result:
    """Send by the ways that are configured; each message is marked by itself, so a kill repeats one at most."""
    how = delivery(turn.tools.settings)
    done = deliver(turn.tools.engine, how, clock=turn.tools.clock, stopping=turn.tools.stopping.is_set)
    for code in how.broken.values():
        raise BadInput(
            code
        )  # at the end: what the other ways sent is sent, and the ledger says what is to be mended
    return done


def deliver(
    engine: Engine, how: Delivery, *, clock: Callable[[], dt.datetime], stopping: Callable[[], bool] = lambda: False
) -> dict[str, int]:
    """Settle the ways of what was queued, then send what waits, batch by batch, until nothing is due or half of a
    message's lease is used up: a run must not outlive its own, and the next one begins within a minute. Returns how
    many were sent, put off, given up, or (without a server) left to be read in the app.
    """
    done: Counter[str] = Counter()
    begun = clock()
    enclosing = Enclosing(wanted=how.report_files)

    def over() -> bool:
        return stopping() or clock() > begun + LEASE / 2

    while not over():
        with unit_of_work(engine) as uow:
            settled = posting.spread(uow, how, now=clock())
            uow.commit()
        if settled < SPREAD:
            break
    while not over():
        with unit_of_work(engine) as uow:
            batch = posting.take(uow, how, now=clock())
            uow.commit()
        for place, message in enumerate(batch.messages):
            if over():
                with unit_of_work(engine) as uow:
                    posting.put_back(uow, batch.messages[place:], now=clock())
                    uow.commit()
                return dict(done)
            files: tuple[Enclosure, ...] = ()
            if enclosing.concerns(message):
                with unit_of_work(engine) as uow:
                    files = enclosing.files(uow, message)
            values = posting.attempt(message, how, batch, files=files, now=clock())
            with unit_of_work(engine) as uow:
                told = posting.note(uow, message, how, values, now=clock())
                uow.commit()
            done.update([told] if told else [])
        if len(batch.messages) < BATCH:
            break
    return dict(done)


JOB = Job(
    rule=rule("outbox"),
    run=run,
    why="A slow or dead mail server, gateway or receiver must hold up nobody's work: messages are written with "
    "their cause and leave from here, at least once.",
    lease=dt.timedelta(minutes=15),
)
