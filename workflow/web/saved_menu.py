"""The menu of lists with a name. What is kept of an address is its query, and of that only filters of ours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode

from flask import request

from workflow.domain.search import plain
from workflow.store import saved_views as store
from workflow.web import incoming_listing, listing, register_listing
from workflow.web.context import current

PAGES: dict[str, tuple[str, frozenset[str]]] = {
    "search": ("/search", frozenset({"q", "kind", "type", "since", "until"})),
    "outgoing": ("/outgoing", frozenset({"state", "sort", *listing.PLAIN})),
    "incoming": ("/incoming", frozenset({"state", "sort", *incoming_listing.PLAIN})),
    "register": ("/register", frozenset({"register", "year", *register_listing.NAMES})),
}
"""Short name of a page → its path and the filters that may be kept. A place in a list moves on: not kept."""
LONGEST = 200


@dataclass(frozen=True, slots=True)
class Menu:
    """The menu of one page: (id, name, address, whether it is shown now), and what would be saved now."""

    page: str
    entries: list[tuple[int, str, str, bool]]
    query: str


def kept_query(page: str, query: str) -> str:
    """The filters of a query, in one spelling; empty where there are none."""
    allowed = PAGES[page][1]
    pairs = parse_qsl(query[:4000], max_num_fields=100) if query.count("&") < 100 else []
    plainly = ((name, " ".join(plain(value).split())[:LONGEST]) for name, value in pairs if name in allowed)
    return urlencode([(name, value) for name, value in plainly if value])


def address(page: str, query: str) -> str:
    """A path of ours with its query."""
    path = PAGES[page][0]
    return f"{path}?{query}" if query else path


def saved_menu(page: str) -> Menu:
    """For the template of a list: `{% with menu = saved_menu("outgoing") %}`."""
    here = current()
    shown = kept_query(page, request.query_string.decode("ascii", "ignore"))
    rows: Any = store.of(here.uow.session, here.person.person_id, page=page)
    entries = [(row[0], row[1], address(page, row[2]), row[2] == shown) for row in rows]
    return Menu(page, entries, shown)
