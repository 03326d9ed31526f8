"""What waits for everybody at once, for the clock: a fixed number of queries, whatever the number of people.

The conditions are those of the desks (`documents`, `incoming_desk`, `opinions`, `explanations`) without the person;
`services.digest` says whose each row is. Only open documents are looked at.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Row, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from workflow.domain import incoming, outgoing
from workflow.store.desk import EXEMPTED
from workflow.store.explanations import OWED
from workflow.store.models import (
    AbsenceEnd,
    AbsenceRow,
    Account,
    Delivery,
    Explanation,
    Extension,
    ExtensionRequest,
    Incoming,
    IncomingPart,
    Opinion,
    OpinionRequest,
    Outgoing,
    Person,
    PostRow,
    Unit,
)

Rows = Sequence[Row[*tuple[Any, ...]]]

_OUT = outgoing.State
_WAITING_OUT = (
    _OUT.RETURNED, _OUT.IN_REVIEW, _OUT.FORMAT_CHECK, _OUT.AWAITING_SIGNATURE, _OUT.SIGNED, _OUT.NUMBERED,
    _OUT.SEALED,
)  # fmt: skip


def _demand(reason: str) -> None:
    if not reason:
        raise ValueError("a query without a scope says why")


def posts_on(session: Session, day: dt.date) -> Rows:
    """(post, person, role, unit, agency, last day, office, mail, language, name) of who can log in."""
    query = (
        select(
            PostRow.id, PostRow.person_id, PostRow.role, PostRow.unit_id, PostRow.agency_id, PostRow.valid_to,
            Unit.is_office, Person.email, Account.language, Person.full_name,
        )
        .join(Person, Person.id == PostRow.person_id)
        .join(Account, Account.person_id == Person.id)
        .join(Unit, Unit.id == PostRow.unit_id)
        .where(
            PostRow.valid_from <= day, or_(PostRow.valid_to.is_(None), PostRow.valid_to >= day),
            Account.active.is_(True),
        )
        .order_by(PostRow.id)
    )  # fmt: skip
    return session.execute(query).all()


def parents(session: Session) -> Rows:
    """(unit, the one above it, its agency) of every unit."""
    return session.execute(select(Unit.id, Unit.parent_id, Unit.agency_id)).all()


def papers(session: Session, *, reason: str) -> Rows:
    """Outgoing documents that wait for somebody to act, in every agency."""
    _demand(reason)
    query = select(
        Outgoing.id, Outgoing.agency_id, Outgoing.unit_id, Outgoing.state, Outgoing.subject, Outgoing.secret,
        Outgoing.urgency, Outgoing.drafter_id, Outgoing.signer_id, Outgoing.step_due_at, Outgoing.exempt_reason,
        Outgoing.exempt_by_id, Outgoing.state_since,
    ).where(
        Outgoing.closed_at.is_(None),
        or_(
            Outgoing.state.in_(_WAITING_OUT),
            and_(Outgoing.state.in_(EXEMPTED), Outgoing.exempt_reason != "", Outgoing.exempt_by_id.is_(None)),
        ),
    )  # fmt: skip
    return session.execute(query.order_by(Outgoing.id)).all()


_ARRIVED = (
    Incoming.id, Incoming.agency_id, Incoming.subject, Incoming.secret, Incoming.urgency, Incoming.issuer,
    Incoming.state,
)  # fmt: skip


def arrived(session: Session, *, reason: str) -> Rows:
    """Open incoming documents with who has them."""
    _demand(reason)
    query = select(
        *_ARRIVED, Incoming.at_office, Incoming.leader_id, Incoming.lead_unit_id, Incoming.handler_id,
        Incoming.step_due_at, Incoming.due_at, Incoming.paused_since,
    ).where(Incoming.closed_at.is_(None))  # fmt: skip
    return session.execute(query.order_by(Incoming.id)).all()


def parts(session: Session, *, reason: str) -> Rows:
    """Coordinating parts that are not ended, of open documents."""
    _demand(reason)
    due = func.coalesce(IncomingPart.due_at, Incoming.due_at).label("part_due_at")
    query = (
        select(*_ARRIVED, IncomingPart.unit_id, IncomingPart.person_id, due)
        .join(IncomingPart, IncomingPart.incoming_id == Incoming.id)
        .where(
            IncomingPart.ended_at.is_(None), IncomingPart.part == str(incoming.Part.COORDINATE),
            Incoming.closed_at.is_(None),
        )
        .order_by(IncomingPart.id)
    )  # fmt: skip
    return session.execute(query).all()


def asked(session: Session, *, reason: str) -> Rows:
    """Requests for opinions and initials on drafts that are not signed yet, each with its last answer."""
    _demand(reason)
    other = aliased(Opinion)
    newest = (
        select(func.max(other.ordinal))
        .where(other.request_id == OpinionRequest.id)
        .correlate(OpinionRequest)
        .scalar_subquery()
    )
    query = (
        select(OpinionRequest, Outgoing.subject, Outgoing.secret, Outgoing.urgency, Opinion)
        .join(Outgoing, Outgoing.id == OpinionRequest.document_id)
        .outerjoin(Opinion, and_(Opinion.request_id == OpinionRequest.id, Opinion.ordinal == newest))
        .where(
            OpinionRequest.withdrawn_at.is_(None),
            Outgoing.closed_at.is_(None),
            Outgoing.state.in_([str(state) for state in outgoing.BEFORE_SIGNING]),
        )
        .order_by(OpinionRequest.id)
    )
    return session.execute(query).all()


def explanations(session: Session, *, reason: str) -> Rows:
    """Explanations of lateness that are owed, and those that wait for a decision."""
    _demand(reason)
    query = (
        select(*_ARRIVED, Explanation.person_id, Explanation.state.label("stands"), Explanation.due_at)
        .join(Incoming, Incoming.id == Explanation.incoming_id)
        .where(Explanation.state.in_((*OWED, "given")))
        .order_by(Explanation.id)
    )
    return session.execute(query).all()


def extensions(session: Session, *, reason: str) -> Rows:
    """Extensions asked for that wait for a leader here; not those that another agency was asked for meanwhile."""
    _demand(reason)
    query = (
        select(*_ARRIVED, Incoming.leader_id, Incoming.due_at)
        .join(Extension, Extension.incoming_id == Incoming.id)
        .outerjoin(
            ExtensionRequest,
            and_(ExtensionRequest.extension_id == Extension.id, ExtensionRequest.state == "asked"),
        )
        .where(Extension.state == "asked", ExtensionRequest.id.is_(None), Incoming.closed_at.is_(None))
    )
    return session.execute(query.order_by(Extension.id)).all()


def extension_requests(session: Session, *, reason: str) -> Rows:
    """What other agencies ask for about documents that were issued to them."""
    _demand(reason)
    query = (
        select(
            ExtensionRequest.id, Outgoing.id.label("document_id"), Outgoing.agency_id, Outgoing.subject,
            Outgoing.secret, Outgoing.urgency, Outgoing.signer_id, ExtensionRequest.due_on,
        )
        .join(Delivery, Delivery.id == ExtensionRequest.delivery_id)
        .join(Outgoing, Outgoing.id == Delivery.outgoing_id)
        .where(ExtensionRequest.state == "asked")
    )  # fmt: skip
    return session.execute(query.order_by(ExtensionRequest.id)).all()


def looked_after(session: Session, day: dt.date) -> Rows:
    """Posts whose desk is left to somebody on a day: with who is absent, the deputy and the absence."""
    deputy = aliased(PostRow)
    query = (
        select(
            PostRow.title, PostRow.person_id, Person.full_name, deputy.person_id.label("deputy_id"),
            AbsenceRow.id.label("absence_id"),
        )
        .join(AbsenceRow, AbsenceRow.post_id == PostRow.id)
        .join(deputy, deputy.id == AbsenceRow.deputy_post_id)
        .join(Person, Person.id == PostRow.person_id)
        .where(
            AbsenceRow.first_day <= day, AbsenceRow.last_day >= day,
            AbsenceRow.id.not_in(select(AbsenceEnd.absence_id)),
            or_(PostRow.valid_to.is_(None), PostRow.valid_to >= day),
            or_(deputy.valid_to.is_(None), deputy.valid_to >= day),
        )
    )  # fmt: skip
    return session.execute(query.order_by(AbsenceRow.id)).all()


def addresses(session: Session, person_ids: Collection[int]) -> dict[int, str]:
    """Person → mail address, empty where there is none."""
    rows = session.execute(select(Person.id, Person.email).where(Person.id.in_(person_ids)))
    return {row.id: row.email for row in rows}
