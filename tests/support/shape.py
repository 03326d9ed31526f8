"""What a database looks like, as sorted text lines, read back from the database itself."""

from __future__ import annotations

from sqlalchemy import Connection, inspect, text


def shape(connection: Connection) -> list[str]:
    """Tables (virtual ones too), columns, keys, indexes, checks, triggers, views; columns in any order."""
    inspector = inspect(connection)
    lines: set[str] = set()
    for table in inspector.get_table_names():
        if table == "alembic_version":
            continue
        lines.add(table)
        for column in inspector.get_columns(table):
            lines.add(
                f"{table} column {column['name']} {column['type']!r}"
                f" nullable={column['nullable']} default={column['default']}"
                f" computed={column.get('computed')} identity={column.get('identity')}"
            )
        lines.add(f"{table} primary {inspector.get_pk_constraint(table)}")
        lines.update(f"{table} foreign {sorted(key.items())!r}" for key in inspector.get_foreign_keys(table))
        lines.update(f"{table} unique {sorted(key.items())!r}" for key in inspector.get_unique_constraints(table))
        lines.update(f"{table} check {sorted(one.items())!r}" for one in inspector.get_check_constraints(table))
        lines.update(f"{table} index {_plain(index)}" for index in inspector.get_indexes(table))
    statement = SQLITE_REST if connection.dialect.name == "sqlite" else POSTGRESQL_REST
    lines.update(f"{row[0]} {' '.join(row[1].split())}" for row in connection.execute(text(statement)))
    return sorted(lines)


def _plain(index: object) -> str:
    assert isinstance(index, dict)
    options = {key: str(value) for key, value in index.get("dialect_options", {}).items()}
    return repr(sorted({**index, "dialect_options": options}.items()))


SQLITE_REST = """
    SELECT type || ' ' || name, sql FROM sqlite_master
     WHERE type IN ('trigger', 'view') OR sql LIKE '%VIRTUAL TABLE%'
"""
POSTGRESQL_REST = """
    SELECT 'trigger ' || t.tgname, pg_get_triggerdef(t.oid) || ' ' || pg_get_functiondef(t.tgfoid)
      FROM pg_trigger t WHERE NOT t.tgisinternal
    UNION ALL
    SELECT 'view ' || viewname, definition FROM pg_views WHERE schemaname = current_schema()
"""
