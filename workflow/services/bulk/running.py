"""Ordering a run, and going on with it: one document an act, done and noted in the same transaction.

So a run that was killed has done exactly what its lines say, and goes on behind them. A request takes the run for
a while before it goes on: a second tab looks on instead of pushing in between.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.exc import IntegrityError

from workflow.domain.bulk import KINDS, Act, Direction, ItemState, RunState, fitting_states
from workflow.domain.errors import BadInput, NotFound, NotPermitted, Refused, WorkflowError, stale
from workflow.domain.people import Actor
from workflow.domain.permissions import Scope, demand
from workflow.services.bulk import looking, spreading
from workflow.services.bulk.acts import DO, NEEDS, One, Tools, check_wanted
from workflow.store import bulk as store
from workflow.store.models import BulkItem, BulkRun
from workflow.store.session import UnitOfWork

TURN = dt.timedelta(minutes=2)
"""How long a request may be at a run before another one goes on: longer than a step takes with the slowest key."""


KIND = "error"
"""In a line's details: which class of refusal it was, for codes that have only the words of their class."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is to be done. `picked`: (document, version) in the order of the list; `form`: the name of the form."""

    act: Act
    picked: tuple[tuple[int, int], ...]
    form: str
    wanted: Mapping[str, Any] = field(default_factory=dict)
    again_of: int | None = None


def order(uow: UnitOfWork, actor: Actor, scope: Scope, *, given: Order, now: dt.datetime) -> int:
    """Write the run down; nothing is done yet. The same form orders one run. Returns its key.

    What is not within reach is left out without a word. Raises `BadInput`: `nothing_ticked`, `too_many_ticked`,
    `bulk_recipient`.
    """
    kind = KINDS[given.act]
    if given.act is Act.SPREAD:  # its lines come from a table (`spreading.look`)
        raise BadInput("nothing_ticked")
    demand(actor, NEEDS[given.act])
    if actor.person_id is None or actor.post_id is None or not fitting_states(given.act, actor.role):
        raise NotPermitted("no_permission", permission=str(NEEDS[given.act]), role=str(actor.role))
    check_wanted(given.act, given.wanted)
    picked = dict(given.picked)
    if len(picked) > kind.most:
        raise BadInput("too_many_ticked", limit=kind.most)
    uow.begin_write()
    earlier = store.by_key(uow.session, actor.person_id, given.form)
    if earlier is not None:
        return earlier.id
    here = store.reachable(scope, uow.session, kind.direction, picked)
    kept = [(key, version) for key, version in picked.items() if key in here]
    if not kept:
        raise BadInput("nothing_ticked")
    try:
        with uow.session.begin_nested():
            return _write(uow, actor, given, kept, now=now)
    except IntegrityError:  # the same form in another process, not durable yet when we looked
        earlier = store.by_key(uow.session, actor.person_id, given.form)
        if earlier is None:
            raise
        return earlier.id


def _write(
    uow: UnitOfWork, actor: Actor, given: Order, kept: Sequence[tuple[int, int]], *, now: dt.datetime
) -> int:
    run = BulkRun(
        person_id=actor.person_id, post_id=actor.post_id, act=given.act, wanted=dict(given.wanted),
        once_key=given.form, again_of_id=given.again_of, created_at=now,
    )  # fmt: skip
    uow.add(run)
    uow.flush()
    column = "outgoing_id" if KINDS[given.act].direction is Direction.OUT else "incoming_id"
    uow.add(
        *(
            BulkItem(bulk_id=run.id, place=place, version=version, **{column: key})
            for place, (key, version) in enumerate(kept, 1)
        )
    )
    uow.flush()
    return run.id


def order_again(uow: UnitOfWork, actor: Actor, scope: Scope, *, run_id: int, form: str, now: dt.datetime) -> int:
    """A new run over the refused ones, as they stand now.

    Raises `BadInput("nothing_ticked")` where none is left within reach.
    """
    run = store.run(uow.session, actor, run_id)
    act, wanted = Act(run.act), dict(run.wanted)
    refused = [key_of(row) for row in store.items(uow.session, run.id) if row.state == ItemState.REFUSED]
    found = store.present(scope, uow.session, KINDS[act].direction, refused)
    picked = tuple((key, found[key].version) for key in refused if key in found)
    given = Order(act=act, picked=picked, form=form, wanted=wanted, again_of=run_id)
    return order(uow, actor, scope, given=given, now=now)


