"""A month of agencies as facts: counted the same way while it is open, when it is closed, and by every recount."""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from workflow.domain.arrivals_backlog import Entry, own_due
from workflow.domain.entered import as_fact
from workflow.domain.indicators import (
    COUNTED,
    EXEMPT,
    INK,
    SECRET,
    Key,
    Place,
    Population,
    finished,
    kind_of,
    signed_as,
    standing,
    still_open,
)
from workflow.domain.outgoing import Medium
from workflow.domain.periods import Period, parse
from workflow.domain.permissions import Scope
from workflow.domain.rates import Check
from workflow.services.calendar import calendar_at
from workflow.services.figures import backlog
from workflow.services.journal import local_day
from workflow.store import month_facts as store
from workflow.store.session import UnitOfWork

Months = dict[int, dict[Key, Place]]
"""Facts by agency."""
MOMENT = dt.timedelta(microseconds=1)
EVERYTHING = frozenset(Population)
OF_ISSUED = frozenset({Population.ISSUED, Population.SIGNED_AS, Population.LEADER_KIND, Population.SEAL_KIND})
OF_WAITING = frozenset({Population.UNSIGNED, Population.BACKLOG})
OF_APOLOGIES = frozenset({Population.APOLOGIES, Population.UNAPOLOGISED})
"""Populations that are counted together."""


def facts(
    uow: UnitOfWork, scope: Scope, month: Period, *, now: dt.datetime, only: Collection[Population] = EVERYTHING
) -> Months:
    """The facts of every agency of a scope. As many queries for one as for thousands; fewer where `only` some
    populations are asked about.

    Of a month that still runs, what stands open stands so `now`; of one that is over, as it ended.
    """
    return _facts(uow, scope, month, now=now, until=None, only=only)


def facts_then(uow: UnitOfWork, scope: Scope, month: Period, *, at: dt.datetime) -> Months:
    """The same as they stood at a moment that has passed: as if they had been counted then.

    What was done then and is worked on again since counts as finished. Two things are not written down and read as
    they are now: an explanation that was sent back and given again counts from its last giving, and what was
    registered and had its registration taken back is not there. Exemptions need no moment: none is approved or
    asked for once a document is issued.
    """
    found = _facts(uow, scope, month, now=at, until=at, only=EVERYTHING)
    rows = store.done_then(scope, uow.session, at=at)
    told: defaultdict[int, list[Entry]] = defaultdict(list)
    for key, when, tag, body in store.entries_about(uow.session, [row.id for row in rows], at=at) if rows else ():
        told[key].append(Entry(when, tag, json.loads(body)["facts"]))
    for row in rows:
        mine = found[row.agency_id]
        for population in (Population.OPEN, Population.FINISHED, Population.ENDED):
            mine.pop((population, row.id), None)
        if row.done_at < month.start:
            mine.pop((Population.CARRIED, row.id), None)
        elif row.done_at < month.end:
            due = own_due(told[row.id], at, otherwise=row.due_at)
            mine[Population.FINISHED, row.id] = _led(row, finished(row.done_at, due, local_day))
    return found


def _facts(
    uow: UnitOfWork, scope: Scope, month: Period, *, now: dt.datetime, until: dt.datetime | None,
    only: Collection[Population],
) -> Months:  # fmt: skip
    at = min(month.end, now)
    found: Months = {agency: {} for agency in scope.agency_ids}
    if not OF_ISSUED.isdisjoint(only):
        _issued(uow, scope, month, found, until=until)
    if not OF_WAITING.isdisjoint(only):
        _unsigned(uow, scope, found, at=at)
    if Population.TIMED in only:
        _timed(uow, scope, month, found, at=at)
    _incoming(uow, scope, month, found, at=at, only=only)
    if Population.CARRIED in only:
        _open(uow, scope, found, Population.CARRIED, at=month.start)
    if Population.OPEN in only:
        _open(uow, scope, found, Population.OPEN, at=at)
    if not (EXPLANATIONS | OF_APOLOGIES).isdisjoint(only):
        rows = store.explanations(scope, uow.session, start=month.start, end=at)
        _explanations(rows, month, found, at=at)
        _apologies(rows, month, found, at=at)
    if Population.ENTERED in only:
        _entered(uow, scope, month, found, now=now)
    if Population.LEADERS in only:
        _leaders(uow, scope, found, at=at)
    return found


