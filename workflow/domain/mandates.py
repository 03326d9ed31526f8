"""Who may sign what, in whose name, on which day (Decree 30/2020/NĐ-CP, Article 13), and why or why not.

Authority is data: a post gives some by itself (`STANDING`), everything else is a dated mandate with its legal
basis. A mandate is never edited, only revoked and replaced, so that the question can be asked for any past day.

- 13.1 the head signs everything; deputies sign for the head (KT.) in the fields assigned to them.
- 13.2 in a collective the head, its deputies and members by the working regulation sign on its behalf (TM.).
- 13.3 TUQ.: in writing, limited in time and content, from the head to the head of a unit, never passed on.
- 13.4 TL.: heads of units, some kinds of documents, laid down in the working regulation; may be passed to a deputy
  of the same unit, once.
- An acting head (Q.) signs by the decision that appoints them so.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from workflow.domain.people import CAPACITIES, Capacity, Post, Role


class Basis(StrEnum):
    """What somebody's authority rests on."""

    APPOINTMENT = "appointment"
    MANDATE = "mandate"


class Rule(StrEnum):
    """Every question that is asked, in the order in which it is shown."""

    POST_HELD = "post_held"
    OWN_AGENCY = "own_agency"
    OPEN_TO_POST = "open_to_post"
    GIVEN = "given"
    LEGAL_BASIS = "legal_basis"
    RIGHT_SOURCE = "right_source"
    NOT_PASSED_ON = "not_passed_on"
    LIMITED = "limited"
    RECORDED = "recorded"
    BEGUN = "begun"
    NOT_ENDED = "not_ended"
    NOT_REVOKED = "not_revoked"
    TYPE = "type"
    ORGAN = "organ"
    UNIT = "unit"


class Reason(StrEnum):
    """Why not: one code for each way to fail."""

    POST_NOT_HELD = "post_not_held"
    OTHER_AGENCY = "other_agency"
    CAPACITY_NOT_OPEN = "capacity_not_open"
    NO_MANDATE = "no_mandate"
    ASSIGNMENT_ON_RECORD = "assignment_on_record"
    """What the post gave by itself was replaced by a mandate on record."""
    NO_LEGAL_BASIS = "no_legal_basis"
    WRONG_SOURCE = "wrong_source"
    PASSED_ON = "passed_on"
    NOT_LIMITED = "not_limited"
    NOT_RECORDED_YET = "not_recorded_yet"
    NOT_BEGUN = "not_begun"
    ENDED = "ended"
    REVOKED = "revoked"
    TYPE_OUTSIDE = "type_outside"
    ORGAN_OUTSIDE = "organ_outside"
    UNIT_OUTSIDE = "unit_outside"


_REASON = {
    Rule.POST_HELD: Reason.POST_NOT_HELD,
    Rule.OWN_AGENCY: Reason.OTHER_AGENCY,
    Rule.OPEN_TO_POST: Reason.CAPACITY_NOT_OPEN,
    Rule.GIVEN: Reason.NO_MANDATE,
    Rule.LEGAL_BASIS: Reason.NO_LEGAL_BASIS,
    Rule.RIGHT_SOURCE: Reason.WRONG_SOURCE,
    Rule.NOT_PASSED_ON: Reason.PASSED_ON,
    Rule.LIMITED: Reason.NOT_LIMITED,
    Rule.RECORDED: Reason.NOT_RECORDED_YET,
    Rule.BEGUN: Reason.NOT_BEGUN,
    Rule.NOT_ENDED: Reason.ENDED,
    Rule.NOT_REVOKED: Reason.REVOKED,
    Rule.TYPE: Reason.TYPE_OUTSIDE,
    Rule.ORGAN: Reason.ORGAN_OUTSIDE,
    Rule.UNIT: Reason.UNIT_OUTSIDE,
}


@dataclass(frozen=True, slots=True)
class Standing:
    """What a post gives by itself: its appointment is the basis.

    `replaced_by`: from the first mandate of these capacities that is put on record for a post, only mandates count
    for it, also when they have ended: an assignment that runs out must not widen what its holder may sign.
    """

    role: Role
    capacity: Capacity
    replaced_by: frozenset[Capacity]


