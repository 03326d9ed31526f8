"""Whom documents named on a past day, told by their journals (`domain.named_then`)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from workflow.domain.access import Told
from workflow.domain.named_then import As, Name, Named, as_given, as_named, posts_told
from workflow.domain.people import Actor
from workflow.domain.permissions import Permission, Scope, demand
from workflow.services.access.standing import Day
from workflow.store import access as store
from workflow.store import named_then as rows
from workflow.store.models import Incoming, Outgoing
from workflow.store.session import UnitOfWork

Then = Callable[[dt.datetime], Named]
"""Whom a document named at a moment."""


def outgoing(uow: UnitOfWork, documents: Sequence[Outgoing]) -> dict[int, tuple[Then, list[Told]]]:
    """Of each of some documents that the caller has found: whom it named when, and its entries."""
    keys = [one.id for one in documents]
    told = store.told(uow.session, {f"outgoing:{key}" for key in keys})
    beside = rows.beside(uow.session, keys)
    posts = {post for chain in told.values() for post in posts_told(chain)}
    holders = rows.holders(uow.session, posts)
    made: dict[int, tuple[Then, list[Told]]] = {}
    for one in documents:
        chain = told.get(f"outgoing:{one.id}", [])
        now = _now(one, beside.get(one.id, []))
        made[one.id] = partial(_outgoing_at, now, chain, holders), chain
    return made


def _outgoing_at(now: Named, chain: list[Told], holders: dict[int, int], at: dt.datetime) -> Named:
    return as_named(now, chain, at=at, holders=holders)


def _now(one: Outgoing, beside: Sequence[int]) -> Named:
    """As its rows name them."""
    since = one.created_at
    names = [Name(one.drafter_id, As.DRAFTER, since)]
    names += [Name(one.signer_id, As.SIGNER, since)] if one.signer_id is not None else []
    names += [Name(person, As.BESIDE, since) for person in beside]
    return Named(names=tuple(names), type_code=one.type_code, secret=one.secret)


def incoming(uow: UnitOfWork, document: Incoming) -> tuple[Then, list[Told]]:
    """The same of an arrival that the caller has found."""
    chain = store.told(uow.session, {f"incoming:{document.id}"}).get(f"incoming:{document.id}", [])
    parts, secret = rows.parts(uow.session, document.id), document.secret
    return (lambda at: as_given(parts, chain, at=at, secret=secret)), chain


@dataclass(frozen=True, slots=True)
class Paper:
    """A document that was open on a day and named somebody. `label`: none of a secret one."""

    key: int
    label: str
    names: tuple[Name, ...]


def papers_of(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, agency_id: int, person_id: int, day: dt.date, now: dt.datetime
) -> list[Paper]:
    """Documents of an agency that were open on a day and named a person then, the newest first; not their words."""
    demand(actor, Permission.SEE_ACCESS)
    when = Day.of(day, now)
    found = rows.open_then(scope, uow.session, agency_id=agency_id, start=when.start, end=when.end)
    then = outgoing(uow, found)
    made = []
    for one in reversed(found):
        named, told = then[one.id]
        moments = [at for at in when.moments(told) if at >= one.created_at]
        names = {name for at in moments for name in named(at).of(person_id)}
        if names:
            label = "" if one.secret else one.symbol or one.code
            made.append(Paper(one.id, label, tuple(sorted(names, key=lambda name: (name.since, name.role)))))
    return made
