"""Queries for the desk: what is under way elsewhere, how much of everything, why something came back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Row, Select, and_, case, exists, false, func, or_, select, true, union_all
from sqlalchemy.orm import Session, aliased

from workflow.domain import incoming
from workflow.domain.outgoing import AFTER_SIGNATURE_ROAD, HEAD_AWAY, REVIEWER_AWAY, SIGNER_OR_AWAY, State
from workflow.domain.people import Role
from workflow.domain.permissions import Scope
from workflow.store.documents import within
from workflow.store.models import (
    AbsenceEnd,
    AbsenceRow,
    FileVersion,
    History,
    Incoming,
    IncomingPart,
    Outgoing,
    Person,
    PostRow,
    Signature,
    Unit,
)

HANDLED = (incoming.State.ASSIGNED, incoming.State.IN_PROGRESS)
"""Where an incoming document lies with its handler."""

_Signer, _Drafter, _Holder = aliased(Person), aliased(Person), aliased(Person)

_ROWS: Select[*tuple[Any, ...]] = (
    select(
        Outgoing.id,
        Outgoing.code,
        Outgoing.version,
        Outgoing.state,
        Outgoing.symbol,
        Outgoing.type_code,
        Outgoing.subject,
        Outgoing.urgency,
        Outgoing.secret,
        Outgoing.medium,
        Outgoing.state_since,
        Outgoing.step_due_at,
        Outgoing.file_sha256,
        Outgoing.signer_id,
        Outgoing.drafter_id,
        Outgoing.leader_verdict,
        Unit.abbreviation.label("unit"),
        Unit.name.label("unit_name"),
        _Drafter.full_name.label("drafter"),
        _Signer.full_name.label("signer"),
        _Holder.full_name.label("holder"),
    )
    .join(Unit, Unit.id == Outgoing.unit_id)
    .join(_Drafter, _Drafter.id == Outgoing.drafter_id)
    .outerjoin(_Signer, _Signer.id == Outgoing.signer_id)
    .outerjoin(_Holder, _Holder.id == Outgoing.holder_id)
)


class Load(NamedTuple):
    """Open documents in one state: how many, and how many of them past their clock."""

    state: State
    waiting: int
    overdue: int


def loads(scope: Scope, session: Session, *, now: dt.datetime) -> list[Load]:
    """How much lies where, of everything within reach."""
    late = func.sum(case((Outgoing.step_due_at < now, 1), else_=0))
    query = (
        select(Outgoing.state, func.count(), late)
        .where(within(scope), Outgoing.closed_at.is_(None))
        .group_by(Outgoing.state)
    )
    return [Load(State(state), waiting, int(over or 0)) for state, waiting, over in session.execute(query)]


def under_way(
    scope: Scope, session: Session, *, drafter_id: int, but: Collection[int] = (), limit: int = 20
) -> Sequence[Row[*tuple[Any, ...]]]:
    """A drafter's own papers that lie with somebody else now; `but` those that lie on their own desk in another
    part: as clerk, as signer."""
    query = _ROWS.where(
        within(scope),
        Outgoing.drafter_id == drafter_id,
        Outgoing.closed_at.is_(None),
        Outgoing.state.not_in((State.DRAFT, State.RETURNED)),
        Outgoing.id.not_in(but),
    )
    return session.execute(query.order_by(Outgoing.step_due_at, Outgoing.id).limit(limit)).all()


def of_the_absent(
    scope: Scope, session: Session, *, role: Role, person_id: int, on: dt.date, limit: int
) -> Sequence[Row[*tuple[Any, ...]]]:
    """What a leader may decide while who decides it otherwise is away: rows as on the desk, the most urgent clock
    first, with `absent`, the fact of `outgoing.STANDING_IN` that opens it."""
    head = _there(on, PostRow.unit_id == Outgoing.unit_id, PostRow.role == Role.UNIT_HEAD)
    reviewed = and_(
        Outgoing.state == State.IN_REVIEW, Outgoing.drafter_id != person_id,
        ~head.where(PostRow.person_id != Outgoing.drafter_id).exists(),
    )  # fmt: skip
    signer = _there(on, PostRow.id == Outgoing.signer_post_id)
    signed = and_(
        Outgoing.state == State.AWAITING_SIGNATURE, Outgoing.signer_id != person_id,
        Outgoing.signer_post_id.is_not(None), ~signer.exists(),
    )  # fmt: skip
    leader = _there(on, PostRow.agency_id == Outgoing.agency_id, PostRow.role == Role.LEADER)
    exempt = and_(
        Outgoing.state.in_(EXEMPTED), Outgoing.exempt_reason != "", Outgoing.exempt_by_id.is_(None),
        ~leader.exists(), true() if role is Role.DEPUTY else false(),
    )  # fmt: skip
    absent = case((reviewed, REVIEWER_AWAY), (exempt, HEAD_AWAY), else_=SIGNER_OR_AWAY).label("absent")
    query = _ROWS.add_columns(absent).where(
        within(scope), Outgoing.closed_at.is_(None), or_(reviewed, exempt, signed)
    )
    return session.execute(query.order_by(Outgoing.step_due_at, Outgoing.id).limit(limit)).all()


def exemptions(scope: Scope, session: Session, *, limit: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """Requests for an exemption that nobody decided on, of papers within reach whoever signs them: rows as on the
    desk, the most urgent clock first, with `exempt_reason`. Whether the reader decides is the caller's question."""
    query = _ROWS.add_columns(Outgoing.exempt_reason).where(
        within(scope), Outgoing.closed_at.is_(None), Outgoing.state.in_(EXEMPTED), Outgoing.exempt_reason != "",
        Outgoing.exempt_by_id.is_(None),
    )  # fmt: skip
    return session.execute(query.order_by(Outgoing.step_due_at, Outgoing.id).limit(limit)).all()


