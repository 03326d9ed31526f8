"""How a request ended, told to who asked for it and had closed the page: a notice, once.

The page that is open tells it itself, a few seconds after the end, and says so (`seen`). What nobody's page has
shown a while later the clock puts among the person's notices. Who took a request back knows that it is over.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence

from workflow.domain.notices import Kind, Told
from workflow.domain.people import Actor
from workflow.domain.remote_signing import OPEN, ItemStanding, Standing, ending
from workflow.services.outbox import Note, queue
from workflow.store import remote_signing as store
from workflow.store.models import RemoteRequest
from workflow.store.session import UnitOfWork

SHOWS = dt.timedelta(seconds=45)
"""The page asks every three seconds; one that did not show the end by then is closed, or its line is down."""


def seen(uow: UnitOfWork, actor: Actor, *, request_id: int, now: dt.datetime) -> None:
    """The person's own page shows how it ended; nothing where it has not, or was told before."""
    asked = store.of_person(uow.session, request_id, person_id=actor.person_id or 0)
    if asked.told_at is not None or asked.state in OPEN:
        return
    uow.begin_write()
    parts = _held(uow, asked.id)
    if all(one.state not in OPEN for one in parts):
        _mark(parts, now=now)
    uow.flush()


def untold(uow: UnitOfWork, *, now: dt.datetime) -> Sequence[int]:
    """The requests whose end is to be told."""
    return store.untold(uow.session, before=now - SHOWS)


def tell(uow: UnitOfWork, *, request_id: int, titles: Mapping[str, str], now: dt.datetime) -> bool:
    """Queue the notice of one act or enrolment; False where it was told meanwhile. `titles`: of services."""
    uow.begin_write()
    parts = _held(uow, request_id)
    if any(one.state in OPEN for one in parts) or all(one.told_at is not None for one in parts):
        return False
    first = parts[0]
    _mark(parts, now=now)
    note = Note(
        cause=f"remote:{first.id}", what=_what(parts, titles.get(first.provider, first.provider)),
        link=f"/sign/remote/{first.id}", person_id=first.person_id,
    )  # fmt: skip
    told = queue(uow, note, now=now)
    uow.flush()
    return told


def _held(uow: UnitOfWork, request_id: int) -> list[RemoteRequest]:
    return list(store.parts_of(uow.session, store.lock(uow.session, request_id)))


def _mark(parts: Sequence[RemoteRequest], *, now: dt.datetime) -> None:
    for one in parts:
        one.told_at = one.told_at or now


def _what(parts: Sequence[RemoteRequest], service: str) -> Told:
    broken = next((one for one in parts if one.state != Standing.DONE), None)
    how = ending(broken.state, broken.reason) if broken is not None else ""
    if parts[0].kind == "enrol":
        if not how:
            return Told.of(Kind.REMOTE_KEY_PROVEN, service=service)
        return Told.of(Kind.REMOTE_KEY_UNPROVEN, service=service, how=how)
    files = Counter(item["state"] for one in parts for item in one.items)
    whole, done, undecided = files.total(), files[ItemStanding.DONE], files[ItemStanding.UNDECIDED]
    if how:
        return Told.of(Kind.REMOTE_ENDED, service=service, how=how, count=whole, done=done)
    return Told.of(
        Kind.REMOTE_SIGNED, service=service, count=whole, done=done, undecided=undecided,
        left=whole - done - undecided,
    )  # fmt: skip
