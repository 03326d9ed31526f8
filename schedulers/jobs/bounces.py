"""Note which mail came back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from schedulers.job import Job, Result, Tools, Turn
from workflow.adapters import mailbox
from workflow.adapters.mailbox import MailServer, Mark
from workflow.domain.calendar import office_time
from workflow.domain.jobs import rule
from workflow.services import returned
from workflow.store.session import unit_of_work

LEASE = dt.timedelta(minutes=15)


def run(turn: Turn) -> Result:
    """Nothing where no mailbox is named."""
    if not turn.tools.settings.bounces:
        return {}
    server = MailServer.from_url(turn.tools.settings.bounces)
    with unit_of_work(turn.tools.engine) as uow:
        mark = returned.mark_of(uow, server)

    def keep(new: Mark) -> None:
        with unit_of_work(turn.tools.engine) as uow:
            returned.keep_mark(uow, server, new)
            uow.commit()

    def stopping() -> bool:
        return turn.tools.stopping.is_set() or turn.tools.clock() > turn.now + LEASE / 2

    with mailbox.opened(server) as opened:
        found = returned.read_mailbox(
            opened, mark, mark_one=_marker(turn.tools, turn.now), keep=keep, today=office_time(turn.now).date(),
            stopping=stopping,
        )  # fmt: skip
    return {"bounced": found.bounced, "left": found.left, "later": found.later}


def _marker(tools: Tools, now: dt.datetime) -> returned.MarkReturned:
    def mark_one(told: Mapping[str, Any]) -> bool:
        with unit_of_work(tools.engine) as uow:
            done = returned.mark_returned(uow, told, secret=tools.settings.secret_key, now=now)
            uow.commit()
        return done

    return mark_one


JOB = Job(
    rule=rule("bounces"),
    run=run,
    why="A mail that came back reached nobody: whoever looks after the address must see it, with what the server "
    "said.",
    lease=LEASE,
)
