"""What was recorded up to a moment about documents that wait for a signature: who opened them, who was asked, what
signings came to; and of everybody who signs: certificates, days away, who may sign in their place.

For the morning report, which covers every unit; a constant number of queries, whatever the size. `among`: the same
of some documents, or of some people, that the caller has found within a scope.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Exists, Row, and_, exists, literal, or_, select, union
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from workflow.domain.outgoing import State
from workflow.store.models import (
    AbsenceEnd,
    AbsenceRow,
    Certificate,
    CoSigner,
    Look,
    MandateEnd,
    MandateRow,
    Opinion,
    OpinionRequest,
    Outgoing,
    PostRow,
    Signature,
    SigningItem,
    SigningObstacle,
    SigningSession,
)
from workflow.store.reports import moved_keys

BESIDE = "beside"
"""Beside the kinds of what people are asked (`domain.opinions.Kind`): a signature before the signer's."""

Rows = Sequence[Row[*tuple[Any, ...]]]


Among = Collection[int] | None


def _may_have_waited(
    key: InstrumentedAttribute[int], cut_off: dt.datetime, among: Among = None
) -> ColumnElement[bool]:
    """Documents that wait for a signature now, or moved since the cut-off: all that waited then are in it."""
    if among is not None:
        return key.in_(sorted(among))
    waiting = select(Outgoing.id).where(
        Outgoing.closed_at.is_(None), Outgoing.state == str(State.AWAITING_SIGNATURE)
    )
    return key.in_(union(waiting, moved_keys(cut_off)))


def looks(session: Session, cut_off: dt.datetime, *, reason: str, among: Among = None) -> Rows:
    """(document, person, day) of everybody who opened one."""
    _said(reason)
    query = select(Look.document_id, Look.person_id, Look.day).where(
        _may_have_waited(Look.document_id, cut_off, among), Look.first_at <= cut_off
    )
    return session.execute(query).all()


def unanswered(session: Session, cut_off: dt.datetime, *, reason: str, among: Among = None) -> Rows:
    """(document, kind) of requests for opinions and initials that nobody had answered or withdrawn; `BESIDE` where
    somebody who signs before the signer had not signed."""
    _said(reason)
    answered = select(Opinion.id).where(Opinion.request_id == OpinionRequest.id, Opinion.at <= cut_off).exists()
    query = select(OpinionRequest.document_id, OpinionRequest.kind).where(
        _may_have_waited(OpinionRequest.document_id, cut_off, among),
        OpinionRequest.asked_at <= cut_off,
        or_(OpinionRequest.withdrawn_at.is_(None), OpinionRequest.withdrawn_at > cut_off),
        ~answered,
    )
    signed = select(Signature.id).where(
        Signature.document_id == CoSigner.document_id, Signature.field == CoSigner.field,
        Signature.received_at <= cut_off, or_(Signature.withdrawn_at.is_(None), Signature.withdrawn_at > cut_off),
    )  # fmt: skip
    beside = select(CoSigner.document_id, literal(BESIDE)).where(
        _may_have_waited(CoSigner.document_id, cut_off, among), ~signed.exists()
    )
    return session.execute(union(query.distinct(), beside)).all()


def trials(session: Session, cut_off: dt.datetime, *, reason: str, among: Among = None) -> Rows:
    """Signings by signers: (document, began, expires, received, finished, status)."""
    _said(reason)
    query = (
        select(
            SigningItem.document_id, SigningSession.created_at, SigningSession.expires_at, SigningItem.received_at,
            SigningItem.finished_at, SigningItem.status,
        )
        .join(SigningSession, SigningSession.id == SigningItem.session_id)
        .where(
            _may_have_waited(SigningItem.document_id, cut_off, among),
            SigningSession.purpose == "leader",
            SigningItem.field == "leader",
            SigningSession.created_at <= cut_off,
        )
    )  # fmt: skip
    return session.execute(query).all()


def obstacles(session: Session, cut_off: dt.datetime, *, reason: str, among: Among = None) -> Rows:
    """(document, person, kind, first met) of what stood in the way of a signature."""
    _said(reason)
    query = select(
        SigningObstacle.document_id, SigningObstacle.person_id, SigningObstacle.kind, SigningObstacle.first_at
    ).where(_may_have_waited(SigningObstacle.document_id, cut_off, among), SigningObstacle.first_at <= cut_off)
    return session.execute(query).all()


def certificates(session: Session, cut_off: dt.datetime, *, among: Among = None) -> Rows:
    """(person, not_before, not_after, retired_at) of certificates that were confirmed by then."""
    query = select(
        Certificate.person_id, Certificate.not_before, Certificate.not_after, Certificate.retired_at
    ).where(Certificate.person_id.is_not(None), Certificate.confirmed_at <= cut_off)
    if among is not None:
        query = query.where(Certificate.person_id.in_(sorted(among)))
    return session.execute(query.order_by(Certificate.id)).all()


def away(session: Session, cut_off: dt.datetime, *, day: dt.date, among: Among = None) -> set[int]:
    """People of whom it was written down by then that they are away on a day from a post that they held then, and
    who held no other post of that agency from which they were not."""
    ended = select(AbsenceEnd.absence_id).where(AbsenceEnd.absence_id == AbsenceRow.id, AbsenceEnd.at <= cut_off)
    other = aliased(PostRow)

    def held(post: type[PostRow]) -> ColumnElement[bool]:
        return and_(post.valid_from <= day, or_(post.valid_to.is_(None), post.valid_to >= day))

    def absent(post: type[PostRow]) -> Exists:
        return exists().where(
            AbsenceRow.post_id == post.id, AbsenceRow.first_day <= day, AbsenceRow.last_day >= day,
            AbsenceRow.made_at <= cut_off, ~ended.exists(),
        )  # fmt: skip

    there = exists().where(
        other.person_id == PostRow.person_id, other.agency_id == PostRow.agency_id, held(other), ~absent(other)
    )
    query = select(PostRow.person_id).where(held(PostRow), absent(PostRow), ~there)
    if among is not None:
        query = query.where(PostRow.person_id.in_(sorted(among)))
    return set(session.scalars(query))


def stood_in_for(session: Session, cut_off: dt.datetime, *, day: dt.date, among: Among = None) -> set[int]:
    """People in whose place somebody else may sign on a day, by a mandate that stood then."""
    ended = select(MandateEnd.mandate_id).where(MandateEnd.mandate_id == MandateRow.id, MandateEnd.at <= cut_off)
    source = aliased(PostRow)
    query = (
        select(source.person_id)
        .join(MandateRow, MandateRow.source_post_id == source.id)
        .where(
            MandateRow.valid_from <= day,
            or_(MandateRow.valid_to.is_(None), MandateRow.valid_to >= day),
            MandateRow.granted_at <= cut_off,
            ~ended.exists(),
        )
    )
    if among is not None:
        query = query.where(source.person_id.in_(sorted(among)))
    return set(session.scalars(query))


def _said(reason: str) -> None:
    if not reason:
        raise ValueError("a job says why it reads without a scope")
