"""What stood at moments: documents that waited for a signature or were open, leaders in post, and what the journal
said until then. Read from what was written then and after it (history, pauses), never from the clock.

Each question is asked for any number of moments at once, so that a board of several months asks no oftener.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    String,
    and_,
    case,
    cast,
    exists,
    false,
    func,
    literal,
    literal_column,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session, aliased

from workflow.domain.freezing import MOVES_DUE
from workflow.domain.outgoing import State
from workflow.domain.people import Role
from workflow.domain.permissions import Scope
from workflow.store.calendar import SUBJECT as CALENDAR
from workflow.store.models import Certificate, History, Incoming, IncomingHistory, Journal, Outgoing, Pause, PostRow
from workflow.store.month_facts import Rows, afterwards

Arm = Select[*tuple[Any, ...]]
WAITING = str(State.AWAITING_SIGNATURE)
LEADERS = (str(Role.LEADER), str(Role.DEPUTY))
IN_UNITS = ("directed", "assigned", "in_progress")
"""States in which a unit has an incoming document; else the agency itself has it: clerk, office, leader."""
DONE = ("done", "filed")
"""One that was done then and reopened since was nobody's: it counts as its unit's."""
UNSIGNED, OPEN = "unsigned", "open"
DUE, HOURS, DAYS = "due", "hours", "days"
"""What `told` tells."""


def standing_at(
    scope: Scope, session: Session, *, unsigned: Sequence[dt.datetime], still_open: Sequence[dt.datetime]
) -> Rows:
    """(what, moment, agency, id, unit, person, dated, paused) of documents at moments, `moment` by its place among
    those asked about; one query, however many.

    `unsigned`: outgoing ones that waited for a signature, by their signer, `dated` since when. Some come twice:
    those that wait since before it; those whose first line of history from then on leaves it. `open`: registered
    incoming ones, with whoever had them then, `dated` when they are due now; `told` has when they were due then.
    """
    arms: list[Arm] = []
    for place, at in enumerate(unsigned):
        arms += _unsigned(scope, place, at)
    for place, at in enumerate(still_open):
        arms += _open(scope, place, at)
    return session.execute(union_all(*arms)).all() if arms else []


def _named(what: str, place: int) -> tuple[ColumnElement[Any], ...]:
    return literal_column(f"'{what}'", String).label("what"), literal(place, Integer).label("moment")


def _unsigned(scope: Scope, place: int, at: dt.datetime) -> list[Arm]:
    columns = (
        *_named(UNSIGNED, place), Outgoing.agency_id, Outgoing.id, Outgoing.unit_id.label("unit"),
        Outgoing.signer_id.label("person"),
    )  # fmt: skip
    mine, paused = Outgoing.agency_id.in_(scope.agency_ids), false().label("paused")
    still = select(*columns, Outgoing.state_since.label("dated"), paused).where(
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
        select(*columns, since.label("dated"), paused)
        .join(History, History.document_id == Outgoing.id)
        .where(
            afterwards(Outgoing.agency_id).in_(scope.agency_ids), History.at >= at,
            History.from_state == literal_column(f"'{WAITING}'"),
            ~exists().where(
                earlier.document_id == History.document_id, earlier.ordinal < History.ordinal, earlier.at >= at
            ),
        )
    )  # fmt: skip
    return [still, left]


def _open(scope: Scope, place: int, at: dt.datetime) -> list[Arm]:
    """Who had one is what the first line of its history from then on says, or the row where nothing happened
    since. An OR of the two ways to be open would be answered by no index."""
    mine = Incoming.agency_id.in_(scope.agency_ids)
    return [_opened(place, at, mine, way) for way in (Incoming.closed_at.is_(None), Incoming.closed_at >= at)]


def _opened(place: int, at: dt.datetime, *where: ColumnElement[bool]) -> Arm:
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
            *_named(OPEN, place), Incoming.agency_id, Incoming.id,
            case(
                (line.from_state.in_(DONE), Incoming.lead_unit_id), (line.id.is_not(None), line.held_unit_id),
                (now, Incoming.lead_unit_id),
            ).label("unit"),
            case((line.id.is_not(None), line.held_by_id), else_=Incoming.holder_id).label("person"),
            Incoming.due_at.label("dated"),
            exists().where(
                Pause.incoming_id == Incoming.id, Pause.began_at < at,
                or_(Pause.ended_at.is_(None), Pause.ended_at >= at),
            ).label("paused"),
        )
        .outerjoin(line, and_(line.incoming_id == Incoming.id, line.ordinal == first))
        .where(*where, afterwards(Incoming.registered_at) < at, Incoming.number.is_not(None))
    )  # fmt: skip


def told(
    scope: Scope, session: Session, *, due_at: Sequence[dt.datetime] = (), hours_of: Collection[str] = (),
    days_since: dt.datetime | None = None,
) -> Rows:  # fmt: skip
    """(what, moment, subject, ordinal, at, tag, body) of the journal's entries, each chain in its order; one query.

    `due`: of documents open at a moment, before it, where an act may have moved their deadline since; `moment` is
    its place among those asked about. A clock that stands still moves it too, but never that of one that is
    overdue. `hours`: every change of how long documents of these subjects may wait. `days`: changes of the
    calendar after a moment.
    """
    arms = [arm for place, at in enumerate(due_at) for arm in _told_of_due(scope, place, at)]
    if hours_of:
        mine = Journal.subject.in_(sorted(hours_of)), Journal.tag == "figures:backlog:changed"
        arms.append(_entries(HOURS, 0).where(*mine))
    if days_since is not None:
        arms.append(_entries(DAYS, 0).where(Journal.subject == CALENDAR, Journal.at > days_since))
    if not arms:
        return []
    both = union_all(*arms).subquery()
    return session.execute(select(both).order_by(both.c.subject, both.c.ordinal)).all()


def _entries(what: str, place: int) -> Arm:
    return select(*_named(what, place), Journal.subject, Journal.ordinal, Journal.at, Journal.tag, Journal.body)


def _told_of_due(scope: Scope, place: int, at: dt.datetime) -> list[Arm]:
    subject = literal("incoming:").concat(cast(Incoming.id, String(20)))
    later = aliased(Journal)
    moved = exists().where(later.subject == subject, later.at >= at, later.tag.in_(sorted(MOVES_DUE)))
    known = (
        Incoming.agency_id.in_(scope.agency_ids),
        afterwards(Incoming.registered_at) < at,
        Incoming.number.is_not(None),
    )
    entries = _entries(DUE, place).select_from(Incoming).join(Journal, Journal.subject == subject)
    return [
        entries.where(*known, Journal.at < at, moved, way)
        for way in (Incoming.closed_at.is_(None), Incoming.closed_at >= at)
    ]


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


def leaders_at(scope: Scope, session: Session, *, moments: Mapping[dt.datetime, dt.date]) -> Rows:
    """(moment, post, agency, person, unit, covered): leaders in post on the day of a moment, and who of them had a
    certificate in its time; the oldest post first. `moment` by its place among those asked about."""
    arms = [_leaders(scope, place, at, day) for place, (at, day) in enumerate(moments.items())]
    both = union_all(*arms).subquery()
    return session.execute(select(both).order_by(both.c.post)).all()


def _leaders(scope: Scope, place: int, at: dt.datetime, day: dt.date) -> Arm:
    covered = exists().where(
        Certificate.person_id == PostRow.person_id, Certificate.not_before <= at, Certificate.not_after >= at,
        Certificate.confirmed_at <= at, or_(Certificate.retired_at.is_(None), Certificate.retired_at > at),
    )  # fmt: skip
    return select(
        literal(place, Integer).label("moment"), PostRow.id.label("post"), PostRow.agency_id, PostRow.person_id,
        PostRow.unit_id, covered.label("covered"),
    ).where(
        PostRow.agency_id.in_(scope.agency_ids), PostRow.role.in_(LEADERS), PostRow.valid_from <= day,
        or_(PostRow.valid_to.is_(None), PostRow.valid_to >= day),
    )  # fmt: skip
