"""What is overdue, who had it for how long, and what will be overdue next week."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from workflow.domain.calendar import OFFICE_ZONE, WorkingCalendar, office_time
from workflow.domain.holding import Piece, Split, split
from workflow.domain.incoming import Holder
from workflow.domain.permissions import Scope
from workflow.services.calendar import working_calendar
from workflow.services.incoming.clocks import calendar_for
from workflow.services.incoming.holding import lines_of, now_line, pieces_of
from workflow.store import escalation
from workflow.store import overdue as store
from workflow.store.models import Incoming
from workflow.store.overdue import Narrow
from workflow.store.session import UnitOfWork

SHOWN = 200
"""Documents of the list; more are counted honestly and found by narrowing it."""
HORIZON = dt.timedelta(days=90)
"""How long after the fact an explanation of something done too late is still demanded."""


@dataclass(frozen=True, slots=True)
class Late:
    """An overdue document: its columns, who has it now, and the split of its time."""

    row: Any
    holder: Holder | None
    split: Split
    urged: int = 0
    urged_at: dt.datetime | None = None
    told: tuple[str, dt.datetime] | None = None
    """How far the present step's lateness was told, and when (`escalation.Level`)."""


@dataclass(slots=True)
class UnitTime:
    """Office time that overdue documents spent in a unit, by holder, and how many of them lie there now."""

    unit_id: int
    name: str
    documents: int = 0
    split: Split = field(default_factory=Split)


@dataclass(frozen=True, slots=True)
class Overdue:
    """The page: documents worst first, whether there are more, coordinating parts, and the table by unit."""

    documents: tuple[Late, ...]
    more: bool
    parts: Sequence[Any]
    units: tuple[UnitTime, ...]
    told_parts: Mapping[int, tuple[str, dt.datetime]]
    """Part → how far its lateness was told."""


def split_of(uow: UnitOfWork, scope: Scope, document: Incoming, *, now: dt.datetime) -> Split:
    """The elapsed office time of one document by holder, by the calendar of whoever answers for it."""
    lines = lines_of(store.histories(scope, uow.session, [document.id]))
    return split(pieces_of(document, lines, calendar_for(uow, document), now=now))


def overdue_now(uow: UnitOfWork, scope: Scope, *, now: dt.datetime, narrow: Narrow, limit: int = SHOWN) -> Overdue:
    """Everything overdue within reach. Seven queries and one for each kind of office hours, whatever the size."""
    found = store.overdue(scope, uow.session, now=now, narrow=narrow, limit=limit)
    rows, more = found[:limit], len(found) > limit
    ids = [row.id for row in rows]
    lines = lines_of(store.histories(scope, uow.session, ids))
    urged = store.urged(scope, uow.session, ids)
    calendar = working_calendar(uow)
    cut = {row.id: pieces_of(row, lines, calendar, now=now) for row in rows}
    told = escalation.farthest(scope, uow.session, ids)
    late = (_late(row, cut[row.id], urged.get(row.id), now=now) for row in rows)
    documents = tuple(replace(one, told=told.get(one.row.id)) for one in late)
    parts = store.parts_overdue(scope, uow.session, now=now, narrow=narrow, limit=limit)
    told_parts = escalation.farthest_parts(scope, uow.session, [row.part_id for row in parts])
    return Overdue(documents, more, parts, _by_unit(rows, cut), told_parts)


def _late(row: Any, cut: Sequence[Piece], urged: tuple[int, dt.datetime] | None, *, now: dt.datetime) -> Late:
    line = now_line(row, now)
    times, at = urged or (0, None)
    return Late(row, line.held_by if line else None, split(cut), times, at)


def _by_unit(rows: Sequence[Any], cut: dict[int, tuple[Piece, ...]]) -> tuple[UnitTime, ...]:
    """Time by lead unit, the one with most overdue documents first; None stands for what no unit leads yet."""
    units: dict[int, UnitTime] = {}
    collected: dict[int, list[Piece]] = {}
    for row in rows:
        key = row.lead_unit_id or 0
        unit = units.setdefault(key, UnitTime(key, row.unit or ""))
        unit.documents += 1
        collected.setdefault(key, []).extend(cut[row.id])
    for key, unit in units.items():
        unit.split = split(collected[key])
    return tuple(sorted(units.values(), key=lambda unit: (-unit.documents, -unit.split.total, unit.unit_id)))


def next_week(now: dt.datetime, calendar: WorkingCalendar) -> tuple[dt.datetime, dt.datetime]:
    """From now to the end of next week's Sunday: what breaks by then unless somebody acts."""
    today = office_time(now).date()
    sunday = today + dt.timedelta(days=13 - today.weekday())
    end = dt.datetime.combine(sunday + dt.timedelta(days=1), dt.time(0), OFFICE_ZONE)
    return now, end


def unexplained(uow: UnitOfWork, *, now: dt.datetime, limit: int) -> list[tuple[int, int | None]]:
    """(document, part) of every lateness nobody was asked about, documents first. Two queries."""
    why, since = "lateness is asked about in every agency", now - HORIZON
    late = store.newly_late(uow.session, now=now, since=since, limit=limit, reason=why)
    parts = store.newly_late_parts(uow.session, now=now, since=since, limit=limit, reason=why)
    return [*((row[0], None) for row in late), *((row[1], row[0]) for row in parts)][:limit]