STANDING: tuple[Standing, ...] = (
    Standing(Role.LEADER, Capacity.HEAD, frozenset({Capacity.HEAD, Capacity.Q})),
    Standing(Role.LEADER, Capacity.TM, frozenset({Capacity.TM, Capacity.Q})),
    Standing(Role.DEPUTY, Capacity.KT, frozenset({Capacity.KT})),
    Standing(Role.DEPUTY, Capacity.TM, frozenset({Capacity.TM, Capacity.KT})),
)
"""Everything that needs no mandate. TL., TUQ. and Q. always need one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Legal:
    """The document that grants a mandate; `document_id` where it was issued in this system."""

    symbol: str
    day: dt.date | None
    title: str = ""
    document_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mandate:
    """A dated authority of one post. Empty `types`, `units` and `organs` mean all.

    `source`: the post in whose name one signs; None where it is an organ's own (head, collective, acting head).
    `parent`: the order that its holder passed on (TL. only). `granted_at` is when it was put on record here:
    it explains nothing that was signed before.
    """

    id: int
    post_id: int
    agency_id: int
    capacity: Capacity
    valid_from: dt.date
    granted_at: dt.datetime
    legal: Legal
    valid_to: dt.date | None = None
    source: Post | None = None
    parent: Mandate | None = None
    types: frozenset[str] = frozenset()
    units: frozenset[int] = frozenset()
    organs: frozenset[str] = frozenset()
    content: str = ""
    unit_id: int | None = None
    """The holder's unit: an order is passed on inside it."""
    revoked_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A document on a day. `units`: the drafting unit and those above it; `at`: the moment, for revocations."""

    agency_id: int
    type_code: str
    organ: str
    units: frozenset[int]
    day: dt.date
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Check:
    """One rule and whether it holds; `reason` is empty where it does."""

    rule: Rule
    reason: Reason | None = None

    @property
    def holds(self) -> bool:
        """Whether nothing speaks against it."""
        return self.reason is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entitlement:
    """The answer for one post in one capacity: yes or no, what it rests on, every rule that was asked."""

    post_id: int
    capacity: Capacity
    mandate: Mandate | None = None
    checks: tuple[Check, ...] = ()
    asked: Asked | None = None
    """The question, where it was asked of one person alone (`may_sign`)."""

    @property
    def allowed(self) -> bool:
        """Whether every rule holds."""
        return bool(self.checks) and all(check.holds for check in self.checks)

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Why not, each reason once; empty where it is allowed."""
        return tuple(check.reason for check in self.checks if check.reason is not None)

    @property
    def basis(self) -> Basis | None:
        """What it rests on, if anything."""
        if self.mandate is not None:
            return Basis.MANDATE
        return Basis.APPOINTMENT if self.allowed else None


def may_sign(
    person_id: int,
    posts: Iterable[Post],
    mandates: Sequence[Mandate],
    asked: Asked,
    *,
    capacity: Capacity | None = None,
    post_id: int | None = None,
) -> Entitlement:
    """Whether a person may sign a document on a day, perhaps in one capacity or post only.

    The usual capacity of the first post comes first; where none is allowed, the one with the least against it is
    the answer.
    """
    found = [
        one
        for one in explain(person_id, posts, mandates, asked)
        if (capacity is None or one.capacity is capacity) and (post_id is None or one.post_id == post_id)
    ]
    none = Entitlement(post_id=post_id or 0, capacity=capacity or Capacity.HEAD, checks=(_no(Rule.POST_HELD),))
    return replace(min(found, key=lambda one: (not one.allowed, len(one.reasons)), default=none), asked=asked)


def explain(
    person_id: int, posts: Iterable[Post], mandates: Sequence[Mandate], asked: Asked
) -> tuple[Entitlement, ...]:
    """The answer for every post of a person and every capacity, also those that the post does not open."""
    return tuple(
        _of_capacity(post, capacity, mandates, asked)
        for post in posts
        if post.person_id == person_id
        for capacity in _order(post.role)
    )


def _order(role: Role) -> tuple[Capacity, ...]:
    usual = CAPACITIES.get(role, ())
    return (*usual, *(one for one in Capacity if one not in usual))


def _of_capacity(post: Post, capacity: Capacity, mandates: Sequence[Mandate], asked: Asked) -> Entitlement:
    """The best that speaks for a post in a capacity: a mandate, what the post gives by itself, or nothing."""
    own = [one for one in mandates if one.post_id == post.id]
    before = _of_post(post, capacity, asked)
    answers = [
        Entitlement(post_id=post.id, capacity=capacity, mandate=one, checks=(*before, *of_mandate(one, asked)))
        for one in own
        if one.capacity is capacity
    ]
    return min([*answers, _without_mandate(post, capacity, own, before, asked)], key=_nearest)


def _nearest(one: Entitlement) -> tuple[bool, bool, int]:
    """What is allowed before what is not, a mandate that fails before none at all."""
    return (not one.allowed, one.mandate is None, len(one.reasons))


def _of_post(post: Post, capacity: Capacity, asked: Asked) -> tuple[Check, ...]:
    return (
        _check(Rule.POST_HELD, post.held_on(asked.day)),
        _check(Rule.OWN_AGENCY, post.agency_id == asked.agency_id),
        _check(Rule.OPEN_TO_POST, capacity in CAPACITIES.get(post.role, ())),
    )


