"""The rows that a month's figures count, by ranges of indexes: what was issued, received, finished, still open.

The same queries serve the open month and the recount of a closed one. Each answers for all agencies of a scope at
once, so their number grows with nothing. What stood at a moment is read from what was written then and after it
(history, pauses), never from the clock.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    String,
    and_,
    case,
    cast,
    exists,
    func,
    literal,
    literal_column,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import QueryableAttribute, Session, aliased

from workflow.domain.freezing import MOVES_DUE
from workflow.domain.outgoing import State
from workflow.domain.people import Role
from workflow.domain.permissions import Scope
from workflow.store.models import (
    Certificate,
    EnteredFigure,
    Explanation,
    History,
    Incoming,
    IncomingHistory,
    Journal,
    Outgoing,
    Pause,
    PostRow,
    Reply,
    Signature,
    Unit,
    VerdictRow,
)

Rows = Sequence[Row[*tuple[Any, ...]]]
WAITING = str(State.AWAITING_SIGNATURE)
LEADERS = (str(Role.LEADER), str(Role.DEPUTY))
IN_UNITS = ("directed", "assigned", "in_progress")
"""States in which a unit has an incoming document; else the agency itself has it: clerk, office, leader."""
DONE = ("done", "filed")
"""One that was done then and reopened since was nobody's: it counts as its unit's."""
OWED_APOLOGY = ((Explanation.state, "accepted"), (Explanation.cause, "subjective"))
"""In the words of the index of them, which no parameter would meet."""


def afterwards(column: QueryableAttribute[Any]) -> ColumnElement[Any]:
    """A column that is asked once the row was found by something else. SQLite would begin with an index of it and
    read every paper that an agency has had, where a span of time, or what is open, leads to a few."""
    return func.coalesce(column, column)


def _issued(scope: Scope, start: dt.datetime, end: dt.datetime) -> tuple[ColumnElement[bool], ...]:
    return Outgoing.agency_id.in_(scope.agency_ids), Outgoing.issued_at >= start, Outgoing.issued_at < end


def issued(scope: Scope, session: Session, *, start: dt.datetime, end: dt.datetime) -> Rows:
    """What was issued, with what its columns say of its signatures; from the index that covers them."""
    query = select(
        Outgoing.agency_id, Outgoing.id, Outgoing.unit_id, Outgoing.signer_id, Outgoing.secret,
        Outgoing.exempt_by_id.is_not(None).label("exempt"), Outgoing.medium, Outgoing.leader_verdict,
        Outgoing.seal_verdict, Outgoing.capacity, Outgoing.leader_kind, Outgoing.seal_kind,
    ).where(*_issued(scope, start, end))  # fmt: skip
    return session.execute(query).all()


def judged_since(
    scope: Scope, session: Session, *, start: dt.datetime, end: dt.datetime, until: dt.datetime | None = None
) -> Rows:
    """(document, purpose, conclusion) of what was issued then and judged otherwise since, oldest first."""
    query = (
        select(VerdictRow.document_id, Signature.purpose, VerdictRow.conclusion)
        .join(Outgoing, Outgoing.id == VerdictRow.document_id)
        .join(Signature, Signature.id == VerdictRow.signature_id)
        .where(
            *_issued(scope, start, end), VerdictRow.occasion == "recheck", Signature.withdrawn_at.is_(None),
            Signature.purpose.in_(("leader", "seal")), *([] if until is None else [VerdictRow.at < until]),
        )
        .order_by(VerdictRow.id)
    )  # fmt: skip
    return session.execute(query).all()


def waiting_at(scope: Scope, session: Session, *, at: dt.datetime) -> Rows:
    """Outgoing documents that waited for a signature at a moment: (agency, id, unit, signer, since).

    Some come twice: those that wait since before it; those whose first line of history from then on leaves it.
    """
    columns = Outgoing.agency_id, Outgoing.id, Outgoing.unit_id, Outgoing.signer_id
    mine = Outgoing.agency_id.in_(scope.agency_ids)
    still = select(*columns, Outgoing.state_since.label("since")).where(
        mine, Outgoing.state == WAITING, Outgoing.state_since < at
    )
    earlier, came = aliased(History), aliased(History)
    since = (
        select(func.max(came.at))
        .where(
            came.document_id == History.document_id, came.ordinal < History.ordinal, came.to_state == WAITING,
            came.from_state != WAITING,
        )
        .correlate(History)
        .scalar_subquery()
    )  # fmt: skip
    left = (
        select(*columns, since.label("since"))
        .join(History, History.document_id == Outgoing.id)
        .where(
            afterwards(Outgoing.agency_id).in_(scope.agency_ids), History.at >= at,
            History.from_state == literal_column(f"'{WAITING}'"),
            ~exists().where(
                earlier.document_id == History.document_id, earlier.ordinal < History.ordinal, earlier.at >= at
            ),
        )
    )  # fmt: skip
    return session.execute(still.union_all(left)).all()


def signed(scope: Scope, session: Session, *, start: dt.datetime, end: dt.datetime) -> Rows:
    """(agency, id, unit, person, minutes) of every digital signature of a document's signer, oldest first: who gave
    it, and how many working minutes it had waited by then."""
    query = (
        select(
            Outgoing.agency_id, Outgoing.id, Outgoing.unit_id, History.person_id,
            History.held_minutes.label("minutes"),
        )
        .join(Outgoing, Outgoing.id == History.document_id)
        .where(
            afterwards(Outgoing.agency_id).in_(scope.agency_ids), History.at >= start, History.at < end,
            History.from_state == literal_column(f"'{WAITING}'"), History.action == "sign",
        )
        .order_by(History.id)
    )  # fmt: skip
    return session.execute(query).all()


def letters_of(session: Session, keys: Collection[int]) -> Rows:
    """(incoming, outgoing) of letters of apology."""
    query = select(Reply.incoming_id, Reply.outgoing_id).where(
        Reply.incoming_id.in_(sorted(keys)), Reply.kind == "apology"
    )
    return session.execute(query).all()


def entered(scope: Scope, session: Session, *, first: dt.date, last: dt.date, at: dt.datetime) -> Rows:
    """(agency, line, indicator, unit, period, figure) of figures entered by people for periods that end in a span,
    as they stood at a moment; `line`: the first row of it and its corrections."""
    later = aliased(EnteredFigure)
    row = EnteredFigure
    query = select(
        row.agency_id, func.coalesce(row.first_id, row.id).label("line"), row.indicator_id, row.unit_id, row.period,
        row.figure,
    ).where(
        row.agency_id.in_(scope.agency_ids), row.ends >= first, row.ends <= last, row.entered_at <= at,
        ~exists().where(later.replaces_id == row.id, later.entered_at <= at),
    )  # fmt: skip
    return session.execute(query).all()


def backlog_hours_told(session: Session, subjects: Collection[str]) -> Rows:
    """(subject, at, body) of every change of how long a document may wait, oldest first."""
    query = select(Journal.subject, Journal.at, Journal.body).where(
        Journal.subject.in_(sorted(subjects)), Journal.tag == "figures:backlog:changed"
    )
    return session.execute(query.order_by(Journal.id)).all()


def received(scope: Scope, session: Session, *, start: dt.datetime, end: dt.datetime) -> Rows:
    """(agency, id) of what was registered."""
    query = select(Incoming.agency_id, Incoming.id).where(
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
    """(agency, id, lead unit, handler, state) of registered documents that were closed without being done."""
    query = select(
        Incoming.agency_id, Incoming.id, Incoming.lead_unit_id, Incoming.handler_id, Incoming.state
    ).where(
        Incoming.agency_id.in_(scope.agency_ids), Incoming.closed_at >= start, Incoming.closed_at < end,
        Incoming.done_at.is_(None), Incoming.number.is_not(None),
    )  # fmt: skip
    return session.execute(query).all()


def open_at(scope: Scope, session: Session, *, at: dt.datetime) -> Rows:
    """(agency, id, unit, person, due now, paused) of registered documents open at a moment, with whoever had them
    then; `told_of_due` has when they were due then.

    Who had one is what the first line of its history from then on says, or the row where nothing happened since.
    """
    mine = Incoming.agency_id.in_(scope.agency_ids)
    open_now = _opened(mine, Incoming.closed_at.is_(None), at=at)
    closed_later = _opened(mine, Incoming.closed_at >= at, at=at)
    return session.execute(open_now.union_all(closed_later)).all()


def done_then(scope: Scope, session: Session, *, at: dt.datetime) -> Rows:
    """(agency, id, lead unit, handler, done, due) of documents that were done at a moment and are worked on again
    since: their first line of history from then on leaves that state. Who handled it is what the line that finished
    it says."""
    line, earlier, inner, finish = (aliased(IncomingHistory) for _place in range(4))
    last = (
        select(func.max(inner.ordinal))
        .where(
            inner.incoming_id == line.incoming_id, inner.ordinal < line.ordinal, inner.to_state.in_(DONE),
            inner.from_state.not_in(DONE),
        )
        .correlate(line)
        .scalar_subquery()
    )  # fmt: skip
    handled = finish.held_by == "specialist"
    finished: list[ColumnElement[str]] = [literal_column(f"'{state}'") for state in DONE]  # as the index says it
    query = (
        select(
            Incoming.agency_id, Incoming.id,
            case((handled, finish.held_unit_id), else_=Incoming.lead_unit_id).label("lead_unit_id"),
            case((handled, finish.held_by_id), else_=Incoming.handler_id).label("handler_id"),
            finish.at.label("done_at"), Incoming.due_at,
        )
        .select_from(line)
        .join(finish, and_(finish.incoming_id == line.incoming_id, finish.ordinal == last))
        .join(Incoming, Incoming.id == line.incoming_id)
        .where(
            afterwards(Incoming.agency_id).in_(scope.agency_ids), line.at >= at,
            line.from_state.in_(finished), line.to_state.not_in(finished),
            ~exists().where(
                earlier.incoming_id == line.incoming_id, earlier.ordinal < line.ordinal, earlier.at >= at,
                earlier.from_state.not_in(DONE),
            ),
        )
    )  # fmt: skip
    return session.execute(query).all()


def entries_about(session: Session, incoming_ids: Collection[int], *, at: dt.datetime) -> Rows:
    """(id, at, tag, body) of the journal's entries about incoming documents before a moment, oldest first."""
    subjects = {f"incoming:{key}": key for key in incoming_ids}
    query = (
        select(Journal.subject, Journal.at, Journal.tag, Journal.body)
        .where(Journal.subject.in_(sorted(subjects)), Journal.at < at)
        .order_by(Journal.id)
    )
    return [(subjects[row[0]], *row[1:]) for row in session.execute(query)]  # type: ignore[misc]


