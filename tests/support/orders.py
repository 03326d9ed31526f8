"""Bundles that are made by the clock, in tests."""

from __future__ import annotations

import datetime as dt

from schedulers.job import Result, Tools, Turn
from schedulers.jobs import bundles
from workflow.store.session import unit_of_work


def run(tools: Tools) -> Result:
    """A turn of the job, as the runner gives it one."""
    now = tools.clock()
    with unit_of_work(tools.engine) as uow:
        turn = Turn(uow, tools, now.strftime("%Y-%m-%dT%H:%M"), now - dt.timedelta(minutes=1), now)
        return bundles.run(turn)
