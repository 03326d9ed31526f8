"""Which register and which year an address asks for; a foreign register is as good as missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from flask import request

from workflow.domain.errors import NotFound
from workflow.domain.permissions import Scope
from workflow.store import incoming_register, register_book
from workflow.web.context import current
from workflow.web.row_keys import LARGEST_COUNT, number_of


class Shelf(Protocol):
    """The query that each kind of register has."""

    def books(self, scope: Scope, session: Any) -> Sequence[Any]:
        """(id, name, agency) of every register within reach."""


FIRST_YEAR = 1945
"""No office of the country has an older book."""

SHELVES: dict[str, Shelf] = {"out": register_book, "in": incoming_register}


@dataclass(frozen=True, slots=True)
class Choice:
    """The registers of one direction, the chosen one (0 where there is none), its years, the chosen year."""

    books: list[tuple[int, str]]
    register_id: int
    years: list[int]
    year: int


def chosen(direction: str) -> Choice:
    """By the address's `register` and `year`; the first register and the newest year where it says nothing.

    A year without a number is an empty book, never another year's.
    """
    here, shelf = current(), SHELVES[direction]
    found = [(row[0], f"{row[1]} · {row[2]}") for row in shelf.books(here.scope, here.uow.session)]
    known = [key for key, _name in found]
    wanted = digits("register")
    if wanted and wanted not in known:
        raise NotFound("register_not_found")
    register_id = wanted or (known[0] if known else 0)
    used, this_year = register_book.years(here.scope, here.uow.session, register_id), here.today.year
    asked = digits("year")
    year = asked if FIRST_YEAR <= asked <= this_year + 1 else max(used, default=this_year)
    return Choice(found, register_id, sorted({*used, this_year, year}, reverse=True), year)


def demanded(direction: str) -> Choice:
    """The same for what cannot do without a register."""
    found = chosen(direction)
    if not found.register_id:
        raise NotFound("register_not_found")
    return found


def digits(name: str) -> int:
    """A year, a number of a register or a row of the address, 0 where it is none."""
    return number_of(request.args.get(name, ""), most=LARGEST_COUNT) or 0
