"""What the address of a list says: filters, order and the place to go on, in a form that can be shared."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

from werkzeug.datastructures import MultiDict

from workflow.domain.errors import BadInput
from workflow.domain.outgoing import Medium, State
from workflow.domain.text import clean, fold
from workflow.store.documents import SORTS, Filter
from workflow.web.i18n import N_
from workflow.web.row_keys import LARGEST, LARGEST_COUNT

SORT_COLUMNS = {"newest": "id", "oldest": "id", "due": "step_due_at", "issued": "issued_at", "number": "number"}
SORT_NAMES = {
    "newest": N_("newest first"),
    "oldest": N_("oldest first"),
    "due": N_("most urgent first"),
    "issued": N_("last issued first"),
    "number": N_("highest number first"),
}
PLAIN = ("type", "unit", "signer", "medium", "late", "open", "made_of", "q")
"""Filters with one value each; `made_of`: the draft that a table made them of."""
LONGEST = 200
"""Characters of a search."""


Wanted = TypeVar("Wanted")


@dataclass(frozen=True, slots=True)
class Addressed(Generic[Wanted]):
    """A list as its address describes it. `given` holds the parts that were understood, for links and chips."""

    wanted: Wanted
    sort: str
    given: tuple[tuple[str, str], ...]

    @property
    def narrowed(self) -> bool:
        """Whether any filter is set."""
        return any(name != "sort" for name, _value in self.given)

    def value(self, name: str) -> str:
        """What an address gives for a name."""
        return next((value for given, value in self.given if given == name), "")

    def address(self, path: str, *, without: tuple[str, str] | None = None, **changes: str) -> str:
        """The same list with changes, or without one of its filters."""
        kept = [pair for pair in self.given if pair != without and pair[0] not in changes]
        query = urlencode([*kept, *((name, value) for name, value in changes.items() if value)])
        return f"{path}?{query}" if query else path


@dataclass(frozen=True, slots=True)
class Listing(Addressed[Filter]):
    """The list of outgoing documents; `search` as it was typed."""

    search: str


def read_listing(arguments: MultiDict[str, str], *, now: dt.datetime) -> Listing:
    """Read an address; what makes no sense in it is left out, since people edit and shorten addresses."""
    given: list[tuple[str, str]] = []
    states = tuple(dict.fromkeys(State(word) for word in arguments.getlist("state") if word in set(State)))
    given += [("state", str(state)) for state in states]
    plain = {name: _word(arguments, name) for name in PLAIN}
    if plain["medium"] not in set(Medium):
        plain["medium"] = ""
    for name in ("unit", "signer", "made_of"):
        plain[name] = plain[name] if plain[name].isdecimal() and len(plain[name]) < 16 else ""
    given += [(name, value) for name, value in plain.items() if value]
    sort = arguments.get("sort", "")
    sort = sort if sort in SORTS else "newest"
    if sort != "newest":
        given.append(("sort", sort))
    return Listing(_filter(plain, states, now=now), sort, tuple(given), plain["q"])


def _word(arguments: MultiDict[str, str], name: str) -> str:
    try:
        return clean(arguments.get(name, ""))[:LONGEST]
    except BadInput:
        return ""


def _filter(plain: Mapping[str, str], states: tuple[State, ...], *, now: dt.datetime) -> Filter:
    """A search of digits is a number, one with a slash a symbol, anything else words of the subject."""
    search = plain["q"]
    number = int(search) if search.isdecimal() and len(search) < 10 else None
    symbol = search if "/" in search and " " not in search else ""
    return Filter(
        states=states,
        type_code=plain["type"],
        unit_id=int(plain["unit"]) if plain["unit"] else None,
        signer_id=int(plain["signer"]) if plain["signer"] else None,
        medium=plain["medium"],
        overdue_at=now if plain["late"] else None,
        open_only=bool(plain["open"]),
        words="" if number or symbol else fold(search),
        symbol=symbol,
        number=number,
        source_id=int(plain["made_of"]) if plain["made_of"] else None,
    )


def cursor(sort: str, row: Any) -> str:
    """Where the next page goes on, opaque: the last row's sort value and id."""
    value = getattr(row, SORT_COLUMNS[sort])
    text = value.isoformat() if isinstance(value, dt.datetime) else value
    return base64.urlsafe_b64encode(json.dumps([text, row.id]).encode()).decode().rstrip("=")


def after(sort: str, text: str) -> tuple[Any, int] | None:
    """Read a cursor back; a damaged one starts the list anew."""
    if not text or len(text) > 200:
        return None
    try:
        value, number = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        if not isinstance(number, int) or not 0 < number <= LARGEST:
            return None
        if SORT_COLUMNS[sort].endswith("_at"):
            moment = dt.datetime.fromisoformat(value)
            return (moment.astimezone(dt.UTC), number) if moment.tzinfo else None
        most = LARGEST if SORT_COLUMNS[sort] == "id" else LARGEST_COUNT
        return (int(value), number) if 0 < int(value) <= most else None
    except (ValueError, TypeError, OverflowError, binascii.Error):
        return None


def choices(rows: Sequence[Any]) -> list[tuple[str, str]]:
    """(value, text) pairs for a select from (id, name) rows."""
    return [(str(row[0]), str(row[1])) for row in rows]
