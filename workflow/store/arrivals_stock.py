"""Incoming documents as they stood at a moment, for the morning report, in a constant number of queries.

What did not move since is told by its row; of the rest the whole history, journal and pauses are read.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import BigInteger, Row, Select, cast, func, select, union
from sqlalchemy.orm import Session, aliased

from workflow.domain.incoming import Part
from workflow.store.models import Explanation, Incoming, IncomingHistory, IncomingPart, Journal, Pause, Unit

Rows = Sequence[Row[*tuple[Any, ...]]]
_PREFIX = "incoming:"
_Lead, _Agency = aliased(Unit), aliased(Unit)

_STOCK: Select[*tuple[Any, ...]] = (
    select(
        Incoming.id,
        Incoming.agency_id,
        Incoming.lead_unit_id,
        Incoming.state,
        Incoming.state_since,
        Incoming.holder_id,
        Incoming.at_office,
        Incoming.paused_since,
        Incoming.due_at,
        Incoming.step_due_at,
        Incoming.urgency,
        _Agency.saturday.label("agency_saturday"),
        _Lead.saturday.label("lead_saturday"),
    )
    .join(_Agency, _Agency.id == Incoming.agency_id)
    .outerjoin(_Lead, _Lead.id == Incoming.lead_unit_id)
)


def _moved(cut_off: dt.datetime) -> Select[str]:
    return select(Journal.subject).where(Journal.at > cut_off, Journal.subject.startswith(_PREFIX)).distinct()


def _moved_keys(cut_off: dt.datetime) -> Select[int]:
    key = cast(func.substr(Journal.subject, len(_PREFIX) + 1), BigInteger)
    return select(key).where(Journal.at > cut_off, Journal.subject.startswith(_PREFIX)).distinct()


def open_now(session: Session, *, reason: str) -> Rows:
    """Every open incoming document of the whole installation."""
    _said(reason)
    return session.execute(_STOCK.where(Incoming.closed_at.is_(None))).all()


def moved_since(session: Session, cut_off: dt.datetime, *, reason: str) -> Rows:
    """Those that moved after the cut-off, open or closed by now."""
    _said(reason)
    return session.execute(_STOCK.where(Incoming.id.in_(_moved_keys(cut_off)))).all()


def histories(session: Session, cut_off: dt.datetime) -> Rows:
    """Their whole history: the line after the cut-off says who had the document until then."""
    line = IncomingHistory
    query = select(
        line.incoming_id, line.at, line.from_state, line.to_state, line.held_by, line.held_by_id, line.held_unit_id
    ).where(line.incoming_id.in_(_moved_keys(cut_off)))
    return session.execute(query.order_by(line.incoming_id, line.ordinal)).all()


def entries(session: Session, cut_off: dt.datetime) -> Rows:
    """Their journal: (subject, at, tag, body), oldest first."""
    query = select(Journal.subject, Journal.at, Journal.tag, Journal.body).where(
        Journal.subject.in_(_moved(cut_off))
    )
    return session.execute(query.order_by(Journal.subject, Journal.ordinal)).all()


def paused_at(session: Session, cut_off: dt.datetime) -> set[int]:
    """Documents whose clock stood still at the cut-off."""
    still = select(Pause.id).where(Pause.ended_at.is_(None))
    since = select(Pause.id).where(Pause.incoming_id.in_(_moved_keys(cut_off)), Pause.ended_at > cut_off)
    query = select(Pause.incoming_id).where(Pause.id.in_(union(still, since)), Pause.began_at <= cut_off)
    return set(session.scalars(query))


def parts_at(session: Session, cut_off: dt.datetime, *, reason: str) -> Rows:
    """Coordinating parts that were given by the cut-off and not ended by then, with the document's row.

    (part, unit, person, due, document, agency, state now)
    """
    _said(reason)
    still = select(IncomingPart.id).where(IncomingPart.ended_at.is_(None))
    since = select(IncomingPart.id).where(
        IncomingPart.incoming_id.in_(_moved_keys(cut_off)), IncomingPart.ended_at > cut_off
    )
    query = (
        select(
            IncomingPart.id, IncomingPart.unit_id, IncomingPart.person_id, IncomingPart.due_at,
            IncomingPart.incoming_id, IncomingPart.agency_id, Incoming.state,
        )
        .join(Incoming, Incoming.id == IncomingPart.incoming_id)
        .where(
            IncomingPart.id.in_(union(still, since)), IncomingPart.part == str(Part.COORDINATE),
            IncomingPart.given_at <= cut_off,
        )
    )  # fmt: skip
    return session.execute(query.order_by(IncomingPart.id)).all()


def explanations_at(session: Session, cut_off: dt.datetime, *, reason: str) -> Rows:
    """Explanations demanded by the cut-off that are owed, or whose document moved since."""
    _said(reason)
    still = select(Explanation.id).where(Explanation.state.in_(("owed", "sent_back")))
    since = select(Explanation.id).where(Explanation.incoming_id.in_(_moved_keys(cut_off)))
    query = (
        select(
            Explanation.id, Explanation.incoming_id, Explanation.person_id, Explanation.unit_id,
            Explanation.part_id, Explanation.missed_at, Explanation.due_at, Explanation.state, Explanation.given_at,
            Explanation.decided_at, Incoming.agency_id,
        )
        .join(Incoming, Incoming.id == Explanation.incoming_id)
        .where(Explanation.id.in_(union(still, since)), Explanation.demanded_at <= cut_off)
    )  # fmt: skip
    return session.execute(query.order_by(Explanation.id)).all()


def _said(reason: str) -> None:
    if not reason:
        raise ValueError("a job says why it reads without a scope")
