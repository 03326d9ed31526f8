"""The list of incoming documents: statements made once, rows as plain tuples (as `document_list`).

Who reaches whole agencies walks an index of `incoming`. Units and persons reach what they were given a part of
and walk `incoming_part` from its newest end; where a filter leaves only few rows (what is open, one number, one
symbol) they walk those few instead and look for their part. Each way is a branch of its own, cut off after one
page, so that no branch reads a history to its end to find the newest rows.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, func, or_, select, tuple_, union
from sqlalchemy.orm import Session

from workflow.domain.incoming import CLOSED, State
from workflow.domain.permissions import Scope
from workflow.store.document_list import PAGE, SHAPES, Ask, escaped, row_type
from workflow.store.incoming import within
from workflow.store.models import Incoming, IncomingPart, Person, Unit
from workflow.store.prepared import Prepared, Rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """What a list shows. Empty fields do not narrow it; `words` and `issuer` are folded already."""

    states: tuple[State, ...] = ()
    type_code: str = ""
    issuer: str = ""
    urgency: str = ""
    lead_unit_id: int | None = None
    handler_id: int | None = None
    leader_id: int | None = None
    lead_units: tuple[int, ...] = ()
    """Led by one of these."""
    source: str = ""
    conclusion: str = ""
    """Of the verdict; `unchecked` for papers and files without signatures."""
    due_kind: str = ""
    due_from: dt.datetime | None = None
    due_before: dt.datetime | None = None
    overdue_at: dt.datetime | None = None
    open_only: bool = False
    arrived_from: dt.datetime | None = None
    arrived_before: dt.datetime | None = None
    year: int | None = None
    number: int | None = None
    symbol_key: str = ""
    words: str = ""


_T, _P = Incoming.__table__.c, IncomingPart.__table__.c
_UNIT, _HANDLER, _LEADER = Unit.__table__, Person.__table__.alias(), Person.__table__.alias()

_SORTS: dict[str, tuple[tuple[Any, ...], bool]] = {
    "newest": ((_T.id,), True),
    "oldest": ((_T.id,), False),
    "due": ((_T.due_at, _T.id), False),
    "number": ((_T.year, _T.number, _T.id), True),
}
"""Columns and whether they fall. By due date stand only open documents that have one."""
SORTS = tuple(_SORTS)
SORT_COLUMNS = {name: tuple(column.name for column in columns) for name, (columns, _falling) in _SORTS.items()}

_COLUMNS: dict[str, Any] = {
    **{
        name: _T[name]
        for name in (
            "id", "version", "state", "year", "number", "issuer", "symbol", "issued_on", "type_code", "subject",
            "urgency", "secret", "medium", "source", "conclusion", "quarantined", "arrived_at", "registered_at",
            "state_since", "step_due_at", "due_kind", "due_at", "paused_since", "done_at", "result", "leader_id",
            "lead_unit_id", "handler_id", "holder_id", "at_office", "closed_at", "agency_id",
        )
    },
    "unit": _UNIT.c.abbreviation,
    "unit_name": _UNIT.c.name,
    "handler": _HANDLER.c.full_name,
    "leader": _LEADER.c.full_name,
}  # fmt: skip
ALL = tuple(_COLUMNS)
"""Every column of a row, for exports and the desk."""

SHOWN = (
    "id", "version", "state", "year", "number", "issuer", "symbol", "type_code", "subject", "urgency", "secret",
    "conclusion", "due_kind", "due_at", "paused_since", "done_at", "leader_id", "lead_unit_id", "handler_id",
    "unit", "handler",
)  # fmt: skip
"""What the page of the list needs."""


def page(
    scope: Scope,
    session: Session,
    *,
    wanted: Filter,
    sort: str = "newest",
    after: tuple[Any, ...] | None = None,
    limit: int = PAGE,
    columns: tuple[str, ...] = ALL,
) -> Rows[Any]:
    """One page by keyset: up to `limit` + 1 rows, so that the caller knows whether there is a next one.

    `after`: the values of `SORT_COLUMNS[sort]` of the last row shown. `columns`: of `ALL`, in the order wanted.
    """
    reach, given = _reach(scope), _given(scope, wanted)
    if not reach:
        return Rows((), row_type(columns)._make)
    values = {**reach, **given, "limit": limit + 1}
    ask = _ready(tuple(reach), tuple(given), sort, after is not None, columns)
    if after is not None:
        values |= {f"after_{place}": value for place, value in enumerate(after)}
    return ask(session, values)


def chosen(scope: Scope, session: Session, ids: Sequence[int]) -> list[Any]:
    """These documents with every column, as far as they are within reach; the order given is kept."""
    query = listed(ALL, select(_T.id).where(_T.id.in_(ids), within(scope)))
    found = {row.id: row for row in session.execute(query)}
    return [found[key] for key in dict.fromkeys(ids) if key in found]


def count(scope: Scope, session: Session, *, wanted: Filter, cap: int) -> int:
    """How many documents a list would hold; counting stops one above `cap`."""
    reach, given = _reach(scope), _given(scope, wanted)
    if not reach:
        return 0
    query = _count(tuple(reach), tuple(given))
    return session.connection().execute(query, {**reach, **given, "limit": cap + 1}).scalar_one()


def listed(names: tuple[str, ...], query: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """These columns of documents, joined to the names among them; `query` selects from `incoming` already."""
    query = query.with_only_columns(*(_COLUMNS[name].label(name) for name in names))
    if not {"unit", "unit_name"}.isdisjoint(names):
        query = query.outerjoin(_UNIT, _UNIT.c.id == _T.lead_unit_id)
    if "handler" in names:
        query = query.outerjoin(_HANDLER, _HANDLER.c.id == _T.handler_id)
    if "leader" in names:
        query = query.outerjoin(_LEADER, _LEADER.c.id == _T.leader_id)
    return query


def _reach(scope: Scope) -> dict[str, Any]:
    """The values of a scope; none at all where it is empty. The same documents as `incoming.within` reaches."""
    values: dict[str, Any] = {}
    agencies = tuple(sorted({*scope.agency_ids, *scope.office_of}))
    if len(agencies) == 1:
        values["agency"] = agencies[0]
    elif agencies:
        values["agencies"] = agencies
    values |= {f"{_IN_UNIT}{place}": unit for place, unit in enumerate(scope.unit_ids)}
    if scope.own is not None:
        values["person"], values["person_in"] = scope.own
    return values


def _given(scope: Scope, wanted: Filter) -> dict[str, Any]:
    return {**_values(wanted), **({"not_secret": True} if scope.no_secrets else {})}


_IN_UNIT, _IN_STATE, _WORD, _ISSUER, _LED = "in_unit_", "in_state_", "has_word_", "has_issuer_", "led_by_"
"""Prefixes of numbered values; none that the names of unnamed ones, made from columns, could meet."""
_LISTS = frozenset({"agencies"})
"""Those whose value is a list."""
_FEW = frozenset({"overdue_at", "open_only", "due_from", "due_before", "symbol_key", "number"})
"""Filters that an index answers with few rows of an agency, however long its history."""

_FILTERS: dict[str, Callable[[], ColumnElement[bool]]] = {
    "type_code": lambda: _T.type_code == bindparam("type_code"),
    "urgency": lambda: _T.urgency == bindparam("urgency"),
    "lead_unit_id": lambda: _T.lead_unit_id == bindparam("lead_unit_id"),
    "handler_id": lambda: _T.handler_id == bindparam("handler_id"),
    "leader_id": lambda: _T.leader_id == bindparam("leader_id"),
    "source": lambda: _T.source == bindparam("source"),
    "conclusion": lambda: _T.conclusion == bindparam("conclusion"),
    "due_kind": lambda: _T.due_kind == bindparam("due_kind"),
    "due_from": lambda: _T.closed_at.is_(None) & (_T.due_at >= bindparam("due_from")),
    "due_before": lambda: _T.closed_at.is_(None) & (_T.due_at < bindparam("due_before")),
    "overdue_at": lambda: (
        _T.closed_at.is_(None) & _T.paused_since.is_(None) & (_T.due_at < bindparam("overdue_at"))
    ),
    "open_only": lambda: _T.closed_at.is_(None),
    "arrived_from": lambda: _T.arrived_at >= bindparam("arrived_from"),
    "arrived_before": lambda: _T.arrived_at < bindparam("arrived_before"),
    "year": lambda: _T.year == bindparam("year"),
    "number": lambda: _T.number == bindparam("number"),
    "symbol_key": lambda: _T.symbol_key == bindparam("symbol_key"),
    "not_secret": lambda: _T.secret.is_(False),
}
_ASKED = tuple(name for name in _FILTERS if name != "not_secret")
"""Those that a reader sets; the other one comes with a scope."""
UNCHECKED = "unchecked"


def _values(wanted: Filter) -> dict[str, Any]:
    """Which filters are set, by name, with their values."""
    made: dict[str, Any] = {}
    for name in _ASKED:
        value = getattr(wanted, name)
        if value or (name == "number" and value is not None):
            made[name] = "" if value == UNCHECKED else value
    if wanted.states and CLOSED.isdisjoint(wanted.states):
        made["open_only"] = True  # says nothing new, but leads to the index of what is open
    made |= {f"{_IN_STATE}{place}": str(state) for place, state in enumerate(wanted.states)}
    made |= {f"{_LED}{place}": unit for place, unit in enumerate(wanted.lead_units)}
    made |= {f"{_WORD}{place}": escaped(word) for place, word in enumerate(wanted.words.split())}
    made |= {f"{_ISSUER}{place}": escaped(word) for place, word in enumerate(wanted.issuer.split())}
    return made


def _conditions(names: Sequence[str]) -> list[ColumnElement[bool]]:
    made = [_FILTERS[name]() for name in names if name in _FILTERS]
    for prefix, column in ((_IN_STATE, _T.state), (_LED, _T.lead_unit_id)):
        among = [name for name in names if name.startswith(prefix)]
        if among:
            made.append(or_(*(column == bindparam(name) for name in among)))
    for prefix, column in ((_WORD, _T.subject_folded), (_ISSUER, _T.issuer_folded)):
        made += [column.like(bindparam(name), escape="/") for name in names if name.startswith(prefix)]
    return made


Branch = Select[*tuple[Any, ...]]

_ALONG = {_T.id: _P.incoming_id, _T.year: _P.year, _T.number: _P.number}
"""What a part repeats of its document, so that indexes of parts give an order of documents."""


def _branches(reach: Sequence[str], *, few: bool) -> list[tuple[Branch, bool]]:
    """The ways to documents within reach, each a query that selects their keys, and whether it walks parts."""
    made: list[tuple[Branch, bool]] = []
    if "agency" in reach:
        made.append((select(_T.id).where(_T.agency_id == bindparam("agency")), False))
    elif "agencies" in reach:
        made.append((select(_T.id).where(_T.agency_id.in_(bindparam("agencies", expanding=True))), False))
    own: list[ColumnElement[bool]] = [_P.unit_id == bindparam(name) for name in reach if name.startswith(_IN_UNIT)]
    if "person" in reach:
        own.append(and_(_P.person_id == bindparam("person"), _P.agency_id == bindparam("person_in")))
    if few and own:
        made.append((_open_ones(reach, or_(*own)), False))
    else:
        made += [(_given_ones(mine), True) for mine in own]
    return made


def _given_ones(mine: ColumnElement[bool]) -> Branch:
    """Along the parts that one was given; a document may have several of them."""
    given = select(_P.incoming_id).join(Incoming.__table__, _P.incoming_id == _T.id)
    return given.where(mine, _P.state != "ended")


def _open_ones(reach: Sequence[str], mine: ColumnElement[bool]) -> Branch:
    """Documents of the agencies that one's units and posts belong to, of which one was given a part."""
    units = [name for name in reach if name.startswith(_IN_UNIT)]
    inside: list[ColumnElement[bool]] = []
    if units:
        inside.append(
            _T.agency_id.in_(select(Unit.agency_id).where(or_(*(Unit.id == bindparam(u) for u in units))))
        )
    if "person" in reach:
        inside.append(_T.agency_id == bindparam("person_in"))
    given = exists().where(_P.incoming_id == _T.id, _P.state != "ended", mine)
    return select(_T.id).where(or_(*inside), given)


