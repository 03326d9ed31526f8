"""What the address narrows the register of outgoing documents to: filters, their words, choices."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import request

from workflow.domain.text import fold
from workflow.store import register_book as store
from workflow.store.register_filter import LineState, Wanted
from workflow.web import format, plain_list
from workflow.web.context import current
from workflow.web.i18n import N_, _
from workflow.web.plain_list import Asked
from workflow.web.register_choice import Choice
from workflow.web.row_keys import LARGEST_COUNT, number_of
from workflow.web.types import type_groups, type_names

PATH = "/register"
NAMES = ("state", "type", "from", "to", "signer", "q")
"""Filters in an address."""

STATES = {
    LineState.ISSUED: N_("already issued"),
    LineState.UNISSUED: N_("numbered, not issued yet"),
    LineState.HELD: N_("number held"),
    LineState.CANCELLED: N_("number cancelled"),
}


@dataclass(frozen=True, slots=True)
class Listing:
    """A register's year as its address narrows it."""

    asked: Asked
    choice: Choice

    @property
    def wanted(self) -> Wanted:
        """As the query wants it: digits are a number, what has a slash begins a symbol, anything else is words."""
        asked = self.asked
        search, state = asked.value("q"), asked.value("state")
        number = number_of(search, most=LARGEST_COUNT) if len(search) < 10 else None
        symbol = search if "/" in search and " " not in search else ""
        return Wanted(
            number=number,
            symbol=symbol,
            words="" if number or symbol else fold(search),
            type_code=asked.value("type"),
            signer=asked.value("signer"),
            state=LineState(state) if state else None,
            first_day=asked.day("from"),
            last_day=asked.day("to"),
        )

    def address(self, path: str = PATH, *, without: str = "", **more: str) -> str:
        """The same lines at a path, from another place, or without one of the filters."""
        kept = {"register": str(self.choice.register_id), "year": str(self.choice.year)}
        return self.asked.address(path, without=without, **kept, **more)

    def whole(self) -> str:
        """The year without any filter."""
        return f"{PATH}?register={self.choice.register_id}&year={self.choice.year}"

    def words(self) -> list[tuple[str, str]]:
        """(name, words) of each filter that is set."""
        types = type_names()
        told: dict[str, Callable[[str], str]] = {
            "state": lambda value: _(STATES[LineState(value)]),
            "type": lambda value: types.get(value, value),
            "from": lambda value: _("dated from %(day)s", day=format.typed_day(value)),
            "to": lambda value: _("dated until %(day)s", day=format.typed_day(value)),
            "signer": lambda value: _("signed by %(name)s", name=value),
            "q": lambda value: f"“{value}”",
        }
        return [(name, told[name](value)) for name, value in self.asked.given]

    def chips(self) -> list[tuple[str, str]]:
        """Each filter as words, with the address without it."""
        return [(words, self.address(without=name)) for name, words in self.words()]


def read_listing(choice: Choice) -> Listing:
    """Read the address; what makes no sense in it is left out, since people edit and shorten addresses."""
    choices = {"state": frozenset(map(str, LineState)), "type": type_names().keys()}
    asked = plain_list.read(request.args, sorts=(), choices=choices, days=("from", "to"), words=("signer", "q"))
    return Listing(asked, choice)


def panel(listing: Listing) -> dict[str, Any]:
    """What can be chosen; a signer of the address stands among the others, so that the form keeps them."""
    here, choice = current(), listing.choice
    common, others = type_groups()
    found = store.signers(here.scope, here.uow.session, register_id=choice.register_id, year=choice.year)
    names = sorted({*found, *filter(None, [listing.asked.value("signer")])})
    return {
        "state": [(str(state), _(words)) for state, words in STATES.items()],
        "type": common + others,
        "signer": [(name, name) for name in names],
    }
