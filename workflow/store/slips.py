"""What a submission slip says, in as few questions as may be: every submission and format check asks for it inside
its write, while others wait for the document's row."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, ScalarSelect, bindparam, exists, func, or_, select
from sqlalchemy.orm import Session

from workflow.domain.opinions import Kind
from workflow.domain.outgoing import INITIALLING
from workflow.store.models import (
    Attachment,
    Correction,
    DocumentType,
    FileVersion,
    History,
    OpinionRequest,
    Outgoing,
    Person,
    PostRow,
    Reply,
    SlipWords,
    SubmissionSlip,
    Unit,
)
from workflow.store.prepared import Prepared


@dataclass(frozen=True, slots=True)
class Facts:
    """The names behind a document's keys, the drafter's own words, and what there is to be asked for besides."""

    agency: str
    unit: str
    drafter: str
    signer: str | None
    title: str | None
    """Of the post that the signer signs in."""
    kind: str
    basis: str | None
    proposal: str | None
    last: int
    """The ordinal of the newest slip, 0 without one."""
    asked: bool
    """Whether anybody was asked for an opinion or for initials."""
    answers: bool
    """Whether it answers something that arrived."""
    attached: bool
    """Whether files go with it."""
    corrects: bool
    """Whether it corrects, amends or replaces an earlier one."""
    draft: str | None
    """The SHA-256 of the newest draft."""
    initialled: bool
    """Whether it ever passed a reviewer or the format check."""


@dataclass(frozen=True, slots=True)
class File:
    """A file of a document's, as the row of initials needs it."""

    ordinal: int
    kind: str
    sha256: str
    added_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Line:
    """A line of history, likewise."""

    action: str
    to_state: str
    at: dt.datetime
    name: str | None
    role: str | None
    """Of the post in which they acted."""


_DOCUMENT, _UNIT, _PERSON = Outgoing.__table__, Unit.__table__, Person.__table__
_POST, _TYPE, _WORDS = PostRow.__table__, DocumentType.__table__, SlipWords.__table__
_ATTACHED = Attachment.__table__.c
_SLIP, _FILE, _HISTORY = (each.__table__.c for each in (SubmissionSlip, FileVersion, History))
_KEY = bindparam("document", type_=BigInteger)
_LEAVES_INITIALS = or_(*(_HISTORY.action == str(action) for action in sorted(INITIALLING)))


def _named(column: ColumnElement[Any], *, key: ColumnElement[Any], of: ColumnElement[Any]) -> ScalarSelect[Any]:
    """A name behind a key of the document. Looked up one by one: over a join of eight tables PostgreSQL thinks ten
    times longer than it reads."""
    return select(column).where(key == of).correlate(_DOCUMENT).scalar_subquery()


_OF = _DOCUMENT.c
_FACTS = Prepared(
    select(
        _named(_UNIT.c.name, key=_UNIT.c.id, of=_OF.agency_id),
        _named(_UNIT.c.name, key=_UNIT.c.id, of=_OF.unit_id),
        _named(_PERSON.c.full_name, key=_PERSON.c.id, of=_OF.drafter_id),
        _named(_PERSON.c.full_name, key=_PERSON.c.id, of=_OF.signer_id),
        _named(_POST.c.title, key=_POST.c.id, of=_OF.signer_post_id),
        _named(_TYPE.c.name_vi, key=_TYPE.c.code, of=_OF.type_code),
        _named(_WORDS.c.basis, key=_WORDS.c.document_id, of=_OF.id),
        _named(_WORDS.c.proposal, key=_WORDS.c.document_id, of=_OF.id),
        select(func.coalesce(func.max(_SLIP.ordinal), 0)).where(_SLIP.document_id == _KEY).scalar_subquery(),
        exists().where(OpinionRequest.__table__.c.document_id == _KEY),
        exists().where(Reply.__table__.c.outgoing_id == _KEY),
        exists().where(_ATTACHED.document_id == _KEY, _ATTACHED.removed_at.is_(None)),
        exists().where(Correction.__table__.c.outgoing_id == _KEY),
        select(_FILE.sha256)
        .where(_FILE.document_id == _KEY, _FILE.kind == "draft")
        .order_by(_FILE.ordinal.desc())
        .limit(1)
        .scalar_subquery(),
        exists().where(_HISTORY.document_id == _KEY, _LEAVES_INITIALS),
    ).where(_OF.id == _KEY),
    make=lambda values: Facts(*values),
)


def facts(session: Session, document_id: int) -> Facts:
    """Of a document that the caller has found, as it stands in the table."""
    (found,) = _FACTS.rows(session, {"document": document_id})
    return found


_REQUEST = OpinionRequest.__table__.c
_WANTED = Prepared(
    select(_REQUEST.id)
    .where(_REQUEST.document_id == _KEY, _REQUEST.kind == str(Kind.INITIALS), _REQUEST.withdrawn_at.is_(None))
    .limit(1)
)


def initials_wanted(session: Session, document_id: int) -> bool:
    """Whether coordinating units have to initial it; the guard of a transition asks: one look at an index."""
    return bool(_WANTED.rows(session, {"document": document_id}))


_FILES = Prepared(
    select(_FILE.ordinal, _FILE.kind, _FILE.sha256, _FILE.added_at)
    .where(_FILE.document_id == _KEY)
    .order_by(_FILE.ordinal),
    make=lambda values: File(*values),
)


def files(session: Session, document_id: int) -> Sequence[File]:
    """Every file that a document had, oldest first."""
    return _FILES.rows(session, {"document": document_id})


_LINES = Prepared(
    select(_HISTORY.action, _HISTORY.to_state, _HISTORY.at, _PERSON.c.full_name, _POST.c.role)
    .outerjoin(_PERSON, _PERSON.c.id == _HISTORY.person_id)
    .outerjoin(_POST, _POST.c.id == _HISTORY.post_id)
    .where(_HISTORY.document_id == _KEY)
    .order_by(_HISTORY.ordinal),
    make=lambda values: Line(*values),
)


def lines(session: Session, document_id: int) -> Sequence[Line]:
    """Its history with the names of those who acted, oldest first."""
    return _LINES.rows(session, {"document": document_id})
