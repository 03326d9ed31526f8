"""What signers have done about the papers that wait for them: opened most, begun to sign one and left it there.

So the first morning report tells more than one reason.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import Select, select

from workflow.demo.life import Life
from workflow.domain.outgoing import State
from workflow.services.journal import local_day
from workflow.store import documents as store
from workflow.store.models import Outgoing
from workflow.store.session import Engine, unit_of_work

OPENED = dt.timedelta(minutes=25)
LEFT = dt.timedelta(minutes=40)
"""How long after it came to them."""


def opened(engine: Engine) -> None:
    """Two of three, by whoever signs them."""
    with unit_of_work(engine) as uow:
        uow.begin_write()
        for place, (document_id, signer_id, since) in enumerate(uow.session.execute(_waiting()).all()):
            if place % 3 and signer_id is not None:
                at = since + OPENED
                day = local_day(at).isoformat()
                store.record_look(uow.session, document_id, signer_id, day=day, now=at)
        uow.commit()


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
        .order_by(Outgoing.id)
    )
