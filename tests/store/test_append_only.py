"""What only grows: no statement of any connection changes, empties or replaces it; a secret paper holds no file."""

from __future__ import annotations

import datetime as dt
import sqlite3

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import DatabaseError, IntegrityError

from tests.support.office import Office
from workflow.domain.people import SYSTEM_ACTOR
from workflow.services import journal
from workflow.services.documents import drafting
from workflow.store.append_only import GROWING, KEPT
from workflow.store.models import Blob, Outgoing, Register, RegisterNumber, Series
from workflow.store.session import unit_of_work

NOW = dt.datetime(2026, 11, 23, 2, tzinfo=dt.UTC)


@pytest.fixture
def filled(office: Office) -> Office:
    """A draft with its history and journal, and two drawn numbers."""
    with unit_of_work(office.engine) as uow:
        facts = drafting.DraftFacts(type_code="report", subject="Báo cáo")
        document = drafting.create(uow, office.actor("drafter"), facts=facts, now=NOW)
        register = uow.session.scalars(select(Register.id)).first()
        uow.add(Series(register_id=register, year=2026, last_number=2))
        uow.flush()
        for number, paper in ((1, document.id), (2, None)):
            uow.add(
                RegisterNumber(
                    register_id=register, year=2026, number=number, document_id=paper, reason="", drawn_at=NOW
                )
            )
        journal.record(
            uow, subject="trust:policy", tag="trust:policy:chosen", facts={}, actor=SYSTEM_ACTOR, now=NOW
        )
        uow.commit()
    return office


def refused(engine: Engine, statement: str) -> None:
    """The database says no, and says why."""
    with pytest.raises(DatabaseError, match="append-only"), engine.begin() as connection:
        connection.execute(text(statement))


@pytest.mark.parametrize("table", ["history", "journal"])
def test_nothing_written_is_changed_or_deleted(filled: Office, table: str) -> None:
    """Neither one row nor all of them."""
    refused(filled.engine, f"UPDATE {table} SET ordinal = ordinal + 100")
    refused(filled.engine, f"DELETE FROM {table}")
    refused(filled.engine, f"DELETE FROM {table} WHERE ordinal = 1")


def test_a_drawn_number_stays_itself(filled: Office) -> None:
    """It is not deleted, not renumbered, not moved to another register or document."""
    refused(filled.engine, "DELETE FROM register_number")
    for change in ("number = number + 10", "year = 2025", "document_id = NULL", "id = id + 10"):
        refused(filled.engine, f"UPDATE register_number SET {change} WHERE number = 1")
    with filled.engine.begin() as connection:
        connection.execute(text("UPDATE register_number SET status = 'cancelled' WHERE number = 2"))
    for change in ("status = 'used'", "status = 'held'", "reason = 'another'", "document_id = 1", "entry = '{}'"):
        refused(filled.engine, f"UPDATE register_number SET {change} WHERE number = 2")
    refused(filled.engine, "UPDATE register_number SET status = 'held' WHERE number = 1")


def test_no_table_that_grows_is_emptied(filled: Office) -> None:
    """TRUNCATE fires no row trigger: it is refused as a statement, by way of a parent too. SQLite has none."""
    if filled.engine.dialect.name == "sqlite":
        refused(filled.engine, "DELETE FROM history")
        return
    for table in (*GROWING, *KEPT):
        refused(filled.engine, f"TRUNCATE {table} CASCADE")
    refused(filled.engine, "TRUNCATE outgoing CASCADE")


REPLACES = (
    "INSERT OR REPLACE INTO {t} SELECT * FROM {t}",
    "REPLACE INTO {t} SELECT * FROM {t} WHERE id = 1",
    "INSERT INTO {t} SELECT * FROM {t} WHERE true ON CONFLICT DO UPDATE SET id = excluded.id",
    "UPDATE OR REPLACE {t} SET id = 1 WHERE id = 2",
)


@pytest.mark.parametrize("statement", REPLACES)
@pytest.mark.parametrize("table", ["history", "journal", "register_number"])
def test_replace_gets_round_nothing_whoever_connects(filled: Office, table: str, statement: str) -> None:
    """Over a connection that is not ours: SQLite by default fires no DELETE trigger for what REPLACE removes."""
    if filled.engine.dialect.name == "postgresql":
        refused(
            filled.engine,
            f"INSERT INTO {table} SELECT * FROM {table} ON CONFLICT (id) DO UPDATE SET id = excluded.id + 100",
        )
        return
    stranger = sqlite3.connect(str(filled.engine.url.database))
    try:
        before = stranger.execute(f"SELECT * FROM {table}").fetchall()
        if statement.startswith("UPDATE") and len(before) < 2:
            statement = "UPDATE OR IGNORE {t} SET id = 7"
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            stranger.execute(statement.format(t=table))
        assert stranger.execute(f"SELECT * FROM {table}").fetchall() == before
    finally:
        stranger.close()


def test_a_replaced_key_of_another_kind_is_refused_too(filled: Office) -> None:
    """A new id with a line's place in the chain, on SQLite where REPLACE would remove that line."""
    statement = (
        "INSERT {verb} INTO journal (id, subject, ordinal, at, tag, address, body, previous, digest) "
        "SELECT 900, subject, ordinal, at, tag, address, 'forged', previous, digest FROM journal WHERE ordinal = 1"
    )
    if filled.engine.dialect.name == "sqlite":
        refused(filled.engine, statement.format(verb="OR REPLACE"))
    else:
        with pytest.raises(IntegrityError), filled.engine.begin() as connection:
            connection.execute(text(statement.format(verb="")))


def test_a_secret_paper_holds_no_file(filled: Office) -> None:
    """Whatever a service forgets, the row cannot have both."""
    with unit_of_work(filled.engine) as uow:
        uow.begin_write()
        uow.add(Blob(sha256="a" * 64, size=1, media_type="application/pdf", created_at=NOW))
        uow.commit()
    both = f"UPDATE outgoing SET secret = true, file_sha256 = '{'a' * 64}'"
    with pytest.raises(IntegrityError, match="secret_holds_no_file"), filled.engine.begin() as connection:
        connection.execute(text(both))
    with filled.engine.begin() as connection:
        connection.execute(text(f"UPDATE outgoing SET file_sha256 = '{'a' * 64}'"))
    with pytest.raises(IntegrityError, match="secret_holds_no_file"), filled.engine.begin() as connection:
        connection.execute(text("UPDATE outgoing SET secret = true"))
    with unit_of_work(filled.engine) as uow:
        assert uow.session.scalars(select(Outgoing.secret)).one() is False
