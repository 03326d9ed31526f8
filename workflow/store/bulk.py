"""Runs over many documents. A run is its orderer's own, in the post in which they ordered it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from workflow.domain.bulk import Direction
from workflow.domain.errors import NotFound
from workflow.domain.people import Actor
from workflow.domain.permissions import Scope
from workflow.store import documents, incoming
from workflow.store.models import BulkItem, BulkRun, Incoming, Outgoing, Spread


def reachable(scope: Scope, session: Session, direction: Direction, ids: Iterable[int]) -> set[int]:
    """Of some documents those within reach."""
    wanted = tuple(ids)
    if direction is Direction.OUT:
        return set(session.scalars(select(Outgoing.id).where(Outgoing.id.in_(wanted), documents.within(scope))))
    return set(session.scalars(select(Incoming.id).where(Incoming.id.in_(wanted), incoming.within(scope))))


def present(scope: Scope, session: Session, direction: Direction, ids: Iterable[int]) -> dict[int, Any]:
    """(id, version, state, number, subject, symbol or issuer, type) of documents within reach, as they are now."""
    wanted = tuple(ids)
    if direction is Direction.OUT:
        out = select(
            Outgoing.id, Outgoing.version, Outgoing.state, Outgoing.number, Outgoing.subject, Outgoing.symbol,
            Outgoing.type_code,
        ).where(Outgoing.id.in_(wanted), documents.within(scope))  # fmt: skip
        return {row.id: row for row in session.execute(out)}
    came = select(
        Incoming.id, Incoming.version, Incoming.state, Incoming.number, Incoming.subject,
        Incoming.symbol, Incoming.type_code,
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


def runs_of(session: Session, actor: Actor, *, unfinished: bool, limit: int) -> Sequence[BulkRun]:
    """A person's own, the newest first."""
    query = select(BulkRun).where(BulkRun.person_id == actor.person_id, BulkRun.post_id == actor.post_id)
    if unfinished:
        query = query.where(BulkRun.state == "running")
    return session.scalars(query.order_by(BulkRun.id.desc()).limit(limit)).all()


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


def source_of(scope: Scope, session: Session, outgoing_id: int) -> Row[Spread, Outgoing] | None:
    """The draft within reach that a document was made of, with the row of the table; None for other documents."""
    query = (
        select(Spread, Outgoing)
        .join(Outgoing, Outgoing.id == Spread.source_id)
        .where(Spread.outgoing_id == outgoing_id, documents.within(scope))
    )
    return session.execute(query).one_or_none()
