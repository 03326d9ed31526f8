"""Who sits where today, for everybody at once: whose a late paper is, who heads them, who leads the office."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from workflow.domain import incoming, outgoing
from workflow.domain.escalation import Kind, Level, Silence
from workflow.domain.people import Post, Role
from workflow.domain.permissions import Scope, scope_of
from workflow.store import escalation as store
from workflow.store import waiting
from workflow.store.session import UnitOfWork

_OUT, _IN = outgoing.State, incoming.State
_CLERKS_OUT = frozenset({_OUT.FORMAT_CHECK, _OUT.SIGNED, _OUT.NUMBERED, _OUT.SEALED})
_CLERKS_IN = frozenset({_IN.ARRIVED, _IN.CHECKED, _IN.REGISTERED})


@dataclass(frozen=True, slots=True)
class Seat:
    """Who hears for a post: its holder, or the deputy at the desk. What they may read follows the post."""

    person_id: int
    name: str
    address: str
    language: str | None
    post: Any


@dataclass(frozen=True, slots=True)
class Called:
    """Who is told at a level; with nobody, why."""

    seats: tuple[Seat, ...] = ()
    silence: Silence | None = None


@dataclass(slots=True)
class Staff:
    """Posts and units of one day."""

    day: dt.date
    by_role: defaultdict[tuple[int, Role], list[Any]] = field(default_factory=lambda: defaultdict(list))
    """(agency, role) → posts."""
    by_person: defaultdict[tuple[int, int], list[Any]] = field(default_factory=lambda: defaultdict(list))
    """(agency, person) → posts."""
    heads: defaultdict[int, list[Any]] = field(default_factory=lambda: defaultdict(list))
    units: dict[int, Any] = field(default_factory=dict)
    below: defaultdict[int, list[int]] = field(default_factory=lambda: defaultdict(list))

    def scope(self, post: Any) -> Scope:
        """What is read from a post."""
        role = Role(post.role)
        whose = Post(
            post.id,
            post.person_id,
            post.unit_id,
            post.agency_id,
            role,
            "",
            self.day,
            in_office=bool(post.is_office),
        )
        return scope_of(whose, units_below=self._under(post.unit_id) if role is Role.UNIT_HEAD else ())

    def _under(self, unit: int) -> Iterator[int]:
        for part in self.below[unit]:
            yield part
            yield from self._under(part)

    def above(self, unit: int | None, *, without: Iterable[int] = ()) -> list[Any]:
        """The nearest heads at or above a unit, within its agency; `without`: persons who are none."""
        passed = set(without)
        while unit is not None and unit in self.units:
            if found := [post for post in self.heads[unit] if post.person_id not in passed]:
                return found
            row = self.units[unit]
            unit = row.parent_id if row.id != row.agency_id else None
        return []

    def leaders(self, agency: int) -> list[Any]:
        """Who leads an agency; where the post is vacant, the deputies."""
        return self.by_role[agency, Role.LEADER] or self.by_role[agency, Role.DEPUTY]


def staff_on(uow: UnitOfWork, day: dt.date) -> Staff:
    """Two queries."""
    made = Staff(day)
    for row in waiting.parents(uow.session):
        made.units[row.id] = row
        parent = row.parent_id
        if parent is not None and row.id != row.agency_id:
            made.below[parent].append(row.id)
    for post in store.posts(uow.session, day):
        role = Role(post.role)
        made.by_role[post.agency_id, role].append(post)
        made.by_person[post.agency_id, post.person_id].append(post)
        if role is Role.UNIT_HEAD:
            made.heads[post.unit_id].append(post)
    return made


def seats_of(posts: Iterable[Any], *, in_person: int | None = None) -> tuple[Seat, ...]:
    """Each person once, in the place of who is away their deputy; who sits at one of several posts hears there.

    `in_person`: somebody who hears themselves, wherever they are.
    """
    found: dict[int, Seat] = {}
    for post in posts:
        if post.deputy is None or post.person_id == in_person:
            seat = Seat(post.person_id, post.full_name, post.email, post.language, post)
        else:
            seat = Seat(post.deputy, post.deputy_name, post.deputy_email, post.deputy_language, post)
        found.setdefault(seat.person_id, seat)
    return tuple(found.values())


def holders(staff: Staff, kind: Kind, row: Any) -> list[Any]:
    """The posts of whom something waits for; none where they are vacant."""
    if kind is Kind.OUTGOING:
        return _outgoing(staff, row)
    if kind is Kind.INCOMING:
        return _incoming(staff, row)
    if row.person_id is not None:
        return _person(staff, row.agency_id, row.person_id)
    return staff.heads[row.unit_id]


def _outgoing(staff: Staff, row: Any) -> list[Any]:
    state = _OUT(row.step)
    if state in {_OUT.DRAFT, _OUT.RETURNED}:
        posts = _person(staff, row.agency_id, row.person_id)
        return [post for post in posts if post.id == row.post_id] or posts
    if state is _OUT.IN_REVIEW:
        return [post for post in staff.heads[row.unit_id] if post.person_id != row.person_id]
    if state in _CLERKS_OUT:
        return _clerks(staff, row.agency_id)
    return _person(staff, row.agency_id, row.leader_id)


def _incoming(staff: Staff, row: Any) -> list[Any]:
    state = _IN(row.step)
    if state in _CLERKS_IN:
        return _clerks(staff, row.agency_id)
    if state is _IN.ANOMALY:
        return staff.by_role[row.agency_id, Role.LEADER]
    if state is _IN.SUBMITTED and row.at_office:
        return _office(staff, row.agency_id)
    if state is _IN.SUBMITTED:
        return _person(staff, row.agency_id, row.leader_id)
    if state is _IN.DIRECTED:
        return staff.heads[row.unit_id]
    return _person(staff, row.agency_id, row.person_id)


def _clerks(staff: Staff, agency: int) -> list[Any]:
    """An office without a clerk in post is answered for by its head."""
    return staff.by_role[agency, Role.CLERK] or _office(staff, agency)


def _office(staff: Staff, agency: int) -> list[Any]:
    return [post for post in staff.by_role[agency, Role.UNIT_HEAD] if post.is_office]


def _person(staff: Staff, agency: int, person: int | None) -> list[Any]:
    """Posts of a person in the agency; those at which they sit themselves first."""
    posts = staff.by_person[agency, person] if person is not None else []
    return [post for post in posts if post.deputy is None] or posts


def called(staff: Staff, kind: Kind, row: Any, level: Level, *, told: frozenset[int]) -> Called:
    """Whom a level tells. `told`: persons who were told at the levels before.

    A vacant post is answered for by the one above it. An explanation is given in person, so that no deputy hears
    who owes one. Where the head has the paper, nobody stands between the unit
    and the leader, who is told at the leader's own hours.
    """
    has = holders(staff, kind, row)
    unit = has[0].unit_id if has else row.unit_id
    match level:
        case Level.EARLY | Level.HOLDER:
            wanted = has or staff.above(unit, without={row.person_id}) or staff.leaders(row.agency_id)
        case Level.HEAD:
            having = {post.person_id for post in has}
            if any(Role(post.role) in {Role.LEADER, Role.DEPUTY} for post in has):
                return Called(silence=Silence.SAME)
            wanted = staff.above(unit, without=having)
            if not wanted and any(Role(post.role) is Role.UNIT_HEAD for post in has):
                return Called(silence=Silence.SAME)
            wanted = wanted or staff.leaders(row.agency_id)
        case Level.LEADER:
            wanted = staff.leaders(row.agency_id)
    again = level in {Level.EARLY, Level.HOLDER}
    owes = row.person_id if kind is Kind.EXPLANATION else None
    seats = tuple(seat for seat in seats_of(wanted, in_person=owes) if again or seat.person_id not in told)
    if seats:
        return Called(seats)
    return Called(silence=Silence.SAME if wanted else Silence.VACANT)
