"""Queries for access reviews: what stood in an agency on a day, as rows; the rules are asked by the service."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from workflow.domain.access import Told
from workflow.domain.permissions import Scope
from workflow.store import documents, incoming
from workflow.store.models import (
    AbsenceEnd,
    AbsenceRow,
    AccessReview,
    Account,
    ApiToken,
    Certificate,
    CopySigner,
    Incoming,
    Inspection,
    InspectionMember,
    Journal,
    Outgoing,
    Person,
    PostRow,
    ReportReader,
    Unit,
)

PAGE = 50
_TOGETHER = 100
"""Scopes asked about in one query: each is a column."""


def posts(
    scope: Scope, session: Session, *, agency_id: int, day: dt.date
) -> Sequence[Row[PostRow, Person, Unit, Account]]:
    """(post, person, unit, account) of an agency's posts that began by a day, whatever became of them since."""
    query = (
        select(PostRow, Person, Unit, Account)
        .join(Person, Person.id == PostRow.person_id)
        .join(Unit, Unit.id == PostRow.unit_id)
        .outerjoin(Account, Account.person_id == PostRow.person_id)
        .where(PostRow.agency_id == agency_id, PostRow.agency_id.in_(scope.agency_ids), PostRow.valid_from <= day)
        .order_by(PostRow.id)
    )
    return session.execute(query).all()


def told(session: Session, subjects: Collection[str], tags: Collection[str] | None = None) -> dict[str, list[Told]]:
    """What the journal tells of some chains under some tags (none: under all), oldest first; who may ask is the
    caller's question."""
    found: dict[str, list[Told]] = {}
    names = sorted(subjects)
    for first in range(0, len(names), 500):
        query = select(Journal.subject, Journal.at, Journal.tag, Journal.body, Journal.person_id).where(
            Journal.subject.in_(names[first : first + 500])
        )
        if tags is not None:
            query = query.where(Journal.tag.in_(tuple(tags)))
        for subject, at, tag, body, by in session.execute(query.order_by(Journal.id)):
            found.setdefault(subject, []).append(Told(at, tag, json.loads(body)["facts"], by))
    return found


def absences(
    scope: Scope, session: Session, *, agency_id: int, day: dt.date, start: dt.datetime, end: dt.datetime
) -> Sequence[Row[AbsenceRow, int, str, str]]:
    """(absence, deputy's person, their name, the absent one's name) of those that ran on a day."""
    absent_post, deputy_post, absent, deputy = (
        aliased(PostRow), aliased(PostRow), aliased(Person), aliased(Person),
    )  # fmt: skip
    query = (
        select(AbsenceRow, deputy.id, deputy.full_name, absent.full_name)
        .join(absent_post, absent_post.id == AbsenceRow.post_id)
        .join(absent, absent.id == absent_post.person_id)
        .join(deputy_post, deputy_post.id == AbsenceRow.deputy_post_id)
        .join(deputy, deputy.id == deputy_post.person_id)
        .outerjoin(AbsenceEnd, AbsenceEnd.absence_id == AbsenceRow.id)
        .where(
            AbsenceRow.agency_id == agency_id, AbsenceRow.agency_id.in_(scope.agency_ids),
            AbsenceRow.first_day <= day, AbsenceRow.last_day >= day, AbsenceRow.made_at <= end,
            or_(AbsenceEnd.at.is_(None), AbsenceEnd.at > start),
        )
        .order_by(AbsenceRow.id)
    )  # fmt: skip
    return session.execute(query).all()


def certificates(
    session: Session, *, people: Collection[int], agency_id: int, start: dt.datetime, end: dt.datetime
) -> Sequence[Certificate]:
    """Certificates of some people and of their agency that were allowed here and within their time on a day."""
    query = select(Certificate).where(
        or_(Certificate.person_id.in_(tuple(people)), Certificate.agency_id == agency_id),
        Certificate.confirmed_at <= end,
        or_(Certificate.retired_at.is_(None), Certificate.retired_at > start),
        Certificate.not_before <= end,
        Certificate.not_after >= start,
    )
    return session.scalars(query.order_by(Certificate.id)).all()


