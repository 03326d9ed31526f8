"""Queries for attachments of outgoing documents and their seals."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from workflow.domain import attachments as rules
from workflow.domain.errors import NotFound
from workflow.domain.outgoing import Action
from workflow.domain.permissions import Scope
from workflow.store.documents import within
from workflow.store.models import (
    Attachment,
    AttachmentProof,
    AttachmentSeal,
    AttachmentVerdict,
    Blob,
    Certificate,
    Journal,
    Outgoing,
    Person,
)


@dataclass(frozen=True, slots=True)
class Held:
    """An attachment with the seal that stands on it. `later`: the newest answer about that seal, where one since
    differed from the first. `proof`: how far its file is proven, once it was issued. `size`: of the sealed file."""

    row: Attachment
    seal: AttachmentSeal | None
    later: AttachmentVerdict | None = None
    proof: AttachmentProof | None = None
    size: int | None = None

    @property
    def sha256(self) -> str:
        """The file that goes out: the sealed one with what the clock has put behind it, else as it was read."""
        if self.proof is not None:
            return self.proof.sha256
        return self.seal.sha256 if self.seal is not None else self.row.sha256

    @property
    def verdict(self) -> AttachmentSeal | AttachmentVerdict | None:
        """What is said of the seal today."""
        return self.later or self.seal

    @property
    def judged_at(self) -> dt.datetime | None:
        """Since when that is said."""
        if self.later is not None:
            return self.later.at
        return self.seal.received_at if self.seal is not None else None


_LATEST = (
    select(func.max(AttachmentVerdict.id))
    .where(AttachmentVerdict.seal_id == AttachmentSeal.id)
    .correlate(AttachmentSeal)
    .scalar_subquery()
)
_STANDING = (
    select(AttachmentSeal, AttachmentVerdict, AttachmentProof, Blob.size)
    .join(Blob, Blob.sha256 == AttachmentSeal.sha256)
    .outerjoin(AttachmentVerdict, AttachmentVerdict.id == _LATEST)
    .outerjoin(AttachmentProof, AttachmentProof.seal_id == AttachmentSeal.id)
    .where(AttachmentSeal.withdrawn_at.is_(None))
)
"""Seals that stand, each with the newest answer about it, what is proven of its file, and the size of that."""


def of_document(session: Session, document_id: int) -> Sequence[Attachment]:
    """What is attached to a document that the caller has found, in its order."""
    query = select(Attachment).where(Attachment.document_id == document_id, Attachment.removed_at.is_(None))
    return session.scalars(query.order_by(Attachment.place, Attachment.id)).all()


def with_seals(session: Session, document_id: int) -> list[Held]:
    """The same with the seals that stand."""
    rows = of_document(session, document_id)
    if not rows:
        return []
    found = session.execute(_STANDING.where(AttachmentSeal.document_id == document_id))
    seals = {row.AttachmentSeal.attachment_id: row for row in found}
    return [Held(row, *seals.get(row.id, (None,))) for row in rows]


def let_go(session: Session, held: Sequence[Held]) -> Sequence[Held]:
    """The same as they are now, for work that reads them while no transaction is open: none is asked for again."""
    for one in held:
        for row in (one.row, one.seal, one.later, one.proof):
            if row is not None:
                session.expunge(row)
    return held


def held_of(session: Session, row: Attachment) -> Held:
    """One attachment that the caller has found, the same way."""
    found = session.execute(_STANDING.where(AttachmentSeal.attachment_id == row.id)).one_or_none()
    return Held(row, *(found or (None,)))


def held_by_seal(session: Session, seal_id: int, *, reason: str) -> Held | None:
    """The same by its seal, while that stands. `reason` says what for: it may be anybody's."""
    if not reason:
        raise ValueError("a query without a scope says why")
    query = _STANDING.add_columns(Attachment).join(Attachment, Attachment.id == AttachmentSeal.attachment_id)
    found = session.execute(query.where(AttachmentSeal.id == seal_id)).one_or_none()
    return None if found is None else Held(found.Attachment, *found[:4])


def later_verdicts(session: Session, seal: AttachmentSeal) -> Sequence[AttachmentVerdict]:
    """Every later answer about a seal, oldest first."""
    query = select(AttachmentVerdict).where(AttachmentVerdict.seal_id == seal.id)
    return session.scalars(query.order_by(AttachmentVerdict.id)).all()


def held_by_those(session: Session, document_ids: Sequence[int]) -> dict[int, list[Held]]:
    """The same of several documents that the caller has found."""
    found = of_those(session, document_ids)
    query = _STANDING.where(AttachmentSeal.document_id.in_(list(found)))
    seals = {row.AttachmentSeal.attachment_id: row for row in session.execute(query)} if found else {}
    return {key: [Held(row, *seals.get(row.id, (None,))) for row in rows] for key, rows in found.items()}


