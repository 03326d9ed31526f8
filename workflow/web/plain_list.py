"""Filters, order and place of a short list, as its address has them. Lists with many filters read their own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from werkzeug.datastructures import MultiDict

from workflow.domain.errors import BadInput
from workflow.domain.text import clean
from workflow.web.listing import LONGEST, day_of
from workflow.web.row_keys import number_of


@dataclass(frozen=True, slots=True)
class Asked:
    """What was understood of an address. `usual`: the order that need not be said; `wrong`: a day that is none,
    which narrows nothing."""

    given: tuple[tuple[str, str], ...]
    sort: str
    usual: str
    wrong: bool = False

    @property
    def narrowed(self) -> bool:
        """Whether any filter is set."""
        return bool(self.given)

    def value(self, name: str) -> str:
        """The value of one filter; empty where it is not set."""
        return dict(self.given).get(name, "")

    def day(self, name: str) -> dt.date | None:
        """The same of a day."""
        found = self.value(name)
        return dt.date.fromisoformat(found) if found else None

    def address(self, path: str, *, without: str = "", **more: str) -> str:
        """The same list at a path, in another order, from another place, or without one of its filters."""
        order = [("sort", self.sort)] if self.sort != self.usual and "sort" not in more else []
        kept = [pair for pair in self.given if pair[0] != without]
        pairs = [*kept, *order, *((name, value) for name, value in more.items() if value)]
        return f"{path}?{urlencode(pairs)}" if pairs else path


def read(
    arguments: MultiDict[str, str],
    *,
    sorts: Collection[str],
    usual: str = "newest",
    choices: Mapping[str, Collection[str]] | None = None,
    days: Collection[str] = (),
    words: Collection[str] = (),
) -> Asked:
    """Read an address; what makes no sense in it is left out, since people edit and shorten addresses."""
    given: list[tuple[str, str]] = []
    for name, allowed in (choices or {}).items():
        if (value := arguments.get(name, "")) in allowed:
            given.append((name, value))
    wrong = False
    for name in days:
        text = arguments.get(name, "").strip()
        day = day_of(text)
        wrong = wrong or bool(text and day is None)
        given += [(name, day.isoformat())] if day else []
    for name in words:
        given += [(name, value)] if (value := _words(arguments.get(name, ""))) else []
    sort = arguments.get("sort", "")
    return Asked(tuple(given), sort if sort in sorts else usual, usual, wrong)


def _words(text: str) -> str:
    try:
        return clean(text)[:LONGEST]
    except BadInput:
        return ""


def cursor(*values: Any) -> str:
    """Where a list goes on: the last row's sort value, if its order has one, and its key."""
    return "_".join(value.isoformat() if isinstance(value, dt.date) else str(value) for value in values)


def after(text: str, *kinds: type[Any]) -> tuple[Any, ...] | None:
    """Read a place back (`int`, `dt.date`); a damaged one begins the list anew."""
    parts = text.split("_") if text and len(text) <= 100 else []
    if len(parts) != len(kinds):
        return None
    found = tuple(_part(part, kind) for part, kind in zip(parts, kinds, strict=True))
    return None if None in found else found


def _part(text: str, kind: type[Any]) -> Any:
    if kind is dt.date:
        return day_of(text)
    return number_of(text)
