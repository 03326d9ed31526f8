"""Queries for opinions, initials and submission slips.

Whoever is asked reaches the request, not the document: they read the text they are asked about through it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from workflow.domain import opinions as rules
from workflow.domain.attachments import text_key
from workflow.domain.errors import NotFound
from workflow.domain.outgoing import BEFORE_SIGNING
from workflow.domain.permissions import Scope
from workflow.store import attachments
from workflow.store.documents import within
from workflow.store.models import (
    FileVersion,
    Opinion,
    OpinionRequest,
    Outgoing,
    Person,
    PostRow,
    SlipWords,
    SubmissionSlip,
    Unit,
)

_Absent, _Asker = aliased(Person), aliased(Person)


@dataclass(frozen=True, slots=True)
class Said:
    """An answer with the names of who gave it, and of whose desk it was given at."""

    row: Opinion
    name: str
    title: str
    in_place_of: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A request with the names of whom it asks and who asked, and its answers, oldest first."""

    row: OpinionRequest
    unit: str
    person: str
    title: str
    asker: str
    said: tuple[Said, ...]

    @property
    def whom(self) -> str:
        """The addressee in words."""
        return self.unit or self.person

    def state(self, present: str | None) -> rules.State:
        """Where it is, with the present text (`present_text`)."""
        last = self.said[-1].row if self.said else None
        return rules.state_of(
            rules.Kind(self.row.kind),
            withdrawn=self.row.withdrawn_at is not None,
            last=rules.Answer(verdict=rules.Verdict(last.verdict), text=last.text) if last else None,
            present=present,
        )


@dataclass(frozen=True, slots=True)
class _Named:
    """A request with the names that stand in its row; of a unit there is no person, of a person no unit."""

    row: OpinionRequest
    unit: str | None
    person: str | None
    title: str | None
    asker: str


_REQUESTS = (
    select(OpinionRequest, Unit.name, Person.full_name, PostRow.title, _Asker.full_name)
    .outerjoin(Unit, Unit.id == OpinionRequest.unit_id)
    .outerjoin(Person, Person.id == OpinionRequest.person_id)
    .outerjoin(PostRow, PostRow.id == OpinionRequest.post_id)
    .join(_Asker, _Asker.id == OpinionRequest.asked_by_id)
)


def _with_answers(session: Session, found: Sequence[_Named]) -> list[Asked]:
    keys = [one.row.id for one in found]
    said: dict[int, list[Said]] = {}
    if keys:
        query = (
            select(Opinion, Person.full_name, PostRow.title, _Absent.full_name)
            .join(Person, Person.id == Opinion.person_id)
            .join(PostRow, PostRow.id == Opinion.post_id)
            .outerjoin(_Absent, _Absent.id == Opinion.in_place_of_id)
            .where(Opinion.request_id.in_(keys))
            .order_by(Opinion.request_id, Opinion.ordinal)
        )
        for opinion, name, title, absent in session.execute(query):
            said.setdefault(opinion.request_id, []).append(Said(opinion, name, title, absent or ""))
    return [
        Asked(
            one.row, one.unit or "", one.person or "", one.title or "", one.asker, tuple(said.get(one.row.id, ()))
        )
        for one in found
    ]


def of_document(session: Session, document_id: int) -> list[Asked]:
    """Every request of a document that the caller has found, oldest first; withdrawn ones too."""
    query = _REQUESTS.where(OpinionRequest.document_id == document_id).order_by(OpinionRequest.id)
    return _with_answers(session, [_Named(*row) for row in session.execute(query)])


def earlier_answer(session: Session, asked: Asked) -> tuple[Asked, Said] | None:
    """What the same unit or person last said of the document: to this request, or to one before it."""
    whom = (asked.row.unit_id, asked.row.person_id)
    found = [
        (one, said)
        for one in of_document(session, asked.row.document_id)
        if (one.row.unit_id, one.row.person_id) == whom
        for said in one.said
    ]
    return max(found, key=lambda pair: pair[1].row.id, default=None)


def initials_asked(session: Session, document_id: int) -> list[Asked]:
    """The requests for initials that stand; the guard of a transition asks this, so it is one look at an index
    where a document has none."""
    query = _REQUESTS.where(
        OpinionRequest.document_id == document_id,
        OpinionRequest.kind == str(rules.Kind.INITIALS),
        OpinionRequest.withdrawn_at.is_(None),
    )
    rows = session.execute(query.order_by(OpinionRequest.id))
    return _with_answers(session, [_Named(*row) for row in rows])


def draft_file(session: Session, document_id: int) -> FileVersion | None:
    """The text as it is now: the newest draft, whatever fields were drawn into it since."""
    query = select(FileVersion).where(FileVersion.document_id == document_id, FileVersion.kind == "draft")
    return session.scalars(query.order_by(FileVersion.ordinal.desc()).limit(1)).one_or_none()


def present_text(session: Session, document_id: int) -> str | None:
    """What initials hold for: the present draft and what is attached to it; None where there is no draft."""
    file = draft_file(session, document_id)
    return text_key(file.sha256, attachments.digest_of(session, document_id)) if file is not None else None


