"""Every row of every table out of one database, as it was at one moment, and into another, of either kind.

Rows are plain values in the order of the models' columns: moments and days as ISO text, bytes as base64, JSON as
the text that the database holds (its digests are over that text). What is derived stays out and is written anew.

Into a database they go as the owner of its tables, in one transaction: references are let go and taken up again,
for tables refer to themselves and rows come by their keys. The triggers on what only grows stay in force: rows are
only added.
"""

from __future__ import annotations

import base64
import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby, islice
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    Connection,
    Date,
    DateTime,
    Engine,
    Insert,
    LargeBinary,
    String,
    Table,
    Text,
    bindparam,
    cast,
    delete,
    func,
    insert,
    inspect,
    literal,
    select,
    text,
    update,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from workflow.domain.backup import BackupError
from workflow.domain.journal import utc_text
from workflow.store.base import Base, Instant
from workflow.store.blobs import naming
from workflow.store.models import Blob, Incoming, Intake, Journal, LoginSession, Outgoing
from workflow.store.push_devices import end_all

__all__ = [
    "Loading",
    "Snapshot",
    "Table",
    "end_logins",
    "is_owner",
    "lay_out",
    "loading",
    "names",
    "occupied",
    "one_moment",
    "snapshot",
    "tables",
]

DERIVED = frozenset({"search_text"})
"""Written anew from the others (`trinhky search rebuild`): its words are cut for one kind of database."""

SEEDED = frozenset({"calendar_day", "document_type", "retention_rule"})
"""What a new installation begins with (`services.installation`): it counts as empty; the backup's replace them."""

BATCH = 1_000

Plain = list[Any]
"""A row."""


def tables() -> list[Table]:
    """Those that a backup holds, the referred to before the referring."""
    return [table for table in Base.metadata.sorted_tables if table.name not in DERIVED]


def names(table: Table) -> list[str]:
    """Of its columns, in their order."""
    return [column.name for column in table.columns]


class Snapshot:
    """A database as it was when it was first asked."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.kind = connection.dialect.name

    def revision(self) -> str:
        """The shape that it has; empty before the first migration."""
        if not inspect(self._connection).has_table("alembic_version"):
            return ""
        return self._connection.scalar(text("SELECT version_num FROM alembic_version")) or ""

    def rows(self, table: Table) -> Iterator[Plain]:
        """In the order of the key, never all at once."""
        out = [_out(column) for column in table.columns]
        asked = [cast(column, Text) if isinstance(column.type, JSON) else column for column in table.columns]
        query = select(*asked).order_by(*(self._same_everywhere(key) for key in table.primary_key.columns))
        for row in self._connection.execute(query, execution_options={"yield_per": BATCH}):
            yield [
                value if change is None or value is None else change(value)
                for change, value in zip(out, row, strict=True)
            ]

    def last_key(self, table: Table) -> int | None:
        """The highest key ever given; None where it is not counted apart from the rows."""
        if self.kind != "postgresql" or "id" not in table.c:
            return None
        query = text(
            "SELECT last_value FROM pg_sequences WHERE "
            "format('%I.%I', schemaname, sequencename)::regclass = pg_get_serial_sequence(:name, 'id')::regclass"
        )
        found: int | None = self._connection.scalar(query, {"name": table.name})
        return found

    def files(self) -> Iterator[tuple[str, int]]:
        """(SHA-256, size) of every stored file that is not about to leave."""
        order = self._same_everywhere(Blob.__table__.c.sha256)
        query = select(Blob.sha256, Blob.size).where(Blob.leaving_at.is_(None)).order_by(order)
        for row in self._connection.execute(query, execution_options={"yield_per": BATCH}):
            yield row.sha256, row.size

    def _same_everywhere(self, key: ColumnElement[Any]) -> ColumnElement[Any]:
        """Text in the order of its bytes, whatever the database's language is."""
        return key.collate("C") if self.kind == "postgresql" and isinstance(key.type, String) else key

    def names_of_no_file(self) -> list[str]:
        """Hashes without a foreign key whose file nobody knows (`store.blobs.KEYLESS`)."""
        known = select(Blob.sha256)
        query = select(Intake.content_sha256).where(
            Intake.content_sha256 != "", Intake.content_sha256.not_in(known)
        )
        return list(self._connection.scalars(query))

    def named_by(self, sha256: str) -> list[str]:
        """The first rows of each table that name a stored file, as `table key`."""
        found = []
        for column in naming():
            keys = select(*column.table.primary_key.columns).where(column == sha256).limit(3)
            for row in self._connection.execute(keys):
                found.append(f"{column.table.name} {' '.join(str(value) for value in row)}")
        return sorted(set(found))

    def chains(self) -> Iterator[tuple[str, Iterator[Any]]]:
        """Each subject of the journal with its entries in order; one chain is read before the next."""
        query = select(Journal.__table__).order_by(Journal.subject, Journal.ordinal)
        found = self._connection.execute(query, execution_options={"yield_per": BATCH})
        return groupby(found, key=lambda row: str(row.subject))

    def heads_that_differ(self) -> list[str]:
        """Documents whose row names another head of its chain than the journal has, or another length."""
        found: list[str] = []
        for word, model in (("outgoing", Outgoing), ("incoming", Incoming)):
            of_row = Journal.subject == literal(f"{word}:") + cast(model.id, String)
            last = select(func.max(Journal.ordinal)).where(of_row).scalar_subquery()
            digest = select(Journal.digest).where(of_row, Journal.ordinal == model.chain_length).scalar_subquery()
            differs = (func.coalesce(last, 0) != model.chain_length) | (
                func.coalesce(digest, "") != model.chain_head
            )
            keys = self._connection.scalars(
                select(model.id).where(model.chain_length > 0, differs).order_by(model.id)
            )
            found += [f"{word}:{key}" for key in keys]
        return found


