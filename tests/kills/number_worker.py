"""Processes that draw numbers and, now and then, kill themselves between allocation and commit.

Called as `python number_worker.py URL PROCESSES NUMBERS KILLS`. Forks a process for each share of the signed
documents, again and again until every share is numbered; prints the number of kills.
"""

from __future__ import annotations

import datetime as dt
import os
import random
import signal
import sys
import traceback

from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from workflow.domain.people import Actor, Role
from workflow.domain.permissions import Scope
from workflow.services.documents.numbers import number
from workflow.store.models import Outgoing, PostRow
from workflow.store.session import UnitOfWork, make_engine, unit_of_work

NOW = dt.datetime(2026, 11, 23, 5, 0, tzinfo=dt.UTC)
DONE, BUSY = 0, 3


def main(url: str, processes: int, numbers: int, kills: int) -> None:
    """Start every share again until its documents have numbers."""
    killed = seed = 0
    waiting = set(range(processes))
    while waiting:
        running = {}
        for share in waiting:
            seed += 1
            percent = 100 * kills // numbers + 2 if killed < kills * 2 else 0
            running[share] = _fork(url, share, processes, percent, seed)
        for share, child in running.items():
            code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
            if code not in {DONE, BUSY, -signal.SIGKILL}:
                raise SystemExit(f"share {share} ended with {code}")
            if code == DONE:
                waiting.discard(share)
            killed += code == -signal.SIGKILL
    print(killed)


def _fork(url: str, share: int, shares: int, kill_percent: int, seed: int) -> int:
    """A process of its own, without the time to import everything anew; it opens its own connections."""
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        _number(url, share, shares, kill_percent, random.Random(seed))
        code = DONE
    except OperationalError as error:  # a person would be told to try again, and so does the next round
        code = BUSY if "database is locked" in str(error) else code
    except Exception:
        traceback.print_exc()
    finally:
        os._exit(code)


def _number(url: str, share: int, shares: int, kill_percent: int, chance: random.Random) -> None:
    """Number one share of the signed documents."""
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
    number(uow, actor, scope, document_id=document_id, version=None, now=NOW)
    if die:
        os.kill(os.getpid(), signal.SIGKILL)
    uow.commit()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
