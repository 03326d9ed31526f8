"""Dấu hiệu bất thường: found live in a period, per office and as lists with their papers. Hints, never verdicts.

What was said about a sign stands beside it and never takes it away (`anomaly_remarks`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from workflow.domain import anomalies as rules
from workflow.domain.anomalies import SIGNS, Finding, Sign
from workflow.domain.errors import BadInput, NotFound
from workflow.domain.keeping import Trace
from workflow.domain.people import Actor
from workflow.domain.periods import Period, midnight
from workflow.domain.permissions import Permission, Scope, demand
from workflow.services.calendar import working_calendar
from workflow.services.journal import local_day
from workflow.services.keeping import whole_since
from workflow.services.rates import narrowed
from workflow.store import anomalies as store
from workflow.store import frozen_months, office
from workflow.store import rates as names
from workflow.store.session import UnitOfWork

SETTING = "anomalies"
LONGEST = dt.timedelta(days=366)
"""No list asks for more: signs are found anew each time."""


@dataclass(frozen=True, slots=True)
class Remark:
    """What somebody said about a sign."""

    kind: str
    words: str
    by: str
    at: dt.datetime


Said = Mapping[tuple[int, str, int], Sequence[Remark]]
"""By agency, sign and what it counts."""


def thresholds(uow: UnitOfWork) -> dict[Sign, dict[str, int]]:
    """The numbers that hold in this province."""
    return rules.numbers(office.setting(uow.session, SETTING) or {})


def find(uow: UnitOfWork, scope: Scope, period: Period) -> tuple[list[Finding], dict[Sign, dict[str, int]]]:
    """Every sign of the agencies in scope, the latest first, and the numbers that they were found by.

    As many queries as there are signs, whatever the size.
    """
    if period.last - period.first > LONGEST:
        raise BadInput("signs_period_too_long", days=LONGEST.days)
    limits = thresholds(uow)
    found = [*_signed(uow, scope, period, limits), *_deadlines(uow, scope, period, limits)]
    found += _issued(uow, scope, period, limits)
    return sorted(found, key=lambda one: (one.at, one.key), reverse=True), limits


@dataclass(frozen=True, slots=True)
class Blind:
    """What a period cannot tell any more, since traces were cleared (`domain.keeping`). `papers`: signatures on
    papers made before `looks`, of which nobody can say that they were not opened. `devices`: of signatures before
    this day it cannot be said whose device it was."""

    looks: dt.date | None = None
    papers: int = 0
    devices: dt.date | None = None


def blind(uow: UnitOfWork, scope: Scope, period: Period) -> Blind:
    """Said on the pages of signs instead of counting what is not there."""
    looks, devices = whole_since(uow, Trace.LOOKS), whole_since(uow, Trace.DEVICE_DAYS)
    papers = 0
    if looks is not None:
        papers = store.on_older_papers(
            scope, uow.session, start=period.start, end=period.end, before=midnight(looks)
        )
    until = None if devices is None else devices + rules.DEVICE_SPAN
    return Blind(looks if papers else None, papers, until if until is not None and period.first < until else None)


def _signed(uow: UnitOfWork, scope: Scope, period: Period, limits: rules.Numbers) -> list[Finding]:
    whole = whole_since(uow, Trace.LOOKS)
    rows = [
        rules.Signed(
            key=row.id, agency=row.agency_id, document=row.document_id, person=row.person_id, at=row.received_at,
            pages=row.pages, device=row.device_hash, opened=_aware(row.opened),
            judged=whole is None or local_day(row.created_at) >= whole,
        )
        for row in store.signed(scope, uow.session, start=period.start, end=period.end)
    ]  # fmt: skip
    devices = {one.device for one in rows if one.device}
    logins = [
        rules.Login(*row)
        for row in store.logins_on(
            uow.session, devices, first=period.first - rules.DEVICE_SPAN, last=period.last + dt.timedelta(days=1)
        )
    ]
    return [
        *rules.foreign_devices(rows, logins, limits[Sign.FOREIGN_DEVICE], local_day),
        *rules.too_fast(rows, limits[Sign.TOO_FAST]),
    ]


def _aware(moment: dt.datetime | None) -> dt.datetime | None:
    return moment if moment is None or moment.tzinfo else moment.replace(tzinfo=dt.UTC)


def _deadlines(uow: UnitOfWork, scope: Scope, period: Period, limits: rules.Numbers) -> list[Finding]:
    span, calendar = {"start": period.start, "end": period.end}, working_calendar(uow)
    closed = (
        rules.Closed(
            document=row.id, agency=row.agency_id, done=row.done_at, due=row.due_at, result=row.result,
            person=row.closer,
        )
        for row in store.closed(scope, uow.session, **span)
    )  # fmt: skip
    extended = (
        rules.Extended(
            key=row.id, document=row.incoming_id, agency=row.agency_id, due=row.due_before, asked=row.asked_at,
            granted=row.decided_at if row.state == "granted" else None, asker=row.asked_by_id,
            granter=row.decided_by_id if row.state == "granted" else None,
        )
        for row in store.extended_late(scope, uow.session, **span)
    )  # fmt: skip
    registered = (
        rules.Registered(
            document=row.id,
            agency=row.agency_id,
            arrived=row.arrived_at,
            registered=row.registered_at,
            person=row.registered_by_id,
        )
        for row in store.registered(scope, uow.session, **span)
    )

    def working_days(start: dt.datetime, end: dt.datetime) -> int:
        return calendar.working_days_between(local_day(start), local_day(end))

    return [
        *rules.closed_before_due(closed, limits[Sign.CLOSED_BEFORE_DUE], calendar.working_hours_between),
        *rules.extended_after_due(extended),
        *rules.registered_late(registered, limits[Sign.REGISTERED_LATE], working_days),
    ]


def _issued(uow: UnitOfWork, scope: Scope, period: Period, limits: rules.Numbers) -> list[Finding]:
    limit = limits[Sign.EXEMPTIONS]
    every = store.exemptions(
        uow.session, start=period.start, end=period.end, reason="the norm of exemptions is the province's"
    )
    counts = {row.agency_id: (row.exempt, row.whole) for row in every}
    norm = rules.norm_of(counts, limit)
    rows = _doubtful(uow, scope, period)
    return [
        *rules.exemptions(rows, rules.exempting(counts, norm, limit), norm, counts),
        *rules.seals_without_leader(rows),
    ]


def _doubtful(uow: UnitOfWork, scope: Scope, period: Period) -> list[rules.Issued]:
    found: dict[int, rules.Issued] = {}
    for row in store.doubtful(scope, uow.session, start=period.start, end=period.end):
        away = row.away is not None and (row.back is None or local_day(row.back) > row.signed_on)
        known = found.get(row.id)
        found[row.id] = rules.Issued(
            document=row.id, agency=row.agency_id, issued=row.issued_at, exempt=row.exempt_by_id is not None,
            approver=row.exempt_by_id, medium=row.medium, signer=row.signer_id, sealer=row.sealer,
            leader=row.leader_verdict if row.signature is not None else "", ink_day=row.signed_on,
            scanned=bool(row.scanned), away=away or (known is not None and known.away),
        )  # fmt: skip
    return list(found.values())


@dataclass(frozen=True, slots=True)
class Office:
    """An agency's signs in a period; `out`: those of which it has so many that it stands out."""

    id: int
    name: str
    counts: Mapping[Sign, int]
    reviewed: int
    out: tuple[Sign, ...]

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class Board:
    """Every office of a reader that has a sign, the worst first; `quiet`: how many have none."""

    offices: tuple[Office, ...]
    quiet: int
    limits: rules.Numbers


