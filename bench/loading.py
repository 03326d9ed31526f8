"""Rows of text into a database, in bulk: COPY on PostgreSQL, statements for many rows on SQLite.

Work is cut into parts; a part and the note that it is done are committed together, so a load that was broken off
goes on where it was. On PostgreSQL indexes and unique constraints are put aside meanwhile and made afterwards,
each in a transaction of its own; references and triggers are not asked (whoever made the rows answers for them).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, text

from bench.corpus import NOTHING, Table

DONE, ASIDE = "bench_done", "bench_aside"
"""Tables of ours in the database that is filled: parts that are done, definitions put aside."""


@dataclass(frozen=True, slots=True)
class Load:
    """A database that is being filled."""

    engine: Engine

    @property
    def _on_postgresql(self) -> bool:
        return self.engine.dialect.name == "postgresql"

    def begin(self, tables: Iterable[Table]) -> None:
        """Our own tables, and indexes put aside. Again: nothing."""
        with self.engine.begin() as connection:
            connection.execute(text(f"CREATE TABLE IF NOT EXISTS {DONE} (part VARCHAR(40) PRIMARY KEY)"))
            connection.execute(text(f"CREATE TABLE IF NOT EXISTS {ASIDE} (place INTEGER PRIMARY KEY, how TEXT)"))
            if self._on_postgresql and not self.is_done(connection, "aside"):
                _put_aside(connection, sorted(table.name for table in tables))
                self.note(connection, "aside")

    def is_done(self, connection: Connection, part: str) -> bool:
        """Whether a part was committed."""
        return connection.scalar(text(f"SELECT 1 FROM {DONE} WHERE part = :part"), {"part": part}) is not None

    def done(self, part: str) -> bool:
        """The same, with a connection of its own."""
        with self.engine.begin() as connection:
            return self.is_done(connection, part)

    def note(self, connection: Connection, part: str) -> None:
        """A part is done, once this is committed."""
        connection.execute(text(f"INSERT INTO {DONE} (part) VALUES (:part)"), {"part": part})

    def put(self, part: str, rows: Mapping[Table, Sequence[str]]) -> None:
        """Rows of a part, and that it is done."""
        with self.engine.begin() as connection:
            for table, lines in rows.items():
                self.add(connection, table, lines)
            self.note(connection, part)

    def add(self, connection: Connection, table: Table, lines: Sequence[str]) -> None:
        """Rows of one table, within somebody's transaction."""
        if lines:
            (_copy if self._on_postgresql else _insert)(connection, table, lines)

    def finish(self, tables: Iterable[Table], told: Callable[[str], None]) -> None:
        """Put back what was put aside, let keys go on behind the last row, let the planner know."""
        while (how := self._next_aside()) is not None:
            told(how)
            with self.engine.begin() as connection:
                if self._on_postgresql:
                    connection.execute(text("SET LOCAL maintenance_work_mem = '512MB'"))
                connection.exec_driver_sql(how)
                connection.execute(text(f"DELETE FROM {ASIDE} WHERE how = :how"), {"how": how})
        if self._on_postgresql:
            with self.engine.begin() as connection:
                for table in tables:
                    connection.execute(_keys(table.name))
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE" if self._on_postgresql else "ANALYZE")

    def _next_aside(self) -> str | None:
        with self.engine.begin() as connection:
            found: str | None = connection.scalar(text(f"SELECT how FROM {ASIDE} ORDER BY place LIMIT 1"))
            return found


def _keys(table: str) -> object:
    return text(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}) + 1)")


def _copy(connection: Connection, table: Table, lines: Sequence[str]) -> None:
    connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
    with connection.connection.cursor() as cursor:
        named = ", ".join(f'"{one}"' for one in table.columns)
        with cursor.copy(f"COPY {table.name} ({named}) FROM STDIN") as copy:
            copy.write("\n".join(lines) + "\n")


def _insert(connection: Connection, table: Table, lines: Sequence[str]) -> None:
    named = ", ".join(f'"{one}"' for one in table.columns)
    marks = ", ".join("?" * len(table.columns))
    rows = ([None if one == NOTHING else one for one in line.split("\t")] for line in lines)
    connection.connection.cursor().executemany(f"INSERT INTO {table.name} ({named}) VALUES ({marks})", rows)


def _put_aside(connection: Connection, tables: list[str]) -> None:
    """Indexes and unique constraints, but for primary keys, to which references hold."""
    unique = connection.execute(
        text(
            "SELECT conrelid::regclass::text AS which, conname, pg_get_constraintdef(oid) AS how "
            "FROM pg_constraint WHERE contype = 'u' AND conrelid::regclass::text = ANY(:tables) ORDER BY conname"
        ),
        {"tables": tables},
    ).all()
    plain = connection.execute(
        text(
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = ANY(:tables) AND indexname NOT IN "
            "(SELECT conname FROM pg_constraint WHERE contype IN ('p', 'u')) ORDER BY indexname"
        ),
        {"tables": tables},
    ).all()
    kept = [f"ALTER TABLE {row.which} ADD CONSTRAINT {row.conname} {row.how}" for row in unique]
    kept += [row.indexdef for row in plain]
    for place, how in enumerate(kept):
        connection.execute(text(f"INSERT INTO {ASIDE} VALUES (:place, :how)"), {"place": place, "how": how})
    for row in unique:
        connection.exec_driver_sql(f"ALTER TABLE {row.which} DROP CONSTRAINT {row.conname}")
    for row in plain:
        connection.exec_driver_sql(f"DROP INDEX {row.indexname}")
