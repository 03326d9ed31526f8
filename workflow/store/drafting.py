"""Templates of agencies, the words of drafts, remarks on their versions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import BigInteger, Row, bindparam, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from workflow.domain.errors import NotFound
from workflow.store.models import Correction, DraftComment, DraftTemplate, DraftText, Person, PinnedRemark
from workflow.store.prepared import Prepared


def templates(
    session: Session, agency_id: int, *, in_use: bool | None = True, type_code: str = ""
) -> Sequence[DraftTemplate]:
    """An agency's own templates, by name. `in_use`: None for all."""
    query = select(DraftTemplate).where(DraftTemplate.agency_id == agency_id)
    if in_use is not None:
        ended = DraftTemplate.ended_at
        query = query.where(ended.is_(None) if in_use else ended.is_not(None))
    if type_code:
        query = query.where(DraftTemplate.type_code == type_code)
    return session.scalars(query.order_by(DraftTemplate.name, DraftTemplate.id)).all()


def template(session: Session, agency_id: int, template_id: int) -> DraftTemplate:
    """One of an agency's own, also out of use; `NotFound` for another's."""
    query = select(DraftTemplate).where(DraftTemplate.id == template_id, DraftTemplate.agency_id == agency_id)
    found = session.scalars(query).one_or_none()
    if found is None:
        raise NotFound("template_not_found")
    return found


def latest_text(session: Session, document_id: int) -> DraftText | None:
    """The words that a document was last set from; the caller has found the document."""
    query = select(DraftText).where(DraftText.document_id == document_id)
    return session.scalars(query.order_by(DraftText.ordinal.desc()).limit(1)).one_or_none()


def templates_of_versions(session: Session, document_id: int) -> dict[int, str]:
    """File's ordinal → the template that its words began from."""
    query = select(DraftText.ordinal, DraftText.template).where(DraftText.document_id == document_id)
    return {row.ordinal: row.template for row in session.execute(query)}


def comments(session: Session, document_id: int) -> Sequence[Row[DraftComment, str, str | None]]:
    """(remark, who wrote it, who settled it) on every version, oldest first."""
    settler = aliased(Person)
    query = (
        select(DraftComment, Person.full_name, settler.full_name)
        .join(Person, Person.id == DraftComment.person_id)
        .outerjoin(settler, settler.id == DraftComment.settled_by_id)
        .where(DraftComment.document_id == document_id)
        .order_by(DraftComment.id)
    )
    return session.execute(query).all()


def comment(session: Session, document_id: int, comment_id: int) -> DraftComment:
    """One remark of a document that the caller has found; `NotFound` for another's."""
    query = select(DraftComment).where(DraftComment.id == comment_id, DraftComment.document_id == document_id)
    found = session.scalars(query).one_or_none()
    if found is None:
        raise NotFound("comment_not_found")
    return found


def in_thread(session: Session, document_id: int, comment_id: int) -> set[int]:
    """Who wrote a remark of a document that the caller has found, or answered it."""
    query = select(DraftComment.person_id).where(
        DraftComment.document_id == document_id,
        or_(DraftComment.id == comment_id, DraftComment.parent_id == comment_id),
    )
    return set(session.scalars(query))


class Pin(NamedTuple):
    """A remark with its spot. `number`: among all of the document, as it stands in the marker."""

    number: int
    row: DraftComment
    x: float
    y: float
    who: str
    settled_by: str | None


def pins(session: Session, document_id: int) -> list[Pin]:
    """Remarks pinned to spots of a document that the caller has found, on every version, oldest first."""
    settler = aliased(Person)
    query = (
        select(DraftComment, PinnedRemark.x, PinnedRemark.y, Person.full_name, settler.full_name)
        .join(PinnedRemark, PinnedRemark.comment_id == DraftComment.id)
        .join(Person, Person.id == DraftComment.person_id)
        .outerjoin(settler, settler.id == DraftComment.settled_by_id)
        .where(DraftComment.document_id == document_id)
        .order_by(DraftComment.id)
    )
    return [Pin(number, *row) for number, row in enumerate(session.execute(query), start=1)]


def open_pins(session: Session, document_id: int) -> list[int]:
    """Keys of those that nobody has settled."""
    query = (
        select(DraftComment.id)
        .join(PinnedRemark, PinnedRemark.comment_id == DraftComment.id)
        .where(DraftComment.document_id == document_id, DraftComment.settled_at.is_(None))
    )
    return list(session.scalars(query.order_by(DraftComment.id)))


def open_pins_of(session: Session, documents: Sequence[int]) -> dict[int, int]:
    """Document → how many remarks pinned to it nobody has settled, of documents that the caller has found; those
    with none are left out."""
    query = (
        select(DraftComment.document_id, func.count())
        .join(PinnedRemark, PinnedRemark.comment_id == DraftComment.id)
        .where(DraftComment.document_id.in_(documents), DraftComment.settled_at.is_(None))
        .group_by(DraftComment.document_id)
    )
    return {row[0]: row[1] for row in session.execute(query)}


def twin_of(
    session: Session, wanted: DraftComment, *, since: dt.datetime, place: tuple[float, float] | None = None
) -> DraftComment | None:
    """What the same person said in the same words and place a moment ago; safe under the document's row lock."""
    query = select(DraftComment).where(
        DraftComment.document_id == wanted.document_id,
        DraftComment.ordinal == wanted.ordinal,
        DraftComment.page.is_not_distinct_from(wanted.page),
        DraftComment.parent_id.is_not_distinct_from(wanted.parent_id),
        DraftComment.person_id == wanted.person_id,
        DraftComment.words == wanted.words,
        DraftComment.written_at >= since,
    )
    if place is not None:
        here = (PinnedRemark.x == place[0], PinnedRemark.y == place[1])
        query = query.join(PinnedRemark, PinnedRemark.comment_id == DraftComment.id).where(*here)
    return session.scalars(query.order_by(DraftComment.id).limit(1)).one_or_none()


_COMMENT = DraftComment.__table__.c
_OPEN = Prepared(
    select(func.count()).where(
        _COMMENT.document_id == bindparam("document"),
        _COMMENT.parent_id.is_(None),
        _COMMENT.settled_at.is_(None),
    ),
    make=lambda values: int(values[0]),
)


def open_comments(session: Session, document_id: int) -> int:
    """How many remarks nobody has settled."""
    (count,) = _OPEN.rows(session, {"document": document_id})
    return count


class Submitted(NamedTuple):
    """What a submission asks of a draft: whether it corrects, amends or replaces an earlier document, and how many
    remarks nobody has settled."""

    corrects: bool
    open_comments: int


_SUBMITTED = Prepared(
    select(
        exists().where(Correction.__table__.c.outgoing_id == bindparam("document", type_=BigInteger)),
        _OPEN.statement.scalar_subquery(),
    ),
    make=Submitted._make,
)


def submitted(session: Session, document_id: int) -> Submitted:
    """Of a draft that the caller has found."""
    (found,) = _SUBMITTED.rows(session, {"document": document_id})
    return found
