"""Certificates by when they end, and who should have one and has none."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from workflow.domain.key_holders import ALSO
from workflow.domain.people import Role
from workflow.domain.permissions import Scope
from workflow.store.documents import cosigns_now, unsigned_beside, within
from workflow.store.models import Certificate, Outgoing, Person, PostRow, Unit

SIGNERS = (str(Role.LEADER), str(Role.DEPUTY))
"""Who signs by appointment; heads of units need a certificate only where a mandate lets them sign."""


_ALSO = func.coalesce(Certificate.proof[ALSO].as_string(), "")
"""Where else the same key was said to lie."""


def _held(on: dt.date) -> ColumnElement[bool]:
    return and_(PostRow.valid_from <= on, or_(PostRow.valid_to.is_(None), PostRow.valid_to >= on))


def listed(scope: Scope, session: Session, *, on: dt.date) -> Sequence[Row[*tuple[Any, ...]]]:
    """Every certificate of the scope's agencies and people in post there, without its bytes.

    Thousands at most: filters by words and state are worked out on these rows.
    """
    posted = (
        select(PostRow.person_id, func.min(PostRow.agency_id).label("agency_id"))
        .where(PostRow.agency_id.in_(scope.agency_ids), _held(on))
        .group_by(PostRow.person_id)
        .subquery()
    )
    agency = aliased(Unit)
    query = (
        select(
            Certificate.id, Certificate.status, Certificate.subject_name, Certificate.issuer_name,
            Certificate.serial, Certificate.not_before, Certificate.not_after, Certificate.holder,
            Certificate.person_id, Certificate.agency_id, _ALSO.label("also"), Certificate.stopped_why,
            func.coalesce(Person.full_name, agency.name).label("owner"),
            agency.name.label("agency"),
        )
        .outerjoin(posted, posted.c.person_id == Certificate.person_id)
        .outerjoin(Person, Person.id == Certificate.person_id)
        .join(agency, agency.id == func.coalesce(Certificate.agency_id, posted.c.agency_id))
        .where(or_(Certificate.agency_id.in_(scope.agency_ids), posted.c.person_id.is_not(None)))
        .order_by(Certificate.id)
    )  # fmt: skip
    return session.execute(query).all()


def rows(scope: Scope, session: Session, ids: Collection[int], *, on: dt.date) -> Sequence[Certificate]:
    """Some of them, whole."""
    people = select(PostRow.person_id).where(PostRow.agency_id.in_(scope.agency_ids), _held(on))
    query = select(Certificate).where(
        Certificate.id.in_(sorted(ids)),
        or_(Certificate.agency_id.in_(scope.agency_ids), Certificate.person_id.in_(people)),
    )
    return session.scalars(query.order_by(Certificate.id)).all()


def _usable(at: dt.datetime, revoked: Collection[int]) -> ColumnElement[bool]:
    return and_(
        Certificate.status == "confirmed", Certificate.not_before <= at, Certificate.not_after > at,
        Certificate.id.not_in(sorted(revoked)),
    )  # fmt: skip


def _signing_posts(at: dt.datetime, on: dt.date, revoked: Collection[int]) -> Select[*tuple[Any, ...]]:
    has = exists().where(Certificate.person_id == PostRow.person_id, _usable(at, revoked))
    agency = aliased(Unit)
    return (
        select(
            PostRow.id, PostRow.person_id, PostRow.agency_id, PostRow.title, Person.full_name.label("owner"),
            agency.name.label("agency"), has.label("has"),
        )
        .join(Person, Person.id == PostRow.person_id)
        .join(agency, agency.id == PostRow.agency_id)
        .where(PostRow.role.in_(SIGNERS), _held(on))
        .order_by(PostRow.id)
    )  # fmt: skip


def signing_posts(
    scope: Scope, session: Session, *, at: dt.datetime, on: dt.date, revoked: Collection[int]
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Posts of leaders and deputies in the scope's agencies, each with whether its holder has a certificate that
    can sign (`has`); `revoked` ones cannot."""
    return session.execute(_signing_posts(at, on, revoked).where(PostRow.agency_id.in_(scope.agency_ids))).all()


