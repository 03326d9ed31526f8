"""What stood in the way of signatures: recorded, read back for one document and for the person concerned."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Row, and_, case, func, or_, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from workflow.domain.outgoing import State
from workflow.domain.permissions import Scope
from workflow.store.documents import cosigns_now, within
from workflow.store.models import CoSigner, Outgoing, Person, Reply, SigningItem, SigningObstacle, SigningSession
from workflow.store.portions import PORTION, change_some

Rows = Sequence[Row[*tuple[Any, ...]]]

MOST_TIMES = 999
"""More often than this is not counted: it is a script by then."""

SHOWN = 50
"""Lines of one page."""


def waiting_for(
    scope: Scope, session: Session, keys: Collection[int], *, person_id: int, post_id: int, clerk_of: int | None
) -> Rows:
    """(document, since when it waits, when it was last prepared for this person's key) of those that wait for this
    person's own signature in this post, as the signer or, when it is their turn, beside the signer. `clerk_of`: the
    agency whose numbers and seals they give."""
    named = select(CoSigner.document_id).where(CoSigner.person_id == person_id, CoSigner.post_id == post_id)
    mine = or_(
        and_(
            Outgoing.state == str(State.AWAITING_SIGNATURE), Outgoing.signer_id == person_id,
            Outgoing.signer_post_id == post_id,
        ),
        and_(cosigns_now(person_id), Outgoing.id.in_(named)),
    )  # fmt: skip
    if clerk_of is not None:
        mine = or_(mine, and_(Outgoing.state == str(State.NUMBERED), Outgoing.agency_id == clerk_of))
    prepared = (
        select(func.max(SigningSession.created_at))
        .join(SigningItem, SigningItem.session_id == SigningSession.id)
        .where(SigningItem.document_id == Outgoing.id, SigningSession.person_id == person_id)
        .correlate(Outgoing)
        .scalar_subquery()
    )
    query = select(Outgoing.id, Outgoing.state_since, prepared.label("prepared")).where(
        Outgoing.id.in_(sorted(keys)), Outgoing.closed_at.is_(None), Outgoing.secret.is_(False), mine, within(scope)
    )
    return session.execute(query.order_by(Outgoing.id)).all()


def of_day(session: Session, keys: Collection[int], *, person_id: int, day: str) -> Rows:
    """(document, kind, counted from) of what was recorded of this person on a day."""
    query = select(SigningObstacle.document_id, SigningObstacle.kind, SigningObstacle.counted_from).where(
        SigningObstacle.document_id.in_(sorted(keys)),
        SigningObstacle.person_id == person_id,
        SigningObstacle.day == day,
    )
    return session.execute(query).all()


def record(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Each for the first time, or once more of what is there. One statement."""
    insert = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgresql_insert
    made = insert(SigningObstacle).values([dict(row) for row in rows])
    more = case((SigningObstacle.times < MOST_TIMES, SigningObstacle.times + 1), else_=SigningObstacle.times)
    query = made.on_conflict_do_update(
        index_elements=["document_id", "person_id", "day", "kind", "counted_from"],
        set_={
            "times": more, "last_at": made.excluded.last_at, "holder": made.excluded.holder,
            "device": made.excluded.device,
        },
    )  # fmt: skip
    session.execute(query)


_COLUMNS = (
    SigningObstacle.id, SigningObstacle.document_id, SigningObstacle.person_id, SigningObstacle.kind,
    SigningObstacle.first_at, SigningObstacle.last_at, SigningObstacle.times, SigningObstacle.holder,
    SigningObstacle.device,
)  # fmt: skip


def of_documents(scope: Scope, session: Session, keys: Collection[int]) -> Rows:
    """What was met at some documents in scope since each waits as it does now, the latest first, with whose it
    was."""
    query = (
        select(*_COLUMNS, Person.full_name.label("person"))
        .join(Person, Person.id == SigningObstacle.person_id)
        .join(Outgoing, Outgoing.id == SigningObstacle.document_id)
        .where(
            SigningObstacle.document_id.in_(sorted(keys)), SigningObstacle.first_at >= Outgoing.state_since,
            within(scope),
        )
    )  # fmt: skip
    return session.execute(query.order_by(SigningObstacle.first_at.desc(), SigningObstacle.id).limit(SHOWN)).all()


def of_person(session: Session, person_id: int, *, before: int | None = None, limit: int = SHOWN) -> Rows:
    """Everything that was recorded of a person, the newest first."""
    query = select(*_COLUMNS).where(SigningObstacle.person_id == person_id)
    if before is not None:
        query = query.where(SigningObstacle.id < before)
    return session.execute(query.order_by(SigningObstacle.id.desc()).limit(limit)).all()


def answers_unsigned(scope: Scope, session: Session, incoming_id: int) -> Sequence[Outgoing]:
    """Documents in scope that answer an incoming one and wait for their signature."""
    query = (
        select(Outgoing)
        .join(Reply, Reply.outgoing_id == Outgoing.id)
        .where(
            Reply.incoming_id == incoming_id, Outgoing.state == str(State.AWAITING_SIGNATURE),
            Outgoing.closed_at.is_(None), within(scope),
        )
    )  # fmt: skip
    return session.scalars(query.order_by(Outgoing.id).limit(SHOWN)).all()


def forget_details(session: Session, *, before: dt.datetime, limit: int = PORTION) -> int:
    """With what and on what device: forgotten of what was last met before a moment. The rest stays as long as looks
    do, since reports of past moments rest on both."""
    told = or_(SigningObstacle.holder != "", SigningObstacle.device != "")
    values = {"holder": "", "device": ""}
    old = SigningObstacle.last_at < before
    return change_some(session, SigningObstacle.id, old, told, values=values, limit=limit)