def told_of_due(scope: Scope, session: Session, *, at: dt.datetime) -> Rows:
    """(id, at, tag, body) of entries before a moment about documents open then whose due moment an act may have
    moved since, oldest first. A clock that stands still moves it too, but never that of one that is overdue."""
    subject = literal("incoming:").concat(cast(Incoming.id, String(20)))
    later = aliased(Journal)
    moved = exists().where(later.subject == subject, later.at >= at, later.tag.in_(sorted(MOVES_DUE)))
    known = (
        Incoming.agency_id.in_(scope.agency_ids),
        afterwards(Incoming.registered_at) < at,
        Incoming.number.is_not(None),
    )
    told = select(Incoming.id, Journal.ordinal, Journal.at, Journal.tag, Journal.body).join(
        Journal, Journal.subject == subject
    )
    both = union_all(  # an OR of the two would be answered by no index
        *(told.where(*known, Journal.at < at, moved, way)
          for way in (Incoming.closed_at.is_(None), Incoming.closed_at >= at))
    ).subquery()  # fmt: skip
    query = select(both.c.id, both.c.at, both.c.tag, both.c.body).order_by(both.c.id, both.c.ordinal)
    return session.execute(query).all()


def _opened(*where: ColumnElement[bool], at: dt.datetime) -> Select[*tuple[Any, ...]]:
    line, inner = aliased(IncomingHistory), aliased(IncomingHistory)
    first = (
        select(func.min(inner.ordinal))
        .where(inner.incoming_id == Incoming.id, inner.at >= at)
        .correlate(Incoming)
        .scalar_subquery()
    )
    now = and_(Incoming.state.in_(IN_UNITS), Incoming.paused_since.is_(None))
    return (
        select(
            Incoming.agency_id, Incoming.id,
            case(
                (line.from_state.in_(DONE), Incoming.lead_unit_id), (line.id.is_not(None), line.held_unit_id),
                (now, Incoming.lead_unit_id),
            ).label("unit"),
            case((line.id.is_not(None), line.held_by_id), else_=Incoming.holder_id).label("person"),
            Incoming.due_at,
            exists().where(
                Pause.incoming_id == Incoming.id, Pause.began_at < at,
                or_(Pause.ended_at.is_(None), Pause.ended_at >= at),
            ).label("paused"),
        )
        .outerjoin(line, and_(line.incoming_id == Incoming.id, line.ordinal == first))
        .where(*where, afterwards(Incoming.registered_at) < at, Incoming.number.is_not(None))
    )  # fmt: skip


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


def leaders_at(scope: Scope, session: Session, *, at: dt.datetime, day: dt.date) -> Rows:
    """(agency, person, unit, covered): leaders in post on a day, and who of them had a certificate in its time."""
    covered = exists().where(
        Certificate.person_id == PostRow.person_id, Certificate.not_before <= at, Certificate.not_after >= at,
        Certificate.confirmed_at <= at, or_(Certificate.retired_at.is_(None), Certificate.retired_at > at),
    )  # fmt: skip
    query = (
        select(PostRow.agency_id, PostRow.person_id, PostRow.unit_id, covered.label("covered"))
        .where(
            PostRow.agency_id.in_(scope.agency_ids), PostRow.role.in_(LEADERS), PostRow.valid_from <= day,
            or_(PostRow.valid_to.is_(None), PostRow.valid_to >= day),
        )
        .order_by(PostRow.id)
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