def every_signing_post(
    session: Session, *, at: dt.datetime, on: dt.date, revoked: Collection[int], reason: str
) -> Sequence[Row[*tuple[Any, ...]]]:
    """The same in every agency, for jobs."""
    return session.execute(_signing_posts(at, on, revoked)).all()


def ending(
    session: Session, *, at: dt.datetime, before: dt.datetime, on: dt.date, reason: str
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Certificates in use that end between two moments and whose owner has none in use that lasts longer: (id,
    person_id, agency_id, owner, not_after); the agency is its own, or the first where its person has a post."""
    posted = (
        select(PostRow.person_id, func.min(PostRow.agency_id).label("agency_id"))
        .where(_held(on))
        .group_by(PostRow.person_id)
        .subquery()
    )
    later = aliased(Certificate)
    followed = exists().where(
        later.status == "confirmed",
        later.not_after >= before,
        or_(later.person_id == Certificate.person_id, later.agency_id == Certificate.agency_id),
    )
    query = (
        select(
            Certificate.id, Certificate.person_id,
            func.coalesce(Certificate.agency_id, posted.c.agency_id).label("agency_id"),
            func.coalesce(Person.full_name, Unit.name).label("owner"), Certificate.not_after,
        )
        .outerjoin(posted, posted.c.person_id == Certificate.person_id)
        .outerjoin(Person, Person.id == Certificate.person_id)
        .outerjoin(Unit, Unit.id == Certificate.agency_id)
        .where(
            Certificate.status == "confirmed", Certificate.not_after > at, Certificate.not_after < before, ~followed
        )
        .order_by(Certificate.id)
    )  # fmt: skip
    return session.execute(query).all()


def keys_of_signers(
    scope: Scope, session: Session, *, at: dt.datetime, on: dt.date
) -> Sequence[Row[*tuple[Any, ...]]]:
    """(post, where a key of its holder lies, where else it lay) of leaders and deputies in the scope's agencies;
    one line for each certificate in use, one without for who has none."""
    query = (
        select(PostRow.id, Certificate.holder, _ALSO)
        .outerjoin(Certificate, and_(Certificate.person_id == PostRow.person_id, _usable(at, ())))
        .where(PostRow.role.in_(SIGNERS), _held(on), PostRow.agency_id.in_(scope.agency_ids))
        .order_by(PostRow.id)
    )
    return session.execute(query).all()


def owners(scope: Scope, session: Session, ids: Collection[int], *, on: dt.date) -> dict[int, str]:
    """Enrolment → whose it is, of those within the scope."""
    people = select(PostRow.person_id).where(PostRow.agency_id.in_(scope.agency_ids), _held(on))
    query = (
        select(Certificate.id, func.coalesce(Person.full_name, Unit.name).label("owner"))
        .outerjoin(Person, Person.id == Certificate.person_id)
        .outerjoin(Unit, Unit.id == Certificate.agency_id)
        .where(
            Certificate.id.in_(sorted(ids)),
            or_(Certificate.agency_id.in_(scope.agency_ids), Certificate.person_id.in_(people)),
        )
    )
    return {row.id: row.owner for row in session.execute(query)}


def waiting(scope: Scope, session: Session, *, person_id: int | None) -> int:
    """How many documents wait for a signature: of a person as signer or beside them, or (None) of the agency's key
    for number and seal."""
    mine = or_(
        and_(
            Outgoing.signer_id == person_id, Outgoing.state == "awaiting_signature",
            Outgoing.id.not_in(unsigned_beside()),
        ),
        cosigns_now(person_id),
    ) if person_id is not None else Outgoing.state.in_(("signed", "numbered"))  # fmt: skip
    query = select(func.count()).select_from(Outgoing).where(within(scope), Outgoing.closed_at.is_(None), mine)
    return session.execute(query).scalar_one()