def memberships(
    session: Session, *, posts: Collection[int], day: dt.date, start: dt.datetime, end: dt.datetime
) -> Sequence[Row[InspectionMember, Inspection]]:
    """Inspections that some posts could enter on a day."""
    query = (
        select(InspectionMember, Inspection)
        .join(Inspection, Inspection.id == InspectionMember.inspection_id)
        .where(InspectionMember.post_id.in_(tuple(posts)), *_running(day, start, end))
    )
    return session.execute(query.order_by(Inspection.id)).all()


def _running(day: dt.date, start: dt.datetime, end: dt.datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        InspectionMember.granted_at <= end,
        or_(InspectionMember.revoked_at.is_(None), InspectionMember.revoked_at > start),
        InspectionMember.first_day <= day,
        InspectionMember.last_day >= day,
        Inspection.first_day <= day,
        Inspection.last_day >= day,
        or_(Inspection.ended_at.is_(None), Inspection.ended_at > start),
    )


def teams(
    session: Session, *, day: dt.date, start: dt.datetime, end: dt.datetime, reason: str
) -> Sequence[Row[InspectionMember, Inspection, PostRow, Person, Unit, Account]]:
    """Everybody who was in a team on a day, with their post, begun by that day, whatever became of it since;
    `reason` says what for."""
    query = (
        select(InspectionMember, Inspection, PostRow, Person, Unit, Account)
        .join(Inspection, Inspection.id == InspectionMember.inspection_id)
        .join(PostRow, PostRow.id == InspectionMember.post_id)
        .join(Person, Person.id == PostRow.person_id)
        .join(Unit, Unit.id == PostRow.unit_id)
        .outerjoin(Account, Account.person_id == PostRow.person_id)
        .where(*_running(day, start, end), PostRow.valid_from <= day)
    )
    return session.execute(query.order_by(InspectionMember.id)).all() if reason else ()


def tokens(session: Session, *, posts: Collection[int], start: dt.datetime, end: dt.datetime) -> Sequence[ApiToken]:
    """Tokens of programs that opened some posts on a day."""
    query = select(ApiToken).where(
        ApiToken.post_id.in_(tuple(posts)),
        ApiToken.created_at <= end,
        ApiToken.expires_at > start,
        or_(ApiToken.revoked_at.is_(None), ApiToken.revoked_at > start),
    )
    return session.scalars(query.order_by(ApiToken.id)).all()


def copy_signers(session: Session, *, agency_id: int, start: dt.datetime, end: dt.datetime) -> Sequence[CopySigner]:
    """Whom the head had named to sign copies on a day."""
    query = select(CopySigner).where(
        CopySigner.agency_id == agency_id,
        CopySigner.named_at <= end,
        or_(CopySigner.ended_at.is_(None), CopySigner.ended_at > start),
    )
    return session.scalars(query.order_by(CopySigner.id)).all()


def report_units(session: Session, people: Collection[int]) -> dict[int, list[str]]:
    """Units whose reports somebody reads besides, as it is now: of the past nothing is kept."""
    query = (
        select(ReportReader.person_id, Unit.name)
        .join(Unit, Unit.id == ReportReader.unit_id)
        .where(ReportReader.person_id.in_(tuple(people)))
    )
    found: dict[int, list[str]] = {}
    for person, name in session.execute(query.order_by(Unit.name)):
        found.setdefault(person, []).append(name)
    return found


def inspectors_above(
    session: Session, agencies: Collection[int], *, day: dt.date, reason: str
) -> Sequence[Row[PostRow, Person, Unit, Account]]:
    """(post, person, unit, account) of inspectors of some agencies, posts begun by a day; `reason` says why."""
    query = (
        select(PostRow, Person, Unit, Account)
        .join(Person, Person.id == PostRow.person_id)
        .join(Unit, Unit.id == PostRow.unit_id)
        .outerjoin(Account, Account.person_id == PostRow.person_id)
        .where(PostRow.agency_id.in_(tuple(agencies)), PostRow.role == "inspector", PostRow.valid_from <= day)
    )
    return session.execute(query.order_by(PostRow.id)).all() if reason else ()


