"""What the address of a search says. What makes no sense in it is left out, since people edit addresses."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from workflow.domain.search import LONGEST_QUERY, plain
from workflow.store.search import Narrowed
from workflow.web.format import iso_day
from workflow.web.row_keys import LARGEST
from workflow.web.schemas.fields import EARLIEST, LATEST


@dataclass(frozen=True, slots=True)
class Wanted:
    """A search as its address describes it."""

    words: str
    narrowed: Narrowed
    given: tuple[tuple[str, str], ...]
    after: int | None = None
    way: int | None = None

    def value(self, name: str) -> str:
        """A filter as it was understood, for its field."""
        return dict(self.given).get(name, "")

    @property
    def filtered(self) -> bool:
        """Whether anything besides the words narrows it."""
        return any(name != "q" for name, _value in self.given)

    def address(self, path: str, **changes: str) -> str:
        """The same search with changes, from its first page."""
        pairs = {**dict(self.given), **changes}
        query = urlencode({name: value for name, value in pairs.items() if value})
        return f"{path}?{query}" if query else path


def read_wanted(arguments: Mapping[str, str], *, kinds: tuple[str, ...]) -> Wanted:
    """`kinds`: those that the person may read."""
    words = plain(arguments.get("q", "")[:LONGEST_QUERY]).replace("\n", " ")
    kind = arguments.get("kind", "") if arguments.get("kind", "") in kinds else ""
    code = arguments.get("type", "")
    code = code if code.isascii() and code.replace("_", "").isalnum() and len(code) <= 20 else ""
    since, until = _day(arguments.get("since", "")), _day(arguments.get("until", ""))
    pairs = (
        ("q", words), ("kind", kind), ("type", code), ("since", since.isoformat() if since else ""),
        ("until", until.isoformat() if until else ""),
    )  # fmt: skip
    narrowed = Narrowed(kinds=(kind,) if kind else kinds, type_code=code, since=since, until=until)
    given = tuple((name, value) for name, value in pairs if value)
    after = _key(arguments.get("after", ""))
    return Wanted(words, narrowed, given, after, 1 if arguments.get("way") == "1" else 0 if after else None)


def _day(text: str) -> dt.date | None:
    try:
        day = dt.date.fromisoformat(iso_day(text))
    except ValueError:
        return None
    return day if EARLIEST <= day.year <= LATEST else None


def _key(text: str) -> int | None:
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        return None
    return int(text) if 0 < int(text) <= LARGEST else None
