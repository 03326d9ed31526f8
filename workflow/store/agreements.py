"""Queries for agreements with what a submission slip proposes. The caller has found the documents."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from workflow.store.models import Person, ProposalAgreement


def standing(session: Session, document_id: int, *, version: int, person_id: int) -> ProposalAgreement | None:
    """A person's agreement for one version, unless taken back."""
    query = select(ProposalAgreement).where(
        ProposalAgreement.document_id == document_id,
        ProposalAgreement.version == version,
        ProposalAgreement.person_id == person_id,
        ProposalAgreement.withdrawn_at.is_(None),
    )
    return session.scalars(query).one_or_none()


def of_document(session: Session, document_id: int) -> Sequence[Row[ProposalAgreement, str]]:
    """(agreement, whose), oldest first; those taken back too."""
    query = (
        select(ProposalAgreement, Person.full_name)
        .join(Person, Person.id == ProposalAgreement.person_id)
        .where(ProposalAgreement.document_id == document_id)
        .order_by(ProposalAgreement.id)
    )
    return session.execute(query).all()


def given(session: Session, ids: Collection[int], *, person_id: int) -> set[tuple[int, int]]:
    """(document, version) of what a person agreed with among these documents."""
    if not ids:
        return set()
    query = select(ProposalAgreement.document_id, ProposalAgreement.version).where(
        ProposalAgreement.document_id.in_(ids),
        ProposalAgreement.person_id == person_id,
        ProposalAgreement.withdrawn_at.is_(None),
    )
    return {(row.document_id, row.version) for row in session.execute(query)}
