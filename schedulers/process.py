"""The scheduler process: APScheduler ticks each minute, the ledger decides.

APScheduler keeps its jobs in memory only and knows nothing of periods: shared job stores run one period several
times (three processes on one store gave 22 runs in 12 periods). Any number of these processes may run at once.
"""

from __future__ import annotations

import datetime as dt
import os
import signal
import threading
import time
from collections.abc import Callable, Sequence
from types import FrameType

import structlog
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger

from schedulers.job import Job, Tools
from schedulers.runner import run_due
from workflow.domain.calendar import OFFICE_ZONE

log = structlog.get_logger("schedulers")

GRACE = 1.0
"""Seconds that running jobs get to end by themselves; whatever they leave, the next process takes over."""

LATE = 50
"""A tick that comes this many seconds late is dropped: the next one sees the same open periods."""


def serve(tools: Tools, jobs: Sequence[Job]) -> None:
    """Tick until SIGTERM or SIGINT, then end this process within two seconds."""
    told = tools.stopping
    for number in (signal.SIGTERM, signal.SIGINT):
        # set by us, so that a SIGINT inherited as ignored (a shell's background job) is heard too
        signal.signal(number, _stop(told))
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM, signal.SIGINT})
    busy = _Busy()
    scheduler = _scheduler(tools, jobs, busy)
    scheduler.start()
    log.info("scheduler_started", pid=os.getpid(), jobs=[one.name for one in jobs])
    while not told.wait(timeout=0.2):
        pass  # short waits: a signal must reach Python code also where the wait itself is not interrupted
    scheduler.shutdown(wait=False)
    busy.wait_until_idle(GRACE)
    log.info("scheduler_stopped", pid=os.getpid(), busy=busy.count)
    if busy.count:
        os._exit(0)  # a job hangs in the network; to be killed here is what the ledger is made for


def _stop(told: threading.Event) -> Callable[[int, FrameType | None], None]:
    def stop(_number: int, _frame: FrameType | None) -> None:
        told.set()

    return stop


class _Busy:
    """How many jobs are at work."""

    def __init__(self) -> None:
        self.count = 0
        self._lock = threading.Lock()

    def __enter__(self) -> None:
        with self._lock:
            self.count += 1

    def __exit__(self, *_error: object) -> None:
        with self._lock:
            self.count -= 1

    def wait_until_idle(self, seconds: float) -> None:
        """Wait, but no longer."""
        end = time.monotonic() + seconds
        while self.count and time.monotonic() < end:
            time.sleep(0.02)


def _scheduler(tools: Tools, jobs: Sequence[Job], busy: _Busy) -> BackgroundScheduler:
    scheduler = BackgroundScheduler(
        timezone=OFFICE_ZONE,
        executors={"default": ThreadPoolExecutor(5)},
        job_defaults={"coalesce": True, "misfire_grace_time": LATE, "max_instances": 1},
    )
    for one in jobs:
        scheduler.add_job(
            _tick, CronTrigger(second=0, timezone=OFFICE_ZONE), args=(tools, one, busy), id=one.name,
            next_run_time=dt.datetime.now(OFFICE_ZONE),  # at once: what was missed while nobody ran
        )  # fmt: skip
    return scheduler


def _tick(tools: Tools, job: Job, busy: _Busy) -> None:
    if tools.stopping.is_set():
        return
    with busy:
        try:
            run_due(tools, job)
        except Exception:
            log.exception("tick_failed", job=job.name)