def agencies_above(session: Session, agency_id: int) -> list[int]:
    """The agencies over an agency, by the tree of units; it never changes but by founding and ending."""
    own = select(Unit.id, Unit.parent_id).where(Unit.id == agency_id).cte("over", recursive=True)
    over = own.union(select(Unit.id, Unit.parent_id).join(own, Unit.id == own.c.parent_id))
    query = select(Unit.agency_id).join(over, over.c.id == Unit.id).where(Unit.agency_id != agency_id).distinct()
    return [one for one in session.scalars(query) if one is not None]


def reached(session: Session, kind: str, key: int, scopes: Sequence[Scope]) -> list[bool]:
    """Which scopes reach a document by what never changes of it: the very conditions that every page puts, as
    columns of one row, but for whom the document names and whether it is secret (`domain.named_then`)."""
    paper: Any = Outgoing if kind == "outgoing" else Incoming
    within = documents.within if kind == "outgoing" else incoming.within
    made: list[bool] = []
    for first in range(0, len(scopes), _TOGETHER):
        asked = [within(_unnamed(scope, kind)) for scope in scopes[first : first + _TOGETHER]]
        row = session.execute(select(*asked).select_from(paper).where(paper.id == key)).one()
        made += [bool(one) for one in row]
    return made


def _unnamed(scope: Scope, kind: str) -> Scope:
    """What arrives is given to units as to persons, and taken back."""
    bare = replace(scope, person_id=None, person_in=None, no_secrets=False)
    return bare if kind == "outgoing" else replace(bare, unit_ids=())


def outgoing_by_code(scope: Scope, session: Session, code: str, *, agency_id: int) -> Outgoing | None:
    """A document of one of the agencies looked after, by its look-up code or its symbol. Symbols repeat from agency
    to agency, and look-up codes are printed: the agency that is asked about decides for both."""
    query = select(Outgoing).where(
        Outgoing.agency_id == agency_id, Outgoing.agency_id.in_(scope.agency_ids),
        or_(Outgoing.code == code, Outgoing.symbol == code),
    )  # fmt: skip
    return session.scalars(query.order_by(Outgoing.id.desc()).limit(1)).one_or_none()


def incoming_by_number(
    scope: Scope, session: Session, *, number: int, year: int, agency_id: int
) -> Incoming | None:
    """An arrival by its number and year."""
    query = select(Incoming).where(
        Incoming.agency_id == agency_id, Incoming.agency_id.in_(scope.agency_ids), Incoming.number == number,
        Incoming.year == year,
    )  # fmt: skip
    return session.scalars(query.order_by(Incoming.id.desc()).limit(1)).one_or_none()


def reviews(scope: Scope, session: Session, *, agency_id: int, limit: int = 20) -> Sequence[Row[AccessReview, str]]:
    """(review, by whom) of an agency, the newest first."""
    query = (
        select(AccessReview, Person.full_name)
        .join(Person, Person.id == AccessReview.by_id)
        .where(AccessReview.agency_id == agency_id, AccessReview.agency_id.in_(scope.agency_ids))
    )
    return session.execute(query.order_by(AccessReview.id.desc()).limit(limit)).all()


def overdue(session: Session, *, today: dt.date, reason: str) -> list[tuple[int, str, dt.date]]:
    """(agency, its name, since when) of agencies whose next review is due before a day; those never reviewed are
    not here."""
    last = func.max(AccessReview.next_due).label("due")
    query = (
        select(AccessReview.agency_id, Unit.name, last)
        .join(Unit, and_(Unit.id == AccessReview.agency_id, or_(Unit.valid_to.is_(None), Unit.valid_to >= today)))
        .group_by(AccessReview.agency_id, Unit.name)
        .having(last < today)
    )
    return [(row[0], row[1], row[2]) for row in session.execute(query)] if reason else []