def _issued(uow: UnitOfWork, scope: Scope, month: Period, found: Months, *, until: dt.datetime | None) -> None:
    """By what the newest verdict says of each signature: an answer that changed since it was sealed counts."""
    newest: dict[tuple[int, str], str] = {}
    span = {"start": month.start, "end": month.end if until is None else min(month.end, until)}
    for document, purpose, conclusion in store.judged_since(scope, uow.session, **span, until=until):
        newest[document, purpose] = conclusion
    for row in store.issued(scope, uow.session, **span):
        value = standing(
            secret=row.secret, exempt=bool(row.exempt), ink=row.medium == Medium.INK,
            leader=newest.get((row.id, "leader"), row.leader_verdict),
            seal=newest.get((row.id, "seal"), row.seal_verdict),
        )  # fmt: skip
        mine = found[row.agency_id]
        mine[Population.ISSUED, row.id] = Place(row.unit_id, row.signer_id, value)
        mine[Population.SIGNED_AS, row.id] = Place(row.unit_id, row.signer_id, signed_as(row.capacity, value))
        if value in {INK, EXEMPT, SECRET}:
            continue
        leader, seal = value.split(".")
        if leader != Check.MISSING:
            kind = kind_of(row.leader_kind, value)
            mine[Population.LEADER_KIND, row.id] = Place(row.unit_id, row.signer_id, kind)
        if seal != Check.MISSING:
            kind = kind_of(row.seal_kind, value)
            mine[Population.SEAL_KIND, row.id] = Place(row.unit_id, row.signer_id, kind)


def _unsigned(uow: UnitOfWork, scope: Scope, found: Months, *, at: dt.datetime) -> None:
    """What waits, and what of it waits for longer than its agency's hours: by those hours, and the days that were
    known as worked or not, at that moment."""
    rows = store.waiting_at(scope, uow.session, at=at)
    hours = backlog.hours_at(uow, scope.agency_ids, at=at) if rows else {}
    calendar = calendar_at(uow, at)[0] if rows else None
    for row in rows:
        place = Place(row.unit_id, row.signer_id, COUNTED)
        found[row.agency_id][Population.UNSIGNED, row.id] = place
        longest = dt.timedelta(hours=hours[row.agency_id])
        if calendar is not None and row.since and calendar.working_time_between(row.since, at) > longest:
            found[row.agency_id][Population.BACKLOG, row.id] = place


def _timed(uow: UnitOfWork, scope: Scope, month: Period, found: Months, *, at: dt.datetime) -> None:
    """The last signature of each document in the month, with how long it was waited for."""
    for row in store.signed(scope, uow.session, start=month.start, end=min(month.end, at + MOMENT)):
        place = Place(row.unit_id, row.person_id, str(row.minutes))
        found[row.agency_id][Population.TIMED, row.id] = place


def _incoming(
    uow: UnitOfWork, scope: Scope, month: Period, found: Months, *, at: dt.datetime, only: Collection[Population]
) -> None:
    span = {"start": month.start, "end": min(month.end, at + MOMENT)}
    for row in store.received(scope, uow.session, **span) if Population.RECEIVED in only else ():
        found[row.agency_id][Population.RECEIVED, row.id] = Place(row.agency_id, None, COUNTED)
    for row in store.done(scope, uow.session, **span) if Population.FINISHED in only else ():
        value = finished(row.done_at, row.due_at, local_day)
        found[row.agency_id][Population.FINISHED, row.id] = _led(row, value)
    for row in store.ended(scope, uow.session, **span) if Population.ENDED in only else ():
        found[row.agency_id][Population.ENDED, row.id] = _led(row, row.state)


def _led(row: Any, value: str) -> Place:
    return Place(row.lead_unit_id or row.agency_id, row.handler_id, value)


def _open(uow: UnitOfWork, scope: Scope, found: Months, population: Population, *, at: dt.datetime) -> None:
    counts = population is Population.CARRIED
    moved = {} if counts else _due_then(uow, scope, at=at)
    for row in store.open_at(scope, uow.session, at=at):
        due = moved.get(row.id, row.due_at)
        value = COUNTED if counts else still_open(due, at, paused=bool(row.paused))
        found[row.agency_id][population, row.id] = Place(row.unit or row.agency_id, row.person, value)


def _due_then(uow: UnitOfWork, scope: Scope, *, at: dt.datetime) -> dict[int, dt.datetime | None]:
    """When those were due whose deadline may have moved since: what the journal said last until then."""
    told: defaultdict[int, list[Entry]] = defaultdict(list)
    for key, when, tag, body in store.told_of_due(scope, uow.session, at=at):
        told[key].append(Entry(when, tag, json.loads(body)["facts"]))
    return {
        key: own_due(entries, at, otherwise=None)
        for key, entries in told.items()
        if any("due" in one.facts for one in entries)
    }