def _without_mandate(
    post: Post, capacity: Capacity, own: Sequence[Mandate], before: tuple[Check, ...], asked: Asked
) -> Entitlement:
    standing = next((one for one in STANDING if (one.role, one.capacity) == (post.role, capacity)), None)
    if standing is None:
        given = _no(Rule.GIVEN)
    elif any(one.capacity in standing.replaced_by and one.granted_at <= asked.at for one in own):
        given = Check(Rule.GIVEN, Reason.ASSIGNMENT_ON_RECORD)
    else:
        given = Check(Rule.GIVEN)
    return Entitlement(post_id=post.id, capacity=capacity, checks=(*before, given))


def of_mandate(mandate: Mandate, asked: Asked) -> tuple[Check, ...]:
    """Every rule about a mandate and what is to be signed by it."""
    return (
        Check(Rule.GIVEN),
        *form_of(mandate),
        *in_force(mandate, asked),
        _check(Rule.TYPE, _within(asked.type_code, mandate, "types")),
        _check(Rule.ORGAN, _within(asked.organ, mandate, "organs")),
        _check(Rule.UNIT, all(not one.units or bool(one.units & asked.units) for one in _line(mandate))),
    )


def _line(mandate: Mandate) -> tuple[Mandate, ...]:
    """A mandate with the order it was passed on from: both limits hold."""
    return (mandate,) if mandate.parent is None else (mandate, mandate.parent)


def _within(word: str, mandate: Mandate, name: str) -> bool:
    scopes = [getattr(one, name) for one in _line(mandate)]
    return all(not scope or word in scope for scope in scopes)


def form_of(mandate: Mandate) -> tuple[Check, ...]:
    """What Article 13 demands of the mandate itself, whatever is to be signed: also asked when it is granted."""
    legal = mandate.legal
    return (
        _check(Rule.LEGAL_BASIS, bool(legal.symbol.strip()) and legal.day is not None),
        _check(Rule.RIGHT_SOURCE, _source_may_give(mandate)),
        _check(Rule.NOT_PASSED_ON, _not_passed_on(mandate)),
        _check(Rule.LIMITED, _limited(mandate)),
    )


FROM_THE_HEAD = frozenset({Capacity.KT, Capacity.TL, Capacity.TUQ})
"""Signed in the name of a head, so somebody who was head must have given it."""


def _source_may_give(mandate: Mandate) -> bool:
    """The head on the day of the granting document; an order passed on comes from whoever held it, in one unit."""
    source, parent = mandate.source, mandate.parent
    if mandate.capacity not in FROM_THE_HEAD:
        return source is None
    if source is None or source.id == mandate.post_id or source.agency_id != mandate.agency_id:
        return False
    if mandate.legal.day is not None and not source.held_on(mandate.legal.day):
        return False
    if parent is None:
        return source.role is Role.LEADER
    return source.id == parent.post_id and mandate.unit_id is not None and mandate.unit_id == source.unit_id


def _not_passed_on(mandate: Mandate) -> bool:
    """Only an order (TL.) is passed on, only as an order, and only once (13.3, 13.4)."""
    parent = mandate.parent
    if parent is None:
        return True
    first_hand = parent.parent is None and all(check.holds for check in form_of(parent))
    return mandate.capacity is Capacity.TL and parent.capacity is Capacity.TL and first_hand


def _limited(mandate: Mandate) -> bool:
    """TUQ.: an end, and a content that can be checked; TL.: some kinds of documents, by name."""
    if mandate.capacity is Capacity.TUQ:
        return mandate.valid_to is not None and bool(mandate.types or mandate.units)
    return mandate.capacity is not Capacity.TL or bool(mandate.types)


def in_force(mandate: Mandate, asked: Asked) -> tuple[Check, ...]:
    """On record by then, begun, not ended, not revoked; an order passed on lasts no longer than the order, and no
    longer than its holder is in post."""
    line = _line(mandate)
    ended = any(one.valid_to is not None and asked.day > one.valid_to for one in line)
    if mandate.parent is not None and mandate.source is not None:
        ended = ended or not mandate.source.held_on(asked.day)
    return (
        _check(Rule.RECORDED, all(one.granted_at <= asked.at for one in line)),
        _check(Rule.BEGUN, all(one.valid_from <= asked.day for one in line)),
        _check(Rule.NOT_ENDED, not ended),
        _check(Rule.NOT_REVOKED, all(one.revoked_at is None or asked.at < one.revoked_at for one in line)),
    )


def _check(rule: Rule, holds: bool) -> Check:
    return Check(rule) if holds else _no(rule)


def _no(rule: Rule) -> Check:
    return Check(rule, _REASON[rule])
