"""Queries for changes of trust: what is proposed, what is counted, what would flip, who stands behind a root."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Row, case, delete, func, select, true
from sqlalchemy.orm import Session, aliased

from workflow.domain.errors import NotFound
from workflow.store.models import (
    Attachment,
    AttachmentProof,
    AttachmentSeal,
    Blob,
    Certificate,
    DocumentProof,
    Intake,
    Outgoing,
    Person,
    Signature,
    TrustChange,
    TrustFlip,
    TrustRoot,
    Unit,
    VerdictRow,
)

OPEN = ("counting", "waiting")
SIGNED = ("passed", "indeterminate", "failed")
"""Conclusions about received files that carry a signature."""


def change(session: Session, change_id: int, *, for_update: bool = False) -> TrustChange:
    """One change, or `NotFound`."""
    found = session.get(TrustChange, change_id, with_for_update=for_update, populate_existing=for_update)
    if found is None:
        raise NotFound("trust_change_not_found")
    return found


def root(session: Session, root_id: int, *, for_update: bool = False) -> TrustRoot:
    """A root that is listed, or `NotFound`."""
    found = session.get(TrustRoot, root_id, with_for_update=for_update, populate_existing=for_update)
    if found is None or found.retired_at is not None:
        raise NotFound("root_not_found")
    return found


def open_change(session: Session, subject: str) -> TrustChange | None:
    """The change of a root (by fingerprint) or of the policy that nobody has decided yet."""
    query = select(TrustChange).where(TrustChange.subject == subject, TrustChange.state.in_(OPEN))
    return session.scalars(query).one_or_none()


def open_ids(session: Session) -> Sequence[int]:
    """Every change that is counted or waits, the oldest first."""
    return session.scalars(select(TrustChange.id).where(TrustChange.state.in_(OPEN)).order_by(TrustChange.id)).all()


def lock_open(session: Session) -> None:
    """Until the end of this transaction nobody else decides on a change: each report stands on one list."""
    session.execute(
        select(TrustChange.id).where(TrustChange.state.in_(OPEN)).order_by(TrustChange.id).with_for_update()
    )


def listed_changes(
    session: Session, *, decided: bool, before: int | None = None, limit: int = 50
) -> Sequence[Row[*tuple[Any, ...]]]:
    """(change, proposer, who decided), the newest first: those that wait, or those that were decided."""
    proposer, decider = aliased(Person), aliased(Person)
    query = (
        select(TrustChange, proposer.full_name.label("proposer"), decider.full_name.label("decider"))
        .join(proposer, proposer.id == TrustChange.proposed_by_id)
        .outerjoin(decider, decider.id == TrustChange.decided_by_id)
        .where(TrustChange.state.not_in(OPEN) if decided else TrustChange.state.in_(OPEN))
        .order_by(TrustChange.id.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(TrustChange.id < before)
    return session.execute(query).all()


def people_of(session: Session, found: TrustChange) -> tuple[str, str]:
    """The names of who proposed a change and of who decided it; the second is empty before."""
    first = session.get_one(Person, found.proposed_by_id).full_name
    second = session.get_one(Person, found.decided_by_id).full_name if found.decided_by_id else ""
    return first, second


def listed_roots(session: Session, *, retired: bool) -> Sequence[Row[*tuple[Any, ...]]]:
    """(root, who listed it, who confirmed it), those believed now or those that were."""
    first, second = aliased(Person), aliased(Person)
    query = (
        select(TrustRoot, first.full_name.label("first"), second.full_name.label("second"))
        .outerjoin(first, first.id == TrustRoot.added_by_id)
        .outerjoin(second, second.id == TrustRoot.confirmed_by_id)
        .where(TrustRoot.retired_at.is_not(None) if retired else TrustRoot.retired_at.is_(None))
        .order_by(TrustRoot.retired_at.desc(), TrustRoot.id)
    )
    return session.execute(query).all()


def agencies_above(session: Session, agency_id: int) -> tuple[int, ...]:
    """An agency and those above it, up to the top."""
    own = select(Unit.id, Unit.parent_id).where(Unit.id == agency_id).cte("above", recursive=True)
    above = own.union(select(Unit.id, Unit.parent_id).join(own, Unit.id == own.c.parent_id))
    return tuple(session.scalars(select(above.c.id)))


def agencies_above_all(session: Session, agencies: Sequence[int]) -> tuple[int, ...]:
    """These agencies and those above any of them."""
    own = select(Unit.id, Unit.parent_id).where(Unit.id.in_(agencies)).cte("above", recursive=True)
    above = own.union(select(Unit.id, Unit.parent_id).join(own, Unit.id == own.c.parent_id))
    return tuple(session.scalars(select(above.c.id)))


def above_each(session: Session) -> dict[int, tuple[int, ...]]:
    """The same for every agency."""
    rows = session.execute(select(Unit.id, Unit.parent_id, Unit.kind)).all()
    parents = {row.id: row.parent_id for row in rows}
    found: dict[int, tuple[int, ...]] = {}
    for row in rows:
        way: list[int] = []
        place: int | None = row.id if row.kind == "agency" else None
        while place is not None and place not in way:
            way.append(place)
            place = parents[place]
        if way:
            found[row.id] = tuple(way)
    return found


def agencies(session: Session, *, on: dt.date) -> Sequence[Row[int, str]]:
    """(id, name) of every agency that stands on a day, by code."""
    standing = Unit.valid_to.is_(None) | (Unit.valid_to >= on)
    return session.execute(
        select(Unit.id, Unit.name).where(Unit.kind == "agency", standing).order_by(Unit.code)
    ).all()


def agency_names(session: Session, ids: Collection[int]) -> dict[int, str]:
    """The names of some agencies, dissolved ones too."""
    found = session.execute(select(Unit.id, Unit.name).where(Unit.id.in_(ids), Unit.kind == "agency"))
    return {row.id: row.name for row in found}


def signatures(session: Session, *, reason: str) -> int:
    """How many signatures stand with a stored verdict, seals on attachments, and received files that carry one.
    `reason` says what for: it reaches every agency's papers."""
    judged = select(VerdictRow.id).where(VerdictRow.signature_id == Signature.id).exists()
    own = select(func.count()).select_from(Signature).where(Signature.withdrawn_at.is_(None), judged)
    seals = select(func.count()).select_from(AttachmentSeal).where(AttachmentSeal.withdrawn_at.is_(None))
    received = select(func.count()).select_from(Intake).where(Intake.conclusion.in_(SIGNED))
    return sum(session.scalar(query) or 0 for query in (own, seals, received))


