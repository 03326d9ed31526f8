"""The application on a migrated SQLite database, with the small province in it and a browser that checks pages.

`client.login("clerk")` comes in without a password, second factor given; every page that a test opens is parsed
by html5lib in strict mode; CSRF stays on and `client` sends the token by itself (`csrf=False` does not).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine

from tests.support import engines
from tests.support.applications import application
from tests.support.browser import Browser, Clock
from tests.support.office import Office, build
from workflow.config import Settings


@pytest.fixture
def engine(sqlite_url: str) -> Iterator[Engine]:
    """Pages are tested on SQLite; the queries under them on both databases in tests/store."""
    with engines.lent(sqlite_url, durable=False) as made:
        yield made


@pytest.fixture
def clock() -> Clock:
    """The application's clock."""
    return Clock()


@pytest.fixture
def office(engine: Engine) -> Office:
    """The people: drafter, head, clerk, leader, deputy, admin, inspector; far_* are the neighbour's."""
    return build(engine)


@pytest.fixture
def settings(sqlite_url: str, tmp_path: Path) -> Settings:
    """Override in a test module to try others."""
    return Settings(database_url=sqlite_url, blob_url=str(tmp_path / "blobs"), secret_key="k" * 40)


@pytest.fixture
def more() -> Callable[[Flask], None] | None:
    """Override in a test module to add pages to the application."""
    return None


@pytest.fixture
def app(settings: Settings, engine: Engine, clock: Clock, more: Callable[[Flask], None] | None) -> Iterator[Flask]:
    """The application."""
    with application(settings, engine=engine, clock=clock, more=more) as made:
        made.testing = True
        made.test_client_class = Browser
        yield made


@pytest.fixture
def client(app: Flask, engine: Engine, clock: Clock, office: Office) -> Browser:
    """A browser, not logged in."""
    made = app.test_client()
    assert isinstance(made, Browser)
    made.engine, made.clock, made.office = engine, clock, office
    return made
