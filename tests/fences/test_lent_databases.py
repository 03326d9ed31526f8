"""A test's PostgreSQL is like new, though others had it before."""

from __future__ import annotations

import pytest
from sqlalchemy import create_engine, select, text

from tests.support.lending import Lending
from tests.support.office import build
from workflow.store.base import Base
from workflow.store.session import make_engine

pytestmark = pytest.mark.postgresql

OID = "SELECT oid FROM pg_database WHERE datname = current_database()"


def asked(url: str, *statements: str) -> object:
    """What the first of some statements answers, each committed by itself."""
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            answer = connection.execute(text(statements[0])).scalar()
            for statement in statements[1:]:
                connection.execute(text(statement))
            return answer
    finally:
        engine.dispose()


def held(url: str) -> dict[str, object]:
    """Every row of every table, and where each sequence stands."""
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            rows: dict[str, object] = {
                name: sorted(map(str, connection.execute(select(table))))
                for name, table in Base.metadata.tables.items()
            }
            sequences = connection.execute(
                text("SELECT sequencename, last_value FROM pg_sequences ORDER BY 1")
            ).all()
            return rows | {"sequences": sequences}
    finally:
        engine.dispose()


def lived_in(url: str) -> None:
    """Found an office, append-only rows and drawn keys included."""
    engine = make_engine(url)
    build(engine)
    engine.dispose()


def comes_back(lending: Lending) -> bool:
    """Same rows, same next keys, another name; whether it is the same database."""
    with lending.lent() as first:
        pass
    with lending.lent() as url:
        before, oid = held(url), asked(url, OID)
        lived_in(url)
        assert held(url) != before
    with lending.lent() as again:
        assert len({first, url, again}) == 3
        assert held(again) == before
        return asked(again, OID) == oid


def test_a_database_comes_back_as_the_template_has_it(postgresql_lending: Lending) -> None:
    """One that was lent for the last time just here is followed by a new one, which comes back the next time."""
    assert comes_back(postgresql_lending) or comes_back(postgresql_lending)


@pytest.mark.parametrize(
    "change",
    [
        "ALTER TABLE journal DISABLE TRIGGER tr_journal_delete",
        "ALTER TABLE outgoing ADD COLUMN other text",
        "GRANT SELECT ON journal TO PUBLIC",
        "CREATE TABLE other (id int)",
        "ANALYZE unit",
        "DROP SCHEMA pristine CASCADE",
    ],
)
def test_one_that_was_changed_is_never_lent_again(postgresql_lending: Lending, change: str) -> None:
    """Tables, triggers, rights, what a planner knows."""
    with postgresql_lending.lent() as url:
        oid = asked(url, OID, change)
    query = text("SELECT count(*) FROM pg_database WHERE oid = :oid")
    with postgresql_lending.admin.connect() as connection:
        assert connection.execute(query, {"oid": oid}).scalar_one() == 0
