"""What every post of an agency opened on a day: the product's own rules, asked about rows as they were then."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from workflow.domain.absences import Acts
from workflow.domain.access import Ability, Held, Told, abilities, as_it_was, field_as_it_was
from workflow.domain.mandates import Asked, Mandate, form_of, in_force
from workflow.domain.people import Actor, Post, Role
from workflow.domain.permissions import Permission, Scope, demand, scope_of
from workflow.services.journal import OFFICE_ZONE
from workflow.store import access as store
from workflow.store import mandates, office, people
from workflow.store.models import Account, ApiToken, Certificate, Inspection
from workflow.store.session import UnitOfWork

CLOSED, REOPENED = "account:record:closed", "account:record:reopened"
GIVEN, ENDED = "person:post:given", "person:post:ended"
SEAL_ON, SEAL_OFF = "unit:server_seal:allowed", "unit:server_seal:forbidden"
CHANGED = "unit:record:changed"


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the offices, from its first moment to its last; of today to now."""

    day: dt.date
    start: dt.datetime
    end: dt.datetime
    more: tuple[dt.datetime, ...] = ()
    """Moments between at which something changed that is asked about besides posts and accounts."""

    @classmethod
    def of(cls, day: dt.date, now: dt.datetime) -> Day:
        """A day that has begun."""
        start = dt.datetime.combine(day, dt.time(), OFFICE_ZONE)
        last = start + dt.timedelta(days=1) - dt.timedelta(microseconds=1)
        return cls(day, start.astimezone(dt.UTC), min(last.astimezone(dt.UTC), now))

    def moments(self, told: Iterable[Told] = ()) -> tuple[dt.datetime, ...]:
        """Its beginning, its end and every moment at which something changed: between two of them nothing does."""
        within = (one.at for one in told if self.start < one.at <= self.end)
        return tuple(sorted({self.start, self.end, *self.more, *within}))


@dataclass(slots=True)
class Standing:
    """One post on that day and all that it opened."""

    post: Post
    name: str
    unit: str
    scope: Scope
    abilities: tuple[Ability, ...]
    account: str
    """`open`, `closed` or `none`: without an open account nobody could come in."""
    times: Mapping[dt.datetime, bool] = field(default_factory=dict)
    """Moments of the day at which the holder could act in it, and whether the account was open then."""
    last: dt.date | None = None
    """The post's last day by what is on record now; the rules are asked without one that was told afterwards."""
    away: list[str] = field(default_factory=list)
    """Who looked after this desk."""
    desks: list[tuple[str, Acts]] = field(default_factory=list)
    """Whose desks the holder looked after, and how far."""
    mandates: list[Mandate] = field(default_factory=list)
    certificates: list[Certificate] = field(default_factory=list)
    inspections: list[Inspection] = field(default_factory=list)
    tokens: list[ApiToken] = field(default_factory=list)
    signs_copies: bool = False
    server_seal: bool = False
    reports_of: list[str] = field(default_factory=list)

    @property
    def open(self) -> bool:
        """Whether its holder could come in at all."""
        return self.account == "open"


def standing(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, agency_id: int, day: dt.date, now: dt.datetime,
    when: Day | None = None,
) -> list[Standing]:  # fmt: skip
    """Every post of an agency that somebody could act in on a day, by key; nothing for an agency out of scope."""
    demand(actor, Permission.SEE_ACCESS)
    when = when or Day.of(day, now)
    rows = store.posts(scope, uow.session, agency_id=agency_id, day=day)
    found = of_rows(uow, rows, when)
    if found:
        _desks(uow, scope, found, agency_id, when)
        _mandates(uow, found, agency_id, when)
        _keys(uow, found, agency_id, when)
        _others(uow, found, when)
    return found


def of_rows(uow: UnitOfWork, rows: Sequence[Any], when: Day) -> list[Standing]:
    """Posts as the rules read them, as they stood on that day."""
    session = uow.session
    persons = store.told(session, {f"person:{post.person_id}" for post, *_rest in rows}, {GIVEN, ENDED})
    accounts = store.told(
        session, {f"account:{account.id}" for *_rest, account in rows if account is not None}, {CLOSED, REOPENED}
    )
    units = store.told(session, {f"unit:{unit.id}" for _post, _person, unit, _account in rows}, {CHANGED})
    moments = when.moments(one for chain in (persons, accounts) for told in chain.values() for one in told)
    top = office.top_agency(session, on=when.day)
    below: dict[int, tuple[int, ...]] = {}
    made: list[Standing] = []
    for row, person, unit, account in rows:
        held = Held(row.id, row.unit_id, row.title, row.valid_from, row.valid_to)
        told = persons.get(f"person:{person.id}", [])
        there = [at for at in moments if held.stood(told, day=when.day, at=at)]
        if not there:
            continue
        opened = accounts.get(f"account:{account.id}" if account else "", [])
        changed = units.get(f"unit:{unit.id}", [])
        in_office = bool(field_as_it_was(unit.is_office, "is_office", changed, at=when.end))
        last = None if row.valid_to is not None and row.valid_to < when.day else row.valid_to
        post = Post(row.id, person.id, unit.id, row.agency_id, Role(row.role), row.title, row.valid_from, last,
                    in_office)  # fmt: skip
        words = abilities(post.role, at_top=post.agency_id == top)
        made.append(
            Standing(
                post, person.full_name, unit.name, reach_of(uow, post, below), words,
                _state(account, opened, there), {at: _open(account, opened, at) for at in there}, row.valid_to,
            )
        )  # fmt: skip
    return made


