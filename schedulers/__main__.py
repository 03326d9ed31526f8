"""`python -m schedulers`: run jobs until told to stop; `--once JOB [--day YYYY-MM-DD]`: one period and out."""

from __future__ import annotations

import datetime as dt

import click

from schedulers import logs, table
from schedulers.job import Job, Tools
from schedulers.process import serve
from schedulers.runner import Outcome, run_period
from workflow.config import from_environment
from workflow.domain.errors import WorkflowError
from workflow.domain.schedules import due
from workflow.services.calendar import working_calendar
from workflow.store import clock
from workflow.store.session import make_engine, unit_of_work

LINGER = dt.timedelta(seconds=50)
"""Just short of the minute after which the next turn begins."""


@click.command()
@click.option("--once", "name", metavar="JOB", help="Run one period of one job and end.")
@click.option("--day", metavar="YYYY-MM-DD", help="With --once: which period; default: the latest that is due.")
@click.option("--list", "listing", is_flag=True, help="Say which jobs there are, when they run and why.")
def main(name: str | None, day: str | None, listing: bool) -> None:
    """The clock of Trình Ký."""
    if listing:
        for one in table.JOBS:
            click.echo(f"{one.name:<14} {one.schedule.words():<22} {one.why}")
        return
    if day and not name:
        raise click.UsageError("--day goes with --once")
    logs.configure()
    settings = from_environment()
    linger = dt.timedelta() if name else LINGER
    tools = Tools(
        make_engine(settings.database_url), settings, lambda: dt.datetime.now(dt.UTC), linger=linger
    )  # fmt: skip
    try:
        if name:
            _once(tools, table.job(name), day)
        else:
            serve(tools, table.JOBS)
    except WorkflowError as refusal:
        raise click.ClickException(str(refusal)) from refusal
    finally:
        tools.engine.dispose()


def _once(tools: Tools, job: Job, day: str | None) -> None:
    period = _period(tools, job, day)
    outcome = run_period(tools, job, period, by_hand=True)
    with unit_of_work(tools.engine) as uow:
        line = clock.run_of(uow.session, job.name, period)
    if line is None:
        raise click.ClickException(f"{job.name} {period}: no line in the ledger")
    facts = " ".join(f"{key}={value}" for key, value in line.result.items())
    if outcome is Outcome.FAILED:
        raise click.ClickException(f"{job.name} {period}: failed at attempt {line.attempt}: {line.error}")
    said = "done" if outcome is Outcome.DONE else f"{line.state} already"
    click.echo(f"{job.name} {period}: {said}" + (f": {facts}" if facts else ""))


def _period(tools: Tools, job: Job, day: str | None) -> str:
    """The period asked for, or the latest one due; one whose moment has not come is refused."""
    now = tools.clock()
    if day is not None:
        if job.schedule.moment(day) > now:
            raise click.ClickException(f"{job.name} {day} is due only at {job.schedule.moment(day):%H:%M %d/%m/%Y}")
        return day
    with unit_of_work(tools.engine) as uow:
        found = due(job.schedule, now, working_calendar(uow))
    if not found:
        raise click.ClickException(f"{job.name} has not been due lately; name a day with --day")
    return found[-1]


if __name__ == "__main__":
    main(prog_name="python -m schedulers")
