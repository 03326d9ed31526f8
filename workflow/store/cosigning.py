"""Queries for those who sign beside a document's named signer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, and_, delete, exists, select
from sqlalchemy.orm import Session

from workflow.domain.cosigning import Part, Place
from workflow.store.models import CoSigner, Outgoing, Person, PlannedBox, PostRow, Signature


def places(session: Session, document_id: int) -> tuple[Place, ...]:
    """Everybody, in the order of turns, with whether their signature stands."""
    return tuple(
        Place(person_id=row.person_id, post_id=row.post_id, part=Part(row.part), turn=row.turn, field=row.field,
              signed=signature is not None)
        for row, signature, *_names in named(session, document_id)
    )  # fmt: skip


def named(session: Session, document_id: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """(co-signer, their signature where it stands, name, title), in the order of turns; who may see the document
    is the caller's question."""
    stands = and_(
        Signature.document_id == CoSigner.document_id, Signature.field == CoSigner.field,
        Signature.withdrawn_at.is_(None),
    )  # fmt: skip
    query = (
        select(CoSigner, Signature, Person.full_name, PostRow.title)
        .join(Person, Person.id == CoSigner.person_id)
        .join(PostRow, PostRow.id == CoSigner.post_id)
        .outerjoin(Signature, stands)
        .where(CoSigner.document_id == document_id)
        .order_by(CoSigner.turn, CoSigner.id)
    )
    return session.execute(query).all()


def parts_of(session: Session, documents: Sequence[int], *, person_id: int) -> dict[int, set[Part]]:
    """As what a person signs beside the signer, by document."""
    if not documents:
        return {}
    query = select(CoSigner.document_id, CoSigner.part).where(
        CoSigner.document_id.in_(documents), CoSigner.person_id == person_id
    )
    found: dict[int, set[Part]] = {}
    for document, part in session.execute(query):
        found.setdefault(document, set()).add(Part(part))
    return found


def standing(session: Session, document_id: int) -> Sequence[Signature]:
    """The signatures of those beside the signer that were not withdrawn."""
    query = select(Signature).where(
        Signature.document_id == document_id, Signature.purpose.in_(tuple(map(str, Part))),
        Signature.withdrawn_at.is_(None),
    )  # fmt: skip
    return session.scalars(query).all()


def lose(session: Session, document_id: int, *, post_id: int) -> None:
    """A post that ends is not named any more; its box goes with it, which nobody would fill."""
    named = CoSigner.document_id == document_id, CoSigner.post_id == post_id
    fields = select(CoSigner.field).where(*named)
    session.execute(delete(PlannedBox).where(PlannedBox.document_id == document_id, PlannedBox.name.in_(fields)))
    session.execute(delete(CoSigner).where(*named))


def clear(session: Session, document_id: int) -> None:
    """Nobody is named any more."""
    session.execute(delete(CoSigner).where(CoSigner.document_id == document_id))


def copy(session: Session, source_id: int, *, to: int) -> None:
    """Whom one document names, another one names too, in the same turns and fields."""
    for one in places(session, source_id):
        session.add(
            CoSigner(document_id=to, person_id=one.person_id, post_id=one.post_id, part=str(one.part),
                     turn=one.turn, field=one.field)
        )  # fmt: skip
    session.flush()


def persons(session: Session, document_id: int) -> Sequence[int]:
    """Whoever is to sign a document beside its signer, in the order of turns."""
    query = select(CoSigner.person_id).where(CoSigner.document_id == document_id)
    return session.scalars(query.order_by(CoSigner.turn, CoSigner.id)).all()


def turns(session: Session, *, reason: str) -> dict[int, set[int]]:
    """Of every document that waits for somebody beside its signer: whose turn it is, by document."""
    if not reason:
        raise ValueError("a query without a scope says why")
    stands = exists().where(
        Signature.document_id == CoSigner.document_id, Signature.field == CoSigner.field,
        Signature.withdrawn_at.is_(None),
    )  # fmt: skip
    query = (
        select(CoSigner.document_id, CoSigner.person_id, CoSigner.turn)
        .join(Outgoing, Outgoing.id == CoSigner.document_id)
        .where(Outgoing.closed_at.is_(None), Outgoing.state == "awaiting_signature", ~stands)
        .order_by(CoSigner.document_id, CoSigner.turn)
    )
    found: dict[int, set[int]] = {}
    first: dict[int, int] = {}
    for document, person, turn in session.execute(query):
        if first.setdefault(document, turn) == turn:
            found.setdefault(document, set()).add(person)
    return found
