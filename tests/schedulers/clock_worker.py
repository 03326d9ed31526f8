"""Scheduler processes for a kill test: many periods, short leases, and now and then kill -9 upon oneself.

Called as `python clock_worker.py URL FIRST_DAY PERIODS TAKE_OVERS PROCESSES DEADLY`. Forks the processes, from this
one that has everything imported, again and again until every period is done; until so many periods were taken over
from dead ones, a process survives a period only in 100 - DEADLY per cent of cases. Prints the number of kills. A
process dies at one of four places: after the claim, after the reports are written, just before the commit, just
after it.
"""

from __future__ import annotations

import datetime as dt
import os
import random
import signal
import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from schedulers import logs, runner
from schedulers.job import Job, Tools, Turn
from schedulers.runner import Outcome, run_period
from schedulers.table import job
from workflow.config import Settings
from workflow.store import clock, job_ledger
from workflow.store.session import make_engine, unit_of_work

PLACES = ("claimed", "written", "finished", "committed")

DONE, NOT_YET = 0, 3


def main(url: str, first_day: str, count: int, take_overs: int, processes: int, deadly: int) -> None:
    """Round after round until a process finds everything done."""
    logs.configure()
    first = dt.date.fromisoformat(first_day)
    periods = [(first + dt.timedelta(days=n)).isoformat() for n in range(count)]
    killed = seed = 0
    codes = {NOT_YET}
    while DONE not in codes:
        percent = deadly if min(_taken_over(url), killed) < take_overs else 0
        children = []
        for _process in range(processes):
            seed += 1
            children.append(_fork(url, list(periods), percent, seed))
        ends = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
        codes = set(ends)
        if strange := codes - {DONE, NOT_YET, -signal.SIGKILL}:
            raise SystemExit(f"a process ended with {strange}")
        killed += ends.count(-signal.SIGKILL)
    print(killed)


def _taken_over(url: str) -> int:
    """How often until now; without a connection that a child could inherit."""
    engine = make_engine(url)
    with unit_of_work(engine) as uow:
        attempts = [row.attempt for row in job_ledger.lines(uow.session, "unsigned", limit=10_000)]
    engine.dispose()
    return sum(attempts) - len(attempts)


def _fork(url: str, periods: list[str], kill_percent: int, seed: int) -> int:
    """A process of its own, without the time to import everything anew; it opens its own connections."""
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        code = _process(url, periods, kill_percent, random.Random(seed))
    finally:
        os._exit(code)


def _process(url: str, periods: list[str], kill_percent: int, chance: random.Random) -> int:
    """Run every period in an order of one's own."""
    doomed: list[str] = []

    def maybe_die(place: str) -> None:
        if place in doomed:
            os.kill(os.getpid(), signal.SIGKILL)

    engine = make_engine(url)
    settings = Settings(database_url=url, blob_url="unused", secret_key="k" * 32)
    unsigned = _deadly(job("unsigned"), maybe_die)
    chance.shuffle(periods)
    for period in periods:
        doomed[:] = [chance.choice(PLACES)] if chance.randrange(100) < kill_percent else []
        moment = unsigned.schedule.moment(period) + dt.timedelta(minutes=1)
        if run_period(Tools(engine, settings, lambda at=moment: at), unsigned, period) is Outcome.DONE:  # type: ignore[misc]
            maybe_die("committed")
    with unit_of_work(engine) as uow:
        done = [clock.run_of(uow.session, "unsigned", period) for period in periods]
    return DONE if all(line is not None and line.state == "done" for line in done) else NOT_YET


def _deadly(one: Job, maybe_die: Callable[[str], None]) -> Job:
    """The real job with a real, but very short, lease, and places to die."""
    finish: Any = clock.finish

    def run(turn: Turn) -> Any:
        maybe_die("claimed")
        result = one.run(turn)
        maybe_die("written")
        return result

    def finish_and_die(*values: Any, **named: Any) -> None:
        finish(*values, **named)
        maybe_die("finished")

    runner.clock.finish = finish_and_die
    return replace(one, run=run, lease=dt.timedelta(milliseconds=300))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], *map(int, sys.argv[3:7]))
