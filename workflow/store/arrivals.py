"""What waits to be received, as the clerk works it off; what senders sent with bad signatures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, case, func, select, tuple_
from sqlalchemy.orm import Session

from workflow.domain.incoming import OPEN_WORK, Source, State
from workflow.domain.outgoing import Urgency
from workflow.domain.permissions import Scope
from workflow.store.incoming import within
from workflow.store.models import Incoming, IncomingFile, Intake

PAGE = 50
"""Rows on one page of the queue."""

WAITING = (State.ARRIVED, State.CHECKED, State.ANOMALY)
TO_DO = (State.ARRIVED, State.CHECKED)
"""Those that wait for the clerk; about an anomaly a leader decides."""

REGISTERED = (*OPEN_WORK, State.DONE, State.FILED)
"""Those that stand in the register and were neither sent back nor taken back."""

NO_FILE = "paper"
"""The word for a document without a file to judge, where others have a verdict's conclusion."""

RANK: dict[str, int] = {Urgency.FLASH: 0, Urgency.VERY_URGENT: 1, Urgency.URGENT: 2}
"""The order of the queue; everything else comes after, in the order of arrival."""

_RANK = case(*((Incoming.urgency == word, rank) for word, rank in RANK.items()), else_=len(RANK))


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """What the queue shows. Empty fields do not narrow it."""

    source: Source | None = None
    conclusion: str = ""
    urgency: Urgency | None = None
    words: str = ""
    """Already folded; matched inside issuer and subject."""


def rank_of(urgency: str) -> int:
    """Where a document of this urgency stands in the queue, the most urgent at 0."""
    return RANK.get(urgency, len(RANK))


def queue(
    scope: Scope, session: Session, *, wanted: Waiting, after: tuple[int, int] | None = None, limit: int = PAGE
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Up to `limit` + 1 rows, urgent first, then the longest waiting. `after`: (rank, id) of the last row shown."""
    first = and_(IncomingFile.incoming_id == Incoming.id, IncomingFile.ordinal == 1)
    query = (
        select(
            Incoming.id, Incoming.state, Incoming.version, Incoming.source, Incoming.issuer, Incoming.symbol,
            Incoming.issued_on, Incoming.type_code, Incoming.subject, Incoming.urgency, Incoming.secret,
            Incoming.conclusion, Incoming.quarantined, Incoming.arrived_at, Incoming.step_due_at, Incoming.reading,
            IncomingFile.filename, _RANK.label("rank"),
        )
        .outerjoin(IncomingFile, first)
        .where(within(scope), *_conditions(wanted))
    )  # fmt: skip
    if after is not None:
        query = query.where(tuple_(_RANK, Incoming.id) > tuple_(*after))
    return session.execute(query.order_by(_RANK, Incoming.id).limit(limit + 1)).all()


def count(scope: Scope, session: Session, *, wanted: Waiting, cap: int) -> int:
    """How many wait; counting stops one above `cap`."""
    some = select(Incoming.id).where(within(scope), *_conditions(wanted)).limit(cap + 1).subquery()
    return session.scalar(select(func.count()).select_from(some)) or 0


def next_one(scope: Scope, session: Session, document: Incoming) -> Row[int, str] | None:
    """(id, subject) of what the clerk does after a document: the next in the queue, else the first."""
    here = (rank_of(document.urgency), document.id)
    return _first(scope, session, tuple_(_RANK, Incoming.id) > tuple_(*here)) or _first(
        scope, session, Incoming.id != document.id
    )


def _first(scope: Scope, session: Session, *conditions: ColumnElement[bool]) -> Row[int, str] | None:
    query = select(Incoming.id, Incoming.subject).where(within(scope), Incoming.state.in_(TO_DO), *conditions)
    return session.execute(query.order_by(_RANK, Incoming.id).limit(1)).one_or_none()


def _conditions(wanted: Waiting) -> list[ColumnElement[bool]]:
    made: list[ColumnElement[bool]] = [Incoming.state.in_(WAITING)]
    if wanted.source is not None:
        made.append(Incoming.source == wanted.source)
    if wanted.conclusion:
        made.append(Incoming.conclusion == ("" if wanted.conclusion == NO_FILE else wanted.conclusion))
    if wanted.urgency is not None:
        made.append(Incoming.urgency == wanted.urgency)
    for word in wanted.words.split():
        made.append(
            Incoming.subject_folded.contains(word, autoescape=True)
            | Incoming.issuer_folded.contains(word, autoescape=True)
        )
    return made


def holding(scope: Scope, session: Session, *, agency_id: int, sha256: str, content_sha256: str) -> Incoming | None:
    """The newest document of an agency with this very file, as its paper or beside it."""
    query = (
        select(Incoming)
        .join(IncomingFile, IncomingFile.incoming_id == Incoming.id)
        .join(Intake, Intake.id == IncomingFile.intake_id)
        .where(
            within(scope),
            Incoming.agency_id == agency_id,
            Intake.agency_id == agency_id,
            Intake.sha256 == sha256,
            Intake.content_sha256 == content_sha256,
        )
    )
    return session.scalars(query.order_by(Incoming.id.desc()).limit(1)).one_or_none()


def registered_on(
    scope: Scope, session: Session, *, since: dt.datetime, until: dt.datetime, limit: int
) -> Sequence[Incoming]:
    """What was registered in a time, in the order of its numbers: for a sheet of stamps."""
    query = select(Incoming).where(
        within(scope), Incoming.registered_at >= since, Incoming.registered_at < until, Incoming.number.is_not(None)
    )
    return session.scalars(query.order_by(Incoming.registered_at, Incoming.id).limit(limit)).all()


def one(scope: Scope, session: Session, incoming_id: int) -> Incoming | None:
    """A document within reach, whatever its state, or None."""
    return session.scalars(select(Incoming).where(within(scope), Incoming.id == incoming_id)).one_or_none()


def some(scope: Scope, session: Session, ids: Sequence[int]) -> Sequence[Incoming]:
    """Registered documents within reach among these, in the order of their numbers."""
    query = select(Incoming).where(within(scope), Incoming.id.in_(ids), Incoming.number.is_not(None))
    return session.scalars(query.order_by(Incoming.year, Incoming.number, Incoming.id)).all()


def by_sender(
    scope: Scope, session: Session, *, since: dt.datetime, until: dt.datetime
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Per sending office, of what arrived in a time and is registered: (issuer, registered, passed, failed,
    indeterminate, malformed, unsigned); those with most bad ones first."""
    query: Select[*tuple[Any, ...]] = select(
        func.max(Incoming.issuer).label("issuer"),
        func.count().label("registered"),
        *(
            func.sum(case((Incoming.conclusion == word, 1), else_=0)).label(word)
            for word in ("passed", "failed", "indeterminate", "malformed", "unsigned")
        ),
    ).where(
        within(scope), Incoming.state.in_(REGISTERED), Incoming.arrived_at >= since, Incoming.arrived_at < until
    )
    bad = func.sum(case((Incoming.conclusion.in_(("failed", "indeterminate", "malformed")), 1), else_=0))
    return session.execute(query.group_by(Incoming.issuer_folded).order_by(bad.desc(), func.count().desc())).all()
