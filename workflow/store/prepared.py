"""Statements that every page asks: turned into the database's own text once, and run straight on its driver.

The engine's way from a statement to rows costs about as much as a small query itself. Only for reading, only for
statements whose values are single ones (no `IN` with a list). Errors are the driver's own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Dialect, Select
from sqlalchemy.orm import Session

from workflow.store.session import READER

Convert = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class _Text:
    """A statement for one database: its text, the order of its values, and what turns values over on the way."""

    sql: str
    order: tuple[str, ...] | None
    fixed: Mapping[str, Any]
    into: tuple[tuple[str, Convert], ...]
    out: tuple[tuple[int, Convert], ...]


class Prepared:
    """`rows(session, values)`: in the session's transaction where there is one, else in none at all."""

    def __init__(self, statement: Select[*tuple[Any, ...]]) -> None:
        self.statement = statement
        self._texts: dict[str, _Text] = {}

    def rows(
        self, session: Session, values: Mapping[str, Any], *, make: Callable[[list[Any]], Any] = tuple
    ) -> list[Any]:
        """Every row, as a plain tuple or as what `make` makes of its values."""
        engine = session.get_bind()
        dialect = engine.dialect
        text = self._texts.get(dialect.name)
        if text is None:
            text = self._texts[dialect.name] = _made(self.statement, dialect)
        given = {**text.fixed, **values}
        for name, convert in text.into:
            given[name] = convert(given[name])
        asked = given if text.order is None else [given[name] for name in text.order]
        cursor = session.info[READER]().cursor()
        try:
            for listener in engine.dispatch.before_cursor_execute:  # whoever counts or traces statements
                listener(engine, cursor, text.sql, asked, None, False)
            cursor.execute(text.sql, asked)
            found = cursor.fetchall()
        finally:
            cursor.close()
        return [make(_converted(row, text.out)) for row in found]


def _converted(row: Any, out: tuple[tuple[int, Convert], ...]) -> list[Any]:
    values = list(row)
    for place, convert in out:
        values[place] = convert(values[place])
    return values


def _made(statement: Select[*tuple[Any, ...]], dialect: Dialect) -> _Text:
    compiled = statement.compile(dialect=dialect, compile_kwargs={"render_postcompile": True})
    into = {name: bind.type.dialect_impl(dialect).bind_processor(dialect) for name, bind in compiled.binds.items()}
    results = (column.type.dialect_impl(dialect).result_processor(dialect, None) for column in
               statement.selected_columns)  # fmt: skip
    positions: list[str] | None = compiled.positiontup
    return _Text(
        sql=str(compiled),
        order=None if positions is None else tuple(positions),
        fixed={name: bind.value for name, bind in compiled.binds.items() if bind.value is not None},
        into=tuple((name, convert) for name, convert in into.items() if convert is not None),
        out=tuple((place, convert) for place, convert in enumerate(results) if convert is not None),
    )
