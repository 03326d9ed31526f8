"""Queries for acts of signing as one thing: how far one is, what is left of it, which ones there were."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Row, and_, case, func, select
from sqlalchemy.orm import Session

from workflow.domain.errors import NotFound
from workflow.domain.signing_acts import OF_COPIES
from workflow.store.models import (
    Certificate,
    CertifiedCopy,
    CopyItem,
    Outgoing,
    Person,
    PostRow,
    SigningItem,
    SigningSession,
    Unit,
)

Rows = Sequence[Row[*tuple[Any, ...]]]
_UNSIGNED = ("prepared", "superseded")


def own(session: Session, act_id: int, *, person_id: int | None, post_id: int | None) -> SigningSession:
    """An act of this person in this post, or `NotFound`."""
    found = session.get(SigningSession, act_id)
    if found is None or (found.person_id, found.post_id) != (person_id, post_id) or found.fixed_at is None:
        raise NotFound("signing_session_not_found")
    return found


def of_files(session: Session, document_id: int, digests: Collection[str]) -> dict[str, SigningSession]:
    """SHA-256 of a document's signed files, those attached to it, too → the act that each was signed in."""
    query = (
        select(SigningItem.result_sha256, SigningSession)
        .join(SigningSession, SigningSession.id == SigningItem.session_id)
        .where(SigningItem.document_id == document_id, SigningItem.result_sha256.in_(digests))
    )
    return {row.result_sha256: row.SigningSession for row in session.execute(query)}


def anything_prepared(session: Session, act_id: int) -> bool:
    """Whether a signature of the act may still come."""
    query = select(SigningItem.id).where(SigningItem.session_id == act_id, SigningItem.status == "prepared")
    return session.scalar(select(query.exists())) or False


def tally(session: Session, act_ids: Collection[int]) -> dict[int, dict[str, int]]:
    """Of each act how many of its files have which status."""
    query = select(SigningItem.session_id, SigningItem.status, func.count()).where(
        SigningItem.session_id.in_(act_ids)
    )
    found: dict[int, dict[str, int]] = {key: {} for key in act_ids}
    for act_id, status, count in session.execute(query.group_by(SigningItem.session_id, SigningItem.status)):
        found[act_id][status] = count
    return found


def left(session: Session, act_id: int, *, reason: str) -> Sequence[SigningItem]:
    """What was prepared in an act, was not signed, and whose document still stands as it was then, in its order."""
    _said(reason)
    query = (
        select(SigningItem)
        .join(Outgoing, Outgoing.id == SigningItem.document_id)
        .where(SigningItem.session_id == act_id, _left())
        .order_by(SigningItem.id)
    )
    return session.scalars(query).all()


def copies_left(session: Session, act_id: int, *, reason: str) -> Sequence[CopyItem]:
    """The same of an act over certified copies."""
    _said(reason)
    query = (
        select(CopyItem)
        .join(CertifiedCopy, CertifiedCopy.id == CopyItem.copy_id)
        .where(CopyItem.session_id == act_id, _copy_left())
        .order_by(CopyItem.id)
    )
    return session.scalars(query).all()


def newest_with_rest(
    session: Session, *, person_id: int, post_id: int, since: dt.datetime, reason: str
) -> Row[*tuple[Any, ...]] | None:
    """The newest act over documents of this person in this post, if something of it is left."""
    _said(reason)
    newest = _newest(SigningSession.purpose != OF_COPIES, person_id=person_id, post_id=post_id, since=since)
    return session.execute(
        _with_rest(newest, SigningItem, Outgoing, SigningItem.document_id, _left())
    ).one_or_none()


def newest_of_copies(
    session: Session, *, person_id: int, post_id: int, since: dt.datetime, reason: str
) -> Row[*tuple[Any, ...]] | None:
    """The same of acts over certified copies."""
    _said(reason)
    newest = _newest(SigningSession.purpose == OF_COPIES, person_id=person_id, post_id=post_id, since=since)
    return session.execute(
        _with_rest(newest, CopyItem, CertifiedCopy, CopyItem.copy_id, _copy_left())
    ).one_or_none()


