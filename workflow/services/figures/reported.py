"""What a report upward is made of: the closed months of a period put together as boards do, with what it is
compared with and its targets. Months that nobody closed are named and not counted."""

from __future__ import annotations

import datetime as dt

from workflow.domain.boards import months_of
from workflow.domain.errors import NotFound, Refused
from workflow.domain.periods import ONE_DAY, Kind, Period, half, month, parse, quarter, span, year
from workflow.domain.permissions import Scope
from workflow.domain.upward_report import ClosedMonth, Report, UnitLine
from workflow.services.figures import backlog
from workflow.services.figures.board_months import Asked
from workflow.services.figures.board_rows import Row
from workflow.services.figures.boards import of_closed
from workflow.services.figures.targets import goals_of
from workflow.services.rates import narrowed
from workflow.store import frozen_months as store
from workflow.store import office
from workflow.store.session import UnitOfWork

DIRECT = "Trực tiếp cơ quan"


def whole_months(key: str, *, now: dt.datetime) -> Period:
    """A period that can be reported: a month, quarter, half-year or year, or a free span of whole months, that has
    begun. `NotFound` for others, as for what does not exist."""
    period = parse(key)
    if period.start > now or period.first.day != 1 or (period.last + ONE_DAY).day != 1:
        raise NotFound("report_not_found")
    return period


def compared_with(period: Period) -> Period:
    """The period before; of a free span the same months a year ago, as offices compare them."""
    if period.kind is not Kind.SPAN:
        return period.before
    last = month(period.last.replace(year=period.last.year - 1, day=1)).last
    return span(period.first.replace(year=period.first.year - 1), last)


def ended_with(one: Period) -> tuple[Period, ...]:
    """The periods that end with a month: it, and the quarter, half-year and year whose last month it is."""
    day = one.first
    return one, *(made for made in (quarter(day), half(day), year(day)) if made.last == one.last)


def closed_of(uow: UnitOfWork, scope: Scope, agency_id: int) -> dict[str, ClosedMonth]:
    """Every closed month of an agency by its key. One query."""
    return {
        row[0].month: ClosedMonth(parse(row[0].month), row[0].cut_off, row[0].digest, row.adjustments)
        for row in store.list_closed(narrowed(scope, agency_id), uow.session)
    }


def reported(uow: UnitOfWork, scope: Scope, *, key: str, agency_id: int, now: dt.datetime) -> Report:
    """The figures of a period, whoever asks. `Refused("month_not_closed")` where none of its months is closed."""
    period = whole_months(key, now=now)
    before = compared_with(period)
    closed = closed_of(uow, scope, agency_id)
    here = [one for one in months_of(period) if one.key in closed]
    if not here:
        raise Refused("month_not_closed")
    then = tuple(one.key for one in months_of(before))
    known = all(one in closed for one in then)
    asked = Asked(period, before, now, tuple(here), then if known else (), ())
    found = of_closed(uow, scope, asked=asked, agency_id=agency_id)
    goals = goals_of(uow, (agency_id,), month=here[-1].key)
    return Report(
        period=period, agency=office.unit(uow.session, agency_id).name, compared=before,
        months=[closed[one.key] for one in here],
        missing=[one for one in months_of(period) if one.key not in closed],
        total=found.total.figures, units=[_line(row) for row in found.units],
        before=found.total.before if known else None, waited=found.total.waited,
        waited_before=found.total.waited_before,
        goals={name: goal for (unit, name), goal in goals.items() if unit == agency_id},
        backlog_hours=backlog.hours_at(uow, (agency_id,), at=here[-1].end)[agency_id],
    )  # fmt: skip


def _line(row: Row) -> UnitLine:
    if row.direct:
        name = f"{row.name} (trực tiếp)" if row.depth else DIRECT
        return UnitLine(name, row.figures, row.depth, row.units)
    return UnitLine(row.name, row.figures, row.depth, row.units)


def ripe(uow: UnitOfWork, scope: Scope, period: Period, agency_id: int) -> bool:
    """Whether the clock may draft a period's report: its last month is closed, and since the agency's first closed
    month none was left out. What people ask for by hand may be incomplete, and says so."""
    closed = closed_of(uow, scope, agency_id)
    if month(period.last).key not in closed:
        return False
    first = min(closed)
    return all(one.key in closed for one in months_of(period) if one.key >= first)
