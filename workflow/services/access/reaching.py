"""The other way round: who could see, sign or seal one document on a day, and why.

Whether a scope reaches it is asked of the store's own condition, whom it named then of its journal (`naming`),
whether somebody may sign it of `domain.mandates`. All of it at each moment of the day at which something changed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from workflow.domain.absences import Acts
from workflow.domain.access import Told
from workflow.domain.errors import NotFound
from workflow.domain.mandates import Asked as Question
from workflow.domain.mandates import Entitlement, Mandate, may_sign
from workflow.domain.named_then import As, Name
from workflow.domain.people import Actor, Capacity, Post
from workflow.domain.permissions import (
    Permission,
    Scope,
    allowed,
    demand,
    inspection_scope,
    open_in_place,
)
from workflow.services import authority
from workflow.services.access import naming
from workflow.services.access.standing import Day, Standing, of_rows, standing
from workflow.store import access as store
from workflow.store import inspections, mandates
from workflow.store.models import Incoming, Outgoing
from workflow.store.session import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class Reacher:
    """Somebody who could see it. `way`: `post`, `desk` (in whose place: `of`), `team` (by which decision: `of`);
    `first` and `last` are the days of that right."""

    name: str
    title: str
    unit: str
    post: Post
    way: str
    of: str = ""
    first: dt.date | None = None
    last: dt.date | None = None
    open: bool = True
    signs: Capacity | None = None
    by: Mandate | None = None
    """The mandate by which they could sign it; without one the post gives it."""
    seals: bool = False
    names: tuple[Name, ...] = ()
    """As what the document named them on that day, and since when."""

    @property
    def chosen(self) -> bool:
        """Whether it was theirs to sign: they were named for it, and a right stood behind it."""
        return self.signs is not None and any(one.role is As.SIGNER for one in self.names)


@dataclass(frozen=True, slots=True)
class Asked:
    """A document as an administrator names it; its words are not theirs to see."""

    kind: str
    key: int
    agency_id: int
    label: str
    created_at: dt.datetime
    row: Outgoing | Incoming


@dataclass(frozen=True, slots=True)
class _Way:
    """One way to it: whose, with which scope, at which moments, and whether the account was open then."""

    who: Reacher
    scope: Scope
    times: dict[dt.datetime, bool]


def find(uow: UnitOfWork, actor: Actor, scope: Scope, *, words: str, agency_id: int) -> Asked:
    """A document by look-up code or symbol, an arrival as `đến 12/2026` or `12/2026`; else `NotFound`."""
    demand(actor, Permission.SEE_ACCESS)
    number, slash, year = words.lower().removeprefix("đến").strip().partition("/")
    if (
        slash
        and number.isascii()
        and number.isdecimal()
        and len(number) < 9
        and year.isdecimal()
        and len(year) == 4
    ):
        row = store.incoming_by_number(scope, uow.session, number=int(number), year=int(year), agency_id=agency_id)
        if row is not None:
            return Asked("incoming", row.id, row.agency_id, f"{row.number}/{row.year}", row.arrived_at, row)
    paper = store.outgoing_by_code(scope, uow.session, words, agency_id=agency_id)
    if paper is None:
        raise NotFound("access_no_document")
    label = paper.code if paper.secret else paper.symbol or paper.code
    return Asked("outgoing", paper.id, paper.agency_id, label, paper.created_at, paper)


def reachers(
    uow: UnitOfWork, actor: Actor, scope: Scope, asked: Asked, *, day: dt.date, now: dt.datetime
) -> list[Reacher]:
    """Everybody who could see it on that day; nobody before it was there."""
    when = Day.of(day, now)
    if asked.created_at > when.end:
        return []
    then, told = _then(uow, asked)
    when = replace(when, more=(*when.moments(told), *_of_mandates(uow, asked, when)))
    own = standing(uow, actor, scope, agency_id=asked.agency_id, day=day, now=now, when=when)
    above = _inspectors(uow, asked, when)
    ways = [*_posts([*own, *above], asked), *_desks(uow, own, scope, asked, when), *_teams(uow, asked, when)]
    whole = store.reached(uow.session, asked.kind, asked.key, [way.scope for way in ways])
    found = []
    for way, ever in zip(ways, whole, strict=True):
        sees = {
            at: way.times[at] for at in sorted(way.times)
            if at >= asked.created_at and then(at).opens(way.scope, whole=ever, agency_id=asked.agency_id)
        }  # fmt: skip
        if sees:
            found.append(_judged(uow, way, asked, own, when, sees, then))
    return found


def _then(uow: UnitOfWork, asked: Asked) -> tuple[naming.Then, list[Told]]:
    if isinstance(asked.row, Outgoing):
        return naming.outgoing(uow, [asked.row])[asked.key]
    return naming.incoming(uow, asked.row)


def _of_mandates(uow: UnitOfWork, asked: Asked, when: Day) -> list[dt.datetime]:
    """Moments of the day at which a mandate was put on record or revoked: one may have held for an hour."""
    held = mandates.of_agency(uow.session, asked.agency_id)
    told = (at for one in held for at in (one.granted_at, one.revoked_at) if at is not None)
    return [at for at in told if when.start < at <= when.end]


def _reads(asked: Asked) -> Permission:
    return Permission.READ_DOCUMENT if asked.kind == "outgoing" else Permission.READ_INCOMING


def _inspectors(uow: UnitOfWork, asked: Asked, when: Day) -> list[Standing]:
    over = store.agencies_above(uow.session, asked.agency_id)
    why = "standing inspectors of the agencies above reach those below"
    return of_rows(uow, store.inspectors_above(uow.session, over, day=when.day, reason=why), when) if over else []


def _posts(found: Sequence[Standing], asked: Asked) -> list[_Way]:
    return [
        _Way(_of(one, "post", first=one.post.valid_from, last=one.last), one.scope, dict(one.times))
        for one in found
        if allowed(one.post.role, _reads(asked))
    ]


def _of(
    one: Standing, way: str, *, of: str = "", first: dt.date | None = None, last: dt.date | None = None
) -> Reacher:
    return Reacher(name=one.name, title=one.post.title, unit=one.unit, post=one.post, way=way, of=of, first=first,
                   last=last)  # fmt: skip


def _desks(uow: UnitOfWork, own: Sequence[Standing], scope: Scope, asked: Asked, when: Day) -> list[_Way]:
    """Who looks after a desk acts in that post: its scope, as far as `open_in_place` lets them."""
    by_post = {one.post.id: one for one in own}
    made: list[_Way] = []
    rows = store.absences(
        scope, uow.session, agency_id=asked.agency_id, day=when.day, start=when.start, end=when.end
    )
    for row, _deputy_id, _deputy, absent in rows:
        desk, deputy = by_post.get(row.post_id), by_post.get(row.deputy_post_id)
        reading = Acts(row.acts) is Acts.READING
        if desk is None or deputy is None or not open_in_place(_reads(asked), reading_only=reading):
            continue
        if allowed(desk.post.role, _reads(asked)):
            here = _of(deputy, "desk", of=absent, first=row.first_day, last=row.last_day)
            times = {at: way_in for at, way_in in deputy.times.items() if at in desk.times and at >= row.made_at}
            made.append(_Way(here, desk.scope, times))
    return made


def _teams(uow: UnitOfWork, asked: Asked, when: Day) -> list[_Way]:
    made: list[_Way] = []
    why = "members of teams sit in other agencies than the inspected one"
    rows = store.teams(uow.session, day=when.day, start=when.start, end=when.end, reason=why)
    posts = {post.id: (post, *rest) for _member, _inspection, post, *rest in rows}
    stood = {one.post.id: one for one in of_rows(uow, list(posts.values()), when)}
    for member, inspection, post, *_rest in rows:
        one = stood.get(post.id)
        if one is not None:
            agencies, units = inspections.reach(uow.session, inspection.id)
            reach = inspection_scope(agencies=agencies, units=units, until=inspection.last_day)
            here = _of(one, "team", of=inspection.decision_symbol, first=member.first_day, last=member.last_day)
            made.append(_Way(here, reach, dict(one.times)))
    return made


def _judged(
    uow: UnitOfWork, way: _Way, asked: Asked, own: Sequence[Standing], when: Day, sees: dict[dt.datetime, bool],
    then: naming.Then,
) -> Reacher:  # fmt: skip
    """The same with what they could do besides: sign by a right of that day, or seal with a key of that day."""
    who = replace(way.who, open=any(sees.values()))
    if way.who.way != "post":
        return who
    times = [at for at, opened in sees.items() if opened] or list(sees)
    names = {name for at in times for name in then(at).of(who.post.person_id)}
    who = replace(who, names=tuple(sorted(names, key=lambda one: (one.since, one.role))))
    if not isinstance(asked.row, Outgoing):
        return who
    said = _signs(uow, who.post, asked.row, when, times, then)
    mine = next((row for row in own if row.post.id == who.post.id), None)
    seals = allowed(who.post.role, Permission.SEAL) and mine is not None and (
        mine.server_seal or any(row.agency_id is not None for row in mine.certificates)
    )  # fmt: skip
    return replace(who, seals=seals, signs=said.capacity if said else None, by=said.mandate if said else None)


def _signs(
    uow: UnitOfWork, post: Post, document: Outgoing, when: Day, times: Iterable[dt.datetime], then: naming.Then
) -> Entitlement | None:
    """By which right they could sign it at one of these moments, at the last of them if at several."""
    if not allowed(post.role, Permission.SIGN):
        return None
    held = mandates.of_posts(uow.session, [post.id])
    asks: Question = authority.asked_of(uow, document, day=when.day, at=when.end)
    for at in sorted(times, reverse=True):
        question = replace(asks, at=at, type_code=then(at).type_code)
        said = may_sign(post.person_id, [post], held, question, post_id=post.id)
        if said.allowed:
            return said
    return None