@contextmanager
def snapshot(engine: Engine) -> Iterator[Snapshot]:
    """The database as it is now, for as long as it is asked."""
    with one_moment(engine) as connection:
        yield Snapshot(connection)


@contextmanager
def one_moment(engine: Engine) -> Iterator[Connection]:
    """One read transaction: whatever others write meanwhile is not seen, and nobody waits for it."""
    postgresql = engine.dialect.name == "postgresql"
    options: dict[str, Any] = (
        {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True} if postgresql else {}
    )
    with engine.connect() as bare, bare.execution_options(**options).begin():
        yield bare


class Loading:
    """An empty database that is being filled."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.kind = connection.dialect.name

    def fill(self, table: Table, rows: Iterable[Plain]) -> int:
        """Add the rows of an empty table; how many. Raises `BackupError` where the database refuses one."""
        into = [(column.name, _into(column)) for column in table.columns]
        query = _insert(table, self.kind)
        done = 0
        waiting = iter(rows)
        while batch := list(islice(waiting, BATCH)):
            values = [
                {
                    name: value if change is None or value is None else change(value)
                    for (name, change), value in zip(into, row, strict=True)
                }
                for row in batch
            ]
            try:
                self._connection.execute(query, values)
            except DBAPIError as error:
                reason = str(error.orig).strip().splitlines()[0]
                raise BackupError("backup_rows_refused", table=table.name, reason=reason) from error
            done += len(batch)
        return done

    def count_on(self, table: Table, last_key: int | None) -> None:
        """The next row's key follows the last one that was ever given."""
        if self.kind != "postgresql" or "id" not in table.c:
            return
        sequence = self._connection.scalar(select(func.pg_get_serial_sequence(table.name, "id")))
        highest = max(self._connection.scalar(select(func.max(table.c.id))) or 0, last_key or 0)
        if sequence and highest:
            self._connection.execute(select(func.setval(sequence, highest)))

    def count(self, table: Table) -> int:
        """Rows that it holds now."""
        return self._connection.scalar(select(func.count()).select_from(table)) or 0

    def broken_references(self) -> list[str]:
        """SQLite tells them afterwards, as `table row → table`; PostgreSQL refuses them when they are taken up."""
        if self.kind != "sqlite":
            return []
        return [
            f"{one[0]} {one[1]} → {one[2]}" for one in self._connection.execute(text("PRAGMA foreign_key_check"))
        ]


