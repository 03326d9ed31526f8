"""Queries for the days on which algorithms end, and for the signatures that use them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session, aliased

from workflow.domain.errors import NotFound
from workflow.store.models import (
    AlgorithmSunset,
    Attachment,
    AttachmentProof,
    AttachmentSeal,
    AttachmentVerdict,
    Certificate,
    DocumentProof,
    Outgoing,
    Person,
    Signature,
    Unit,
    VerdictRow,
)


def listed(session: Session) -> Sequence[Row[*tuple[Any, ...]]]:
    """(sunset, proposer, confirmer, who asks for its removal) of those that were not taken away, the first day
    first."""
    proposer, confirmer, remover = aliased(Person), aliased(Person), aliased(Person)
    query = (
        select(
            AlgorithmSunset, proposer.full_name.label("proposer"), confirmer.full_name.label("confirmer"),
            remover.full_name.label("remover"),
        )
        .join(proposer, proposer.id == AlgorithmSunset.proposed_by_id)
        .outerjoin(confirmer, confirmer.id == AlgorithmSunset.confirmed_by_id)
        .outerjoin(remover, remover.id == AlgorithmSunset.removal_by_id)
        .where(AlgorithmSunset.removed_at.is_(None))
        .order_by(AlgorithmSunset.until, AlgorithmSunset.id)
    )  # fmt: skip
    return session.execute(query).all()


def standing(session: Session) -> Sequence[AlgorithmSunset]:
    """Those in force or proposed."""
    query = select(AlgorithmSunset).where(AlgorithmSunset.removed_at.is_(None))
    return session.scalars(query.order_by(AlgorithmSunset.id)).all()


def by_id(session: Session, sunset_id: int, *, for_update: bool = False) -> AlgorithmSunset:
    """One that was not taken away, or `NotFound`."""
    found = session.get(AlgorithmSunset, sunset_id, with_for_update=for_update, populate_existing=True)
    if found is None or found.removed_at is not None:
        raise NotFound("sunset_not_found")
    return found


def signing_certificates(session: Session) -> Sequence[Row[*tuple[Any, ...]]]:
    """(id, sha256, der, chain) of every certificate that a standing signature, or a seal on an attachment, was made
    with."""
    own = select(Signature.certificate_id).where(Signature.withdrawn_at.is_(None))
    used = own.union(select(AttachmentSeal.certificate_id).where(AttachmentSeal.withdrawn_at.is_(None)))
    query = select(Certificate.id, Certificate.sha256, Certificate.der, Certificate.chain)
    return session.execute(query.where(Certificate.id.in_(used)).order_by(Certificate.id)).all()


def concerned(
    session: Session, certificates: Collection[int], *, reason: str, after: int = 0, limit: int | None = None
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Standing signatures of some certificates behind one, in order, each with its newest verdict, and with no more
    of a paper than its symbol and whose it is.

    (id, field, received_at, symbol, agency, body, stamped_at, rests).
    """
    newest = (
        select(func.max(VerdictRow.id))
        .where(VerdictRow.signature_id == Signature.id)
        .correlate(Signature)
        .scalar_subquery()
    )
    query = (
        select(
            Signature.id, Signature.field, Signature.received_at, Outgoing.symbol, Unit.name.label("agency"),
            VerdictRow.body, DocumentProof.stamped_at, DocumentProof.rests,
        )
        .join(VerdictRow, VerdictRow.id == newest)
        .join(Outgoing, Outgoing.id == Signature.document_id)
        .join(Unit, Unit.id == Outgoing.agency_id)
        .outerjoin(DocumentProof, DocumentProof.document_id == Signature.document_id)
        .where(
            Signature.id > after, Signature.withdrawn_at.is_(None),
            Signature.certificate_id.in_(sorted(certificates)),
        )
        .order_by(Signature.id)
        .limit(limit)
    )  # fmt: skip
    return session.execute(query).all()


def seals_concerned(
    session: Session, certificates: Collection[int], *, reason: str, after: int = 0, limit: int | None = None
) -> Sequence[Row[*tuple[Any, ...]]]:
    """The same of seals on attachments: (id, place, received_at, symbol, agency, body, stamped_at, rests)."""
    newest = (
        select(func.max(AttachmentVerdict.id))
        .where(AttachmentVerdict.seal_id == AttachmentSeal.id)
        .correlate(AttachmentSeal)
        .scalar_subquery()
    )
    query = (
        select(
            AttachmentSeal.id, AttachmentSeal.received_at, Outgoing.symbol, Unit.name.label("agency"),
            func.coalesce(AttachmentVerdict.body, AttachmentSeal.body).label("body"), AttachmentProof.stamped_at,
            AttachmentProof.rests, Attachment.place,
        )
        .join(Attachment, Attachment.id == AttachmentSeal.attachment_id)
        .join(Outgoing, Outgoing.id == AttachmentSeal.document_id)
        .join(Unit, Unit.id == Outgoing.agency_id)
        .outerjoin(AttachmentVerdict, AttachmentVerdict.id == newest)
        .outerjoin(AttachmentProof, AttachmentProof.seal_id == AttachmentSeal.id)
        .where(
            AttachmentSeal.id > after, AttachmentSeal.withdrawn_at.is_(None),
            AttachmentSeal.certificate_id.in_(sorted(certificates)),
        )
        .order_by(AttachmentSeal.id)
        .limit(limit)
    )  # fmt: skip
    return session.execute(query).all()
