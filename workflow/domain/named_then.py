"""Whom a document named at a moment: its chain of the journal is read from the first entry on.

Its row and the rows beside it only say whom it names now. What an entry does not tell stays as the entry before
left it; of what no entry tells at all, the row is believed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from workflow.domain.access import Told
from workflow.domain.permissions import Scope


class As(StrEnum):
    """As what a document names somebody."""

    DRAFTER = "drafter"
    SIGNER = "signer"
    BESIDE = "beside"
    """Signs before the signer: a co-signer, or whoever initials."""
    PART = "part"
    """An arrival was given to them, or a part of it."""


@dataclass(frozen=True, slots=True)
class Name:
    """A person as a document names them, and since when."""

    person_id: int
    role: As
    since: dt.datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """All whom a document named at one moment. `units`: which units an arrival was given to."""

    names: tuple[Name, ...]
    type_code: str = ""
    secret: bool = False
    units: frozenset[int] = frozenset()

    def of(self, person_id: int) -> tuple[Name, ...]:
        """As what it named one person."""
        return tuple(one for one in self.names if one.person_id == person_id)

    def but(self, role: As, persons: Sequence[int], at: dt.datetime) -> Named:
        """The same with others in a role; who was there before stays since when they were."""
        before = {one.person_id: one.since for one in self.names if one.role is role}
        others = tuple(one for one in self.names if one.role is not role)
        return replace(self, names=(*others, *(Name(one, role, before.get(one, at)) for one in persons)))

    def opens(self, scope: Scope, *, whole: bool, agency_id: int) -> bool:
        """Whether a scope reached it. `whole`: by what never changes of a document, its agency and its unit."""
        own = scope.own
        mine = own is not None and own[1] == agency_id and any(one.person_id == own[0] for one in self.names)
        given = not self.units.isdisjoint(scope.unit_ids)
        return (whole or mine or given) and not (scope.no_secrets and self.secret)


CREATE = "document:outgoing:create"


def as_named(now: Named, told: Sequence[Told], *, at: dt.datetime, holders: Mapping[int, int]) -> Named:
    """Of an outgoing document at a moment. `now`: as its rows say; `holders`: whose the posts are that its entries
    name, since co-signers are told by post."""
    if not told or told[0].tag != CREATE:
        return now
    made, everything = now, [set(one.facts) for one in told]
    if any("signer" in facts for facts in everything):
        made = made.but(As.SIGNER, (), at)
    if any("cosigners" in facts for facts in everything):
        made = made.but(As.BESIDE, (), at)
    if told[0].by is not None and "spread_from" not in told[0].facts:
        made = made.but(As.DRAFTER, (told[0].by,), told[0].at)
    for one in told:
        if one.at > at:
            break
        made = _after(made, one, holders)
    return made


def _after(made: Named, one: Told, holders: Mapping[int, int]) -> Named:
    facts = one.facts
    if facts.get("drafter") is not None:
        made = made.but(As.DRAFTER, (facts["drafter"],), one.at)
    if "signer" in facts:
        made = made.but(As.SIGNER, () if facts["signer"] is None else (facts["signer"],), one.at)
    if "cosigners" in facts:
        made = made.but(As.BESIDE, _beside(facts["cosigners"], holders), one.at)
    return replace(
        made, secret=bool(facts.get("secret", made.secret)), type_code=str(facts.get("type", made.type_code))
    )


def _beside(told: Sequence[Any], holders: Mapping[int, int]) -> list[int]:
    """Posts, or persons where a table made the document."""
    persons = [holders.get(one["post"]) if isinstance(one, dict) else one for one in told]
    return [one for one in persons if one is not None]


def posts_told(told: Collection[Told]) -> set[int]:
    """The posts that entries name as co-signers."""
    return {one["post"] for entry in told for one in entry.facts.get("cosigners", ()) if isinstance(one, dict)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A part of an arrival as its row says now; `ended` where it was taken back."""

    id: int
    lead: bool
    unit_id: int
    person_id: int | None
    given_at: dt.datetime
    ended: dt.datetime | None


_NOBODY = frozenset({"directed", "submitted", "registered"})
"""States in which nobody handles an arrival."""


def as_given(parts: Sequence[Given], told: Sequence[Told], *, at: dt.datetime, secret: bool) -> Named:
    """The same of an arrival: to which units and persons it was given at a moment."""
    there = [one for one in parts if one.given_at <= at and (one.ended is None or one.ended > at)]
    names = []
    for part in there:
        person, since = _handler(told, at, part) if part.lead else (_coordinates(told, at, part), part.given_at)
        if person is not None:
            names.append(Name(person, As.PART, since))
    return Named(names=tuple(names), secret=secret, units=frozenset(one.unit_id for one in there))


def _handler(told: Sequence[Told], at: dt.datetime, part: Given) -> tuple[int | None, dt.datetime]:
    """Who handled it, and since when: the last entry until then that says so."""
    if not any("handler" in one.facts for one in told):
        return part.person_id, part.given_at
    person, since = None, part.given_at
    for one in told:
        if one.at > at:
            break
        if one.facts.get("to") in _NOBODY:
            person = None
        if "handler" in one.facts:
            person, since = one.facts["handler"], one.at
    return person, since


def _coordinates(told: Sequence[Told], at: dt.datetime, part: Given) -> int | None:
    """Each act tells whose the coordinating parts were before it: the first one after says so."""
    for one in told:
        if one.at > at:
            for before in one.facts.get("parts", ()):
                if before.get("part") == part.id:
                    person: int | None = before["person"]
                    return person
    return part.person_id
