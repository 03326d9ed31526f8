"""What documents name besides their journal: co-signers, parts of arrivals, whose a post is, papers of a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from workflow.domain.named_then import Given
from workflow.domain.permissions import Scope
from workflow.store.models import CoSigner, IncomingPart, Outgoing, PostRow


def beside(session: Session, documents: Collection[int]) -> dict[int, list[int]]:
    """Persons who sign beside the signer of documents that the caller has found, as they are named now."""
    found: dict[int, list[int]] = {}
    for some in _portions(documents):
        query = select(CoSigner.document_id, CoSigner.person_id).where(CoSigner.document_id.in_(some))
        for document, person in session.execute(query.order_by(CoSigner.id)):
            found.setdefault(document, []).append(person)
    return found


def holders(session: Session, posts: Collection[int]) -> dict[int, int]:
    """Whose some posts are; a post never changes hands."""
    found: dict[int, int] = {}
    for some in _portions(posts):
        found |= {row.id: row.person_id for row in session.execute(
            select(PostRow.id, PostRow.person_id).where(PostRow.id.in_(some)))}  # fmt: skip
    return found


def parts(session: Session, incoming_id: int) -> list[Given]:
    """All parts that an arrival ever had, which the caller has found."""
    query = select(IncomingPart).where(IncomingPart.incoming_id == incoming_id).order_by(IncomingPart.id)
    return [
        Given(
            id=row.id, lead=row.part == "lead", unit_id=row.unit_id, person_id=row.person_id,
            given_at=row.given_at, ended=row.ended_at if row.state == "ended" else None,
        )
        for row in session.scalars(query)
    ]  # fmt: skip


def open_then(
    scope: Scope, session: Session, *, agency_id: int, start: dt.datetime, end: dt.datetime
) -> Sequence[Outgoing]:
    """Documents of an agency that were open on a day; not what is in them."""
    query = select(Outgoing).where(
        Outgoing.agency_id == agency_id, Outgoing.agency_id.in_(scope.agency_ids), Outgoing.created_at <= end,
        or_(Outgoing.closed_at.is_(None), Outgoing.closed_at > start),
    )  # fmt: skip
    return session.scalars(query.order_by(Outgoing.id)).all()


def _portions(keys: Collection[int]) -> list[list[int]]:
    ordered = sorted(keys)
    return [ordered[first : first + 500] for first in range(0, len(ordered), 500)]
