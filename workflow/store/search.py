"""Full-text search: finding documents within a scope (`search_rows` writes what is looked in).

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
    bindparam,
    case,
    cast,
    column,
    func,
    literal,
    select,
    table,
    union_all,
)
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.orm import InstrumentedAttribute, Session

from workflow.domain.permissions import Scope
from workflow.domain.search import Asked
from workflow.store import documents, incoming
from workflow.store.models import Incoming, Outgoing, SearchText, Unit

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
class Narrowed:
    """Filters besides the words. Days are inclusive."""

    kinds: tuple[str, ...] = (OUT, IN)
    type_code: str = ""
    since: dt.date | None = None
    until: dt.date | None = None


def quoted(word: str) -> str:
    """A word as PostgreSQL reads it in a vector or a query of its own."""
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
        key: ColumnElement[int] | InstrumentedAttribute[int] = _FTS.c.rowid
        source = select(SearchText.id).select_from(_FTS).join(SearchText, SearchText.id == _FTS.c.rowid)
        query = source.where(_FTS.c.search_fts.op("MATCH")(_fts5(asked, tags)))
    else:
        key = SearchText.id
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
    parts = [f"({' | '.join(quoted(f'#{tag}') for tag in some)})" for some in tags]
    if not asked.number:
        for term in asked.terms:
            sign = "=" if term.exact else ""
            parts.append(f"({' <-> '.join(quoted(f'{sign}{word}') for word in term.asked)})")
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
