"""Run what is due, each period once: claim, work, and finish in the transaction of the results.

Nothing here keeps anything in memory that matters: a process may be killed at any instruction, and the next one,
here or on another host, takes over what it left (`workflow.store.clock`).
"""

from __future__ import annotations

import datetime as dt
import os
import secrets
import socket
from collections.abc import Iterable
from enum import StrEnum

import structlog

from schedulers.job import Job, Tools, Turn
from workflow.domain.errors import Conflict
from workflow.services.calendar import working_calendar
from workflow.store import clock
from workflow.store.clock import Claim
from workflow.store.session import unit_of_work

log = structlog.get_logger("schedulers")

FIRST_WAIT = dt.timedelta(minutes=1)
LONGEST_WAIT = dt.timedelta(hours=1)


class Outcome(StrEnum):
    """How an attempt at a period ended."""

    DONE = "done"
    TAKEN = "taken"
    """Somebody else has it or had it."""
    LOST = "lost"
    """It took longer than its lease and somebody else took it over; nothing of ours was kept."""
    FAILED = "failed"


def run_due(tools: Tools, job: Job) -> dict[str, Outcome]:
    """Run every period of a job that is due and open, the oldest first. One query where nothing is."""
    with unit_of_work(tools.engine) as uow:
        periods = job.schedule.due(tools.clock(), working_calendar(uow))
        waiting = clock.open_periods(uow.session, job.name, periods, now=clock.database_now(uow.session))
    return dict(_until_stopped(tools, job, waiting))


def _until_stopped(tools: Tools, job: Job, periods: Iterable[str]) -> Iterable[tuple[str, Outcome]]:
    for period in periods:
        if tools.stopping.is_set():
            return
        yield period, run_period(tools, job, period)


def run_period(tools: Tools, job: Job, period: str) -> Outcome:
    """Try to run one period."""
    cut_off = job.schedule.moment(period)
    with unit_of_work(tools.engine) as uow:
        uow.begin_write()
        held = clock.claim(
            uow.session, job.name, period,
            worker=_worker(), now=clock.database_now(uow.session), lease=job.lease,
        )  # fmt: skip
        uow.commit()
    if held is None:
        return Outcome.TAKEN
    try:
        with unit_of_work(tools.engine) as uow:
            result = job.run(Turn(uow=uow, tools=tools, period=period, cut_off=cut_off, now=tools.clock()))
            uow.begin_write()
            clock.finish(uow.session, held, now=tools.clock(), result=result)
            uow.commit()
    except Exception as error:  # noqa: BLE001  the door of all jobs: one that fails must not end the others
        return _failed(tools, held, error)
    log.info("job_done", job=job.name, period=period, attempt=held.attempt, **result)
    return Outcome.DONE


def _failed(tools: Tools, held: Claim, error: Exception) -> Outcome:
    wait = min(FIRST_WAIT * 2 ** (held.attempt - 1), LONGEST_WAIT)
    with unit_of_work(tools.engine) as uow:
        uow.begin_write()
        again = clock.database_now(uow.session) + wait
        words = f"{type(error).__name__}: {error}"
        ours = clock.fail(uow.session, held, now=tools.clock(), error=words, again=again)
        uow.commit()
    lost = not ours or (isinstance(error, Conflict) and error.code == "lease_lost")
    log.warning(
        "job_overtaken" if lost else "job_failed", job=held.job, period=held.period, attempt=held.attempt,
        exc_info=None if lost else error,
    )  # fmt: skip
    return Outcome.LOST if lost else Outcome.FAILED


def _worker() -> str:
    return f"{socket.gethostname()[:40]}:{os.getpid()}:{secrets.token_hex(4)}"
