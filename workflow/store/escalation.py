"""Queries about lateness that is to be told, and the record of what was told.

Only open work is looked at: a number of queries that does not depend on how much there is, along the partial
indexes of open documents, parts and owed explanations.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Row, Select, and_, case, func, literal, null, or_, select, tuple_
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session, aliased

from workflow.domain.escalation import Kind, Level
from workflow.domain.permissions import Scope
from workflow.store import documents, incoming
from workflow.store.explanations import OWED
from workflow.store.models import (
    AbsenceEnd,
    AbsenceRow,
    Account,
    Escalation,
    Explanation,
    Incoming,
    IncomingPart,
    Outgoing,
    Person,
    PostRow,
    Setting,
    Unit,
)

Rows = Sequence[Row[*tuple[Any, ...]]]
PAGE = 1000
"""Rows that one query gives."""
SHOWN = 50
"""Lines on the page of a document."""
SETTING = "escalation:"
"""An agency's own hours stand under this and its key."""

_Agency = aliased(Unit)
_AGENCIES = select(Unit.id).where(Unit.kind == "agency")
"""Named, so that the indexes of open work, which begin with the agency, are entered at what is due."""


def _ended(kind: Kind, item: ColumnElement[Any], step: ColumnElement[Any], due: ColumnElement[Any]) -> Any:
    """Everybody was told of this due moment."""
    return (
        select(Escalation.id)
        .where(
            Escalation.kind == str(kind), Escalation.item_id == item, Escalation.step == step,
            Escalation.due_at == due, Escalation.level == str(Level.LEADER),
        )
        .exists()
    )  # fmt: skip


_NOBODY = null().cast(BigInteger)
_DOCUMENT = (Incoming.agency_id, Incoming.subject, Incoming.secret, Incoming.urgency, Incoming.id.label("document"))
_NO_PLACE = (_NOBODY.label("post_id"), literal(False).label("at_office"))
_SIGNS_NEXT = case(
    (Outgoing.state == "awaiting_signature", func.coalesce(Outgoing.holder_id, Outgoing.signer_id)),
    else_=Outgoing.signer_id,
)
"""Whoever signs before the signer, while it is their turn; of several at one turn the first."""

_QUERIES: dict[Kind, tuple[Any, Any, Any]] = {
    Kind.OUTGOING: (
        select(
            Outgoing.id, Outgoing.agency_id, Outgoing.subject, Outgoing.secret, Outgoing.urgency,
            Outgoing.id.label("document"), Outgoing.state.label("step"), Outgoing.step_due_at.label("due_at"),
            Outgoing.state_since.label("since"), Outgoing.unit_id, Outgoing.drafter_id.label("person_id"),
            Outgoing.drafter_post_id.label("post_id"), _SIGNS_NEXT.label("leader_id"), Outgoing.signer_id,
            literal(False).label("at_office"), _Agency.saturday,
        )
        .join(_Agency, _Agency.id == Outgoing.agency_id)
        .where(
            Outgoing.closed_at.is_(None), Outgoing.agency_id.in_(_AGENCIES),
            or_(Outgoing.state != "draft", Outgoing.due_at.is_not(None)),
        ),
        Outgoing.step_due_at, Outgoing.id,
    ),
    Kind.INCOMING: (
        select(
            Incoming.id, *_DOCUMENT, Incoming.state.label("step"), Incoming.step_due_at.label("due_at"),
            Incoming.state_since.label("since"), Incoming.lead_unit_id.label("unit_id"),
            Incoming.handler_id.label("person_id"), _NOBODY.label("post_id"), Incoming.leader_id,
            Incoming.at_office, _Agency.saturday,
        )
        .join(_Agency, _Agency.id == Incoming.agency_id)
        .where(
            Incoming.closed_at.is_(None), Incoming.agency_id.in_(_AGENCIES), Incoming.paused_since.is_(None),
        ),
        Incoming.step_due_at, Incoming.id,
    ),
    Kind.PART: (
        select(
            IncomingPart.id, *_DOCUMENT, literal("part").label("step"), IncomingPart.due_at,
            IncomingPart.given_at.label("since"), IncomingPart.unit_id, IncomingPart.person_id, *_NO_PLACE,
            Incoming.leader_id, _Agency.saturday,
        )
        .join(Incoming, Incoming.id == IncomingPart.incoming_id)
        .join(_Agency, _Agency.id == Incoming.agency_id)
        .where(
            IncomingPart.ended_at.is_(None), IncomingPart.part == "coordinate", Incoming.closed_at.is_(None),
            IncomingPart.unit_id.in_(select(Unit.id)),
            Incoming.paused_since.is_(None),
        ),
        IncomingPart.due_at, IncomingPart.id,
    ),
    Kind.EXPLANATION: (
        select(
            Explanation.id, *_DOCUMENT, Explanation.state.label("step"), Explanation.due_at,
            Explanation.demanded_at.label("since"), Explanation.unit_id, Explanation.person_id, *_NO_PLACE,
            Incoming.leader_id, _Agency.saturday,
        )
        .join(Incoming, Incoming.id == Explanation.incoming_id)
        .join(_Agency, _Agency.id == Incoming.agency_id)
        .where(Explanation.state.in_(OWED)),
        Explanation.due_at, Explanation.id,
    ),
}  # fmt: skip
"""Kind → its query, its due moment and its key. A draft without a date that somebody gave has no clock: it takes
as long as it takes."""

