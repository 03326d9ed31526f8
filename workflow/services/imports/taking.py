"""Taking in the good rows of a sheet that was looked through: a small batch an act, each row with its own result.

A row that was good in the dry run may have become wrong since (its number was drawn, its unit dissolved): it is
refused with its reason, and the rows after it go on. A batch that was cut off by a crash was not taken in at all;
the next one begins with it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence

from workflow.domain.errors import Refused
from workflow.domain.imports.headings import Kind
from workflow.domain.imports.rights import NEEDS
from workflow.domain.people import Actor
from workflow.domain.permissions import Scope, demand
from workflow.services.imports import entries, outside, personnel
from workflow.services.journal import record
from workflow.store import imports as store
from workflow.store.models import ImportRow, ImportRun
from workflow.store.session import UnitOfWork

Take = Callable[[UnitOfWork, Actor, Scope, ImportRun, Sequence[ImportRow], dt.datetime], None]
"""Takes a batch in and says in each row what came of it."""

TAKERS: dict[Kind, Take] = {
    Kind.OUTGOING: entries.take_batch,
    Kind.INCOMING: entries.take_batch,
    Kind.UNITS: personnel.take_units,
    Kind.PEOPLE: personnel.take_people,
    Kind.OUTSIDE: outside.take_batch,
}
BATCH: dict[Kind, int] = {
    Kind.OUTGOING: 100, Kind.INCOMING: 100, Kind.UNITS: 10, Kind.PEOPLE: 10, Kind.OUTSIDE: 25,
}  # fmt: skip
"""Rows of one act: short enough that nobody who draws a number waits for it."""


def take_next(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, import_id: int, kinds: Iterable[Kind], now: dt.datetime
) -> int:
    """Take in the next batch; returns how many rows of it were looked at, 0 where nothing is left.

    Raises `NotFound("import_not_found")`, `Refused("import_discarded")`.
    """
    uow.begin_write()
    run = store.run(scope, uow.session, import_id, kinds=kinds, for_update=True)
    kind = Kind(run.kind)
    demand(actor, NEEDS[kind])
    if run.state == "discarded":
        raise Refused("import_discarded")
    if run.state == "done":
        return 0
    if run.state == "checked":
        run.state = "running"
        record(uow, subject=f"import:{run.id}", tag="import:rows:ordered", facts={}, actor=actor, now=now)
    batch = store.ready(uow.session, run.id, limit=BATCH[kind])
    if batch:
        TAKERS[kind](uow, actor, scope, run, batch, now)
    uow.flush()
    if len(batch) < BATCH[kind]:
        _finish(uow, actor, run, now=now)
    return len(batch)


def _finish(uow: UnitOfWork, actor: Actor, run: ImportRun, *, now: dt.datetime) -> None:
    store.finish(run, now)
    facts: dict[str, object] = dict(store.counts(uow.session, [run.id])[run.id])
    record(uow, subject=f"import:{run.id}", tag="import:rows:taken", facts=facts, actor=actor, now=now)


def discard(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, import_id: int, kinds: Iterable[Kind], now: dt.datetime
) -> None:
    """Forget a sheet of which nothing was taken in. Raises `Refused("import_begun")`."""
    uow.begin_write()
    run = store.run(scope, uow.session, import_id, kinds=kinds, for_update=True)
    demand(actor, NEEDS[Kind(run.kind)])
    if run.state != "checked":
        raise Refused("import_begun")
    run.state, run.finished_at = "discarded", now
    store.drop_rows(uow.session, run.id)
    record(uow, subject=f"import:{run.id}", tag="import:file:discarded", facts={}, actor=actor, now=now)
