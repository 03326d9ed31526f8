"""Tables that only grow: the database itself refuses to change or delete their rows."""

from __future__ import annotations

from sqlalchemy import DDL, Table, event
from sqlalchemy.schema import ExecutableDDLElement

from workflow.store.base import Base

GROWING = ("history", "journal", "verdict")
"""No UPDATE, no DELETE."""

KEPT = ("register_number",)
"""No DELETE: a number that was drawn stays in the register."""

POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION trinhky_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$
"""


def sqlite_trigger(table: str, verb: str) -> str:
    """DDL that makes SQLite refuse `verb` on a table."""
    return (
        f"CREATE TRIGGER tr_{table}_{verb.lower()} BEFORE {verb} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    )


def postgresql_trigger(table: str, verb: str) -> str:
    """The same for PostgreSQL."""
    return (
        f"CREATE TRIGGER tr_{table}_{verb.lower()} BEFORE {verb} ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION trinhky_refuse()"
    )


def _guard(table: Table, verbs: tuple[str, ...]) -> None:
    function = _ddl(POSTGRESQL_FUNCTION.replace("%", "%%"))
    event.listen(table, "after_create", function.execute_if(dialect="postgresql"))
    for verb in verbs:
        for dialect, statement in (("sqlite", sqlite_trigger), ("postgresql", postgresql_trigger)):
            event.listen(table, "after_create", _ddl(statement(table.name, verb)).execute_if(dialect=dialect))


def _ddl(statement: str) -> ExecutableDDLElement:
    made: ExecutableDDLElement = DDL(statement)  # type: ignore[no-untyped-call]  # SQLAlchemy left it untyped
    return made


def guard_all() -> None:
    """Hang the triggers on the metadata, so that `create_all` makes what the migrations make."""
    for name in GROWING:
        _guard(Base.metadata.tables[name], ("UPDATE", "DELETE"))
    for name in KEPT:
        _guard(Base.metadata.tables[name], ("DELETE",))
