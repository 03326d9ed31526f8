"""Anchors of the journal as they are made: what is new, the leaves and nodes it touches, and the rows that follow.

Every query is bounded by what is new, never by what there is.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Row, func, insert, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session, aliased

from workflow.domain.merkle import Leaf
from workflow.store.models import Anchor, AnchorLeaf, AnchorNode, AnchorPlace, AnchorToken, AuditRun, Journal

TOGETHER = 500
"""Keys in one query."""

COUNTED = 9_999

BATCH = 1_000
"""Rows on their way at once."""


def newest(session: Session) -> Anchor | None:
    """The last one made."""
    return session.scalars(select(Anchor).order_by(Anchor.number.desc()).limit(1)).one_or_none()


def latest(session: Session, *, at: dt.datetime) -> Anchor | None:
    """The last one made until a moment."""
    query = select(Anchor).where(Anchor.at <= at).order_by(Anchor.at.desc(), Anchor.number.desc())
    return session.scalars(query.limit(1)).one_or_none()


def of_period(session: Session, period: str) -> Sequence[Anchor]:
    """What a period's runs made, in order."""
    return session.scalars(select(Anchor).where(Anchor.period == period).order_by(Anchor.part)).all()


def find(session: Session, number: int) -> Anchor | None:
    """One by its number."""
    return session.get(Anchor, number)


def written(session: Session, *, after: int, until: int | None = None, limit: int | None = None) -> Iterator[Any]:
    """Entries of the journal by their keys: key, moment, subject, place in the chain, hash."""
    query = select(Journal.id, Journal.at, Journal.subject, Journal.ordinal, Journal.digest)
    query = query.where(Journal.id > after).order_by(Journal.id)
    if until is not None:
        query = query.where(Journal.id <= until)
    if limit is not None:
        query = query.limit(limit)
    return iter(session.execute(query, execution_options={"yield_per": BATCH}))


def heads(session: Session, subjects: Collection[str]) -> dict[str, tuple[int, str]]:
    """The ends of some chains, as (length, hash)."""
    found: dict[str, tuple[int, str]] = {}
    for some in _groups(sorted(subjects)):
        last = select(func.max(Journal.id)).where(Journal.subject.in_(some)).group_by(Journal.subject)
        query = select(Journal.subject, Journal.ordinal, Journal.digest).where(Journal.id.in_(last))
        found |= {row.subject: (row.ordinal, row.digest) for row in session.execute(query)}
    return found


def places_of(session: Session, subjects: Collection[str]) -> dict[str, Row[Any]]:
    """Of some subjects those that stand in the tree: place, salt, and the length it holds for them."""
    found: dict[str, Row[Any]] = {}
    for some in _groups(sorted(subjects)):
        query = _standing().where(AnchorPlace.subject.in_(some))
        found |= {row.subject: row for row in session.execute(query)}
    return found


def leaves_at(session: Session, places: Collection[int]) -> dict[int, Leaf]:
    """The leaves at some places as they stand."""
    found: dict[int, Leaf] = {}
    for some in _groups(sorted(places)):
        found |= {row.place: _leaf(row) for row in session.execute(_standing().where(AnchorPlace.place.in_(some)))}
    return found


def nodes_at(session: Session, level: int, places: Collection[int]) -> dict[int, bytes]:
    """The kept nodes at some places of a level."""
    found: dict[int, bytes] = {}
    for some in _groups(sorted(places)):
        query = select(AnchorNode.place, AnchorNode.digest)
        query = query.where(AnchorNode.level == level, AnchorNode.place.in_(some))
        found |= {row.place: row.digest for row in session.execute(query)}
    return found


def every_leaf(session: Session, *, until: int) -> Iterator[Leaf]:
    """The whole list as it was at an anchor, by places, never all at once."""
    query = _standing(until=until).order_by(AnchorPlace.place)
    for row in session.execute(query, execution_options={"yield_per": BATCH}):
        yield _leaf(row)


