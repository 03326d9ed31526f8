"""Bring a database to the shape the models have, or say how far it is.

All pending revisions run in one transaction, on SQLite too, so a failed upgrade leaves nothing behind; two
processes that upgrade at once wait for each other. Forward only.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import Script, ScriptDirectory
from sqlalchemy import Connection, text

from workflow.store.session import make_engine

UPGRADE_LOCK = 0x7472_696E
"""Key of the PostgreSQL advisory lock held by the transaction that upgrades."""


class BrokenReferences(RuntimeError):
    """A revision left rows that point nowhere; SQLite tells only after the fact, so the upgrade is undone."""


def upgrade(url: str, *, to: str = "head") -> None:
    """Run every pending revision."""
    with _upgrading(url) as connection:
        command.upgrade(_config(connection), to)


def head() -> str | None:
    """The newest revision known to this version of the program; None while there is none."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def history() -> list[Script]:
    """Every revision, the newest first."""
    return list(ScriptDirectory.from_config(_config()).walk_revisions())


def current(url: str) -> str | None:
    """The revision a database is at; None where nothing was ever migrated."""
    engine = make_engine(url)
    try:
        with engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()
    finally:
        engine.dispose()


def draft(url: str, message: str) -> Path:
    """Write a revision from what the models have and the database at `url` (upgraded first) has not."""
    upgrade(url)
    number = len(history()) + 1
    with _upgrading(url) as connection:
        script = command.revision(_config(connection), message, autogenerate=True, rev_id=f"{number:04d}")
    if script is None or isinstance(script, list):
        raise RuntimeError("one revision was asked for")
    return Path(script.path)


def _config(connection: Connection | None = None) -> Config:
    config = Config(attributes={"connection": connection})
    folder = str(Path(__file__).parent / "migrations")
    config.set_main_option("script_location", folder.replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


@contextmanager
def _upgrading(url: str) -> Iterator[Connection]:
    """A connection with one write transaction around everything.

    Alembic changes a SQLite table by building it anew; with references enforced, dropping the old one would
    delete or refuse its children. So they are off meanwhile and checked before the commit.
    """
    engine = make_engine(url)
    sqlite = engine.dialect.name == "sqlite"
    try:
        with engine.connect() as bare:
            if sqlite:
                bare.connection.cursor().execute("PRAGMA foreign_keys=OFF")
            connection = bare.execution_options(trinhky_write=True)
            with connection.begin():
                if not sqlite:
                    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": UPGRADE_LOCK})
                yield connection
                if sqlite and (broken := connection.execute(text("PRAGMA foreign_key_check")).all()):
                    raise BrokenReferences(f"{len(broken)} rows, the first in table {broken[0][0]}")
    finally:
        engine.dispose()
