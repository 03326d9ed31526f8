"""Đôn đốc: somebody is urged to go on. Recorded with its words, told, and shown to whoever was urged."""

from __future__ import annotations

import datetime as dt

from workflow.domain.errors import BadInput, Missing
from workflow.domain.incoming import STEPS, Action, Part, State
from workflow.domain.notices import Kind, Told
from workflow.domain.people import Actor, Role
from workflow.domain.permissions import Scope
from workflow.domain.steps import step_for
from workflow.domain.text import clean
from workflow.services.exchange.naming import named, open_words
from workflow.services.incoming.holding import holders_now
from workflow.services.incoming.moves import Move, apply, begin
from workflow.services.journal import local_day
from workflow.services.outbox import Note, queue
from workflow.store import incoming as store
from workflow.store import office
from workflow.store.models import Incoming, Urging
from workflow.store.session import UnitOfWork

WORDS = 1000


def urge(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, incoming_id: int, version: int | None, remark: str,
    now: dt.datetime, person_id: int | None = None,
) -> Incoming:  # fmt: skip
    """Urge whoever has the document now, or one named person who takes part in it.

    Raises `Missing("somebody_to_urge")` where nobody but the actor has it, `BadInput("urge_not_involved")`.
    """
    document = begin(uow, actor, scope, incoming_id=incoming_id, version=version)
    step_for(STEPS, State(document.state), Action.URGE, role=actor.role)
    words = clean(remark, multiline=True)[:WORDS]
    wanted = [one for one in _receivers(uow, document, person_id, now=now) if one != actor.person_id]
    if not wanted:
        raise Missing("somebody_to_urge", action=str(Action.URGE))
    apply(uow, actor, document, Action.URGE, now=now, move=Move(remark=words, journal={"persons": wanted}))
    for person in wanted:
        row = Urging(incoming_id=document.id, at=now, by_id=actor.person_id, person_id=person, words=words)
        uow.add(row)
        uow.flush()
        note = Note(
            cause=f"urging:{row.id}", link=f"/incoming/{document.id}", person_id=person,
            what=Told.of(
                Kind.URGED, who=actor.name, words=open_words(words, secret=document.secret), **named(document)
            ),
        )  # fmt: skip
        queue(uow, note, now=now)
    uow.flush()
    return document


def involved(uow: UnitOfWork, document: Incoming, *, now: dt.datetime) -> list[int]:
    """Everybody who may be urged: who has it now, then whoever coordinates and has not finished."""
    found = dict.fromkeys(holders_now(uow, document, now=now))
    for part in store.live_parts(uow.session, document.id):
        if part.part == Part.COORDINATE and part.ended_at is None:
            heads = office.holders(uow.session, role=Role.UNIT_HEAD, on=local_day(now), unit_id=part.unit_id)
            found |= dict.fromkeys([part.person_id] if part.person_id else [post.person_id for post in heads])
    return list(found)


def _receivers(uow: UnitOfWork, document: Incoming, person_id: int | None, *, now: dt.datetime) -> list[int]:
    if person_id is None:
        return holders_now(uow, document, now=now)
    if person_id not in involved(uow, document, now=now):
        raise BadInput("urge_not_involved")
    return [person_id]
