"""The dry run of a table: its PDFs are looked at in turns, then the lines lie before their orderer, who says go on.

A PDF takes the jail half a second and a table brings a hundred, so no one request looks at them all. Nothing is
made while one of them is faulty, nor before the orderer has seen the lines and said so.
"""

from __future__ import annotations

import datetime as dt

from workflow.adapters.blobs import Blobs
from workflow.domain.bulk import ItemState, RunState
from workflow.domain.errors import BadInput
from workflow.domain.people import Actor
from workflow.domain.spreading import Phase
from workflow.services.documents.normalising import normalised
from workflow.store import bulk as store
from workflow.store.models import BulkItem, BulkRun
from workflow.store.session import UnitOfWork

PHASE = "phase"
"""In what a run wants: how far its dry run is. A run without it makes its documents."""
FAULTY = "faulty"
"""In a line's details, once its file was looked at: whether it can be no document."""


def phase_of(run: BulkRun) -> Phase | None:
    """How far the dry run is; None where it is over, and for runs that have none."""
    found = run.wanted.get(PHASE)
    return Phase(found) if found else None


def begins(*, files: bool) -> dict[str, str]:
    """What a new run wants: without files there is nothing left to look at."""
    return {PHASE: Phase.LOOK if files else Phase.READY}


def looked_at(row: BulkItem) -> bool:
    """Whether nothing of this line is left to look at."""
    return row.file_sha256 is None or FAULTY in row.details


def next_place(uow: UnitOfWork, run_id: int) -> int | None:
    """The first line whose file was not looked at yet, of a run that the caller has found."""
    return next((row.place for row in store.items(uow.session, run_id) if not looked_at(row)), None)


def look_at(uow: UnitOfWork, actor: Actor, *, run_id: int, place: int, blobs: Blobs, now: dt.datetime) -> None:
    """Look at one line's file, and note whether it can become a document."""
    run = store.run(uow.session, actor, run_id)
    sha256 = store.item(uow.session, run.id, place).file_sha256
    faulty = False
    if sha256 is not None:
        data = uow.compute(blobs.get, sha256)
        try:
            uow.compute(normalised, data)
        except BadInput:
            faulty = True
    uow.begin_write()
    row = store.item(uow.session, run_id, place, for_update=True)
    if row.state == ItemState.WAITING:
        row.details = {FAULTY: faulty}
    uow.flush()


def settle(uow: UnitOfWork, actor: Actor, *, run_id: int, now: dt.datetime) -> None:
    """Every file was looked at: the lines wait for a word, or none of them is made since one is faulty."""
    uow.begin_write()
    run = store.run(uow.session, actor, run_id, for_update=True)
    rows = store.items(uow.session, run.id)
    if phase_of(run) is not Phase.LOOK or not all(map(looked_at, rows)):
        return
    if any(row.details.get(FAULTY) for row in rows):
        _over(run)
        for row in rows:
            _refuse(row, "spread_file_bad" if row.details.get(FAULTY) else "spread_held_back", now)
        store.finish(run, now)
    else:
        run.wanted = {**run.wanted, PHASE: Phase.READY}
    uow.flush()


def answer(uow: UnitOfWork, actor: Actor, *, run_id: int, make: bool, now: dt.datetime) -> None:
    """The orderer has seen the lines: their documents are made, or none of them. Said twice, the first counts."""
    uow.begin_write()
    run = store.run(uow.session, actor, run_id, for_update=True)
    if run.state != RunState.RUNNING or phase_of(run) is not Phase.READY:
        return
    _over(run)
    if not make:
        for row in store.items(uow.session, run.id):
            _refuse(row, "spread_given_up", now)
        store.finish(run, now)
    uow.flush()


def _over(run: BulkRun) -> None:
    run.wanted = {name: value for name, value in run.wanted.items() if name != PHASE}


def _refuse(row: BulkItem, code: str, now: dt.datetime) -> None:
    row.state, row.code, row.details, row.finished_at = ItemState.REFUSED, code, {}, now
