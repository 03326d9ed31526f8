"""`<int:…>` in an address is the key of a row: larger numbers than a database holds are no address at all."""

from __future__ import annotations

from typing import Any

from werkzeug.routing import IntegerConverter, Map

LARGEST = 2**53
"""Larger ones lose digits in JavaScript; SQLite's driver and PostgreSQL stop at 2**63."""


class RowKey(IntegerConverter):
    """Takes the place of Flask's own converter."""

    def __init__(self, map: Map, **options: Any) -> None:
        super().__init__(map, **{"min": 1, "max": LARGEST, **options})