def board(uow: UnitOfWork, actor: Actor, scope: Scope, *, period: Period, agency_id: int | None = None) -> Board:
    """Counts per office and sign: those that stand out by most signs first, then those with most findings.

    `agency_id`: of that one alone, `NotFound` outside the scope; what is usual is still that of all of them.
    """
    demand(actor, Permission.SEE_RATES)
    chosen = narrowed(scope, agency_id)
    found, limits = find(uow, scope, period)
    said = _said(uow, scope, period)
    called = dict(agencies(uow, chosen))
    counts = rules.tally(found)
    reviewed: dict[int, int] = {}
    for one in found:
        if any(remark.kind == "reviewed" for remark in said.get(_place(one), ())):
            reviewed[one.agency] = reviewed.get(one.agency, 0) + 1
    lines = [
        Office(agency, called[agency], mine, reviewed.get(agency, 0), rules.standing_out(mine, limits))
        for agency, mine in counts.items()
        if agency in called
    ]
    lines.sort(key=lambda one: (-len(one.out), -one.total, one.name))
    return Board(tuple(lines), len(called) - len(lines), limits)


def agencies(uow: UnitOfWork, scope: Scope) -> list[tuple[int, str]]:
    """(key, name) of the agencies in scope."""
    return [(row.id, row.name) for row in names.units_of(scope, uow.session) if row.id in scope.agency_ids]