@lru_cache(maxsize=SHAPES)
def _ready(
    reach: tuple[str, ...], names: tuple[str, ...], sort: str, going_on: bool, columns: tuple[str, ...]
) -> Ask:
    """Prepared where every value is a single one, through the engine where one is a list."""
    statement, make = statement_of(reach, names, sort, going_on, columns), row_type(columns)._make
    if _LISTS.isdisjoint(reach):
        return Prepared(statement, make=make).rows
    return lambda session, values: Rows(session.connection().execute(statement, values).all(), make)


def statement_of(
    reach: tuple[str, ...], names: tuple[str, ...], sort: str, going_on: bool, columns: tuple[str, ...]
) -> Branch:
    """The statement of one shape; names of values as `_reach` and `_values` make them."""
    order, falling = _SORTS[sort]
    few = not _FEW.isdisjoint(names) or sort == "due"
    branches = _branches(reach, few=few)
    conditions = _conditions(names)
    if len(branches) == 1 and not branches[0][1]:
        only = listed(columns, branches[0][0]).where(*conditions, *_beginning(sort, order, going_on))
        return only.order_by(*_steered(order, falling, names)).limit(bindparam("limit"))
    plain = [one.desc() if falling else one for one in order]
    cut = []
    for query, along in branches:
        keys = [_ALONG.get(one, one) for one in order] if along else order
        whole = query.where(*conditions, *_beginning(sort, keys, going_on))
        whole = _each_once(whole, keys, falling) if along else whole.order_by(*_steered(order, falling, names))
        cut.append(whole.limit(bindparam("limit")).subquery())
    found = union(*(select(one.c[0]) for one in cut)) if len(cut) > 1 else select(cut[0].c[0])
    shown = listed(columns, select(_T.id).where(_T.id.in_(found)))
    return shown.order_by(*plain).limit(bindparam("limit"))