def _newest(kind: Any, *, person_id: int, post_id: int, since: dt.datetime) -> Any:
    return (
        select(SigningSession.id)
        .where(
            SigningSession.person_id == person_id, SigningSession.created_at >= since,
            SigningSession.post_id == post_id, SigningSession.fixed_at.is_not(None), kind,
        )
        .order_by(SigningSession.created_at.desc(), SigningSession.id.desc())
        .limit(1)
    ).scalar_subquery()  # fmt: skip


def _with_rest(newest: Any, item: Any, paper: Any, key: Any, left: Any) -> Any:
    """Of one act, which has `item`s about `paper`s: how much is signed, the whole, what is left."""
    signed = func.sum(case((item.status.in_(("done", "pending")), 1), else_=0))
    rest = func.sum(case((left, 1), else_=0))
    columns = (SigningSession.id, SigningSession.purpose, SigningSession.created_at)
    return (
        select(*columns, signed.label("signed"), func.count().label("whole"), rest.label("rest"))
        .join(item, item.session_id == SigningSession.id)
        .join(paper, paper.id == key)
        .where(SigningSession.id == newest)
        .group_by(*columns)
        .having(rest > 0)
    )


def _left() -> Any:
    """Not signed, and the document stands as it was: any step on its way, signing too, moves its version."""
    return and_(SigningItem.status.in_(_UNSIGNED), Outgoing.version == SigningItem.document_version)


def _copy_left() -> Any:
    """The same of a copy."""
    return and_(CopyItem.status.in_(_UNSIGNED), CertifiedCopy.version == CopyItem.document_version)


def abandoned(session: Session, *, before: dt.datetime, limit: int) -> Sequence[SigningSession]:
    """Acts that ran out before a moment and whose end was not told, the oldest first."""
    query = select(SigningSession).where(
        SigningSession.fixed_at.is_not(None), SigningSession.ended_at.is_(None), SigningSession.expires_at < before
    )
    return session.scalars(query.order_by(SigningSession.expires_at).limit(limit).with_for_update()).all()


def listed(session: Session, *, before_id: int | None, code: str, limit: int) -> Rows:
    """Acts with who signed and in which agency, the newest first; for whoever reads the journal."""
    query = (
        select(SigningSession, Person.full_name, Unit.name)
        .join(Person, Person.id == SigningSession.person_id)
        .join(PostRow, PostRow.id == SigningSession.post_id)
        .join(Unit, Unit.id == PostRow.agency_id)
        .where(SigningSession.fixed_at.is_not(None))
        .order_by(SigningSession.id.desc())
        .limit(limit)
    )
    if before_id is not None:
        query = query.where(SigningSession.id < before_id)
    if code:
        query = query.where(SigningSession.manifest_code == code)
    return session.execute(query).all()


def one(session: Session, act_id: int) -> Row[*tuple[Any, ...]]:
    """One act: itself, who signed, their post, the agency, the certificate; or `NotFound`."""
    query = (
        select(SigningSession, Person.full_name, PostRow.title, Unit.name, Certificate)
        .join(Person, Person.id == SigningSession.person_id)
        .join(PostRow, PostRow.id == SigningSession.post_id)
        .join(Unit, Unit.id == PostRow.agency_id)
        .join(Certificate, Certificate.id == SigningSession.certificate_id)
        .where(SigningSession.id == act_id, SigningSession.fixed_at.is_not(None))
    )
    found = session.execute(query).one_or_none()
    if found is None:
        raise NotFound("signing_session_not_found")
    return found


def codes(session: Session, act_ids: Collection[int]) -> dict[int, str]:
    """The code of each act."""
    query = select(SigningSession.id, SigningSession.manifest_code).where(SigningSession.id.in_(act_ids))
    return {row.id: row.manifest_code for row in session.execute(query)}


def _said(reason: str) -> None:
    if not reason:
        raise ValueError("a query over everybody's papers says what for")