def _said(uow: UnitOfWork, scope: Scope, period: Period) -> dict[tuple[int, str, int], list[Remark]]:
    said: dict[tuple[int, str, int], list[Remark]] = {}
    for row in store.remarks(scope, uow.session, since=period.start):
        place = (row.agency_id, row.sign, row.item)
        said.setdefault(place, []).append(Remark(row.kind, row.words, row.full_name, row.at))
    return said


def _place(one: Finding) -> tuple[int, str, int]:
    return one.agency, str(one.sign), one.key


@dataclass(frozen=True, slots=True)
class Item:
    """A sign of one paper as a page shows it. Names are there for papers that the reader may open, and for those
    whose signers every board names; `about_me`: the reader is named by it."""

    finding: Finding
    paper: Any
    names: Mapping[int, str]
    said: Sequence[Remark]
    about_me: bool


@dataclass(frozen=True, slots=True)
class Listed:
    """A list of signs, in whole and the part that is shown."""

    items: tuple[Item, ...]
    number: int
    more: bool
    limits: Mapping[str, int]


def listed(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, sign: Sign, agency_id: int, period: Period, reader: Scope,
    before: int | None = None, limit: int,
) -> Listed:  # fmt: skip
    """The papers behind one sign of one office, by keyset: keys below `before`, the highest first."""
    demand(actor, Permission.SEE_RATES)
    chosen = narrowed(scope, agency_id)
    found, limits = find(uow, chosen, period)
    mine = sorted((one for one in found if one.sign is sign), key=lambda one: -one.key)
    shown = [one for one in mine if before is None or one.key < before]
    items = _items(uow, actor, chosen, reader, period, shown[:limit])
    return Listed(items, len(mine), len(shown) > limit, limits[sign])


def about_me(uow: UnitOfWork, actor: Actor, reader: Scope, *, period: Period) -> tuple[Item, ...]:
    """What signs name the actor, wherever they hold or held a post: they may comment on it."""
    scope = _own_scope(uow, actor)
    found, _limits = find(uow, scope, period)
    mine = [one for one in found if actor.person_id in one.people]
    return _items(uow, actor, scope, reader, period, mine[:SHOWN_TO_ONE])


SHOWN_TO_ONE = 200


def _own_scope(uow: UnitOfWork, actor: Actor) -> Scope:
    return Scope(agency_ids=store.agencies_of(uow.session, actor.person_id or 0))


def one_of(
    uow: UnitOfWork, scope: Scope, *, sign: Sign, key: int, period: Period, agency_id: int | None = None
) -> Finding:
    """A sign that is found now, or `NotFound`."""
    chosen = narrowed(scope, agency_id)
    for one in find(uow, chosen, period)[0]:
        if one.sign is sign and one.key == key:
            return one
    raise NotFound("sign_not_found")


def own_one(uow: UnitOfWork, actor: Actor, *, sign: Sign, key: int, period: Period) -> Finding:
    """One that names the actor, or `NotFound`."""
    found = one_of(uow, _own_scope(uow, actor), sign=sign, key=key, period=period)
    if actor.person_id not in found.people:
        raise NotFound("sign_not_found")
    return found


def _items(
    uow: UnitOfWork, actor: Actor, scope: Scope, reader: Scope, period: Period, found: Sequence[Finding]
) -> tuple[Item, ...]:
    said = _said(uow, scope, period)
    incoming = {one.document for one in found if SIGNS[one.sign].incoming}
    outgoing = {one.document for one in found if not SIGNS[one.sign].incoming}
    arrivals = frozen_months.incoming_named(reader, uow.session, incoming) if incoming else {}
    papers = frozen_months.outgoing_named(reader, uow.session, outgoing) if outgoing else {}
    named = names.names_of(uow.session, {person for one in found for person in _mentioned(one)})
    made = []
    for one in found:
        paper = (arrivals if SIGNS[one.sign].incoming else papers).get(one.document)
        mine = actor.person_id in one.people
        open_to = mine or not SIGNS[one.sign].incoming or bool(paper and paper.readable)
        people = {person: named.get(person, "") for person in _mentioned(one)} if open_to else {}
        made.append(Item(one, paper, people, said.get(_place(one), ()), mine))
    return tuple(made)


def _mentioned(one: Finding) -> set[int]:
    other = one.facts.get("other")
    return {*one.people, *([other] if isinstance(other, int) else [])}
