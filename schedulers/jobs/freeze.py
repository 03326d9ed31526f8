"""Close the month before, for every agency whose day has come, and what was left open of the three before that:
figures, their list and its digest."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial

from schedulers.job import Job, Result, Turn
from workflow.domain.calendar import office_time
from workflow.domain.errors import Conflict
from workflow.domain.jobs import rule
from workflow.domain.permissions import Scope
from workflow.services.calendar import working_calendar
from workflow.services.figures import closing, counting
from workflow.store.session import UnitOfWork, unit_of_work

AT_ONCE = 50
"""Agencies that are counted together."""


def run(turn: Turn) -> Result:
    """One unit of work an agency, so that a kill leaves each either closed or open; the next run does the rest."""

    def keep(close: Callable[[UnitOfWork], object]) -> None:
        with unit_of_work(turn.tools.engine) as uow:
            close(uow)
            uow.commit()

    return _each(turn, keep)


def rehearse(turn: Turn) -> Result:
    """The same, each taken back."""
    return _each(turn, turn.uow.rehearse_part)


def _each(turn: Turn, keep: Callable[[Callable[[UnitOfWork], object]], object]) -> Result:
    """The months are the period's, never those of the clock; what is counted is what stands when it is counted."""
    counts = {"closed": 0, "things": 0, "overtaken": 0}
    day = office_time(turn.cut_off).date().isoformat()
    waiting = closing.to_close(turn.uow, day, working_calendar(turn.uow))
    parts = [
        (month, agencies[place : place + AT_ONCE])
        for month, agencies in waiting
        for place in range(0, len(agencies), AT_ONCE)
    ]
    place, total = 0, sum(len(some) for _month, some in parts)
    for month, some in parts:
        now = turn.tools.clock()
        with unit_of_work(turn.tools.engine) as uow:  # as it stands at this moment, not when this run began
            found = counting.facts(uow, Scope(agency_ids=some), month, now=now)
        for done, agency in enumerate(some, place):
            turn.progress("agencies", done, total)
            if turn.stopping():
                return counts
            try:
                keep(partial(closing.close_for_job, agency_id=agency, what=month, facts=found[agency], now=now))
            except Conflict:
                counts["overtaken"] += 1
                continue
            counts["closed"] += 1
            counts["things"] += len(found[agency])
        place += len(some)
    return counts


JOB = Job(
    rule=rule("freeze"),
    run=run,
    rehearse=rehearse,
    why="What was reported upwards must stand: a month's figures are closed with the list of what they count, and "
    "whatever is corrected later stands beside them as an adjustment.",
    lease=dt.timedelta(minutes=15),
)
