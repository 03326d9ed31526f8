"""What the addresses of boards say, and where each number leads."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from werkzeug.datastructures import MultiDict

from workflow.domain.errors import NotFound
from workflow.domain.indicators import INDICATORS, Indicator, indicator
from workflow.domain.periods import Kind, Period, month, quarter, year
from workflow.services.figures.board_months import Asked, asked
from workflow.services.figures.board_rows import Row
from workflow.web.context import current
from workflow.web.row_keys import number_of

PATH = "/reports/board"
LIST = "/reports/board/documents"
MONTHS, QUARTERS, YEARS = 12, 6, 3
MOST = 6
"""Units that stand side by side."""


def query(path: str, **parts: object) -> str:
    """An address with what it says; nothing for what is not said."""
    said = [
        (name, str(value)) for name, value in parts.items() if value not in {None, "", False} and value is not True
    ]
    said += [(name, "1") for name, value in parts.items() if value is True]
    return f"{path}?{urlencode(said)}" if said else path


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose figures a row has: an agency's, a unit's (`alone`: without what is below it), a person's."""

    agency_id: int
    unit_id: int | None = None
    person_id: int | None = None
    alone: bool = False

    def documents(self, period: Period, count: str) -> str:
        """The list behind one of them: the month's own where it is the same, else the board's."""
        parts = {"agency": self.agency_id, "count": count, "unit": self.unit_id, "person": self.person_id}
        if period.kind is Kind.MONTH and (self.unit_id is None or self.alone):
            return query(f"/reports/months/{period.key}/documents", **parts)
        return query(LIST, period=period.key, alone=self.alone, **parts)


@dataclass(frozen=True, slots=True)
class Address:
    """A board as its address describes it."""

    asked: Asked
    indicator: Indicator
    agency_id: int | None
    named: bool
    """Whether the address names what it is compared with."""

    def to(self, path: str = PATH, **changes: object) -> str:
        """The same figures on another page, or with changes; None takes a part out."""
        before = self.asked.before.key if self.named else None
        parts: dict[str, object] = {
            "period": self.asked.period.key, "against": before, "agency": self.agency_id,
            "indicator": None if self.indicator is INDICATORS[0] else self.indicator.name, **changes,
        }  # fmt: skip
        return query(path, **parts)

    def below(self, row: Row) -> str:
        """The board of an agency in a row."""
        return self.to(agency=row.id)


def read_address(arguments: MultiDict[str, str]) -> Address:
    """Read it. An agency that is not the reader's, an unknown indicator or month is no page."""
    what = asked(arguments.get("period", ""), arguments.get("against", ""), now=current().now)
    name = arguments.get("indicator", "")
    return Address(
        what, indicator(name) if name else INDICATORS[0], _agency(arguments), what.before != what.period.before
    )


def _agency(arguments: MultiDict[str, str]) -> int | None:
    text = arguments.get("agency", "")
    if not text:
        return None
    found = number_of(text)
    if found is None or found not in current().figures_scope.agency_ids:
        raise NotFound("unit_not_found")
    return found


def key_in(arguments: MultiDict[str, str], name: str) -> int | None:
    """A key, or None where nothing is said."""
    text = arguments.get(name, "")
    if not text:
        return None
    found = number_of(text)
    if found is None:
        raise NotFound("unit_not_found")
    return found


def chosen_units(arguments: MultiDict[str, str]) -> list[int]:
    """The units that are to stand side by side, each once, in the order they were chosen."""
    found: list[int] = []
    for text in arguments.getlist("unit"):
        key = number_of(text)
        if key is None:
            raise NotFound("unit_not_found")
        if key not in found:
            found.append(key)
    return found[:MOST]


def offered() -> list[Period]:
    """Periods of the picker, the latest first: months, quarters, years."""
    today = current().today
    found: list[Period] = []
    for first, count in ((month(today), MONTHS), (quarter(today), QUARTERS), (year(today), YEARS)):
        one = first
        for _n in range(count):
            found.append(one)
            one = one.before
    return found


def against(address: Address) -> list[Period]:
    """What a period may be compared with: those of its kind before it, and the same one a year ago."""
    period, found = address.asked.period, list[Period]()
    one = period
    for _n in range(MONTHS):
        one = one.before
        found.append(one)
    if address.asked.before not in found:
        found.append(address.asked.before)
    return found
