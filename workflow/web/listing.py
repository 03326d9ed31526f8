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
from workflow.domain.outgoing import Medium, State, Urgency
from workflow.domain.periods import midnight
from workflow.domain.text import clean, fold
from workflow.store.documents import Filter
from workflow.web.format import iso_day
from workflow.web.i18n import N_
from workflow.web.row_keys import LARGEST, LARGEST_COUNT

SORT_COLUMNS = {
    "newest": "id", "oldest": "id", "due": "step_due_at", "issued": "issued_at", "issued_first": "issued_at",
    "created": "created_at", "created_first": "created_at", "number": "number",
}  # fmt: skip
SORT_NAMES = {
    "newest": N_("newest first"),
    "oldest": N_("oldest first"),
    "due": N_("most urgent first"),
    "issued": N_("last issued first"),
    "number": N_("highest number first"),
}
PLAIN = (
    "type",
    "unit",
    "signer",
    "drafter",
    "urgency",
    "medium",
    "late",
    "open",
    "made_of",
    "dated",
    "from",
    "to",
    "q",
)
"""Filters with one value each; `made_of`: the draft that a table made them of; `dated`: which day `from` and `to`
mean, that of issue if it says nothing."""
CREATED = "created"
ALONG = {
    (CREATED, "newest"): "created", (CREATED, "oldest"): "created_first",
    ("", "newest"): "issued", ("", "oldest"): "issued_first",
}  # fmt: skip
"""Between two days a list is read along those days: then it reads no further than they reach."""
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
    """The list of outgoing documents; `search` as it was typed. `sort`: the query's order, `asked_sort` the one
    that was asked for; `wrong`: a day that is none, which narrows nothing."""

    search: str
    asked_sort: str
    wrong: bool = False


def read_listing(arguments: MultiDict[str, str], *, now: dt.datetime) -> Listing:
    """Read an address; what makes no sense in it is left out, since people edit and shorten addresses."""
    given: list[tuple[str, str]] = []
    states = tuple(dict.fromkeys(State(word) for word in arguments.getlist("state") if word in set(State)))
    given += [("state", str(state)) for state in states]
    plain = {name: _understood(name, _word(arguments, name)) for name in PLAIN}
    wrong = any(arguments.get(name, "").strip() and not plain[name] for name in ("from", "to"))
    if not (plain["from"] or plain["to"]):
        plain["dated"] = ""
    given += [(name, value) for name, value in plain.items() if value]
    sort = arguments.get("sort", "")
    sort = sort if sort in SORT_NAMES else "newest"
    if sort != "newest":
        given.append(("sort", sort))
    ranged = bool(plain["from"] or plain["to"])
    along = ALONG.get((plain["dated"], sort), sort) if ranged else sort
    return Listing(_filter(plain, states, now=now), along, tuple(given), plain["q"], sort, wrong)


_CHOICES: dict[str, frozenset[str]] = {
    "medium": frozenset(Medium), "urgency": frozenset(Urgency), "dated": frozenset({CREATED}),
}  # fmt: skip


def _understood(name: str, text: str) -> str:
    """The value as it can be used, or nothing."""
    if name in _CHOICES:
        return text if text in _CHOICES[name] else ""
    if name in {"unit", "signer", "drafter", "made_of"}:
        return text if text.isascii() and text.isdecimal() and len(text) < 16 else ""
    if name in {"from", "to"}:
        found = day_of(text)
        return found.isoformat() if found else ""
    return text


def day_of(text: str) -> dt.date | None:
    """A day as people type it; none where it is none."""
    try:
        found = dt.date.fromisoformat(iso_day(text))
    except ValueError:
        return None
    return found if 1900 <= found.year <= 2199 else None


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
    begin, end, created = day_of(plain["from"]), day_of(plain["to"]), plain["dated"] == CREATED
    since = midnight(begin) if begin else None
    before = midnight(end + dt.timedelta(days=1)) if end else None
    return Filter(
        states=states,
        type_code=plain["type"],
        unit_id=int(plain["unit"]) if plain["unit"] else None,
        signer_id=int(plain["signer"]) if plain["signer"] else None,
        drafter_id=int(plain["drafter"]) if plain["drafter"] else None,
        urgency=plain["urgency"],
        medium=plain["medium"],
        issued_from=None if created else since,
        issued_before=None if created else before,
        created_from=since if created else None,
        created_before=before if created else None,
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