_STEPS: dict[Kind, ColumnElement[Any]] = {
    Kind.OUTGOING: Outgoing.__table__.c.state, Kind.INCOMING: Incoming.__table__.c.state,
    Kind.PART: literal("part"), Kind.EXPLANATION: Explanation.__table__.c.state,
}  # fmt: skip


def late(kind: Kind, *, due: dt.datetime, after: tuple[dt.datetime, int] | None = None) -> Select[*tuple[Any, ...]]:
    """What of a kind is due by a moment and not told to everybody yet, the longest overdue first."""
    query, moment, key = _QUERIES[kind]
    place = [] if after is None else [moment >= after[0], tuple_(moment, key) > after]
    open_late: Select[*tuple[Any, ...]] = query.where(
        moment < due, ~_ended(kind, key, _STEPS[kind], moment), *place
    )
    return open_late.order_by(moment, key).limit(PAGE)


def page(
    session: Session, kind: Kind, *, due: dt.datetime, reason: str, after: tuple[dt.datetime, int] | None = None
) -> Rows:
    """A page of them, of every agency."""
    if not reason:
        raise ValueError("a job says why it reads without a scope")
    return session.execute(late(kind, due=due, after=after)).all()


def still(session: Session, kind: Kind, ids: Collection[int], *, reason: str) -> dict[int, tuple[str, dt.datetime]]:
    """Of these, those that still wait: key → (step, due moment)."""
    if not reason:
        raise ValueError("a job says why it reads without a scope")
    query, _moment, key = _QUERIES[kind]
    rows = session.execute(query.where(key.in_(ids)))
    return {row.id: (row.step, row.due_at) for row in rows}


def told_of(session: Session, kind: Kind, ids: Collection[int]) -> Rows:
    """What was told of some items: (item, step, due moment, level, when, persons, silence)."""
    query = select(
        Escalation.item_id, Escalation.step, Escalation.due_at, Escalation.level, Escalation.told_at,
        Escalation.persons, Escalation.silence,
    ).where(Escalation.kind == str(kind), Escalation.item_id.in_(ids))  # fmt: skip
    return session.execute(query.order_by(Escalation.id)).all()


def write_once(session: Session, rows: Sequence[Mapping[str, Any]]) -> set[tuple[int, str, dt.datetime, str]]:
    """Record levels of one kind, each unless it is there already; those that were written, as (item, step, due
    moment, level)."""
    if not rows:
        return set()
    begun = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgresql_insert
    query = begun(Escalation).on_conflict_do_nothing()
    kept = query.returning(Escalation.item_id, Escalation.step, Escalation.due_at, Escalation.level)
    return {(row[0], row[1], row[2], row[3]) for row in session.execute(kept, [dict(row) for row in rows])}


def hours(session: Session) -> dict[int, dict[str, Any]]:
    """Agency → its own hours, where it has settled any."""
    rows = session.execute(
        select(Setting.name, Setting.value).where(Setting.name >= SETTING, Setting.name < "escalation;")
    )
    return {int(name.removeprefix(SETTING)): value for name, value in rows}


