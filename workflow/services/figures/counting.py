"""A month of agencies as facts: counted the same way while it is open, when it is closed, and by every recount."""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from workflow.domain.arrivals_backlog import Entry, own_due
from workflow.domain.indicators import COUNTED, Key, Place, Population, finished, standing, still_open
from workflow.domain.outgoing import Medium
from workflow.domain.periods import Period
from workflow.domain.permissions import Scope
from workflow.services.journal import local_day
from workflow.store import month_facts as store
from workflow.store.session import UnitOfWork

Months = dict[int, dict[Key, Place]]
"""Facts by agency."""
MOMENT = dt.timedelta(microseconds=1)
EVERYTHING = frozenset(Population)


def facts(
    uow: UnitOfWork, scope: Scope, month: Period, *, now: dt.datetime, only: Collection[Population] = EVERYTHING
) -> Months:
    """The facts of every agency of a scope. Eleven queries, whatever the size; fewer where `only` some populations
    are asked about.

    Of a month that still runs, what stands open stands so `now`; of one that is over, as it ended.
    """
    at = min(month.end, now)
    found: Months = {agency: {} for agency in scope.agency_ids}
    if Population.ISSUED in only:
        _issued(uow, scope, month, found)
    if Population.UNSIGNED in only:
        _unsigned(uow, scope, found, at=at)
    _incoming(uow, scope, month, found, at=at, only=only)
    if Population.CARRIED in only:
        _open(uow, scope, found, Population.CARRIED, at=month.start)
    if Population.OPEN in only:
        _open(uow, scope, found, Population.OPEN, at=at)
    if not EXPLANATIONS.isdisjoint(only):
        _explanations(uow, scope, month, found, at=at)
    if Population.LEADERS in only:
        _leaders(uow, scope, found, at=at)
    return found


def _issued(uow: UnitOfWork, scope: Scope, month: Period, found: Months) -> None:
    """By what the newest verdict says of each signature: an answer that changed since it was sealed counts."""
    newest: dict[tuple[int, str], str] = {}
    for document, purpose, conclusion in store.judged_since(scope, uow.session, start=month.start, end=month.end):
        newest[document, purpose] = conclusion
    for row in store.issued(scope, uow.session, start=month.start, end=month.end):
        value = standing(
            secret=row.secret, exempt=bool(row.exempt), ink=row.medium == Medium.INK,
            leader=newest.get((row.id, "leader"), row.leader_verdict),
            seal=newest.get((row.id, "seal"), row.seal_verdict),
        )  # fmt: skip
        found[row.agency_id][Population.ISSUED, row.id] = Place(row.unit_id, row.signer_id, value)


def _unsigned(uow: UnitOfWork, scope: Scope, found: Months, *, at: dt.datetime) -> None:
    for row in store.waiting_at(scope, uow.session, at=at):
        found[row.agency_id][Population.UNSIGNED, row.id] = Place(row.unit_id, row.signer_id, COUNTED)


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


def _explanations(uow: UnitOfWork, scope: Scope, month: Period, found: Months, *, at: dt.datetime) -> None:
    for row in store.explanations(scope, uow.session, start=month.start, end=at):
        accepted = row.decided_at if row.state == "accepted" else None
        place = Place(row.unit_id, row.person_id, COUNTED)
        for population, moment in (
            (Population.DEMANDED, row.demanded_at),
            (Population.GIVEN, row.given_at),
            (Population.ACCEPTED, accepted),
        ):
            if moment is not None and month.start <= moment < at:
                found[row.agency_id][population, row.id] = place
        if row.demanded_at < at and (accepted is None or accepted >= at):
            found[row.agency_id][Population.UNEXPLAINED, row.id] = place


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
    found: dict[Key, frozenset[str]] = {}
    for population, key in keys:
        if population is Population.LEADERS:
            found[population, key] = frozenset(certificates[key])
        elif population in EXPLANATIONS:
            found[population, key] = frozenset({f"incoming:{papers.get(key, 0)}"})
        else:
            found[population, key] = frozenset({f"{'outgoing' if population in OUTGOING else 'incoming'}:{key}"})
    return found


OUTGOING = frozenset({Population.ISSUED, Population.UNSIGNED})
EXPLANATIONS = frozenset({Population.DEMANDED, Population.GIVEN, Population.ACCEPTED, Population.UNEXPLAINED})
