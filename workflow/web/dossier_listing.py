"""What the address of the list of dossiers says: filters, order and the place to go on."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from workflow.domain.dossiers import State, split_notation
from workflow.domain.errors import BadInput
from workflow.domain.retention import is_term
from workflow.domain.text import clean, fold
from workflow.store.dossier_list import SORTS, Filter
from workflow.web.i18n import N_
from workflow.web.listing import LONGEST, Addressed
from workflow.web.row_keys import LARGEST

SORT_NAMES = {
    "newest": N_("newest first"),
    "oldest": N_("oldest first"),
    "due": N_("first for the archive"),
    "notation": N_("by number and symbol"),
    "title": N_("by title"),
    "ended": N_("ended last first"),
}
PLAIN = ("year", "unit", "maker", "years", "due", "q")
"""Names in an address that have one value."""

DUES = {"late": 0, "30": 30, "90": 90, "365": 365}
"""Days ahead that the filter of the day for the archive offers."""


@dataclass(frozen=True, slots=True)
class Listing(Addressed[Filter]):
    """The list of dossiers as its address describes it."""


def read_listing(arguments: MultiDict[str, str], *, today: dt.date) -> Listing:
    """Read an address; what makes no sense in it is left out, since people edit and shorten addresses."""
    states = tuple(dict.fromkeys(State(word) for word in arguments.getlist("state") if word in set(State)))
    plain = {name: _understood(name, arguments.get(name, "")) for name in PLAIN}
    given = [("state", str(state)) for state in states]
    given += [(name, value) for name, value in plain.items() if value]
    sort = arguments.get("sort", "")
    sort = sort if sort in SORTS else "newest"
    if sort != "newest":
        given.append(("sort", sort))
    return Listing(_filter(plain, states, today=today), sort, tuple(given))


def _understood(name: str, text: str) -> str:
    if name == "q":
        try:
            return clean(text)[:LONGEST]
        except BadInput:
            return ""
    if name == "due":
        return text if text in DUES else ""
    whole = text if text.isascii() and text.isdecimal() and len(text) < 10 else ""
    return whole if name != "years" or (whole and is_term(int(whole))) else ""


def _filter(plain: Mapping[str, str], states: tuple[State, ...], *, today: dt.date) -> Filter:
    """A search that looks like `01.TCCB` is a notation, anything else words of the title."""
    search, due = plain["q"], plain["due"]
    notation = search if split_notation(search) else ""
    keys = {name: int(plain[name]) if plain[name] else None for name in ("year", "unit", "maker", "years")}
    ahead = None if not due else today - dt.timedelta(days=1) if due == "late" else today + dt.timedelta(DUES[due])
    return Filter(
        year=keys["year"], unit_id=keys["unit"], maker_id=keys["maker"], years=keys["years"], states=states,
        due_by=ahead, notation=notation, words="" if notation else fold(search),
    )  # fmt: skip


def cursor(sort: str, dossier: Any) -> str:
    """Where the next page goes on, opaque: the last row's sort value and id."""
    value = getattr(dossier, SORTS[sort][0])
    text = value.isoformat() if isinstance(value, dt.date) else value
    return base64.urlsafe_b64encode(json.dumps([text, dossier.id]).encode()).decode().rstrip("=")


def after(sort: str, text: str) -> tuple[Any, int] | None:
    """Read a cursor back; a damaged one starts the list anew."""
    if not text or len(text) > 4000:
        return None
    try:
        value, key = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        if isinstance(key, bool) or not isinstance(key, int) or not 0 < key <= LARGEST:
            return None
        return _placed(SORTS[sort][0], value), key
    except (ValueError, TypeError, binascii.Error, UnicodeDecodeError):
        return None


def _placed(name: str, value: Any) -> Any:
    if name == "id":
        if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= LARGEST:
            raise ValueError(value)
        return value
    if not isinstance(value, str) or "\x00" in value:
        raise ValueError(value)
    return dt.date.fromisoformat(value) if name in {"due_on", "ended_on"} else value