def key_of(row: BulkItem) -> int:
    """The document of a line."""
    return row.outgoing_id or row.incoming_id or 0


def take_turn(uow: UnitOfWork, actor: Actor, *, run_id: int, now: dt.datetime) -> bool:
    """Before going on: whether nobody else is at this run now. The door commits that before it goes on."""
    uow.begin_write()
    run = store.run(uow.session, actor, run_id, for_update=True)
    if run.state != RunState.RUNNING or (run.taken_until is not None and run.taken_until > now):
        return False
    store.take(run, until=now + TURN)
    uow.flush()
    return True


def keep_turn(uow: UnitOfWork, actor: Actor, *, run_id: int, seconds: float, now: dt.datetime) -> None:
    """In a turn, before something that may take so much longer than a turn."""
    uow.begin_write()
    run = store.run(uow.session, actor, run_id, for_update=True)
    if run.state == RunState.RUNNING:
        store.take(run, until=(run.taken_until or now + TURN) + dt.timedelta(seconds=seconds))
    uow.flush()


def end_turn(uow: UnitOfWork, actor: Actor, *, run_id: int, now: dt.datetime) -> None:
    """After going on: the next request may; where no document waits, the run is over."""
    uow.begin_write()
    run = store.run(uow.session, actor, run_id, for_update=True)
    if run.state != RunState.RUNNING:
        return
    if store.next_place(uow.session, run.id) is None:
        store.finish(run, now)
    else:
        run.taken_until = None
    uow.flush()


def do_one(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, run_id: int, place: int, tools: Tools, now: dt.datetime
) -> None:
    """The act itself, and the line that says so. Raises whatever the single act raises; nothing is kept then.

    A document to be sealed too waits on with its number (`services.bulk.sealing`).
    """
    run = store.run(uow.session, actor, run_id)
    act, row = Act(run.act), store.item(uow.session, run_id, place)
    if row.state != ItemState.WAITING or row.number is not None:
        return
    if act is Act.SPREAD:
        if looking.phase_of(run) is not None:
            raise Refused("spread_not_ready")
        row_of = spreading.One(
            run_id=run_id, source_id=run.source_id or 0, content=dict(row.content), file_sha256=row.file_sha256
        )  # fmt: skip
        document = spreading.make_one(uow, actor, scope, one=row_of, blobs=tools.blobs, now=now)
        row = store.item(uow.session, run_id, place, for_update=True)
        if row.state != ItemState.WAITING:  # a turn that outlived itself: another request made this row's document
            raise stale(row)
        row.outgoing_id, row.version = document.id, document.version
        row.state, row.finished_at = ItemState.DONE, now
        uow.flush()
        return
    one = One(id=key_of(row), version=row.version, wanted=dict(run.wanted), tools=tools)
    made = DO[act](uow, actor, scope, one, now)
    row = store.item(uow.session, run_id, place, for_update=True)
    if act in {Act.NUMBER, Act.NUMBER_AND_SEAL}:
        row.number = getattr(made, "number", None)
    if not run.wanted.get("server"):
        row.state, row.finished_at = ItemState.DONE, now
    uow.flush()


def note_refused(
    uow: UnitOfWork, actor: Actor, *, run_id: int, place: int, error: WorkflowError, now: dt.datetime
) -> None:
    """Why this one was not done; what a line says already stays."""
    uow.begin_write()
    run = store.run(uow.session, actor, run_id)
    row = store.item(uow.session, run.id, place, for_update=True)
    if row.state != ItemState.WAITING:
        return
    code = "bulk_gone" if isinstance(error, NotFound) else error.code
    row.state, row.code, row.finished_at = ItemState.REFUSED, code[:60], now
    told = {key: value if isinstance(value, str | int) else str(value) for key, value in error.details.items()}
    row.details = {**told, KIND: type(error).__name__}
    uow.flush()
