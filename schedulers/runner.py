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

from schedulers import rehearsal
from schedulers.due import Work, look
from schedulers.job import Job, Tools, Turn
from schedulers.watch import Heart
from workflow.domain.errors import Conflict
from workflow.domain.schedules import asked_at
from workflow.store import clock
from workflow.store.clock import Claim, Line
from workflow.store.faults import error_words
from workflow.store.session import unit_of_work

log = structlog.get_logger("schedulers")

FIRST_WAIT = dt.timedelta(minutes=1)
LONGEST_WAIT = dt.timedelta(hours=1)


class Outcome(StrEnum):
    """How an attempt at a period ended."""

    DONE = "done"
    STOPPED = "stopped"
    """An administrator asked it to; what it did until then is kept."""
    TAKEN = "taken"
    """Somebody else has it or had it, or the job is paused."""
    LOST = "lost"
    """It took longer than its lease and somebody else took it over; nothing of ours was kept."""
    FAILED = "failed"


def run_due(tools: Tools, job: Job) -> dict[str, Outcome]:
    """Run every period of a job that is due and open, the oldest first, then what people asked for."""
    work = look(tools, [job]).get(job.name)
    return {} if work is None else run_work(tools, job, work)


def run_work(tools: Tools, job: Job, work: Work) -> dict[str, Outcome]:
    """Do what a look found; told to stop, the rest waits."""
    return dict(_until_stopped(tools, job, work))


def _until_stopped(tools: Tools, job: Job, work: Work) -> Iterable[tuple[str, Outcome]]:
    for period in work.periods:
        if tools.stopping.is_set():
            return
        yield period, run_period(tools, job, period)
    for line in work.asked:
        if tools.stopping.is_set():
            return
        yield line.period, run_asked(tools, job, line)


def run_period(tools: Tools, job: Job, period: str, *, by_hand: bool = False) -> Outcome:
    """Try to run one period. A job that was paused since the look is left alone, unless it is run `by_hand`;
    so is what was marked as missed, but by a clock that ran ahead."""
    cut_off = job.schedule.moment(period)
    with unit_of_work(tools.engine) as uow:
        uow.begin_write()
        if not by_hand and clock.hold(uow.session, job.name):
            return Outcome.TAKEN
        held = clock.claim(
            uow.session, job.name, period,
            worker=_worker(), now=clock.database_now(uow.session), lease=job.lease,
            noted_after=dt.datetime.min.replace(tzinfo=dt.UTC) if by_hand else tools.clock(),
        )  # fmt: skip
        uow.commit()
    return Outcome.TAKEN if held is None else _run(tools, job, held, cut_off)


def run_asked(tools: Tools, job: Job, line: Line) -> Outcome:
    """Try to run what a person asked for: for the moment of asking, or only to see what it would do."""
    with unit_of_work(tools.engine) as uow:
        uow.begin_write()
        held = clock.take(
            uow.session, job.name, line.period,
            worker=_worker(), now=clock.database_now(uow.session), lease=job.lease,
        )  # fmt: skip
        uow.commit()
    if held is None:
        return Outcome.TAKEN
    return _run(tools, job, held, asked_at(line.period), dry=line.kind == "dry")


def _run(tools: Tools, job: Job, held: Claim, cut_off: dt.datetime, *, dry: bool = False) -> Outcome:
    watch = Heart(tools.engine, held, job.lease)
    try:
        with unit_of_work(tools.engine) as uow:
            turn = Turn(
                uow=uow, tools=tools, period=held.period, cut_off=cut_off, now=tools.clock(), watch=watch
            )  # fmt: skip
            result = rehearsal.rehearse(job, turn) if dry else job.run(turn)
            stopped = watch.asked and job.rule.stops
            uow.begin_write()
            state = "stopped" if stopped else "done"
            clock.finish(uow.session, held, now=tools.clock(), result=result, state=state)
            uow.commit()
    except Exception as error:  # noqa: BLE001  the door of all jobs: one that fails must not end the others
        return _failed(tools, held, error)
    counts = {key: value for key, value in result.items() if isinstance(value, int | str)}
    log.info(f"job_{state}", job=job.name, period=held.period, attempt=held.attempt, dry=dry, **counts)
    return Outcome.STOPPED if stopped else Outcome.DONE


def _failed(tools: Tools, held: Claim, error: Exception) -> Outcome:
    wait = min(FIRST_WAIT * 2 ** (held.attempt - 1), LONGEST_WAIT)
    with unit_of_work(tools.engine) as uow:
        uow.begin_write()
        again = clock.database_now(uow.session) + wait
        ours = clock.fail(uow.session, held, now=tools.clock(), error=error_words(error), again=again)
        uow.commit()
    lost = not ours or (isinstance(error, Conflict) and error.code == "lease_lost")
    log.warning(
        "job_overtaken" if lost else "job_failed", job=held.job, period=held.period, attempt=held.attempt,
        exc_info=None if lost else error,
    )  # fmt: skip
    return Outcome.LOST if lost else Outcome.FAILED


def _worker() -> str:
    return f"{socket.gethostname()[:40]}:{os.getpid()}:{secrets.token_hex(4)}"
