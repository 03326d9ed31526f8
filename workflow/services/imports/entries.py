"""A line of a former system's register becomes a line of ours, and new numbers go on after it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from workflow.domain.errors import Refused
from workflow.domain.imports.headings import Kind
from workflow.domain.imports.rights import DIRECTIONS
from workflow.domain.people import Actor
from workflow.domain.permissions import Scope
from workflow.services.imports.results import refuse
from workflow.store import imported, office
from workflow.store import imports as store
from workflow.store.models import ImportedEntry, ImportRow, ImportRun
from workflow.store.session import UnitOfWork

DAYS = ("document_date", "arrived_on", "moved_on")


def take_batch(
    uow: UnitOfWork, _actor: Actor, scope: Scope, run: ImportRun, rows: Sequence[ImportRow], _now: dt.datetime
) -> None:
    """Lines of one register's year under its lock: whoever draws a number comes before or after the batch.

    Raises, where things changed since the sheet was looked through: `NotFound("register_not_found")` for a register
    that became a secret one, `Refused("series_closed")`.
    """
    register = store.register(scope, uow.session, run.register_id or 0, DIRECTIONS[Kind(run.kind)])
    year = run.year or 0
    series = office.lock_series(uow.session, register.id, year)
    if series.closed_at is not None:
        raise Refused("series_closed", register=register.name, year=year)
    drawn = store.taken_numbers(scope, uow.session, register_id=register.id, year=year)
    numbers = [row.content["number"] for row in rows]
    brought = {
        (one.number, one.suffix): one
        for one in imported.entries(
            scope, uow.session, register_id=register.id, year=year, after=min(numbers) - 1, until=max(numbers)
        )
    }
    for row in rows:
        number, suffix = row.content["number"], row.content["suffix"]
        earlier = brought.get((number, suffix))
        if earlier is not None and same(earlier, row.content):
            row.state = "known"
        elif earlier is not None or (number in drawn and not suffix):
            refuse(row, Refused("import_number_taken", number=f"{number:02d}{suffix}", year=year))
        else:
            uow.add(_entry(run, row))
            row.state = "done"
            if not suffix:  # 500a was squeezed in behind 500: the series does not go on from it
                series.last_number = max(series.last_number, number)


def same(earlier: ImportedEntry, content: Mapping[str, Any]) -> bool:
    """Whether a line says what was brought in before."""
    return all(_plain(getattr(earlier, name)) == value for name, value in content.items())


def _entry(run: ImportRun, row: ImportRow) -> ImportedEntry:
    days = {name: dt.date.fromisoformat(row.content[name]) for name in DAYS if row.content.get(name)}
    return ImportedEntry(
        **{**row.content, **days}, register_id=run.register_id, year=run.year, import_id=run.id, row_no=row.row_no
    )


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else value
