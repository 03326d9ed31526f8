"""Runs over many documents. A run is its orderer's own, in the post in which they ordered it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Row,
    bindparam,
    case,
    delete,
    func,
    literal,
    select,
    tuple_,
    update,
)
from sqlalchemy.orm import Session

from workflow.domain.bulk import Direction
from workflow.domain.errors import NotFound
from workflow.domain.people import Actor
from workflow.domain.permissions import Scope
from workflow.store import documents, incoming
from workflow.store.document_list import PAGE
from workflow.store.models import BulkItem, BulkRun, Incoming, Outgoing, Spread
from workflow.store.portions import PORTION
from workflow.store.prepared import Prepared


def reachable(scope: Scope, session: Session, direction: Direction, ids: Iterable[int]) -> set[int]:
    """Of some documents those within reach."""
    wanted = tuple(ids)
    if direction is Direction.OUT:
        return set(session.scalars(select(Outgoing.id).where(Outgoing.id.in_(wanted), documents.within(scope))))
    return set(session.scalars(select(Incoming.id).where(Incoming.id.in_(wanted), incoming.within(scope))))


def present(scope: Scope, session: Session, direction: Direction, ids: Iterable[int]) -> dict[int, Any]:
    """What a line of a run says of documents within reach, as they are now; of incoming ones whose they are too."""
    wanted = tuple(ids)
    if direction is Direction.OUT:
        out = select(
            Outgoing.id, Outgoing.version, Outgoing.state, Outgoing.number, Outgoing.subject, Outgoing.symbol,
            Outgoing.type_code, Outgoing.secret, Outgoing.drafter_id, Outgoing.signed_at,
        ).where(Outgoing.id.in_(wanted), documents.within(scope))  # fmt: skip
        return {row.id: row for row in session.execute(out)}
    came = select(
        Incoming.id, Incoming.version, Incoming.state, Incoming.number, Incoming.subject,
        Incoming.symbol, Incoming.type_code, Incoming.secret, Incoming.leader_id, Incoming.lead_unit_id,
        Incoming.handler_id,
    ).where(Incoming.id.in_(wanted), incoming.within(scope))  # fmt: skip
    return {row.id: row for row in session.execute(came)}


def run(session: Session, actor: Actor, run_id: int, *, for_update: bool = False) -> BulkRun:
    """The run, if this person ordered it in this post; else `NotFound`, as for none."""
    query = select(BulkRun).where(
        BulkRun.id == run_id, BulkRun.person_id == actor.person_id, BulkRun.post_id == actor.post_id
    )
    found = session.scalars(query.with_for_update() if for_update else query).one_or_none()
    if found is None:
        raise NotFound("bulk_run_not_found")
    return found


def by_key(session: Session, person_id: int, once_key: str) -> BulkRun | None:
    """The run that one form ordered."""
    query = select(BulkRun).where(BulkRun.person_id == person_id, BulkRun.once_key == once_key)
    return session.scalars(query).one_or_none()


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """What the list of runs is narrowed to. Empty fields do not narrow it."""

    act: str = ""
    state: str = ""
    ordered_from: dt.datetime | None = None
    ordered_before: dt.datetime | None = None


_REFUSED = (
    select(func.count())
    .where(BulkItem.bulk_id == BulkRun.id, BulkItem.state == "refused")
    .correlate(BulkRun)
    .scalar_subquery()
)
SORTS: dict[str, tuple[tuple[Any, ...], bool]] = {
    "newest": ((BulkRun.id,), True),
    "oldest": ((BulkRun.id,), False),
    "refused": ((_REFUSED, BulkRun.id), True),
}
"""Columns and whether they fall. `refused`: those first of which most was not done."""


def runs_of(
    session: Session, actor: Actor, *, wanted: Filter, sort: str = "newest", after: tuple[Any, ...] | None = None,
    limit: int = PAGE,
) -> Sequence[BulkRun]:  # fmt: skip
    """A person's own by keyset: up to `limit` + 1 of them, so that the caller knows whether it goes on."""
    order, falling = SORTS[sort]
    query = select(BulkRun).where(*_own(actor), *_conditions(wanted))
    if after is not None:
        here, last = tuple_(*order), tuple_(*map(literal, after))
        query = query.where(here < last if falling else here > last)
    query = query.order_by(*(one.desc() if falling else one for one in order))
    return session.scalars(query.limit(limit + 1)).all()


