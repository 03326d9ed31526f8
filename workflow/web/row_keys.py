"""`<int:…>` in an address is the key of a row, or a count: larger numbers than a database holds are no address.

What a rule calls `…id` is a key. Every other number of an address is a year, a page or a place in an order, and
PostgreSQL keeps those in four bytes, where it answers a larger one with an error and not with "none".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from werkzeug.routing import BaseConverter, IntegerConverter, Map, Rule

LARGEST = 2**53
"""Of keys. Larger ones lose digits in JavaScript; SQLite's driver and PostgreSQL stop at 2**63."""

LARGEST_COUNT = 2**31 - 1
"""Of years, pages, versions, numbers of a register and places: PostgreSQL's `integer`."""


class RowKey(IntegerConverter):
    """Takes the place of Flask's own converter."""

    def __init__(self, map: Map, **options: Any) -> None:
        super().__init__(map, **{"min": 1, "max": LARGEST, **options})


class BoundedRule(Rule):
    """A rule whose numbers that are no keys are counts."""

    def get_converter(
        self, variable_name: str, converter_name: str, args: tuple[Any, ...], kwargs: Mapping[str, Any]
    ) -> BaseConverter:
        """The converter of one variable."""
        if converter_name == "int" and not variable_name.endswith("id"):
            kwargs = {"max": LARGEST_COUNT, **kwargs}
        return super().get_converter(variable_name, converter_name, args, kwargs)


def number_of(text: str, *, most: int = LARGEST) -> int | None:
    """A number of an address or a form, from 0 up to what its column holds; None where it is none."""
    good = text.isascii() and text.isdecimal() and len(text) < 17 and int(text) <= most
    return int(text) if good else None