def _explanations(rows: Sequence[Any], month: Period, found: Months, *, at: dt.datetime) -> None:
    for row in rows:
        accepted = row.decided_at if row.state == "accepted" else None
        place = Place(row.unit_id, row.person_id, COUNTED)
        for population, moment in (
            (Population.DEMANDED, row.demanded_at),
            (Population.GIVEN, row.given_at),
            (Population.ACCEPTED, accepted),
        ):
            if moment is not None and month.start <= moment < at:
                found[row.agency_id][population, row.id] = place
        if month.start <= row.demanded_at < at and accepted is not None and accepted < at:
            found[row.agency_id][Population.EXPLAINED, row.id] = place
        if row.demanded_at < at and (accepted is None or accepted >= at):
            found[row.agency_id][Population.UNEXPLAINED, row.id] = place


def _apologies(rows: Sequence[Any], month: Period, found: Months, *, at: dt.datetime) -> None:
    """By the end: a letter that is issued later leaves the month as it was and empties the next one's backlog. The
    first acceptance of a document counts."""
    owed = [row for row in rows if _is_owed(row) and row.decided_at < at]
    for row in sorted(owed, key=lambda row: (row.decided_at, row.id)):
        made = row.letter is not None and row.letter < at
        place = Place(row.unit_id, None, "made" if made else "owed")
        if row.decided_at >= month.start:
            found[row.agency_id].setdefault((Population.APOLOGIES, row.incoming_id), place)
        if not made:
            found[row.agency_id][Population.UNAPOLOGISED, row.incoming_id] = Place(row.unit_id, None, COUNTED)


def _is_owed(row: Any) -> bool:
    """Late by the office's own doing, and the sender is a citizen or an organisation."""
    return bool(
        row.state == "accepted" and row.cause == "subjective" and row.issuer_kind in {"citizen", "organisation"}
    )


def _entered(uow: UnitOfWork, scope: Scope, month: Period, found: Months, *, now: dt.datetime) -> None:
    """As they stand now, not as they stood when the month ended: a correction of a closed one is an adjustment."""
    for row in store.entered(scope, uow.session, first=month.first, last=month.last, at=now):
        value = as_fact(row.indicator_id, parse(row.period).kind, row.figure)
        found[row.agency_id][Population.ENTERED, row.line] = Place(row.unit_id, None, value)


def _leaders(uow: UnitOfWork, scope: Scope, found: Months, *, at: dt.datetime) -> None:
    moment = at - MOMENT
    for row in store.leaders_at(scope, uow.session, at=moment, day=local_day(moment)):
        value = "covered" if row.covered else "without"
        found[row.agency_id].setdefault(
            (Population.LEADERS, row.person_id), Place(row.unit_id, row.person_id, value)
        )


def subjects(uow: UnitOfWork, keys: Sequence[Key]) -> Mapping[Key, frozenset[str]]:
    """Whose chains of the journal tell of these facts."""
    explanations = {key for population, key in keys if population in EXPLANATIONS}
    papers = store.papers_of_explanations(uow.session, explanations) if explanations else {}
    people = {key for population, key in keys if population is Population.LEADERS}
    certificates: dict[int, set[str]] = {person: {f"person:{person}"} for person in people}
    for certificate, person in store.certificates_of(uow.session, people) if people else ():
        certificates[person].add(f"certificate:{certificate}")
    owed = {key for population, key in keys if population in APOLOGIES}
    letters: dict[int, set[str]] = {key: {f"incoming:{key}"} for key in owed}
    for incoming, outgoing in store.letters_of(uow.session, owed) if owed else ():
        letters[incoming].add(f"outgoing:{outgoing}")
    found: dict[Key, frozenset[str]] = {}
    for population, key in keys:
        if population is Population.LEADERS:
            found[population, key] = frozenset(certificates[key])
        elif population is Population.ENTERED:
            found[population, key] = frozenset({f"entered:{key}"})
        elif population in APOLOGIES:
            found[population, key] = frozenset(letters[key])
        elif population in EXPLANATIONS:
            found[population, key] = frozenset({f"incoming:{papers.get(key, 0)}"})
        else:
            found[population, key] = frozenset({f"{'outgoing' if population in OUTGOING else 'incoming'}:{key}"})
    return found


OUTGOING = frozenset(
    {
        Population.ISSUED, Population.UNSIGNED, Population.SIGNED_AS, Population.LEADER_KIND, Population.SEAL_KIND,
        Population.TIMED, Population.BACKLOG,
    }
)  # fmt: skip
BY_SIGNER = frozenset({Population.ISSUED, Population.SIGNED_AS, Population.TIMED})
"""What a person's figures are made of."""
APOLOGIES = frozenset({Population.APOLOGIES, Population.UNAPOLOGISED})
EXPLANATIONS = frozenset(
    {Population.DEMANDED, Population.GIVEN, Population.ACCEPTED, Population.UNEXPLAINED, Population.EXPLAINED}
)
