"""The list of people as its address describes it: filters, Vietnamese name order, pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import ClassVar
from urllib.parse import urlencode

from workflow.domain.errors import BadInput
from workflow.domain.people import Role
from workflow.domain.text import clean, fold, has_accents
from workflow.store.people import Listed
from workflow.web.i18n import N_

PAGE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonFilter:
    """What the address asks for. `when`: `now`, `past`, `future` or `all`."""

    ACCOUNTS: ClassVar[dict[str, str]] = {
        "none": N_("no account"),
        "invited": N_("invited"),
        "active": N_("active"),
        "closed": N_("closed"),
    }
    TIMES: ClassVar[dict[str, str]] = {
        "now": N_("in post today"),
        "past": N_("former"),
        "future": N_("to come"),
        "all": N_("all"),
    }
    SORTS: ClassVar[dict[str, str]] = {
        "name": N_("Name"),
        "unit": N_("Unit"),
        "role": N_("Role"),
        "from": N_("From"),
    }

    words: str = ""
    unit_id: int = 0
    role: str = ""
    when: str = "now"
    account: str = ""
    sort: str = "name"
    page: int = 1

    def address(self, path: str, **changes: object) -> str:
        """The same list with changes, as an address to share."""
        given: dict[str, object] = {
            "q": self.words, "unit": self.unit_id or "", "role": self.role, "when": self.when,
            "account": self.account, "sort": self.sort, "page": 1, **changes,
        }  # fmt: skip
        defaults: dict[str, object] = {"when": "now", "sort": "name", "page": 1}
        query = urlencode({name: value for name, value in given.items() if value and defaults.get(name) != value})
        return f"{path}?{query}" if query else path


@dataclass(frozen=True, slots=True)
class Found:
    """What matches: all `rows`, and the `shown` ones of this page."""

    rows: list[Listed]
    shown: list[Listed]
    page: int
    pages: int


def read_filter(arguments: Mapping[str, str]) -> PersonFilter:
    """Read an address; what makes no sense in it is left out, since people edit addresses."""
    unit, place = arguments.get("unit", ""), arguments.get("page", "1")
    try:
        words = clean(arguments.get("q", ""))[:100]
    except BadInput:
        words = ""
    return PersonFilter(
        words=words,
        unit_id=int(unit) if unit.isdecimal() and len(unit) < 16 else 0,
        role=_one_of(arguments.get("role", ""), set(Role), ""),
        when=_one_of(arguments.get("when", ""), PersonFilter.TIMES, "now"),
        account=_one_of(arguments.get("account", ""), PersonFilter.ACCOUNTS, ""),
        sort=_one_of(arguments.get("sort", ""), PersonFilter.SORTS, "name"),
        page=int(place) if place.isdecimal() and 0 < len(place) < 7 else 1,
    )


def _one_of(word: str, known: Iterable[str], other: str) -> str:
    return word if word in known else other


def matching(people: list[Listed], wanted: PersonFilter, *, today: dt.date) -> Found:
    """The people that match, in order, and the page that is shown."""
    rows = [row for row in people if _matches(row, wanted, today)]
    rows.sort(key=lambda row: _order(row, wanted.sort))
    pages = max(1, -(-len(rows) // PAGE))
    here = min(max(wanted.page, 1), pages)
    return Found(rows, rows[(here - 1) * PAGE : here * PAGE], here, pages)


def _matches(row: Listed, wanted: PersonFilter, today: dt.date) -> bool:
    if wanted.unit_id and row.unit_id != wanted.unit_id:
        return False
    if wanted.role and row.role != wanted.role:
        return False
    if wanted.account and row.account != wanted.account:
        return False
    if wanted.when != "all" and _time_of(row, today) != wanted.when:
        return False
    return not wanted.words or _has_words(row, wanted.words)


def _time_of(row: Listed, today: dt.date) -> str:
    if row.valid_from > today:
        return "future"
    return "past" if row.valid_to is not None and row.valid_to < today else "now"


def _has_words(row: Listed, words: str) -> bool:
    """An accented word is looked for as it is, a bare one without accents."""
    text = f"{row.full_name} {row.title} {row.username}"
    if has_accents(words):
        return words.lower() in text.lower()
    return fold(words) in fold(text)


def _order(row: Listed, sort: str) -> tuple[object, ...]:
    name = name_key(row.full_name)
    by: dict[str, tuple[object, ...]] = {
        "unit": (fold(row.unit_name), name),
        "role": (list(Role).index(row.role), name),
        "from": (-row.valid_from.toordinal(), name),
    }
    return by.get(sort, (name, row.valid_from.toordinal()))


def name_key(full_name: str) -> tuple[str, str]:
    """Vietnamese names are ordered by the given name, which stands last, then by the rest."""
    words = full_name.split()
    return (fold(words[-1]) if words else "", fold(full_name))
