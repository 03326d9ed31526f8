"""Offices outside from a sheet: a row adds an entry to the agency's catalogue, or changes the one of its name."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from workflow.domain.errors import WorkflowError
from workflow.domain.imports import outside
from workflow.domain.imports.outside import Entry
from workflow.domain.imports.reading import Row
from workflow.domain.outside_offices import key_of
from workflow.domain.people import Actor
from workflow.domain.permissions import Scope
from workflow.services.exchange import offices
from workflow.services.imports.results import refuse
from workflow.store import outside_offices as store
from workflow.store.models import ImportRow, ImportRun
from workflow.store.session import UnitOfWork


def look_at(
    uow: UnitOfWork, agency_id: int, rows: Sequence[Row]
) -> tuple[list[tuple[Row, dict[str, Any]]], list[bool]]:
    """Every row with its meaning and what it would change, and whether the catalogue says the same already."""
    examined = [(row, outside.read_office(row)) for row in rows]
    names = [key for _row, content in examined for key in outside.office_of(content).names()]
    known, aliases = store.owners(uow.session, agency_id, names), store.aliases(uow.session, agency_id)
    outside.place(examined, {key: row.id for key, row in known.items()})
    same = []
    for row, content in examined:
        found = known.get(key_of(content["name"]))
        standing = None
        if found is not None:
            standing = Entry(store.with_names(found, aliases.get(found.id, ())), found.ended_at is not None)
        wish = outside.wished(content, row.cells, standing)
        outside.judge(row, wish.office)
        content["changes"] = outside.changes(standing, wish) if standing is not None else None
        same.append(wish == standing)
    return examined, same


def take_batch(
    uow: UnitOfWork, actor: Actor, _scope: Scope, run: ImportRun, rows: Sequence[ImportRow], now: dt.datetime
) -> None:
    """Each row by the service by which the clerk enters one; what became wrong meanwhile is refused by itself."""
    for row in rows:
        try:
            with uow.session.begin_nested():
                state = _take(uow, actor, run, row, now=now)
                uow.flush()
        except WorkflowError as refused:
            refuse(row, refused)
        else:
            row.state = state


def _take(uow: UnitOfWork, actor: Actor, run: ImportRun, row: ImportRow, *, now: dt.datetime) -> str:
    key = key_of(row.content["name"])
    known = store.owners(uow.session, run.agency_id, [key]).get(key)
    standing = Entry(store.told(uow.session, known), known.ended_at is not None) if known is not None else None
    wish = outside.wished(row.content, run.columns, standing)
    if wish == standing:
        return "known"
    made = offices.keep(uow, actor, office_id=known.id if known is not None else None, wish=wish.office, now=now)
    offices.put_in_use(uow, actor, office_id=made.id, in_use=not wish.ended, now=now)
    return "done"
