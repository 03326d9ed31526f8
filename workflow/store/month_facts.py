"""The rows that a month's figures count, by ranges of indexes: what was issued, signed, received, finished.

The same queries serve the open month and the recount of a closed one. Each answers for all agencies of a scope and
for a span of any number of months at once: their number grows with nothing. Each row says when it happened, so
that whoever asks puts it into its month. What stood at a moment is in `store.month_stands`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, exists, func, literal_column, or_, select
from sqlalchemy.orm import QueryableAttribute, Session, aliased

from workflow.domain.outgoing import State
from workflow.domain.permissions import Scope
from workflow.store.models import (
    Certificate,
    EnteredFigure,
    Explanation,
    History,
    Incoming,
    Journal,
    Outgoing,
    Reply,
    Signature,
    Unit,
    VerdictRow,
)

Rows = Sequence[Row[*tuple[Any, ...]]]
WAITING = str(State.AWAITING_SIGNATURE)
OWED_APOLOGY = ((Explanation.state, "accepted"), (Explanation.cause, "subjective"))
"""In the words of the index of them, which no parameter would meet."""


def afterwards(column: QueryableAttribute[Any]) -> ColumnElement[Any]:
    """A column that is asked once the row was found by something else. SQLite would begin with an index of it and
    read every paper that an agency has had, where a span of time, or what is open, leads to a few."""
    return func.coalesce(column, column)


def _issued(scope: Scope, start: dt.datetime, end: dt.datetime) -> tuple[ColumnElement[bool], ...]:
    return Outgoing.agency_id.in_(scope.agency_ids), Outgoing.issued_at >= start, Outgoing.issued_at < end


def issued(
    scope: Scope, session: Session, *, start: dt.datetime, end: dt.datetime, until: dt.datetime | None = None
) -> Rows:
    """What was issued, with what its columns say of its signatures; from the index that covers them.

    One that was judged otherwise since comes once for each such verdict (`judged`, `purpose`, `conclusion`; until a
    moment, where one is named): the one with the highest key counts.
    """
    verdict, paper = VerdictRow, aliased(Outgoing)
    since = (
        select(verdict.id.label("judged"), verdict.document_id, Signature.purpose, verdict.conclusion)
        .join(paper, paper.id == verdict.document_id)
        .join(Signature, Signature.id == verdict.signature_id)
        .where(
            paper.agency_id.in_(scope.agency_ids), paper.issued_at >= start, paper.issued_at < end,
            verdict.occasion == "recheck", Signature.withdrawn_at.is_(None),
            Signature.purpose.in_(("leader", "seal")), *([] if until is None else [verdict.at < until]),
        )
        .subquery()
    )  # fmt: skip
    query = (
        select(
            Outgoing.agency_id, Outgoing.id, Outgoing.unit_id, Outgoing.signer_id, Outgoing.secret,
            Outgoing.exempt_by_id.is_not(None).label("exempt"), Outgoing.medium, Outgoing.leader_verdict,
            Outgoing.seal_verdict, Outgoing.capacity, Outgoing.leader_kind, Outgoing.seal_kind,
            Outgoing.issued_at, since.c.judged, since.c.purpose, since.c.conclusion,
        )
        .outerjoin(since, since.c.document_id == Outgoing.id)
        .where(*_issued(scope, start, end))
    )  # fmt: skip
    return session.execute(query).all()


def signed(scope: Scope, session: Session, *, start: dt.datetime, end: dt.datetime) -> Rows:
    """(agency, id, unit, person, minutes, at) of every digital signature of a document's signer, oldest first: who
    gave it, and how many working minutes it had waited by then."""
    query = (
        select(
            Outgoing.agency_id, Outgoing.id, Outgoing.unit_id, History.person_id,
            History.held_minutes.label("minutes"), History.at,
        )
        .join(Outgoing, Outgoing.id == History.document_id)
        .where(
            afterwards(Outgoing.agency_id).in_(scope.agency_ids), History.at >= start, History.at < end,
            History.from_state == literal_column(f"'{WAITING}'"), History.action == "sign",
        )
        .order_by(History.id)
    )  # fmt: skip
    return session.execute(query).all()


def entered(scope: Scope, session: Session, *, first: dt.date, last: dt.date, at: dt.datetime) -> Rows:
    """(agency, line, indicator, unit, period, figure, ends) of figures entered by people for periods that end in a
    span, as they stood at a moment; `line`: the first row of it and its corrections."""
    later = aliased(EnteredFigure)
    row = EnteredFigure
    query = select(
        row.agency_id, func.coalesce(row.first_id, row.id).label("line"), row.indicator_id, row.unit_id, row.period,
        row.figure, row.ends,
    ).where(
        row.agency_id.in_(scope.agency_ids), row.ends >= first, row.ends <= last, row.entered_at <= at,
        ~exists().where(later.replaces_id == row.id, later.entered_at <= at),
    )  # fmt: skip
    return session.execute(query).all()


def received(scope: Scope, session: Session, *, start: dt.datetime, end: dt.datetime) -> Rows:
    """(agency, id, registered) of what was registered."""
    query = select(Incoming.agency_id, Incoming.id, Incoming.registered_at).where(
        Incoming.agency_id.in_(scope.agency_ids), Incoming.registered_at >= start, Incoming.registered_at < end,
        Incoming.number.is_not(None),
    )  # fmt: skip
    return session.execute(query).all()


def done(scope: Scope, session: Session, *, start: dt.datetime, end: dt.datetime) -> Rows:
    """(agency, id, lead unit, handler, done, due) of what was finished."""
    query = select(
        Incoming.agency_id, Incoming.id, Incoming.lead_unit_id, Incoming.handler_id, Incoming.done_at,
        Incoming.due_at,
    ).where(
        Incoming.agency_id.in_(scope.agency_ids), Incoming.done_at >= start, Incoming.done_at < end
    )  # fmt: skip
    return session.execute(query).all()


def ended(scope: Scope, session: Session, *, start: dt.datetime, end: dt.datetime) -> Rows:
    """(agency, id, lead unit, handler, state, closed) of registered documents that were closed without being
    done."""
    query = select(
        Incoming.agency_id, Incoming.id, Incoming.lead_unit_id, Incoming.handler_id, Incoming.state,
        Incoming.closed_at,
    ).where(
        Incoming.agency_id.in_(scope.agency_ids), Incoming.closed_at >= start, Incoming.closed_at < end,
        Incoming.done_at.is_(None), Incoming.number.is_not(None),
    )  # fmt: skip
    return session.execute(query).all()


def letters_of(session: Session, keys: Collection[int]) -> Rows:
    """(incoming, outgoing) of letters of apology."""
    query = select(Reply.incoming_id, Reply.outgoing_id).where(
        Reply.incoming_id.in_(sorted(keys)), Reply.kind == "apology"
    )
    return session.execute(query).all()


def explanations(scope: Scope, session: Session, *, start: dt.datetime, end: dt.datetime) -> Rows:
    """Explanations that were demanded, given or decided in a span, or were not accepted at its end; and all that
    were accepted before with a cause of our own. With the kind of sender, and when an apology was issued."""
    row = Explanation
    letter = (
        select(func.min(Outgoing.issued_at))
        .join(Reply, Reply.outgoing_id == Outgoing.id)
        .where(Reply.incoming_id == Incoming.id, Reply.kind == "apology")
        .correlate(Incoming)
        .scalar_subquery()
    )
    ours = (column == literal_column(f"'{word}'") for column, word in OWED_APOLOGY)
    query = (
        select(
            Incoming.agency_id, row.id, row.incoming_id, row.unit_id, row.person_id, row.state, row.cause,
            row.demanded_at, row.given_at, row.decided_at, Incoming.issuer_kind, letter.label("letter"),
        )
        .join(Incoming, Incoming.id == row.incoming_id)
        .where(
            afterwards(Incoming.agency_id).in_(scope.agency_ids),
            or_(
                and_(row.demanded_at >= start, row.demanded_at < end),
                and_(row.given_at >= start, row.given_at < end),
                and_(row.decided_at >= start, row.decided_at < end),
                and_(row.demanded_at < end, row.state != literal_column("'accepted'")),
                and_(row.demanded_at < end, row.decided_at >= end),
                and_(*ours, row.decided_at < end),
            ),
        )
    )  # fmt: skip
    return session.execute(query).all()


def agencies_in(session: Session, first: dt.date, last: dt.date) -> list[int]:
    """Agencies that were there on any day of a span."""
    query = select(Unit.id).where(
        Unit.kind == "agency", Unit.valid_from <= last, or_(Unit.valid_to.is_(None), Unit.valid_to >= first)
    )
    return list(session.scalars(query.order_by(Unit.id)))


def began(session: Session) -> dt.datetime | None:
    """When the journal began."""
    return session.scalar(select(Journal.at).order_by(Journal.id).limit(1))


def papers_of_explanations(session: Session, keys: Collection[int]) -> dict[int, int]:
    """Explanation → its incoming document."""
    query = select(Explanation.id, Explanation.incoming_id).where(Explanation.id.in_(sorted(keys)))
    return {row[0]: row[1] for row in session.execute(query)}


def certificates_of(session: Session, people: Collection[int]) -> Rows:
    """(certificate, person) of everything that was ever enrolled for them."""
    query = select(Certificate.id, Certificate.person_id).where(Certificate.person_id.in_(sorted(people)))
    return session.execute(query).all()


def acts_of(session: Session, subjects: Collection[str], *, since: dt.datetime) -> Rows:
    """(subject, id, tag, at) of entries of the journal about these, from a moment on."""
    query = select(Journal.subject, Journal.id, Journal.tag, Journal.at).where(
        Journal.subject.in_(sorted(subjects)), Journal.at >= since
    )
    return session.execute(query).all()
