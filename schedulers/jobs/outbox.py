"""Deliver what waits in the outbox."""

from __future__ import annotations

import datetime as dt

from schedulers.job import Job, Result, Turn
from schedulers.schedules import Every
from workflow.services.outbox import deliver, delivery


def run(turn: Turn) -> Result:
    """Send over SMTP where it is configured; each message is marked by itself, so a kill repeats one at most."""
    settings = turn.tools.settings
    how = delivery(smtp_url=settings.smtp_url, mail_from=settings.mail_from, base_url=settings.base_url)
    return deliver(turn.tools.engine, how, clock=turn.tools.clock, stopping=turn.tools.stopping.is_set)


JOB = Job(
    name="outbox",
    schedule=Every(minutes=1),
    run=run,
    why="A slow or dead mail server must hold up nobody's work: messages are written with their cause and "
    "leave from here, at least once.",
    lease=dt.timedelta(minutes=15),
    frequent=True,
)
