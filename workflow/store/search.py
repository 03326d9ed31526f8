"""Full-text search: writing a document's row, finding documents within a scope.

What a person may see is asked of the documents themselves, by the same `within` as everywhere: no row, count or
text outside of it leaves a query. Tags of the index only keep a search for common words from looking at rows that
cannot be within it, so that its time does not grow with other people's papers (nor tell of them): the index meets
the few entries of "mine" with the many of "văn bản". A tag that is too many finds nothing more; one that is missing
would hide a document from search, so whoever changes whose a document is writes its row anew
(`services.search.index`).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    Table,
    bindparam,
    case,
    cast,
    column,
    exists,
    func,
    literal,
    or_,
    select,
    table,
    union_all,
    update,
)
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from workflow.domain.permissions import Scope
from workflow.domain.search import Asked, folded
from workflow.store import documents, incoming
from workflow.store.models import (
    FileText,
    FileVersion,
    Incoming,
    IncomingFile,
    IncomingPart,
    Outgoing,
    Person,
    SearchText,
    Unit,
)

IN, OUT = "in", "out"
PAGE = 25
SHOWN_TEXT = 20_000
"""Characters of a document in which the words are shown where they stand."""
MOST_TAGS = 100
"""Units and agencies of one scope that the index is asked about; a wider one sees most of what there is anyway."""
MOST_MONTHS = 36
_NO_TAG = re.compile(r"[^0-9a-z]")
_FTS = table("search_fts", column("rowid"), column("search_fts"))
_OF_KIND: dict[str, tuple[type[Outgoing] | type[Incoming], Any]] = {
    OUT: (Outgoing, documents.within),
    IN: (Incoming, incoming.within),
}


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrowed:
    """Filters besides the words. Days are inclusive."""

    kinds: tuple[str, ...] = (OUT, IN)
    type_code: str = ""
    since: dt.date | None = None
    until: dt.date | None = None


def put(session: Session, entry: Entry) -> None:
    """Write a document's row; the index is touched only where its words or tags changed."""
    known = SearchText.kind == entry.kind, SearchText.document_id == entry.document_id
    before = session.execute(
        select(SearchText.id, SearchText.text, SearchText.tags, SearchText.day, SearchText.waiting).where(*known)
    ).one_or_none()
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
    session.execute(SearchText.__table__.insert().values(**values))  # type: ignore[attr-defined]


def _cut(session: Session, entry: Entry) -> dict[str, str]:
    if session.get_bind().dialect.name == "sqlite":
        return {"words": " ".join(entry.words), "folded": " ".join(folded(word) for word in entry.words)}
    places: dict[str, list[int]] = {}
    for place, word in enumerate(entry.words, 1):
        places.setdefault(f"={word}", []).append(place)
        places.setdefault(folded(word), []).append(place)
    vector = [f"{_quoted(word)}:{','.join(map(str, found[:200]))}" for word, found in places.items()]
    return {"words": " ".join([*vector, *(_quoted(f"#{tag}") for tag in entry.tags)]), "folded": ""}


def _quoted(word: str) -> str:
    return "'" + word.replace("\\", "\\\\").replace("'", "''") + "'"


