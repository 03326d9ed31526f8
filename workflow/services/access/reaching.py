"""The other way round: who could see, sign or seal one document on a day, and why.

Whether a scope reaches it is asked of the store's own condition, whether somebody may sign it of `domain.mandates`.
Drafter, signer and co-signers are those that the document names now.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from workflow.domain.absences import Acts
from workflow.domain.errors import NotFound
from workflow.domain.mandates import may_sign
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
from workflow.services.access.standing import Day, Standing, of_rows, standing
from workflow.store import access as store
from workflow.store import inspections, mandates
from workflow.store.models import Outgoing
from workflow.store.session import UnitOfWork


@dataclass(frozen=True, slots=True)
class Reacher:
    """Somebody who could see it. `way`: `post`, `desk` (in whose place: `of`), `team` (by which decision: `of`)."""

    name: str
    title: str
    unit: str
    post: Post
    way: str
    of: str = ""
    open: bool = True
    signs: Capacity | None = None
    seals: bool = False
    named: bool = False
    """Drafter or signer of this very document."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A document as an administrator names it; its words are not theirs to see."""

    kind: str
    key: int
    agency_id: int
    label: str
    created_at: dt.datetime
    document: Outgoing | None = None


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
            return Asked("incoming", row.id, row.agency_id, f"{row.number}/{row.year}", row.arrived_at)
    paper = store.outgoing_by_code(scope, uow.session, words)
    if paper is None:
        raise NotFound("access_no_document")
    return Asked("outgoing", paper.id, paper.agency_id, paper.symbol or paper.code, paper.created_at, paper)


def reachers(
    uow: UnitOfWork, actor: Actor, scope: Scope, asked: Asked, *, day: dt.date, now: dt.datetime
) -> list[Reacher]:
    """Everybody who could see it on that day; nobody before it was there."""
    when = Day.of(day, now)
    if asked.created_at > when.end:
        return []
    own = standing(uow, actor, scope, agency_id=asked.agency_id, day=day, now=now)
    above = _inspectors(uow, asked, when)
    ways = [*_posts([*own, *above], asked), *_desks(uow, own, scope, asked, when), *_teams(uow, asked, when)]
    seen = store.reached(uow.session, asked.kind, asked.key, [reach for _one, reach in ways])
    found = [one for (one, _reach), yes in zip(ways, seen, strict=True) if yes]
    return [_judged(uow, one, asked, own, when) for one in found]


def _reads(asked: Asked) -> Permission:
    return Permission.READ_DOCUMENT if asked.kind == "outgoing" else Permission.READ_INCOMING


def _inspectors(uow: UnitOfWork, asked: Asked, when: Day) -> list[Standing]:
    over = store.agencies_above(uow.session, asked.agency_id)
    why = "standing inspectors of the agencies above reach those below"
    return of_rows(uow, store.inspectors_above(uow.session, over, day=when.day, reason=why), when) if over else []


def _posts(found: Sequence[Standing], asked: Asked) -> list[tuple[Reacher, Scope]]:
    return [
        (Reacher(one.name, one.post.title, one.unit, one.post, "post", open=one.open), one.scope)
        for one in found
        if allowed(one.post.role, _reads(asked))
    ]


def _desks(
    uow: UnitOfWork, own: Sequence[Standing], scope: Scope, asked: Asked, when: Day
) -> list[tuple[Reacher, Scope]]:
    """Who looks after a desk acts in that post: its scope, as far as `open_in_place` lets them."""
    by_post = {one.post.id: one for one in own}
    made: list[tuple[Reacher, Scope]] = []
    rows = store.absences(
        scope, uow.session, agency_id=asked.agency_id, day=when.day, start=when.start, end=when.end
    )
    for row, _deputy_id, _deputy, absent in rows:
        desk, deputy = by_post.get(row.post_id), by_post.get(row.deputy_post_id)
        reading = Acts(row.acts) is Acts.READING
        if desk is None or deputy is None or not open_in_place(_reads(asked), reading_only=reading):
            continue
        if allowed(desk.post.role, _reads(asked)):
            here = Reacher(deputy.name, deputy.post.title, deputy.unit, deputy.post, "desk", absent, deputy.open)
            made.append((here, desk.scope))
    return made


def _teams(uow: UnitOfWork, asked: Asked, when: Day) -> list[tuple[Reacher, Scope]]:
    made: list[tuple[Reacher, Scope]] = []
    why = "members of teams sit in other agencies than the inspected one"
    for _member, inspection, row, person in store.teams(
        uow.session, day=when.day, start=when.start, end=when.end, reason=why
    ):
        agencies, units = inspections.reach(uow.session, inspection.id)
        reach = inspection_scope(agencies=agencies, units=units, until=inspection.last_day)
        here = Reacher(person.full_name, row.title, "", mandates.as_post(row), "team", inspection.decision_symbol)
        made.append((here, reach))
    return made


def _judged(uow: UnitOfWork, one: Reacher, asked: Asked, own: Sequence[Standing], when: Day) -> Reacher:
    """The same with what they could do besides: sign by a right of that day, or seal with a key of that day."""
    if one.way != "post" or asked.document is None:
        return one
    document = asked.document
    capacity = None
    if allowed(one.post.role, Permission.SIGN):
        held = mandates.of_posts(uow.session, [one.post.id])
        question = authority.asked_of(uow, document, day=when.day, at=when.end)
        said = may_sign(one.post.person_id, [one.post], held, question, post_id=one.post.id)
        capacity = said.capacity if said.allowed else None
    mine = next((row for row in own if row.post.id == one.post.id), None)
    seals = allowed(one.post.role, Permission.SEAL) and mine is not None and (
        mine.server_seal or any(row.agency_id is not None for row in mine.certificates)
    )  # fmt: skip
    named = one.post.person_id in {document.drafter_id, document.signer_id}
    return Reacher(one.name, one.title, one.unit, one.post, one.way, one.of, one.open, capacity, seals, named)