EXEMPTED = (State.RETURNED, State.FORMAT_CHECK, State.AWAITING_SIGNATURE, *AFTER_SIGNATURE_ROAD)


def _there(on: dt.date, *which: ColumnElement[bool]) -> Select[int]:
    """Posts that are held on a day by somebody who is not away on record."""
    away = (
        select(AbsenceRow.id)
        .where(
            AbsenceRow.post_id == PostRow.id, AbsenceRow.first_day <= on, AbsenceRow.last_day >= on,
            AbsenceRow.id.not_in(select(AbsenceEnd.absence_id)),
        )
    )  # fmt: skip
    return select(PostRow.id).where(
        *which, PostRow.valid_from <= on, or_(PostRow.valid_to.is_(None), PostRow.valid_to >= on), ~away.exists()
    )


def chosen(scope: Scope, session: Session, ids: Sequence[int]) -> Sequence[Row[*tuple[Any, ...]]]:
    """These documents, as far as they are within reach; the order of the list is kept."""
    found = {row.id: row for row in session.execute(_ROWS.where(within(scope), Outgoing.id.in_(ids)))}
    return [found[number] for number in dict.fromkeys(ids) if number in found]


class Back(NamedTuple):
    """How a paper came back to its drafter: by whom (None: the machine), what they did, when, their words."""

    who: str | None
    action: str
    at: dt.datetime
    remark: str


def why_returned(scope: Scope, session: Session, ids: Sequence[int]) -> dict[int, Back]:
    """Of each of these documents the act by which it last came back, whatever that was: returned, refused, declined
    by who signs before the signer, sent back for another signer's name, or because its signer left."""
    if not ids:
        return {}
    query = (
        select(History.document_id, Person.full_name, History.action, History.at, History.remark)
        .join(Outgoing, Outgoing.id == History.document_id)
        .outerjoin(Person, Person.id == History.person_id)
        .where(
            within(scope),
            History.document_id.in_(ids),
            History.to_state == State.RETURNED,
            History.from_state != State.RETURNED,
        )
        .order_by(History.ordinal)
    )
    return {row.document_id: Back(row.full_name, row.action, row.at, row.remark) for row in session.execute(query)}


def with_scan(scope: Scope, session: Session, ids: Sequence[int]) -> set[int]:
    """Those of these documents that have the scan of their paper with the number it bears now."""
    if not ids:
        return set()
    query = (
        select(FileVersion.document_id)
        .join(Outgoing, Outgoing.id == FileVersion.document_id)
        .where(
            within(scope),
            FileVersion.document_id.in_(ids),
            FileVersion.kind == "scan",
            FileVersion.added_at >= Outgoing.numbered_at,
        )
    )
    return set(session.scalars(query))