def reach(scope: Scope) -> ColumnElement[bool]:
    """Readers of the document, staff of the unit asked, the person asked."""
    reach = [within(scope)]
    if scope.unit_ids:
        reach.append(OpinionRequest.unit_id.in_(scope.unit_ids))
    if scope.own is not None:
        person, agency = scope.own
        reach.append(and_(OpinionRequest.person_id == person, OpinionRequest.agency_id == agency))
    return or_(*reach)


def find(scope: Scope, session: Session, request_id: int) -> tuple[Asked, Outgoing]:
    """A request with its document, or `NotFound`: the same for a foreign one and for none."""
    query = _REQUESTS.add_columns(Outgoing).join(Outgoing, Outgoing.id == OpinionRequest.document_id)
    query = query.where(OpinionRequest.id == request_id, reach(scope)).execution_options(populate_existing=True)
    row = session.execute(query).one_or_none()
    if row is None:
        raise NotFound("opinion_request_not_found")
    request, unit, person, title, asker, document = row
    return _with_answers(session, [_Named(request, unit, person, title, asker)])[0], document


def at_desk(
    scope: Scope, session: Session, *, person_id: int, head_of: int | None, limit: int = 200
) -> list[tuple[Asked, Outgoing]]:
    """What a person is asked for, and the unit that they head: of drafts that are not signed yet, soonest first.

    Whether a request still waits, its `state` says with the document's present draft.
    """
    mine: list[ColumnElement[bool]] = [OpinionRequest.person_id == person_id]
    if head_of is not None:
        mine.append(OpinionRequest.unit_id == head_of)
    query = (
        _REQUESTS.add_columns(Outgoing)
        .join(Outgoing, Outgoing.id == OpinionRequest.document_id)
        .where(
            reach(scope),
            or_(*mine),
            OpinionRequest.withdrawn_at.is_(None),
            Outgoing.state.in_([str(state) for state in BEFORE_SIGNING]),
        )
        .order_by(OpinionRequest.due_on.is_(None), OpinionRequest.due_on, OpinionRequest.id)
        .limit(limit)
    )
    found, papers = [], []
    for request, unit, person, title, asker, document in session.execute(query):
        found.append(_Named(request, unit, person, title, asker))
        papers.append(document)
    return list(zip(_with_answers(session, found), papers, strict=True))


def present_texts(session: Session, document_ids: Sequence[int]) -> dict[int, str]:
    """The present text of each of some documents; of requests that the caller has found."""
    if not document_ids:
        return {}
    newest = (
        select(FileVersion.document_id, func.max(FileVersion.ordinal).label("ordinal"))
        .where(FileVersion.document_id.in_(document_ids), FileVersion.kind == "draft")
        .group_by(FileVersion.document_id)
        .subquery()
    )
    query = select(FileVersion.document_id, FileVersion.sha256).join(
        newest, and_(newest.c.document_id == FileVersion.document_id, newest.c.ordinal == FileVersion.ordinal)
    )
    attached = attachments.of_those(session, document_ids)
    return {
        row.document_id: text_key(row.sha256, attachments.digest(attached.get(row.document_id, ())))
        for row in session.execute(query)
    }


def still_waits(session: Session, row: OpinionRequest) -> bool:
    """Whether nobody answered or withdrew a request, asked under the lock of its document; the row is read anew."""
    session.refresh(row)
    return row.withdrawn_at is None and not session.scalar(
        select(Opinion.id).where(Opinion.request_id == row.id).limit(1)
    )


def held_by(session: Session, post: PostRow) -> Sequence[OpinionRequest]:
    """Requests that wait for the person in a post: not withdrawn, not answered, the draft not signed.

    They are not locked here: whoever answers locks the document first, so a handover does too.
    """
    answered = select(Opinion.id).where(Opinion.request_id == OpinionRequest.id).exists()
    open_drafts = select(Outgoing.id).where(Outgoing.state.in_([str(state) for state in BEFORE_SIGNING]))
    query = select(OpinionRequest).where(
        OpinionRequest.post_id == post.id,
        OpinionRequest.withdrawn_at.is_(None),
        ~answered,
        OpinionRequest.document_id.in_(open_drafts),
    )
    return session.scalars(query.order_by(OpinionRequest.id)).all()


def slip_words(session: Session, document_id: int) -> SlipWords | None:
    """What the drafter wrote for the next slip."""
    return session.get(SlipWords, document_id)


def slips_of(session: Session, document_id: int) -> Sequence[SubmissionSlip]:
    """Every slip of a document that the caller has found, oldest first."""
    query = select(SubmissionSlip).where(SubmissionSlip.document_id == document_id)
    return session.scalars(query.order_by(SubmissionSlip.ordinal)).all()


def addressees(session: Session, agency_id: int, *, on: Any) -> Sequence[Row[*tuple[Any, ...]]]:
    """(post, name, unit) of everybody with a desk in an agency on a day, by unit and name."""
    query = (
        select(PostRow, Person.full_name, Unit.name)
        .join(Person, Person.id == PostRow.person_id)
        .join(Unit, Unit.id == PostRow.unit_id)
        .where(
            PostRow.agency_id == agency_id,
            PostRow.role.in_([str(role) for role in rules.ANSWERING]),
            PostRow.valid_from <= on,
            or_(PostRow.valid_to.is_(None), PostRow.valid_to >= on),
        )
        .order_by(
            Unit.id, PostRow.role != "leader", PostRow.role != "deputy", PostRow.role != "unit_head", PostRow.id
        )
    )
    return session.execute(query).all()
