"""A clerk's process that numbers and issues papers while one year ends and the next begins.

Called as `python midnight_worker.py URL SHARE SHARES SECONDS`. It says `ready`, reads from its input when midnight
is (seconds of the machine's clock), and works from `SECONDS` before to `SECONDS` after; one line of JSON an act.
Share 0 is killed with the first number of the new year drawn and not committed; the last share closes the old year
as soon as nothing in it is open.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import signal
import sys
import time
from collections.abc import Callable
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from tests.support.registers import NEW_YEAR
from workflow.domain.errors import WorkflowError
from workflow.domain.outgoing import Action
from workflow.domain.people import Actor, Role
from workflow.domain.permissions import Scope
from workflow.services.documents.acts import act
from workflow.services.documents.numbers import NEXT, Wanted, number
from workflow.services.registers.years import close_year
from workflow.store.models import Outgoing, PostRow, Register
from workflow.store.session import make_engine, unit_of_work

FEWEST = 4
"""Papers of the new year for each process, however slow the machine is today."""
KEPT = 2 * FEWEST
"""Papers that no process touches before midnight, however fast the machine is today."""
LATE = "Ký cuối giờ chiều ngày 31/12"


class Clerk:
    """One process: its papers, the shared clock, what came of each act."""

    def __init__(self, url: str, share: int, shares: int) -> None:
        self.engine = make_engine(url)
        self.share, self.midnight = share, 0.0
        with unit_of_work(self.engine) as uow:
            post = uow.session.scalars(select(PostRow).where(PostRow.role == "clerk").order_by(PostRow.id)).first()
            assert post is not None
            self.actor = Actor(post.person_id, post.id, Role.CLERK, post.unit_id, post.agency_id)
            waiting = uow.session.scalars(
                select(Outgoing.id).where(Outgoing.state == "signed").order_by(Outgoing.id)
            )
            self.mine = [found for found in waiting if found % shares == share]
            self.register = uow.session.scalars(
                select(Register.id).where(Register.agency_id == post.agency_id, Register.code == "mat")
            ).one()
        self.scope = Scope(agency_ids=(post.agency_id,))

    def now(self) -> dt.datetime:
        """The machine's clock, moved so that the given moment is midnight in the office."""
        return NEW_YEAR + dt.timedelta(seconds=time.time() - self.midnight)

    def do(self, what: str, service: Callable[..., Any], *, die: bool = False, **named: Any) -> bool:
        """One act and its line; False where it was refused."""
        now = self.now()
        try:
            with unit_of_work(self.engine) as uow:
                service(uow, self.actor, self.scope, now=now, **named)
                if die and now >= NEW_YEAR:
                    os.kill(os.getpid(), signal.SIGKILL)
                uow.commit()
        except WorkflowError as error:
            _tell(what, error.code)
            return False
        except OperationalError as error:  # SQLite's writers queue by chance; on a busy machine one finds no turn
            if "locked" not in str(error):
                raise
            _tell(what, "busy")
            return False
        _tell(what, "done")
        return True

    def paper(self, place: int, document_id: int) -> None:
        """Numbered and issued; of December's papers some go into the old year after midnight, if they may."""
        given = {"document_id": document_id, "version": None}
        late = self.now() >= NEW_YEAR and place % 2 == 0
        numbered = False
        if late:
            self.do("late without a reason", number, **given, wanted=Wanted(year=NEW_YEAR.year))
            numbered = self.do("late", number, **given, wanted=Wanted(year=NEW_YEAR.year, reason=LATE))
        while not numbered:  # again where the old year was closed while it waited: the new one is open
            numbered = self.do("number", number, die=self.share == 0, **given, wanted=NEXT)
        while not self.do("issue", act, action=Action.ISSUE, **given):
            time.sleep(0.1)

    def close(self) -> bool:
        """The old year's book, for good."""
        return self.do("close", close_year, register_id=self.register, year=NEW_YEAR.year, reason="Hết năm")


def _tell(what: str, came: str) -> None:
    print(json.dumps([what, came]), flush=True)


def main(url: str, share: int, shares: int, seconds: float) -> None:
    """Work around midnight."""
    clerk = Clerk(url, share, shares)
    print("ready", flush=True)
    clerk.midnight = float(sys.stdin.readline())
    closes, closed, since = share == shares - 1, False, 0
    for place, document_id in enumerate(clerk.mine):
        if place >= len(clerk.mine) - KEPT:  # on a fast machine one process can come through all of its papers
            time.sleep(max(0.0, clerk.midnight - time.time()))
        passed = time.time() - clerk.midnight
        if passed > seconds and since >= FEWEST:
            break
        since += passed > 0
        clerk.paper(place, document_id)
        if closes and not closed and passed > seconds / 3:
            closed = clerk.close()
    until = time.time() + 60
    while closes and not closed and time.time() < until:
        closed = clerk.close()
        time.sleep(0.3)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4]))
