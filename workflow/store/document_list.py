"""The list of outgoing documents, which people open all day: statements made once, rows as plain tuples.

Building a statement and its cache key costs more than running it. So there is one statement for each *shape* (which
filters are set, which order, whether it goes on), with the values left open, over tables and not entities.
"""

from __future__ import annotations

import datetime as dt
from collections import namedtuple
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, false, func, literal_column, or_, select, tuple_
from sqlalchemy.orm import Session

from workflow.domain.outgoing import State, Urgency
from workflow.domain.permissions import Scope
from workflow.store.models import CoSigner, Outgoing, Person, Spread, Unit
from workflow.store.prepared import Prepared, Rows

PAGE = 50
"""Rows on one page of a list."""

SHAPES = 512
"""Statements kept; a shape that fell out is made anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """What a list shows. Empty fields do not narrow it."""

    states: tuple[State, ...] = ()
    type_code: str = ""
    unit_id: int | None = None
    signer_id: int | None = None
    drafter_id: int | None = None
    urgency: str = ""
    medium: str = ""
    overdue_at: dt.datetime | None = None
    issued_from: dt.datetime | None = None
    issued_before: dt.datetime | None = None
    created_from: dt.datetime | None = None
    created_before: dt.datetime | None = None
    words: str = ""
    """Already folded; matched inside the folded subject."""
    symbol: str = ""
    number: int | None = None
    open_only: bool = False
    exempt: bool | None = None
    secret: bool | None = None
    source_id: int | None = None
    """The approved draft that documents were made of by a table."""


_T, _UNIT, _SPREAD, _NAMED = Outgoing.__table__.c, Unit.__table__, Spread.__table__.c, CoSigner.__table__.c
_DRAFTER, _SIGNER = Person.__table__.alias(), Person.__table__.alias()

_SORTS: dict[str, tuple[Any, bool]] = {
    "newest": (_T.id, True),
    "oldest": (_T.id, False),
    "due": (_T.step_due_at, False),
    "issued": (_T.issued_at, True),
    "issued_first": (_T.issued_at, False),
    "created": (_T.created_at, True),
    "created_first": (_T.created_at, False),
    "number": (_T.number, True),
}
SORTS = tuple(_SORTS)

_COLUMNS: dict[str, Any] = {
    "id": _T.id,
    "version": _T.version,
    "state": _T.state,
    "symbol": _T.symbol,
    "number": _T.number,
    "year": _T.year,
    "type_code": _T.type_code,
    "subject": _T.subject,
    "urgency": _T.urgency,
    "secret": _T.secret,
    "medium": _T.medium,
    "state_since": _T.state_since,
    "step_due_at": _T.step_due_at,
    "issued_at": _T.issued_at,
    "created_at": _T.created_at,
    "leader_verdict": _T.leader_verdict,
    "seal_verdict": _T.seal_verdict,
    "exempt_by_id": _T.exempt_by_id,
    "signer_id": _T.signer_id,
    "drafter_id": _T.drafter_id,
    "unit": _UNIT.c.abbreviation,
    "unit_name": _UNIT.c.name,
    "drafter": _DRAFTER.c.full_name,
    "signer": _SIGNER.c.full_name,
}

ALL = tuple(_COLUMNS)
"""Every column of a row, for exports and the desk."""

SHOWN = ("id", "version", "state", "symbol", "number", "type_code", "subject", "urgency", "secret", "medium",
         "step_due_at", "issued_at", "created_at", "unit", "signer")  # fmt: skip
"""What the page of the list needs: every column of fifty rows costs as much as a small query."""


def listed(names: tuple[str, ...]) -> Select[*tuple[Any, ...]]:
    """Documents with these columns, joined to the names among them."""
    query = select(*(_COLUMNS[name].label(name) for name in names)).select_from(Outgoing.__table__)
    if not {"unit", "unit_name"}.isdisjoint(names):
        query = query.join(_UNIT, _UNIT.c.id == _T.unit_id)
    if "drafter" in names:
        query = query.join(_DRAFTER, _DRAFTER.c.id == _T.drafter_id)
    if "signer" in names:
        query = query.outerjoin(_SIGNER, _SIGNER.c.id == _T.signer_id)
    return query


LISTED = listed(ALL)


def page(
    scope: Scope,
    session: Session,
    *,
    wanted: Filter,
    sort: str = "newest",
    after: tuple[Any, int] | None = None,
    limit: int = PAGE,
    columns: tuple[str, ...] = ALL,
) -> Rows[Any]:
    """One page by keyset: up to `limit` + 1 rows, so that the caller knows whether there is a next one.

    `after`: (sort value, id) of the last row shown. `columns`: of `ALL`, in the order wanted.
    """
    values = {**_reach(scope), **_values(wanted), "limit": limit + 1}
    ask = _ready(tuple(values), sort, after is not None, columns)
    if after is not None:
        last = after[1:] if _SORTS[sort][0] is _T.id else after
        values |= {f"after_{place}": value for place, value in enumerate(last)}
    return ask(session, values)


def count(scope: Scope, session: Session, *, wanted: Filter, cap: int) -> int:
    """How many documents a list would hold; counting stops one above `cap`."""
    values = {**_reach(scope), **_values(wanted), "limit": cap + 1}
    return session.connection().execute(_count(tuple(values)), values).scalar_one()


def _reach(scope: Scope) -> dict[str, Any]:
    """The values of a scope; none at all where it is empty, which `_within` turns into no document."""
    values: dict[str, Any] = {}
    if len(scope.agency_ids) == 1:
        values["agency"] = scope.agency_ids[0]
    elif scope.agency_ids:
        values["agencies"] = scope.agency_ids
    if scope.unit_ids:
        values["units"] = scope.unit_ids
    if scope.own is not None:
        values["person"], values["person_in"] = scope.own
    if scope.no_secrets:
        values["not_secret"] = True
    return values


def _many(name: str) -> Any:
    return bindparam(name, expanding=True)


_REACH: dict[str, Callable[[], ColumnElement[bool]]] = {
    "agency": lambda: _T.agency_id == bindparam("agency"),
    "agencies": lambda: _T.agency_id.in_(_many("agencies")),
    "units": lambda: _T.unit_id.in_(_many("units")),
    "person": lambda: and_(
        _T.agency_id == bindparam("person_in"),
        or_(
            _T.drafter_id == bindparam("person"),
            _T.signer_id == bindparam("person"),
            _T.id.in_(select(_NAMED.document_id).where(_NAMED.person_id == bindparam("person"))),
        ),
    ),
}

_BESIDE: dict[str, Callable[[], ColumnElement[bool]]] = {
    **_REACH,
    "agency": lambda: _T.agency_id + 0 == bindparam("agency"),
}
"""The same where one person's papers are looked for: they are read along their index, not along the agency's."""

_FILTERS: dict[str, Callable[[], ColumnElement[bool]]] = {
    "type_code": lambda: _T.type_code == bindparam("type_code"),
    "unit_id": lambda: _T.unit_id == bindparam("unit_id"),
    "signer_id": lambda: _T.signer_id == bindparam("signer_id"),
    "drafter_id": lambda: _T.drafter_id == bindparam("drafter_id"),
    "urgency": lambda: _T.urgency == bindparam("urgency"),
    "pressing": lambda: _T.urgency != literal_column("'normal'"),  # leads to the index of those
    "medium": lambda: _T.medium == bindparam("medium"),
    "states": lambda: _T.state.in_(_many("states")),
    "number": lambda: _T.number == bindparam("number"),
    "open_only": lambda: _T.closed_at.is_(None),
    "overdue_at": lambda: _T.closed_at.is_(None) & (_T.step_due_at < bindparam("overdue_at")),
    "issued_from": lambda: _T.issued_at >= bindparam("issued_from"),
    "issued_before": lambda: _T.issued_at < bindparam("issued_before"),
    "created_from": lambda: _T.created_at >= bindparam("created_from"),
    "created_before": lambda: _T.created_at < bindparam("created_before"),
    "symbol": lambda: _T.symbol == bindparam("symbol"),
    "exempt": lambda: _T.exempt_by_id.is_not(None),
    "not_exempt": lambda: _T.exempt_by_id.is_(None),
    "secret": lambda: _T.secret.is_(True),
    "not_secret": lambda: _T.secret.is_(False),
    "source_id": lambda: _T.id.in_(select(_SPREAD.outgoing_id).where(_SPREAD.source_id == bindparam("source_id"))),
}
_LISTS = frozenset({"agencies", "units", "states"})
"""Those whose value is a list."""
_WORD = "word_"
"""Prefix of the words of a search, numbered."""


def _values(wanted: Filter) -> dict[str, Any]:
    """Which filters are set, by name, with their values."""
    plain = ("type_code", "unit_id", "signer_id", "drafter_id", "urgency", "medium", "overdue_at", "issued_from",
             "issued_before", "created_from", "created_before", "symbol", "source_id")  # fmt: skip
    made = {name: value for name in plain if (value := getattr(wanted, name))}
    if wanted.states:
        made["states"] = [str(state) for state in wanted.states]
    if wanted.number is not None:
        made["number"] = wanted.number
    if wanted.open_only:
        made["open_only"] = True
    if wanted.urgency and wanted.urgency != Urgency.NORMAL:
        made["pressing"] = True
    for name, chosen in (("exempt", wanted.exempt), ("secret", wanted.secret)):
        if chosen is not None:
            made[name if chosen else f"not_{name}"] = True
    if wanted.words:
        made |= {f"{_WORD}{place}": escaped(word) for place, word in enumerate(wanted.words.split())}
    return made


def escaped(word: str) -> str:
    """The pattern that finds a word anywhere, whatever signs stand in it."""
    for special in ("/", "%", "_"):
        word = word.replace(special, f"/{special}")
    return f"%{word}%"


def _conditions(names: Sequence[str]) -> list[ColumnElement[bool]]:
    ways = _BESIDE if "drafter_id" in names else _REACH
    reach = [ways[name]() for name in names if name in ways]
    made = [or_(*reach) if reach else false()]
    made += [_FILTERS[name]() for name in names if name in _FILTERS]
    made += [_T.subject_folded.like(bindparam(name), escape="/") for name in names if name.startswith(_WORD)]
    return made


Ask = Callable[[Session, dict[str, Any]], Rows[Any]]


@lru_cache(maxsize=SHAPES)
def _ready(names: tuple[str, ...], sort: str, going_on: bool, columns: tuple[str, ...]) -> Ask:
    """Prepared where every value is a single one, through the engine where one is a list."""
    statement, make = _page(names, sort, going_on, columns), row_type(columns)._make
    if _LISTS.isdisjoint(names):
        return Prepared(statement, make=make).rows
    return lambda session, values: Rows(session.connection().execute(statement, values).all(), make)


@lru_cache(maxsize=SHAPES)
def row_type(columns: tuple[str, ...]) -> Any:
    """A named tuple of these columns."""
    return namedtuple("Row", columns)


def _page(names: tuple[str, ...], sort: str, going_on: bool, columns: tuple[str, ...]) -> Select[*tuple[Any, ...]]:
    column, falling = _SORTS[sort]
    query = listed(columns).where(*_conditions(names))
    order = (column,) if column is _T.id else (column, _T.id)
    if column is not _T.id:
        query = query.where(column.is_not(None))
    if going_on:
        last = [bindparam(f"after_{place}", type_=one.type) for place, one in enumerate(order)]
        here, there = (order[0], last[0]) if len(order) == 1 else (tuple_(*order), tuple_(*last))
        query = query.where(here < there if falling else here > there)
    return query.order_by(*(one.desc() if falling else one for one in order)).limit(bindparam("limit"))


@lru_cache(maxsize=SHAPES)
def _count(names: tuple[str, ...]) -> Select[int]:
    some = select(_T.id).where(*_conditions(names)).limit(bindparam("limit")).subquery()
    return select(func.count()).select_from(some)
