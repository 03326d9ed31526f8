"""What of the incoming documents waits for whom: the desk's queries, all over open documents only.

The conditions name the role's own documents, which lie within its scope: a unit's by its lead, a handler's by name,
an agency's whole. Each takes the agency besides, so that the index of what is open answers them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, case, false, func, or_, select
from sqlalchemy.orm import Session

from workflow.domain.incoming import State
from workflow.domain.people import Role
from workflow.domain.permissions import Scope
from workflow.store.incoming import within
from workflow.store.incoming_list import ALL, listed
from workflow.store.models import (
    Extension,
    ExtensionRequest,
    Incoming,
    IncomingHistory,
    IncomingPart,
    Person,
    PostRow,
    Unit,
)

_T = Incoming.__table__.c
_WORK = (State.ASSIGNED, State.IN_PROGRESS)
Rows = Sequence[Row[*tuple[Any, ...]]]


def waiting_for(
    scope: Scope, session: Session, *, role: Role, person_id: int, agency_id: int, limit: int = 200
) -> Rows:
    """What lies on one person's desk in one role, the soonest step first and what has none last; with the proposal,
    where there is one."""
    query = listed(ALL, select(_T.id)).add_columns(_T.proposal)
    query = query.where(_T.agency_id == agency_id, _T.closed_at.is_(None), _desk(scope, role, person_id))
    return session.execute(query.order_by(_T.step_due_at.is_(None), _T.step_due_at, _T.id).limit(limit)).all()


def _desk(scope: Scope, role: Role, person_id: int) -> ColumnElement[bool]:
    mine = and_(_T.handler_id == person_id, _T.state.in_(_WORK))
    if role in {Role.LEADER, Role.DEPUTY}:
        asked = and_(_T.state == State.SUBMITTED, _T.at_office.is_(False), _T.leader_id == person_id)
        return or_(asked, _T.state == State.ANOMALY) if role is Role.LEADER else asked
    if role is Role.UNIT_HEAD:
        mine = or_(mine, and_(_T.state == State.DIRECTED, _T.lead_unit_id.in_(scope.unit_ids)))
        at_office = and_(_T.state == State.SUBMITTED, _T.at_office.is_(True))
        return or_(mine, at_office) if scope.office_of else mine
    if role is Role.CLERK:
        return or_(mine, _T.state == State.REGISTERED)
    return mine if role is Role.DRAFTER else false()


def late_in_units(
    scope: Scope, session: Session, *, agency_id: int, person_id: int, now: dt.datetime, limit: int = 20
) -> Rows:
    """What somebody else in these units works on and is past the document's due date, the longest over first."""
    if not scope.unit_ids:
        return []
    query = listed(ALL, select(_T.id)).where(
        _T.agency_id == agency_id, _T.closed_at.is_(None), _T.state.in_(_WORK), _T.due_at < now,
        _T.paused_since.is_(None), _T.lead_unit_id.in_(scope.unit_ids), _T.handler_id != person_id,
    )  # fmt: skip
    return session.execute(query.order_by(_T.due_at, _T.id).limit(limit)).all()


def parts_for(
    scope: Scope, session: Session, *, role: Role, person_id: int, agency_id: int, limit: int = 100
) -> Rows:
    """(part, its due date, words, …the document) of what one was given to coordinate or to know and has not ended.

    A unit's parts are its head's; a person's their own, in the agency of their post.
    """
    mine = and_(IncomingPart.person_id == person_id, IncomingPart.agency_id == agency_id)
    if role is Role.UNIT_HEAD and scope.unit_ids:
        mine = or_(mine, and_(IncomingPart.unit_id.in_(scope.unit_ids), IncomingPart.person_id.is_(None)))
    query = (
        select(
            Incoming.id, Incoming.issuer, Incoming.symbol, Incoming.type_code, Incoming.subject, Incoming.urgency,
            Incoming.secret, Incoming.state, Incoming.year, Incoming.number, IncomingPart.part,
            IncomingPart.due_at.label("part_due_at"), IncomingPart.words, IncomingPart.given_at,
            IncomingPart.read_at, Incoming.due_at,
        )
        .join(IncomingPart, IncomingPart.incoming_id == Incoming.id)
        .where(
            IncomingPart.ended_at.is_(None), IncomingPart.part.in_(("coordinate", "inform")), mine,
            or_(IncomingPart.part == "inform", Incoming.closed_at.is_(None)),
        )
        .order_by(IncomingPart.id)
        .limit(limit)
    )  # fmt: skip
    return session.execute(query).all()