def occupied(engine: Engine) -> list[str]:
    """Tables that hold rows besides those that every new installation begins with."""
    with engine.connect() as connection:
        return [
            table.name
            for table in Base.metadata.sorted_tables
            if table.name not in SEEDED and connection.scalar(select(select(table).exists()))
        ]


def lay_out(engine: Engine) -> None:
    """The tables of this version in an empty database, for a drill: what the migrations make, in one step."""
    Base.metadata.create_all(engine)


def end_logins(session: Session, *, now: dt.datetime) -> int:
    """Every open one, and every browser that took notices; how many."""
    end_all(session)
    query = (
        update(LoginSession).where(LoginSession.ended_at.is_(None)).values(ended_at=now, ended_because="restored")
    )
    ended = session.scalars(query.returning(LoginSession.id), execution_options={"synchronize_session": False})
    return len(ended.all())


def is_owner(engine: Engine) -> bool:
    """Whether this role may let references go: on PostgreSQL the owner of the tables."""
    if engine.dialect.name != "postgresql":
        return True
    query = text(
        "SELECT pg_has_role(current_user, tableowner, 'USAGE') FROM pg_tables "
        "WHERE schemaname = current_schema() AND tablename = 'outgoing'"
    )
    with engine.connect() as connection:
        return bool(connection.scalar(query))


@contextmanager
def loading(engine: Engine) -> Iterator[Loading]:
    """One transaction around everything: with an error nothing is left behind."""
    with engine.connect() as bare:
        connection = bare.execution_options(trinhky_write=True)
        if engine.dialect.name == "sqlite":
            bare.connection.cursor().execute("PRAGMA foreign_keys=OFF")
        try:
            with connection.begin():
                references = _let_go(connection)
                for name in sorted(SEEDED):
                    connection.execute(delete(Base.metadata.tables[name]))
                yield Loading(connection)
                _take_up(connection, references)
        finally:
            if engine.dialect.name == "sqlite":
                bare.connection.cursor().execute("PRAGMA foreign_keys=ON")


def _let_go(connection: Connection) -> Sequence[Any]:
    """Drop the references between tables; what makes them anew."""
    if connection.dialect.name == "sqlite":
        return []
    found = connection.execute(
        text(
            "SELECT quote_ident(relname), quote_ident(conname), pg_get_constraintdef(c.oid) FROM pg_constraint c "
            "JOIN pg_class t ON t.oid = conrelid "
            "WHERE contype = 'f' AND t.relnamespace = current_schema()::regnamespace ORDER BY relname, conname"
        )
    ).all()
    for table, name, _definition in found:
        connection.execute(text(f"ALTER TABLE {table} DROP CONSTRAINT {name}"))
    return found


def _take_up(connection: Connection, references: Sequence[Any]) -> None:
    for table, name, definition in references:
        try:
            connection.execute(text(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}"))
        except DBAPIError as error:
            raise BackupError("backup_references_broken", table=table, reference=name) from error


def _insert(table: Table, kind: str) -> Insert:
    """JSON goes in as the text it was."""
    values: dict[str, Any] = {}
    for column in table.columns:
        if isinstance(column.type, JSON):
            bound = bindparam(column.name, type_=Text)
            values[column.name] = cast(bound, column.type) if kind == "postgresql" else cast(bound, Text)
        else:
            values[column.name] = bindparam(column.name, type_=column.type)
    return insert(table).values(values)


def _out(column: Column[Any]) -> Callable[[Any], Any] | None:
    match column.type:
        case Instant() | DateTime():
            return utc_text
        case Date():
            return dt.date.isoformat
        case LargeBinary():
            return lambda value: base64.b64encode(value).decode()
        case _:
            return None


def _into(column: Column[Any]) -> Callable[[Any], Any] | None:
    match column.type:
        case Instant() | DateTime():
            return dt.datetime.fromisoformat
        case Date():
            return dt.date.fromisoformat
        case LargeBinary():
            return base64.b64decode
        case _:
            return None