def to_judge(session: Session, *, after: int, limit: int, reason: str) -> Sequence[Row[*tuple[Any, ...]]]:
    """Signatures behind one, in order, with the file that their newest stored verdict is about (`file_sha256`); or,
    `longer`, the present one where it carries a timestamp by now."""
    newest = (
        select(func.max(VerdictRow.id))
        .where(VerdictRow.signature_id == Signature.id)
        .correlate(Signature)
        .scalar_subquery()
    )
    longer = func.coalesce(DocumentProof.state, "waiting") != "waiting"
    query = (
        select(
            Signature.id, Signature.document_id, Signature.field, Signature.received_at, Signature.key_holder,
            case((longer, Outgoing.file_sha256), else_=VerdictRow.file_sha256).label("file_sha256"),
            longer.label("longer"), Outgoing.agency_id,
        )
        .join(VerdictRow, VerdictRow.id == newest)
        .join(Outgoing, Outgoing.id == Signature.document_id)
        .outerjoin(DocumentProof, DocumentProof.document_id == Signature.document_id)
        .where(Signature.id > after, Signature.withdrawn_at.is_(None))
        .order_by(Signature.id)
        .limit(limit)
    )  # fmt: skip
    return session.execute(query).all()


def seals_to_judge(session: Session, *, after: int, limit: int, reason: str) -> Sequence[Row[*tuple[Any, ...]]]:
    """(seal, attachment, agency, SHA-256 of its certificate, proof, size of the sealed file) of seals on
    attachments behind one, in order. The rows are let go: they are read while others are judged, and not asked
    for again."""
    query = (
        select(
            AttachmentSeal, Attachment, Outgoing.agency_id, Certificate.sha256.label("owner"), AttachmentProof,
            Blob.size,
        )
        .join(Blob, Blob.sha256 == AttachmentSeal.sha256)
        .outerjoin(AttachmentProof, AttachmentProof.seal_id == AttachmentSeal.id)
        .join(Attachment, Attachment.id == AttachmentSeal.attachment_id)
        .join(Outgoing, Outgoing.id == AttachmentSeal.document_id)
        .join(Certificate, Certificate.id == AttachmentSeal.certificate_id)
        .where(AttachmentSeal.id > after, AttachmentSeal.withdrawn_at.is_(None))
    )  # fmt: skip
    found = session.execute(query.order_by(AttachmentSeal.id).limit(limit)).all()
    for row in found:
        session.expunge(row.AttachmentSeal)
        session.expunge(row.Attachment)
        if row.AttachmentProof is not None:
            session.expunge(row.AttachmentProof)
    return found


