"""What a post holds that somebody must have: open documents, explanations, certificates, the agency's seal."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, Select, and_, exists, or_, select
from sqlalchemy.orm import Session

from workflow.domain.errors import NotFound
from workflow.domain.permissions import Scope
from workflow.store import people
from workflow.store.documents import has_signed
from workflow.store.models import (
    Certificate,
    CoSigner,
    Dossier,
    Explanation,
    Handover,
    Incoming,
    IncomingPart,
    Opinion,
    OpinionRequest,
    Outgoing,
    Person,
    PostRow,
    Register,
    RegisterNumber,
    Unit,
)

HANDLED = ("assigned", "in_progress")
DRAFTED = ("draft", "returned", "in_review", "format_check", "awaiting_signature")


def _rows(session: Session, query: Select[Any], *, locked: bool) -> Sequence[Any]:
    """`locked`: under their row locks and as they are now, for who is about to change them."""
    if locked:
        query = query.with_for_update().execution_options(populate_existing=True)
    return session.scalars(query).all()


def handled(session: Session, post: PostRow, *, locked: bool = False) -> Sequence[Incoming]:
    """Incoming documents that the person handles in the post's agency."""
    query = select(Incoming).where(
        Incoming.handler_id == post.person_id, Incoming.agency_id == post.agency_id, Incoming.state.in_(HANDLED)
    )
    return _rows(session, query.order_by(Incoming.id), locked=locked)


def submitted_to(session: Session, post: PostRow, *, locked: bool = False) -> Sequence[Incoming]:
    """Incoming documents that wait for the person's direction."""
    query = select(Incoming).where(
        Incoming.leader_id == post.person_id, Incoming.agency_id == post.agency_id, Incoming.state == "submitted"
    )
    return _rows(session, query.order_by(Incoming.id), locked=locked)


def waiting_for_head(session: Session, post: PostRow, *, locked: bool = False) -> Sequence[Incoming]:
    """Incoming documents that wait for this one head: their unit's, or the office's with its proposal."""
    if post.role != "unit_head":
        return []
    units = (post.unit_id, *people.units_below(session, post.unit_id))
    query = select(Incoming).where(
        Incoming.holder_id == post.person_id,
        Incoming.agency_id == post.agency_id,
        or_(
            and_(Incoming.state == "directed", Incoming.lead_unit_id.in_(units)),
            and_(Incoming.state == "submitted", Incoming.at_office.is_(True)),
        ),
    )
    return _rows(session, query.order_by(Incoming.id), locked=locked)


def own_parts(session: Session, post: PostRow, *, locked: bool = False) -> Sequence[Row[IncomingPart, Incoming]]:
    """Coordinating and informed parts in the person's own name that are not done."""
    query = (
        select(IncomingPart, Incoming)
        .join(Incoming, Incoming.id == IncomingPart.incoming_id)
        .where(
            IncomingPart.person_id == post.person_id,
            Incoming.agency_id == post.agency_id,
            IncomingPart.part != "lead",
            IncomingPart.ended_at.is_(None),
            Incoming.state != "filed",
        )
        .order_by(IncomingPart.id)
    )
    if locked:
        query = query.with_for_update(of=Incoming).execution_options(populate_existing=True)
    return session.execute(query).all()


def owed_explanations(session: Session, post: PostRow) -> Sequence[Row[Explanation, Incoming]]:
    """Explanations that the person still owes: nobody else can give them, so they are only listed."""
    query = (
        select(Explanation, Incoming)
        .join(Incoming, Incoming.id == Explanation.incoming_id)
        .where(
            Explanation.person_id == post.person_id,
            Incoming.agency_id == post.agency_id,
            Explanation.state.in_(("owed", "sent_back")),
        )
        .order_by(Explanation.id)
    )
    return session.execute(query).all()


def drafted(session: Session, post: PostRow, *, locked: bool = False) -> Sequence[Outgoing]:
    """Outgoing documents before their signature that the post drafted."""
    query = select(Outgoing).where(Outgoing.drafter_post_id == post.id, Outgoing.state.in_(DRAFTED))
    return _rows(session, query.order_by(Outgoing.id), locked=locked)


def to_sign(session: Session, post: PostRow, *, locked: bool = False) -> Sequence[Outgoing]:
    """Outgoing documents not signed yet that name the post as their signer, or among those who sign before them and
    have not."""
    beside = select(CoSigner.document_id).where(CoSigner.post_id == post.id, ~has_signed(CoSigner))
    named = or_(Outgoing.signer_post_id == post.id, Outgoing.id.in_(beside))
    query = select(Outgoing).where(named, Outgoing.state.in_(DRAFTED))
    return _rows(session, query.order_by(Outgoing.id), locked=locked)


def certificates(session: Session, post: PostRow, *, now: dt.datetime) -> Sequence[Certificate]:
    """Certificates that can still be used: the person's own, and for a clerk those of the agency."""
    owner = [Certificate.person_id == post.person_id]
    if post.role == "clerk":
        owner.append(Certificate.agency_id == post.agency_id)
    query = select(Certificate).where(or_(*owner), Certificate.status == "confirmed", Certificate.not_after > now)
    return session.scalars(query.order_by(Certificate.id)).all()


