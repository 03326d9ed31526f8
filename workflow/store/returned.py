"""Queries for files that were given away to be signed elsewhere, and for the tickets by which they travel."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow.store.models import Blob, SigningItem


def sizes_of(session: Session, digests: Sequence[str]) -> dict[str, int]:
    """SHA-256 → bytes of kept files."""
    rows = session.execute(select(Blob.sha256, Blob.size).where(Blob.sha256.in_(digests))).all()
    return {row.sha256: row.size for row in rows}


def item_of(session: Session, answer_sha256: str, document_ids: Sequence[int]) -> SigningItem | None:
    """The file of an act that was answered with exactly these bytes, of documents within reach."""
    query = select(SigningItem).where(
        SigningItem.answer_sha256 == answer_sha256, SigningItem.document_id.in_(document_ids),
        SigningItem.status.in_(("pending", "done")),
    )  # fmt: skip
    return session.scalars(query.order_by(SigningItem.id.desc()).limit(1)).first()