def _each_once(query: Branch, keys: Sequence[Any], falling: bool) -> Branch:
    """Grouped in the very order of the rows: an index of parts gives both, and nothing is read beyond the page."""
    return query.group_by(*keys).order_by(*(one.desc() if falling else one for one in keys))


def _steered(order: Sequence[Any], falling: bool, names: Sequence[str]) -> list[Any]:
    """Where a filter leaves few rows, they are sorted: walking all by key to save that would read everything."""
    if not (_FEW | {"arrived_from", "arrived_before"}).isdisjoint(names) and order[0] is not _T.due_at:
        order = (order[0] + 0, *order[1:])
    return [one.desc() if falling else one for one in order]


def _beginning(sort: str, order: Sequence[Any], going_on: bool) -> list[ColumnElement[bool]]:
    """Where a list begins, by the columns that it is read along."""
    falling = _SORTS[sort][1]
    made: list[ColumnElement[bool]] = []
    if sort == "due":
        made.append(and_(_T.closed_at.is_(None), _T.due_at.is_not(None)))
    elif sort == "number":
        made.append(order[1].is_not(None))
    if going_on:
        last = [bindparam(f"after_{place}", type_=one.type) for place, one in enumerate(order)]
        here, there = (order[0], last[0]) if len(order) == 1 else (tuple_(*order), tuple_(*last))
        made.append(here < there if falling else here > there)
    return made


@lru_cache(maxsize=SHAPES)
def _count(reach: tuple[str, ...], names: tuple[str, ...]) -> Select[int]:
    few = not _FEW.isdisjoint(names)
    cut = []
    for query, along in _branches(reach, few=few):
        once = query.group_by(_P.incoming_id) if along else query
        cut.append(once.where(*_conditions(names)).limit(bindparam("limit")).subquery())
    some = union(*(select(one.c[0]) for one in cut)).subquery() if len(cut) > 1 else cut[0]
    return select(func.count()).select_from(select(some.c[0]).limit(bindparam("limit")).subquery())
