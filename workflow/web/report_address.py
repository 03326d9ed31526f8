"""What the addresses of reports say: period, basis, agency, figure and the place to go on."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from urllib.parse import urlencode

from werkzeug.datastructures import MultiDict

from workflow.domain.errors import BadInput, NotFound
from workflow.domain.periods import Period, month, parse, quarter, span, year
from workflow.domain.rates import Basis
from workflow.services.rates import Asked, Figure
from workflow.web.format import iso_day
from workflow.web.listing import after as read_cursor
from workflow.web.listing import cursor

PATH = "/reports"
LIST = "/reports/documents"
OFFERED_MONTHS = 12
OFFERED_QUARTERS = 4


@dataclass(frozen=True, slots=True)
class BoardAddress:
    """A board as its address describes it."""

    period: Period
    basis: Basis
    agency_id: int | None
    default: Period

    def address(self, path: str = PATH, **changes: object) -> str:
        """The same with changes; None takes a part out."""
        parts: dict[str, object] = {
            "period": None if self.period == self.default else self.period.key,
            "basis": None if self.basis is Basis.BOTH else str(self.basis),
            "agency": self.agency_id,
            **changes,
        }
        query = urlencode({name: str(value) for name, value in parts.items() if value is not None})
        return f"{path}?{query}" if query else path

    def documents(self, figure: Figure, **narrowed: object) -> str:
        """The list behind a figure; always with its period, so that it can be kept."""
        return self.address(LIST, period=self.period.key, figure=str(figure), **narrowed)


def read_board(arguments: MultiDict[str, str], *, today: dt.date) -> BoardAddress:
    """Read an address. A period that makes no sense is `BadInput`, since figures for another one would mislead."""
    this_month = month(today)
    return BoardAddress(_period(arguments, this_month), _basis(arguments), _key(arguments, "agency"), this_month)


def read_period(arguments: MultiDict[str, str], *, default: Period) -> Period:
    """The period that an address names, or `default`."""
    return _period(arguments, default)


def read_agency(arguments: MultiDict[str, str]) -> int | None:
    """The agency that an address names; None where it names none."""
    return _key(arguments, "agency")


def _period(arguments: MultiDict[str, str], default: Period) -> Period:
    first, last = arguments.get("from", ""), arguments.get("to", "")
    if first or last:
        return span(_day(first or last), _day(last or first))
    text = arguments.get("period", "")
    return parse(text) if text else default


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(iso_day(text))
    except ValueError as error:
        raise BadInput("period_unreadable", text=text) from error


def _basis(arguments: MultiDict[str, str]) -> Basis:
    word = arguments.get("basis", Basis.BOTH)
    return Basis(word) if word in set(Basis) else Basis.BOTH


def _key(arguments: MultiDict[str, str], name: str) -> int | None:
    """A key; nonsense is a key that nobody has, not a filter that is left out."""
    text = arguments.get(name, "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise NotFound("unit_not_found")
    return int(text)


@dataclass(frozen=True, slots=True)
class ListAddress:
    """A list of documents behind a figure."""

    board: BoardAddress
    asked: Asked
    after: tuple[dt.datetime, int] | None

    def address(self, path: str = LIST, **changes: object) -> str:
        """The same list with changes."""
        return self.board.address(
            path,
            **{
                "period": self.asked.period.key,
                "figure": str(self.asked.figure),
                "unit": self.asked.unit_id,
                "signer": self.asked.signer_id,
                **changes,
            },
        )

    def next(self, last_row: object) -> str:
        """The page after a row."""
        return self.address(after=cursor("issued", last_row))


def read_list(arguments: MultiDict[str, str], *, today: dt.date) -> ListAddress:
    """Read an address; an unknown figure is no page."""
    board = read_board(arguments, today=today)
    word = arguments.get("figure", Figure.DENOMINATOR)
    if word not in set(Figure):
        raise NotFound("figure_not_found")
    asked = Asked(
        period=board.period,
        figure=Figure(word),
        basis=board.basis,
        agency_id=board.agency_id,
        unit_id=_key(arguments, "unit"),
        signer_id=_key(arguments, "signer"),
    )
    return ListAddress(board, asked, read_cursor("issued", arguments.get("after", "")))


def offered(today: dt.date) -> list[Period]:
    """Periods of the picker: a year of months, four quarters, this year and the last."""
    months, quarters = [month(today)], [quarter(today)]
    while len(months) < OFFERED_MONTHS:
        months.append(months[-1].before)
    while len(quarters) < OFFERED_QUARTERS:
        quarters.append(quarters[-1].before)
    return [*months, *quarters, year(today), year(today).before]