def removed_from(session: Session, document_id: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """What was taken off again, with who did it, oldest first."""
    query = (
        select(Attachment, Person.full_name)
        .join(Person, Person.id == Attachment.removed_by_id)
        .where(Attachment.document_id == document_id, Attachment.removed_at.is_not(None))
    )
    return session.execute(query.order_by(Attachment.removed_at, Attachment.id)).all()


def revisions(session: Session, document_id: int) -> Sequence[str]:
    """What the journal tells of each revision of a document that the caller has found, oldest first."""
    tag = f"document:outgoing:{Action.REVISE}"
    query = select(Journal.body).where(Journal.subject == f"outgoing:{document_id}", Journal.tag == tag)
    return session.scalars(query.order_by(Journal.ordinal)).all()


def count_ever(session: Session, document_id: int) -> int:
    """How many files were ever attached to a document that the caller has found, with those taken off."""
    query = select(func.count()).select_from(Attachment).where(Attachment.document_id == document_id)
    return session.scalar(query) or 0


def find(scope: Scope, session: Session, document_id: int, attachment_id: int) -> Attachment:
    """One attachment of a document in scope, taken off or not; `NotFound` for a foreign one as for none, and for
    whatever was attached to what is a state secret now.
    """
    query = (
        select(Attachment)
        .join(Outgoing, Outgoing.id == Attachment.document_id)
        .where(
            Attachment.id == attachment_id, Attachment.document_id == document_id, within(scope),
            Outgoing.secret.is_(False),
        )
    )  # fmt: skip
    found = session.scalars(query).one_or_none()
    if found is None:
        raise NotFound("attachment_not_found")
    return found


def of_those(session: Session, document_ids: Sequence[int]) -> dict[int, list[Attachment]]:
    """What is attached to each of some documents that the caller has found."""
    found: dict[int, list[Attachment]] = {}
    if document_ids:
        query = select(Attachment).where(Attachment.document_id.in_(document_ids), Attachment.removed_at.is_(None))
        for row in session.scalars(query.order_by(Attachment.document_id, Attachment.place, Attachment.id)):
            found.setdefault(row.document_id, []).append(row)
    return found


def pages_of(session: Session, document_ids: Sequence[int]) -> dict[int, int]:
    """How many pages are attached to each of some documents that the caller has found."""
    if not document_ids:
        return {}
    query = select(Attachment.document_id, func.sum(Attachment.pages)).where(
        Attachment.document_id.in_(document_ids), Attachment.removed_at.is_(None)
    )
    return {key: int(pages) for key, pages in session.execute(query.group_by(Attachment.document_id))}


def digest(rows: Iterable[Attachment]) -> str:
    """One digest of attachments in their order."""
    return rules.digest(rules.Attached(row.name, row.sha256) for row in rows)


def digest_of(session: Session, document_id: int) -> str:
    """One digest of all that is attached; empty where nothing is."""
    return digest(of_document(session, document_id))


def seal_of(session: Session, attachment_id: int) -> AttachmentSeal | None:
    """The seal that stands on an attachment."""
    query = select(AttachmentSeal).where(
        AttachmentSeal.attachment_id == attachment_id, AttachmentSeal.withdrawn_at.is_(None)
    )
    return session.scalars(query).one_or_none()


def sealed_by(session: Session, seal: AttachmentSeal) -> tuple[str, str]:
    """(who used the key, SHA-256 of its certificate)."""
    query = (
        select(Person.full_name, Certificate.sha256)
        .select_from(AttachmentSeal)
        .join(Person, Person.id == AttachmentSeal.person_id)
        .join(Certificate, Certificate.id == AttachmentSeal.certificate_id)
        .where(AttachmentSeal.id == seal.id)
    )
    name, certificate = session.execute(query).one()
    return name, certificate


def owners(session: Session, document_id: int) -> dict[int, str]:
    """Seal → SHA-256 of the certificate that it was made with, of those that stand on what goes with a document."""
    query = (
        select(AttachmentSeal.id, Certificate.sha256)
        .join(Certificate, Certificate.id == AttachmentSeal.certificate_id)
        .where(AttachmentSeal.document_id == document_id, AttachmentSeal.withdrawn_at.is_(None))
    )
    return {row.id: row.sha256 for row in session.execute(query)}


def unsealed(session: Session, document_id: int) -> list[int]:
    """Keys of those that need a seal and bear none that passed when it was set, in their order."""
    return [
        held.row.id
        for held in with_seals(session, document_id)
        if rules.Kind(held.row.kind) in rules.SEALED and (held.seal is None or held.seal.conclusion != "passed")
    ]


def unsealed_of(session: Session, document_ids: Sequence[int]) -> list[Attachment]:
    """The same of several documents, as rows."""
    return [
        held.row
        for each in held_by_those(session, document_ids).values()
        for held in each
        if rules.Kind(held.row.kind) in rules.SEALED and (held.seal is None or held.seal.conclusion != "passed")
    ]


def seals_by_holder(session: Session, agency_id: int, *, holder: str, since: Any) -> int:
    """How many attachments one kind of key holder sealed for an agency since a moment."""
    query = (
        select(func.count())
        .select_from(AttachmentSeal)
        .join(Outgoing, Outgoing.id == AttachmentSeal.document_id)
        .where(
            Outgoing.agency_id == agency_id, AttachmentSeal.key_holder == holder,
            AttachmentSeal.received_at >= since,
        )
    )  # fmt: skip
    return session.scalar(query) or 0
