"""What the address of the list of incoming documents says: filters, order and the place to go on."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from workflow.domain.calendar import WorkingCalendar, office_time
from workflow.domain.errors import BadInput
from workflow.domain.incoming import Source, State
from workflow.domain.outgoing import Urgency
from workflow.domain.text import clean, fold
from workflow.services.incoming.arriving import symbol_key
from workflow.store.incoming_list import SORT_COLUMNS, SORTS, UNCHECKED, Filter
from workflow.web.i18n import N_
from workflow.web.listing import LONGEST, Addressed, day_of
from workflow.web.row_keys import LARGEST, LARGEST_COUNT

SORT_NAMES = {
    "newest": N_("newest first"),
    "oldest": N_("oldest first"),
    "due": N_("due soonest first"),
    "number": N_("highest arrival number first"),
}
VERDICTS = ("passed", "indeterminate", "failed", "malformed", "unsigned", UNCHECKED)
LONGEST_DUE = 60
"""Working days that one can look ahead."""

PLAIN = ("type", "issuer", "urgency", "unit", "handler", "source", "verdict", "due", "open", "from", "to", "year",
         "number", "q")  # fmt: skip
"""Names in an address that have one value."""


@dataclass(frozen=True, slots=True)
class Listing(Addressed[Filter]):
    """The list of incoming documents as its address describes it."""


def read_listing(arguments: MultiDict[str, str], *, now: dt.datetime, calendar: WorkingCalendar) -> Listing:
    """Read an address; what makes no sense in it is left out, since people edit and shorten addresses."""
    states = tuple(dict.fromkeys(State(word) for word in arguments.getlist("state") if word in set(State)))
    plain = {name: _understood(name, _word(arguments, name)) for name in PLAIN}
    given = [("state", str(state)) for state in states]
    given += [(name, value) for name, value in plain.items() if value]
    sort = arguments.get("sort", "")
    sort = sort if sort in SORTS else "newest"
    if sort != "newest":
        given.append(("sort", sort))
    return Listing(_filter(plain, states, now=now, calendar=calendar), sort, tuple(given))


def _word(arguments: MultiDict[str, str], name: str) -> str:
    try:
        return clean(arguments.get(name, ""))[:LONGEST]
    except BadInput:
        return ""


_CHOICES: dict[str, frozenset[str]] = {
    "urgency": frozenset(Urgency),
    "source": frozenset(Source),
    "verdict": frozenset(VERDICTS),
    "open": frozenset({"1"}),
}


def _understood(name: str, text: str) -> str:
    """The value as it can be used, or nothing."""
    if name in _CHOICES:
        return text if text in _CHOICES[name] else ""
    if name in {"unit", "handler", "year", "number"}:
        return text if _is_key(text) else ""
    if name in {"from", "to"}:
        day = day_of(text)
        return day.isoformat() if day else ""
    if name == "due":
        ahead = text.isascii() and text.isdecimal() and len(text) < 3 and int(text) <= LONGEST_DUE
        return text if ahead or text in {"none", "late", "undecided"} else ""
    return text


def _is_key(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 10


def _filter(
    plain: Mapping[str, str], states: tuple[State, ...], *, now: dt.datetime, calendar: WorkingCalendar
) -> Filter:
    """A search of digits is an arrival number, one with a slash a symbol, anything else words of the subject."""
    search = plain["q"]
    number = plain["number"] or (search if _is_key(search) else "")
    symbol = search if "/" in search and " " not in search else ""
    due, begin, end = plain["due"], day_of(plain["from"]), day_of(plain["to"])
    ahead = (
        calendar.closing(calendar.add_working_days(office_time(now).date(), int(due))) if due.isdecimal() else None
    )
    return Filter(
        states=states,
        type_code=plain["type"],
        issuer=fold(plain["issuer"]),
        urgency=plain["urgency"],
        lead_unit_id=int(plain["unit"]) if plain["unit"] else None,
        handler_id=int(plain["handler"]) if plain["handler"] else None,
        source=plain["source"],
        conclusion=plain["verdict"],
        due_kind=due if due in {"none", "undecided"} else "",
        due_from=now if ahead else None,
        due_before=ahead + dt.timedelta(seconds=1) if ahead else None,
        overdue_at=now if due == "late" else None,
        open_only=bool(plain["open"]),
        arrived_from=_midnight(begin) if begin else None,
        arrived_before=_midnight(end + dt.timedelta(days=1)) if end else None,
        year=int(plain["year"]) if plain["year"] else None,
        number=int(number) if number else None,
        symbol_key=symbol_key(symbol) if symbol else "",
        words="" if number or symbol else fold(search),
    )


def _midnight(day: dt.date) -> dt.datetime:
    """The beginning of a day at the office, in UTC."""
    zone = office_time(dt.datetime(day.year, day.month, day.day, 12, tzinfo=dt.UTC)).tzinfo
    return dt.datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(dt.UTC)


def cursor(sort: str, row: Any) -> str:
    """Where the next page goes on, opaque: the last row's values of the sort's columns."""
    values = [getattr(row, name) for name in SORT_COLUMNS[sort]]
    plain = [value.isoformat() if isinstance(value, dt.datetime) else value for value in values]
    return base64.urlsafe_b64encode(json.dumps(plain).encode()).decode().rstrip("=")


def after(sort: str, text: str) -> tuple[Any, ...] | None:
    """Read a cursor back; a damaged one starts the list anew."""
    if not text or len(text) > 200:
        return None
    try:
        values = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        if not isinstance(values, list) or len(values) != len(SORT_COLUMNS[sort]):
            return None
        return tuple(_placed(name, value) for name, value in zip(SORT_COLUMNS[sort], values, strict=True))
    except (ValueError, TypeError, OverflowError, binascii.Error):
        return None


def _placed(name: str, value: Any) -> Any:
    if name.endswith("_at"):
        moment = dt.datetime.fromisoformat(value)
        if moment.tzinfo is None:
            raise ValueError(value)
        return moment.astimezone(dt.UTC)
    most = LARGEST if name.endswith("id") else LARGEST_COUNT
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= most:
        raise ValueError(value)
    return value
