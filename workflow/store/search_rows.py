"""The rows that search looks in: each cut for its database, and the queue of those that wait to be written anew.

Whose a document is stands in its row's tags (`search.reach` asks for them). A tag that is too many finds nothing
more; one that is missing would hide the document, so whoever changes whose it is writes its row anew
(`services.search.index`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Row,
    String,
    bindparam,
    cast,
    exists,
    func,
    literal,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.orm import Session

from workflow.domain.search import folded
from workflow.store.models import Attachment, FileVersion, Incoming, IncomingFile, Outgoing, SearchText
from workflow.store.prepared import Prepared
from workflow.store.search import IN, OUT, quoted

_TABLE = SearchText.metadata.tables[SearchText.__tablename__]
_MODEL: dict[str, type[Outgoing] | type[Incoming]] = {OUT: Outgoing, IN: Incoming}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A document's row before it is cut for a database."""

    kind: str
    document_id: int
    agency_id: int
    day: dt.date
    text: str
    words: Sequence[str]
    tags: Sequence[str]
    waiting: bool


class _Before(NamedTuple):
    """A row as it stands."""

    id: int
    text: str
    tags: str
    day: dt.date
    waiting: bool


_ROW = SearchText.__table__.c
_BEFORE = Prepared(
    select(_ROW.id, _ROW.text, _ROW.tags, _ROW.day, _ROW.waiting).where(
        _ROW.kind == bindparam("kind", type_=String), _ROW.document_id == bindparam("document", type_=BigInteger)
    ),
    make=_Before._make,
)


def put(session: Session, entry: Entry) -> None:
    """Write a document's row; the index is touched only where its words or tags changed."""
    known = _BEFORE.rows(session, {"kind": entry.kind, "document": entry.document_id})
    before = known[0] if known else None
    tags = " ".join(entry.tags)
    same = before is not None and (before.text, before.tags, before.day) == (entry.text, tags, entry.day)
    if same and before is not None and before.waiting == entry.waiting:
        return
    values: dict[str, Any] = {"waiting": entry.waiting, "taken_until": None}
    if not same:
        values |= {"text": entry.text, "tags": tags, "day": entry.day, **_cut(session, entry)}
    if before is not None:
        session.execute(update(SearchText).where(SearchText.id == before.id).values(**values))
        return
    values |= {"kind": entry.kind, "document_id": entry.document_id, "agency_id": entry.agency_id}
    session.execute(_TABLE.insert().values(**values))


def _cut(session: Session, entry: Entry) -> dict[str, str]:
    if session.get_bind().dialect.name == "sqlite":
        return {"words": " ".join(entry.words), "folded": " ".join(folded(word) for word in entry.words)}
    places: dict[str, list[int]] = {}
    for place, word in enumerate(entry.words, 1):
        places.setdefault(f"={word}", []).append(place)
        places.setdefault(folded(word), []).append(place)
    vector = [f"{quoted(word)}:{','.join(map(str, found[:200]))}" for word, found in places.items()]
    return {"words": " ".join([*vector, *(quoted(f"#{tag}") for tag in entry.tags)]), "folded": ""}


def let_wait(session: Session, sha256: str) -> None:
    """Have the rows of every document with this file written anew."""
    received = select(IncomingFile.incoming_id).where(IncomingFile.sha256 == sha256)
    own = select(FileVersion.document_id).where(FileVersion.sha256 == sha256)
    beside = select(Attachment.document_id).where(Attachment.sha256 == sha256, Attachment.removed_at.is_(None))
    for kind, holders in ((IN, received), (OUT, own.union(beside))):
        rows = update(SearchText).where(SearchText.kind == kind, SearchText.document_id.in_(holders))
        session.execute(
            rows.values(waiting=True, taken_until=None).execution_options(synchronize_session=False)
        )  # fmt: skip


def waiting(
    session: Session, *, now: dt.datetime, limit: int, before: int | None = None
) -> Sequence[Row[int, str, int]]:
    """(key, kind, document) of rows that wait and that nobody works on, the newest first."""
    waits = text("search_text.waiting")  # as the index says it, or SQLite reads every row
    query = select(SearchText.id, SearchText.kind, SearchText.document_id).where(waits, _free(now))
    if before is not None:
        query = query.where(SearchText.id < before)
    return session.execute(query.order_by(SearchText.id.desc()).limit(limit)).all()


def take(session: Session, key: int, *, now: dt.datetime, until: dt.datetime) -> bool:
    """Work on a row; False where somebody else does, or did."""
    mine = (
        update(SearchText)
        .where(SearchText.id == key, SearchText.waiting, _free(now))
        .values(taken_until=until)
        .returning(SearchText.id)
        .execution_options(synchronize_session=False)
    )
    return session.execute(mine).one_or_none() is not None


def _free(now: dt.datetime) -> ColumnElement[bool]:
    return or_(SearchText.taken_until.is_(None), SearchText.taken_until < now)


def let_all_wait(session: Session) -> int:
    """Have every row written anew, and make those that are missing; how many there are."""
    _add_missing(session, OUT, Outgoing.created_at)
    _add_missing(session, IN, Incoming.arrived_at)
    session.execute(update(SearchText).values(waiting=True, taken_until=None))
    return session.scalar(select(func.count()).select_from(SearchText)) or 0


def _add_missing(session: Session, kind: str, came: Any) -> None:
    model = _MODEL[kind]
    known = exists().where(SearchText.kind == kind, SearchText.document_id == model.id)
    blank = [literal("").label(name) for name in ("text", "folded", "tags")]
    words = cast(literal(""), SearchText.words.type).label("words")
    missing = (
        select(literal(kind), model.id, model.agency_id, func.date(came), *blank, words, literal(True))
        .where(~known)
        .order_by(came, model.id)
    )
    names = ["kind", "document_id", "agency_id", "day", "text", "folded", "tags", "words", "waiting"]
    session.execute(_TABLE.insert().from_select(names, missing, include_defaults=False))
