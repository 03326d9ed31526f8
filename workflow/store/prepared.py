"""Statements that every page asks, and rows that every act leaves: turned into the database's own text once, and
run straight on its driver.

The engine's way from a statement to rows costs about as much as a small query itself. Only for statements whose
values are single ones (no `IN` with a list). Errors of reading are the driver's own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, cast, overload

from sqlalchemy import Dialect, Insert, Select, Table, bindparam, insert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase, Session

from workflow.store.session import READER

Convert = Callable[[Any], Any]
R = TypeVar("R")
T = TypeVar("T")

MOST_KEPT = 8192
"""Drawn rows in one memory; some 1 kB each."""


@dataclass(frozen=True, slots=True)
class _Text:
    """A statement for one database: its text, the order of its values, and what turns values over on the way."""

    sql: str
    order: tuple[str, ...] | None
    fixed: Mapping[str, Any]
    into: tuple[tuple[str, Convert], ...]
    out: tuple[tuple[int, Convert], ...] = ()

    def given(self, values: Mapping[str, Any]) -> Any:
        """The values as the driver takes them."""
        given = {**self.fixed, **values}
        for name, convert in self.into:
            given[name] = convert(given[name])
        return given if self.order is None else [given[name] for name in self.order]


class Prepared(Generic[T]):
    """`rows(session, values)`: in the session's transaction where there is one, else in none at all."""

    @overload
    def __init__(self: Prepared[tuple[Any, ...]], statement: Select[*tuple[Any, ...]]) -> None: ...

    @overload
    def __init__(self, statement: Select[*tuple[Any, ...]], *, make: Callable[[list[Any]], T]) -> None: ...

    def __init__(self, statement: Select[*tuple[Any, ...]], *, make: Callable[[list[Any]], Any] = tuple) -> None:
        self.statement = statement
        self.make = make
        self._texts: dict[str, _Text] = {}

    def rows(self, session: Session, values: Mapping[str, Any]) -> Rows[T]:
        """Every row, as what `make` makes of its values."""
        dialect = session.get_bind().dialect
        text = self._texts.get(dialect.name)
        if text is None:
            text = self._texts[dialect.name] = _made(self.statement, dialect)
        cursor = session.info[READER]().cursor()
        try:
            _run(session, cursor, text.sql, text.given(values))
            return Rows(cursor.fetchall(), self.make, text.out)
        finally:
            cursor.close()


class PreparedInsert:
    """`put(session, values)`: one row, in the open write phase, past the session: nobody gets it as an entity.

    `worked_out`: columns that the statement itself fills, from named values if it needs any. The others are all to
    be given, defaults too, but for a key that the database makes.
    """

    def __init__(self, model: type[DeclarativeBase], **worked_out: Any) -> None:
        self.table = cast(Table, model.__table__)
        self.worked_out = worked_out
        self._texts: dict[str, _Text] = {}

    def put(self, session: Session, values: Mapping[str, Any]) -> None:
        """Raises what the session would: `sqlalchemy.exc.IntegrityError` and its kin."""
        dialect = session.get_bind().dialect
        text = self._texts.get(dialect.name)
        if text is None:
            text = self._texts[dialect.name] = _made(self.statement(), dialect)
        _put(session, text, values)

    def statement(self, prefix: str = "") -> Insert:
        """The row's statement, with a value of its column's name, after `prefix`, for each column."""
        given = {
            column.name: bindparam(f"{prefix}{column.name}", type_=column.type)
            for column in self.table.columns
            if not column.primary_key and column.name not in self.worked_out
        }
        return insert(self.table).values({**given, **self.worked_out}).inline()


class PreparedPair:
    """Two rows that always come together: one statement where the database takes that, else one after the other."""

    PREFIX = "first_"

    def __init__(self, first: PreparedInsert, second: PreparedInsert) -> None:
        self.first, self.second = first, second
        self._text: _Text | None = None

    def put(self, session: Session, first: Mapping[str, Any], second: Mapping[str, Any]) -> None:
        """As `PreparedInsert.put`."""
        dialect = session.get_bind().dialect
        if dialect.name != "postgresql":
            self.first.put(session, first)
            self.second.put(session, second)
            return
        if self._text is None:
            beside = self.first.statement(self.PREFIX).cte("beside")
            self._text = _made(self.second.statement().add_cte(beside), dialect)
        asked = {
            f"{self.PREFIX}{name}" if name in self.first.table.c else name: value for name, value in first.items()
        }
        _put(session, self._text, {**asked, **second})


def _put(session: Session, text: _Text, values: Mapping[str, Any]) -> None:
    dialect = session.get_bind().dialect
    given = text.given(values)
    cursor = session.connection().connection.cursor()
    try:
        _run(session, cursor, text.sql, given)
    except dialect.loaded_dbapi.Error as error:
        raise DBAPIError.instance(text.sql, None, error, dialect.loaded_dbapi.Error, dialect=dialect) from error
    finally:
        cursor.close()


def _run(session: Session, cursor: Any, sql: str, given: Any) -> None:
    engine = session.get_bind()
    for listener in engine.dispatch.before_cursor_execute:  # whoever counts or traces statements
        listener(engine, cursor, sql, given, None, False)
    cursor.execute(sql, given)


class Rows(Sequence[T]):
    """Rows as the driver gave them; each becomes values when it is looked at."""

    def __init__(
        self, raw: Sequence[Any], make: Callable[[list[Any]], T], out: tuple[tuple[int, Convert], ...] = ()
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

    def __iter__(self) -> Iterator[T]:
        return map(self._value, self._raw)

    def drawn(self, draw: Callable[[T], R], kept: dict[Any, R]) -> list[R]:
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

    def _value(self, raw: Any) -> T:
        values = list(raw)
        for place, convert in self._out:
            values[place] = convert(values[place])
        return self._make(values)


def _made(statement: Select[*tuple[Any, ...]] | Insert, dialect: Dialect) -> _Text:
    compiled = statement.compile(dialect=dialect, compile_kwargs={"render_postcompile": True})
    into = {name: bind.type.dialect_impl(dialect).bind_processor(dialect) for name, bind in compiled.binds.items()}
    columns = statement.selected_columns if isinstance(statement, Select) else ()
    results = (column.type.dialect_impl(dialect).result_processor(dialect, None) for column in columns)
    positions: list[str] | None = compiled.positiontup
    return _Text(
        sql=str(compiled),
        order=None if positions is None else tuple(positions),
        fixed={
            name: bind.value for name, bind in compiled.binds.items() if not (bind.required or bind.value is None)
        },
        into=tuple((name, convert) for name, convert in into.items() if convert is not None),
        out=tuple((place, convert) for place, convert in enumerate(results) if convert is not None),
    )