def open_dossiers(session: Session, post: PostRow, *, locked: bool = False) -> Sequence[Dossier]:
    """Open dossiers of the agency that the post's holder makes."""
    query = select(Dossier).where(
        Dossier.maker_id == post.person_id, Dossier.agency_id == post.agency_id, Dossier.state == "open"
    )
    return _rows(session, query.order_by(Dossier.id), locked=locked)


def held_numbers(session: Session, post: PostRow) -> Sequence[RegisterNumber]:
    """Numbers of the agency's registers that are held for the post's holder."""
    query = (
        select(RegisterNumber)
        .join(Register, Register.id == RegisterNumber.register_id)
        .where(
            RegisterNumber.held_for_id == post.person_id, RegisterNumber.status == "held",
            Register.agency_id == post.agency_id,
        )
    )  # fmt: skip
    return session.scalars(query.order_by(RegisterNumber.id)).all()


def over_with_work(scope: Scope, session: Session, *, today: dt.date) -> Sequence[Row[PostRow, str, str]]:
    """(post, person, unit) of posts that are over and still hold open work: there should be none."""
    works = or_(
        exists().where(
            Incoming.holder_id == PostRow.person_id, Incoming.agency_id == PostRow.agency_id,
            Incoming.state.in_(("submitted", "directed")),
        ),
        exists().where(
            Incoming.handler_id == PostRow.person_id, Incoming.agency_id == PostRow.agency_id,
            Incoming.state.in_(HANDLED),
        ),
        exists().where(
            Incoming.leader_id == PostRow.person_id, Incoming.agency_id == PostRow.agency_id,
            Incoming.state == "submitted",
        ),
        exists().where(
            Dossier.maker_id == PostRow.person_id, Dossier.agency_id == PostRow.agency_id, Dossier.state == "open"
        ),
        exists().where(Outgoing.drafter_post_id == PostRow.id, Outgoing.state.in_(DRAFTED)),
        exists().where(Outgoing.signer_post_id == PostRow.id, Outgoing.state.in_(DRAFTED)),
        exists().where(
            OpinionRequest.post_id == PostRow.id, OpinionRequest.withdrawn_at.is_(None),
            ~exists().where(Opinion.request_id == OpinionRequest.id),
            exists().where(Outgoing.id == OpinionRequest.document_id, Outgoing.state.in_(DRAFTED)),
        ),
    )  # fmt: skip
    other = PostRow.__table__.alias("other")
    goes_on = exists().where(
        and_(
            other.c.person_id == PostRow.person_id,
            other.c.agency_id == PostRow.agency_id,
            other.c.id != PostRow.id,
            or_(other.c.valid_to.is_(None), other.c.valid_to >= today),
        )
    )
    query = (
        select(PostRow, Person.full_name, Unit.name)
        .join(Person, Person.id == PostRow.person_id)
        .join(Unit, Unit.id == PostRow.unit_id)
        .where(PostRow.agency_id.in_(scope.agency_ids), PostRow.valid_to < today, works, ~goes_on)
        .order_by(PostRow.valid_to, PostRow.id)
    )
    return session.execute(query.limit(200)).all()


def successors(
    session: Session, post: PostRow, *, roles: Sequence[str], on: dt.date
) -> Sequence[Row[PostRow, str, str]]:
    """(post, person, unit) of others of the same agency who could take over, those of the same unit first."""
    query = (
        select(PostRow, Person.full_name, Unit.name)
        .join(Person, Person.id == PostRow.person_id)
        .join(Unit, Unit.id == PostRow.unit_id)
        .where(
            PostRow.agency_id == post.agency_id,
            PostRow.person_id != post.person_id,
            PostRow.role.in_(roles),
            PostRow.valid_from <= on,
            or_(PostRow.valid_to.is_(None), PostRow.valid_to >= on),
        )
        .order_by(PostRow.unit_id != post.unit_id, Unit.id, PostRow.id)
    )
    return session.execute(query).all()


def records(scope: Scope, session: Session, *, limit: int = 200) -> Sequence[Row[Handover, str, str]]:
    """(record, person, title) of the agencies within reach, the newest first."""
    query = (
        select(Handover, Person.full_name, PostRow.title)
        .join(PostRow, PostRow.id == Handover.post_id)
        .join(Person, Person.id == PostRow.person_id)
        .where(Handover.agency_id.in_(scope.agency_ids))
        .order_by(Handover.id.desc())
        .limit(limit)
    )
    return session.execute(query).all()


def record(scope: Scope, session: Session, handover_id: int) -> Handover:
    """One record, or `NotFound`."""
    query = select(Handover).where(Handover.id == handover_id, Handover.agency_id.in_(scope.agency_ids))
    found = session.scalars(query).one_or_none()
    if found is None:
        raise NotFound("handover_not_found")
    return found
