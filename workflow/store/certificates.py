"""Queries for certificates, trust, revocation lists and signing sessions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, func, literal_column, select
from sqlalchemy.orm import Session

from workflow.domain.errors import NotFound
from workflow.domain.permissions import Scope
from workflow.store.models import Certificate, Crl, Person, PostRow, SigningItem, SigningSession, TrustRoot, Unit


def of_person(session: Session, person_id: int) -> Sequence[Certificate]:
    """A person's certificates, the newest first."""
    query = select(Certificate).where(Certificate.person_id == person_id)
    return session.scalars(query.order_by(Certificate.id.desc())).all()


def of_agency(session: Session, agency_id: int) -> Sequence[Certificate]:
    """An agency's certificates for numbers and seals, the newest first."""
    query = select(Certificate).where(Certificate.agency_id == agency_id)
    return session.scalars(query.order_by(Certificate.id.desc())).all()


def live(session: Session, sha256: str) -> Certificate | None:
    """The enrolment of a certificate that is pending or confirmed; there is at most one."""
    query = select(Certificate).where(
        Certificate.sha256 == sha256, Certificate.status.in_(("pending", "confirmed"))
    )
    return session.scalars(query).one_or_none()


def of_key(session: Session, public_key: str) -> Sequence[Certificate]:
    """Every enrolment of one public key, whoever's, the oldest first; none of a key that could not be read."""
    if not public_key:
        return ()
    query = select(Certificate).where(Certificate.public_key == public_key)
    return session.scalars(query.order_by(Certificate.id)).all()


def by_id(session: Session, certificate_id: int, *, for_update: bool = False) -> Certificate:
    """One enrolment, or `NotFound`; who may see it is the caller's question."""
    found = session.get(Certificate, certificate_id, with_for_update=for_update)
    if found is None:
        raise NotFound("certificate_not_found")
    return found


def agencies_of(session: Session, certificate: Certificate, *, on: dt.date) -> frozenset[int]:
    """Agencies whose administrator may decide on a certificate: its own, or those where its person has a post."""
    if certificate.agency_id is not None:
        return frozenset({certificate.agency_id})
    query = select(PostRow.agency_id).where(
        PostRow.person_id == certificate.person_id, PostRow.valid_from <= on, _not_ended(on)
    )
    return frozenset(session.scalars(query).all())


def _not_ended(on: dt.date) -> Any:
    return (PostRow.valid_to.is_(None)) | (PostRow.valid_to >= on)


def listed(
    scope: Scope, session: Session, *, on: dt.date, status: str = "", limit: int = 200
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Certificates of the scope's agencies with their owner's name; `status` narrows, `pending` is the queue."""
    people = select(PostRow.person_id).where(
        PostRow.agency_id.in_(scope.agency_ids), PostRow.valid_from <= on, _not_ended(on)
    )
    query = (
        select(Certificate, func.coalesce(Person.full_name, Unit.name).label("owner"))
        .outerjoin(Person, Person.id == Certificate.person_id)
        .outerjoin(Unit, Unit.id == Certificate.agency_id)
        .where(Certificate.agency_id.in_(scope.agency_ids) | Certificate.person_id.in_(people))
        .order_by(Certificate.not_after, Certificate.id)
        .limit(limit)
    )
    if status:
        query = query.where(Certificate.status == status)
    return session.execute(query).all()


def roots(session: Session) -> Sequence[TrustRoot]:
    """Every root that is not retired."""
    return session.scalars(select(TrustRoot).where(TrustRoot.retired_at.is_(None)).order_by(TrustRoot.id)).all()


def newest_crls(session: Session, *, until: dt.datetime) -> Sequence[Crl]:
    """The newest list of each series (issuer and key), by its thisUpdate, that was out at a moment."""
    newest = (
        select(Crl.issuer_key, func.max(Crl.this_update).label("newest"))
        .where(Crl.this_update <= until)
        .group_by(Crl.issuer_key)
        .subquery()
    )
    query = select(Crl).join(newest, (newest.c.issuer_key == Crl.issuer_key) & (newest.c.newest == Crl.this_update))
    return session.scalars(query).all()


def newest_lists(session: Session, *, until: dt.datetime) -> Sequence[str]:
    """The same lists by their SHA-256, without their entries."""
    newest = (
        select(Crl.issuer_key, func.max(Crl.this_update).label("newest"))
        .where(Crl.this_update <= until)
        .group_by(Crl.issuer_key)
        .subquery()
    )
    query = select(Crl.sha256).join(
        newest, (newest.c.issuer_key == Crl.issuer_key) & (newest.c.newest == Crl.this_update)
    )
    return session.scalars(query).all()


def issuers(session: Session) -> Sequence[bytes]:
    """The intermediate certificates that came with enrolments (concatenated DER each), without doubles."""
    return session.scalars(select(Certificate.chain).distinct()).all()


def session_by_token(session: Session, id_hash: str) -> SigningSession:
    """A signing session by the hash of its id, or `NotFound`."""
    found = session.scalars(select(SigningSession).where(SigningSession.id_hash == id_hash)).one_or_none()
    if found is None:
        raise NotFound("signing_session_not_found")
    return found


def item(
    session: Session, session_id: int, document_id: int, *, field: str, for_update: bool = False
) -> SigningItem:
    """One file of a document in a signing session, or `NotFound`."""
    query = select(SigningItem).where(
        SigningItem.session_id == session_id, SigningItem.document_id == document_id, SigningItem.field == field
    )
    if for_update:
        query = query.with_for_update().execution_options(populate_existing=True)
    found = session.scalars(query).one_or_none()
    if found is None:
        raise NotFound("signing_item_not_found")
    return found


def items_of(session: Session, session_id: int) -> Sequence[SigningItem]:
    """The files of an act, in the order in which they were prepared."""
    return session.scalars(
        select(SigningItem).where(SigningItem.session_id == session_id).order_by(SigningItem.id)
    ).all()


def lock_session(session: Session, session_id: int) -> SigningSession:
    """The act, held until the end of the transaction, as it stands now."""
    query = select(SigningSession).where(SigningSession.id == session_id).with_for_update()
    return session.scalars(query.execution_options(populate_existing=True)).one()


def live_items(session: Session, document_id: int, field: str) -> Sequence[SigningItem]:
    """Items that hold a document's field: prepared or pending (at most one)."""
    query = select(SigningItem).where(
        SigningItem.document_id == document_id,
        SigningItem.field == field,
        SigningItem.status.in_(("prepared", "pending")),
    )
    return session.scalars(query.with_for_update()).all()


def pending_items(session: Session, *, limit: int = 200) -> Sequence[SigningItem]:
    """Signatures that came but could not be judged yet, the oldest first."""
    pending = SigningItem.status == literal_column("'pending'")  # as the index says it, or SQLite reads every item
    query = select(SigningItem).where(pending).order_by(SigningItem.id).limit(limit)
    return session.scalars(query).all()