def _state(account: Account | None, told: list[Told], moments: Sequence[dt.datetime]) -> str:
    """Of an account while its holder could act in the post: at one of these moments it was open."""
    if account is None or account.created_at > moments[-1]:
        return "none"
    return "open" if any(_open(account, told, at) for at in moments) else "closed"


def _open(account: Account | None, told: list[Told], at: dt.datetime) -> bool:
    return account is not None and as_it_was(account.active, told, on={REOPENED}, off={CLOSED}, at=at)


def reach_of(uow: UnitOfWork, post: Post, below: dict[int, tuple[int, ...]]) -> Scope:
    """A post's scope, made as each request makes it; `below` remembers what was asked already."""
    if post.role is Role.UNIT_HEAD:
        units = below.setdefault(post.unit_id, people.units_below(uow.session, post.unit_id))
        return scope_of(post, units_below=units)
    if post.role is Role.INSPECTOR:
        agencies = below.setdefault(-post.agency_id, people.agencies_below(uow.session, post.agency_id))
        return scope_of(post, units_below=(), agencies_below=agencies)
    return scope_of(post, units_below=())


def _desks(uow: UnitOfWork, scope: Scope, found: list[Standing], agency_id: int, when: Day) -> None:
    by_post = {one.post.id: one for one in found}
    rows = store.absences(scope, uow.session, agency_id=agency_id, day=when.day, start=when.start, end=when.end)
    for row, _deputy_id, deputy, absent in rows:
        if row.post_id in by_post:
            by_post[row.post_id].away.append(deputy)
        if row.deputy_post_id in by_post:
            by_post[row.deputy_post_id].desks.append((absent, Acts(row.acts)))


def _mandates(uow: UnitOfWork, found: list[Standing], agency_id: int, when: Day) -> None:
    by_post = {one.post.id: one for one in found}
    asked = Asked(agency_id=agency_id, type_code="", organ="", units=frozenset(), day=when.day, at=when.end)
    for mandate in mandates.of_agency(uow.session, agency_id):
        good = all(check.holds for check in (*form_of(mandate), *in_force(mandate, asked)))
        if good and mandate.post_id in by_post:
            by_post[mandate.post_id].mandates.append(mandate)


def _keys(uow: UnitOfWork, found: list[Standing], agency_id: int, when: Day) -> None:
    """Own certificates, and with the seal the agency's: whose key the server held then, its clerks could use."""
    holders = {one.post.person_id for one in found}
    rows = store.certificates(uow.session, people=holders, agency_id=agency_id, start=when.start, end=when.end)
    told = store.told(uow.session, {f"unit:{agency_id}"}, {SEAL_ON, SEAL_OFF}).get(f"unit:{agency_id}", [])
    now = office.unit(uow.session, agency_id).server_seal
    held = any(as_it_was(now, told, on={SEAL_ON}, off={SEAL_OFF}, at=at) for at in (when.start, when.end))
    copies = {
        row.post_id for row in store.copy_signers(uow.session, agency_id=agency_id, start=when.start, end=when.end)
    }
    for one in found:
        seals = Ability.SEAL in one.abilities
        one.certificates = [
            row for row in rows if row.person_id == one.post.person_id or (seals and row.agency_id is not None)
        ]
        one.server_seal = seals and held
        one.signs_copies = one.post.id in copies or one.post.role is Role.LEADER


def _others(uow: UnitOfWork, found: list[Standing], when: Day) -> None:
    posts = [one.post.id for one in found]
    teams, tokens = defaultdict(list), defaultdict(list)
    for member, inspection in store.memberships(
        uow.session, posts=posts, day=when.day, start=when.start, end=when.end
    ):
        teams[member.post_id].append(inspection)
    for token in store.tokens(uow.session, posts=posts, start=when.start, end=when.end):
        tokens[token.post_id].append(token)
    readers = store.report_units(uow.session, {one.post.person_id for one in found})
    for one in found:
        one.inspections, one.tokens = teams[one.post.id], tokens[one.post.id]
        one.reports_of = readers.get(one.post.person_id, [])


def digest(found: Sequence[Standing]) -> str:
    """What was looked at, as one number: posts with their abilities, keys, desks, teams and tokens."""
    told = [
        [
            one.post.id, one.account, list(map(str, one.abilities)), sorted(one.away), sorted(map(str, one.desks)),
            sorted(row.id for row in one.mandates), sorted(row.id for row in one.certificates),
            sorted(row.id for row in one.inspections), sorted(token.id for token in one.tokens),
            one.server_seal, one.signs_copies,
        ]
        for one in sorted(found, key=lambda one: one.post.id)
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()