def count_runs(session: Session, actor: Actor, *, wanted: Filter, cap: int) -> int:
    """How many a list would hold; counting stops one above `cap`."""
    some = select(BulkRun.id).where(*_own(actor), *_conditions(wanted)).limit(cap + 1).subquery()
    return session.scalars(select(func.count()).select_from(some)).one()


def _own(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    return BulkRun.person_id == actor.person_id, BulkRun.post_id == actor.post_id


def _conditions(wanted: Filter) -> list[ColumnElement[bool]]:
    made: list[ColumnElement[bool]] = []
    if wanted.act:
        made.append(BulkRun.act == wanted.act)
    if wanted.state:
        made.append(BulkRun.state == wanted.state)
    if wanted.ordered_from is not None:
        made.append(BulkRun.created_at >= wanted.ordered_from)
    if wanted.ordered_before is not None:
        made.append(BulkRun.created_at < wanted.ordered_before)
    return made


def items(session: Session, run_id: int) -> Sequence[BulkItem]:
    """Every document of a run that the caller has found, in its order."""
    return session.scalars(select(BulkItem).where(BulkItem.bulk_id == run_id).order_by(BulkItem.place)).all()


def next_place(session: Session, run_id: int) -> int | None:
    """Whose turn it is."""
    query = select(func.min(BulkItem.place)).where(BulkItem.bulk_id == run_id, BulkItem.state == "waiting")
    return session.scalar(query)


def item(session: Session, run_id: int, place: int, *, for_update: bool = False) -> BulkItem:
    """One document of a run."""
    query = select(BulkItem).where(BulkItem.bulk_id == run_id, BulkItem.place == place)
    if for_update:
        query = query.with_for_update().execution_options(populate_existing=True)
    return session.scalars(query).one()


def counts(session: Session, run_ids: Sequence[int]) -> dict[int, dict[str, int]]:
    """Run → state → documents, of runs that the caller has found."""
    query = (
        select(BulkItem.bulk_id, BulkItem.state, func.count())
        .where(BulkItem.bulk_id.in_(run_ids))
        .group_by(BulkItem.bulk_id, BulkItem.state)
    )
    found: dict[int, dict[str, int]] = {key: {} for key in run_ids}
    for key, state, count in session.execute(query):
        found[key][state] = count
    return found


def take(row: BulkRun, *, until: dt.datetime) -> None:
    """One request at a time goes on with a run."""
    row.taken_until = until


def left_files(session: Session, *, before: dt.datetime) -> Sequence[str]:
    """Files of runs ordered before a moment that came with a table and made no document."""
    query = select(BulkItem.file_sha256).where(*_left(before)).distinct()
    return [sha256 for sha256 in session.scalars(query) if sha256 is not None]


def let_go(session: Session, hashes: Collection[str], *, before: dt.datetime, now: dt.datetime) -> None:
    """Such lines name these files no more. One that waited makes no document from now on: nobody ended its run."""
    query = (
        update(BulkItem)
        .where(BulkItem.file_sha256.in_(hashes), *_left(before))
        .values(
            file_sha256=None,
            state="refused",
            code=case((BulkItem.code == "", "spread_given_up"), else_=BulkItem.code),
            finished_at=func.coalesce(BulkItem.finished_at, now),
        )
    )
    session.execute(query, execution_options={"synchronize_session": False})


def _left(before: dt.datetime) -> tuple[ColumnElement[bool], ...]:
    old = select(BulkRun.id).where(BulkRun.created_at < before)
    return BulkItem.file_sha256.is_not(None), BulkItem.state != "done", BulkItem.bulk_id.in_(old)


def forget(session: Session, *, before: dt.datetime, limit: int = PORTION) -> int:
    """Delete runs ordered before a moment, with their lines; how many runs. What was tried again stays without the
    run that it came from; one whose lines still name files that made no document waits until those are let go."""
    old = select(BulkRun.id).where(BulkRun.created_at < before)
    free = old.where(BulkRun.id.not_in(select(BulkItem.bulk_id).where(*_left(before))))
    ids = session.scalars(free.limit(limit)).all()
    plain = {"synchronize_session": False}
    session.execute(delete(BulkItem).where(BulkItem.bulk_id.in_(ids)), execution_options=plain)
    loose = update(BulkRun).where(BulkRun.again_of_id.in_(ids)).values(again_of_id=None)
    session.execute(loose, execution_options=plain)
    gone = delete(BulkRun).where(BulkRun.id.in_(ids)).returning(BulkRun.id)
    return len(session.execute(gone, execution_options=plain).all())


def finish(row: BulkRun, now: dt.datetime) -> None:
    """No document waits."""
    row.state, row.finished_at, row.taken_until = "done", now, None


def made_of(scope: Scope, session: Session, source_id: int, *, limit: int) -> Sequence[Row[Spread, Outgoing]]:
    """Documents within reach that were made of an approved draft, in the order of the table's rows."""
    query = (
        select(Spread, Outgoing)
        .join(Outgoing, Outgoing.id == Spread.outgoing_id)
        .where(Spread.source_id == source_id, documents.within(scope))
        .order_by(Spread.outgoing_id)
    )
    return session.execute(query.limit(limit)).all()


def count_made_of(scope: Scope, session: Session, source_id: int) -> int:
    """How many there are."""
    query = (
        select(func.count())
        .select_from(Spread)
        .join(Outgoing, Outgoing.id == Spread.outgoing_id)
        .where(Spread.source_id == source_id, documents.within(scope))
    )
    return session.scalar(query) or 0


def standing_of(session: Session, source_id: int) -> tuple[int, dt.datetime | None]:
    """Of a draft that the caller has found: how many documents made of it are not cancelled, and when the last one
    was made."""
    query = (
        select(func.count(), func.max(Outgoing.created_at))
        .select_from(Spread)
        .join(Outgoing, Outgoing.id == Spread.outgoing_id)
        .where(Spread.source_id == source_id, Outgoing.state != "cancelled")
    )
    count, latest = session.execute(query).one()
    return count, latest


_MADE, _DOCUMENT = Spread.__table__.c, Outgoing.__table__.c
_STANDS = Prepared(
    select(_MADE.outgoing_id)
    .join_from(Spread.__table__, Outgoing.__table__, _DOCUMENT.id == _MADE.outgoing_id)
    .where(_MADE.source_id == bindparam("source", type_=BigInteger), _DOCUMENT.state != "cancelled")
    .limit(1)
)


def stands(session: Session, source_id: int) -> bool:
    """Whether there are any; the guard of a transition asks."""
    return bool(_STANDS.rows(session, {"source": source_id}))


def awaited_of(session: Session, source_id: int) -> int:
    """Of a draft that the caller has found: lines of tables that may still make a document of it."""
    query = (
        select(func.count())
        .select_from(BulkItem)
        .join(BulkRun, BulkRun.id == BulkItem.bulk_id)
        .where(BulkRun.source_id == source_id, BulkRun.state == "running", BulkItem.state == "waiting")
    )
    return session.scalar(query) or 0


def source_of(scope: Scope, session: Session, outgoing_id: int) -> Row[Spread, Outgoing] | None:
    """The draft within reach that a document was made of, with the row of the table; None for other documents."""
    query = (
        select(Spread, Outgoing)
        .join(Outgoing, Outgoing.id == Spread.source_id)
        .where(Spread.outgoing_id == outgoing_id, documents.within(scope))
    )
    return session.execute(query).one_or_none()
