"""What signers have done about the papers that wait for them: opened most, met obstacles at some, begun to sign one
and left it there.

So the first morning report tells more than one reason.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import Select, select

from workflow.demo.life import Life
from workflow.domain.outgoing import State
from workflow.domain.unsigned_reasons import Obstacle
from workflow.services.journal import local_day
from workflow.store import documents as store
from workflow.store import obstacles
from workflow.store.models import Outgoing
from workflow.store.session import Engine, UnitOfWork, unit_of_work

OPENED = dt.timedelta(minutes=25)
TRIED = dt.timedelta(minutes=35)
LEFT = dt.timedelta(minutes=40)
"""How long after it came to them."""

MET = {1: (Obstacle.PIN_FAILED, "pc"), 4: (Obstacle.KEY_FILE_UNREADABLE, "pc"), 7: (Obstacle.NETWORK_LOST, "phone")}
"""At every ninth of the opened ones."""
_ORDER = (Outgoing.agency_id, Outgoing.state_since, Outgoing.subject, Outgoing.id)
"""The same in every province: agencies are made beside each other, so which paper has which key is chance."""


def opened(engine: Engine) -> None:
    """Two of three, by whoever signs them."""
    with unit_of_work(engine) as uow:
        uow.begin_write()
        for place, (document_id, signer_id, since) in enumerate(uow.session.execute(_waiting()).all()):
            if place % 3 and signer_id is not None:
                at = since + OPENED
                day = local_day(at).isoformat()
                store.record_look(uow.session, document_id, signer_id, day=day, now=at)
        if rows := [_met(place, one) for place, one in enumerate(_tried(uow)) if place % 9 in MET]:
            obstacles.record(uow.session, rows)
        uow.commit()


def _tried(uow: UnitOfWork) -> Sequence[Outgoing]:
    query = select(Outgoing).where(Outgoing.id.in_(_waiting().with_only_columns(Outgoing.id).order_by(None)))
    kept = Outgoing.secret.is_(False), Outgoing.signer_post_id.is_not(None)
    return uow.session.scalars(query.where(*kept).order_by(*_ORDER)).all()


def _met(place: int, document: Outgoing) -> dict[str, object]:
    kind, device = MET[place % 9]
    at = document.state_since + TRIED
    return {
        "document_id": document.id, "person_id": document.signer_id, "post_id": document.signer_post_id,
        "kind": str(kind), "day": local_day(at).isoformat(), "counted_from": document.state_since, "first_at": at,
        "last_at": at, "times": 1, "holder": "pkcs12_browser", "device": device,
    }  # fmt: skip


def left(life: Life) -> None:
    """The head of this agency prepared the longest waiting paper of theirs, and the key did not answer in time."""
    people = {actor.person_id: key for key, actor in life.cast.actors.items() if key not in life.ends}
    with life.work() as uow:
        query = _waiting().where(Outgoing.agency_id == life.agency_id, Outgoing.secret.is_(False))
        mine: Sequence[tuple[int, int | None, dt.datetime]] = [
            (key, signer, since) for key, signer, since in uow.session.execute(query) if signer in people
        ]
    if mine:
        document_id, signer_id, since = min(mine, key=lambda one: (one[2], one[0]))
        life.now = since + LEFT
        life.begin_signing(people[signer_id], "leader", document_id)


def _waiting() -> Select[int, int | None, dt.datetime]:
    return (
        select(Outgoing.id, Outgoing.signer_id, Outgoing.state_since)
        .where(Outgoing.state == str(State.AWAITING_SIGNATURE), Outgoing.closed_at.is_(None))
        .order_by(*_ORDER)
    )
