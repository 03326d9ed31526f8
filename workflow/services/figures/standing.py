"""What stood when months ended or began: what waited for a signature, what was open, leaders in post."""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any

from workflow.domain.arrivals_backlog import Entry, own_due
from workflow.domain.indicators import COUNTED, Place, Population, still_open
from workflow.domain.permissions import Scope
from workflow.services.calendar import calendars_then
from workflow.services.figures import backlog, own_settings
from workflow.services.figures.slices import MOMENT, OF_WAITING, Part, Parts
from workflow.services.journal import local_day
from workflow.store import month_stands as stands
from workflow.store.session import UnitOfWork


def standing_in(uow: UnitOfWork, scope: Scope, parts: Parts) -> None:
    """What waited or was open at the ends of months, and when they began; what was open overdue, and what waited
    for too long, by what was known then."""
    waiting = sorted({one.at for one in parts if one.wants(*OF_WAITING)})
    ends = {one.at for one in parts if one.wants(Population.OPEN)}
    openings = sorted(ends | {one.month.start for one in parts if one.wants(Population.CARRIED)})
    rows = stands.standing_at(scope, uow.session, unsigned=waiting, still_open=openings)
    then: defaultdict[tuple[str, dt.datetime], list[Any]] = defaultdict(list)
    for row in rows:
        then[row.what, (waiting if row.what == stands.UNSIGNED else openings)[row.moment]].append(row)
    late = [one.at for one in parts if one.wants(Population.BACKLOG) and then[stands.UNSIGNED, one.at]]
    known = _Known(uow, scope, due_at=[one for one in sorted(ends) if then[stands.OPEN, one]], backlog_at=late)
    for part in parts:
        if part.wants(*OF_WAITING):
            _unsigned(part, then[stands.UNSIGNED, part.at], known)
        if part.wants(Population.CARRIED):
            _open(part, Population.CARRIED, then[stands.OPEN, part.month.start], known)
        if part.wants(Population.OPEN):
            _open(part, Population.OPEN, then[stands.OPEN, part.at], known)


class _Known:
    """What the journal said of deadlines, hours of backlog and the calendar at moments. One query, and one for the
    calendar where backlog is asked about."""

    def __init__(
        self, uow: UnitOfWork, scope: Scope, *, due_at: Sequence[dt.datetime], backlog_at: Sequence[dt.datetime]
    ) -> None:
        told = stands.told(
            scope, uow.session, due_at=due_at, days_since=min(backlog_at, default=None),
            hours_of=[own_settings.subject(one) for one in scope.agency_ids] if backlog_at else (),
        )  # fmt: skip
        self._entries: defaultdict[tuple[dt.datetime, int], list[Entry]] = defaultdict(list)
        for row in told:
            if row.what == stands.DUE:
                key = (due_at[row.moment], int(row.subject.removeprefix("incoming:")))
                self._entries[key].append(Entry(row.at, row.tag, json.loads(row.body)["facts"]))
        self._hours = [(row.subject, row.at, row.body) for row in told if row.what == stands.HOURS]
        days = [(row.at, row.body) for row in reversed(told) if row.what == stands.DAYS]
        self.calendar_at = calendars_then(uow, days) if backlog_at else None

    def due_then(self, row: Any, at: dt.datetime) -> dt.datetime | None:
        """When a document was due whose deadline may have moved since: what the journal said last until then."""
        entries = self._entries.get((at, row.id), ())
        if not any("due" in one.facts for one in entries):
            found: dt.datetime | None = row.dated
            return found
        return own_due(entries, at, otherwise=None)

    def hours_at(self, agencies: Collection[int], at: dt.datetime) -> dict[int, int]:
        """How long a document might wait."""
        return backlog.hours_then(self._hours, agencies, at=at)


def _unsigned(part: Part, rows: Sequence[Any], known: _Known) -> None:
    """What waits, and what of it waits for longer than its agency's hours: by those hours, and the days that were
    known as worked or not, at that moment."""
    late = part.wants(Population.BACKLOG) and known.calendar_at is not None
    hours = known.hours_at(part.found, part.at) if late else {}
    calendar = known.calendar_at(part.at) if late and known.calendar_at is not None else None
    for row in rows:
        mine = part.found.get(row.agency_id)
        if mine is None:
            continue
        place = Place(row.unit, row.person, COUNTED)
        mine[Population.UNSIGNED, row.id] = place
        if calendar is None or not row.dated:
            continue
        if calendar.working_time_between(row.dated, part.at) > dt.timedelta(hours=hours[row.agency_id]):
            mine[Population.BACKLOG, row.id] = place


def _open(part: Part, population: Population, rows: Sequence[Any], known: _Known) -> None:
    for row in rows:
        mine = part.found.get(row.agency_id)
        if mine is None:
            continue
        value = COUNTED
        if population is Population.OPEN:
            value = still_open(known.due_then(row, part.at), part.at, paused=bool(row.paused))
        mine[population, row.id] = Place(row.unit or row.agency_id, row.person, value)


def leaders_in(uow: UnitOfWork, scope: Scope, parts: Parts) -> None:
    if not parts:
        return
    moments = {one.at - MOMENT: local_day(one.at - MOMENT) for one in parts}
    places = {at: place for place, at in enumerate(moments)}
    rows = stands.leaders_at(scope, uow.session, moments=moments)
    for part in parts:
        for row in rows:
            if row.moment == places[part.at - MOMENT] and row.agency_id in part.found:
                value = "covered" if row.covered else "without"
                part.found[row.agency_id].setdefault(
                    (Population.LEADERS, row.person_id), Place(row.unit_id, row.person_id, value)
                )
