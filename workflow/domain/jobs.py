"""The jobs of the clock: when each is due, what becomes of periods that nobody ran, who answers for it.

This is the table; what a job does stands in `schedulers/jobs/`, one file each. `plan` is the whole decision of a
tick about one job, from what the ledger says.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from workflow.domain.calendar import WorkingCalendar
from workflow.domain.errors import NotFound
from workflow.domain.freezing import LAST_DAY
from workflow.domain.schedules import Daily, Every, MonthBegins, Schedule, Weekly, WorkingMorning, due


class Missed(StrEnum):
    """What becomes of periods whose moment passed while no scheduler ran, or while the job was paused."""

    EACH = "each"
    """The newest `keep` are made up for, one after the other; older ones are marked."""
    LATEST = "latest"
    """Only the latest is made up for, however late; those before it are marked."""
    MARKED = "marked"
    """None is made up for: the present period runs, at most `within` after its moment; all others are marked."""


class Owner(StrEnum):
    """Who in an office answers for what a job does, and is to be asked about it."""

    OFFICE = "office"
    CLERKS = "clerks"
    OPERATORS = "operators"


@dataclass(frozen=True, slots=True, kw_only=True)
class JobRule:
    """One line of the table.

    `frequent`: runs every few minutes; its finished lines in the ledger are kept for two days only, and what it
    missed in one stretch is one line. `dry`: it can be tried without leaving anything. `stops`: it works in steps,
    tells how far it is, and looks between them whether it was asked to stop.
    """

    name: str
    schedule: Schedule
    missed: Missed
    owner: Owner
    keep: int = 1
    within: dt.timedelta | None = None
    frequent: bool = False
    dry: bool = False
    stops: bool = False


WEEK = 6
"""Working mornings of a week and one more."""

SUNDAY = 6

RULES: tuple[JobRule, ...] = (
    JobRule(name="unsigned", schedule=WorkingMorning(dt.time(7)), missed=Missed.EACH, keep=WEEK,
            owner=Owner.OFFICE, dry=True),
    JobRule(name="digest", schedule=WorkingMorning(dt.time(7, 30)), missed=Missed.MARKED,
            within=dt.timedelta(hours=4, minutes=30), owner=Owner.OFFICE, dry=True),
    JobRule(name="outbox", schedule=Every(1), missed=Missed.MARKED, owner=Owner.OPERATORS, frequent=True),
    JobRule(name="bounces", schedule=Every(5), missed=Missed.MARKED, owner=Owner.OPERATORS, frequent=True),
    JobRule(name="settle", schedule=Every(10), missed=Missed.MARKED, owner=Owner.CLERKS, frequent=True, stops=True),
    JobRule(name="remote_signatures", schedule=Every(1), missed=Missed.MARKED, owner=Owner.OPERATORS, frequent=True,
            stops=True),
    JobRule(name="recheck", schedule=Daily(dt.time(3)), missed=Missed.LATEST, owner=Owner.CLERKS, stops=True),
    JobRule(name="trust_report", schedule=Every(1), missed=Missed.MARKED, owner=Owner.OPERATORS, frequent=True,
            stops=True),
    JobRule(name="revocation", schedule=Every(15), missed=Missed.MARKED, owner=Owner.OPERATORS, frequent=True,
            stops=True),
    JobRule(name="certificates", schedule=WorkingMorning(dt.time(7, 10)), missed=Missed.LATEST, owner=Owner.OFFICE,
            dry=True),
    JobRule(name="collect", schedule=Every(2), missed=Missed.MARKED, owner=Owner.CLERKS, frequent=True, stops=True),
    JobRule(name="explanations", schedule=Every(15), missed=Missed.MARKED, owner=Owner.OFFICE, frequent=True,
            dry=True, stops=True),
    JobRule(name="held_numbers", schedule=Daily(dt.time(7, 15)), missed=Missed.LATEST, owner=Owner.CLERKS,
            dry=True),
    JobRule(name="read_scans", schedule=Every(1), missed=Missed.MARKED, owner=Owner.CLERKS, frequent=True,
            stops=True),
    JobRule(name="bundles", schedule=Every(1), missed=Missed.MARKED, owner=Owner.OPERATORS, frequent=True,
            stops=True),
    JobRule(name="index_texts", schedule=Every(5), missed=Missed.MARKED, owner=Owner.OPERATORS, frequent=True,
            stops=True),
    JobRule(name="timestamps", schedule=Every(5), missed=Missed.MARKED, owner=Owner.OPERATORS, frequent=True,
            stops=True),
    JobRule(name="housekeeping", schedule=Daily(dt.time(2, 30)), missed=Missed.LATEST, owner=Owner.OPERATORS,
            dry=True, stops=True),
    JobRule(name="backup", schedule=Daily(dt.time(1, 30)), missed=Missed.LATEST, owner=Owner.OPERATORS),
    JobRule(name="restore_drill", schedule=Weekly(SUNDAY, dt.time(4)), missed=Missed.LATEST, owner=Owner.OPERATORS),
    JobRule(name="anchor", schedule=Every(30), missed=Missed.MARKED, owner=Owner.OPERATORS, frequent=True),
    JobRule(name="audit_pass", schedule=Daily(dt.time(4, 30)), missed=Missed.LATEST, owner=Owner.OPERATORS,
            stops=True),
    JobRule(name="escalation", schedule=Every(15), missed=Missed.MARKED, owner=Owner.OFFICE, frequent=True,
            dry=True, stops=True),
    JobRule(name="freeze", schedule=MonthBegins(LAST_DAY, dt.time(6)), missed=Missed.EACH, keep=3 * LAST_DAY,
            owner=Owner.OFFICE, dry=True, stops=True),
    JobRule(name="monthly_reports", schedule=MonthBegins(LAST_DAY, dt.time(6, 30)), missed=Missed.LATEST,
            owner=Owner.OFFICE, stops=True),
    JobRule(name="recount", schedule=Daily(dt.time(5)), missed=Missed.LATEST, owner=Owner.OFFICE, stops=True),
)  # fmt: skip

FREQUENT = tuple(one.name for one in RULES if one.frequent)


def rule(name: str) -> JobRule:
    """A job by its name."""
    for found in RULES:
        if found.name == name:
            return found
    raise NotFound("job_not_found", job=name, known=", ".join(one.name for one in RULES))


@dataclass(frozen=True, slots=True)
class Gap:
    """Periods of which nobody will run any more. `last` names the line; `first` is the same where it is one."""

    first: str
    last: str
    periods: int


@dataclass(frozen=True, slots=True)
class Plan:
    """What a tick finds: periods to run, the oldest first, and what was missed."""

    run: tuple[str, ...] = ()
    missed: tuple[Gap, ...] = ()


def named(one: JobRule, now: dt.datetime, calendar: WorkingCalendar) -> tuple[str, ...]:
    """The periods that a tick asks the ledger about, the oldest first."""
    return due(one.schedule, now, calendar, newest=one.keep if one.missed is Missed.EACH else 1)


def plan(
    one: JobRule, now: dt.datetime, calendar: WorkingCalendar, *, latest: str | None, lines: Mapping[str, bool]
) -> Plan:
    """What is to be done now. `latest`: the latest period up to now that has a line, None where the job never ran;
    `lines`: of the periods `named`, those with a line, and whether it may be taken (again).

    A job that never ran has missed nothing: it begins with the latest period. Where the clock was set back, what it
    already did lies ahead and is met again as lines that are done.
    """
    periods = named(one, now, calendar)
    if latest is None:
        return Plan(run=periods[-1:])
    fresh = [period for period in periods if period > latest]
    late = bool(fresh) and _too_late(one, fresh[-1], now)
    run = tuple(
        period for period in periods if lines.get(period, period > latest and not (late and period == fresh[-1]))
    )
    gone = _between(one, now, calendar, after=latest, before=fresh[0]) if fresh else []
    gone += fresh[-1:] if late else []
    return Plan(run, _gaps(one, gone))


def _too_late(one: JobRule, period: str, now: dt.datetime) -> bool:
    return one.missed is Missed.MARKED and one.within is not None and now > one.schedule.moment(period) + one.within


def _between(one: JobRule, now: dt.datetime, calendar: WorkingCalendar, *, after: str, before: str) -> list[str]:
    """The oldest first."""
    found = []
    for period in one.schedule.backwards(now, calendar):
        if period <= after:
            break
        if period < before:
            found.append(period)
    return found[::-1]


def _gaps(one: JobRule, gone: list[str]) -> tuple[Gap, ...]:
    if not gone:
        return ()
    if one.frequent:
        return (Gap(gone[0], gone[-1], len(gone)),)
    return tuple(Gap(period, period, 1) for period in gone)
