"""Months of agencies as facts: counted the same way while they are open, when they are closed, by every recount."""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
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
)
from workflow.domain.outgoing import Medium
from workflow.domain.periods import Period, parse
from workflow.domain.permissions import Scope
from workflow.domain.rates import Check
from workflow.services.figures.slices import (
    EVERYTHING,
    OF_APOLOGIES,
    OF_ISSUED,
    OF_WAITING,
    Months,
    Parts,
    Slice,
    begun,
    span,
    wanting,
)
from workflow.services.figures.standing import leaders_in, standing_in
from workflow.services.journal import local_day
from workflow.store import month_facts as store
from workflow.store import month_stands as stands
from workflow.store.session import UnitOfWork


def facts(
    uow: UnitOfWork, scope: Scope, month: Period, *, now: dt.datetime, only: Collection[Population] = EVERYTHING
) -> Months:
    """The facts of every agency of a scope. As many queries for one as for thousands; fewer where `only` some
    populations are asked about.

    Of a month that still runs, what stands open stands so `now`; of one that is over, as it ended.
    """
    return facts_of(uow, [Slice(month, scope.agency_ids, only)], now=now)[0]


def facts_of(uow: UnitOfWork, slices: Sequence[Slice], *, now: dt.datetime) -> list[Months]:
    """The same of several months that follow each other, in as many queries as of one: each population has one
    range from the first to the last of them, and what stood is asked for every end at once."""
    return _facts(uow, slices, now=now, until=None)


def facts_then(uow: UnitOfWork, scope: Scope, month: Period, *, at: dt.datetime) -> Months:
    """The same as they stood at a moment that has passed: as if they had been counted then.

    What was done then and is worked on again since counts as finished. Two things are not written down and read as
    they are now: an explanation that was sent back and given again counts from its last giving, and what was
    registered and had its registration taken back is not there. Exemptions need no moment: none is approved or
    asked for once a document is issued.
    """
    (found,) = _facts(uow, [Slice(month, scope.agency_ids)], now=at, until=at)
    rows = stands.done_then(scope, uow.session, at=at)
    told: defaultdict[int, list[Entry]] = defaultdict(list)
    for key, when, tag, body in stands.entries_about(uow.session, [row.id for row in rows], at=at) if rows else ():
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
    uow: UnitOfWork, slices: Sequence[Slice], *, now: dt.datetime, until: dt.datetime | None
) -> list[Months]:
    scope = Scope(agency_ids=tuple(sorted({agency for one in slices for agency in one.agencies})))
    parts = [begun(one, now, until) for one in slices]
    _issued(uow, scope, wanting(parts, *OF_ISSUED), until=until)
    _timed(uow, scope, wanting(parts, Population.TIMED))
    _received(uow, scope, wanting(parts, Population.RECEIVED))
    _answered(uow, scope, wanting(parts, Population.FINISHED))
    _ended(uow, scope, wanting(parts, Population.ENDED))
    standing_in(uow, scope, wanting(parts, *OF_WAITING, Population.CARRIED, Population.OPEN))
    _explained(uow, scope, wanting(parts, *EXPLANATIONS, *OF_APOLOGIES))
    _entered(uow, scope, wanting(parts, Population.ENTERED), now=now)
    leaders_in(uow, scope, wanting(parts, Population.LEADERS))
    return [one.found for one in parts]


def judged(rows: Iterable[Any]) -> Iterator[tuple[Any, str, str]]:
    """Each issued document once, with the newest answers about the leader's and the agency's signature."""
    found: dict[int, Any] = {}
    newest: dict[tuple[int, str], tuple[int, str]] = {}
    for row in rows:
        found[row.id] = row
        if row.judged is not None:
            key = (row.id, row.purpose)
            newest[key] = max(newest.get(key, (0, "")), (row.judged, row.conclusion))
    for row in found.values():
        yield (
            row,
            newest.get((row.id, "leader"), (0, row.leader_verdict))[1],
            newest.get((row.id, "seal"), (0, row.seal_verdict))[1],
        )


