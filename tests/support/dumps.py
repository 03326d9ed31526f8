"""The rows of a small office as a committed file, and back into a database of that revision.

`python -m tests.support.dumps NAME` lays out the office of `tests.support.lived` in a new database at the newest
revision and writes `tests/assets/dumps/NAME.json`. Do it when a capability is finished; the file is never made
again, since it stands for what offices have.
"""

from __future__ import annotations

import base64
import datetime as dt
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, MetaData, Table, func, insert, inspect, select, text

from tests.support import lived
from workflow.adapters.blobs import open_blobs
from workflow.store import migrate
from workflow.store.session import make_engine

FOLDER = Path(__file__).parents[1] / "assets" / "dumps"
NOT_OURS = ("alembic_version", "search_fts")
"""Alembic's own, and the index that follows `search_text` by triggers."""

_UNWRITTEN = {"text": "", "words": "", "folded": "", "tags": "", "waiting": True}
"""The words of search were SQLite's; PostgreSQL keeps a vector, which is written from the documents."""

Rows = dict[str, list[dict[str, Any]]]


def read(name: str) -> Rows:
    """The rows of a committed file, by table."""
    rows: Rows = json.loads((FOLDER / name).read_text("utf-8"))
    return rows


def load(connection: Connection, tables: Rows) -> None:
    """Insert the rows as they were, whatever order their references would ask for."""
    sqlite = connection.dialect.name == "sqlite"
    connection.execute(text("PRAGMA defer_foreign_keys=ON" if sqlite else "SET session_replication_role = replica"))
    known = MetaData()
    known.reflect(connection)
    for name, rows in tables.items():
        if name == "search_text" and not sqlite:
            rows = [row | _UNWRITTEN for row in rows]
        connection.execute(insert(known.tables[name]), [_values(row, zoned=not sqlite) for row in rows])
    if not sqlite:
        connection.execute(text("SET session_replication_role = DEFAULT"))
        for name in tables:
            _go_on_counting(connection, known.tables[name])


def _go_on_counting(connection: Connection, table: Table) -> None:
    """Rows came with their keys, so the office's next one follows them."""
    if "id" not in table.c:
        return
    sequence = connection.scalar(select(func.pg_get_serial_sequence(table.name, "id")))
    if sequence:
        connection.execute(select(func.setval(sequence, select(func.max(table.c.id)).scalar_subquery())))


def _values(row: dict[str, Any], *, zoned: bool) -> dict[str, Any]:
    """Bytes, moments and days out of their marks."""
    return {name: _value(one, zoned=zoned) if isinstance(one, dict) else one for name, one in row.items()}


def _value(one: dict[str, Any], *, zoned: bool) -> Any:
    """`{"b64"}`, `{"utc"}` or `{"day"}`; any other object is JSON of ours."""
    if set(one) == {"b64"}:
        return base64.b64decode(one["b64"])
    if set(one) == {"utc"}:
        moment = dt.datetime.fromisoformat(one["utc"])
        return moment.replace(tzinfo=dt.UTC) if zoned else moment
    return dt.date.fromisoformat(one["day"]) if set(one) == {"day"} else one


def dump(engine: Engine) -> Rows:
    """Every row of every table of ours that has any, in the order of its key. Of SQLite, whose types are plain."""
    known = MetaData()
    known.reflect(engine)
    names = [table.name for table in known.sorted_tables if not table.name.startswith(NOT_OURS)]
    rows: Rows = {}
    with engine.connect() as connection:
        for name in names:
            table = known.tables[name]
            keys = inspect(engine).get_pk_constraint(name)["constrained_columns"]
            found = connection.execute(select(table).order_by(*(table.c[key] for key in keys))).mappings()
            if made := [{key: _marked(one) for key, one in row.items()} for row in found]:
                rows[name] = made
    return rows


def _marked(one: Any) -> Any:
    if isinstance(one, bytes):
        return {"b64": base64.b64encode(one).decode()}
    if isinstance(one, dt.datetime):
        return {"utc": one.isoformat()}
    return {"day": one.isoformat()} if isinstance(one, dt.date) else one


def write(rows: Rows, path: Path) -> None:
    """One row a line, so that people can read what an office had."""
    tables = []
    for name, found in rows.items():
        lines = ",\n".join(json.dumps(row, ensure_ascii=False, sort_keys=True) for row in found)
        tables.append(f'"{name}": [\n{lines}\n]')
    path.write_text("{\n" + ",\n".join(tables) + "\n}\n", "utf-8")


def main(name: str) -> None:
    """Lay the office out and write its rows."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/office.db"
        migrate.upgrade(url)
        engine = make_engine(url)
        lived.live(engine, open_blobs(f"{folder}/blobs"))
        write(dump(engine), FOLDER / f"{name}.json")
        engine.dispose()


if __name__ == "__main__":
    main(sys.argv[1])