def received_to_judge(session: Session, *, after: int, limit: int, reason: str) -> Sequence[Row[*tuple[Any, ...]]]:
    """Received files behind one, in order, that carry a signature: no list of roots changes the rest."""
    query = select(Intake.id, Intake.agency_id, Intake.sha256, Intake.content_sha256, Intake.received_at)
    query = query.where(Intake.id > after, Intake.conclusion.in_(SIGNED))
    return session.execute(query.order_by(Intake.id).limit(limit)).all()


def receipts_until(session: Session, document_id: int, signature_id: int | None) -> Sequence[Row[*tuple[Any, ...]]]:
    """The signatures of a document up to one, or all, in order: (id, field, received_at, size, sha256, owner)."""
    query = (
        select(
            Signature.id, Signature.field, Signature.received_at, Blob.size, Blob.sha256,
            Certificate.sha256.label("owner"),
        )
        .join(Blob, Blob.sha256 == Signature.file_sha256)
        .join(Certificate, Certificate.id == Signature.certificate_id)
        .where(
            Signature.document_id == document_id, Signature.withdrawn_at.is_(None),
            true() if signature_id is None else Signature.id <= signature_id,
        )
        .order_by(Signature.id)
    )  # fmt: skip
    return session.execute(query).all()


def forget_flips(session: Session, change_id: int) -> None:
    """What an overtaken count found."""
    session.execute(delete(TrustFlip).where(TrustFlip.change_id == change_id))


def flip_counts(session: Session, change_id: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """(conclusion before, conclusion after, how many), the most first."""
    many = func.count().label("many")
    query = (
        select(TrustFlip.before_conclusion, TrustFlip.after_conclusion, many)
        .where(TrustFlip.change_id == change_id)
        .group_by(TrustFlip.before_conclusion, TrustFlip.after_conclusion)
        .order_by(many.desc(), TrustFlip.before_conclusion, TrustFlip.after_conclusion)
    )
    return session.execute(query).all()


def flips(
    session: Session, change_id: int, *, reason: str, after: int = 0, limit: int | None = None
) -> Sequence[Row[*tuple[Any, ...]]]:
    """What would flip, with no more of a paper than its symbol and whose it is: who reads this sees no papers."""
    query = (
        select(
            TrustFlip, Outgoing.symbol, Unit.name.label("agency"), Signature.field, Intake.received_at,
            Attachment.place,
        )
        .outerjoin(Outgoing, Outgoing.id == TrustFlip.document_id)
        .outerjoin(Intake, Intake.id == TrustFlip.intake_id)
        .join(Unit, Unit.id == func.coalesce(Outgoing.agency_id, Intake.agency_id))
        .outerjoin(Signature, Signature.id == TrustFlip.signature_id)
        .outerjoin(AttachmentSeal, AttachmentSeal.id == TrustFlip.attachment_seal_id)
        .outerjoin(Attachment, Attachment.id == AttachmentSeal.attachment_id)
        .where(TrustFlip.change_id == change_id, TrustFlip.id > after)
        .order_by(TrustFlip.id)
        .limit(limit)
    )  # fmt: skip
    return session.execute(query).all()


def enrolled_chains(session: Session, *, at: dt.datetime) -> Sequence[Row[*tuple[Any, ...]]]:
    """(one certificate, its chain, how many) of the enrolments that may sign at a moment, by who issued them."""
    usable = (Certificate.status == "confirmed", Certificate.not_after > at)
    groups = (
        select(func.min(Certificate.id).label("id"), func.count().label("many"))
        .where(*usable)
        .group_by(Certificate.issuer_name, Certificate.chain)
        .subquery()
    )
    query = select(Certificate.der, Certificate.chain, groups.c.many).join(groups, groups.c.id == Certificate.id)
    return session.execute(query.order_by(Certificate.id)).all()
