"""The migrated database is the one the models describe, down to the CHECKs, on both databases."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, text

from tests.support import postgresql
from tests.support.shape import shape
from workflow.store import migrate, models
from workflow.store.base import Base
from workflow.store.session import make_engine


@pytest.fixture
def bare_engine(engine: Engine, request: pytest.FixtureRequest) -> Iterator[Engine]:
    """An empty database of the same kind as `engine`."""
    if engine.dialect.name == "sqlite":
        made = make_engine(f"sqlite:///{request.getfixturevalue('tmp_path') / 'bare.db'}")
    else:
        admin: Engine = request.getfixturevalue("postgresql_admin")
        name = f"bare_{engine.url.database}"
        with admin.connect() as connection:
            connection.execute(text(f'CREATE DATABASE "{name}"'))
        made = make_engine(postgresql.url(request.getfixturevalue("postgresql_socket"), name))
    yield made
    made.dispose()


def test_migrations_equal_models(engine: Engine, bare_engine: Engine) -> None:
    """From empty to head gives what `create_all` gives."""
    assert models.__doc__
    with engine.connect() as migrated, bare_engine.begin() as created:
        Base.metadata.create_all(created)
        assert shape(migrated) == shape(created)


def test_every_fixture_database_stands_at_head(database_url: str) -> None:
    """The templates are made by the migrations, not by `create_all`."""
    assert migrate.current(database_url) == migrate.head()


def test_upgrading_twice_changes_nothing(database_url: str) -> None:
    """`trinhky migrate` may be run on every start."""
    migrate.upgrade(database_url)
    assert migrate.current(database_url) == migrate.head()


def test_revisions_form_one_line() -> None:
    """Two heads would leave the order to chance."""
    newest_first = [revision.revision for revision in migrate.history()]
    assert [revision.down_revision for revision in migrate.history()] == [*newest_first[1:], None][
        : len(newest_first)
    ]
