"""Giving a filtered list a name, and taking the name away."""

from __future__ import annotations

import datetime as dt

from workflow.domain.errors import BadInput, NotFound, NotPermitted
from workflow.domain.people import Actor
from workflow.domain.text import clean
from workflow.store import saved_views as store
from workflow.store.models import SavedView
from workflow.store.session import UnitOfWork

LONGEST_NAME = 60
LONGEST_QUERY = 1000
MOST = 30
"""Of one person on one page: more is no menu."""


def save(uow: UnitOfWork, actor: Actor, *, page: str, name: str, query: str, now: dt.datetime) -> SavedView:
    """Keep a page's query under a name; a name used before now means the new one."""
    del now
    person_id = _person(actor)
    name = clean(name)
    if not name:
        raise BadInput("saved_view_name")
    if len(name) > LONGEST_NAME or len(query) > LONGEST_QUERY:
        raise BadInput("saved_view_too_long", limit=LONGEST_NAME)
    uow.begin_write()
    row = store.by_name(uow.session, person_id, page=page, name=name)
    if row is None:
        if store.count(uow.session, person_id, page=page) >= MOST:
            raise BadInput("saved_view_too_many", limit=MOST)
        row = SavedView(person_id=person_id, page=page, name=name, query=query)
        uow.add(row)
    row.query = query
    uow.flush()
    return row


def forget(uow: UnitOfWork, actor: Actor, view_id: int, *, now: dt.datetime) -> str:
    """Delete one's own; the page it belonged to."""
    del now
    person_id = _person(actor)
    uow.begin_write()
    pages = store.pages_of(uow.session, person_id, view_id)
    if not pages:
        raise NotFound("saved_view_not_found")
    store.forget(uow.session, person_id, view_id)
    return pages[0]


def _person(actor: Actor) -> int:
    if actor.person_id is None:
        raise NotPermitted("no_post")
    return actor.person_id
