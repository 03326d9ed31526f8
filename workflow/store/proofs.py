"""Queries for timestamps and lasting proof: what is due, whose turn it is, how much waits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from workflow.domain.proofs import KINDS, Proof
from workflow.store.models import DocumentProof, FileVersion


def of(session: Session, document_id: int, *, for_update: bool = False) -> DocumentProof | None:
    """A document's row; whoever asks has found the document."""
    return session.get(DocumentProof, document_id, with_for_update=for_update)


def due(session: Session, proof: Proof, *, now: dt.datetime, limit: int) -> list[int]:
    """Documents whose moment has come, by the index over it; the newest first, so that what is issued today never
    waits behind what an office has issued in ten years."""
    query = (
        select(DocumentProof.document_id)
        .where(DocumentProof.state == str(proof), DocumentProof.next_at.is_not(None), DocumentProof.next_at <= now)
        .order_by(DocumentProof.next_at.desc())
        .limit(limit)
    )
    return list(session.scalars(query))


def take(session: Session, document_id: int, *, now: dt.datetime, until: dt.datetime) -> bool:
    """Make a due document one's own until a moment; False where somebody else was quicker."""
    query = (
        update(DocumentProof)
        .where(DocumentProof.document_id == document_id, DocumentProof.next_at <= now)
        .values(next_at=until)
        .execution_options(synchronize_session=False)
    )
    return bool(session.connection().execute(query).rowcount)


def waiting(session: Session, proof: Proof, *, most: int) -> int:
    """How many documents something is still to be done for, `most` at the most: it never counts for long."""
    found = (
        select(DocumentProof.document_id)
        .where(DocumentProof.state == str(proof), DocumentProof.next_at.is_not(None))
        .limit(most)
    )
    return session.scalar(select(func.count()).select_from(found.subquery())) or 0


def issued_files(session: Session, document_id: int) -> Collection[str]:
    """Every state of the issued file: as it was sealed, and each longer one that the clock has made of it."""
    query = select(FileVersion.sha256, FileVersion.kind).where(
        FileVersion.document_id == document_id, FileVersion.kind.in_(("sealed", *KINDS.values()))
    )
    files = session.execute(query.order_by(FileVersion.ordinal)).all()
    last = max((place for place, row in enumerate(files) if row.kind == "sealed"), default=0)
    return {row.sha256 for row in files[last:]}
