"""Words of direction that a leader uses again and again: kept per person, learned from use."""

from __future__ import annotations

import datetime as dt

from workflow.domain.people import Actor
from workflow.domain.permissions import Scope
from workflow.domain.text import clean, fold
from workflow.services.incoming import routing
from workflow.services.incoming.routing import Direction
from workflow.store import incoming_choices as store
from workflow.store.models import Incoming, Phrase
from workflow.store.session import UnitOfWork

LENGTH = 300
"""Characters; longer words are a letter of their own and not a phrase."""
KEPT = 200
"""Phrases of one leader; the least used make room."""


def direct(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, incoming_id: int, version: int | None, direction: Direction,
    now: dt.datetime, remark: str = "",
) -> Incoming:  # fmt: skip
    """`routing.direct`; its words are there the next time."""
    document = routing.direct(
        uow, actor, scope, incoming_id=incoming_id, version=version, direction=direction, now=now, remark=remark
    )
    if actor.person_id is not None:
        learn(uow, actor.person_id, direction.words)
    return document


def learn(uow: UnitOfWork, person_id: int, words: str) -> None:
    """Count up every phrase that stands in these words; keep them whole as a new one where none is just that."""
    told = clean(words)
    if not told:
        return
    rows, given = list(store.phrase_rows(uow.session, person_id)), fold(told)
    known = False
    for row in rows:
        folded = fold(row.words)
        known = known or folded == given
        if folded in given:
            row.used += 1
    if not known and len(told) <= LENGTH:
        if len(rows) >= KEPT:
            uow.session.delete(min(rows, key=lambda row: (row.used, row.id)))
        uow.add(Phrase(person_id=person_id, words=told, used=1))
    uow.flush()