def place_of(session: Session, subject: str) -> int | None:
    """Where a subject stands among the leaves."""
    return session.scalar(select(AnchorPlace.place).where(AnchorPlace.subject == subject))


def put_places(session: Session, rows: Iterable[Mapping[str, Any]]) -> None:
    """Give new chains their places."""
    _put(session, AnchorPlace, rows)


def put_leaves(session: Session, rows: Iterable[Mapping[str, Any]]) -> None:
    """What of each chain an anchor saw."""
    _put(session, AnchorLeaf, rows)


def put_nodes(session: Session, nodes: Mapping[tuple[int, int], bytes]) -> None:
    """Keep nodes, over those that stood there."""
    begun = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgresql_insert
    query = begun(AnchorNode)
    query = query.on_conflict_do_update(
        index_elements=["level", "place"], set_={"digest": query.excluded.digest}
    )  # fmt: skip
    rows = [{"level": level, "place": place, "digest": digest} for (level, place), digest in nodes.items()]
    if rows:
        session.connection().execute(query, rows)


def behind(session: Session, through: int) -> tuple[int, dt.datetime | None]:
    """Entries written since an anchor that read up to a key: how many, to `COUNTED`, and the first one's moment."""
    some = select(Journal.at).where(Journal.id > through).order_by(Journal.id).limit(COUNTED + 1).subquery()
    count, first = session.execute(select(func.count(), func.min(some.c.at))).one()
    return count, first


def recent(session: Session, *, limit: int, before: int | None = None) -> Sequence[Anchor]:
    """The last ones, the newest first."""
    query = select(Anchor).order_by(Anchor.number.desc()).limit(limit)
    return session.scalars(query if before is None else query.where(Anchor.number < before)).all()


def tokens_of(session: Session, numbers: Collection[int]) -> dict[int, AnchorToken]:
    """The first timestamp of some anchors."""
    query = select(AnchorToken).where(AnchorToken.anchor.in_(numbers)).order_by(AnchorToken.id.desc())
    return {row.anchor: row for row in session.scalars(query)}


def unstamped(session: Session, *, limit: int) -> Sequence[Anchor]:
    """Of the last few anchors those without a timestamp, the newest first: one covers all before it."""
    last = aliased(Anchor, select(Anchor).order_by(Anchor.number.desc()).limit(limit).subquery())
    has = select(AnchorToken.id).where(AnchorToken.anchor == last.number).exists()
    return session.scalars(select(last).where(~has).order_by(last.number.desc())).all()


def last_audit(session: Session) -> AuditRun | None:
    """What the latest complete pass found."""
    return session.scalars(select(AuditRun).order_by(AuditRun.id.desc()).limit(1)).one_or_none()


def _standing(*, until: int | None = None) -> Any:
    """Places with what the tree holds for them, now or at an anchor."""
    of_place = aliased(AnchorLeaf)
    last = select(func.max(of_place.anchor)).where(of_place.place == AnchorPlace.place)
    if until is not None:
        last = last.where(of_place.anchor <= until)
    return select(
        AnchorPlace.place, AnchorPlace.subject, AnchorPlace.salt, AnchorLeaf.length, AnchorLeaf.head
    ).join(
        AnchorLeaf,
        (AnchorLeaf.place == AnchorPlace.place) & (AnchorLeaf.anchor == last.scalar_subquery()),
    )  # fmt: skip


def _leaf(row: Any) -> Leaf:
    return Leaf(row.subject, row.length, row.head, row.salt)


def _put(session: Session, table: type[Any], rows: Iterable[Mapping[str, Any]]) -> None:
    given = [dict(row) for row in rows]
    if given:
        session.connection().execute(insert(table), given)


def _groups(keys: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for begin in range(0, len(keys), TOGETHER):
        yield keys[begin : begin + TOGETHER]