def found(
    scope: Scope, session: Session, asked: Asked, *, narrowed: Narrowed, after: int | None = None, limit: int = PAGE
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Up to `limit` + 1 documents within the scope, the newest first; `after`: key of the last row shown."""
    picked = _picked(scope, session, asked, narrowed, after=after, limit=limit + 1)
    if picked is None:
        return []
    query = _SHOWN.where(SearchText.id.in_(select(picked.c.id))).order_by(SearchText.id.desc()).limit(limit + 1)
    return session.execute(query).all()


def count(scope: Scope, session: Session, asked: Asked, *, narrowed: Narrowed, cap: int) -> int:
    """How many documents within the scope; counting stops one above `cap`."""
    picked = _picked(scope, session, asked, narrowed, after=None, limit=cap + 1)
    if picked is None:
        return 0
    return min(cap + 1, session.scalar(select(func.count()).select_from(picked)) or 0)


def _picked(
    scope: Scope, session: Session, asked: Asked, narrowed: Narrowed, *, after: int | None, limit: int
) -> Any:
    """Keys of both kinds, each the newest `limit` of its own; None where the scope is empty."""
    kinds = [kind for kind in narrowed.kinds if reach(scope, kind)]
    if after is None and kinds and session.get_bind().dialect.name != "sqlite":
        after = _top(session)
    chosen = [_of_kind(scope, session, asked, narrowed, kind=kind, after=after, limit=limit) for kind in kinds]
    if not chosen:
        return None
    return union_all(*(select(one.subquery().c.id) for one in chosen)).subquery()


def _of_kind(
    scope: Scope, session: Session, asked: Asked, narrowed: Narrowed, *, kind: str, after: int | None, limit: int
) -> Select[int]:
    model, within = _OF_KIND[kind]
    own = [model.id == SearchText.document_id, within(scope)]
    own += [model.type_code == narrowed.type_code] if narrowed.type_code else []
    # a scalar subquery, which no planner turns into a join: that would begin at the documents and look at the words
    # of every one within the scope
    visible = select(literal(True)).where(*own).correlate(SearchText).scalar_subquery()
    needed = [[f"k{kind}"], reach(scope, kind)]
    needed += [[f"t{tag_of(narrowed.type_code)}"]] if narrowed.type_code else []
    needed += [_months(narrowed)]
    needed += [[f"n{asked.number}"]] if asked.number else []
    tags = [some for some in needed if 0 < len(some) <= MOST_TAGS]
    if session.get_bind().dialect.name == "sqlite":
        key: ColumnElement[int] = _FTS.c.rowid
        source = select(SearchText.id).select_from(_FTS).join(SearchText, SearchText.id == _FTS.c.rowid)
        query = source.where(_FTS.c.search_fts.op("MATCH")(_fts5(asked, tags)))
    else:
        key = SearchText.id  # type: ignore[assignment]
        query = select(SearchText.id).where(
            SearchText.words.op("@@")(cast(_written(_tsquery(asked, tags)), TSQUERY))
        )
    query = query.where(SearchText.kind == kind, visible)
    if narrowed.since:
        query = query.where(SearchText.day >= narrowed.since)
    if narrowed.until:
        query = query.where(SearchText.day <= narrowed.until)
    if session.get_bind().dialect.name == "sqlite":
        if after is not None:
            query = query.where(key < after)
        return query.order_by(key.desc()).limit(limit)
    return _newest(query, after or 0, limit=limit)


WINDOWS = (4, 64, 1024)
"""How many times the rows that are wanted the newest keys are looked through before those behind them."""


def _newest(query: Select[int], top: int, *, limit: int) -> Select[int]:
    """The newest matches below a key, for PostgreSQL, which would rather find every match of a common word and sort
    them. The newest keys are looked through first, in windows; a wider one is opened only where those before it
    hold too few, so that a word of every third document costs as much among a million as among a thousand.
    """
    found: list[Any] = []
    upper = top
    for times in (*WINDOWS, 0):
        lower = top - times * limit if times else 0
        part = query.where(SearchText.id < _written(upper))
        part = part.where(SearchText.id >= _written(lower)) if lower > 0 else part
        for before in found:
            held = select(func.count()).select_from(before).scalar_subquery()
            part = part.where(held < limit)
        found.append(part.order_by(SearchText.id.desc()).limit(limit).cte())
        upper = lower
        if lower <= 0:
            break
    whole = union_all(*(select(one.c.id) for one in found)).subquery()
    return select(whole.c.id).order_by(whole.c.id.desc()).limit(limit)


def _top(session: Session) -> int:
    return (session.scalar(select(func.max(SearchText.id))) or 0) + 1


def _written(value: str | int) -> ColumnElement[Any]:
    """A value in the statement itself: a plan made for any value whatever knows neither which words are common nor
    how wide a window is, and reads the table from end to end. Words and numbers of ours, in quotes of ours.
    """
    return bindparam(None, value, unique=True, literal_execute=True)


def reach(scope: Scope, kind: str) -> list[str]:
    """The tags of whatever may lie within a scope; empty where nothing does."""
    agencies = {*scope.agency_ids, *(scope.office_of if kind == IN else ())}
    tags = [f"a{agency}" for agency in sorted(agencies)] + [f"u{unit}" for unit in scope.unit_ids]
    return tags + ([f"p{scope.own[0]}"] if scope.own is not None else [])


def tag_of(code: str) -> str:
    """A code as part of a tag."""
    return _NO_TAG.sub("", code.lower())


def _months(narrowed: Narrowed) -> list[str]:
    """The tags of the months between two days; none where they are too many or one side is open."""
    if narrowed.since is None or narrowed.until is None:
        return []
    first, last = (day.year * 12 + day.month - 1 for day in (narrowed.since, narrowed.until))
    months = range(first, min(last, first + MOST_MONTHS) + 1)
    return [f"m{month // 12}{month % 12 + 1:02d}" for month in months] if len(months) <= MOST_MONTHS else []


def _fts5(asked: Asked, tags: Sequence[Collection[str]]) -> str:
    """Every word and tag stands in quotes, so nothing that was typed is syntax."""
    parts = [f"tags : ({' OR '.join(_string(tag) for tag in some)})" for some in tags]
    if not asked.number:
        parts += [
            f"{'words' if term.exact else 'folded'} : {_string(' '.join(term.asked))}" for term in asked.terms
        ]
    return " AND ".join(parts)


def _string(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _tsquery(asked: Asked, tags: Sequence[Collection[str]]) -> str:
    """The same for PostgreSQL; exact words bear a sign of equality in front, tags a hash."""
    parts = [f"({' | '.join(_quoted(f'#{tag}') for tag in some)})" for some in tags]
    if not asked.number:
        for term in asked.terms:
            sign = "=" if term.exact else ""
            parts.append(f"({' <-> '.join(_quoted(f'{sign}{word}') for word in term.asked)})")
    return " & ".join(parts)


_SHOWN = (
    select(
        SearchText.id,
        SearchText.kind,
        SearchText.document_id,
        SearchText.day,
        func.substr(SearchText.text, 1, SHOWN_TEXT).label("text"),
        func.coalesce(Outgoing.symbol, Incoming.symbol, "").label("symbol"),
        func.coalesce(Outgoing.subject, Incoming.subject, "").label("subject"),
        func.coalesce(Outgoing.type_code, Incoming.type_code, "").label("type_code"),
        func.coalesce(Outgoing.state, Incoming.state).label("state"),
        func.coalesce(Outgoing.urgency, Incoming.urgency).label("urgency"),
        case((SearchText.kind == OUT, Outgoing.secret), else_=Incoming.secret).label("secret"),
        Incoming.number.label("arrival_number"),
        func.coalesce(Incoming.issuer, Unit.name, "").label("party"),
    )
    .outerjoin(Outgoing, (SearchText.kind == OUT) & (Outgoing.id == SearchText.document_id))
    .outerjoin(Incoming, (SearchText.kind == IN) & (Incoming.id == SearchText.document_id))
    .outerjoin(Unit, Unit.id == Outgoing.unit_id)
)


def parts_of(session: Session, incoming_id: int) -> Sequence[Row[int, int | None]]:
    """(unit, person) of those who take part in an incoming document, each once."""
    query = select(IncomingPart.unit_id, IncomingPart.person_id).where(
        IncomingPart.incoming_id == incoming_id, IncomingPart.state != "ended"
    )
    return session.execute(query.distinct().order_by(IncomingPart.unit_id, IncomingPart.person_id)).all()


def names_of(session: Session, person_ids: Collection[int | None]) -> dict[int, str]:
    """person → name."""
    query = select(Person.id, Person.full_name).where(Person.id.in_([one for one in person_ids if one is not None]))
    return {row.id: row.full_name for row in session.execute(query)}


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


def let_wait(session: Session, sha256: str) -> None:
    """Have the rows of every document with this file written anew."""
    received = select(IncomingFile.incoming_id).where(IncomingFile.sha256 == sha256)
    own = select(FileVersion.document_id).where(FileVersion.sha256 == sha256)
    for kind, holders in ((IN, received), (OUT, own)):
        rows = update(SearchText).where(SearchText.kind == kind, SearchText.document_id.in_(holders))
        session.execute(
            rows.values(waiting=True, taken_until=None).execution_options(synchronize_session=False)
        )  # fmt: skip


def waiting(
    session: Session, *, now: dt.datetime, limit: int, before: int | None = None
) -> Sequence[Row[int, str, int]]:
    """(key, kind, document) of rows that wait and that nobody works on, the newest first."""
    query = select(SearchText.id, SearchText.kind, SearchText.document_id).where(SearchText.waiting, _free(now))
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
    model, _within = _OF_KIND[kind]
    known = exists().where(SearchText.kind == kind, SearchText.document_id == model.id)
    blank = [literal("").label(name) for name in ("text", "folded", "tags")]
    words = cast(literal(""), SearchText.words.type).label("words")
    missing = (
        select(literal(kind), model.id, model.agency_id, func.date(came), *blank, words, literal(True))
        .where(~known)
        .order_by(came, model.id)
    )
    target: Table = SearchText.__table__  # type: ignore[assignment]
    names = ["kind", "document_id", "agency_id", "day", "text", "folded", "tags", "words", "waiting"]
    session.execute(target.insert().from_select(names, missing, include_defaults=False))