def _issued(uow: UnitOfWork, scope: Scope, parts: Parts, *, until: dt.datetime | None) -> None:
    """By what the newest verdict says of each signature: an answer that changed since it was sealed counts."""
    if not parts:
        return
    start, end = min(one.month.start for one in parts), max(one.issued_by for one in parts)
    for row, leader, seal in judged(store.issued(scope, uow.session, start=start, end=end, until=until)):
        for part in parts:
            mine = part.mine(row.agency_id, row.issued_at, part.issued_by)
            if mine is not None:
                _as_issued(row, leader, seal, mine)


def _as_issued(row: Any, leader: str, seal: str, mine: dict[Key, Place]) -> None:
    value = standing(
        secret=row.secret, exempt=bool(row.exempt), ink=row.medium == Medium.INK, leader=leader, seal=seal
    )
    mine[Population.ISSUED, row.id] = Place(row.unit_id, row.signer_id, value)
    mine[Population.SIGNED_AS, row.id] = Place(row.unit_id, row.signer_id, signed_as(row.capacity, value))
    if value in {INK, EXEMPT, SECRET}:
        return
    two = value.split(".")
    for one, kind, population in zip(
        two, (row.leader_kind, row.seal_kind), (Population.LEADER_KIND, Population.SEAL_KIND), strict=True
    ):
        if one != Check.MISSING:
            mine[population, row.id] = Place(row.unit_id, row.signer_id, kind_of(kind, value))


def _timed(uow: UnitOfWork, scope: Scope, parts: Parts) -> None:
    """The last signature of each document in the month, with how long it was waited for."""
    for row in store.signed(scope, uow.session, **span(parts)) if parts else ():
        for part in parts:
            mine = part.mine(row.agency_id, row.at, part.end)
            if mine is not None:
                mine[Population.TIMED, row.id] = Place(row.unit_id, row.person_id, str(row.minutes))


def _received(uow: UnitOfWork, scope: Scope, parts: Parts) -> None:
    for row in store.received(scope, uow.session, **span(parts)) if parts else ():
        for part in parts:
            mine = part.mine(row.agency_id, row.registered_at, part.end)
            if mine is not None:
                mine[Population.RECEIVED, row.id] = Place(row.agency_id, None, COUNTED)


def _answered(uow: UnitOfWork, scope: Scope, parts: Parts) -> None:
    for row in store.done(scope, uow.session, **span(parts)) if parts else ():
        for part in parts:
            mine = part.mine(row.agency_id, row.done_at, part.end)
            if mine is not None:
                mine[Population.FINISHED, row.id] = _led(row, finished(row.done_at, row.due_at, local_day))


def _ended(uow: UnitOfWork, scope: Scope, parts: Parts) -> None:
    for row in store.ended(scope, uow.session, **span(parts)) if parts else ():
        for part in parts:
            mine = part.mine(row.agency_id, row.closed_at, part.end)
            if mine is not None:
                mine[Population.ENDED, row.id] = _led(row, row.state)


def _led(row: Any, value: str) -> Place:
    return Place(row.lead_unit_id or row.agency_id, row.handler_id, value)


def _explained(uow: UnitOfWork, scope: Scope, parts: Parts) -> None:
    if not parts:
        return
    start, end = min(one.month.start for one in parts), max(one.at for one in parts)
    rows = store.explanations(scope, uow.session, start=start, end=end)
    for part in parts:
        mine = [row for row in rows if row.agency_id in part.found]
        _explanations(mine, part.month, part.found, at=part.at)
        _apologies(mine, part.month, part.found, at=part.at)


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


def _entered(uow: UnitOfWork, scope: Scope, parts: Parts, *, now: dt.datetime) -> None:
    """As they stand now, not as they stood when the month ended: a correction of a closed one is an adjustment."""
    if not parts:
        return
    first, last = min(one.month.first for one in parts), max(one.month.last for one in parts)
    for row in store.entered(scope, uow.session, first=first, last=last, at=now):
        value = as_fact(row.indicator_id, parse(row.period).kind, row.figure)
        for part in parts:
            if part.month.first <= row.ends <= part.month.last and row.agency_id in part.found:
                part.found[row.agency_id][Population.ENTERED, row.line] = Place(row.unit_id, None, value)


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
