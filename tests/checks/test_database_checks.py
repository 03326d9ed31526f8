"""A database that must not be served is refused, on both kinds."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest
from sqlalchemy import Engine, text

from tests.support import postgresql
from workflow.checks import Finding, Installation, Level, database
from workflow.config import Settings
from workflow.store import health
from workflow.store.models.office import Setting
from workflow.store.models.signing import TrustRoot
from workflow.store.session import make_engine, unit_of_work

SETTINGS = Settings(database_url="", blob_url="s3://x/y", secret_key="")
NOW = dt.datetime(2026, 11, 23, 2, tzinfo=dt.UTC)


def installation(url: str) -> Installation:
    """With this database."""
    return Installation(settings=dataclasses.replace(SETTINGS, database_url=url), environ={})


def add(url: str, *rows: object) -> None:
    """Put rows in and let go of the database."""
    engine = make_engine(url)
    with unit_of_work(engine) as uow:
        uow.add(*rows)
        uow.commit()
    engine.dispose()


def test_a_migrated_database_is_fine(database_url: str) -> None:
    """At head, not a demo, no made-up roots."""
    at = installation(database_url)
    assert [finding.level for finding in database.shape(at)] == [Level.FINE]
    assert [*database.demo_mark(at), *database.demo_roots(at)] == []


def test_an_empty_database_is_sent_to_migrate(tmp_path_factory: pytest.TempPathFactory) -> None:
    """By the command that mends it; the other checks hold their tongue."""
    at = installation(f"sqlite:///{tmp_path_factory.mktemp('empty') / 'empty.db'}")
    (finding,) = database.shape(at)
    assert finding.level is Level.REFUSE
    assert "trinhky migrate" in finding.sentence
    assert [*database.demo_mark(at), *database.demo_roots(at), *database.web_role(at)] == []


def test_a_database_out_of_reach_is_told_in_one_line() -> None:
    """No traceback of a driver."""
    (finding,) = database.shape(installation("postgresql+psycopg://nobody@/none?host=/nonexistent"))
    assert finding.level is Level.REFUSE
    assert finding.sentence.startswith("cannot be reached: ")
    assert "\n" not in finding.sentence


def test_a_demo_is_never_served(database_url: str) -> None:
    """Everybody could log in as anybody."""
    add(database_url, Setting(name=health.DEMO_MARK, value={"day": "2026-11-23"}))
    (finding,) = database.demo_mark(installation(database_url))
    assert finding.level is Level.REFUSE


def test_made_up_roots_are_refused_until_retired(database_url: str) -> None:
    """Named by their labels."""
    root = {"der": b"", "purposes": [], "added_at": NOW}
    add(
        database_url,
        TrustRoot(sha256="a" * 64, label="Gốc thử", kind="demo", **root),
        TrustRoot(sha256="b" * 64, label="Gốc cũ", kind="demo", retired_at=NOW, **root),
        TrustRoot(sha256="c" * 64, label="Ban Cơ yếu", kind="official", **root),
    )
    (finding,) = database.demo_roots(installation(database_url))
    assert finding.level is Level.REFUSE
    assert "Gốc thử" in finding.sentence
    assert "Gốc cũ" not in finding.sentence


@pytest.mark.postgresql
def test_a_web_role_that_owns_tables_is_refused(postgresql_url: str, postgresql_socket: str) -> None:
    """The owner could switch off the triggers that keep history; a role with four rights cannot."""
    owner = make_engine(postgresql_url)
    with owner.begin() as connection:
        connection.execute(text("DROP ROLE IF EXISTS web_of_checks"))
        connection.execute(text("CREATE ROLE web_of_checks LOGIN"))
        connection.execute(text("GRANT SELECT ON ALL TABLES IN SCHEMA public TO web_of_checks"))
    (refused,) = database.web_role(installation(postgresql_url))
    assert refused.level is Level.REFUSE
    assert "'postgres'" in refused.sentence
    served = postgresql.url(postgresql_socket, str(owner.url.database)).replace("postgres@", "web_of_checks@")
    assert findings(served) == []
    with owner.begin() as connection:
        connection.execute(text("DROP OWNED BY web_of_checks"))
        connection.execute(text("DROP ROLE web_of_checks"))
    owner.dispose()


def findings(url: str) -> list[Finding]:
    """Of the role check, after proving that this role reaches the tables at all."""
    at = installation(url)
    assert [finding.level for finding in database.shape(at)] == [Level.FINE]
    return list(database.web_role(at))


def test_the_database_clock_is_compared(engine: Engine, database_url: str) -> None:
    """SQLite has none of its own."""
    levels = [finding.level for finding in database.drift(installation(database_url))]
    assert levels == ([] if engine.dialect.name == "sqlite" else [Level.FINE])
