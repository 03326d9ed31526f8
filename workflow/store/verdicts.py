"""Queries for stored verdicts: the newest of each signature, the lists they cite, what was checked longest ago."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from workflow.store.models import Crl, Signature, VerdictRow


def newest_of(session: Session, document_id: int) -> dict[int, VerdictRow]:
    """Signature → its newest verdict, for the signatures that stand."""
    newest = (
        select(func.max(VerdictRow.id))
        .join(Signature, Signature.id == VerdictRow.signature_id)
        .where(VerdictRow.document_id == document_id, Signature.withdrawn_at.is_(None))
        .group_by(VerdictRow.signature_id)
    )
    rows = session.scalars(select(VerdictRow).where(VerdictRow.id.in_(newest)).order_by(VerdictRow.id)).all()
    return {row.signature_id: row for row in rows}


def standing(session: Session, document_id: int) -> Sequence[Signature]:
    """The signatures of a document that were not withdrawn, oldest first."""
    query = select(Signature).where(Signature.document_id == document_id, Signature.withdrawn_at.is_(None))
    return session.scalars(query.order_by(Signature.id)).all()


def lists(session: Session, digests: Collection[str]) -> Sequence[Crl]:
    """Revocation lists by the SHA-256 of their DER; digests of anything else find nothing."""
    if not digests:
        return ()
    return session.scalars(select(Crl).where(Crl.sha256.in_(sorted(digests))).order_by(Crl.sha256)).all()


def longest_unchecked(session: Session, *, limit: int) -> list[int]:
    """Documents whose signatures were looked at longest ago, by the index over that moment; each once."""
    query = (
        select(Signature.document_id)
        .where(Signature.withdrawn_at.is_(None))
        .order_by(Signature.checked_at, Signature.document_id)
        .limit(3 * limit)  # a finished document has three signatures, all checked at the same moment
    )
    return list(dict.fromkeys(session.scalars(query)))[:limit]