def overdue_by_person(
    scope: Scope, session: Session, *, agency_id: int, now: dt.datetime, on: dt.date, limit: int = 5
) -> Sequence[Row[int, str, int, int]]:
    """Who in the scope's units has how much on their own desk: (person, name, open, overdue), the fullest first.

    As each of their desks counts: drafts and returned papers of theirs, what arrived that they handle, what they
    take part in. A paper that they drafted and somebody else has waits for somebody else.
    """
    desks = union_all(
        select(Outgoing.drafter_id.label("person"), (Outgoing.step_due_at < now).label("late")).where(
            within(scope), Outgoing.closed_at.is_(None), Outgoing.state.in_((State.DRAFT, State.RETURNED))
        ),
        select(Incoming.handler_id, and_(Incoming.due_at < now, Incoming.paused_since.is_(None))).where(
            Incoming.agency_id == agency_id, Incoming.closed_at.is_(None), Incoming.state.in_(HANDLED),
            Incoming.lead_unit_id.in_(scope.unit_ids),
        ),
        select(IncomingPart.person_id, func.coalesce(IncomingPart.due_at, Incoming.due_at) < now)
        .join(Incoming, Incoming.id == IncomingPart.incoming_id)
        .where(
            IncomingPart.agency_id == agency_id, IncomingPart.part == "coordinate",
            IncomingPart.ended_at.is_(None), Incoming.closed_at.is_(None),
            IncomingPart.person_id.in_(_staff(scope, on)),
        ),
    ).subquery("desks")  # fmt: skip
    late = func.sum(case((desks.c.late, 1), else_=0))
    query = (
        select(Person.id, Person.full_name, func.count(), late)
        .join(desks, desks.c.person == Person.id)
        .group_by(Person.id, Person.full_name)
        .order_by(late.desc(), func.count().desc(), Person.id)
        .limit(limit)
    )
    return session.execute(query).all()


def _staff(scope: Scope, on: dt.date) -> Select[int]:
    return select(PostRow.person_id).where(
        PostRow.unit_id.in_(scope.unit_ids), PostRow.valid_from <= on,
        or_(PostRow.valid_to.is_(None), PostRow.valid_to >= on),
    )  # fmt: skip


def units_within(scope: Scope, session: Session) -> Sequence[Row[int, str]]:
    """(id, name) of the units whose papers are within reach, for a list to choose from."""
    reach = or_(Unit.agency_id.in_(scope.agency_ids), Unit.id.in_(scope.unit_ids))
    return session.execute(select(Unit.id, Unit.name).where(reach).order_by(Unit.agency_id, Unit.id)).all()


def signers_within(scope: Scope, session: Session) -> Sequence[Row[int, str]]:
    """(id, name) of everybody of the agencies within reach who is or was named signer of a paper."""
    agencies = select(Unit.agency_id).where(Unit.id.in_(scope.unit_ids))
    own = () if scope.own is None else (scope.own[1],)
    reach = or_(PostRow.agency_id.in_((*scope.agency_ids, *own)), PostRow.agency_id.in_(agencies))
    return _named(session, reach, Outgoing.signer_id)


def drafters_within(scope: Scope, session: Session) -> Sequence[Row[int, str]]:
    """(id, name) of everybody of the agencies and units within reach who drafted a paper."""
    own = () if scope.own is None else (scope.own[0],)
    reach = or_(
        PostRow.agency_id.in_(scope.agency_ids), PostRow.unit_id.in_(scope.unit_ids), PostRow.person_id.in_(own)
    )
    return _named(session, reach, Outgoing.drafter_id)


def _named(session: Session, reach: ColumnElement[bool], column: Any) -> Sequence[Row[int, str]]:
    """Asked of persons and not of papers: an office has few of the ones and ever more of the others."""
    query = (
        select(Person.id, Person.full_name)
        .where(Person.id.in_(select(PostRow.person_id).where(reach)), exists().where(column == Person.id))
        .order_by(Person.full_name, Person.id)
    )
    return session.execute(query).all()


def with_number_on_paper(scope: Scope, session: Session, ids: Sequence[int]) -> set[int]:
    """Those of these documents whose number stands on the paper: signed by the agency, or seen on the scan."""
    if not ids:
        return set()
    signed = (
        select(Signature.document_id)
        .join(Outgoing, Outgoing.id == Signature.document_id)
        .where(
            within(scope),
            Signature.document_id.in_(ids),
            Signature.purpose == "number",
            Signature.withdrawn_at.is_(None),
        )
    )
    return set(session.scalars(signed)) | with_scan(scope, session, ids)
