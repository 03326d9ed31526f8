"""Browsers in which people turn notices on and off."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from workflow.adapters.channels import push
from workflow.adapters.channels.push import Sender
from workflow.domain.channels import MOST_DEVICES
from workflow.domain.errors import NotFound, Refused
from workflow.domain.people import Actor
from workflow.services.journal import record
from workflow.services.logins import digest, own_session
from workflow.store import push_devices as store
from workflow.store.push_devices import Wanted
from workflow.store.session import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """What a browser says of itself: where its messages go, and its two keys in base64url."""

    endpoint: str
    public_key: str
    secret: str = field(repr=False)
    browser: str = ""


def turn_on(
    uow: UnitOfWork, actor: Actor, offered: Offered, *, sender: Sender, mark: str, session_id: int, now: dt.datetime
) -> int:
    """Notices go to this browser from now on. `mark`: what its cookie says, by which it is known again."""
    if actor.person_id is None:
        raise NotFound("person_not_found")
    device = uow.compute(push.offered, sender, offered.endpoint, offered.public_key, offered.secret)
    uow.begin_write()
    session = own_session(uow, actor, session_id)
    wanted = Wanted(
        mark_hash=digest(mark), endpoint=device.endpoint, public_key=device.public_key, secret=device.secret,
        sender=sender.key.public, browser=offered.browser,
    )  # fmt: skip
    row = store.put(uow.session, actor.person_id, session.id, wanted, now=now)
    if store.count(uow.session, actor.person_id) > MOST_DEVICES:
        raise Refused("push_devices_full", most=MOST_DEVICES)
    _journal(uow, actor, "person:device:added", row.id, now)
    return row.id


def turn_off(uow: UnitOfWork, actor: Actor, device_id: int, *, now: dt.datetime) -> None:
    """One of one's own browsers is told nothing more, at once."""
    uow.begin_write()
    if not store.remove_own(uow.session, actor.person_id or 0, device_id):
        raise NotFound("device_not_found")
    _journal(uow, actor, "person:device:removed", device_id, now)


def _journal(uow: UnitOfWork, actor: Actor, tag: str, device_id: int, now: dt.datetime) -> None:
    record(uow, subject=f"person:{actor.person_id}", tag=tag, facts={"device": device_id}, actor=actor, now=now)
