"""Offices outside from a sheet: a row adds an entry to the agency's catalogue, or changes the one of its name."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from workflow.domain.errors import WorkflowError
from workflow.domain.imports import outside
from workflow.domain.imports.reading import Row
from workflow.domain.outside_offices import key_of
from workflow.domain.people import Actor
from workflow.domain.permissions import Scope
from workflow.services.exchange import offices
from workflow.services.imports.results import refuse
from workflow.store import outside_offices as store
from workflow.store.models import ImportRow, ImportRun, OutsideOffice
from workflow.store.session import UnitOfWork

LINES = ("address", "note")
"""Fields of several lines."""


def look_at(
    uow: UnitOfWork, agency_id: int, rows: Sequence[Row]
) -> tuple[list[tuple[Row, dict[str, Any]]], list[bool]]:
    """Every row with its meaning, and whether the catalogue says the same already."""
    examined = [(row, outside.read_office(row)) for row in rows]
    names = [key for _row, content in examined for key in outside.office_of(content).names()]
    known = store.owners(uow.session, agency_id, names)
    outside.place(examined, {key: row.id for key, row in known.items()})
    return examined, [_same(uow, known.get(key_of(content["name"])), content) for _row, content in examined]


def take_batch(
    uow: UnitOfWork, actor: Actor, _scope: Scope, run: ImportRun, rows: Sequence[ImportRow], now: dt.datetime
) -> None:
    """Each row by the service by which the clerk enters one; what became wrong meanwhile is refused by itself."""
    for row in rows:
        try:
            with uow.session.begin_nested():
                state = _take(uow, actor, run, row.content, now=now)
                uow.flush()
        except WorkflowError as refused:
            refuse(row, refused)
        else:
            row.state = state


def _take(uow: UnitOfWork, actor: Actor, run: ImportRun, content: Mapping[str, Any], *, now: dt.datetime) -> str:
    known = store.owners(uow.session, run.agency_id, [key_of(content["name"])]).get(key_of(content["name"]))
    if _same(uow, known, content):
        return "known"
    wish = outside.office_of(content)
    if known is not None:  # a cell has one line: lines that it says again stay as they are
        told = store.told(uow.session, known)
        kept = {name: getattr(told, name) for name in LINES if _flat(getattr(told, name)) == getattr(wish, name)}
        wish = replace(wish, **kept)
    made = offices.keep(uow, actor, office_id=known.id if known is not None else None, wish=wish, now=now)
    offices.put_in_use(uow, actor, office_id=made.id, in_use=not content["ended"], now=now)
    return "done"


def _flat(text: str) -> str:
    return " ".join(text.split())


def _same(uow: UnitOfWork, row: OutsideOffice | None, content: Mapping[str, Any]) -> bool:
    if row is None:
        return False
    told, wanted = store.told(uow.session, row), outside.office_of(content)
    flat = {name: _flat(getattr(told, name)) for name in LINES}
    plain = {name: getattr(told, name) for name in ("name", "short_name", "aliases", "code", "email", "channel")}
    return {**plain, **flat, "ended": row.ended_at is not None} == {
        **{name: getattr(wanted, name) for name in (*plain, *flat)}, "ended": content["ended"],
    }  # fmt: skip
