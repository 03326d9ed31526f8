"""Take a request back: what is approved after that leads nowhere."""

from __future__ import annotations

import datetime as dt

from workflow.domain.errors import Refused
from workflow.domain.people import Actor
from workflow.domain.remote_signing import LIVE, Standing
from workflow.services.signing.remote.claiming import end
from workflow.store import remote_signing as store
from workflow.store.session import UnitOfWork


def cancel(uow: UnitOfWork, actor: Actor, *, request_id: int, now: dt.datetime) -> None:
    """By who asked, as long as no signature came. Raises `Refused("remote_request_over")` after that."""
    store.of_person(uow.session, request_id, person_id=actor.person_id or 0)
    uow.begin_write()
    asked = store.lock(uow.session, request_id)
    live = [one for one in store.parts_of(uow.session, asked) if one.state in LIVE]
    if not live or live[0].state == Standing.APPROVED:
        raise Refused("remote_request_over")
    row = store.lock(uow.session, live[0].id)
    row.claim += 1
    end(uow, row, Standing.CANCELLED, reason="taken_back", now=now)
