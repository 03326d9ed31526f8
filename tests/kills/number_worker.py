"""A process that draws numbers and, now and then, kills itself between allocation and commit.

Called as `python number_worker.py URL SHARE SHARES KILL_PERCENT SEED`; prints one line a committed number.
"""

from __future__ import annotations

import datetime as dt
import os
import random
import signal
import sys

from sqlalchemy import select

from workflow.domain.people import Actor, Role
from workflow.domain.permissions import Scope
from workflow.services.documents.numbers import number
from workflow.store.models import Outgoing, PostRow
from workflow.store.session import UnitOfWork, make_engine, unit_of_work

NOW = dt.datetime(2026, 11, 23, 5, 0, tzinfo=dt.UTC)


def main(url: str, share: int, shares: int, kill_percent: int, seed: int) -> None:
    """Number this process's share of the signed documents."""
    chance = random.Random(seed)
    engine = make_engine(url)
    with unit_of_work(engine) as uow:
        clerk = uow.session.scalars(select(PostRow).where(PostRow.role == "clerk").order_by(PostRow.id)).first()
        assert clerk is not None
        actor = Actor(clerk.person_id, clerk.id, Role.CLERK, clerk.unit_id, clerk.agency_id)
        waiting = uow.session.scalars(select(Outgoing.id).where(Outgoing.state == "signed").order_by(Outgoing.id))
        mine = [found for found in waiting if found % shares == share]
    scope = Scope(agency_ids=(clerk.agency_id,))
    for document_id in mine:
        with unit_of_work(engine) as uow:
            _one(uow, actor, scope, document_id, die=chance.randrange(100) < kill_percent)


def _one(uow: UnitOfWork, actor: Actor, scope: Scope, document_id: int, *, die: bool) -> None:
    document = number(uow, actor, scope, document_id=document_id, version=None, now=NOW)
    if die:
        os.kill(os.getpid(), signal.SIGKILL)
    uow.commit()
    print(document.number, flush=True)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]), int(sys.argv[5]))
