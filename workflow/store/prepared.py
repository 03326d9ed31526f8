"""Statements that every page asks: turned into the database's own text once, and run straight on its driver.

The engine's way from a statement to rows costs about as much as a small query itself. Only for reading, only for
statements whose values are single ones (no `IN` with a list). Errors are the driver's own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import Dialect, Select
from sqlalchemy.orm import Session

from workflow.store.session import READER

Convert = Callable[[Any], Any]
R = TypeVar("R")

MOST_KEPT = 8192
"""Drawn rows in one memory; some 1 kB each."""


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

    def __init__(self, statement: Select[*tuple[Any, ...]], *, make: Callable[[list[Any]], Any] = tuple) -> None:
        self.statement = statement
        self.make = make
        self._texts: dict[str, _Text] = {}

    def rows(self, session: Session, values: Mapping[str, Any]) -> Rows:
        """Every row, as what `make` makes of its values."""
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
            return Rows(cursor.fetchall(), self.make, text.out)
        finally:
            cursor.close()


class Rows(Sequence[Any]):
    """Rows as the driver gave them; each becomes values when it is looked at."""

    def __init__(
        self, raw: Sequence[Any], make: Callable[[list[Any]], Any], out: tuple[tuple[int, Convert], ...] = ()
    ) -> None:
        self._raw = raw
        self._make = make
        self._out = out

    def __len__(self) -> int:
        return len(self._raw)

    def __getitem__(self, place: Any) -> Any:
        if isinstance(place, slice):
            return Rows(self._raw[place], self._make, self._out)
        return self._value(self._raw[place])

    def __iter__(self) -> Iterator[Any]:
        return map(self._value, self._raw)

    def drawn(self, draw: Callable[[Any], R], kept: dict[Any, R]) -> list[R]:
        """`draw` of every row. What was drawn of the very same values before is taken from `kept`."""
        made = []
        for raw in self._raw:
            found = kept.get(raw)
            if found is None:
                if len(kept) >= MOST_KEPT:
                    kept.clear()
                found = kept[raw] = draw(self._value(raw))
            made.append(found)
        return made

    def _value(self, raw: Any) -> Any:
        values = list(raw)
        for place, convert in self._out:
            values[place] = convert(values[place])
        return self._make(values)


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
