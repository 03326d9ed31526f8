"""What a document's row of search is written from: names, whose part it is, the texts of its files."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    ScalarSelect,
    bindparam,
    case,
    func,
    literal,
    or_,
    select,
    union_all,
    update,
)
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from workflow.domain.attachments import SHEETS
from workflow.store.models import (
    Attachment,
    DocumentType,
    FileText,
    FileVersion,
    IncomingFile,
    IncomingPart,
    Outgoing,
    Person,
)
from workflow.store.prepared import Prepared
from workflow.store.search import IN


def parts_of(session: Session, incoming_id: int) -> Sequence[Row[int, int | None]]:
    """(unit, person) of those who take part in an incoming document, each once."""
    query = select(IncomingPart.unit_id, IncomingPart.person_id).where(
        IncomingPart.incoming_id == incoming_id, IncomingPart.state != "ended"
    )
    return session.execute(query.distinct().order_by(IncomingPart.unit_id, IncomingPart.person_id)).all()


_OUT, _NAME, _TYPE = Outgoing.__table__.c, Person.__table__.c, DocumentType.__table__.c


def _person(key: ColumnElement[Any]) -> ScalarSelect[Any]:
    return select(_NAME.full_name).where(_NAME.id == key).correlate(Outgoing.__table__).scalar_subquery()


_KIND = select(_TYPE.name_vi).where(_TYPE.code == _OUT.type_code).correlate(Outgoing.__table__).scalar_subquery()
_NAMES = Prepared(
    select(_KIND, func.coalesce(_person(_OUT.signer_id), ""), _person(_OUT.drafter_id)).where(
        _OUT.id == bindparam("document")
    )
)


def names_of(session: Session, document_id: int) -> tuple[str, str, str]:
    """(type, signer or "", drafter) of a document that the caller has found, as they are written in search."""
    (found,) = _NAMES.rows(session, {"document": document_id})
    return found


READ = ("application/pdf", *SHEETS)
"""Kinds of received files whose words are known; an attachment of our own is always one of them."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file whose text belongs to a document. `attached`: under which name it goes with it, empty for its own."""

    sha256: str
    attached: str = ""


_FILE, _ATTACHED = FileVersion.__table__, Attachment.__table__
_OWN = (
    select(_FILE.c.sha256, literal("").label("name"), literal(0).label("place"))
    .where(_FILE.c.document_id == bindparam("document"), or_(_FILE.c.kind == "draft", _FILE.c.kind == "scan"))
    .order_by(_FILE.c.ordinal.desc())
    .limit(1)
    .subquery()
)
_BESIDE = select(_ATTACHED.c.sha256, _ATTACHED.c.name, _ATTACHED.c.place).where(
    _ATTACHED.c.document_id == bindparam("document"), _ATTACHED.c.removed_at.is_(None)
)
_BOTH = union_all(select(_OWN.c.sha256, _OWN.c.name, _OWN.c.place), _BESIDE).subquery()
_FILES = Prepared(select(_BOTH.c.sha256, _BOTH.c.name).order_by(_BOTH.c.place))


def files_of(session: Session, kind: str, document_id: int) -> list[Source]:
    """The files whose text belongs to a document: everything received with an incoming one; of an outgoing one the
    draft or, signed in ink, the scan (later files are the same with signatures), then what is attached now."""
    if kind == IN:
        received = select(IncomingFile.sha256).where(
            IncomingFile.incoming_id == document_id, IncomingFile.media_type.in_(READ)
        )
        hashes = dict.fromkeys(session.scalars(received.order_by(IncomingFile.ordinal)))
        return [Source(sha256) for sha256 in hashes]
    return [Source(sha256, name) for sha256, name in _FILES.rows(session, {"document": document_id})]


def texts_of(session: Session, files: Sequence[Source], *, most: int) -> dict[str, str]:
    """hash → text of those files that were read; of many attachments only so much of each that none takes all the
    room of the others."""
    if not files:
        return {}
    beside = [one.sha256 for one in files if one.attached]
    said = func.substr(FileText.text, 1, most // max(len(beside), 1))
    text = case((FileText.sha256.in_(beside), said), else_=FileText.text) if beside else FileText.text
    query = select(FileText.sha256, text.label("text")).where(FileText.sha256.in_([one.sha256 for one in files]))
    return {row.sha256: row.text for row in session.execute(query)}


def unread(session: Session, files: Sequence[Source]) -> list[str]:
    """Those whose text is not known yet, each once."""
    hashes = list(dict.fromkeys(one.sha256 for one in files))
    known = set(session.scalars(select(FileText.sha256).where(FileText.sha256.in_(hashes)))) if hashes else set()
    return [sha256 for sha256 in hashes if sha256 not in known]


def keep_text(session: Session, sha256: str, *, state: str, text: str, pages: int, now: dt.datetime) -> None:
    """What a file says; the first answer stays."""
    insert = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgresql_insert
    values = {"sha256": sha256, "state": state, "text": text, "pages": pages, "read_at": now}
    session.execute(insert(FileText).values(**values).on_conflict_do_nothing())


def put_text(session: Session, sha256: str, *, state: str, text: str, pages: int, now: dt.datetime) -> None:
    """What a file says after its scans were read, in the place of what was known before."""
    keep_text(session, sha256, state=state, text=text, pages=pages, now=now)
    values = {"state": state, "text": text, "pages": pages, "read_at": now}
    session.execute(update(FileText).where(FileText.sha256 == sha256).values(**values))
