"""The list of mandates as its address describes it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar
from urllib.parse import urlencode

from workflow.domain.errors import BadInput
from workflow.domain.people import Capacity
from workflow.domain.text import clean, fold
from workflow.store.mandates import Listed
from workflow.web.i18n import N_
from workflow.web.people_list import name_key

MOST = 500
"""Lines on the page; the files have all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MandateFilter:
    """What the address asks for."""

    TIMES: ClassVar[dict[str, str]] = {
        "now": N_("in force today"),
        "future": N_("to come"),
        "past": N_("ended"),
        "revoked": N_("revoked"),
        "all": N_("all"),
    }
    SORTS: ClassVar[dict[str, str]] = {
        "name": N_("Name"),
        "capacity": N_("Signs as"),
        "from": N_("From"),
        "until": N_("Until"),
    }

    words: str = ""
    capacity: str = ""
    when: str = "now"
    sort: str = "name"

    def address(self, path: str, **changes: str) -> str:
        """The same list with changes, as an address to share."""
        given = {"q": self.words, "capacity": self.capacity, "when": self.when, "sort": self.sort, **changes}
        defaults = {"when": "now", "sort": "name"}
        query = urlencode({name: value for name, value in given.items() if value and defaults.get(name) != value})
        return f"{path}?{query}" if query else path


def read_filter(arguments: Mapping[str, str]) -> MandateFilter:
    """Read an address; what makes no sense in it is left out, since people edit addresses."""
    try:
        words = clean(arguments.get("q", ""))[:100]
    except BadInput:
        words = ""
    capacity, when, sort = (arguments.get(name, "") for name in ("capacity", "when", "sort"))
    return MandateFilter(
        words=words,
        capacity=capacity if capacity in set(Capacity) else "",
        when=when if when in MandateFilter.TIMES else "now",
        sort=sort if sort in MandateFilter.SORTS else "name",
    )


def matching(rows: list[Listed], wanted: MandateFilter, *, today: dt.date) -> list[Listed]:
    """The mandates that match, in order."""
    found = [row for row in rows if _matches(row, wanted, today)]
    return sorted(found, key=lambda row: _order(row, wanted.sort))


def _matches(row: Listed, wanted: MandateFilter, today: dt.date) -> bool:
    if wanted.capacity and row.row.capacity != wanted.capacity:
        return False
    if wanted.when != "all" and row.when(today) != wanted.when:
        return False
    text = f"{row.holder} {row.title} {row.unit} {row.row.legal_symbol} {row.row.legal_title} {row.row.content}"
    return fold(wanted.words) in fold(text)


def _order(row: Listed, sort: str) -> tuple[object, ...]:
    name = name_key(row.holder)
    last = row.row.valid_to or dt.date.max
    by: dict[str, tuple[object, ...]] = {
        "capacity": (list(Capacity).index(Capacity(row.row.capacity)), name),
        "from": (-row.row.valid_from.toordinal(), name),
        "until": (last.toordinal(), name),
    }
    return (*by.get(sort, (name, -row.row.valid_from.toordinal())), -row.row.id)
