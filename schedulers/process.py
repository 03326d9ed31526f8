"""The scheduler process: APScheduler ticks, one look a tick over all jobs asks the ledger what is to be done.

APScheduler keeps its jobs in memory only and knows nothing of periods: shared job stores run one period several
times (three processes on one store gave 22 runs in 12 periods). Any number of these processes may run at once.
"""

from __future__ import annotations

import atexit
import datetime as dt
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from types import FrameType
from typing import NoReturn

import structlog
from apscheduler.executors.pool import ThreadPoolExecutor as Ticks
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger

from schedulers.due import Work, look
from schedulers.job import Job, Tools
from schedulers.runner import run_work
from workflow.domain.calendar import OFFICE_ZONE

log = structlog.get_logger("schedulers")

GRACE = 1.0
"""Seconds that running jobs get to end by themselves; whatever they leave, the next process takes over."""

EVERY = 10
"""Seconds between two looks: periods are named by minutes, but who asked for a run waits before a page."""

LATE = 9
"""A tick that comes this many seconds late is dropped: the next one sees the same open periods."""

QUICK, SLOW = 3, 2
"""Jobs at work in one process: those of every few minutes never wait behind a backup of hours."""


def serve(tools: Tools, jobs: Sequence[Job]) -> NoReturn:
    """Tick until SIGTERM or SIGINT, then end this process within two seconds."""
    told = tools.stopping
    for number in (signal.SIGTERM, signal.SIGINT):
        # set by us, so that a SIGINT inherited as ignored (a shell's background job) is heard too
        signal.signal(number, _stop(told))
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM, signal.SIGINT})
    busy = _Busy()
    pools = _Pools(*(ThreadPoolExecutor(number, thread_name_prefix="job") for number in (QUICK, SLOW)))
    scheduler = _scheduler(tools, jobs, busy, pools)
    scheduler.start()
    log.info("scheduler_started", pid=os.getpid(), jobs=[one.name for one in jobs])
    while not told.wait(timeout=0.2):
        pass  # short waits: a signal must reach Python code also where the wait itself is not interrupted
    scheduler.shutdown(wait=False)
    pools.shutdown()
    busy.wait_until_idle(GRACE)
    log.info("scheduler_stopped", pid=os.getpid(), busy=busy.count)
    _leave(tools, idle=not busy.count)


def _leave(tools: Tools, *, idle: bool) -> NoReturn:
    """End without taking the interpreter apart, which takes seconds on a loaded machine. Where a job hangs in the
    network nothing is closed either: to be killed there is what the ledger is made for."""
    if idle:
        tools.engine.dispose()
        atexit._run_exitfuncs()  # children that were started are ended
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


def _stop(told: threading.Event) -> Callable[[int, FrameType | None], None]:
    def stop(_number: int, _frame: FrameType | None) -> None:
        told.set()

    return stop


class _Busy:
    """Which jobs are at work here: one of each at a time."""

    def __init__(self) -> None:
        self._names: set[str] = set()
        self._lock = threading.Lock()

    @property
    def count(self) -> int:
        """How many."""
        return len(self._names)

    def begin(self, name: str) -> bool:
        """False where it is at work already."""
        with self._lock:
            fresh = name not in self._names
            self._names.add(name)
            return fresh

    def end(self, name: str) -> None:
        """It came to its end, whatever that was, or never began."""
        with self._lock:
            self._names.discard(name)

    def wait_until_idle(self, seconds: float) -> None:
        """Wait, but no longer."""
        end = time.monotonic() + seconds
        while self.count and time.monotonic() < end:
            time.sleep(0.02)


@dataclass(frozen=True, slots=True)
class _Pools:
    """Threads that jobs run in."""

    quick: ThreadPoolExecutor
    slow: ThreadPoolExecutor

    def of(self, job: Job) -> ThreadPoolExecutor:
        """Where a job runs."""
        return self.quick if job.rule.frequent else self.slow

    def shutdown(self) -> None:
        """Nothing begins any more."""
        for pool in (self.quick, self.slow):
            pool.shutdown(wait=False, cancel_futures=True)


def _scheduler(tools: Tools, jobs: Sequence[Job], busy: _Busy, pools: _Pools) -> BackgroundScheduler:
    scheduler = BackgroundScheduler(
        timezone=OFFICE_ZONE,
        executors={"default": Ticks(1)},
        job_defaults={"coalesce": True, "misfire_grace_time": LATE, "max_instances": 1},
    )
    scheduler.add_job(
        _tick, CronTrigger(second=f"*/{EVERY}", timezone=OFFICE_ZONE), args=(tools, jobs, busy, pools), id="look",
        next_run_time=dt.datetime.now(OFFICE_ZONE),  # at once: what was missed while nobody ran
    )  # fmt: skip
    return scheduler


def _tick(tools: Tools, jobs: Sequence[Job], busy: _Busy, pools: _Pools) -> None:
    if tools.stopping.is_set():
        return
    try:
        found = look(tools, jobs)
    except Exception:
        log.exception("tick_failed")
        return
    for job in jobs:
        if job.name in found and busy.begin(job.name):
            at_work = pools.of(job).submit(_work, tools, job, found[job.name])
            at_work.add_done_callback(partial(_ended, busy, job.name))


def _ended(busy: _Busy, name: str, _future: Future[None]) -> None:
    busy.end(name)


def _work(tools: Tools, job: Job, work: Work) -> None:
    try:
        if not tools.stopping.is_set():
            run_work(tools, job, work)
    except Exception:
        log.exception("job_broke_off", job=job.name)
