"""The list of dossiers: filters, order, pages by keyset."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, func, select, tuple_
from sqlalchemy.orm import Session

from workflow.domain.dossiers import State
from workflow.domain.permissions import Scope
from workflow.store.document_list import PAGE, escaped
from workflow.store.dossiers import within
from workflow.store.models import Dossier, Person, Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """What a list shows. Empty fields do not narrow it; `words` are folded already."""

    year: int | None = None
    unit_id: int | None = None
    states: tuple[State, ...] = ()
    years: int | None = None
    """Retention."""
    maker_id: int | None = None
    due_by: dt.date | None = None
    """Closed, and to be handed to the archive by that day."""
    notation: str = ""
    words: str = ""


SORTS: dict[str, tuple[str, bool]] = {
    "newest": ("id", True),
    "oldest": ("id", False),
    "due": ("due_on", False),
    "notation": ("notation", False),
    "title": ("title_folded", False),
    "ended": ("ended_on", True),
}
"""Name → column and whether it falls; dossiers without a value in it stand in no list by it."""

_LISTED = (
    select(Dossier, Unit.name.label("unit"), Unit.abbreviation.label("short"), Person.full_name.label("maker"))
    .join(Unit, Unit.id == Dossier.unit_id)
    .join(Person, Person.id == Dossier.maker_id)
)


def page(
    scope: Scope, session: Session, *, wanted: Filter, sort: str = "newest", after: tuple[Any, int] | None = None,
    limit: int = PAGE,
) -> Sequence[Row[*tuple[Any, ...]]]:  # fmt: skip
    """(dossier, unit, abbreviation, maker): up to `limit` + 1 rows, so that the caller knows whether more follow.

    `after`: (sort value, id) of the last row shown.
    """
    name, falling = SORTS[sort]
    order = (Dossier.id,) if name == "id" else (getattr(Dossier, name), Dossier.id)
    query = _narrowed(_LISTED, scope, wanted)
    if name != "id":
        query = query.where(order[0].is_not(None))
    if after is not None:
        here = tuple_(*order)
        there = tuple_(*(after if name != "id" else after[1:]))
        query = query.where(here < there if falling else here > there)
    query = query.order_by(*(one.desc() if falling else one for one in order))
    return session.execute(query.limit(limit + 1)).all()


def count(scope: Scope, session: Session, *, wanted: Filter, cap: int) -> int:
    """How many dossiers a list would hold; counting stops one above `cap`."""
    some = _narrowed(select(Dossier.id), scope, wanted).limit(cap + 1).subquery()
    return session.scalar(select(func.count()).select_from(some)) or 0


def years(scope: Scope, session: Session) -> list[int]:
    """Years that dossiers within reach belong to, the newest first."""
    return list(session.scalars(select(Dossier.year).where(within(scope)).distinct().order_by(Dossier.year.desc())))


def units(scope: Scope, session: Session) -> Sequence[Row[int, str]]:
    """(id, name) of the units that dossiers within reach belong to."""
    query = select(Unit.id, Unit.name).where(Unit.id.in_(select(Dossier.unit_id).where(within(scope))))
    return session.execute(query.order_by(Unit.name)).all()


def makers(scope: Scope, session: Session) -> Sequence[Row[int, str]]:
    """(id, name) of the makers of dossiers within reach."""
    query = select(Person.id, Person.full_name).where(Person.id.in_(select(Dossier.maker_id).where(within(scope))))
    return session.execute(query.order_by(Person.full_name)).all()


def _narrowed(query: Any, scope: Scope, wanted: Filter) -> Any:
    conditions: list[ColumnElement[bool]] = [within(scope)]
    for column, value in (
        (Dossier.year, wanted.year), (Dossier.unit_id, wanted.unit_id), (Dossier.years, wanted.years),
        (Dossier.maker_id, wanted.maker_id),
    ):  # fmt: skip
        if value is not None:
            conditions.append(column == value)
    if wanted.states:
        conditions.append(Dossier.state.in_([str(state) for state in wanted.states]))
    if wanted.due_by is not None:
        conditions += [Dossier.state == State.CLOSED, Dossier.due_on <= wanted.due_by]
    if wanted.notation:
        conditions.append(Dossier.notation == wanted.notation)
    conditions += [Dossier.title_folded.like(escaped(word), escape="/") for word in wanted.words.split()]
    return query.where(*conditions)