def extensions_for(
    scope: Scope, session: Session, *, role: Role, person_id: int, agency_id: int, on: dt.date, limit: int = 100
) -> Rows:
    """Extensions that wait for this leader: of what they directed; for the agency's leader also of what was
    directed by nobody who still leads. With the day that is wanted, the reason and who asks."""
    if role not in {Role.LEADER, Role.DEPUTY}:
        return []
    there = select(PostRow.person_id).where(
        PostRow.agency_id == agency_id, PostRow.role.in_((Role.LEADER, Role.DEPUTY)), PostRow.valid_from <= on,
        or_(PostRow.valid_to.is_(None), PostRow.valid_to >= on),
    )  # fmt: skip
    mine = _T.leader_id == person_id
    if role is Role.LEADER:
        mine = or_(mine, _T.leader_id.is_(None), _T.leader_id.not_in(there))
    sent = select(ExtensionRequest.extension_id).where(ExtensionRequest.state == "asked")
    query = listed(ALL, select(_T.id)).add_columns(
        Extension.due_wanted, Extension.reason.label("why"), Person.full_name.label("asker")
    )
    query = (
        query.join(Extension, Extension.incoming_id == _T.id)
        .outerjoin(Person, Person.id == Extension.asked_by_id)
        .where(
            within(scope), _T.agency_id == agency_id, _T.closed_at.is_(None), Extension.state == "asked",
            Extension.id.not_in(sent), mine,
        )
        .order_by(_T.due_at.is_(None), _T.due_at, _T.id)
        .limit(limit)
    )  # fmt: skip
    return session.execute(query).all()


def open_states(
    scope: Scope, session: Session, *, agency_id: int, now: dt.datetime
) -> dict[State, tuple[int, int]]:
    """State → (how many are open there, how many past their step's clock) of one agency within reach."""
    if agency_id not in {*scope.agency_ids, *scope.office_of}:
        return {}
    late = func.sum(case((_T.step_due_at < now, 1), else_=0))
    query = (
        select(_T.state, func.count(), late)
        .where(_T.agency_id == agency_id, _T.closed_at.is_(None))
        .group_by(_T.state)
    )
    return {State(state): (count, int(over or 0)) for state, count, over in session.execute(query)}


def open_by_person(
    session: Session, *, agency_id: int, now: dt.datetime, persons: Sequence[int]
) -> dict[int, tuple[int, int]]:
    """Person → (documents they handle now, of them past due): what a head looks at before assigning.

    Of the whole agency, so whoever calls makes sure that this person assigns.
    """
    late = func.sum(case((and_(_T.due_at < now, _T.paused_since.is_(None)), 1), else_=0))
    query = (
        select(_T.handler_id, func.count(), late)
        .where(_T.agency_id == agency_id, _T.closed_at.is_(None), _T.state.in_(_WORK), _T.handler_id.in_(persons))
        .group_by(_T.handler_id)
    )
    return {person: (count, int(over or 0)) for person, count, over in session.execute(query)}


def last_moves(session: Session, ids: Sequence[int]) -> dict[int, Row[int, str, str | None, dt.datetime, str]]:
    """(document, action, who, when, words) of the act by which each of these documents came to where it lies; the
    caller has found them."""
    if not ids:
        return {}
    query = (
        select(
            IncomingHistory.incoming_id, IncomingHistory.action, Person.full_name, IncomingHistory.at,
            IncomingHistory.remark,
        )
        .outerjoin(Person, Person.id == IncomingHistory.person_id)
        .where(IncomingHistory.incoming_id.in_(ids), IncomingHistory.from_state != IncomingHistory.to_state)
        .order_by(IncomingHistory.ordinal)
    )  # fmt: skip
    return {row.incoming_id: row for row in session.execute(query)}


def unit_names(session: Session, unit_ids: Sequence[int]) -> dict[int, str]:
    """Unit → its name, for proposals: whoever directs reads names, not letters of a symbol."""
    if not unit_ids:
        return {}
    rows = session.execute(select(Unit.id, Unit.name).where(Unit.id.in_(unit_ids)))
    return {row.id: row.name for row in rows}
