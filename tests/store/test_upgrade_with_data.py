"""An office of an earlier version is brought to this one with everything in it, on both databases.

`tests/assets/dumps/0001-issued.json` holds the rows of a small office at revision 0001: one paper issued with three
signatures, one signed, one in ink, one draft.
"""

from __future__ import annotations

import base64
import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, MetaData, func, insert, select, text
from sqlalchemy.exc import DatabaseError

from signing import DocumentVerdict
from tests.support import postgresql
from workflow.services.journal import verify_subject
from workflow.store import migrate
from workflow.store import verdicts as store
from workflow.store.models import Outgoing, Signature, VerdictRow
from workflow.store.session import make_engine, unit_of_work

DUMP = Path(__file__).parents[1] / "assets" / "dumps" / "0001-issued.json"


@pytest.fixture
def upgraded(engine: Engine, request: pytest.FixtureRequest) -> Iterator[Engine]:
    """A database of the same kind as `engine`: made at 0001, filled, brought to head."""
    if engine.dialect.name == "sqlite":
        url = f"sqlite:///{request.getfixturevalue('tmp_path') / 'old.db'}"
    else:
        admin: Engine = request.getfixturevalue("postgresql_admin")
        name = f"old_{engine.url.database}"
        with admin.connect() as connection:
            connection.execute(text(f'CREATE DATABASE "{name}"'))
        url = postgresql.url(request.getfixturevalue("postgresql_socket"), name)
    migrate.upgrade(url, to="0001")
    old = make_engine(url)
    with old.begin() as connection:
        load(connection, json.loads(DUMP.read_text("utf-8")))
    old.dispose()
    migrate.upgrade(url)
    made = make_engine(url)
    yield made
    made.dispose()


def load(connection: Connection, tables: dict[str, list[dict[str, Any]]]) -> None:
    """Insert the rows as they were, whatever order their references would ask for."""
    sqlite = connection.dialect.name == "sqlite"
    connection.execute(text("PRAGMA defer_foreign_keys=ON" if sqlite else "SET session_replication_role = replica"))
    known = MetaData()
    known.reflect(connection)
    for name, rows in tables.items():
        connection.execute(insert(known.tables[name]), [values(row, zoned=not sqlite) for row in rows])
    if not sqlite:
        connection.execute(text("SET session_replication_role = DEFAULT"))
        connection.execute(  # rows came with their keys, so the office's next one follows them
            text("SELECT setval(pg_get_serial_sequence('register', 'id'), (SELECT max(id) FROM register))")
        )


def values(row: dict[str, Any], *, zoned: bool) -> dict[str, Any]:
    """Bytes, moments and days out of their marks."""
    return {name: value(one, zoned=zoned) if isinstance(one, dict) else one for name, one in row.items()}


def value(one: dict[str, Any], *, zoned: bool) -> Any:
    """`{"b64"}`, `{"utc"}` or `{"day"}`; any other object is JSON of ours."""
    if set(one) == {"b64"}:
        return base64.b64decode(one["b64"])
    if set(one) == {"utc"}:
        moment = dt.datetime.fromisoformat(one["utc"])
        return moment.replace(tzinfo=dt.UTC) if zoned else moment
    return dt.date.fromisoformat(one["day"]) if set(one) == {"day"} else one


def test_everything_is_there_and_holds(upgraded: Engine) -> None:
    """No row is lost, chains hold, verdicts can be read, and signatures count as looked at when they came.

    Every agency has got its two registers of arrivals besides, one for copies, and the three kinds of copies.
    """
    dump = json.loads(DUMP.read_text("utf-8"))
    known = MetaData()
    known.reflect(upgraded)
    with unit_of_work(upgraded) as uow:
        arrivals = uow.session.execute(
            text("SELECT agency_id, code FROM register WHERE direction = 'in' ORDER BY agency_id, code")
        ).all()
        agencies = sorted(row["id"] for row in dump["unit"] if row["kind"] == "agency")
        assert arrivals == [(agency, code) for agency in agencies for code in ("den", "den-mat")]
        uow.session.execute(text("DELETE FROM register WHERE direction = 'in' OR code = 'sao'"))
        uow.session.execute(text("DELETE FROM document_type WHERE code IN ('true_copy', 'extract', 'recopy')"))
        for name, rows in dump.items():
            assert uow.session.scalar(select(func.count()).select_from(known.tables[name])) == len(rows), name
        documents = uow.session.scalars(select(Outgoing)).all()
        for document in documents:
            report = verify_subject(uow, f"outgoing:{document.id}")
            assert (report.broken, report.head) == (None, document.chain_head)
        for row in uow.session.scalars(select(VerdictRow)):
            assert str(DocumentVerdict.from_json(row.body).verdict) == row.conclusion
            assert row.cause == ""
        assert {row.checked_at == row.received_at for row in uow.session.scalars(select(Signature))} == {True}
        assert len(store.longest_unchecked(uow.session, limit=9)) == 2


def test_registers_belong_to_organs(upgraded: Engine) -> None:
    """The abbreviation that every register named became one organ an agency; numbers know how they were written."""
    with upgraded.connect() as connection:
        organs = connection.execute(text("SELECT id, agency_id, code, abbreviation FROM organ ORDER BY id")).all()
        assert [tuple(row[1:]) for row in organs] == [(1, "UBND", "UBND"), (5, "UBND", "UBND")]
        owners = connection.execute(text("SELECT DISTINCT agency_id, organ_id FROM register ORDER BY 1")).all()
        assert [tuple(row) for row in owners] == [(row.agency_id, row.id) for row in organs]
        written = text(
            "SELECT register_number.symbol, outgoing.symbol FROM register_number "
            "JOIN outgoing ON outgoing.id = document_id"
        )
        symbols = connection.execute(written).all()
        assert symbols
        assert all(ours == theirs != "" for ours, theirs in symbols)


def test_what_only_grows_still_does(upgraded: Engine) -> None:
    """The triggers came through the changes of their tables."""
    for table in ("verdict", "journal", "history", "register_number"):
        with upgraded.connect() as connection, pytest.raises(DatabaseError, match="append-only"):
            connection.execute(text(f"DELETE FROM {table}"))
