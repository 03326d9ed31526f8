"""Queries for files that were given away to be signed elsewhere, and for the tickets by which they travel."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import Select, delete, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from workflow.domain.errors import NotFound
from workflow.domain.signing_acts import OF_COPIES
from workflow.store.models import (
    AttachmentSeal,
    Blob,
    LoginSession,
    Signature,
    SigningItem,
    SigningSession,
    SigningTicket,
)
from workflow.store.portions import PORTION, delete_some


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


def holds_withdrawn(session: Session, document_id: int, sha256: str) -> bool:
    """Whether exactly this file held a signature of the document that was withdrawn."""
    query = select(Signature.id).where(
        Signature.document_id == document_id, Signature.file_sha256 == sha256, Signature.withdrawn_at.is_not(None)
    )
    return session.scalars(query.limit(1)).first() is not None


def was_withdrawn(session: Session, item: SigningItem, attachment_id: int | None) -> bool:
    """Whether the signature that a file of an act got was taken back since, the document's or an attachment's."""
    made = (
        select(AttachmentSeal.id).where(
            AttachmentSeal.document_id == item.document_id, AttachmentSeal.attachment_id == attachment_id,
            AttachmentSeal.sha256 == item.result_sha256, AttachmentSeal.withdrawn_at.is_not(None),
        )
        if attachment_id is not None
        else select(Signature.id).where(
            Signature.document_id == item.document_id, Signature.field == item.field,
            Signature.file_sha256 == item.result_sha256, Signature.withdrawn_at.is_not(None),
        )
    )  # fmt: skip
    return session.scalars(made.limit(1)).first() is not None


def is_signed(session: Session, document_id: int, field: str, attachment_id: int | None) -> bool:
    """Whether a signature stands in a field of a document, or a seal on one of its attachments."""
    made = (
        select(AttachmentSeal.id).where(
            AttachmentSeal.document_id == document_id, AttachmentSeal.attachment_id == attachment_id,
            AttachmentSeal.withdrawn_at.is_(None),
        )
        if attachment_id is not None
        else select(Signature.id).where(
            Signature.document_id == document_id, Signature.field == field, Signature.withdrawn_at.is_(None)
        )
    )  # fmt: skip
    return session.scalars(made.limit(1)).first() is not None


def ticket(session: Session, ticket_hash: str, *, way: str, now: dt.datetime) -> SigningTicket:
    """An unused ticket that is not too old, of an act and a login that are not over, or `NotFound`."""
    acts = select(SigningSession.id).outerjoin(LoginSession, LoginSession.id == SigningSession.login_session_id)
    going_on = acts.where(SigningSession.expires_at >= now, LoginSession.ended_at.is_(None))
    query = select(SigningTicket).where(
        SigningTicket.ticket_hash == ticket_hash, SigningTicket.way == way, SigningTicket.used_at.is_(None),
        SigningTicket.expires_at >= now, SigningTicket.session_id.in_(going_on),
    )  # fmt: skip
    found = session.scalars(query).one_or_none()
    if found is None:
        raise NotFound("ticket_not_valid")
    return found


def use_ticket(session: Session, ticket_id: int, *, now: dt.datetime, file_sha256: str | None = None) -> None:
    """Write down that it was used, once; `NotFound` for whoever comes second."""
    used = (
        update(SigningTicket)
        .where(SigningTicket.id == ticket_id, SigningTicket.used_at.is_(None))
        .values(used_at=now, file_sha256=file_sha256)
        .returning(SigningTicket.id)
    )
    if session.execute(used, execution_options={"synchronize_session": False}).one_or_none() is None:
        raise NotFound("ticket_not_valid")


def brought(session: Session, opened: SigningSession, document_id: int, *, field: str) -> str | None:
    """SHA-256 of what was brought last for one file of a document, in this act or an earlier one of its login."""
    found = brought_in(session, opened, document_id, field=field)
    return None if found is None else found.file_sha256


def brought_in(session: Session, opened: SigningSession, document_id: int, *, field: str) -> SigningTicket | None:
    """By which ticket, and so in which act, that was brought."""
    query = select(SigningTicket).where(
        SigningTicket.session_id.in_(_own(opened)), _paper(opened) == document_id,
        SigningTicket.field == field, SigningTicket.file_sha256.is_not(None),
    )  # fmt: skip
    return session.scalars(query.order_by(SigningTicket.id.desc()).limit(1)).first()


def end_tickets(
    session: Session, opened: SigningSession, document_id: int, *, field: str, before: dt.datetime
) -> None:
    """Of older tries at a file no ticket is left; and none of anybody's from before a moment."""
    same = (_paper(opened) == document_id) & (SigningTicket.field == field)
    own = SigningTicket.session_id.in_(_own(opened)) & same
    gone = delete(SigningTicket).where(own | (SigningTicket.expires_at < before))
    session.execute(gone, execution_options={"synchronize_session": False})


def forget_tickets(session: Session, *, before: dt.datetime, limit: int = PORTION) -> int:
    """Tickets that ran out before a moment, whoever's."""
    return len(delete_some(session, SigningTicket.id, SigningTicket.expires_at < before, limit=limit))


def _own(opened: SigningSession) -> Select[int]:
    """The acts of one purpose of the login that began this one."""
    return select(SigningSession.id).where(
        SigningSession.person_id == opened.person_id, SigningSession.post_id == opened.post_id,
        SigningSession.login_session_id.is_not_distinct_from(opened.login_session_id),
        SigningSession.purpose == opened.purpose,
    )  # fmt: skip


def _paper(opened: SigningSession) -> InstrumentedAttribute[int | None]:
    """What the keys of an act's files are of."""
    return SigningTicket.copy_id if opened.purpose == OF_COPIES else SigningTicket.document_id