def posts(session: Session, day: dt.date) -> Rows:
    """Posts held on a day by who can log in; `deputy` and `deputy_*`: who looks after the desk that day, in a post
    that is held."""
    place, deputy, account = aliased(PostRow), aliased(Person), aliased(Account)
    running = and_(
        AbsenceRow.post_id == PostRow.id, AbsenceRow.first_day <= day, AbsenceRow.last_day >= day,
        AbsenceRow.id.not_in(select(AbsenceEnd.absence_id)),
    )  # fmt: skip
    query = (
        select(
            PostRow.id, PostRow.person_id, PostRow.role, PostRow.unit_id, PostRow.agency_id, Unit.is_office,
            Person.full_name, Person.email, Account.language, account.person_id.label("deputy"),
            deputy.full_name.label("deputy_name"), deputy.email.label("deputy_email"),
            account.language.label("deputy_language"),
        )
        .join(Person, Person.id == PostRow.person_id)
        .join(Account, and_(Account.person_id == Person.id, Account.active.is_(True)))
        .join(Unit, Unit.id == PostRow.unit_id)
        .outerjoin(AbsenceRow, running)
        .outerjoin(place, and_(place.id == AbsenceRow.deputy_post_id, *_held(place, day)))
        .outerjoin(deputy, deputy.id == place.person_id)
        .outerjoin(account, and_(account.person_id == deputy.id, account.active.is_(True)))
        .where(*_held(PostRow, day))
        .order_by(PostRow.id)
    )  # fmt: skip
    return session.execute(query).all()


def _held(post: Any, day: dt.date) -> tuple[ColumnElement[bool], ...]:
    return post.valid_from <= day, or_(post.valid_to.is_(None), post.valid_to >= day)


def readable(scope: Scope, session: Session, ids: Collection[int], *, outgoing: bool) -> set[int]:
    """Of these documents those within a reader's reach."""
    if outgoing:
        query = select(Outgoing.id).where(documents.within(scope), Outgoing.id.in_(ids))
        return set(session.scalars(query))
    return set(session.scalars(select(Incoming.id).where(incoming.within(scope), Incoming.id.in_(ids))))


def of_outgoing(scope: Scope, session: Session, document_id: int) -> Rows:
    """What was told of an outgoing document within reach, the latest first."""
    query = select(Escalation).join(Outgoing, Outgoing.id == Escalation.outgoing_id)
    query = query.where(documents.within(scope), Escalation.outgoing_id == document_id, Escalation.silence == "")
    return session.execute(query.order_by(Escalation.told_at.desc(), Escalation.id.desc()).limit(SHOWN)).all()


def of_incoming(scope: Scope, session: Session, incoming_id: int) -> Rows:
    """The same of an incoming one, of its parts and of explanations about it."""
    query = select(Escalation).join(Incoming, Incoming.id == Escalation.incoming_id)
    query = query.where(incoming.within(scope), Escalation.incoming_id == incoming_id, Escalation.silence == "")
    return session.execute(query.order_by(Escalation.told_at.desc(), Escalation.id.desc()).limit(SHOWN)).all()


def farthest(scope: Scope, session: Session, ids: Sequence[int]) -> dict[int, tuple[str, dt.datetime]]:
    """How far the present step's lateness of these incoming documents was told: the last level, and when. A level
    at which there was nobody to tell is none."""
    if not ids:
        return {}
    query = (
        select(Incoming.id, Escalation.level, Escalation.told_at)
        .join(
            Escalation,
            and_(
                Escalation.kind == str(Kind.INCOMING), Escalation.item_id == Incoming.id,
                Escalation.step == Incoming.state, Escalation.due_at == Incoming.step_due_at,
            ),
        )
        .where(incoming.within(scope), Incoming.id.in_(ids), Escalation.silence == "")
        .order_by(Escalation.told_at, Escalation.id)
    )  # fmt: skip
    return {row[0]: (row[1], row[2]) for row in session.execute(query)}


def farthest_parts(scope: Scope, session: Session, ids: Sequence[int]) -> dict[int, tuple[str, dt.datetime]]:
    """The same of coordinating parts."""
    if not ids:
        return {}
    query = (
        select(IncomingPart.id, Escalation.level, Escalation.told_at)
        .join(Incoming, Incoming.id == IncomingPart.incoming_id)
        .join(
            Escalation,
            and_(
                Escalation.kind == str(Kind.PART), Escalation.item_id == IncomingPart.id,
                Escalation.due_at == IncomingPart.due_at,
            ),
        )
        .where(incoming.within(scope), IncomingPart.id.in_(ids), Escalation.silence == "")
        .order_by(Escalation.told_at, Escalation.id)
    )  # fmt: skip
    return {row[0]: (row[1], row[2]) for row in session.execute(query)}
