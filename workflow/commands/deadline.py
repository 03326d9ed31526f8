"""`trinhky deadline`: when a term ends, by the calendar of the database or, without one, the shipped days off."""

from __future__ import annotations

import datetime as dt
import os

import click

from workflow.domain.calendar import OFFICE_ZONE, WorkingCalendar
from workflow.domain.calendar_seed import seeded_calendar
from workflow.domain.errors import BadInput, NotFound
from workflow.domain.terms import Measure, Term, term_end
from workflow.services.calendar import working_calendar
from workflow.store import office
from workflow.store.session import make_engine, unit_of_work

DAY = ("%Y-%m-%d", "%d/%m/%Y")


@click.command("deadline")
@click.argument("start", metavar="START", type=click.DateTime([*DAY, "%Y-%m-%dT%H:%M"]))
@click.option("--working-days", type=int, metavar="N", help="The N-th working day after START.")
@click.option("--days", type=int, metavar="N", help="N calendar days; a day off moves on to the next working day.")
@click.option(
    "--hours", type=int, metavar="N", help="N office hours; START with a time (2026-11-23T08:00), else the opening."
)
@click.option("--unit", metavar="CODE", help="With the Saturdays of a unit of the database.")
def command(
    start: dt.datetime, working_days: int | None, days: int | None, hours: int | None, unit: str | None
) -> None:
    """Print the date on which a term that begins with a receipt on START ends, as YYYY-MM-DD.

    The day of receipt is not counted (Decree 30/2020; Civil Code, Article 148). Without TRINHKY_DATABASE_URL the
    days off are those shipped with this version, 2024 to 2027.
    """
    term = _term(working_days, days, hours)
    calendar = _calendar(unit)
    moment = start.replace(tzinfo=OFFICE_ZONE)
    if hours is not None and (start.hour, start.minute) == (0, 0):
        moment = calendar.opening(start.date())
    due = term_end(term, moment, calendar)
    assert due is not None
    if term.measure is Measure.HOURS:
        click.echo(f"{due:%H:%M}")
    click.echo(due.date().isoformat())


def _term(working_days: int | None, days: int | None, hours: int | None) -> Term:
    given = {Measure.WORKING_DAYS: working_days, Measure.DAYS: days, Measure.HOURS: hours}
    said = [(measure, amount) for measure, amount in given.items() if amount is not None]
    if len(said) != 1:
        raise click.UsageError("give exactly one of --working-days, --days and --hours")
    try:
        return Term(*said[0])
    except BadInput as error:
        raise click.UsageError("N is a whole number from 1 on, at most three years") from error


def _calendar(unit: str | None) -> WorkingCalendar:
    url = os.environ.get("TRINHKY_DATABASE_URL")
    if not url:
        if unit:
            raise click.UsageError("--unit needs a database: set TRINHKY_DATABASE_URL")
        return seeded_calendar()
    engine = make_engine(url)
    try:
        with unit_of_work(engine) as uow:
            if not unit:
                return working_calendar(uow)
            found = office.unit_by_code(uow.session, unit)
            if found is None:
                raise NotFound("unit_not_found", unit_code=unit)
            return working_calendar(uow, unit_id=found.id)
    finally:
        engine.dispose()
