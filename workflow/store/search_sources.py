"""What a document's row of search is written from: names, whose part it is, the texts of its files."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence

from sqlalchemy import Row, bindparam, func, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from workflow.store.models import (
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


_OUT, _SIGNER, _DRAFTER = Outgoing.__table__, Person.__table__.alias(), Person.__table__.alias()
_TYPE = DocumentType.__table__
_NAMES = Prepared(
    select(_TYPE.c.name_vi, func.coalesce(_SIGNER.c.full_name, ""), _DRAFTER.c.full_name)
    .select_from(_OUT)
    .join(_TYPE, _TYPE.c.code == _OUT.c.type_code)
    .join(_DRAFTER, _DRAFTER.c.id == _OUT.c.drafter_id)
    .outerjoin(_SIGNER, _SIGNER.c.id == _OUT.c.signer_id)
    .where(_OUT.c.id == bindparam("document"))
)


def names_of(session: Session, document_id: int) -> tuple[str, str, str]:
    """(type, signer or "", drafter) of a document that the caller has found, as they are written in search."""
    (found,) = _NAMES.rows(session, {"document": document_id})
    return found


def pdfs_of(session: Session, kind: str, document_id: int) -> list[str]:
    """The files whose text belongs to a document, by hash: everything received with an incoming one; of an
    outgoing one the draft or, signed in ink, the scan (later files are the same with signatures)."""
    if kind == IN:
        received = select(IncomingFile.sha256).where(
            IncomingFile.incoming_id == document_id, IncomingFile.media_type == "application/pdf"
        )
        return list(dict.fromkeys(session.scalars(received.order_by(IncomingFile.ordinal))))
    own = select(FileVersion.sha256).where(
        FileVersion.document_id == document_id, FileVersion.kind.in_(("draft", "scan"))
    )
    return list(session.scalars(own.order_by(FileVersion.ordinal.desc()).limit(1)))


def texts_of(session: Session, hashes: Collection[str]) -> dict[str, str]:
    """hash → text of those files that were read."""
    if not hashes:
        return {}
    query = select(FileText.sha256, FileText.text).where(FileText.sha256.in_(hashes))
    return {row.sha256: row.text for row in session.execute(query)}


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
